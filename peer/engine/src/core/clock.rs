//! What time it is: the rendezvous' time plus the time since, never this computer's clock alone; and the hybrid logical
//! clock by which messages are ordered.

use super::io::Now;
use crate::store::home::{CLOCK, ClockRow, LOGICAL_CLOCK};
use crate::store::{StoreError, Tx};
use hutong_common::limits::{CLOCK_AHEAD_MS, CLOCK_BEHIND_MS, CLOCK_WARN_MS};

/// Bits of the counter in a logical clock.
const COUNTER_BITS: u32 = 16;

/// The two clocks.
#[derive(Debug)]
pub(super) struct Clock {
    base_ms: u64,
    base_mono_ms: u64,
    logical: u64,
    warned: bool,
    /// Whether the rendezvous said in this run what time it is.
    heard: bool,
}

impl Clock {
    /// Goes on from what was saved. Between two runs only this computer's clock counts time; it can move ours forward,
    /// never back behind what the rendezvous last said.
    pub(super) fn open(now: Now, tx: &mut Tx) -> Result<Self, StoreError> {
        let base_ms = match tx.single(CLOCK)? {
            Some(ClockRow { server_ms, wall_ms }) => {
                server_ms.saturating_add(now.wall_ms.saturating_sub(wall_ms))
            }
            None => now.wall_ms,
        };
        Ok(Self {
            base_ms,
            base_mono_ms: now.mono_ms,
            logical: tx.single(LOGICAL_CLOCK)?.unwrap_or(0),
            warned: false,
            heard: false,
        })
    }

    /// Unix milliseconds at the rendezvous.
    pub(super) const fn now_ms(&self, now: Now) -> u64 {
        self.base_ms
            .saturating_add(now.mono_ms.saturating_sub(self.base_mono_ms))
    }

    /// The rendezvous said what time it is. Says whether this computer's clock is so wrong that a person should know.
    pub(super) fn set(
        &mut self,
        server_ms: u64,
        now: Now,
        tx: &mut Tx,
    ) -> Result<bool, StoreError> {
        self.base_ms = server_ms;
        self.base_mono_ms = now.mono_ms;
        self.heard = true;
        let wall_ms = now.wall_ms;
        tx.set_single(CLOCK, &ClockRow { server_ms, wall_ms })?;
        let is_off = server_ms.abs_diff(wall_ms) > CLOCK_WARN_MS;
        let is_news = is_off && !self.warned;
        self.warned = is_off;
        Ok(is_news)
    }

    /// How far this computer's clock is ahead of the rendezvous', once that was heard.
    pub(super) fn ahead_ms(&self, now: Now) -> Option<i64> {
        let ahead = i128::from(now.wall_ms) - i128::from(self.now_ms(now));
        self.heard.then(|| i64::try_from(ahead).unwrap_or(i64::MAX))
    }

    /// The logical time of something written now.
    pub(super) fn tick(&mut self, now: Now, tx: &mut Tx) -> Result<u64, StoreError> {
        let physical = logical_of(self.now_ms(now));
        self.logical = physical.max(self.logical.saturating_add(1));
        tx.set_single(LOGICAL_CLOCK, &self.logical)?;
        Ok(self.logical)
    }

    /// Where something received is placed: under its own logical time when that is believable, else by its arrival.
    /// `newest` is the newest order shown in its conversation.
    pub(super) fn place(
        &mut self,
        remote: u64,
        newest: u64,
        now: Now,
        tx: &mut Tx,
    ) -> Result<u64, StoreError> {
        let remote_ms = millis_of(remote);
        let ahead = remote_ms > self.now_ms(now).saturating_add(CLOCK_AHEAD_MS);
        let behind = remote_ms.saturating_add(CLOCK_BEHIND_MS) < millis_of(newest);
        if ahead || behind {
            return self.tick(now, tx);
        }
        if remote > self.logical {
            self.logical = remote;
            tx.set_single(LOGICAL_CLOCK, &self.logical)?;
        }
        Ok(remote)
    }
}

/// The smallest logical time of a millisecond.
pub(super) const fn logical_of(ms: u64) -> u64 {
    if ms > u64::MAX >> COUNTER_BITS {
        u64::MAX
    } else {
        ms << COUNTER_BITS
    }
}

pub(super) const fn millis_of(logical: u64) -> u64 {
    logical >> COUNTER_BITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use hutong_common::limits::MINUTE_MS;

    const NOW: Now = Now {
        wall_ms: 1_000_000_000,
        mono_ms: 50,
    };

    fn later(ms: u64) -> Now {
        Now {
            wall_ms: NOW.wall_ms + ms,
            mono_ms: NOW.mono_ms + ms,
        }
    }

    #[test]
    fn the_rendezvous_time_counts_and_a_wrong_clock_is_told_once() {
        let tx = &mut Store::in_memory().unwrap().begin();
        let mut clock = Clock::open(NOW, tx).unwrap();
        assert_eq!(clock.now_ms(later(5)), NOW.wall_ms + 5);
        let server_ms = NOW.wall_ms + 10 * MINUTE_MS;
        assert!(clock.set(server_ms, NOW, tx).unwrap());
        assert!(!clock.set(server_ms, NOW, tx).unwrap());
        assert_eq!(clock.now_ms(later(5)), server_ms + 5);
        let set_back = Now {
            wall_ms: 3,
            mono_ms: 7,
        };
        let reopened = Clock::open(set_back, tx).unwrap();
        assert_eq!(reopened.now_ms(set_back), server_ms);
    }

    #[test]
    fn unbelievable_times_are_placed_by_arrival() {
        let tx = &mut Store::in_memory().unwrap().begin();
        let mut clock = Clock::open(NOW, tx).unwrap();
        let mine = clock.tick(NOW, tx).unwrap();
        let soon = logical_of(NOW.wall_ms + MINUTE_MS);
        assert_eq!(clock.place(soon, mine, NOW, tx).unwrap(), soon);
        assert_eq!(clock.tick(NOW, tx).unwrap(), soon + 1);
        let far = logical_of(NOW.wall_ms + CLOCK_AHEAD_MS + 1);
        assert_eq!(clock.place(far, soon, NOW, tx).unwrap(), soon + 2);
        let old = logical_of(NOW.wall_ms - CLOCK_BEHIND_MS - 1);
        assert_eq!(clock.place(old, mine, NOW, tx).unwrap(), soon + 3);
        let late = logical_of(NOW.wall_ms - MINUTE_MS);
        assert_eq!(clock.place(late, mine, NOW, tx).unwrap(), late);
    }
}
