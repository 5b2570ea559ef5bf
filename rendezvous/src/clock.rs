//! The one place of this package that reads a clock: the shells ask here, the service gets times as arguments.
//!
//! The time is the computer's when the program starts, and what has passed since. A computer that slept is followed, and
//! so is any jump forward that a start would accept; a jump back, or far ahead, is not: what was signed would be older
//! than what was signed before it, or everything would expire. Each jump is told once.

#![expect(
    clippy::disallowed_methods,
    reason = "somebody has to look at the clock, and it is this file"
)]

use crate::service::Context;
use crate::store::Tx;
use hutong_common::entropy::OsEntropy;
use hutong_common::limits::{CLOCK_JUMP_MAX_MS, CLOCK_WARN_MS};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A jump of the computer's clock, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jump {
    /// It was followed.
    Ahead(u64),
    /// Too far ahead to be followed.
    FarAhead(u64),
    /// Never followed.
    Back(u64),
}

/// The time as the rendezvous keeps it.
#[derive(Clone, Copy, Debug)]
struct Clock {
    wall_ms: u64,
    /// What a clock that never jumps said then.
    steady_ms: u64,
    is_off: bool,
    jump: Option<Jump>,
}

impl Clock {
    const fn new(wall_ms: u64, steady_ms: u64) -> Self {
        Self {
            wall_ms,
            steady_ms,
            is_off: false,
            jump: None,
        }
    }

    fn read(&mut self, wall_ms: u64, steady_ms: u64) -> u64 {
        let passed_ms = steady_ms.saturating_sub(self.steady_ms);
        let kept_ms = self.wall_ms.saturating_add(passed_ms);
        let ahead_ms = wall_ms.saturating_sub(kept_ms);
        let back_ms = kept_ms.saturating_sub(wall_ms);
        let is_off = ahead_ms > CLOCK_JUMP_MAX_MS || back_ms > CLOCK_WARN_MS;
        if is_off && !self.is_off {
            self.jump = Some(if back_ms > 0 {
                Jump::Back(back_ms)
            } else {
                Jump::FarAhead(ahead_ms)
            });
        }
        self.is_off = is_off;
        if is_off || ahead_ms == 0 {
            return kept_ms;
        }
        if ahead_ms > CLOCK_WARN_MS {
            self.jump = Some(Jump::Ahead(ahead_ms));
        }
        (self.wall_ms, self.steady_ms) = (wall_ms, steady_ms);
        wall_ms
    }
}

static CLOCK: Mutex<Option<(Clock, Instant)>> = Mutex::new(None);

fn with_clock<T>(f: impl FnOnce(&mut Clock, u64, u64) -> T) -> T {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // Unix time in milliseconds, or 0 when the computer believes to be before 1970.
    let wall_ms = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
    let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let (clock, start) = clock.get_or_insert_with(|| (Clock::new(wall_ms, 0), Instant::now()));
    let steady_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    f(clock, wall_ms, steady_ms)
}

/// Unix time in milliseconds; it never goes back while the program runs.
pub(crate) fn now_ms() -> u64 {
    with_clock(Clock::read)
}

/// A jump of the computer's clock that nobody was told of.
pub(crate) fn take_jump() -> Option<Jump> {
    with_clock(|clock, _, _| clock.jump.take())
}

/// What the service is called with here and now.
pub(crate) fn context<'a>(tx: &'a mut Tx, entropy: &'a mut OsEntropy) -> Context<'a> {
    Context {
        tx,
        now_ms: now_ms(),
        entropy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::limits::{DAY_MS, HOUR_MS};

    const T: u64 = 1_790_000_000_000;

    #[test]
    fn a_computer_that_slept_is_followed_and_the_jump_is_told_once() {
        let mut clock = Clock::new(T, 50);
        assert_eq!(clock.read(T + 1_000, 1_050), T + 1_000);
        assert_eq!(clock.read(T + 8 * HOUR_MS, 2_050), T + 8 * HOUR_MS);
        assert_eq!(clock.jump.take(), Some(Jump::Ahead(8 * HOUR_MS - 2_000)));
        clock.read(T + 8 * HOUR_MS + 10, 2_060);
        assert_eq!(clock.jump, None);
    }

    #[test]
    fn time_never_goes_back() {
        let mut clock = Clock::new(T, 0);
        assert_eq!(clock.read(T - DAY_MS, 1_000), T + 1_000);
        assert_eq!(clock.jump.take(), Some(Jump::Back(DAY_MS + 1_000)));
        assert_eq!(clock.read(T - DAY_MS + 5_000, 6_000), T + 6_000);
        assert_eq!(clock.jump, None, "told once");
        // A small correction is waited out.
        assert_eq!(clock.read(T + 9_000, 10_000), T + 10_000);
        assert_eq!(clock.read(T + 11_500, 11_400), T + 11_500);
        assert_eq!(clock.jump, None);
    }

    #[test]
    fn a_jump_that_no_start_would_accept_is_not_followed() {
        let mut clock = Clock::new(T, 0);
        assert_eq!(clock.read(T + 400 * DAY_MS, 1_000), T + 1_000);
        assert_eq!(
            clock.jump.take(),
            Some(Jump::FarAhead(400 * DAY_MS - 1_000))
        );
        assert_eq!(clock.read(T + 2_000, 2_000), T + 2_000);
        assert_eq!(clock.jump, None);
    }
}
