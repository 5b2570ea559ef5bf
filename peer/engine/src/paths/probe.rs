//! Probes: small packets by which both ends of a link ask whether an address leads to the other one.
//!
//! 34 bytes beside QUIC on the same socket: `0x01 ‖ kind ‖ link_id[8] ‖ n:u64be ‖ tag[16]`, where QUIC's packets have the bit
//! `0x40` set. Id and key of each direction come from the TLS exporter of the link, so nobody else can make one, and one that
//! was seen is worth nothing: a ping needs a new number, a pong a number that waits.

use hutong_common::limits::PROBES_OUTSTANDING_MAX;
use std::fmt;
use std::net::SocketAddr;
use zeroize::Zeroizing;

/// Bytes of a probe.
pub const PROBE_BYTES: usize = 34;
/// First byte of a probe; of no QUIC packet, since these have `0x40` set (RFC 9000, 17.2 and 17.3.1).
pub const PROBE_MAGIC: u8 = 0x01;
/// Bytes that the TLS exporter gives for one direction: `link_id[8] ‖ key[32]`.
pub const EXPORTED_BYTES: usize = 40;
const ID_BYTES: usize = 8;
const TAGGED_BYTES: usize = PROBE_BYTES - 16;

/// A probe as it lies in a packet.
pub type Probe = [u8; PROBE_BYTES];
/// Names one direction of a link to whoever receives its probes.
pub type ProbeId = [u8; ID_BYTES];

/// What a probe says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProbeKind {
    /// Are you there?
    Ping = 0,
    /// I am, and this is the number of your ping.
    Pong = 1,
}

/// How one direction of a link signs its probes.
#[derive(Clone)]
pub struct ProbeKey {
    id: ProbeId,
    key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for ProbeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProbeKey").field(&self.id).finish()
    }
}

impl ProbeKey {
    /// From what TLS exported for this direction.
    pub fn new(exported: &[u8; EXPORTED_BYTES]) -> Self {
        let (mut id, mut key) = ([0; ID_BYTES], Zeroizing::new([0; 32]));
        id.copy_from_slice(&exported[..ID_BYTES]);
        key.copy_from_slice(&exported[ID_BYTES..]);
        Self { id, key }
    }

    /// By which its probes are found.
    pub const fn id(&self) -> ProbeId {
        self.id
    }

    /// Makes a probe.
    pub fn probe(&self, kind: ProbeKind, n: u64) -> Probe {
        let mut probe = [0; PROBE_BYTES];
        probe[0] = PROBE_MAGIC;
        probe[1] = kind as u8;
        probe[2..10].copy_from_slice(&self.id);
        probe[10..TAGGED_BYTES].copy_from_slice(&n.to_be_bytes());
        let tag = self.tag(&probe);
        probe[TAGGED_BYTES..].copy_from_slice(&tag);
        probe
    }

    /// What a probe of this direction says; none when it was not made with this key.
    pub fn read(&self, probe: &Probe) -> Option<(ProbeKind, u64)> {
        let tag = self.tag(probe);
        let pairs = tag.iter().zip(&probe[TAGGED_BYTES..]);
        let differs = pairs.fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        if differs != 0 || probe[0] != PROBE_MAGIC || probe[2..10] != self.id {
            return None;
        }
        let kind = match probe[1] {
            0 => ProbeKind::Ping,
            1 => ProbeKind::Pong,
            _ => return None,
        };
        let n = probe[10..TAGGED_BYTES].try_into().ok()?;
        Some((kind, u64::from_be_bytes(n)))
    }

    fn tag(&self, probe: &Probe) -> [u8; 16] {
        let mut tag = [0; 16];
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&probe[..TAGGED_BYTES]);
        hasher.finalize_xof().fill(&mut tag);
        tag
    }
}

/// A packet as a probe, and whose; none when it is something else. No key is touched.
pub fn probe_in(packet: &[u8]) -> Option<(ProbeId, &Probe)> {
    let probe: &Probe = packet.try_into().ok()?;
    let id = probe[2..10].try_into().ok()?;
    (probe[0] == PROBE_MAGIC).then_some((id, probe))
}

/// Which numbers were used: each once, and none that is far behind the newest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    newest: u64,
    /// Bit `i` stands for `newest - i`.
    before: u64,
}

impl Seen {
    /// Notes a number; says whether it was new.
    pub fn note(&mut self, n: u64) -> bool {
        if n > self.newest {
            let ahead = u32::try_from(n - self.newest).unwrap_or(u32::MAX);
            self.before = self.before.checked_shl(ahead).unwrap_or(0) | 1;
            self.newest = n;
            return true;
        }
        let behind = u32::try_from(self.newest - n).unwrap_or(u32::MAX);
        let Some(bit) = 1_u64.checked_shl(behind) else {
            return false;
        };
        let is_new = self.before & bit == 0;
        self.before |= bit;
        is_new
    }
}

/// A ping that waits for its pong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) n: u64,
    pub(super) to: SocketAddr,
    pub(super) at_us: u64,
}

/// The pings that wait: the newest few.
#[derive(Debug, Default)]
pub(super) struct Outstanding(std::collections::VecDeque<Asked>);

impl Outstanding {
    pub(super) fn add(&mut self, asked: Asked) {
        if self.0.len() >= PROBES_OUTSTANDING_MAX {
            self.0.pop_front();
        }
        self.0.push_back(asked);
    }

    /// The ping that this pong answers, once, and only from where it was sent to.
    pub(super) fn take(&mut self, n: u64, from: SocketAddr) -> Option<Asked> {
        let at = self.0.iter().position(|one| one.n == n && one.to == from)?;
        self.0.remove(at)
    }

    /// How many were sent to an address since then and wait.
    pub(super) fn since(&self, to: SocketAddr, since_us: u64) -> usize {
        let waiting = self.0.iter();
        waiting
            .filter(|one| one.to == to && one.at_us >= since_us)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ProbeKey {
        ProbeKey::new(&[byte; EXPORTED_BYTES])
    }

    #[test]
    fn a_probe_is_read_under_its_key_and_no_bit_of_it_may_change() {
        let probe = key(1).probe(ProbeKind::Pong, 77);
        assert_eq!(key(1).read(&probe), Some((ProbeKind::Pong, 77)));
        assert_eq!(key(2).read(&probe), None);
        assert_eq!(probe_in(&probe), Some(([1; 8], &probe)));
        for bit in 0..PROBE_BYTES * 8 {
            let mut changed = probe;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key(1).read(&changed), None, "bit {bit}");
        }
        assert!(probe_in(&probe[1..]).is_none());
        assert!(probe_in(&[0x40; PROBE_BYTES]).is_none());
    }

    #[test]
    fn a_number_counts_once_in_any_order_and_old_ones_do_not() {
        let mut seen = Seen::default();
        assert!(seen.note(5) && seen.note(3) && seen.note(4));
        assert!(!seen.note(5) && !seen.note(3) && !seen.note(4));
        assert!(seen.note(100));
        assert!(!seen.note(36), "64 behind");
        assert!(seen.note(37) && !seen.note(37));
        assert!(seen.note(u64::MAX) && !seen.note(100));
    }

    #[test]
    fn a_pong_counts_once_and_only_from_where_its_ping_went() {
        let (a, b) = (
            "10.0.0.1:7442".parse().unwrap(),
            "10.0.0.2:7442".parse().unwrap(),
        );
        let mut outstanding = Outstanding::default();
        outstanding.add(Asked {
            n: 1,
            to: a,
            at_us: 10,
        });
        outstanding.add(Asked {
            n: 2,
            to: a,
            at_us: 20,
        });
        assert_eq!(outstanding.since(a, 15), 1);
        assert!(outstanding.take(1, b).is_none());
        assert_eq!(outstanding.take(1, a).unwrap().at_us, 10);
        assert!(outstanding.take(1, a).is_none());
        for n in 3..1_000 {
            outstanding.add(Asked { n, to: b, at_us: n });
        }
        assert!(outstanding.take(2, a).is_none(), "the oldest gave way");
    }
}
