//! Numbers that only grow (but for the clock), also across a restored backup: those that are signed or ordered by time follow the clock.

use super::tables::COUNTERS;
use super::{StoreError, Tx};

/// What is counted. The numbers are keys of a table: they stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter {
    Account = 1,
    Request = 2,
    MailRow = 3,
    ReceiptRow = 4,
    MembershipSerial = 5,
    RevocationsVersion = 6,
    Expiry = 7,
    /// Not a number of things: the newest time seen, Unix milliseconds.
    Clock = 8,
    Group = 9,
    Bulletin = 10,
}

impl Tx {
    /// The last value given out, or 0.
    pub(crate) fn last(&self, counter: Counter) -> Result<u64, StoreError> {
        Ok(self.get(COUNTERS, counter as u8)?.unwrap_or(0))
    }

    /// Gives out the next value, which is at least `at_least`.
    pub(crate) fn next(&mut self, counter: Counter, at_least: u64) -> Result<u64, StoreError> {
        let next = self.last(counter)?.saturating_add(1).max(at_least);
        self.put(COUNTERS, counter as u8, &next)?;
        Ok(next)
    }

    /// Sets the newest time seen, back if need be: a person has said that it was wrong.
    pub(crate) fn set_clock(&mut self, now_ms: u64) -> Result<(), StoreError> {
        self.put(COUNTERS, Counter::Clock as u8, &now_ms)
    }

    /// Moves a counter up to `value`; it never goes back.
    pub(crate) fn raise(&mut self, counter: Counter, value: u64) -> Result<(), StoreError> {
        if value > self.last(counter)? {
            self.put(COUNTERS, counter as u8, &value)?;
        }
        Ok(())
    }
}
