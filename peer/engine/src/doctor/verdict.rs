//! What the facts of a check amount to. Each verdict has one condition here, and each condition says why it is enough.

use crate::api::Path;
use crate::api::doctor::{Facts, InterfaceKind, Packets, PeerFacts, TcpAnswer};
use crate::api::event::ServerState;
use hutong_common::limits::DOCTOR_CLOCK_MS;
use hutong_common::verdict::Verdict;

/// All verdicts that hold, most important first; never none.
pub fn verdicts(facts: &Facts) -> Vec<Verdict> {
    let holding = Verdict::ALL.iter().copied();
    let mut found: Vec<Verdict> = holding.filter(|verdict| holds(*verdict, facts)).collect();
    if found.is_empty() {
        found.push(Verdict::AllWell);
    }
    found
}

fn holds(verdict: Verdict, facts: &Facts) -> bool {
    let (server, udp) = (&facts.server, &facts.udp);
    match verdict {
        Verdict::CaptivePortal => {
            is_away(facts) && matches!(server.tcp, Some(TcpAnswer::WebPage | TcpAnswer::NotTls))
        }
        Verdict::VpnPreferred => prefers_vpn(facts),
        Verdict::NodeBehindIsolation => is_node_apart(facts),
        Verdict::NoServer => server.address.is_none(),
        Verdict::ServerUnreachable => {
            is_away(facts)
                && !holds(Verdict::CaptivePortal, facts)
                && !holds(Verdict::NodeBehindIsolation, facts)
        }
        Verdict::SameIdentityTwice => server.identity_twice,
        Verdict::PeerOffline => facts.peer.as_ref().is_some_and(|peer| !peer.online),
        Verdict::UdpOff => udp.port.is_none(),
        Verdict::UdpBlocked => udp
            .small
            .is_some_and(|small| small.sent > 0 && small.arrived == 0),
        Verdict::UdpBlockedThere => between(facts, |peer| {
            peer.path != Path::Direct && peer.udp_there == Some(false)
        }),
        // A path that stands is proof enough.
        Verdict::ClientIsolation => heard(facts, |peer, here, there| {
            peer.path != Path::Direct && !here && !there
        }),
        // Whoever dials gets through such a firewall, so a path may stand all the same.
        Verdict::InboundFirewallHere => heard(facts, |_, here, there| !here && there),
        Verdict::InboundFirewallThere => heard(facts, |_, here, there| here && !there),
        Verdict::UdpThrottled => udp
            .small
            .zip(udp.large)
            .is_some_and(|(small, large)| is_most(small) && !is_half(large)),
        Verdict::MulticastFiltered => is_multicast_filtered(facts),
        Verdict::ClockOff => server
            .clock_ahead_ms
            .is_some_and(|ahead_ms| ahead_ms.unsigned_abs() > DOCTOR_CLOCK_MS),
        Verdict::AllWell => false,
    }
}

/// Neither connected, nor would a connection meet the right key.
fn is_away(facts: &Facts) -> bool {
    let server = &facts.server;
    let is_right = matches!(server.tcp, Some(TcpAnswer::Right) | None);
    let is_connected = server.state == Some(ServerState::Online) && !server.silent;
    server.address.is_some() && !is_connected && !is_right
}

/// A tunnel or a bridge of this computer is the way to the rendezvous, and a card is there that could be.
fn prefers_vpn(facts: &Facts) -> bool {
    let mut ways = facts.interfaces.iter().filter(|one| one.to_server);
    let leads_apart =
        ways.any(|one| matches!(one.kind, InterfaceKind::Vpn | InterfaceKind::Virtual));
    let mut all = facts.interfaces.iter();
    leads_apart && all.any(|one| one.kind == InterfaceKind::Real)
}

/// Nobody answers for its address on our own network, while others there are heard. A computer that is off looks the same.
fn is_node_apart(facts: &Facts) -> bool {
    let (server, multicast) = (&facts.server, &facts.multicast);
    is_away(facts)
        && server.tcp == Some(TcpAnswer::NoRoute)
        && server.same_subnet == Some(true)
        && !prefers_vpn(facts)
        && multicast.clients + multicast.servers > 0
}

/// Somebody who surely announces itself is on our network, and nobody at all is heard.
fn is_multicast_filtered(facts: &Facts) -> bool {
    let (server, multicast) = (&facts.server, &facts.multicast);
    let server_is_near = server.same_subnet == Some(true) && multicast.announced == Some(true);
    let peer_is_near = facts
        .peer
        .as_ref()
        .is_some_and(|peer| peer.same_subnet == Some(true));
    multicast.on && multicast.clients + multicast.servers == 0 && (server_is_near || peer_is_near)
}

/// What a check of both directions says; nothing while UDP is missing on one side.
fn heard(facts: &Facts, judge: impl Fn(&PeerFacts, bool, bool) -> bool) -> bool {
    let has_udp = facts.udp.small.is_none_or(|small| small.arrived > 0);
    between(facts, |peer| {
        let (Some(here), Some(there)) = (peer.here, peer.there) else {
            return false;
        };
        has_udp && peer.udp_there != Some(false) && judge(peer, here.arrived > 0, there.arrived > 0)
    })
}

fn between(facts: &Facts, judge: impl Fn(&PeerFacts) -> bool) -> bool {
    let peer = facts.peer.as_ref().filter(|peer| peer.online);
    facts.udp.port.is_some() && peer.is_some_and(judge)
}

/// At least three of five: one lost packet on a Wi-Fi is no finding.
const fn is_most(packets: Packets) -> bool {
    packets.sent > 0 && packets.arrived * 5 >= packets.sent * 3
}

const fn is_half(packets: Packets) -> bool {
    packets.arrived * 2 >= packets.sent
}

#[cfg(test)]
mod tests;
