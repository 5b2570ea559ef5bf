//! How many connections may be open: in all, before sign-in, and before sign-in from one address.
//!
//! Taken by `control.rs` when a connection comes in, given back when it signs in or ends. Loopback is exempt from the
//! bound per address, because everybody behind a local proxy or in a test has the same one.

use hutong_common::limits::{ANONYMOUS_CONNECTIONS_MAX, CONNECTIONS_MAX};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The places there are.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    anonymous_per_ip: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    connections: usize,
    anonymous: usize,
    per_ip: BTreeMap<IpAddr, usize>,
}

impl Slots {
    /// All of them free, so many for strangers at one address.
    pub(crate) fn new(anonymous_per_ip: usize) -> Self {
        Self {
            anonymous_per_ip,
            taken: Arc::default(),
        }
    }

    /// A place for a connection from `peer`, or none when there is none left.
    pub(crate) fn take(&self, peer: IpAddr) -> Option<Slot> {
        let block = block(peer);
        let mut taken = self.taken();
        let from_there = taken.per_ip.get(&block).copied().unwrap_or(0);
        let too_many = taken.connections >= CONNECTIONS_MAX
            || taken.anonymous >= ANONYMOUS_CONNECTIONS_MAX
            || (from_there >= self.anonymous_per_ip && !block.is_loopback());
        if too_many {
            return None;
        }
        taken.connections += 1;
        taken.anonymous += 1;
        taken.per_ip.insert(block, from_there + 1);
        drop(taken);
        Some(Slot {
            slots: self.clone(),
            anonymous: Some(block),
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one household or computer can have many addresses in: a /64 for IPv6.
fn block(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ (IpAddr::V4(_) | IpAddr::V6(_)) => address,
    }
}

/// One connection's place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    anonymous: Option<IpAddr>,
}

impl Slot {
    /// The connection has signed in: somebody else may come.
    pub(crate) fn signed_in(&mut self) {
        let Some(block) = self.anonymous.take() else {
            return;
        };
        let mut taken = self.slots.taken();
        taken.anonymous -= 1;
        if let Some(count) = taken.per_ip.get_mut(&block) {
            *count -= 1;
            if *count == 0 {
                taken.per_ip.remove(&block);
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.signed_in();
        self.slots.taken().connections -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::limits::ANONYMOUS_CONNECTIONS_PER_IP_MAX;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_all_places() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let greedy: Vec<_> = (0..ANONYMOUS_CONNECTIONS_PER_IP_MAX + 1)
            .map_while(|_| slots.take(ip("192.0.2.1")))
            .collect();
        assert_eq!(greedy.len(), ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        assert!(
            slots.take(ip("::ffff:192.0.2.1")).is_none(),
            "the same address, mapped"
        );
        assert!(slots.take(ip("192.0.2.2")).is_some());
        drop(greedy);
        assert!(slots.take(ip("192.0.2.1")).is_some());
        assert!(slots.taken().per_ip.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let _greedy: Vec<_> = (0..ANONYMOUS_CONNECTIONS_PER_IP_MAX)
            .map(|host| slots.take(ip(&format!("2001:db8::{host:x}"))).unwrap())
            .collect();
        assert!(slots.take(ip("2001:db8::ffff")).is_none());
        assert!(slots.take(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn signing_in_makes_room_for_strangers() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let mut all: Vec<_> = std::iter::from_fn(|| slots.take(ip("127.0.0.1")))
            .take(10_000)
            .collect();
        assert_eq!(
            all.len(),
            ANONYMOUS_CONNECTIONS_MAX,
            "loopback is exempt only per address"
        );
        all.iter_mut().for_each(Slot::signed_in);
        all.iter_mut().for_each(Slot::signed_in);
        assert!(slots.take(ip("127.0.0.1")).is_some());
        drop(all);
        assert_eq!(slots.taken().connections, 0);
    }
}
