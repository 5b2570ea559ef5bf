//! Addresses: our own, for the rendezvous and mDNS, and those of others. All of them are hints of where to dial, never
//! of who is there.

use super::{Core, send};
use crate::core::Context;
use crate::core::asks::Asked;
use crate::core::io::{Found, LinkId, LinkOutput, Output};
use crate::core::timers::Timer;
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::direct::Direct;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::labels;
use hutong_common::limits::{CANDIDATE_PORT_MIN, DAY_MS, MDNS_ADDRESSES_MAX, MDNS_PEERS_MAX};
use hutong_common::rpc::Request;
use hutong_common::rpc::presence::Candidates;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// A tag as it is announced.
type Tag = [u8; 8];

/// Tags seen, and which devices could announce which tags.
#[derive(Debug, Default)]
pub(super) struct Tags {
    seen: BTreeMap<Tag, Vec<SocketAddr>>,
    /// Made when needed; empty after contacts, keys or the day changed.
    expected: BTreeMap<Tag, (AccountId, DeviceId)>,
    expected_day: u32,
}

/// What a device announces on one day.
fn tag(discovery_key: &[u8; 32], device: DeviceId, day: u32) -> Tag {
    let mut hasher = blake3::Hasher::new_keyed(discovery_key);
    hasher.update(labels::MDNS_TAG.as_bytes());
    hasher.update(&device.0);
    hasher.update(&day.to_be_bytes());
    let mut tag = [0; 8];
    hasher.finalize_xof().fill(&mut tag);
    tag
}

fn day_of(now_ms: u64) -> u32 {
    u32::try_from(now_ms / DAY_MS).unwrap_or(u32::MAX)
}

/// Whether only computers nearby can have this address.
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

impl Core {
    /// Whether an address may be dialled at all: loopback only when our rendezvous is there too.
    pub(super) fn is_sensible(&self, address: SocketAddr) -> bool {
        // An IPv4 address in the clothes of IPv6 is judged as what it is.
        let ip = address.ip().to_canonical();
        let is_loopback_ok = self
            .session
            .local_address()
            .is_some_and(|local| local.ip().is_loopback());
        let is_unicast = match ip {
            IpAddr::V4(v4) => !v4.is_broadcast() && !v4.is_multicast() && !v4.is_unspecified(),
            IpAddr::V6(v6) => !v6.is_multicast() && !v6.is_unspecified(),
        };
        address.port() >= CANDIDATE_PORT_MIN && is_unicast && (!ip.is_loopback() || is_loopback_ok)
    }

    /// Tells the rendezvous where this device can be dialled.
    pub(in crate::core) fn report_candidates(&mut self, cx: &mut Context<'_>) {
        let request = Request::ReportCandidates(List::truncated(self.own_addresses()));
        self.ask(Asked::Report, request, cx);
    }

    fn own_addresses(&self) -> Vec<SocketAddr> {
        let mut ips: Vec<IpAddr> = Vec::new();
        // The address towards the rendezvous comes first: others on its network reach us there.
        ips.extend(self.session.local_address().map(|local| local.ip()));
        ips.extend(self.session.interfaces());
        let local_is_loopback = ips.first().is_some_and(IpAddr::is_loopback);
        let mut addresses: Vec<SocketAddr> = Vec::new();
        for ip in ips {
            let counts = is_local(ip) || (ip.is_loopback() && local_is_loopback);
            if let Some(port) = self.session.udp_port().filter(|_| counts) {
                let address = SocketAddr::new(ip, port);
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        addresses
    }

    /// A link has a checked peer: all its ways may be used, and each side says where it is.
    pub(super) fn begin_paths(
        &mut self,
        link: LinkId,
        (account, device): (AccountId, DeviceId),
        cx: &mut Context<'_>,
    ) {
        let mut to = self.found_at(account, device, cx);
        let heard = self.links.dialling.heard.get(&(account, device));
        to.extend(heard.into_iter().flatten());
        cx.out
            .push(Output::Link(LinkOutput::Candidates { link, to }));
        self.tell_candidates(link, cx);
        self.relay_for_link(link, device, cx);
    }

    /// The other side of a link says where it may be reached.
    pub(super) fn candidates_told(
        &mut self,
        link: LinkId,
        candidates: &Candidates,
        cx: &mut Context<'_>,
    ) {
        let Some(device) = self.device_of(link) else {
            return;
        };
        let Some(account) = self.peer_of(link) else {
            return;
        };
        let told = candidates.iter().copied();
        let to: Vec<SocketAddr> = told
            .filter(|to| self.is_sensible(*to))
            .filter(|to| is_local(to.ip().to_canonical()) || to.ip().is_loopback())
            .collect();
        let heard = &mut self.links.dialling.heard;
        heard.insert((account, device), to.clone());
        cx.out
            .push(Output::Link(LinkOutput::Candidates { link, to }));
    }

    /// This computer has other addresses: ways are looked for anew, here and there.
    pub(in crate::core) fn paths_moved(&mut self, cx: &mut Context<'_>) {
        cx.out.push(Output::Link(LinkOutput::DoubtPaths));
        let links: Vec<LinkId> = self.links.live.values().flatten().copied().collect();
        for link in links {
            self.tell_candidates(link, cx);
        }
    }

    /// Who has no UDP, or is nowhere yet, says nothing.
    fn tell_candidates(&self, link: LinkId, cx: &mut Context<'_>) {
        let ours = self.own_addresses();
        if !ours.is_empty() {
            send(link, Direct::Candidates(List::truncated(ours)), cx);
        }
    }

    /// Announces today's tag, and sets the timer for tomorrow's.
    pub(in crate::core) fn announce(&mut self, cx: &mut Context<'_>) {
        let (Some(device), Some(network)) = (self.session.my_device(), &self.session.network)
        else {
            return;
        };
        let now_ms = self.now_ms(cx);
        let tag = tag(&network.discovery_key, device, day_of(now_ms));
        cx.out.push(Output::Announce(Some(tag)));
        let rest_ms = DAY_MS - now_ms % DAY_MS;
        self.timers.set(Timer::Announce, cx.now.mono_ms + rest_ms);
    }

    /// Contacts or keys changed: which tags to expect is made anew when needed.
    pub(in crate::core) fn links_forget_tags(&mut self) {
        self.links.dialling.tags.expected.clear();
    }

    fn expect_tags(&mut self, cx: &Context<'_>) {
        let day = day_of(self.now_ms(cx));
        let tags = &mut self.links.dialling.tags;
        let Some(network) = &self.session.network else {
            return;
        };
        if tags.expected_day == day && !tags.expected.is_empty() {
            return;
        }
        tags.expected.clear();
        tags.expected_day = day;
        for (account, contact) in self.roster.iter() {
            for device in contact.card.devices.iter().map(|device| device.id()) {
                for key in [&network.discovery_key, &network.discovery_key_before] {
                    for day in day.saturating_sub(1)..=day.saturating_add(1) {
                        tags.expected
                            .insert(tag(key, device, day), (account, device));
                    }
                }
            }
        }
    }

    /// Where mDNS saw a device.
    pub(super) fn found_at(
        &mut self,
        account: AccountId,
        device: DeviceId,
        cx: &Context<'_>,
    ) -> Vec<SocketAddr> {
        self.expect_tags(cx);
        let tags = &self.links.dialling.tags;
        tags.seen
            .iter()
            .filter(|(tag, _)| tags.expected.get(*tag) == Some(&(account, device)))
            .flat_map(|(_, addresses)| addresses.iter().copied())
            .filter(|address| self.is_sensible(*address))
            .collect()
    }

    pub(in crate::core) fn on_found(
        &mut self,
        found: Found,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match found {
            Found::Rendezvous {
                server,
                name,
                addresses,
            } => self.rendezvous_found(server, (name, addresses), cx),
            Found::Peer { tag, addresses } => self.peer_found(tag, addresses, cx),
        }
    }

    /// Those of somebody's addresses at which one may knock.
    pub(in crate::core) fn checkable(&self, candidates: &[SocketAddr]) -> Vec<SocketAddr> {
        let candidates = candidates.iter().copied();
        candidates.filter(|one| self.is_sensible(*one)).collect()
    }

    /// Other clients and rendezvous nodes that were heard by multicast.
    pub(in crate::core) fn heard_by_multicast(&self, cx: &Context<'_>) -> (usize, usize) {
        let own = self.own_tags(cx);
        let tags = self.links.dialling.tags.seen.keys();
        let clients = tags.filter(|tag| !own.contains(*tag)).count();
        (clients, self.session.servers_heard())
    }

    /// What this device itself announces, also on the days beside this one.
    fn own_tags(&self, cx: &Context<'_>) -> Vec<Tag> {
        let (Some(device), Some(network)) = (self.session.my_device(), &self.session.network)
        else {
            return Vec::new();
        };
        let day = day_of(self.now_ms(cx));
        let days = [day.saturating_sub(1), day, day.saturating_add(1)];
        days.map(|day| tag(&network.discovery_key, device, day))
            .to_vec()
    }

    fn peer_found(
        &mut self,
        tag: Tag,
        addresses: Vec<SocketAddr>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let seen = &mut self.links.dialling.tags.seen;
        if seen.len() >= MDNS_PEERS_MAX && !seen.contains_key(&tag) {
            seen.pop_first();
        }
        let mut addresses = addresses;
        addresses.truncate(MDNS_ADDRESSES_MAX);
        seen.insert(tag, addresses);
        self.expect_tags(cx);
        let expected = self.links.dialling.tags.expected.get(&tag).copied();
        match expected {
            // Without the rendezvous, an announcement is the only sign that somebody came.
            Some((account, _)) if !self.session.is_online() || self.roster.is_online(account) => {
                self.want_link(account, cx)
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_changes_with_device_day_and_key() {
        let of = |key: u8, device: u8, day| tag(&[key; 32], DeviceId([device; 16]), day);
        let tags = [of(1, 1, 1), of(2, 1, 1), of(1, 2, 1), of(1, 1, 2)];
        for (at, tag) in tags.iter().enumerate() {
            assert!(!tags[..at].contains(tag));
        }
        assert_eq!(of(1, 1, 1), of(1, 1, 1));
    }
}
