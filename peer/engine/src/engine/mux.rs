//! The socket below QUIC: one UDP socket and any number of relayed sessions, each packet sent by the ways of its link.
//!
//! QUIC sees virtual addresses only; which real ones stand behind them is for [`Table`] to say. Nothing here decides: packets
//! and probes are moved, and what the table tells is passed to the core. Probes are taken out of what came in before QUIC sees
//! it, also where the system glued them to packets.

mod last;
pub(super) mod leg;
mod queue;
mod socket;

use super::doctor::Knocks;
use super::driver::Inputs;
use crate::core::io::{Input, LinkId, LinkInput};
use crate::paths::PeerAddr;
use crate::paths::link::ProbeKeys;
use crate::paths::table::{Table, Virtual};
use hutong_common::entropy::{Entropy, OsEntropy};
use hutong_common::id::RelaySession;
use last::LastPackets;
use queue::{Legs, ReceivedQueue};
use quinn::udp::{EcnCodepoint, Transmit};
use quinn::{AsyncUdpSocket, Runtime, TokioRuntime};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

#[derive(Debug)]
struct State {
    table: Table,
    legs: Legs,
    received: ReceivedQueue,
    last: LastPackets,
    /// Whether what came over UDP is taken first this time.
    udp_first: bool,
}

#[derive(Debug)]
struct Shared {
    udp: Option<Arc<dyn AsyncUdpSocket>>,
    /// Address and port of the UDP socket.
    bound: Option<SocketAddr>,
    state: Mutex<State>,
    /// Hears of the packets of checks.
    knocks: Knocks,
    /// Something may be due earlier than it was.
    due: Notify,
    started: Instant,
}

/// The socket; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Mux(Arc<Shared>);

impl Mux {
    /// Over a bound UDP socket, or over none; `knocks` hears of the packets of checks. Must be called inside a runtime.
    pub(super) fn new(udp: Option<UdpSocket>, knocks: Knocks) -> io::Result<Self> {
        let bound = udp.as_ref().map(UdpSocket::local_addr).transpose()?;
        let udp = udp
            .map(|udp| TokioRuntime.wrap_udp_socket(udp))
            .transpose()?;
        let entropy: &mut dyn Entropy = &mut OsEntropy;
        let state = State {
            table: Table::new(entropy.array()),
            legs: Legs::default(),
            received: ReceivedQueue::default(),
            last: LastPackets::default(),
            udp_first: false,
        };
        Ok(Self(Arc::new(Shared {
            udp,
            bound,
            state: Mutex::new(state),
            knocks,
            due: Notify::new(),
            started: Instant::now(),
        })))
    }

    /// The port of the UDP socket.
    pub(super) fn port(&self) -> Option<u16> {
        self.0.bound.map(|bound| bound.port())
    }

    /// What QUIC is to dial in order to reach an address.
    pub(super) fn virtual_of(&self, address: PeerAddr) -> SocketAddr {
        let now_us = self.0.now_us();
        let name = self.0.state().table.virtual_of(address, now_us);
        name.address()
    }

    /// Where the peer of a connection was first met.
    pub(super) fn met_at(&self, remote: SocketAddr) -> Option<PeerAddr> {
        self.0.state().table.address_of(Virtual::of(remote)?)
    }

    /// A connection has a checked peer: its ways are probed from now on.
    pub(super) fn add(&self, link: LinkId, remote: SocketAddr, keys: ProbeKeys) {
        if let Some(name) = Virtual::of(remote) {
            let now_us = self.0.now_us();
            self.0.state().table.add(link, name, keys, now_us);
            self.0.due.notify_one();
        }
    }

    /// Whether the ways of a link are known.
    pub(super) fn knows(&self, link: LinkId) -> bool {
        self.0.state().table.knows(link)
    }

    /// A connection is over.
    pub(super) fn remove(&self, link: LinkId) {
        self.0.state().table.remove(link);
    }

    /// Where a link's peer may be reached.
    pub(super) fn try_candidates(&self, link: LinkId, candidates: &[SocketAddr]) {
        let now_us = self.0.now_us();
        let mut state = self.0.state();
        state.table.try_candidates(link, candidates, now_us);
        drop(state);
        self.0.due.notify_one();
    }

    /// A session carries packets of a link from now on.
    pub(super) fn attach(&self, link: LinkId, session: RelaySession) {
        let mut state = self.0.state();
        // The core may not have heard yet that it is over.
        if state.legs.is_open(session) {
            state.table.attach(link, session);
        }
        drop(state);
        self.0.due.notify_one();
    }

    /// The network of this computer is another one.
    pub(super) fn doubt_all(&self) {
        let now_us = self.0.now_us();
        self.0.state().table.doubt_all(now_us);
        self.0.due.notify_one();
    }

    /// Sends probes when they are due and tells the core what came of them; never ends.
    pub(super) async fn tend(self, inputs: Inputs) {
        loop {
            let (probes, news, pause) = self.0.tick();
            for (to, probe) in probes {
                self.0.send_probe(to, &probe);
            }
            self.0.send_again();
            for (link, now) in news {
                let path = LinkInput::Path { link, now };
                inputs.send(Input::Link(path)).await;
            }
            let due = self.0.due.notified();
            match pause {
                Some(pause) => drop(tokio::time::timeout(pause, due).await),
                None => due.await,
            }
        }
    }
}

type Due = (
    Vec<(SocketAddr, crate::paths::probe::Probe)>,
    Vec<(LinkId, crate::paths::link::PathNow)>,
    Option<Duration>,
);

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn tick(&self) -> Due {
        let now_us = self.now_us();
        let mut state = self.state();
        let mut probes = Vec::new();
        state.table.tick(now_us, &mut probes);
        let news = state.table.news();
        let deadline_us = state.table.deadline_us();
        let pause = deadline_us.map(|at_us| Duration::from_micros(at_us.saturating_sub(now_us)));
        (probes, news, pause)
    }

    /// An address as this socket wants it.
    fn mapped(&self, address: SocketAddr) -> SocketAddr {
        let is_ipv6 = self.bound.is_some_and(|bound| bound.is_ipv6());
        match address.ip() {
            IpAddr::V4(ip) if is_ipv6 => {
                SocketAddr::new(ip.to_ipv6_mapped().into(), address.port())
            }
            IpAddr::V4(_) | IpAddr::V6(_) => address,
        }
    }

    fn send_probe(&self, to: SocketAddr, probe: &[u8]) {
        let Some(udp) = &self.udp else { return };
        let transmit = Transmit {
            destination: self.mapped(to),
            ecn: None,
            contents: probe,
            segment_size: None,
            src_ip: None,
        };
        // A probe that cannot leave now is one that is not answered.
        if let Err(error) = udp.try_send(&transmit) {
            tracing::trace!(%error, "a probe did not leave");
        }
    }
}

/// How a received packet was marked by the network, as the socket tells.
type Ecn = Option<EcnCodepoint>;

#[cfg(test)]
mod tests;
