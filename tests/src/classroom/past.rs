//! Moves what was just said into the days before, so that a conversation looks lived in.
//!
//! A home keeps what it verified and asks no further, so a row may say another time. Its place in the order stays, and so does
//! everything that refers to it.

use crate::driver::wall_clock_ms;
use anyhow::Context;
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::AccountId;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DAY_MS, HISTORY_PAGE_MAX, HOUR_MS, MINUTE_MS};
use hutong_common::message::Inner;
use hutong_common::signed::Signed;
use hutong_engine::store::messages::{MessageRow, Place};
use hutong_engine::store::{Direction, Store, Tx};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::Path;

/// Over so many days the conversations went.
const DAYS: u64 = 6;

/// Spreads every conversation of this home, whose engine must not run, over the last days. The last `recent` messages of each
/// stay where they are.
pub(super) fn spread(home: &Path, recent: usize) -> anyhow::Result<()> {
    let store = Store::open(&home.join("home.redb"))?;
    let mut tx = store.begin();
    let contacts = tx.contacts()?;
    for (number, (account, _)) in (0..).zip(contacts) {
        spread_one(&mut tx, account, (number, recent))?;
    }
    Ok(tx.commit()?)
}

fn spread_one(
    tx: &mut Tx,
    account: AccountId,
    (number, recent): (u64, usize),
) -> anyhow::Result<()> {
    let all = (Place::FIRST, Place::LAST);
    let rows = tx.messages_between(account, all, Direction::Forward, HISTORY_PAGE_MAX)?;
    let old = rows.len().saturating_sub(recent);
    let pen = KeyPair::generate(&mut SeededEntropy::from_number(1));
    for (at, (place, row)) in (0_u64..).zip(rows).take(old) {
        let mut inner: Inner = row.signed.peek_unverified()?;
        inner.sent_ms = when((at, old as u64), number, wall_clock_ms())?;
        let row = MessageRow {
            signed: Signed::new(&inner, &pen),
            ..row
        };
        tx.put_message(account, place, &row)?;
    }
    Ok(())
}

/// A time on one of the last days for the message at this place of so many; never before the one before it.
fn when((at, all): (u64, u64), number: u64, now_ms: u64) -> anyhow::Result<u64> {
    let a_day = all.div_ceil(DAYS).max(1);
    let left = all - 1 - at;
    // Not everybody said something today.
    let (days_ago, left_that_day) = (left / a_day + number / 4, left % a_day);
    let step = MINUTE_MS + number * 7_000;
    if days_ago == 0 {
        return Ok(now_ms - (number + 2) * 9 * MINUTE_MS - left_that_day * step);
    }
    let now = Timestamp::from_millisecond(i64::try_from(now_ms)?)?.to_zoned(TimeZone::system());
    let midnight = now.start_of_day()?.timestamp().as_millisecond();
    let midnight = u64::try_from(midnight).context("a time after 1970")?;
    let evening = midnight - days_ago * DAY_MS + 17 * HOUR_MS + number * 11 * MINUTE_MS;
    Ok(evening - left_that_day * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_messages_lie_in_the_past_and_in_their_order_at_any_hour() -> anyhow::Result<()> {
        const NOON: u64 = 1_795_608_000_000;
        for hour in 0..24 {
            let now_ms = NOON + hour * HOUR_MS;
            for (number, all) in [(0, 1), (0, 40), (3, 29), (8, 31)] {
                let times: Result<Vec<u64>, _> =
                    (0..all).map(|at| when((at, all), number, now_ms)).collect();
                let times = times?;
                assert!(times.is_sorted(), "{hour} {number} {all}");
                assert!(times.iter().all(|at| *at < now_ms), "{hour} {number} {all}");
            }
        }
        Ok(())
    }
}
