//! How fast relayed sessions are: turns that are given out in the order in which they are asked for.
//!
//! Each direction of a session asks for one chunk after the other, so those that wait for a common rate have equal shares
//! of it, and whoever sends little waits no longer than one turn of each of the others.

use hutong_common::limits::{
    RELAY_BUFFER_BYTES, RELAY_CHUNK_BYTES_MIN, RELAY_CREDIT_MS, RELAY_TURNS_A_SECOND,
};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const SECOND_NS: u64 = 1_000_000_000;

/// When the next bytes may go. Pure: time is an argument, in nanoseconds.
#[derive(Debug)]
struct Turns {
    bytes_a_second: u64,
    next_ns: u64,
}

impl Turns {
    /// When so many bytes may go that are asked for at `now_ns`. Time that nobody used is kept for a moment.
    fn take(&mut self, bytes: usize, now_ns: u64) -> u64 {
        let kept_ns = RELAY_CREDIT_MS * 1_000_000;
        let at_ns = self.next_ns.max(now_ns.saturating_sub(kept_ns));
        self.next_ns = at_ns + bytes as u64 * SECOND_NS / self.bytes_a_second;
        at_ns
    }
}

/// A rate that several may share.
#[derive(Debug)]
pub(super) struct Rate {
    begun: Instant,
    turns: Mutex<Turns>,
}

impl Rate {
    /// None where there is no limit, which is said by 0.
    fn new(bytes_a_second: u64) -> Option<Self> {
        let turns = Turns {
            bytes_a_second,
            next_ns: 0,
        };
        (bytes_a_second > 0).then(|| Self {
            begun: Instant::now(),
            turns: Mutex::new(turns),
        })
    }

    /// Returns when so many bytes may go.
    pub(super) async fn turn(&self, bytes: usize) {
        let now_ns = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let at_ns = self.take(bytes, now_ns);
        if at_ns > now_ns {
            sleep_until(self.begun + Duration::from_nanos(at_ns)).await;
        }
    }

    fn take(&self, bytes: usize, now_ns: u64) -> u64 {
        let turns = self.turns.lock();
        turns
            .unwrap_or_else(PoisonError::into_inner)
            .take(bytes, now_ns)
    }
}

/// The rates of all sessions.
#[derive(Debug)]
pub(crate) struct Rates {
    session: u64,
    total: u64,
    pub(super) shared: Option<Rate>,
}

impl From<(u64, u64)> for Rates {
    /// Bytes a second of one session, and of all; 0 for no limit.
    fn from((session, total): (u64, u64)) -> Self {
        Self {
            session,
            total,
            shared: Rate::new(total),
        }
    }
}

impl Rates {
    /// For a session that begins.
    pub(super) fn of_session(&self) -> Option<Rate> {
        Rate::new(self.session)
    }

    /// How much of a session goes in one turn: where turns are slow, small ones, so that each comes often.
    pub(super) fn chunk_bytes(&self) -> usize {
        let slowest = [self.session, self.total]
            .into_iter()
            .filter(|rate| *rate > 0);
        let bytes = slowest
            .min()
            .map_or(u64::MAX, |rate| rate / RELAY_TURNS_A_SECOND);
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        bytes.clamp(RELAY_CHUNK_BYTES_MIN, RELAY_BUFFER_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(bytes_a_second: u64) -> Turns {
        Turns {
            bytes_a_second,
            next_ns: 0,
        }
    }

    #[test]
    fn bytes_go_as_fast_as_the_rate_and_in_the_order_asked() {
        let mut turns = turns(1_000_000);
        let now_ns = 10 * SECOND_NS;
        let kept_ns = RELAY_CREDIT_MS * 1_000_000;
        let given: Vec<u64> = (0..2_000).map(|_| turns.take(1_000, now_ns)).collect();
        assert_eq!(given[0], now_ns - kept_ns);
        assert!(given.windows(2).all(|pair| pair[1] - pair[0] == 1_000_000));
        let in_a_second = given.iter().filter(|at| **at <= now_ns + SECOND_NS);
        let expected = 1_000 + RELAY_CREDIT_MS as usize + 1;
        assert_eq!(in_a_second.count(), expected);
    }

    #[test]
    fn a_pause_is_not_made_up_for_later() {
        let mut turns = turns(1_000_000);
        turns.take(1_000, 0);
        let late_ns = 1_000 * SECOND_NS;
        let first = turns.take(1_000, late_ns);
        assert_eq!(late_ns - first, RELAY_CREDIT_MS * 1_000_000);
    }

    /// Each asks again once its turn has come.
    #[test]
    fn those_who_wait_for_one_rate_have_equal_shares() {
        let mut turns = turns(1_000_000);
        let (mut sent, mut now_ns) = ([0; 200], SECOND_NS);
        let mut due: Vec<(u64, usize)> = (0..sent.len()).map(|who| (now_ns, who)).collect();
        while now_ns < 31 * SECOND_NS {
            due.sort_unstable();
            let (at_ns, who) = due.remove(0);
            now_ns = at_ns.max(now_ns);
            let at_ns = turns.take(16_384, now_ns);
            sent[who] += 16_384;
            due.push((at_ns.max(now_ns), who));
        }
        let all: u64 = sent.iter().sum();
        assert!((30_000_000..34_000_000).contains(&all), "{all}");
        let (least, most) = (sent.iter().min(), sent.iter().max());
        // What nobody had used before went to the first ones.
        let apart = most.zip(least).map(|(most, least)| most - least);
        assert!(apart.is_some_and(|apart| apart <= 5 * 16_384), "{apart:?}");
    }

    #[test]
    fn turns_are_smaller_where_they_are_slower() {
        assert_eq!(Rates::from((0, 0)).chunk_bytes(), RELAY_BUFFER_BYTES);
        assert_eq!(Rates::from((0, 1 << 30)).chunk_bytes(), RELAY_BUFFER_BYTES);
        assert_eq!(
            Rates::from((100_000, 0)).chunk_bytes(),
            RELAY_CHUNK_BYTES_MIN
        );
        let between = Rates::from((1 << 30, RELAY_TURNS_A_SECOND * 20_000));
        assert_eq!(between.chunk_bytes(), 20_000);
        assert!(Rates::from((0, 0)).shared.is_none());
    }
}
