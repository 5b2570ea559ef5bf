//! Requests to the rendezvous that are not answered yet, each with what its answer is for.
//!
//! A lost connection answers all of them with the session's setback, so every handler sees one outcome of every request.

use super::doctor::DoctorAsk;
use super::groups::GroupAsk;
use super::io::{CheckId, CommandId, Output, ServerDown, ServerOutput};
use super::outbox::Depositing;
use super::pictures::AfterAvatar;
use super::roster::acts::Act;
use super::timers::Timer;
use super::{Context, Core};
use crate::api::Failure;
use crate::api::command::RequestChoice;
use crate::core::inbox::read::Acknowledged;
use crate::store::StoreError;
use hutong_common::id::{AccountId, ServerId};
use hutong_common::identity::Fingerprint;
use hutong_common::limits::REPLY_TIMEOUT_MS;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::relay::RelayAsk;
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeMap;

/// What an answer is for.
#[derive(Debug)]
pub(super) enum Asked {
    /// Nothing but the answer itself.
    Ping,
    /// Where we can be reached.
    Report,
    /// The next step of a registration, sign-in or password change.
    Entry,
    /// Signing in without a password.
    Resume,
    /// Signing out.
    SignOut,
    /// Setting the own picture, none or these bytes, and what follows.
    SetAvatar(CommandId, Vec<u8>, AfterAvatar),
    /// The picture of somebody.
    Avatar(AccountId),
    /// Changing the profile.
    SetProfile(CommandId, Profile),
    /// `find` and `whois`.
    Person(CommandId, Option<String>),
    /// Whose account a login is, to do something with it.
    Resolve(CommandId, String, Act),
    /// `can_add`.
    CanAdd(CommandId, String),
    /// `add`.
    Add(CommandId, String),
    /// Why an `add` was refused.
    WhyNotAdd(CommandId, String, Refusal),
    /// The list of requests: to tell of new ones, and to answer a command with it.
    Requests(Option<CommandId>),
    /// `accept` (true) and `decline`: the list first, which says whose request it is.
    RequestsToAnswer(CommandId, RequestChoice, bool),
    /// `accept`, `decline`; who is a contact then.
    AnswerFriend(CommandId, Option<AccountId>),
    /// `remove`.
    Remove(CommandId, AccountId),
    /// `block` (true) and `unblock`.
    Block((CommandId, AccountId, bool)),
    /// The login of an account that was blocked elsewhere.
    Named(AccountId),
    /// A page of contacts.
    Contacts,
    /// More about a contact, or about all.
    Details(Option<AccountId>),
    /// Saying whether we are away.
    SetAway,
    /// One contact, and what to do then.
    Contact(AccountId, Then),
    /// Where a contact can be dialled.
    Introduce(AccountId),
    /// A relayed session.
    Relay(RelayAsk),
    /// Leaving a message at the rendezvous.
    Deposit(Depositing),
    /// A page of own mail.
    Mail,
    /// Acknowledging mail; those that were looked at.
    AckMail(Acknowledged),
    /// A page of receipts.
    Receipts,
    /// `devices`.
    Devices(CommandId),
    /// Something about groups.
    Group(GroupAsk),
    /// Something for a check of the network.
    Doctor(CheckId, DoctorAsk),
}

/// What waits for a contact to be stored.
#[derive(Debug)]
pub(super) enum Then {
    /// Nothing.
    Nothing,
    /// The answer of a command that is done, whatever came of the contact.
    Done(CommandId),
    /// What a command wants with it.
    Act(CommandId, Act),
}

/// Why there is no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setback {
    /// The rendezvous says no.
    Refused(Refusal),
    /// The connection is gone.
    Lost,
    /// Another key answers at the address of the pinned rendezvous.
    WrongKey {
        /// That key.
        found: Option<ServerId>,
    },
    /// The answer is none to this question.
    Nonsense,
}

impl From<ServerDown> for Setback {
    fn from(why: ServerDown) -> Self {
        match why {
            ServerDown::Unreachable => Self::Lost,
            ServerDown::WrongKey { found } => Self::WrongKey { found },
        }
    }
}

impl From<Setback> for Failure {
    fn from(setback: Setback) -> Self {
        match setback {
            Setback::Refused(refusal) => Self::Refused(refusal),
            Setback::Lost => Self::Unreachable,
            Setback::WrongKey { found } => Self::ServerKeyChanged {
                fingerprint: found.map(|key| Fingerprint::of(key).to_string()),
            },
            Setback::Nonsense => Self::Refused(Refusal::Malformed),
        }
    }
}

impl Setback {
    /// The failure of a command about `login`.
    pub(super) fn about(self, login: &str) -> Failure {
        if self == Self::Refused(Refusal::NotFound) {
            Failure::NoAccount {
                login: login.to_owned(),
            }
        } else {
            self.into()
        }
    }
}

/// The outcome of a request.
pub(super) type Outcome = Result<Reply, Setback>;

/// The unanswered ones, and those that wait for the sign-in under way.
#[derive(Debug, Default)]
pub(super) struct Asks {
    last: u32,
    open: BTreeMap<u32, Asked>,
    parked: Vec<(Asked, Request)>,
}

impl Asks {
    /// Whether an answer about members of groups is under way.
    pub(super) fn is_meeting(&self) -> bool {
        let mut open = self.open.values();
        open.any(|asked| matches!(asked, Asked::Group(GroupAsk::Met(_))))
    }

    /// Whether an answer about somebody is under way.
    pub(super) fn asks_about(&self, account: AccountId) -> bool {
        let mut open = self.open.values();
        open.any(|asked| {
            matches!(asked, Asked::Contact(about, _) if *about == account)
                || matches!(asked, Asked::Group(GroupAsk::Met(about)) if about.contains(&account))
        })
    }
}

impl Core {
    /// Asks on the connection that is up.
    pub(super) fn ask(&mut self, asked: Asked, request: Request, cx: &mut Context<'_>) {
        let Some(attempt) = self.session.attempt_up() else {
            tracing::debug!(?asked, "not connected");
            return;
        };
        self.asks.last = self.asks.last.wrapping_add(1);
        let id = self.asks.last;
        self.asks.open.insert(id, asked);
        self.timers
            .set(Timer::Reply(id), cx.now.mono_ms + REPLY_TIMEOUT_MS);
        let request = Box::new(request);
        cx.out.push(Output::Server(ServerOutput::Ask {
            attempt,
            id,
            request,
        }));
    }

    /// Asks for a command: at once when signed in, after the sign-in under way, or says that nobody answers.
    pub(super) fn ask_signed_in(
        &mut self,
        asked: Asked,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.is_online() {
            self.ask(asked, request, cx);
            Ok(())
        } else if self.session.is_on_the_way() {
            self.asks.parked.push((asked, request));
            Ok(())
        } else {
            self.answered(asked, Err(self.session.setback), cx)
        }
    }

    pub(super) fn ask_parked(&mut self, cx: &mut Context<'_>) {
        for (asked, request) in std::mem::take(&mut self.asks.parked) {
            self.ask(asked, request, cx);
        }
    }

    pub(super) fn on_reply(
        &mut self,
        id: u32,
        result: Result<Reply, Refusal>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(asked) = self.asks.open.remove(&id) else {
            return Ok(());
        };
        self.timers.cancel(Timer::Reply(id));
        self.answered(asked, result.map_err(Setback::Refused), cx)
    }

    /// The connection is gone: nothing that was asked on it will be answered.
    pub(super) fn lose_asks(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.stop_catch_up();
        for (id, asked) in std::mem::take(&mut self.asks.open) {
            self.timers.cancel(Timer::Reply(id));
            self.answered(asked, Err(self.session.setback), cx)?;
        }
        for (asked, _) in std::mem::take(&mut self.asks.parked) {
            self.answered(asked, Err(self.session.setback), cx)?;
        }
        Ok(())
    }

    fn answered(
        &mut self,
        asked: Asked,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match asked {
            Asked::Ping | Asked::Report | Asked::SetAway => Ok(()),
            Asked::Entry => self.entry_answered(outcome, cx),
            Asked::Resume => self.resumed(outcome, cx),
            Asked::SignOut => self.signed_out(outcome, cx),
            Asked::SetAvatar(command, bytes, after) => {
                self.avatar_set((command, bytes, after), outcome, cx)
            }
            Asked::Avatar(account) => {
                self.picture_fetched(account, outcome, cx);
                Ok(())
            }
            Asked::SetProfile(command, profile) => self.profile_set(command, profile, outcome, cx),
            Asked::Person(command, login) => {
                self.person_found(command, login.as_deref(), outcome, cx);
                Ok(())
            }
            Asked::Resolve(id, login, act) => self.resolved((id, login, act), outcome, cx),
            Asked::CanAdd(command, login) => {
                Self::can_add_answered(command, &login, outcome, cx);
                Ok(())
            }
            Asked::Add(command, login) => self.friend_requested(command, login, outcome, cx),
            Asked::WhyNotAdd(command, login, refusal) => {
                Self::why_not_told((command, login, refusal), outcome, cx);
                Ok(())
            }
            Asked::Requests(command) => self.requests_listed(command, outcome, cx),
            Asked::RequestsToAnswer(command, choice, accept) => {
                self.request_chosen((command, choice, accept), outcome, cx)
            }
            Asked::AnswerFriend(command, who) => self.friend_answered(command, who, outcome, cx),
            Asked::Remove(command, account) => self.removed(command, account, outcome, cx),
            Asked::Block(blocking) => self.blocked(blocking, outcome, cx),
            Asked::Named(account) => self.named(account, outcome, cx),
            Asked::Contacts => self.contacts_listed(outcome, cx),
            Asked::Details(of) => self.details_told(of, outcome, cx),
            Asked::Contact(account, then) => self.contact_fetched(account, then, outcome, cx),
            Asked::Introduce(account) => self.introduced(account, outcome, cx),
            Asked::Relay(ask) => self.relay_granted(ask, outcome, cx),
            Asked::Deposit(asked) => self.deposit_answered(asked, outcome, cx),
            Asked::Mail => self.mail_fetched(outcome, cx),
            Asked::AckMail(acked) => Self::mail_acknowledged(&acked, outcome, cx),
            Asked::Receipts => self.receipts_fetched(outcome, cx),
            Asked::Devices(command) => {
                self.devices_listed(command, outcome, cx);
                Ok(())
            }
            Asked::Group(asked) => self.group_answered(asked, outcome, cx),
            Asked::Doctor(check, asked) => {
                self.doctor_told((check, asked), outcome, cx);
                Ok(())
            }
        }
    }
}
