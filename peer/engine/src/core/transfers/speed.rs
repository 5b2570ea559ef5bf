//! How fast a transfer is, for people: smoothed over the last seconds.
//!
//! Kept by the core for what runs; nothing is decided by it.

use hutong_common::limits::FILE_RATE_INTERVAL_MS;

/// How fast bytes come or go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speed {
    at_ms: u64,
    done: u64,
    per_second: Option<u64>,
}

impl Speed {
    /// Begins with so many bytes there.
    pub(super) const fn begin(done: u64, now_ms: u64) -> Self {
        Self {
            at_ms: now_ms,
            done,
            per_second: None,
        }
    }

    /// So many bytes are there now.
    pub(super) fn see(&mut self, done: u64, now_ms: u64) {
        let passed_ms = now_ms.saturating_sub(self.at_ms);
        if passed_ms < FILE_RATE_INTERVAL_MS {
            return;
        }
        let new = done.saturating_sub(self.done).saturating_mul(1_000) / passed_ms;
        self.per_second = Some(self.per_second.map_or(new, |old| old / 2 + new / 2));
        (self.at_ms, self.done) = (now_ms, done);
    }

    /// Bytes per second; none before there was time to measure.
    pub(super) const fn per_second(&self) -> Option<u64> {
        self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_told_as_it_is_and_a_stop_shows_soon() {
        let mut speed = Speed::begin(5_000_000, 1_000);
        assert_eq!(speed.per_second(), None);
        for tenth in 1..=20 {
            speed.see(5_000_000 + tenth * 100_000, 1_000 + tenth * 100);
        }
        assert_eq!(speed.per_second(), Some(1_000_000));
        speed.see(7_000_000, 4_000);
        speed.see(7_000_000, 5_000);
        assert_eq!(speed.per_second(), Some(250_000));
    }
}
