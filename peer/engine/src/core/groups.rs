//! Groups: the newest sheet of each, as the rendezvous signed it, and what is told of them.
//!
//! A sheet is fetched after a sign-in and at every hint, one request per group at a time. It is told once everybody in it
//! can be named. What a person does about groups is in [`verbs`], invitations and applications in [`requests`], what is
//! different between two sheets in [`changes`].

mod changes;
pub(super) mod classroom;
mod known;
mod members;
mod policy;
pub(super) mod requests;
pub(super) mod verbs;

use super::asks::{Asked, Outcome, Setback};
use super::catch_up::Part;
use super::io::CommandId;
use super::{Context, Core};
use crate::api::Done;
use crate::api::done::RequestRow;
use crate::api::event::{Event, WarningCode};
use crate::api::group::{GroupEvent, kind_name};
use crate::store::StoreError;
use classroom::ClassroomAsk;
use hutong_common::group::Sheet;
use hutong_common::id::{AccountId, GroupId};
use hutong_common::message::{Inner, To};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::GroupEpoch;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::Signed;
use known::Group;
pub(super) use known::Groups;
use std::collections::BTreeSet;

/// What an answer about groups is for.
#[derive(Debug)]
pub(super) enum GroupAsk {
    /// Our groups.
    List,
    /// The newest sheet of a group.
    Sheet(GroupId),
    /// A group that a command makes or changes; none before it has a number.
    Made(CommandId, Option<GroupId>),
    /// `group_find`.
    Found(CommandId),
    /// `group_invite` and `group_apply`.
    Requested(CommandId),
    /// `group_leave` and `group_dissolve`.
    Over(CommandId, GroupId),
    /// Invitations and applications: to tell of new ones, and to answer a command with them and these friend requests.
    Requests(Option<(CommandId, Vec<RequestRow>)>),
    /// In front of a class.
    Classroom(ClassroomAsk),
    /// Members of whom nothing was known.
    Met(Vec<AccountId>),
}

impl Core {
    pub(super) fn group_answered(
        &mut self,
        asked: GroupAsk,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match asked {
            GroupAsk::List => self.groups_listed(outcome, cx),
            GroupAsk::Sheet(group) => self.sheet_fetched(group, outcome, cx),
            GroupAsk::Made(command, group) => self.sheet_made((command, group), outcome, cx),
            GroupAsk::Found(command) => {
                Self::group_found(command, outcome, cx);
                Ok(())
            }
            GroupAsk::Requested(command) => {
                Self::group_requested(command, outcome, cx);
                Ok(())
            }
            GroupAsk::Over(command, group) => self.group_over((command, group), outcome, cx),
            GroupAsk::Met(accounts) => self.met(&accounts, outcome, cx),
            GroupAsk::Classroom(asked) => self.classroom_answered(asked, outcome, cx),
            GroupAsk::Requests(command) => self.group_requests_listed(command, outcome, cx),
        }
    }

    /// Asks which groups we are in, and what concerns us of others.
    pub(super) fn list_groups(&mut self, cx: &mut Context<'_>) {
        self.groups.fetching.clear();
        self.groups.asked_about.clear();
        self.ask(Asked::Group(GroupAsk::List), Request::Groups, cx);
        self.fetch_group_requests(cx);
    }

    pub(super) fn group_pushed(
        &mut self,
        push: &Push,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Push::GroupChanged(GroupEpoch { group, epoch }) = push {
            let known = self.groups.get(*group);
            if known.is_none_or(|known| known.epoch < *epoch) {
                self.fetch_sheet(*group, cx);
            }
        } else {
            self.fetch_group_requests(cx);
        }
        Ok(())
    }

    fn groups_listed(&mut self, outcome: Outcome, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let listed = match outcome {
            Ok(Reply::Groups(listed)) => listed,
            // A rendezvous of an older version knows no groups.
            Err(Setback::Refused(Refusal::Version)) => {
                self.caught_up_with(Part::Groups, cx);
                return Ok(());
            }
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        };
        let ours: BTreeSet<GroupId> = listed.iter().map(|of| of.group).collect();
        let known = self.groups.known.keys().copied();
        let gone: Vec<GroupId> = known.filter(|group| !ours.contains(group)).collect();
        for group in gone {
            self.drop_group(group, cx)?;
        }
        for GroupEpoch { group, epoch } in listed.iter() {
            let known = self.groups.get(*group);
            if known.is_none_or(|known| known.epoch < *epoch) {
                self.fetch_sheet(*group, cx);
            } else {
                self.meet_members(*group, cx);
            }
        }
        self.groups_settle(cx);
        Ok(())
    }

    pub(super) fn fetch_sheet(&mut self, group: GroupId, cx: &mut Context<'_>) {
        if let Some(again) = self.groups.fetching.get_mut(&group) {
            *again = true;
            return;
        }
        self.groups.fetching.insert(group, false);
        self.ask(
            Asked::Group(GroupAsk::Sheet(group)),
            Request::Sheet(group),
            cx,
        );
    }

    fn sheet_fetched(
        &mut self,
        group: GroupId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let again = self.groups.fetching.remove(&group).unwrap_or_default();
        match outcome {
            Ok(Reply::Sheet(signed)) => self.take_sheet(group, *signed, cx)?,
            Err(Setback::Refused(Refusal::NotFound | Refusal::NotMember)) => {
                self.drop_group(group, cx)?;
            }
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        }
        if again {
            self.fetch_sheet(group, cx);
        }
        self.mail_group_known(group, cx);
        self.groups_settle(cx);
        Ok(())
    }

    /// When nothing more is asked about groups, their part of what waited is here.
    fn groups_settle(&mut self, cx: &mut Context<'_>) {
        if self.groups.fetching.is_empty() && self.misses(Part::Groups) {
            self.caught_up_with(Part::Groups, cx);
        }
    }

    /// Believes a sheet that the pinned rendezvous signed, that is about this group, has us in it and is newer.
    fn take_sheet(
        &mut self,
        group: GroupId,
        signed: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (Some(server), Some(me)) = (self.session.server_id(), self.session.my_account()) else {
            return Ok(());
        };
        let sheet = match signed.verify::<Sheet>(&server.public_key()) {
            Ok(sheet)
                if sheet.is_sound()
                    && sheet.server_id == server
                    && sheet.group == group
                    && sheet.member(me).is_some() =>
            {
                sheet
            }
            Ok(_) | Err(_) => {
                tracing::warn!(%group, "a sheet of the rendezvous does not hold");
                return Ok(());
            }
        };
        let before = match self.groups.known.remove(&group) {
            Some(known) if known.sheet.epoch >= sheet.epoch => {
                if known.signed != signed {
                    tracing::warn!(%group, epoch = sheet.epoch, "the rendezvous tells two sheets of one epoch, or an older one");
                }
                self.groups.known.insert(group, known);
                return Ok(());
            }
            Some(Group {
                before: Some(before),
                ..
            }) => before,
            Some(known) => Some(Box::new(known.sheet)),
            None => None,
        };
        cx.tx.put_group(group, &signed)?;
        let left: Vec<AccountId> = before
            .iter()
            .flat_map(|before| before.members.iter())
            .map(|member| member.account)
            .filter(|account| sheet.member(*account).is_none())
            .collect();
        let known = Group::new(sheet, signed, Some(before));
        self.groups.known.insert(group, known);
        self.part_from(&left, cx);
        self.meet_members(group, cx);
        self.tell_groups(cx);
        Ok(())
    }

    /// A peer shows a sheet that it has. Only a newer one of a group of ours counts, signed by the rendezvous: whoever was
    /// removed is not brought back by a sheet that was on its way.
    pub(super) fn sheet_shown(
        &mut self,
        signed: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Ok(claimed) = signed.peek_unverified::<Sheet>() else {
            tracing::warn!("a peer shows what is no sheet");
            return Ok(());
        };
        let known = self.groups.get(claimed.group);
        if known.is_some_and(|known| known.epoch < claimed.epoch) {
            return self.take_sheet(claimed.group, signed, cx);
        }
        Ok(())
    }

    /// Two who write by different sheets of one epoch see different groups: that is told, once for each of them.
    pub(super) fn notice_other_sheet(&mut self, inner: &Inner, cx: &mut Context<'_>) {
        let To::Group(address) = inner.to else {
            return;
        };
        let ours = self.groups.address(address.group);
        let differs =
            ours.is_some_and(|ours| ours.epoch == address.epoch && ours.sheet != address.sheet);
        let who = (inner.sender_account, address.group);
        if differs && self.groups.told_other_sheet.insert(who) {
            let who = self.login_of(inner.sender_account);
            let group = self.groups.name_of(address.group);
            cx.event(Event::Warning {
                code: WarningCode::SheetDiffers,
                text: format!("{who} sees other members of {group} than we do"),
                who: Some(who),
                since_ms: None,
            });
        }
    }

    /// Tells of sheets in which everybody can be named, or will not be; also once the rendezvous said who somebody is.
    pub(super) fn tell_groups(&mut self, cx: &mut Context<'_>) {
        if self.is_listing() {
            return;
        }
        let me = self.session.my_account();
        let mut told = Vec::new();
        for (group, known) in &mut self.groups.known {
            let is_named = |account: AccountId| {
                Some(account) == me || self.roster.knows(account) || !self.asks.asks_about(account)
            };
            let mut members = known.sheet.members.iter();
            if known.before.is_some() && members.all(|member| is_named(member.account)) {
                told.extend(known.before.take().map(|before| (*group, before)));
            }
        }
        for (group, before) in told {
            let Some(sheet) = self.groups.get(group) else {
                continue;
            };
            let event = GroupEvent {
                group,
                epoch: sheet.epoch,
                kind: kind_name(sheet.kind),
                name: sheet.name.to_string(),
                policy: sheet.policy.map(Into::into),
                members: sheet
                    .members
                    .iter()
                    .map(|member| self.login_of(member.account))
                    .collect(),
                changes: self.changes_between(before.as_deref(), sheet, self.now_ms(cx)),
            };
            cx.event(Event::Group(event));
        }
    }

    /// We are in a group no more.
    fn drop_group(&mut self, group: GroupId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let Some(known) = self.groups.known.remove(&group) else {
            return Ok(());
        };
        cx.tx.remove_group(group)?;
        let sheet = known.sheet;
        cx.tx.put_former_group(group, &sheet.name)?;
        self.groups.former.insert(group, sheet.name.clone());
        cx.event(Event::Group(GroupEvent {
            group,
            epoch: sheet.epoch,
            kind: kind_name(sheet.kind),
            name: sheet.name.to_string(),
            policy: None,
            members: Vec::new(),
            changes: vec![self.left_change()],
        }));
        let members: Vec<AccountId> = sheet.members.iter().map(|member| member.account).collect();
        self.part_from(&members, cx);
        Ok(())
    }

    /// Answers a command with a sheet that the rendezvous sent for it.
    fn sheet_made(
        &mut self,
        (command, group): (CommandId, Option<GroupId>),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let signed = match outcome {
            Ok(Reply::Sheet(signed)) => *signed,
            Ok(_) => {
                cx.answer(command, Err(Setback::Nonsense.into()));
                return Ok(());
            }
            Err(setback) => {
                cx.answer(command, Err(setback.into()));
                return Ok(());
            }
        };
        let named = signed.peek_unverified::<Sheet>().map(|sheet| sheet.group);
        let Some(group) = group.or(named.ok()) else {
            cx.answer(command, Err(Setback::Nonsense.into()));
            return Ok(());
        };
        self.take_sheet(group, signed, cx)?;
        let answer = match self.shown_group(group, cx) {
            Some(shown) => Ok(Done::Group(shown)),
            None => Err(Setback::Nonsense.into()),
        };
        cx.answer(command, answer);
        Ok(())
    }
}
