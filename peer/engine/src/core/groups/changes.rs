//! What is different between two sheets of a group, one line for each thing, for people to read.

use super::Core;
use crate::api::group::{GroupChange, GroupDeed};
use hutong_common::group::{Sheet, SheetMember};
use hutong_common::id::AccountId;

impl Core {
    /// The line of a group that is ours no more.
    pub(super) const fn left_change(&self) -> GroupChange {
        GroupChange {
            what: GroupDeed::Left,
            who: None,
            by: None,
        }
    }

    /// The lines from the sheet that was told before; who did it is known only when no sheet between was missed.
    pub(super) fn changes_between(
        &self,
        before: Option<&Sheet>,
        after: &Sheet,
        now_ms: u64,
    ) -> Vec<GroupChange> {
        let by = after
            .by
            .filter(|_| before.is_none_or(|before| before.epoch == after.previous))
            .map(|account| self.login_of(account));
        let line = |what, who: Option<AccountId>| GroupChange {
            what,
            who: who.map(|account| self.login_of(account)),
            by: by.clone(),
        };
        let Some(before) = before else {
            return vec![line(GroupDeed::Entered, None)];
        };
        let mut lines = Vec::new();
        let whole = [
            (before.name != after.name, GroupDeed::Renamed),
            (before.notice != after.notice, GroupDeed::Notice),
            (before.picture != after.picture, GroupDeed::Picture),
            (before.floor != after.floor, GroupDeed::Floor),
            (before.policy != after.policy, GroupDeed::Policy),
        ];
        for (is_different, what) in whole {
            if is_different {
                lines.push(line(what, None));
            }
        }
        for member in after.members.iter() {
            let was = before.member(member.account);
            for what in member_changes(was, member, now_ms) {
                lines.push(line(what, Some(member.account)));
            }
        }
        for member in before.members.iter() {
            if after.member(member.account).is_none() {
                lines.push(line(GroupDeed::Gone, Some(member.account)));
            }
        }
        lines
    }
}

fn member_changes(
    before: Option<&SheetMember>,
    after: &SheetMember,
    now_ms: u64,
) -> Vec<GroupDeed> {
    let Some(before) = before else {
        return vec![GroupDeed::Joined];
    };
    let mut changes = Vec::new();
    if before.role != after.role {
        changes.push(GroupDeed::Role);
    }
    let is_muted = |member: &SheetMember| member.muted_until_ms > now_ms;
    match (is_muted(before), is_muted(after)) {
        (_, true) if before.muted_until_ms != after.muted_until_ms => {
            changes.push(GroupDeed::Muted);
        }
        (true, false) => changes.push(GroupDeed::Unmuted),
        (true | false, true) | (false, false) => {}
    }
    changes
}
