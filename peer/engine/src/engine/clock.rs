//! The one place of this package that reads the clocks.
//!
//! Used by the driver for the core's time, and by transfers for their reports.

use crate::core::io::Now;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clocks of this computer; copies tell the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    wall_offset_s: i64,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the shell is where the clock is read"
    )]
    pub(super) fn start(wall_offset_s: i64) -> Self {
        Self {
            started: Instant::now(),
            wall_offset_s,
        }
    }

    pub(super) fn mono_ms(self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the shell is where the clock is read"
    )]
    pub(super) fn now(self) -> Now {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let wall_ms = since.map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        });
        Now {
            wall_ms: wall_ms.saturating_add_signed(self.wall_offset_s.saturating_mul(1_000)),
            mono_ms: self.mono_ms(),
        }
    }

    /// How long until the monotonic time `at_ms`.
    pub(super) fn until(self, at_ms: u64) -> Duration {
        Duration::from_millis(at_ms.saturating_sub(self.mono_ms()))
    }
}
