//! Times as people read them: to the minute, in the zone that the caller names.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A Unix time in milliseconds as `2026-11-22 14:03`.
pub fn time(unix_ms: u64, zone: TimeZone) -> String {
    // A time that no calendar knows comes from a wrong clock: shown as it is.
    i64::try_from(unix_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map_or_else(
            || unix_ms.to_string(),
            |time| time.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_zone_and_impossible_ones_harmless() {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(time(1_790_000_000_000, shanghai), "2026-09-21 22:13");
        assert_eq!(time(u64::MAX, TimeZone::UTC), u64::MAX.to_string());
    }
}
