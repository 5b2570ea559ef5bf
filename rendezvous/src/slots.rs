//! How many connections may be open: in all, before sign-in, and before sign-in from one address.
//!
//! Taken by `server.rs` when a connection comes in, given back when it signs in or ends. Loopback is exempt from the
//! bound per address, because everybody behind a local proxy or in a test has the same one. When there is no place left
//! for a stranger, whoever holds most of them gives up its oldest. Someone honest has signed in within milliseconds, so
//! connections that are only held lock nobody out.

use hutong_common::limits::{ANONYMOUS_CONNECTIONS_MAX, CONNECTIONS_MAX};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The places there are.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    anonymous_per_ip: usize,
    taken: Arc<Mutex<Taken>>,
}

/// Who has not signed in, the oldest first, and how each is told to go.
type Strangers = BTreeMap<u64, Arc<Notify>>;

#[derive(Debug, Default)]
struct Taken {
    connections: usize,
    anonymous: usize,
    last: u64,
    per_ip: BTreeMap<IpAddr, Strangers>,
}

impl Taken {
    fn from(&self, block: IpAddr) -> usize {
        self.per_ip.get(&block).map_or(0, BTreeMap::len)
    }

    /// Who has to give a place to a newcomer from `block`: itself, or somebody who would still not have fewer.
    fn greediest(&self, block: IpAddr) -> Option<IpAddr> {
        let greediest = self.per_ip.iter().max_by_key(|(_, all)| all.len());
        let (&greediest, all) = greediest?;
        let from_there = self.from(block);
        if from_there > 0 && from_there == all.len() {
            return Some(block);
        }
        (all.len() > from_there + 1).then_some(greediest)
    }

    fn evict(&mut self, block: IpAddr) {
        let all = self.per_ip.get(&block);
        let first = all.and_then(|all| all.first_key_value());
        if let Some((&oldest, _)) = first
            && let Some(evicted) = self.forget(block, oldest)
        {
            evicted.notify_one();
        }
    }

    fn forget(&mut self, block: IpAddr, number: u64) -> Option<Arc<Notify>> {
        let all = self.per_ip.get_mut(&block)?;
        let gone = all.remove(&number)?;
        if all.is_empty() {
            self.per_ip.remove(&block);
        }
        self.anonymous -= 1;
        Some(gone)
    }
}

impl Slots {
    /// All of them free, so many for strangers at one address.
    pub(crate) fn new(anonymous_per_ip: usize) -> Self {
        Self {
            anonymous_per_ip,
            taken: Arc::default(),
        }
    }

    /// A place for a connection from `peer`, given up by another if need be, or none when there is none to be had.
    pub(crate) fn take(&self, peer: IpAddr) -> Option<Slot> {
        let block = block(peer);
        let mut taken = self.taken();
        if taken.connections >= CONNECTIONS_MAX {
            return None;
        }
        if taken.from(block) >= self.anonymous_per_ip && !block.is_loopback() {
            taken.evict(block);
        } else if taken.anonymous >= ANONYMOUS_CONNECTIONS_MAX {
            let greediest = taken.greediest(block)?;
            taken.evict(greediest);
        }
        taken.connections += 1;
        taken.last += 1;
        let number = taken.last;
        let evicted = Arc::<Notify>::default();
        let strangers = taken.per_ip.entry(block).or_default();
        strangers.insert(number, Arc::clone(&evicted));
        taken.anonymous += 1;
        drop(taken);
        Some(Slot {
            slots: self.clone(),
            block,
            number,
            evicted,
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

/// Returns when the place goes to somebody else before its holder has signed in; whoever signs in in that very moment
/// stays, as the place is no longer counted as a stranger's either way.
pub(crate) async fn given_up(evicted: &Notify, has_signed_in: impl Fn() -> bool) {
    evicted.notified().await;
    if has_signed_in() {
        std::future::pending::<()>().await;
    }
}

/// One connection's place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    block: IpAddr,
    number: u64,
    evicted: Arc<Notify>,
}

impl Slot {
    /// The connection has signed in: somebody else may come.
    pub(crate) fn signed_in(&self) {
        self.slots.taken().forget(self.block, self.number);
    }

    /// Told when somebody else gets this place: then the connection has to end.
    pub(crate) fn evicted(&self) -> Arc<Notify> {
        Arc::clone(&self.evicted)
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

    fn host(number: usize) -> IpAddr {
        ip(&format!("10.0.{}.{}", number / 256, number % 256))
    }

    impl Slot {
        /// Whether it has to go; told once.
        fn is_evicted(&self) -> bool {
            use std::task::{Context, Waker};
            let told = std::pin::pin!(self.evicted.notified());
            told.poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
        }
    }

    /// Connections left half way, or with a byte a second, took every place for strangers of their address, and nobody
    /// else behind it came in while they lasted.
    #[test]
    fn one_address_cannot_take_all_places_nor_lock_itself_out() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let greedy: Vec<_> = (0..ANONYMOUS_CONNECTIONS_PER_IP_MAX)
            .map(|_| slots.take(ip("192.0.2.1")).unwrap())
            .collect();
        let _elsewhere = slots.take(ip("192.0.2.2")).unwrap();
        assert!(!greedy.iter().any(Slot::is_evicted));
        let newest = slots.take(ip("::ffff:192.0.2.1"));
        assert!(newest.is_some(), "the same address, mapped");
        let evicted: Vec<_> = greedy.iter().map(Slot::is_evicted).collect();
        assert!(evicted[0] && !evicted[1..].contains(&true));
        let held = slots.taken().from(ip("192.0.2.1"));
        assert_eq!(held, ANONYMOUS_CONNECTIONS_PER_IP_MAX);
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let greedy: Vec<_> = (0..ANONYMOUS_CONNECTIONS_PER_IP_MAX)
            .map(|host| slots.take(ip(&format!("2001:db8::{host:x}"))).unwrap())
            .collect();
        let _elsewhere = slots.take(ip("2001:db8:0:1::1")).unwrap();
        assert!(!greedy[0].is_evicted());
        let _same = slots.take(ip("2001:db8::ffff")).unwrap();
        assert!(greedy[0].is_evicted());
    }

    #[test]
    fn signing_in_makes_room_for_strangers() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let all: Vec<_> = (0..ANONYMOUS_CONNECTIONS_MAX)
            .map(|_| slots.take(ip("127.0.0.1")).unwrap())
            .collect();
        all.iter().for_each(Slot::signed_in);
        all.iter().for_each(Slot::signed_in);
        assert_eq!(slots.taken().anonymous, 0);
        let _another = slots.take(ip("127.0.0.1")).unwrap();
        assert!(!all.iter().any(Slot::is_evicted), "loopback is exempt");
        drop(all);
        assert_eq!(slots.taken().connections, 1);
    }

    #[test]
    fn on_loopback_the_newest_come_in_as_well() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let all: Vec<_> = (0..3 * ANONYMOUS_CONNECTIONS_MAX)
            .map(|_| slots.take(ip("127.0.0.1")).unwrap())
            .collect();
        assert_eq!(slots.taken().anonymous, ANONYMOUS_CONNECTIONS_MAX);
        let stay = all.iter().skip_while(|slot| slot.is_evicted()).count();
        assert_eq!(stay, ANONYMOUS_CONNECTIONS_MAX);
    }

    /// Eight computers with 64 connections each took all places for strangers: nobody could sign in while they lasted.
    #[test]
    fn whoever_has_most_places_gives_its_oldest_to_a_newcomer() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let hosts = ANONYMOUS_CONNECTIONS_MAX / ANONYMOUS_CONNECTIONS_PER_IP_MAX;
        let greedy: Vec<_> = (0..hosts * ANONYMOUS_CONNECTIONS_PER_IP_MAX)
            .map(|number| slots.take(host(number % hosts)).unwrap())
            .collect();
        let newcomer = slots.take(ip("198.51.100.1")).unwrap();
        assert_eq!(slots.taken().anonymous, ANONYMOUS_CONNECTIONS_MAX);
        let evicted: Vec<_> = (0..greedy.len())
            .filter(|number| greedy[*number].is_evicted())
            .collect();
        assert!(matches!(evicted.as_slice(), [first] if *first < hosts));
        drop((greedy, newcomer));
        let taken = slots.taken();
        assert_eq!((taken.anonymous, taken.connections), (0, 0));
        assert!(taken.per_ip.is_empty());
    }

    /// One of 6 000 people who came back during a flood was put out right after signing in: the place had been given to
    /// somebody else while the sign-in was under way.
    #[tokio::test]
    async fn whoever_signs_in_while_the_place_is_given_away_stays() {
        use std::time::Duration;
        use tokio::time::timeout;
        for signs_in in [true, false] {
            let evicted = Notify::new();
            evicted.notify_one();
            let waited = timeout(Duration::ZERO, given_up(&evicted, || signs_in)).await;
            assert_eq!(waited.is_ok(), !signs_in);
        }
    }

    #[test]
    fn places_that_are_shared_fairly_are_not_taken_away() {
        let slots = Slots::new(ANONYMOUS_CONNECTIONS_PER_IP_MAX);
        let all: Vec<_> = (0..ANONYMOUS_CONNECTIONS_MAX)
            .map(|number| slots.take(host(number)).unwrap())
            .collect();
        assert!(slots.take(ip("10.1.0.1")).is_none());
        assert!(!all.iter().any(Slot::is_evicted));
        let _own = slots.take(host(0)).unwrap();
        assert!(all[0].is_evicted());
    }
}
