//! The simulated local network: who reaches whom now, by what, and how long it takes.
//!
//! It only answers questions; the simulation moves the bytes. Faults are switched here by the verbs of the world.

use super::dice::Dice;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Range;

/// A computer on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A rendezvous, by its number.
    Server(usize),
    /// A client's computer, by its number.
    Client(usize),
}

impl Place {
    /// Its address.
    pub fn ip(self) -> IpAddr {
        let (net, host) = match self {
            Self::Server(n) => (0, n + 1),
            Self::Client(n) => (1, n + 1),
        };
        IpAddr::V4(Ipv4Addr::new(10, 0, net, host as u8))
    }

    /// Its address with the port at which it listens: control of a rendezvous, UDP of a client.
    pub fn address(self) -> SocketAddr {
        let port = match self {
            Self::Server(_) => 7440,
            Self::Client(_) => 7442,
        };
        SocketAddr::new(self.ip(), port)
    }
}

/// What the network lets pass.
#[derive(Debug)]
pub struct Network {
    /// One way, in microseconds; every packet draws anew.
    pub latency_us: Range<u64>,
    /// Whether multicast passes.
    pub multicast: bool,
    /// Whether relayed sessions can be joined.
    pub relay: bool,
    /// Bytes of files per second, on one link.
    pub file_bytes_per_s: u64,
    unplugged: BTreeSet<Place>,
    cut: BTreeSet<(Place, Place)>,
    udp_blocked: BTreeSet<Place>,
    dice: Dice,
}

impl Network {
    /// A quiet wired network.
    pub fn new(seed: u64) -> Self {
        Self {
            latency_us: 200..900,
            multicast: false,
            relay: true,
            file_bytes_per_s: 50_000_000,
            unplugged: BTreeSet::new(),
            cut: BTreeSet::new(),
            udp_blocked: BTreeSet::new(),
            dice: Dice::new(seed, "network"),
        }
    }

    /// How long the next packet takes, in microseconds.
    pub fn latency_us(&mut self) -> u64 {
        self.dice.within(self.latency_us.clone())
    }

    /// Whether packets pass between the two.
    pub fn reaches(&self, a: Place, b: Place) -> bool {
        let pair = (a.min(b), a.max(b));
        !self.unplugged.contains(&a) && !self.unplugged.contains(&b) && !self.cut.contains(&pair)
    }

    /// Whether UDP passes between the two.
    pub fn udp_passes(&self, a: Place, b: Place) -> bool {
        self.reaches(a, b) && !self.udp_blocked.contains(&a) && !self.udp_blocked.contains(&b)
    }

    /// Pulls the cable of one computer, or puts it back.
    pub fn unplug(&mut self, place: Place, unplugged: bool) {
        set(&mut self.unplugged, place, unplugged);
    }

    /// Cuts the way between two computers, or heals it.
    pub fn cut(&mut self, a: Place, b: Place, cut: bool) {
        set(&mut self.cut, (a.min(b), a.max(b)), cut);
    }

    /// Drops all UDP of one computer, or lets it pass again.
    pub fn block_udp(&mut self, place: Place, blocked: bool) {
        set(&mut self.udp_blocked, place, blocked);
    }

    /// Ends every fault.
    pub fn heal(&mut self) {
        self.unplugged.clear();
        self.cut.clear();
        self.udp_blocked.clear();
    }
}

fn set<T: Ord>(into: &mut BTreeSet<T>, what: T, present: bool) {
    if present {
        into.insert(what);
    } else {
        into.remove(&what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_the_same_from_both_sides_and_heals() {
        let (a, b) = (Place::Client(0), Place::Server(0));
        let mut network = Network::new(1);
        network.cut(a, b, true);
        assert!(!network.reaches(a, b) && !network.reaches(b, a));
        network.cut(b, a, false);
        network.block_udp(a, true);
        assert!(network.reaches(a, b) && !network.udp_passes(b, a));
        network.unplug(b, true);
        assert!(!network.reaches(a, b));
        network.heal();
        assert!(network.udp_passes(a, b));
    }
}
