//! Every verdict by the smallest change of a healthy network, and what must not be taken for it.

use super::*;
use crate::api::doctor::{Interface, MulticastFacts, ServerFacts, UdpFacts};

const fn packets(arrived: u32, sent: u32) -> Option<Packets> {
    Some(Packets { sent, arrived })
}

fn adapter(name: &str, kind: InterfaceKind, to_server: bool) -> Interface {
    Interface {
        name: name.to_owned(),
        kind,
        addresses: vec!["192.168.1.5".parse().unwrap()],
        to_server,
    }
}

fn healthy() -> Facts {
    Facts {
        interfaces: vec![adapter("eth0", InterfaceKind::Real, true)],
        server: ServerFacts {
            state: Some(ServerState::Online),
            address: Some("192.168.1.2:7440".to_owned()),
            tcp: Some(TcpAnswer::Right),
            rtt_ms: Some(1),
            clock_ahead_ms: Some(-900),
            same_subnet: Some(true),
            identity_twice: false,
            silent: false,
        },
        udp: UdpFacts {
            port: Some(7442),
            small: packets(5, 5),
            large: packets(20, 20),
            rtt_us: Some(300),
        },
        multicast: MulticastFacts {
            on: true,
            clients: 2,
            servers: 1,
            announced: Some(true),
        },
        peer: None,
    }
}

fn away(tcp: TcpAnswer) -> Facts {
    let mut facts = healthy();
    facts.server.state = Some(ServerState::Backoff);
    facts.server.tcp = Some(tcp);
    facts.server.clock_ahead_ms = None;
    facts.udp.small = None;
    facts.udp.large = None;
    facts.multicast.announced = None;
    facts
}

/// With somebody who is there, over the rendezvous only.
fn with_peer(here: u32, there: u32) -> Facts {
    let mut facts = healthy();
    facts.peer = Some(PeerFacts {
        login: "bob".to_owned(),
        online: true,
        path: Path::Mail,
        rtt_us: None,
        same_subnet: Some(true),
        here: packets(here, 5),
        there: packets(there, 5),
        udp_there: Some(true),
    });
    facts
}

fn changed(mut facts: Facts, change: impl FnOnce(&mut Facts)) -> Facts {
    change(&mut facts);
    facts
}

fn of_peer(facts: Facts, change: impl FnOnce(&mut PeerFacts)) -> Facts {
    changed(facts, |facts| change(facts.peer.as_mut().unwrap()))
}

/// Causes between this computer and the rendezvous.
fn causes_at_the_server() -> Vec<(Facts, Verdict)> {
    vec![
        (healthy(), Verdict::AllWell),
        (with_peer(5, 5), Verdict::AllWell),
        (away(TcpAnswer::WebPage), Verdict::CaptivePortal),
        (away(TcpAnswer::NotTls), Verdict::CaptivePortal),
        (
            changed(healthy(), |facts| {
                facts
                    .interfaces
                    .insert(0, adapter("tun0", InterfaceKind::Vpn, true));
                facts.interfaces[1].to_server = false;
            }),
            Verdict::VpnPreferred,
        ),
        (away(TcpAnswer::NoRoute), Verdict::NodeBehindIsolation),
        (
            changed(away(TcpAnswer::NoRoute), |facts| {
                facts.server.address = None
            }),
            Verdict::NoServer,
        ),
        (away(TcpAnswer::TimedOut), Verdict::ServerUnreachable),
        (away(TcpAnswer::Refused), Verdict::ServerUnreachable),
        (away(TcpAnswer::WrongKey), Verdict::ServerUnreachable),
        (away(TcpAnswer::Closed), Verdict::ServerUnreachable),
        (away(TcpAnswer::NoName), Verdict::ServerUnreachable),
        (
            changed(away(TcpAnswer::TimedOut), |facts| {
                facts.server.state = Some(ServerState::Online);
                facts.server.silent = true;
            }),
            Verdict::ServerUnreachable,
        ),
        (
            changed(healthy(), |facts| facts.server.identity_twice = true),
            Verdict::SameIdentityTwice,
        ),
    ]
}

/// Causes that only direct connections feel.
fn causes_on_the_network() -> Vec<(Facts, Verdict)> {
    vec![
        (
            of_peer(with_peer(0, 0), |peer| peer.online = false),
            Verdict::PeerOffline,
        ),
        (
            changed(healthy(), |facts| facts.udp.port = None),
            Verdict::UdpOff,
        ),
        (
            changed(healthy(), |facts| facts.udp.small = packets(0, 5)),
            Verdict::UdpBlocked,
        ),
        (
            of_peer(with_peer(0, 0), |peer| peer.udp_there = Some(false)),
            Verdict::UdpBlockedThere,
        ),
        (with_peer(0, 0), Verdict::ClientIsolation),
        (with_peer(0, 5), Verdict::InboundFirewallHere),
        (with_peer(5, 0), Verdict::InboundFirewallThere),
        // Whoever dials gets through: the path stands, and the firewall is there all the same.
        (
            of_peer(with_peer(0, 5), |peer| peer.path = Path::Direct),
            Verdict::InboundFirewallHere,
        ),
        (
            changed(healthy(), |facts| facts.udp.large = packets(4, 20)),
            Verdict::UdpThrottled,
        ),
        (
            changed(healthy(), |facts| {
                facts.multicast.clients = 0;
                facts.multicast.servers = 0;
            }),
            Verdict::MulticastFiltered,
        ),
        (
            changed(healthy(), |facts| {
                facts.server.clock_ahead_ms = Some(-600_000)
            }),
            Verdict::ClockOff,
        ),
    ]
}

#[test]
fn every_cause_has_its_verdict() {
    let mut seen: Vec<Verdict> = Vec::new();
    for (facts, expected) in [causes_at_the_server(), causes_on_the_network()].concat() {
        assert_eq!(verdicts(&facts)[0], expected, "{facts:?}");
        seen.push(expected);
    }
    for verdict in Verdict::ALL {
        assert!(seen.contains(verdict), "no cause of {verdict:?} is tried");
    }
}

#[test]
fn what_is_missing_or_works_is_no_finding() {
    let fine = [
        // A path that stands is proof, whatever the firewalls say.
        of_peer(with_peer(0, 0), |peer| peer.path = Path::Direct),
        // The other program is older, or did not report in time.
        of_peer(with_peer(0, 0), |peer| peer.there = None),
        // A few lost packets are a Wi-Fi.
        changed(healthy(), |facts| {
            facts.udp.small = packets(4, 5);
            facts.udp.large = packets(11, 20);
        }),
        // A rendezvous that does not answer such packets says nothing about UDP.
        changed(healthy(), |facts| {
            facts.udp.small = None;
            facts.udp.large = None;
        }),
        // Alone on a network, with a rendezvous that does not announce itself or is far away.
        changed(healthy(), |facts| {
            facts.multicast = MulticastFacts {
                on: true,
                announced: Some(false),
                ..MulticastFacts::default()
            };
        }),
        changed(healthy(), |facts| {
            facts.multicast.clients = 0;
            facts.multicast.servers = 0;
            facts.server.same_subnet = Some(false);
        }),
        // Not signed in, and the rendezvous answers.
        changed(healthy(), |facts| {
            facts.server.state = Some(ServerState::Offline)
        }),
        // A VPN that has nothing to do with the rendezvous, and one that is the only way.
        changed(healthy(), |facts| {
            facts
                .interfaces
                .push(adapter("tun0", InterfaceKind::Vpn, false));
        }),
        changed(healthy(), |facts| {
            facts.interfaces = vec![adapter("tun0", InterfaceKind::Vpn, true)];
        }),
    ];
    for facts in fine {
        assert_eq!(verdicts(&facts), [Verdict::AllWell], "{facts:?}");
    }
    // Silence alone does not tell a node that is kept apart from one that is off.
    let alone = changed(away(TcpAnswer::NoRoute), |facts| {
        facts.multicast.clients = 0;
        facts.multicast.servers = 0;
    });
    assert_eq!(verdicts(&alone)[0], Verdict::ServerUnreachable);
}

#[test]
fn of_several_causes_the_one_to_mend_first_comes_first() {
    let facts = changed(away(TcpAnswer::TimedOut), |facts| {
        facts
            .interfaces
            .insert(0, adapter("tun0", InterfaceKind::Vpn, true));
        facts.server.clock_ahead_ms = Some(600_000);
    });
    let found = [
        Verdict::VpnPreferred,
        Verdict::ServerUnreachable,
        Verdict::ClockOff,
    ];
    assert_eq!(verdicts(&facts), found);
}
