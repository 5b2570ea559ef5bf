//! Who was heard in groups: every sheet that any client was sent, and whether what was taken could be taken by one of them.

use super::super::computer::EPOCH_MS;
use super::Simulation;
use hutong_common::group::Sheet;
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::limits::GAP_WAIT_MS;
use hutong_common::rpc::Reply;
use hutong_common::signed::Signed;
use hutong_engine::api::event::Message;
use hutong_engine::api::{Done, Event, Failure, Path};
use hutong_engine::core::io::{Input, ServerInput};
use hutong_engine::store::Tx;
use std::collections::BTreeMap;

/// A message beyond a gap is told so much later than it was judged, at most.
const TOLD_LATER_US: u64 = (GAP_WAIT_MS + 1_000) * 1_000;

/// All sheets that were sent to anybody.
#[derive(Debug, Default)]
pub struct Voices {
    sheets: BTreeMap<GroupId, BTreeMap<u64, Sheet>>,
    /// Since when a client holds which sheet of a group, by its epoch.
    held: BTreeMap<(usize, GroupId), Vec<(u64, u64)>>,
    /// By which sheet something was said, or an older one, and when, Unix milliseconds.
    said: BTreeMap<MsgId, (u64, u64)>,
}

impl Voices {
    /// A client is about to handle this.
    pub fn note(&mut self, input: &Input) {
        if let Input::Server(ServerInput::Reply {
            result: Ok(Reply::Sheet(signed)),
            ..
        }) = input
            && let Ok(sheet) = signed.peek_unverified::<Sheet>()
        {
            let known = self.sheets.entry(sheet.group).or_default();
            known.insert(sheet.epoch, sheet);
        }
    }

    /// Whether some sheet between two epochs lets somebody be heard at some time by another; also when one of them was never
    /// seen.
    fn allow(
        &self,
        group: GroupId,
        (sender, receiver): (AccountId, AccountId),
        (from, to): (u64, u64),
        now_ms: u64,
    ) -> bool {
        let Some(known) = self.sheets.get(&group) else {
            return false;
        };
        let mut between = known.range(from..=to).map(|(_, sheet)| sheet);
        between.any(|sheet| {
            let is_missing = sheet.previous >= from && !known.contains_key(&sheet.previous);
            is_missing || is_heard(sheet, (sender, receiver), now_ms)
        })
    }

    /// Whether every sheet since a message was written lets its writer be heard by somebody. Not when one was never seen.
    pub(in super::super) fn must_be_heard(
        &self,
        group: GroupId,
        message: MsgId,
        between: (AccountId, AccountId),
    ) -> bool {
        let (Some(known), Some((from, at_ms))) = (self.sheets.get(&group), self.said.get(&message))
        else {
            return false;
        };
        let mut previous = *from;
        let mut since = known.range(from..);
        known.contains_key(from)
            && since.all(|(epoch, sheet)| {
                let follows = epoch == from || sheet.previous == previous;
                previous = *epoch;
                follows && is_heard(sheet, between, *epoch.max(at_ms))
            })
    }
}

/// Whether a sheet lets somebody be heard by another at some time; a copy for one's own account is always heard.
fn is_heard(sheet: &Sheet, (sender, receiver): (AccountId, AccountId), at_ms: u64) -> bool {
    let audience = sheet.hears(sender, at_ms);
    audience.is_ok_and(|audience| sender == receiver || sheet.is_heard_by(audience, receiver))
}

impl Simulation {
    /// Notes by which sheet something was said: the one that was held before, or a newer one.
    pub(super) fn note_said(&mut self, who: usize, result: &Result<Done, Failure>) {
        let Ok(Done::Sent { message, .. }) = result else {
            return;
        };
        let accepted = self.judge.model.accepted.get(message);
        let group = accepted.and_then(|of| of.to.strip_prefix("g:")?.parse().ok());
        let held = group.and_then(|group| self.judge.voices.held.get(&(who, GroupId(group))));
        if let Some((_, epoch)) = held.and_then(|held| held.last()) {
            let now_ms = EPOCH_MS + self.schedule.now_us() / 1000;
            let said = (*epoch, now_ms);
            self.judge.voices.said.insert(*message, said);
        }
    }

    /// Notes which sheets a client holds before it handles what comes next: by them it judges what comes over links.
    pub(super) fn note_sheets(&mut self, who: usize) {
        if self.judge.voices.sheets.is_empty() || !self.clients[who].udp {
            return;
        }
        let now_us = self.schedule.now_us();
        for (group, epoch) in self.epochs(who) {
            let held = self.judge.voices.held.entry((who, group)).or_default();
            if held.last().is_none_or(|(_, last)| *last != epoch) {
                held.push((now_us, epoch));
            }
        }
    }

    fn epochs(&self, who: usize) -> BTreeMap<GroupId, u64> {
        let groups = self.clients[who].read(Tx::groups);
        let groups = groups.map(|groups| groups.expect("rows can be read"));
        let epoch_of = |signed: &Signed| Some(signed.peek_unverified::<Sheet>().ok()?.epoch);
        let sheets = groups.into_iter().flatten();
        sheets
            .filter_map(|(group, signed)| Some((group, epoch_of(&signed)?)))
            .collect()
    }

    /// What somebody says in a group is taken only by a sheet that lets him: over a link the one that the receiver holds,
    /// by mail one that the rendezvous had since it was written.
    pub(super) fn check_voice(&self, who: usize, event: &Event) {
        let Event::Message(message) = event else {
            return;
        };
        let (Some(group), false) = (message.group, self.judge.is_evil) else {
            return;
        };
        let Some(me) = self.judge.model.accounts.get(&who) else {
            return;
        };
        if *me == message.account {
            return;
        }
        let now_ms = EPOCH_MS + self.schedule.now_us() / 1000;
        let range = self.judging(who, message);
        let between = (message.account, *me);
        let voices = &self.judge.voices;
        assert!(
            range.is_some_and(|range| voices.allow(group, between, range, now_ms)),
            "{} heard {} in {group} by no sheet of {range:?}: {message:?}",
            self.clients[who].name,
            message.from
        );
    }

    /// The epochs of the sheets by which a message may have been judged.
    fn judging(&self, who: usize, message: &Message) -> Option<(u64, u64)> {
        let group = message.group?;
        if message.path != Path::Direct {
            let said = self.judge.voices.said.get(&message.id);
            return Some((said.map_or(0, |(epoch, _)| *epoch), u64::MAX));
        }
        let since_us = self.schedule.now_us().saturating_sub(TOLD_LATER_US);
        let newest = self.epochs(who).get(&group).copied();
        let held = self.judge.voices.held.get(&(who, group));
        let held = held.map_or(&[][..], Vec::as_slice);
        let oldest = held.iter().rev().find(|(at_us, _)| *at_us <= since_us);
        let oldest = oldest.or(held.first()).map(|(_, epoch)| *epoch);
        let first = oldest.or(newest)?;
        Some((first, newest.unwrap_or(u64::MAX)))
    }
}
