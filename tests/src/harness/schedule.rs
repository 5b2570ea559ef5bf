//! The virtual clock: what happens next, in the order of (time, sequence number).
//!
//! Used by the simulation alone. Time moves only when the next thing is taken; two things of one moment happen in the
//! order in which they were planned, so a seed always gives the same run.

use std::collections::BTreeMap;

/// Things to come.
#[derive(Debug)]
pub struct Schedule<T> {
    now_us: u64,
    planned: u64,
    queue: BTreeMap<(u64, u64), T>,
}

impl<T> Default for Schedule<T> {
    fn default() -> Self {
        Self {
            now_us: 0,
            planned: 0,
            queue: BTreeMap::new(),
        }
    }
}

impl<T> Schedule<T> {
    /// Virtual microseconds since the beginning.
    pub const fn now_us(&self) -> u64 {
        self.now_us
    }

    /// Plans `what` for a moment; one that is past means now.
    pub fn at(&mut self, at_us: u64, what: T) {
        self.planned += 1;
        self.queue
            .insert((at_us.max(self.now_us), self.planned), what);
    }

    /// Plans `what` for later.
    pub fn after(&mut self, delay_us: u64, what: T) {
        self.at(self.now_us.saturating_add(delay_us), what);
    }

    /// Moves on to the next thing that happens no later than `end_us`, or to `end_us` when there is none.
    pub fn next(&mut self, end_us: u64) -> Option<T> {
        let due = self
            .queue
            .first_key_value()
            .is_some_and(|(key, _)| key.0 <= end_us);
        if !due {
            self.now_us = self.now_us.max(end_us);
            return None;
        }
        let ((at_us, _), what) = self.queue.pop_first()?;
        self.now_us = at_us;
        Some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_happen_in_the_order_of_time_and_then_of_planning() {
        let mut schedule = Schedule::default();
        schedule.after(20, "c");
        schedule.after(10, "a");
        schedule.after(10, "b");
        assert_eq!(schedule.next(15), Some("a"));
        assert_eq!(schedule.next(15), Some("b"));
        assert_eq!((schedule.next(15), schedule.now_us()), (None, 15));
        assert_eq!((schedule.next(99), schedule.now_us()), (Some("c"), 20));
    }
}
