//! What is said in a group: to each member who hears it over a link where there is one, to all the others in one deposit
//! at the rendezvous.

use super::deposits::{Answers, Depositing};
use super::progress::{Step, path_of, state_of};
use super::{Core, Deposit, Written};
use crate::api::Path;
use crate::api::event::{Delivery, DeliveryState, Event};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome};
use crate::store::chat::Chat;
use crate::store::messages::{Place, Progress, Way};
use crate::store::outbox::OutboxRow;
use crate::store::recipients::{RecipientRow, TallyRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::List;
use hutong_common::group::Sheet;
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::limits::{MAIL_RECIPIENTS_MAX, MENTIONS_MAX};
use hutong_common::message::{EVERYBODY, Inner, LAN, To};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::rpc::groups::GroupMail;
use std::collections::BTreeSet;

/// A deposit for members of a group that is not answered yet.
#[derive(Debug)]
pub(in crate::core) struct MembersMail {
    group: GroupId,
    seq: u64,
    message: MsgId,
    accounts: BTreeSet<AccountId>,
}

/// Whom a message of a group is for, before anybody has it.
pub(super) fn note(written: &Written, tx: &mut Tx) -> Result<(), StoreError> {
    let at = (written.chat, written.place);
    let row = RecipientRow::new(Progress::Queued, Way::None);
    for account in &written.recipients {
        tx.put_recipient(at, *account, &row)?;
    }
    tx.put_tally(at, &TallyRow::new(written.recipients.len()))
}

impl Core {
    /// How a message of a conversation is addressed, and who is to get it.
    pub(super) fn addressed(
        &self,
        chat: Chat,
        cx: &Context<'_>,
    ) -> Result<(To, Vec<AccountId>), Refusal> {
        let group = match chat {
            Chat::Person(account) => return Ok((To::Account(account), vec![account])),
            Chat::Group(LAN) => return Ok((To::Everyone, self.everyone_known())),
            Chat::Group(group) => group,
        };
        let me = self.session.my_account().ok_or(Refusal::NotSignedIn)?;
        let sheet = self.groups.get(group).ok_or(Refusal::NotMember)?;
        let address = self.groups.address(group).ok_or(Refusal::NotMember)?;
        let audience = sheet.hears(me, self.now_ms(cx))?;
        let members = sheet.members.iter().map(|member| member.account);
        let hears = |account: &AccountId| {
            *account != me
                && sheet.is_heard_by(audience, *account)
                && !self.roster.is_blocked(*account)
        };
        Ok((To::Group(address), members.filter(hears).collect()))
    }

    /// Members of a group that a text names with `@` and their login, name or our own name for them; all of them by
    /// `@all` when an admin writes it.
    pub(super) fn named_in(&self, chat: Chat, text: &str) -> List<AccountId, MENTIONS_MAX> {
        let sheet = chat.group().and_then(|group| self.groups.get(group));
        let (Some(sheet), Some(me)) = (sheet, self.session.my_account()) else {
            return List::default();
        };
        let mut named = BTreeSet::new();
        for (at, _) in text.match_indices('@') {
            let rest = text.get(at + 1..).unwrap_or_default().to_lowercase();
            named.extend(self.member_at(sheet, &rest));
            let names_all = ["all", "所有人"].iter().any(|word| begins(&rest, word));
            if names_all && sheet.is_admin(me) {
                named.insert(EVERYBODY);
            }
        }
        List::truncated(named)
    }

    /// The member whose name stands first in the text: the longest such name.
    fn member_at(&self, sheet: &Sheet, text: &str) -> Option<AccountId> {
        let names = |account: AccountId| {
            let profile = self.profile_of(account);
            let name = profile.map(|profile| profile.name.to_string());
            let remark = self.roster.remark_of(account);
            [Some(self.login_of(account)), name, remark]
        };
        let members = sheet.members.iter().map(|member| member.account);
        let found = members.flat_map(|account| {
            let names = names(account).into_iter().flatten();
            let mut lengths = names.map(|name| name.to_lowercase());
            let longest = lengths.by_ref().filter(|name| begins(text, name));
            longest
                .map(|name| name.len())
                .max()
                .map(|len| (len, account))
        });
        found.max().map(|(_, account)| account)
    }

    /// A message of a group in which nobody else hears it is as far as it gets.
    pub(super) fn tell_nobody_hears(
        &self,
        written: &Written,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !written.recipients.is_empty() {
            return Ok(());
        }
        let Some(mut message) = cx.tx.message(written.chat, written.place)? else {
            return Ok(());
        };
        message.progress = Some(Progress::Delivered);
        cx.tx.put_message(written.chat, written.place, &message)?;
        let state = (DeliveryState::Delivered, Path::None);
        self.tell_delivery((written.chat, written.message), state, None, cx);
        Ok(())
    }

    /// What another own device wrote in a group: whom it went to, as far as we know.
    pub(in crate::core) fn note_recipients(
        &self,
        inner: &Inner,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let To::Group(address) = inner.to else {
            return Ok(());
        };
        let Some(sheet) = self.groups.get(address.group) else {
            return Ok(());
        };
        let at = (Chat::Group(address.group), place);
        let Ok(audience) = sheet.hears(inner.sender_account, inner.sent_ms) else {
            return Ok(());
        };
        let mut tally = TallyRow::default();
        let row = RecipientRow::new(Progress::LeftAtServer, Way::Mail);
        for member in sheet.members.iter() {
            let is_other = member.account != inner.sender_account;
            if is_other && sheet.is_heard_by(audience, member.account) {
                cx.tx.put_recipient(at, member.account, &row)?;
                tally.left_at_server += 1;
            }
        }
        cx.tx.put_tally(at, &tally)
    }

    /// Notes and tells that a message of a group got further for one member, and for all when that one was the last.
    pub(super) fn advance_member(
        &self,
        step: &Step,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let at = (step.chat, step.place);
        let Some(mut row) = cx.tx.recipient(at, step.account)? else {
            return Ok(false);
        };
        if !step.advances(row.progress) {
            return Ok(false);
        }
        let mut tally = cx.tx.tally(at)?;
        tally.advance(row.progress, step.progress);
        cx.tx.put_tally(at, &tally)?;
        row.progress = step.progress;
        row.code = step.code.map(str::to_owned);
        row.way = step.way_after(row.way);
        cx.tx.put_recipient(at, step.account, &row)?;
        cx.event(Event::Delivery(Delivery {
            message: step.message,
            to: self.login_of(step.account),
            conversation: self.chat_name(step.chat),
            remark: self.roster.remark_of(step.account),
            state: state_of(step.progress),
            path: path_of(row.way),
            code: step.code,
        }));
        self.advance_all(step, (tally.least(), row.way), cx)?;
        Ok(true)
    }

    fn advance_all(
        &self,
        step: &Step,
        (progress, way): (Progress, Way),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(mut message) = cx.tx.message(step.chat, step.place)? else {
            return Ok(());
        };
        if message.progress.is_none_or(|before| before >= progress) {
            return Ok(());
        }
        message.progress = Some(progress);
        message.way = way;
        cx.tx.put_message(step.chat, step.place, &message)?;
        let code = step.code.filter(|_| progress == Progress::Failed);
        if code.is_some() {
            let failed = crate::store::failures::Failed::Message(step.chat, step.place);
            cx.tx.set_failure(failed, code)?;
        }
        let about = (step.chat, step.message);
        self.tell_delivery(about, (state_of(progress), path_of(way)), code, cx);
        Ok(())
    }

    /// A member of a group shall get a message by mail: with the others, once all of them are known.
    pub(super) fn mail_member(&mut self, row: &OutboxRow, group: GroupId) {
        let to = self.outbox.for_members.entry((group, row.place.seq));
        to.or_default().insert(row.account);
    }

    /// Leaves messages of groups at the rendezvous, each once for all members who shall get it so.
    pub(in crate::core) fn leave_for_members(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for ((group, seq), accounts) in std::mem::take(&mut self.outbox.for_members) {
            let mut accounts = accounts;
            while !accounts.is_empty() {
                let rest = accounts.iter().nth(MAIL_RECIPIENTS_MAX).copied();
                let rest = rest.map_or_else(BTreeSet::new, |first| accounts.split_off(&first));
                self.leave_with((group, seq), accounts, cx)?;
                accounts = rest;
            }
        }
        Ok(())
    }

    fn leave_with(
        &mut self,
        (group, seq): (GroupId, u64),
        accounts: BTreeSet<AccountId>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let rows: Vec<OutboxRow> = self.rows_of((group, seq), &accounts);
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let (message, recipients) = (first.message, self.seal_keys_of(&accounts));
        let envelope = match self.sealed_mail(first, &recipients, cx)? {
            Ok(envelope) => envelope,
            Err(why) => {
                for row in &rows {
                    self.fail(row, why.code(), cx)?;
                }
                return Ok(());
            }
        };
        let asked = MembersMail {
            group,
            seq,
            message,
            accounts,
        };
        let request = Request::SendGroupMail(Box::new(GroupMail { group, envelope }));
        self.ask(Asked::Deposit(Depositing::Members(asked)), request, cx);
        Ok(())
    }

    fn rows_of(
        &self,
        (group, seq): (GroupId, u64),
        accounts: &BTreeSet<AccountId>,
    ) -> Vec<OutboxRow> {
        let slot = (Chat::Group(group), seq);
        let queues = accounts
            .iter()
            .filter_map(|account| self.outbox.queues.get(account));
        let items = queues.filter_map(|queue| queue.items.get(&slot));
        items.map(|item| item.row).collect()
    }

    /// The rendezvous answers a deposit for members of a group.
    pub(super) fn members_mail_left(
        &mut self,
        asked: MembersMail,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let rows = self.rows_of((asked.group, asked.seq), &asked.accounts);
        for row in &rows {
            if let Some(item) = self.outbox.item(row) {
                item.deposit = Deposit::NONE;
            }
        }
        let Some(answers) = Answers::of(outcome, asked.message) else {
            return Ok(());
        };
        let mut later = Vec::new();
        for row in &rows {
            let pause_ms = self.answered_for(*row, answers.to(row.account), cx)?;
            later.extend(pause_ms.map(|pause_ms| (row.account, pause_ms)));
        }
        // All together, so that they are asked for in one deposit again.
        if let Some(pause_ms) = later.iter().map(|(_, pause_ms)| *pause_ms).max() {
            let accounts: Vec<AccountId> = later.iter().map(|(account, _)| *account).collect();
            self.deposit_later(&accounts, pause_ms, cx);
        }
        rows.iter().try_for_each(|row| self.pump(row.account, cx))
    }
}

/// Whether a text begins with a name that does not go on beyond it.
fn begins(text: &str, name: &str) -> bool {
    let Some(rest) = text.strip_prefix(name).filter(|_| !name.is_empty()) else {
        return false;
    };
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    !(name.ends_with(is_latin) && rest.starts_with(is_latin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_its_letters_do() {
        assert!(begins("bob, 你好", "bob"));
        assert!(begins("小明你好", "小明"));
        assert!(!begins("bobby", "bob"));
        assert!(!begins("", "bob"));
        assert!(!begins("bob", ""));
    }
}
