//! The only place of this package that reads the clock: how long something may take, and how long it took.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[expect(
    clippy::disallowed_methods,
    reason = "real programs run in real time; this file reads the clock for the whole package"
)]
fn now() -> Instant {
    Instant::now()
}

/// What the clock on the wall says, Unix milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "cards and reports carry the date, and real programs look at the same clock"
)]
pub fn wall_clock_ms() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since_1970.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// A moment after which nobody waits any longer.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// The moment that lies so far ahead.
    pub fn after(pause: Duration) -> Self {
        Self(now() + pause)
    }

    /// What is left until then; nothing once it has passed.
    pub fn left(self) -> Option<Duration> {
        self.0
            .checked_duration_since(now())
            .filter(|left| !left.is_zero())
    }
}

/// Measures from when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(now())
    }

    /// How long it runs.
    pub fn elapsed(self) -> Duration {
        now().saturating_duration_since(self.0)
    }
}
