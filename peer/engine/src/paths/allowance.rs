//! How much goes to addresses from which nothing ever came: little, so that nobody is flooded through us.

use hutong_common::limits::{PATH_UNANSWERED_BURST_MAX, PATH_UNANSWERED_PER_SECOND_MAX};

/// How many packets may go to where nothing ever came from.
#[derive(Debug)]
pub(super) struct Allowance {
    left: u64,
    filled_us: u64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            left: PATH_UNANSWERED_BURST_MAX,
            filled_us: 0,
        }
    }
}

impl Allowance {
    /// Whether one more may go now.
    pub(super) fn take(&mut self, now_us: u64) -> bool {
        let passed_us = now_us.saturating_sub(self.filled_us);
        let new = passed_us * PATH_UNANSWERED_PER_SECOND_MAX / 1_000_000;
        if new > 0 {
            self.give_back(new);
            self.filled_us = now_us;
        }
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }

    /// What was answered does not count.
    pub(super) fn give_back(&mut self, count: u64) {
        self.left = (self.left + count).min(PATH_UNANSWERED_BURST_MAX);
    }
}
