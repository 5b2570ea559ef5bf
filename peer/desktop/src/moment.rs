//! Times as people say them, and the one place where this package reads the clock.
//!
//! Now and the time zone are arguments everywhere else. A time that no calendar knows comes from a wrong clock and
//! becomes no words at all.

use hutong_common::text::Lang;
use hutong_common::text::desktop::chat::ChatText;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::time::Instant;

/// Unix milliseconds.
pub fn now_ms() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default()
}

/// A moment to measure from.
#[expect(clippy::disallowed_methods, reason = "the clock is read here")]
pub(crate) fn tick() -> Instant {
    Instant::now()
}

/// Where now comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The computer's clock and its time zone.
    System(TimeZone),
    /// A clock that stands still, Unix milliseconds.
    Still(u64, TimeZone),
}

impl Clock {
    /// The computer's.
    pub fn system() -> Self {
        Self::System(TimeZone::system())
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> u64 {
        match self {
            Self::System(_) => now_ms(),
            Self::Still(ms, _) => *ms,
        }
    }

    /// The zone in which times are told.
    pub fn zone(&self) -> &TimeZone {
        match self {
            Self::System(zone) | Self::Still(_, zone) => zone,
        }
    }

    /// Today.
    pub fn day(&self) -> Option<Date> {
        day(self.now_ms(), self.zone())
    }
}

fn zoned(unix_ms: u64, zone: &TimeZone) -> Option<Zoned> {
    let ms = i64::try_from(unix_ms).ok()?;
    let time = Timestamp::from_millisecond(ms).ok()?;
    Some(time.to_zoned(zone.clone()))
}

/// The day of the calendar on which it was.
pub fn day(unix_ms: u64, zone: &TimeZone) -> Option<Date> {
    zoned(unix_ms, zone).map(|time| time.date())
}

/// `15:04`.
pub fn time_of_day(unix_ms: u64, zone: &TimeZone) -> String {
    zoned(unix_ms, zone).map_or_else(String::new, |time| hours_and_minutes(&time))
}

/// Minutes after midnight.
pub fn minute_of_day(unix_ms: u64, zone: &TimeZone) -> Option<u16> {
    let time = zoned(unix_ms, zone)?;
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).ok()
}

fn hours_and_minutes(time: &Zoned) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// When a day begins that is written as `2026-11-22` (or with `.` or `/`), Unix milliseconds; none when it is no day.
pub fn day_begins(written: &str, zone: &TimeZone) -> Option<u64> {
    let day: Date = written.trim().replace(['.', '/'], "-").parse().ok()?;
    let begin = day.to_zoned(zone.clone()).ok()?;
    u64::try_from(begin.timestamp().as_millisecond()).ok()
}

/// `2026-11-22 14:03`, in this computer's zone.
pub fn full(unix_ms: u64) -> String {
    hutong_common::text::time::time(unix_ms, TimeZone::system())
}

/// As short as people say it: the time alone today, then yesterday, the weekday, the date, the date with its year.
pub fn friendly(unix_ms: u64, now_ms: u64, zone: &TimeZone, lang: Lang) -> String {
    let (Some(then), Some(now)) = (zoned(unix_ms, zone), zoned(now_ms, zone)) else {
        return String::new();
    };
    let time = hours_and_minutes(&then);
    let days_ago = now.date().duration_since(then.date()).as_hours() / 24;
    match days_ago {
        0 => time,
        1 => ChatText::Yesterday { time: &time }.say(lang),
        2..=6 => on_weekday(then.weekday(), &time, lang),
        _ => on_date(then.date(), now.year(), &time, lang),
    }
}

fn on_weekday(weekday: Weekday, time: &String, lang: Lang) -> String {
    let sentence = match weekday {
        Weekday::Monday => ChatText::Monday { time },
        Weekday::Tuesday => ChatText::Tuesday { time },
        Weekday::Wednesday => ChatText::Wednesday { time },
        Weekday::Thursday => ChatText::Thursday { time },
        Weekday::Friday => ChatText::Friday { time },
        Weekday::Saturday => ChatText::Saturday { time },
        Weekday::Sunday => ChatText::Sunday { time },
    };
    sentence.say(lang)
}

fn on_date(date: Date, this_year: i16, time: &String, lang: Lang) -> String {
    let month = match lang {
        Lang::En => date.strftime("%b").to_string(),
        Lang::Zh => date.month().to_string(),
    };
    let (year, month, day) = (&date.year(), &month, &date.day());
    if *year == this_year {
        ChatText::ThisYear { month, day, time }.say(lang)
    } else {
        ChatText::OtherYear {
            year,
            month,
            day,
            time,
        }
        .say(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn ms(year: i16, month: i8, day: i8, hour: i8) -> u64 {
        let time = date(year, month, day)
            .at(hour, 4, 0, 0)
            .to_zoned(shanghai());
        u64::try_from(time.unwrap().timestamp().as_millisecond()).unwrap()
    }

    fn shanghai() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(8))
    }

    #[test]
    fn times_are_said_as_short_as_they_are_clear() {
        // A Wednesday.
        let now = ms(2026, 11, 25, 16);
        for (then, en, zh) in [
            (ms(2026, 11, 25, 15), "15:04", "15:04"),
            (ms(2026, 11, 25, 0), "00:04", "00:04"),
            (ms(2026, 11, 24, 23), "Yesterday 23:04", "昨天 23:04"),
            (ms(2026, 11, 23, 9), "Monday 09:04", "星期一 09:04"),
            (ms(2026, 11, 19, 9), "Thursday 09:04", "星期四 09:04"),
            (ms(2026, 11, 18, 9), "18 Nov 09:04", "11月18日 09:04"),
            (
                ms(2025, 12, 31, 9),
                "31 Dec 2025 09:04",
                "2025年12月31日 09:04",
            ),
            // A clock that runs ahead.
            (ms(2026, 11, 26, 9), "26 Nov 09:04", "11月26日 09:04"),
            (u64::MAX, "", ""),
        ] {
            assert_eq!(friendly(then, now, &shanghai(), Lang::En), en);
            assert_eq!(friendly(then, now, &shanghai(), Lang::Zh), zh);
        }
    }

    #[test]
    fn a_day_can_be_written_in_several_ways() {
        let begin = ms(2026, 11, 22, 0) - 4 * 60_000;
        for written in ["2026-11-22", " 2026.11.22 ", "2026/11/22"] {
            assert_eq!(day_begins(written, &shanghai()), Some(begin), "{written}");
        }
        for written in ["", "22", "2026-13-01", "yesterday"] {
            assert_eq!(day_begins(written, &shanghai()), None, "{written}");
        }
    }

    #[test]
    fn a_day_begins_at_the_midnight_of_the_place() {
        let late = ms(2026, 11, 25, 23);
        assert_eq!(day(late, &shanghai()), Some(date(2026, 11, 25)));
        assert_eq!(day(late + 3_600_000, &shanghai()), Some(date(2026, 11, 26)));
        assert_eq!(day(late, &TimeZone::UTC), Some(date(2026, 11, 25)));
    }
}
