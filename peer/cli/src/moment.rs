//! Places in a conversation as people name them: a message, a time, a day of the calendar, today.
//!
//! Parsing is for `args`; which time a day means needs the clock and the time zone, which `commands` have.

use hutong_engine::api::command::Position;
use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use std::str::FromStr;

/// A place as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A message's id or Unix milliseconds, as the agent takes them.
    Exact(String),
    /// A local time.
    At(DateTime),
    /// The beginning of a day.
    Day(Date),
    /// The beginning of the day so many days ago.
    DaysAgo(i32),
}

/// Not a place in a conversation.
#[derive(Debug, thiserror::Error)]
#[error("2026-11-25 | '2026-11-25 14:30' | today | yesterday | 今天 | 昨天 | ID")]
pub(crate) struct BadMoment;

impl FromStr for Moment {
    type Err = BadMoment;

    fn from_str(text: &str) -> Result<Self, BadMoment> {
        match text.trim().to_lowercase().as_str() {
            "today" | "今天" => return Ok(Self::DaysAgo(0)),
            "yesterday" | "昨天" => return Ok(Self::DaysAgo(1)),
            _ => {}
        }
        let text = text.trim();
        if text.parse::<Position>().is_ok() {
            return Ok(Self::Exact(text.to_owned()));
        }
        let has_time = text.contains(':');
        match (text.parse::<DateTime>(), text.parse::<Date>()) {
            (Ok(time), _) if has_time => Ok(Self::At(time)),
            (_, Ok(day)) => Ok(Self::Day(day)),
            (_, Err(_)) => Err(BadMoment),
        }
    }
}

impl Moment {
    /// The position as the agent takes it; none for a time before 1970, or one that no clock shows.
    pub(crate) fn position(&self, now: &Zoned) -> Option<String> {
        let time = match self {
            Self::Exact(text) => return Some(text.clone()),
            Self::At(time) => *time,
            Self::Day(day) => day.to_datetime(jiff::civil::Time::midnight()),
            Self::DaysAgo(days) => {
                let day = now.date().saturating_sub(jiff::Span::new().days(*days));
                day.to_datetime(jiff::civil::Time::midnight())
            }
        };
        let zoned = time.to_zoned(now.time_zone().clone()).ok()?;
        let ms = u64::try_from(zoned.timestamp().as_millisecond()).ok()?;
        Some(ms.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    /// 2026-11-25 14:03 in Shanghai.
    fn now() -> Zoned {
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        jiff::civil::date(2026, 11, 25)
            .at(14, 3, 0, 0)
            .to_zoned(shanghai)
            .unwrap()
    }

    fn position(text: &str) -> Option<String> {
        text.parse::<Moment>().ok()?.position(&now())
    }

    #[test]
    fn days_and_times_are_those_of_the_place() {
        let midnight_ms = 1_795_536_000_000_u64;
        for (text, ms) in [
            ("2026-11-25", midnight_ms),
            ("today", midnight_ms),
            ("今天", midnight_ms),
            ("Yesterday", midnight_ms - 86_400_000),
            ("昨天", midnight_ms - 86_400_000),
            ("2026-11-25 14:30", midnight_ms + 52_200_000),
            ("2026-11-25T14:30:05", midnight_ms + 52_205_000),
        ] {
            assert_eq!(position(text), Some(ms.to_string()), "{text}");
        }
    }

    #[test]
    fn what_programs_write_stays_as_it_is() {
        for text in ["1790000000000", "01920000-0000-7000-8000-000000000000"] {
            assert_eq!(position(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["then", "", "2026-13-01", "2026-11-25 25:00", "14:30", "-5"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        assert_eq!(position("1969-12-30"), None);
    }
}
