//! The commands about the audit log; parsing only.

use clap::{Args as Group, Subcommand};
use hutong_common::limits::{DAY_MS, HOUR_MS};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `audit`.
#[derive(Debug, Group)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Audit {
    /// Only what happened since then
    #[arg(long, value_name = "DATE|7d|12h", value_parser = since)]
    pub since: Option<Since>,
    /// Print data as JSON
    #[arg(long)]
    pub json: bool,
    /// What else
    #[command(subcommand)]
    pub command: Option<AuditCommand>,
}

/// What else to do with the audit log.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no row was changed or taken out
    Verify {
        /// Print data as JSON
        #[arg(long)]
        json: bool,
    },
}

/// A time, or how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Unix milliseconds.
    At(u64),
    /// Milliseconds before now.
    Ago(u64),
}

impl Since {
    /// Unix milliseconds.
    pub const fn at_ms(self, now_ms: u64) -> u64 {
        match self {
            Self::At(at_ms) => at_ms,
            Self::Ago(ms) => now_ms.saturating_sub(ms),
        }
    }
}

fn since(typed: &str) -> Result<Since, &'static str> {
    const EXPECTED: &str = "such as 2026-11-25, 7d or 12h";
    let ago = |count: &str, unit_ms: u64| {
        let count: u64 = count.parse().map_err(|_| EXPECTED)?;
        Ok(Since::Ago(count.saturating_mul(unit_ms)))
    };
    if let Some(days) = typed.strip_suffix('d') {
        return ago(days, DAY_MS);
    }
    if let Some(hours) = typed.strip_suffix('h') {
        return ago(hours, HOUR_MS);
    }
    let date: Date = typed.parse().map_err(|_| EXPECTED)?;
    let midnight = date.to_zoned(TimeZone::system()).map_err(|_| EXPECTED)?;
    let at_ms = u64::try_from(midnight.timestamp().as_millisecond());
    Ok(Since::At(at_ms.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_date_or_how_long_ago_it_was() {
        assert_eq!(since("7d"), Ok(Since::Ago(7 * DAY_MS)));
        assert_eq!(since("12h"), Ok(Since::Ago(12 * HOUR_MS)));
        assert_eq!(Since::Ago(5).at_ms(3), 0);
        let Ok(Since::At(at_ms)) = since("2026-11-25") else {
            panic!("a date")
        };
        let noon_ms: u64 = 1_795_608_000_000;
        assert!(at_ms.abs_diff(noon_ms) <= 26 * HOUR_MS, "{at_ms}");
        for bad in ["", "d", "yesterday", "2026-13-01", "7 d"] {
            assert!(since(bad).is_err(), "{bad}");
        }
    }
}
