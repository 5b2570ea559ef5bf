//! First contact, and whatever else needs a password: `register`, `login`, `passwd`, `devices --remove` and `unlock` up to
//! the moment when OPAQUE begins.
//!
//! One runs at a time. Until the key of the rendezvous is agreed to, a throw-away key is shown to it; then the device
//! key is made and on disk before the rendezvous sees it.

use super::choice::{Target, not_trusted};
use super::exchange::Step;
use super::{Core, Line};
use crate::api::command::{Login as LoginCommand, Register, Secret};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::Setback;
use crate::core::io::{CommandId, KeySeed, Output, ServerDown, ServerOutput};
use crate::store::StoreError;
use crate::store::home::{DeviceRow, SEAT, SERVER, ServerRow};
use hutong_common::bounded::Text;
use hutong_common::id::{DeviceId, ServerId};
use hutong_common::name::{DisplayName, Login};
use hutong_common::password;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Profile;
use hutong_common::signed::DeviceKind;

/// What shall come of it.
#[derive(Clone, Debug)]
pub(super) enum Goal {
    /// A new account, with a code if it needs one.
    Register(Box<Profile>, Option<String>),
    /// One's own account anew, with a one-time code, because the password is forgotten.
    Reset(Box<Profile>, String),
    /// This device in an account that exists.
    SignIn,
    /// Another password.
    ChangePassword(Secret),
    /// A device less in the account.
    RemoveDevice(DeviceId),
    /// The newest seal keys.
    Unlock,
}

/// The one that runs.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) command: CommandId,
    pub(super) login: Login,
    pub(super) password: Secret,
    pub(super) goal: Goal,
    pub(super) target: Target,
    pub(super) step: Step,
    /// What this device becomes.
    pub(super) kind: DeviceKind,
    pub(super) tries: u32,
    /// Set once there is an account.
    avatar: Option<Vec<u8>>,
}

impl Core {
    pub(in crate::core) fn register(
        &mut self,
        command: CommandId,
        (asked, avatar): (Register, Option<Vec<u8>>),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let checked = self.checked_registration(command, asked);
        match checked.map(|entry| Entry { avatar, ..entry }) {
            Ok(entry) => self.begin_entry(entry, cx),
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    fn checked_registration(&self, command: CommandId, asked: Register) -> Result<Entry, Failure> {
        self.check_may_enter()?;
        let login = Login::new(&asked.login).map_err(Refusal::from)?;
        let name = match &asked.name {
            Some(name) => DisplayName::new(name).map_err(Refusal::from)?,
            None => login.clone().into(),
        };
        password::check(asked.password.expose(), login.as_str(), name.as_str())
            .map_err(Refusal::from)?;
        let preset = self.config.preset.as_deref();
        let target =
            self.session
                .choose(asked.server.as_deref(), preset, asked.accept_new_server)?;
        let code = asked.code.or_else(|| target.token.clone());
        let profile = Profile {
            name,
            sex: asked.sex.unwrap_or_default(),
            signature: Text::default(),
        };
        Ok(Entry {
            command,
            login,
            password: asked.password,
            goal: Goal::Register(Box::new(profile), code),
            target,
            step: Step::Idle,
            kind: self.kind_of(asked.seat),
            tries: 0,
            avatar: None,
        })
    }

    pub(in crate::core) fn login(
        &mut self,
        command: CommandId,
        asked: LoginCommand,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match self.checked_login(command, asked) {
            Ok(entry) => self.begin_entry(entry, cx),
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    fn checked_login(&self, command: CommandId, asked: LoginCommand) -> Result<Entry, Failure> {
        self.check_may_enter()?;
        // A login that cannot exist is answered like one that does not.
        let login = Login::new(&asked.login).map_err(|_| Refusal::WrongLoginOrPassword)?;
        let preset = self.config.preset.as_deref();
        let target =
            self.session
                .choose(asked.server.as_deref(), preset, asked.accept_new_server)?;
        Ok(Entry {
            command,
            login,
            password: asked.password,
            goal: Goal::SignIn,
            target,
            step: Step::Idle,
            kind: self.kind_of(asked.seat),
            tries: 0,
            avatar: None,
        })
    }

    fn kind_of(&self, seat: Option<bool>) -> DeviceKind {
        if seat.unwrap_or(self.config.seat) {
            DeviceKind::Seat
        } else {
            DeviceKind::Own
        }
    }

    fn check_may_enter(&self) -> Result<(), Failure> {
        if self.session.me().is_some() {
            return Err(Failure::AlreadySignedIn);
        }
        if self.session.entry.is_some() {
            return Err(Refusal::Busy { retry_ms: 1_000 }.into());
        }
        Ok(())
    }

    /// Changes the password on the connection that stands.
    pub(in crate::core) fn change_password(
        &mut self,
        command: CommandId,
        (old, new): (Secret, Secret),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(me) = self.session.me()
            && let Err(rule) =
                password::check(new.expose(), me.login.as_str(), me.profile.name.as_str())
        {
            cx.answer(command, Err(Refusal::from(rule).into()));
            return Ok(());
        }
        self.begin_own_entry(command, (old, Goal::ChangePassword(new)), cx)
    }

    /// Proves the password on the connection that stands, for something that only its owner may do.
    pub(super) fn begin_own_entry(
        &mut self,
        command: CommandId,
        (password, goal): (Secret, Goal),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match self.own_entry(command, password, goal) {
            Ok(entry) => {
                self.session.entry = Some(entry);
                self.begin_exchange(cx)
            }
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    fn own_entry(
        &self,
        command: CommandId,
        password: Secret,
        goal: Goal,
    ) -> Result<Entry, Failure> {
        let me = self.session.me().ok_or(Failure::NotSignedIn)?;
        if self.session.entry.is_some() {
            return Err(Refusal::Busy { retry_ms: 1_000 }.into());
        }
        if !self.session.is_online() {
            return Err(self.session.setback.into());
        }
        Ok(Entry {
            command,
            login: me.login.clone(),
            password,
            goal,
            target: self.session.choose(None, None, false)?,
            step: Step::Idle,
            kind: DeviceKind::Own,
            tries: 0,
            avatar: None,
        })
    }

    fn begin_entry(&mut self, entry: Entry, cx: &mut Context<'_>) -> Result<(), StoreError> {
        match entry.target.pin {
            Some(server) if !entry.target.consent => {
                let address = entry.target.hosts.first().cloned().unwrap_or_default();
                cx.answer(entry.command, Err(not_trusted(server, &address)));
                Ok(())
            }
            Some(_) => {
                self.session.entry = Some(entry);
                self.connect_trusted(cx)
            }
            None => {
                let hosts = entry.target.hosts.clone();
                self.session.entry = Some(entry);
                let throw_away = KeySeed(cx.entropy.array());
                self.connect(hosts, None, throw_away, cx)
            }
        }
    }

    /// Connects with this device's key to a rendezvous whose key is agreed to.
    fn connect_trusted(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let Some(entry) = &self.session.entry else {
            return Ok(());
        };
        let Some(server) = entry.target.pin else {
            return Ok(());
        };
        let (hosts, login) = (entry.target.hosts.clone(), entry.login.clone());
        let is_registration = matches!(entry.goal, Goal::Register(..) | Goal::Reset(..));
        let kind = entry.kind;
        self.mark_seat(kind, cx)?;
        // A registration that was interrupted goes on with its key: perhaps the account exists already.
        let seed = match &self.session.device {
            Some(row) if is_registration && row.login == login && row.server == server => row.seed,
            Some(_) | None => {
                let seed = cx.entropy.array();
                let row = DeviceRow {
                    seed,
                    login,
                    server,
                    resumes: 0,
                    enrolled: false,
                    seals: Vec::new(),
                };
                self.session.save_device(Some(row), cx.tx)?;
                seed
            }
        };
        self.connect(hosts, Some(server), KeySeed(seed), cx)
    }

    /// The connection for the entry stands.
    pub(super) fn entry_connected(
        &mut self,
        server: ServerId,
        host: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(entry) = &mut self.session.entry else {
            return Ok(());
        };
        if entry.target.pin.is_some() {
            let mut hosts = entry.target.hosts.clone();
            hosts.retain(|known| known != host);
            hosts.insert(0, host.to_owned());
            let name = entry.target.name.clone();
            let row = ServerRow {
                server,
                name,
                hosts,
            };
            cx.tx.set_single(SERVER, &row)?;
            self.session.server = Some(row);
            return self.begin_exchange(cx);
        }
        // Only the key was wanted so far.
        let known = self.session.server.as_ref().map(|row| row.server) == Some(server);
        if !known && !entry.target.consent {
            return self.fail_entry(not_trusted(server, host), cx);
        }
        entry.target.pin = Some(server);
        self.connect_trusted(cx)
    }

    pub(super) fn entry_lost(
        &mut self,
        why: ServerDown,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let was_signed_in = self.session.me().is_some();
        self.fail_entry(Setback::from(why).into(), cx)?;
        if was_signed_in {
            self.hang_up(0, cx)?;
        }
        Ok(())
    }

    /// Ends the entry without success. A home that is signed in keeps its connection.
    pub(super) fn fail_entry(
        &mut self,
        failure: Failure,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(entry) = self.session.entry.take() {
            cx.answer(entry.command, Err(failure));
            if self.session.me().is_none() && cx.tx.single(SEAT)?.is_some() {
                self.forget_entry(cx)?;
            }
        }
        if self.session.me().is_none() && self.session.attempt().is_some() {
            cx.out.push(Output::Server(ServerOutput::Disconnect));
            self.line_lost(Line::Off, cx)?;
        }
        Ok(())
    }

    /// The entry is done.
    pub(super) fn finish_entry(
        &mut self,
        done: Done,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(entry) = self.session.entry.take() else {
            return Ok(());
        };
        match entry.avatar {
            Some(avatar) => self.send_first_avatar(entry.command, (avatar, done), cx),
            None => {
                cx.answer(entry.command, Ok(done));
                Ok(())
            }
        }
    }
}
