//! What people looked at, as the judge counts it: how many messages may be unread.

use super::invariants::Judge;
use hutong_common::id::MsgId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// A conversation on a computer.
type Place = (usize, String);

/// What was told on each computer, and how much of it was looked at.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Messages of others.
    told: BTreeMap<Place, BTreeSet<MsgId>>,
    /// What was told when all of it was looked at last, and how many messages had been accepted in all.
    looked: BTreeMap<Place, (BTreeSet<MsgId>, usize)>,
    /// Where a kill has swallowed whether it was looked at.
    in_doubt: BTreeSet<Place>,
}

impl Looks {
    pub(super) fn told(&mut self, place: Place, message: MsgId) {
        self.told.entry(place).or_default().insert(message);
    }

    /// Everything was looked at; so many messages were accepted by then.
    pub(super) fn looked(&mut self, place: Place, accepted: usize) {
        let told = self.told.get(&place).cloned().unwrap_or_default();
        self.looked.insert(place, (told, accepted));
    }

    /// Perhaps everything was looked at.
    pub(super) fn doubt(&mut self, place: Place) {
        self.in_doubt.insert(place);
    }
}

impl Judge {
    /// How many of `others`, the messages of others that a computer has, may be unread there: at least those that were accepted
    /// after it looked last, at most those that it had not been told by then. Whoever answers from another computer of the same
    /// account has looked, too.
    pub(super) fn unread_between(
        &self,
        (who, conversation): (usize, &str),
        others: &[MsgId],
    ) -> RangeInclusive<u64> {
        let place = (who, conversation.to_owned());
        let looked = self.looks.looked.get(&place);
        let is_told = |message: &MsgId| looked.is_some_and(|(told, _)| told.contains(message));
        let is_later = |message: &MsgId| {
            let accepted = self.model.accepted.get(message);
            let by_then = looked.map_or(0, |(_, accepted)| *accepted);
            accepted.is_some_and(|accepted| accepted.number >= by_then)
        };
        let login = &self.model.logins[who];
        let is_known =
            self.model.computers_of(login).count() == 1 && !self.looks.in_doubt.contains(&place);
        let most = others.iter().filter(|message| !is_told(message)).count();
        let least = others.iter().filter(|message| is_later(message)).count();
        let least = if is_known { least } else { 0 };
        least as u64..=most as u64
    }
}
