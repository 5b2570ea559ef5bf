//! Everything that the client decides, as a plain state machine: no IO, no clock, no randomness of its own.
//!
//! [`io`] is its whole contract with the outside. The root only routes: each child owns its state, its timers and its
//! tests. The caller hands in a few inputs within one transaction, commits it, and then performs the outputs in order,
//! so nothing leaves this computer that a crash could take back. Nothing that comes from outside makes the core panic.

pub mod io;
pub mod stretch;

mod announcements;
mod asks;
mod catch_up;
mod chats;
mod clock;
mod doctor;
#[cfg(test)]
mod fixture;
mod groups;
mod history;
mod inbox;
mod links;
mod notes;
mod outbox;
mod pictures;
mod roster;
mod session;
mod timers;
mod transfers;
mod trust;

use crate::api::event::{Event, WarningCode};
use crate::api::{Command, Done, Failure};
use crate::store::{StoreError, Tx};
use asks::{Asked, Asks};
use catch_up::CatchUp;
use doctor::Doctor;
use groups::Groups;
use hutong_common::entropy::Entropy;
use hutong_common::opaque::Stretch;
use hutong_common::rpc::Request;
use inbox::Inbox;
use io::{CommandId, FileInput, Input, Now, Output};
use links::Links;
use outbox::Outbox;
use pictures::Pictures;
use roster::Roster;
use roster::acts::Act;
use session::Session;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use timers::{Timer, Timers};
use transfers::Transfers;
use trust::Trust;

/// What the core is told once, when a home is opened.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// The home folder, for [`crate::api::event::Ready`].
    pub home: PathBuf,
    /// Where accepted files go when no folder is named.
    pub downloads: PathBuf,
    /// Invite link or `HOST:PORT` of a preset file; a link pins its rendezvous without a question.
    pub preset: Option<String>,
    /// What this computer is called in the list of the account's devices.
    pub device_label: String,
    /// How passwords are stretched.
    pub stretch: Stretch,
    /// Addresses at which any contact's device may be tried.
    pub static_peers: Vec<SocketAddr>,
    /// Keys lie unprotected in the home: warned of at every start.
    pub plain_keys: bool,
    /// Whether neighbours on the LAN can be heard.
    pub mdns: bool,
    /// Whoever does not say otherwise signs in as at a shared seat.
    pub seat: bool,
    /// The session of a shared seat ends with this program.
    pub holds_session: bool,
    /// A session that a program held here goes on: it is this program's own.
    pub resumes_session: bool,
}

/// What the core may use while it handles one input.
pub struct Context<'a> {
    /// The time.
    pub now: Now,
    /// Randomness.
    pub entropy: &'a mut dyn Entropy,
    /// The open transaction of the batch.
    pub tx: &'a mut Tx,
    /// Where outputs are appended; performed after the commit.
    pub out: &'a mut Vec<Output>,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl Context<'_> {
    fn answer(&mut self, command: CommandId, answer: Result<Done, Failure>) {
        self.out.push(Output::Answer(command, answer));
    }

    fn event(&mut self, event: Event) {
        self.out.push(Output::Event(event));
    }

    fn warn(&mut self, code: WarningCode, text: &str) {
        self.event(Event::warning(code, text));
    }

    /// `ms`, more or less by up to a share of it.
    fn jittered(&mut self, ms: u64, percent: u64) -> u64 {
        let spread = ms / 100 * percent;
        let draw = u64::from_be_bytes(self.entropy.array());
        (ms - spread).saturating_add(draw % (2 * spread + 1))
    }
}

/// One client without its IO.
#[derive(Debug)]
pub struct Core {
    config: CoreConfig,
    timers: Timers,
    asks: Asks,
    session: Session,
    catch_up: CatchUp,
    roster: Roster,
    links: Links,
    outbox: Outbox,
    inbox: Inbox,
    transfers: Transfers,
    trust: Trust,
    pictures: Pictures,
    groups: Groups,
    doctor: Doctor,
}

impl Core {
    /// Rebuilds everything from the home's database.
    ///
    /// # Errors
    /// When the database fails; nothing is kept then.
    pub fn open(config: CoreConfig, cx: &mut Context<'_>) -> Result<Self, StoreError> {
        let mut core = Self {
            config,
            timers: Timers::default(),
            asks: Asks::default(),
            session: Session::open(cx)?,
            catch_up: CatchUp::default(),
            roster: Roster::open(cx.tx)?,
            links: Links::default(),
            outbox: Outbox::open(cx.tx)?,
            inbox: Inbox::default(),
            transfers: Transfers::open(cx.tx)?,
            trust: Trust::open(cx.tx)?,
            pictures: Pictures::open(cx.tx)?,
            groups: Groups::open(cx.tx)?,
            doctor: Doctor::default(),
        };
        core.open_seat(cx)?;
        core.open_outbox(cx)?;
        core.open_transfers(cx)?;
        core.open_session(cx)?;
        Ok(core)
    }

    /// Handles one input.
    ///
    /// # Errors
    /// When the database fails: the core must be dropped and opened again.
    pub fn handle(&mut self, input: Input, cx: &mut Context<'_>) -> Result<(), StoreError> {
        match input {
            Input::Command(id, command) => self.on_command(id, command, cx),
            Input::Deadline => self.on_deadline(cx),
            Input::Addresses {
                udp_port,
                interfaces,
            } => self.on_addresses(udp_port, interfaces, cx),
            Input::Server(input) => self.on_server(input, cx),
            Input::Link(input) => self.on_link(input, cx),
            Input::Relay(input) => self.on_relay(input, cx),
            Input::File(input) => self.on_file(input, cx),
            Input::Picture(input) => self.on_picture(input, cx),
            Input::Found(found) => self.on_found(found, cx),
            Input::Doctor(input) => {
                self.on_doctor(input, cx);
                Ok(())
            }
            Input::Stretched(stretched) => self.on_stretched(*stretched, cx),
        }?;
        self.leave_for_members(cx)
    }

    /// When [`Input::Deadline`] is wanted, in the monotonic milliseconds of [`Now`].
    pub fn deadline_ms(&self) -> Option<u64> {
        self.timers.next_ms()
    }

    /// Unix milliseconds at the rendezvous, as well as we know.
    fn now_ms(&self, cx: &Context<'_>) -> u64 {
        self.session.clock.now_ms(cx.now)
    }

    fn on_deadline(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        while let Some(timer) = self.timers.take_due(cx.now.mono_ms) {
            match timer {
                Timer::Reconnect => self.connect_home(cx)?,
                Timer::Ping => self.ping(cx),
                Timer::Reply(_) => self.reply_overdue(cx)?,
                Timer::Hello(link) => self.link_overdue(link, cx)?,
                Timer::Spare(link) => self.spare_overdue(link, cx)?,
                Timer::Lapse => self.links_lapse(cx)?,
                Timer::Redial(account) => self.redial(account, cx)?,
                Timer::Relay(account) => self.relay_due(account, cx)?,
                Timer::Announce => self.announce(cx),
                Timer::Spread => self.tell_revocations_version(cx),
                Timer::Outbox(_) | Timer::Expire => self.on_outbox_timer(timer, cx)?,
                Timer::Gap(chat, device) => self.on_gap_timer((chat, device), cx)?,
                Timer::Fetch(file) => self.on_fetch_timer(file, cx)?,
                Timer::Doctor(check) => self.doctor_goes_on(check, cx),
                Timer::Look => self.looked_around(cx)?,
                Timer::Leave => self.leave_overdue(cx)?,
                Timer::Seat => self.seat_overdue(cx)?,
            }
        }
        Ok(())
    }

    fn on_file(&mut self, input: FileInput, cx: &mut Context<'_>) -> Result<(), StoreError> {
        match input {
            FileInput::Hashed { command, result } => self.hashed(command, result, cx),
            FileInput::Asked { stream, link, get } => self.file_asked((stream, link), get, cx),
            FileInput::Served { stream, sent, end } => self.served(stream, sent, end, cx),
            FileInput::Prepared { file, result } => self.prepared(file, result, cx),
            FileInput::Progress { file, done } => self.fetch_progressed(file, done, cx),
            FileInput::Fetched { file, result } => self.fetched(file, result, cx),
        }
    }

    /// The person is gone: nothing of hers stays in memory.
    fn forget_person(&mut self) {
        self.forget_links();
        self.roster = Roster::default();
        self.outbox = Outbox::default();
        self.inbox = Inbox::default();
        self.transfers = Transfers::default();
        self.trust = Trust::default();
        self.pictures.forget();
        self.groups = Groups::default();
        self.doctor.forget();
    }

    fn on_command(
        &mut self,
        id: CommandId,
        command: Command,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let needs_account = !matches!(
            command,
            Command::Servers | Command::Register(_) | Command::Login(_) | Command::Doctor { .. }
        );
        if needs_account && self.session.me().is_none() {
            cx.answer(id, Err(Failure::NotSignedIn));
            return Ok(());
        }
        match self.after_looking(id, command, cx) {
            Some(command) => self.carry_out(id, command, cx),
            None => Ok(()),
        }
    }

    fn carry_out(
        &mut self,
        id: CommandId,
        command: Command,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match command {
            Command::Servers => cx.answer(id, Ok(self.servers())),
            Command::Register(asked) => return self.register_with_avatar(id, asked, cx),
            Command::Login(asked) => return self.login(id, asked, cx),
            Command::Logout => return self.logout(id, cx),
            Command::Whoami => return self.whoami(id, cx),
            Command::Profile(asked) => return self.set_profile(id, asked, cx),
            Command::Passwd { old, new } => return self.change_password(id, (old, new), cx),
            Command::Find { login } => return self.find(id, login, cx),
            Command::Whois { account } => {
                let asked = Asked::Person(id, None);
                return self.ask_signed_in(asked, Request::Whois(account), cx);
            }
            Command::CanAdd { login } => return self.can_add(id, login, cx),
            Command::Add { login, greeting } => {
                return self.request_friend(id, (login, greeting), cx);
            }
            Command::Requests => {
                let asked = Asked::Requests(Some(id));
                return self.ask_signed_in(asked, Request::FriendRequests, cx);
            }
            Command::Accept(choice) => return self.answer_friend(id, (choice, true), cx),
            Command::Decline(choice) => return self.answer_friend(id, (choice, false), cx),
            Command::Remove { login } => return self.act_on(id, login, Act::Remove, cx),
            Command::Block { login } => return self.act_on(id, login, Act::Block(true), cx),
            Command::Unblock { login } => return self.act_on(id, login, Act::Block(false), cx),
            Command::Blocked => return self.list_blocked(id, cx),
            Command::Remark { login, name } => return self.remark(id, (login, &name), cx),
            Command::Friends => cx.answer(id, Ok(self.friends())),
            Command::Who { login } => cx.answer(id, self.who(login.as_deref())),
            Command::Away { on } => return self.set_away(id, on, cx),
            Command::Chats => return self.chats(id, cx),
            Command::Unread => return self.unread(id, cx),
            Command::Draft { with, text } => return self.draft(id, &with, text, cx),
            Command::Drafts => return self.drafts(id, cx),
            Command::Send { to, text } => return self.send_to(id, (to, text), cx),
            Command::SendFile { to, path } => return self.offer_file(id, (to, path), cx),
            Command::Read { with, upto } => return self.read(id, (&with, upto), cx),
            Command::History(asked) => return self.history(id, &asked, cx),
            Command::Files { direction } => return self.files(id, direction, cx),
            Command::AcceptFile { file, to } => return self.accept_file((id, file), to, cx),
            Command::DeclineFile { file } => return self.call_off((id, file), false, cx),
            Command::Devices { remove, password } => {
                return self.devices(id, (remove, password), cx);
            }
            Command::Safety(asked) => return self.safety(id, &asked, cx),
            Command::Unlock { password } => return self.unlock(id, password, cx),
            Command::CancelFile { file } => return self.call_off((id, file), true, cx),
            Command::PauseFile { file } => return self.pause_file((id, file), cx),
            Command::ResumeFile { file } => return self.resume_file((id, file), cx),
            Command::Group(asked) => return self.group_command(id, asked, cx),
            Command::Announce(asked) => return self.announcement_command(id, asked, cx),
            Command::Doctor { login } => self.doctor(id, login.as_deref(), cx),
        }
        Ok(())
    }
}
