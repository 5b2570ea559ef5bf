//! What changed between two states of a conversation, in as few words as the list needs: it was left for another one, older
//! rows came before, newer ones after, or something else. Rows that changed in place are found when they are laid out.

use super::column::Column;
use crate::model::chat::{Conversation, Row, Rows};
use hutong_common::id::MsgId;
use std::collections::BTreeMap;

/// What happened to the order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Another conversation.
    Other,
    /// So many older rows before all that were there, so many newer ones after them.
    Grown { before: usize, after: usize },
    /// Rows came or went in the middle.
    Mixed,
}

impl Change {
    pub(super) fn between(old: &Conversation, new: &Conversation) -> Self {
        if old.with != new.with {
            return Self::Other;
        }
        let (Some(first), Some(last)) = (old.rows.front(), old.rows.back()) else {
            return Self::Other;
        };
        let before = new.rows.iter().position(|row| row.id == first.id);
        let after = new.rows.iter().rev().position(|row| row.id == last.id);
        match (before, after) {
            (Some(before), Some(after)) if before + old.rows.len() + after == new.rows.len() => {
                Self::Grown { before, after }
            }
            _ => Self::Mixed,
        }
    }
}

/// Brings the heights of a list into the order of its new rows: known ones stay known.
pub(super) fn reorder(
    column: &mut Column,
    (old, new): (&Rows, &Rows),
    estimate: impl Fn(&Row) -> f64,
) {
    let known: BTreeMap<MsgId, f64> = old
        .iter()
        .enumerate()
        .map(|(index, row)| (row.id, column.height_of(index)))
        .collect();
    let heights = new
        .iter()
        .map(|row| known.get(&row.id).copied().unwrap_or_else(|| estimate(row)));
    let heights: Vec<f64> = heights.collect();
    // The first row that was seen and is still there is held on to.
    let seen = old
        .iter()
        .skip(column.first())
        .find_map(|row| new.iter().position(|other| other.id == row.id));
    column.replace(heights, seen);
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn talk(numbers: impl IntoIterator<Item = u64>) -> Conversation {
        sample::talk(
            numbers
                .into_iter()
                .map(|number| sample::text(number, false, number, "x"))
                .collect(),
        )
    }

    #[test]
    fn growth_is_told_from_everything_else() {
        let old = talk(10..20);
        for (new, change) in [
            (
                talk(10..20),
                Change::Grown {
                    before: 0,
                    after: 0,
                },
            ),
            (
                talk(4..20),
                Change::Grown {
                    before: 6,
                    after: 0,
                },
            ),
            (
                talk(10..23),
                Change::Grown {
                    before: 0,
                    after: 3,
                },
            ),
            (
                talk(9..21),
                Change::Grown {
                    before: 1,
                    after: 1,
                },
            ),
            (talk(11..20), Change::Mixed),
            (talk([10, 11, 99].into_iter().chain(12..20)), Change::Mixed),
            (talk([]), Change::Mixed),
            (
                Conversation {
                    with: "other".into(),
                    ..talk(10..20)
                },
                Change::Other,
            ),
        ] {
            assert_eq!(Change::between(&old, &new), change, "{:?}", new.rows.len());
        }
        assert_eq!(Change::between(&talk([]), &old), Change::Other);
    }

    #[test]
    fn a_message_that_arrives_late_moves_nothing_that_is_read() {
        let (old, new) = (talk(0..50), talk((0..3).chain([99]).chain(3..50)));
        let mut column = Column::default();
        column.set_view(200.0);
        column.reset(vec![40.0; 50]);
        let mut measure = |_: usize| 40.0;
        column.settle(&mut measure);
        column.scroll(-300.0, &mut measure);
        let (first, top) = (column.first(), column.top_of(column.first()));
        reorder(&mut column, (&old.rows, &new.rows), |_| 40.0);
        column.settle(&mut measure);
        assert_eq!((column.first(), column.top_of(first + 1)), (first + 1, top));
    }
}
