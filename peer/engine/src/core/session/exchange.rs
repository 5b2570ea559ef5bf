//! The OPAQUE exchanges of an entry, one step per answer: registration, sign-in with enrolment, and a new password.
//!
//! What the account signs in between is in `enrol.rs`.

use super::Core;
use super::devices::Rotated;
use super::entry::Goal;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::Output;
use crate::core::stretch::{Exchange, StretchId, StretchJob, Stretched};
use crate::store::StoreError;
use hutong_common::bounded::{Bytes, Text, TooLarge};
use hutong_common::id::AccountId;
use hutong_common::limits::SIGN_IN_TRIES_MAX;
use hutong_common::opaque::{
    ExportKey, OpaqueError, RegistrationClient, SignInClient, password_input,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{
    PasswordFinish, RegisterStart, ResetStart, SignInFinish, SignInStart,
};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::Signed;
use hutong_common::vault::{Vault, seal_vault};

/// Where an entry stands.
#[derive(Debug)]
pub(in crate::core) enum Step {
    /// Before the first request.
    Idle,
    /// The first half is sent.
    Started(Exchange, Purpose),
    /// The password is being stretched.
    Stretching(StretchId, Purpose),
    /// The password is proved; the vault comes.
    Proved(ExportKey),
    /// The last request is sent.
    Finishing,
    /// The card without a device is sent.
    Removing(Box<Rotated>),
    /// The account knows this device already.
    Resuming,
}

/// What a stretched password is for.
#[derive(Debug)]
pub(in crate::core) enum Purpose {
    /// A new account, or one's own anew, once the rendezvous said which.
    Register(Option<Box<Anew>>),
    /// A proof.
    SignIn,
    /// A new password for these secrets, which belong to a card of this version.
    ChangePassword(Box<Vault>, u64),
}

/// The account that is registered.
#[derive(Debug)]
pub(in crate::core) struct Anew {
    pub(super) account: AccountId,
    /// Its last card, when it existed before.
    pub(super) after: Option<Signed>,
}

/// The step cannot be taken.
pub(super) enum Stop {
    Failure(Failure),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Failure(refusal.into())
    }
}

impl From<TooLarge> for Stop {
    fn from(_: TooLarge) -> Self {
        Refusal::Malformed.into()
    }
}

impl From<OpaqueError> for Stop {
    fn from(error: OpaqueError) -> Self {
        match error {
            OpaqueError::Refused => Refusal::WrongLoginOrPassword.into(),
            OpaqueError::Malformed => Refusal::Malformed.into(),
            OpaqueError::Stretch => Failure::Storage {
                detail: "no memory to stretch the password".to_owned(),
            }
            .into(),
        }
    }
}

impl Core {
    /// Sends the first request.
    pub(super) fn begin_exchange(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let stepped = self.first_step(cx);
        self.after_step(stepped, cx)
    }

    fn first_step(&mut self, cx: &mut Context<'_>) -> Result<(), Stop> {
        let stretch = self.config.stretch;
        let exporter = self.session.exporters().map_or([0; 32], |all| all.opaque);
        let Some(entry) = &mut self.session.entry else {
            return Ok(());
        };
        let input = password_input(entry.password.expose());
        let login = entry.login.clone();
        let code = if let Goal::Reset(_, code) = &entry.goal {
            Some(Text::new(code.as_str())?)
        } else {
            None
        };
        let request = if let Goal::Register(..) | Goal::Reset(..) = &entry.goal {
            let (client, message) = RegistrationClient::start(&input, stretch, cx.entropy)?;
            let exchange = Exchange::Registration(Box::new(client));
            entry.step = Step::Started(exchange, Purpose::Register(None));
            let opaque = Bytes::new(message)?;
            match code {
                Some(code) => Request::ResetStart(ResetStart {
                    login,
                    opaque,
                    code,
                }),
                None => Request::RegisterStart(RegisterStart { login, opaque }),
            }
        } else {
            let (client, message) = SignInClient::start(&input, stretch, cx.entropy)?;
            let exchange = Exchange::SignIn(Box::new(client), exporter);
            entry.step = Step::Started(exchange, Purpose::SignIn);
            let opaque = Bytes::new(message)?;
            Request::SignInStart(SignInStart { login, opaque })
        };
        self.ask(Asked::Entry, request, cx);
        Ok(())
    }

    fn after_step(
        &mut self,
        stepped: Result<(), Stop>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match stepped {
            Ok(()) => Ok(()),
            Err(Stop::Store(error)) => Err(error),
            Err(Stop::Failure(failure)) => self.fail_entry(failure, cx),
        }
    }

    pub(in crate::core) fn entry_answered(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let stepped = self.next_step(outcome, cx);
        self.after_step(stepped, cx)
    }

    fn next_step(&mut self, outcome: Outcome, cx: &mut Context<'_>) -> Result<(), Stop> {
        let Some(entry) = &mut self.session.entry else {
            return Ok(());
        };
        let step = std::mem::replace(&mut entry.step, Step::Idle);
        match (step, outcome) {
            (Step::Started(exchange, purpose), Ok(reply)) => {
                self.stretch(exchange, purpose, reply, cx)
            }
            (
                Step::Started(_, Purpose::Register(_)),
                Err(Setback::Refused(Refusal::AlreadyDone)),
            ) => {
                entry.step = Step::Resuming;
                Ok(self.ask_resume(Asked::Entry, cx)?)
            }
            // The login is taken: by oneself, if the code is the one for a forgotten password.
            (Step::Started(_, Purpose::Register(_)), Err(Setback::Refused(Refusal::NameTaken)))
                if matches!(&entry.goal, Goal::Register(_, Some(_))) =>
            {
                if let Goal::Register(profile, Some(code)) = entry.goal.clone() {
                    entry.goal = Goal::Reset(profile, code);
                }
                self.first_step(cx)
            }
            (Step::Proved(export), Ok(Reply::SignedIn(signed_in))) => {
                self.vault_opened(*signed_in, &export, cx)
            }
            (Step::Finishing | Step::Resuming, Ok(Reply::Welcome(welcome))) => {
                self.entered(*welcome, cx)
            }
            (Step::Finishing, Ok(Reply::Done)) => {
                self.finish_entry(Done::Plain {}, cx)?;
                Ok(())
            }
            (Step::Removing(rotated), Ok(Reply::Done)) => Ok(self.device_removed(*rotated, cx)?),
            (Step::Finishing | Step::Removing(_), Err(Setback::Refused(Refusal::Conflict)))
                if entry.tries < SIGN_IN_TRIES_MAX =>
            {
                entry.tries += 1;
                self.first_step(cx)
            }
            (_, Err(setback)) => Err(Failure::from(setback).into()),
            (_, Ok(_)) => Err(Refusal::Malformed.into()),
        }
    }

    fn entered(
        &mut self,
        welcome: hutong_common::rpc::accounts::Welcome,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        if self.welcome(welcome, cx)? {
            Ok(())
        } else {
            Err(Refusal::Malformed.into())
        }
    }

    fn stretch(
        &mut self,
        exchange: Exchange,
        purpose: Purpose,
        reply: Reply,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        let (reply, purpose) = match (reply, purpose) {
            (Reply::RegisterStarted(started), Purpose::Register(_)) => {
                let (account, after) = (started.account, None);
                let anew = Box::new(Anew { account, after });
                (started.opaque, Purpose::Register(Some(anew)))
            }
            (Reply::ResetStarted(started), Purpose::Register(_)) => {
                let (account, after) = (started.account, Some(started.card));
                let anew = Box::new(Anew { account, after });
                (started.opaque, Purpose::Register(Some(anew)))
            }
            (Reply::SignInStarted(started), Purpose::SignIn) => (started.opaque, Purpose::SignIn),
            (Reply::PasswordStarted(started), purpose @ Purpose::ChangePassword(..)) => {
                (started.opaque, purpose)
            }
            (_, _) => return Err(Refusal::Malformed.into()),
        };
        let server = self.session.server_id().ok_or(Failure::NoServer)?;
        self.session.stretches += 1;
        let id = StretchId(self.session.stretches);
        let Some(entry) = &mut self.session.entry else {
            return Ok(());
        };
        entry.step = Step::Stretching(id, purpose);
        cx.out.push(Output::Stretch(Box::new(StretchJob {
            id,
            login: entry.login.clone(),
            server,
            reply: reply.into_vec(),
            seed: cx.entropy.array(),
            exchange,
        })));
        Ok(())
    }

    pub(in crate::core) fn on_stretched(
        &mut self,
        stretched: Stretched,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let stepped = self.stretched(stretched, cx);
        self.after_step(stepped, cx)
    }

    fn stretched(&mut self, stretched: Stretched, cx: &mut Context<'_>) -> Result<(), Stop> {
        let Some(entry) = &mut self.session.entry else {
            return Ok(());
        };
        if !matches!(&entry.step, Step::Stretching(id, _) if *id == stretched.id) {
            return Ok(());
        }
        let Step::Stretching(_, purpose) = std::mem::replace(&mut entry.step, Step::Idle) else {
            return Ok(());
        };
        let (message, export) = stretched.result?;
        match purpose {
            Purpose::Register(anew) => {
                let anew = anew.ok_or(Refusal::Malformed)?;
                self.register_finish(*anew, message, &export, cx)
            }
            Purpose::SignIn => {
                entry.step = Step::Proved(export);
                let opaque = Bytes::new(message)?;
                let request = Request::SignInFinish(SignInFinish { opaque });
                self.ask(Asked::Entry, request, cx);
                Ok(())
            }
            Purpose::ChangePassword(vault, card_version) => {
                let sealed = self.sealed(&vault, &export, cx)?;
                let finish = PasswordFinish {
                    opaque: Bytes::new(message)?,
                    vault: Bytes::new(sealed)?,
                    card_version,
                };
                self.finish_with(Request::PasswordFinish(finish), cx);
                Ok(())
            }
        }
    }

    pub(super) fn finish_with(&mut self, request: Request, cx: &mut Context<'_>) {
        if let Some(entry) = &mut self.session.entry {
            entry.step = Step::Finishing;
        }
        self.ask(Asked::Entry, request, cx);
    }

    pub(super) fn sealed(
        &self,
        vault: &Vault,
        export: &ExportKey,
        cx: &mut Context<'_>,
    ) -> Result<Vec<u8>, Stop> {
        let server = self.session.server_id().ok_or(Failure::NoServer)?;
        let entry = self.session.entry.as_ref().ok_or(Failure::TimedOut)?;
        Ok(seal_vault(
            vault,
            export,
            server,
            entry.login.as_str(),
            cx.entropy,
        ))
    }
}
