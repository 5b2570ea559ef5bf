//! Times as people read them: in this computer's time zone.

use hutong_common::text::time::time;
use jiff::tz::TimeZone;

/// A Unix time in milliseconds as `2026-11-22 14:03`.
pub fn local(unix_ms: u64) -> String {
    time(unix_ms, TimeZone::system())
}
