//! What stands around a message because of its neighbours: the time above it, the line of what is new, whether it begins
//! a group of one writer, and whether its delivery mark is always shown.

use crate::model::chat::{Conversation, Row};
use crate::moment::{self, Clock};
use hutong_common::limits::TIME_BETWEEN_MS;
use hutong_common::text::Lang;

/// What stands around one message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Around {
    /// The time above it.
    pub(super) time: Option<String>,
    /// The line below which everything is new.
    pub(super) is_first_new: bool,
    /// Whether the face stands beside it.
    pub(super) begins_group: bool,
    /// Whether its mark is shown without the mouse.
    pub(super) shows_mark: bool,
    /// Whether nothing follows: it keeps away from the edge.
    pub(super) is_last: bool,
}

impl Around {
    pub(super) fn of(talk: &Conversation, index: usize, clock: &Clock, lang: Lang) -> Self {
        let Some(row) = talk.rows.get(index) else {
            return Self::default();
        };
        let before = index
            .checked_sub(1)
            .and_then(|before| talk.rows.get(before));
        let after = talk.rows.get(index + 1);
        let shows_time = before.is_none_or(|before| are_apart(before, row, clock));
        let time =
            shows_time.then(|| moment::friendly(row.sent_ms, clock.now_ms(), clock.zone(), lang));
        // One's own words are never new.
        let is_first_new =
            !row.mine && before.is_some_and(|before| talk.read_to == Some(before.id));
        let begins_group =
            shows_time || is_first_new || before.is_none_or(|before| !is_same_writer(before, row));
        // In a run of own messages that got equally far, the last one speaks for all.
        let speaks = after.is_none_or(|after| {
            !after.mine || !are_as_far(after, row) || are_apart(row, after, clock)
        });
        Self {
            time,
            is_first_new,
            begins_group,
            shows_mark: row.mine && speaks,
            is_last: after.is_none(),
        }
    }
}

fn is_same_writer(one: &Row, other: &Row) -> bool {
    one.mine == other.mine && one.from == other.from
}

fn are_as_far(one: &Row, other: &Row) -> bool {
    one.state == other.state && one.tally() == other.tally()
}

fn are_apart(one: &Row, other: &Row, clock: &Clock) -> bool {
    one.sent_ms.abs_diff(other.sent_ms) > TIME_BETWEEN_MS
        || moment::day(one.sent_ms, clock.zone()) != moment::day(other.sent_ms, clock.zone())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use hutong_engine::api::event::DeliveryState;

    fn around(talk: &Conversation) -> Vec<Around> {
        (0..talk.rows.len())
            .map(|index| Around::of(talk, index, &sample::clock(), Lang::En))
            .collect()
    }

    #[test]
    fn times_stand_where_talk_paused_or_a_day_began() {
        let minutes = [0_u64, 4, 10, 11];
        let start = sample::NOW - 20 * 60_000;
        let rows = minutes.map(|minute| sample::text(minute, false, start + minute * 60_000, "x"));
        let mut talk = sample::talk(rows.to_vec());
        let times: Vec<bool> = around(&talk)
            .iter()
            .map(|around| around.time.is_some())
            .collect();
        assert_eq!(times, [true, false, true, false]);
        let midnight = sample::TODAY;
        talk.rows = [midnight - 1_000, midnight]
            .map(|ms| sample::text(ms, false, ms, "x"))
            .to_vec()
            .into();
        let times: Vec<Option<String>> = around(&talk)
            .into_iter()
            .map(|around| around.time)
            .collect();
        assert_eq!(
            times,
            [Some("Yesterday 23:59".to_owned()), Some("00:00".to_owned())]
        );
    }

    #[test]
    fn a_group_begins_with_another_writer_a_time_or_the_line_of_what_is_new() {
        let at = sample::NOW - 60_000;
        let mine = [false, false, true, true, false, false];
        let rows: Vec<Row> = (0..6)
            .map(|i| sample::text(i, mine[i as usize], at + i, "x"))
            .collect();
        let mut talk = sample::talk(rows);
        talk.read_to = Some(talk.rows[4].id);
        let begins: Vec<bool> = around(&talk)
            .iter()
            .map(|around| around.begins_group)
            .collect();
        assert_eq!(begins, [true, false, true, false, true, true]);
        let new: Vec<bool> = around(&talk)
            .iter()
            .map(|around| around.is_first_new)
            .collect();
        assert_eq!(new, [false, false, false, false, false, true]);
        talk.read_to = Some(talk.rows[2].id);
        assert!(
            around(&talk).iter().all(|around| !around.is_first_new),
            "own words are not new"
        );
    }

    #[test]
    fn the_last_of_equal_marks_speaks_for_all() {
        let at = sample::NOW - 60_000;
        let states = [
            DeliveryState::Shown,
            DeliveryState::Shown,
            DeliveryState::Delivered,
            DeliveryState::Delivered,
        ];
        let rows = (0..4).map(|i| {
            let state = Some(states[i as usize]);
            Row {
                state,
                ..sample::text(i, true, at + i, "x")
            }
        });
        let shows: Vec<bool> = around(&sample::talk(rows.collect()))
            .iter()
            .map(|around| around.shows_mark)
            .collect();
        assert_eq!(shows, [false, true, false, true]);
    }
}
