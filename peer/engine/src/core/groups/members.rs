//! Members as people: asked about when they are not known, and let go when they are in no group with us any more.

use super::Core;
use crate::core::Context;
use hutong_common::id::{AccountId, GroupId};

impl Core {
    /// Asks about members of whom nothing is known: messages of theirs must be proved, and they shall have names.
    pub(super) fn meet_members(&mut self, group: GroupId, cx: &mut Context<'_>) {
        let Some(sheet) = self.groups.get(group).filter(|_| !self.is_listing()) else {
            return;
        };
        let me = self.session.my_account();
        let unknown: Vec<AccountId> = sheet
            .members
            .iter()
            .map(|member| member.account)
            .filter(|account| Some(*account) != me && !self.roster.knows(*account))
            .collect();
        let asked_about = &mut self.groups.asked_about;
        let unknown = unknown.into_iter();
        let unknown: Vec<AccountId> = unknown.filter(|of| asked_about.insert(*of)).collect();
        self.meet(&unknown, cx);
    }

    /// All contacts are listed: members who are none are asked about, and what waited for names is told.
    pub(in crate::core) fn meet_all_members(&mut self, cx: &mut Context<'_>) {
        let groups: Vec<GroupId> = self.groups.known.keys().copied().collect();
        for group in groups {
            self.meet_members(group, cx);
        }
        self.tell_groups(cx);
    }

    /// Those who are in no group with us any more may be nothing to us now: the rendezvous says it.
    pub(super) fn part_from(&mut self, accounts: &[AccountId], cx: &mut Context<'_>) {
        for account in accounts {
            self.groups.asked_about.remove(account);
            if self.roster.knows(*account) && self.session.my_account() != Some(*account) {
                self.fetch_contact(*account, cx);
            }
        }
    }
}
