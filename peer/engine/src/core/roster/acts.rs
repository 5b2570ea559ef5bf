//! What is done with an account of which only the login is known: at once when it is a contact, else after asking the
//! rendezvous once.

use super::Core;
use crate::api::done::BlockedRow;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback, Then};
use crate::core::history::group_named;
use crate::core::io::{CommandId, FileOutput, Output};
use crate::store::StoreError;
use hutong_common::id::AccountId;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::Relation;
use hutong_common::rpc::{Reply, Request};
use std::path::PathBuf;

/// What shall be done.
#[derive(Clone, Debug)]
pub(in crate::core) enum Act {
    /// End the friendship.
    Remove,
    /// Block (true) or lift the block.
    Block(bool),
    /// Send words.
    Send(String),
    /// Offer a file.
    Offer(PathBuf),
}

impl Act {
    /// Whether it is done only with contacts.
    const fn needs_contact(&self) -> bool {
        match self {
            Self::Send(_) | Self::Offer(_) => true,
            Self::Remove | Self::Block(_) => false,
        }
    }
}

impl Core {
    /// Finds the account of a login, then acts.
    pub(in crate::core) fn act_on(
        &mut self,
        command: CommandId,
        login: String,
        act: Act,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.me().is_none() {
            cx.answer(command, Err(Failure::NotSignedIn));
            return Ok(());
        }
        let Ok(canonical) = Login::new(&login) else {
            cx.answer(command, Err(Failure::NoAccount { login }));
            return Ok(());
        };
        // Whoever blocks us cannot be found, and whom we block is no contact: both can be blocked and unblocked.
        let known = if act.needs_contact() {
            let known = self.roster.by_login(canonical.as_str());
            known.filter(|account| self.roster.contact(*account).is_some())
        } else {
            self.roster.known_by_login(canonical.as_str())
        };
        if let Some(account) = known {
            return self.act(command, account, act, cx);
        }
        let asked = Asked::Resolve(command, login, act);
        self.ask_signed_in(asked, Request::Find(canonical), cx)
    }

    /// `send_file`.
    pub(in crate::core) fn offer_file(
        &mut self,
        command: CommandId,
        (to, path): (String, PathBuf),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !path.is_absolute() {
            let detail = "the path is not absolute".to_owned();
            cx.answer(command, Err(Failure::Malformed { detail }));
            return Ok(());
        }
        if let Some(group) = group_named(&to) {
            if self.groups.get(group).is_none() {
                cx.answer(command, Err(Refusal::NotMember.into()));
                return Ok(());
            }
            self.transfers.hashing(command, group.into());
            cx.out
                .push(Output::File(FileOutput::Hash { command, path }));
            return Ok(());
        }
        self.act_on(command, to, Act::Offer(path), cx)
    }

    /// `send`.
    pub(in crate::core) fn send_to(
        &mut self,
        command: CommandId,
        (to, text): (String, String),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match group_named(&to) {
            Some(group) => self.send_text(command, group.into(), text, cx),
            None => self.act_on(command, to, Act::Send(text), cx),
        }
    }

    pub(in crate::core) fn resolved(
        &mut self,
        (command, login, act): (CommandId, String, Act),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let person = match outcome {
            Ok(Reply::Person(person)) => person,
            Ok(_) => {
                cx.answer(command, Err(Setback::Nonsense.into()));
                return Ok(());
            }
            Err(setback) => {
                cx.answer(command, Err(setback.about(&login)));
                return Ok(());
            }
        };
        if !act.needs_contact() {
            if matches!(act, Act::Block(true)) {
                self.remember_login(person.account, person.login, cx)?;
            }
            return self.act(command, person.account, act, cx);
        }
        match person.relation {
            Relation::Friend | Relation::Classmate => {
                let asked = Asked::Contact(person.account, Then::Act(command, act));
                self.ask_signed_in(asked, Request::Contact(person.account), cx)
            }
            Relation::None | Relation::Requested | Relation::Own | Relation::Member => {
                cx.answer(command, Err(Refusal::NotContacts.into()));
                Ok(())
            }
        }
    }

    pub(in crate::core) fn act(
        &mut self,
        command: CommandId,
        account: AccountId,
        act: Act,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match act {
            Act::Remove => {
                let request = Request::RemoveFriend(account);
                self.ask_signed_in(Asked::Remove(command, account), request, cx)
            }
            Act::Block(block) => {
                let request = if block {
                    Request::Block(account)
                } else {
                    Request::Unblock(account)
                };
                self.ask_signed_in(Asked::Block((command, account, block)), request, cx)
            }
            Act::Send(text) => self.send_text(command, account.into(), text, cx),
            Act::Offer(path) => {
                self.transfers.hashing(command, account.into());
                cx.out
                    .push(Output::File(FileOutput::Hash { command, path }));
                Ok(())
            }
        }
    }

    pub(in crate::core) fn removed(
        &mut self,
        command: CommandId,
        account: AccountId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Ok(Reply::Done) = outcome {
            self.drop_contact(account, cx)?;
        }
        Self::done(command, outcome, cx);
        Ok(())
    }

    /// `blocked`.
    pub(in crate::core) fn list_blocked(
        &self,
        command: CommandId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let row = |account: &AccountId| BlockedRow {
            login: self.roster.login_of(*account),
            account: *account,
            remark: self.roster.remark_of(*account),
        };
        let mut blocked: Vec<BlockedRow> = self.roster.blocked.iter().map(row).collect();
        blocked.sort_by(|a, b| a.login.cmp(&b.login));
        cx.answer(command, Ok(Done::Blocked { blocked }));
        Ok(())
    }

    pub(in crate::core) fn blocked(
        &mut self,
        (command, account, block): (CommandId, AccountId, bool),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Ok(Reply::Done) = outcome {
            cx.tx.set_blocked(account, block)?;
            if !block {
                self.roster.blocked.remove(&account);
                return self.done_with_contact(command, account, cx);
            }
            self.drop_contact(account, cx)?;
            self.roster.blocked.insert(account);
        }
        Self::done(command, outcome, cx);
        Ok(())
    }

    /// Answers a command that is done once the contact that it may have made is stored, so that the next command knows it.
    pub(super) fn done_with_contact(
        &mut self,
        command: CommandId,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let asked = Asked::Contact(account, Then::Done(command));
        self.ask_signed_in(asked, Request::Contact(account), cx)
    }

    /// Answers a command whose success has nothing to tell.
    pub(in crate::core) fn done(command: CommandId, outcome: Outcome, cx: &mut Context<'_>) {
        let answer = match outcome {
            Ok(Reply::Done) => Ok(Done::Plain {}),
            Ok(_) => Err(Setback::Nonsense.into()),
            Err(setback) => Err(setback.into()),
        };
        cx.answer(command, answer);
    }
}
