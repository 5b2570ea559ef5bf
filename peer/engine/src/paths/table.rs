//! Which real addresses stand behind the virtual ones that QUIC sees.
//!
//! QUIC knows each peer by a virtual IPv6 address, made from the first way on which it was met: a UDP address or a relayed
//! session. Packets to it go wherever the ways of its link lead ([`LinkPaths`]), packets from any of these come up under it.
//! Where several links use one address, a packet from there comes up under each; QUIC finds the connection by its id and drops
//! what came under another address. Addresses that never answered get few packets, so that nobody is flooded through us.

use super::allowance::Allowance;
use super::link::{LinkPaths, PathNow, ProbeKeys};
use super::probe::{Probe, ProbeId, probe_in};
use super::{Outlook, PeerAddr, Route};
use crate::core::io::LinkId;
use hutong_common::id::RelaySession;
use hutong_common::limits::{PATH_UNANSWERED_MAX, PATH_VIRTUAL_MAX};
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Begins every virtual address: unique local (RFC 4193), and nobody's.
const PREFIX: [u8; 8] = *b"\xfdhutong\0";
/// Port of every virtual address; QUIC refuses zero.
const PORT: u16 = 1;

/// What stands for a peer towards QUIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Virtual([u8; 8]);

impl Virtual {
    /// As QUIC sees it.
    pub fn address(self) -> SocketAddr {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&PREFIX);
        bytes[8..].copy_from_slice(&self.0);
        SocketAddr::new(Ipv6Addr::from(bytes).into(), PORT)
    }

    /// What QUIC calls so.
    pub fn of(address: SocketAddr) -> Option<Self> {
        let IpAddr::V6(ip) = address.ip() else {
            return None;
        };
        let rest = ip.octets().strip_prefix(&PREFIX)?.try_into().ok()?;
        Some(Self(rest))
    }
}

/// Where a peer was first met.
#[derive(Debug)]
struct Home {
    address: PeerAddr,
    /// Our own address there, as the system told it: answers must come from where the question went.
    local: Option<IpAddr>,
    /// Whether anything came from there.
    answered: bool,
    /// Packets sent there before anything came.
    unanswered: u32,
    used_us: u64,
    paths: Option<LinkPaths>,
}

/// Where a packet goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    /// To this address, from this own one.
    pub direct: Option<(SocketAddr, Option<IpAddr>)>,
    /// Over this session.
    pub relay: Option<RelaySession>,
    /// Whether [`Table::tick`] has something to do now.
    pub is_due: bool,
}

/// All virtual addresses.
#[derive(Debug)]
pub struct Table {
    secret: [u8; 32],
    homes: BTreeMap<Virtual, Home>,
    /// Under which virtual addresses packets come up, beside the address's own.
    bound: HashMap<SocketAddr, Vec<Virtual>>,
    probe_ids: HashMap<ProbeId, Virtual>,
    links: BTreeMap<LinkId, Virtual>,
    allowance: Allowance,
}

impl Table {
    /// A table whose virtual addresses nobody can guess who does not know `secret`.
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            homes: BTreeMap::new(),
            bound: HashMap::new(),
            probe_ids: HashMap::new(),
            links: BTreeMap::new(),
            allowance: Allowance::default(),
        }
    }

    fn name(&self, address: PeerAddr) -> Virtual {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        match address {
            PeerAddr::Direct(address) => {
                match address.ip() {
                    IpAddr::V4(ip) => hasher.update(&ip.octets()),
                    IpAddr::V6(ip) => hasher.update(&ip.octets()),
                };
                hasher.update(&address.port().to_be_bytes());
            }
            PeerAddr::Relay(session) => {
                hasher.update(b"relay").update(&session.0);
            }
        }
        let mut name = [0; 8];
        hasher.finalize_xof().fill(&mut name);
        Virtual(name)
    }

    /// What stands for an address, from now on at least.
    pub fn virtual_of(&mut self, address: PeerAddr, now_us: u64) -> Virtual {
        let name = self.name(address);
        if !self.homes.contains_key(&name) {
            self.make_room();
        }
        let home = self.homes.entry(name).or_insert(Home {
            address,
            local: None,
            answered: false,
            unanswered: 0,
            used_us: now_us,
            paths: None,
        });
        home.used_us = now_us;
        name
    }

    /// The oldest without a link goes.
    fn make_room(&mut self) {
        if self.homes.len() < PATH_VIRTUAL_MAX {
            return;
        }
        let free = self.homes.iter().filter(|(_, home)| home.paths.is_none());
        let oldest = free.min_by_key(|(_, home)| home.used_us);
        if let Some(oldest) = oldest.map(|(name, _)| *name) {
            self.homes.remove(&oldest);
        }
    }

    /// Where the peer behind it was first met.
    pub fn address_of(&self, name: Virtual) -> Option<PeerAddr> {
        Some(self.homes.get(&name)?.address)
    }

    /// What is to be expected of the next packet of a link; none where there is none.
    pub fn outlook(&self, name: Virtual) -> Option<Outlook> {
        let paths = self.homes.get(&name)?.paths.as_ref();
        paths.map(LinkPaths::outlook)
    }

    /// Where a packet to the peer goes; nowhere when it is not known or was asked too often without an answer.
    pub fn send(&mut self, to: Virtual, now_us: u64) -> Sending {
        let Some(home) = self.homes.get_mut(&to) else {
            return Sending::default();
        };
        if let Some(paths) = &mut home.paths {
            let is_due = paths.note_sent(now_us);
            let Route { direct, relay } = paths.route();
            let local = |address| (PeerAddr::Direct(address) == home.address).then_some(home.local);
            return Sending {
                direct: direct.map(|address| (address, local(address).flatten())),
                relay,
                is_due,
            };
        }
        match home.address {
            PeerAddr::Relay(session) => Sending {
                relay: Some(session),
                ..Sending::default()
            },
            PeerAddr::Direct(address) => {
                if !home.answered {
                    if home.unanswered >= PATH_UNANSWERED_MAX || !self.allowance.take(now_us) {
                        return Sending::default();
                    }
                    home.unanswered += 1;
                }
                Sending {
                    direct: Some((address, home.local)),
                    ..Sending::default()
                }
            }
        }
    }

    /// Under which virtual addresses a packet comes up that came from `from` to our address `local`.
    pub fn receive(
        &mut self,
        from: SocketAddr,
        local: Option<IpAddr>,
        now_us: u64,
        under: &mut Vec<Virtual>,
    ) {
        let own = self.name(PeerAddr::Direct(from));
        let bound = self.bound.get(&from).map_or(&[][..], Vec::as_slice);
        under.extend(bound.iter().filter(|one| **one != own));
        if under.is_empty() || self.homes.contains_key(&own) {
            let own = self.virtual_of(PeerAddr::Direct(from), now_us);
            under.push(own);
        }
        if let Some(home) = self.homes.get_mut(&own) {
            home.local = local;
            if !home.answered {
                home.answered = true;
                self.allowance.give_back(u64::from(home.unanswered));
            }
        }
    }

    /// Under which virtual addresses a packet comes up that came over a session.
    pub fn receive_relayed(&mut self, over: RelaySession, now_us: u64, under: &mut Vec<Virtual>) {
        let uses = |home: &Home| {
            let paths = home.paths.as_ref();
            paths.is_some_and(|paths| paths.relay() == Some(over))
        };
        let own = self.name(PeerAddr::Relay(over));
        let using = self.homes.iter();
        let using = using.filter(|(name, home)| **name != own && uses(home));
        under.extend(using.map(|(name, _)| *name));
        if under.is_empty() || self.homes.contains_key(&own) {
            under.push(self.virtual_of(PeerAddr::Relay(over), now_us));
        }
    }

    /// A packet that may be a probe; gives the answer that goes back to where it came from. Whose it is not is dropped before
    /// any key is touched.
    pub fn probe(&mut self, packet: &[u8], from: SocketAddr, now_us: u64) -> Option<Probe> {
        let (id, probe) = probe_in(packet)?;
        let name = *self.probe_ids.get(&id)?;
        let paths = self.homes.get_mut(&name)?.paths.as_mut()?;
        let heard = paths.hear(id, probe, from, now_us);
        if heard.is_new_address {
            self.bind(name);
        }
        heard.answer
    }

    /// Packets come up under a link's virtual address from all addresses that it receives from, and no others.
    fn bind(&mut self, name: Virtual) {
        self.bound.retain(|_, under| {
            under.retain(|one| *one != name);
            !under.is_empty()
        });
        let paths = self.homes.get(&name).and_then(|home| home.paths.as_ref());
        for address in paths.into_iter().flat_map(LinkPaths::receiving) {
            self.bound.entry(address).or_default().push(name);
        }
    }

    /// A connection has a checked peer: its ways are probed from now on.
    pub fn add(&mut self, link: LinkId, name: Virtual, keys: ProbeKeys, now_us: u64) {
        let Some(home) = self.homes.get_mut(&name) else {
            return;
        };
        let id = keys.theirs.id();
        let paths = home.paths.get_or_insert_with(|| match home.address {
            PeerAddr::Direct(address) => LinkPaths::direct(address, now_us),
            PeerAddr::Relay(session) => {
                let mut paths = LinkPaths::relayed(now_us);
                paths.attach(session);
                paths
            }
        });
        paths.add(link, keys);
        self.probe_ids.insert(id, name);
        self.links.insert(link, name);
        self.bind(name);
    }

    /// A connection is over.
    pub fn remove(&mut self, link: LinkId) {
        let Some(name) = self.links.remove(&link) else {
            return;
        };
        let Some(home) = self.homes.get_mut(&name) else {
            return;
        };
        let Some(paths) = &mut home.paths else {
            return;
        };
        let id = paths.probe_ids().find(|(of, _)| *of == link);
        if let Some((_, id)) = id {
            self.probe_ids.remove(&id);
        }
        if paths.remove(link) {
            home.paths = None;
            self.bind(name);
        }
    }

    /// Whether the ways of a link are known.
    pub fn knows(&self, link: LinkId) -> bool {
        self.links.contains_key(&link)
    }

    fn paths_of(&mut self, link: LinkId) -> Option<&mut LinkPaths> {
        let name = self.links.get(&link)?;
        self.homes.get_mut(name)?.paths.as_mut()
    }

    /// Where a link's peer may be reached.
    pub fn try_candidates(&mut self, link: LinkId, candidates: &[SocketAddr], now_us: u64) {
        if let Some(paths) = self.paths_of(link) {
            paths.try_candidates(candidates, now_us);
        }
    }

    /// A session carries packets of a link from now on.
    pub fn attach(&mut self, link: LinkId, session: RelaySession) {
        if let Some(paths) = self.paths_of(link) {
            paths.attach(session);
        }
    }

    /// A session is over.
    pub fn detach(&mut self, session: RelaySession, now_us: u64) {
        for paths in self.all_paths() {
            paths.detach(session, now_us);
        }
    }

    /// The network here is another one.
    pub fn doubt_all(&mut self, now_us: u64) {
        for home in self.homes.values_mut() {
            home.local = None;
        }
        for paths in self.all_paths() {
            paths.doubt(now_us);
        }
    }

    /// Whether some link's packets go over a session, or soon may.
    pub fn needs_relay(&self, session: RelaySession) -> bool {
        let paths = self.homes.values().filter_map(|home| home.paths.as_ref());
        paths
            .filter(|paths| paths.relay() == Some(session))
            .any(LinkPaths::needs_relay)
    }

    fn all_paths(&mut self) -> impl Iterator<Item = &mut LinkPaths> {
        let homes = self.homes.values_mut();
        homes.filter_map(|home| home.paths.as_mut())
    }

    /// Does what is due; gives the probes to be sent. Those to where nothing ever came from are few.
    pub fn tick(&mut self, now_us: u64, out: &mut Vec<(SocketAddr, Probe)>) {
        let mut questions = Vec::new();
        for paths in self.all_paths() {
            if paths.deadline_us() <= now_us {
                paths.tick(now_us, &mut questions);
            }
        }
        for one in questions {
            if one.is_known || self.allowance.take(now_us) {
                out.push((one.to, one.probe));
            }
        }
    }

    /// When [`tick`](Self::tick) has something to do next.
    pub fn deadline_us(&self) -> Option<u64> {
        let paths = self.homes.values().filter_map(|home| home.paths.as_ref());
        paths.map(LinkPaths::deadline_us).min()
    }

    /// Which links go by another way than was told.
    pub fn news(&mut self) -> Vec<(LinkId, PathNow)> {
        let mut news = Vec::new();
        for paths in self.all_paths() {
            if let Some(now) = paths.news() {
                news.extend(paths.links().map(|link| (link, now)));
            }
        }
        news
    }
}

#[cfg(test)]
mod tests;
