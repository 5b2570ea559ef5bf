//! Somebody in the world: a handle on one computer, with the verbs of the product and of misfortune.

mod known;

use super::computer::{Computer, CrashPoint, Moment};
use super::content::Content;
use super::network::Place;
use super::world::{Shared, invite, run_until};
use hutong_common::id::{AccountId, DeviceId, FileId, MsgId};
use hutong_engine::api::command::{History, Login, Register, RequestChoice, Secret};
use hutong_engine::api::done::{Device, HistoryRow, SignedIn};
use hutong_engine::api::{Command, Done, Failure};
use hutong_engine::core::io::CommandId;
use hutong_engine::store::disk::Disk;
use std::path::PathBuf;
use std::rc::Rc;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// Longer than any bound within which a command must be answered.
const ANSWER_MS: u64 = 90_000;

/// A handle on one person's computer.
#[derive(Clone)]
pub struct Actor {
    simulation: Shared,
    who: usize,
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

impl Actor {
    pub(super) fn new(simulation: &Shared, who: usize) -> Self {
        Self {
            simulation: Rc::clone(simulation),
            who,
        }
    }

    pub(super) fn simulation(&self) -> &Shared {
        &self.simulation
    }

    /// Number of the computer.
    pub const fn number(&self) -> usize {
        self.who
    }

    /// Reads or sets something of the computer.
    pub fn computer<T>(&self, with: impl FnOnce(&mut Computer) -> T) -> T {
        with(&mut self.simulation.borrow_mut().clients[self.who])
    }

    /// The login that signed in last; before that, the computer's name.
    pub fn name(&self) -> String {
        self.simulation.borrow().judge.model.logins[self.who].clone()
    }

    /// The account, once registered.
    pub fn account(&self) -> Option<AccountId> {
        self.simulation
            .borrow()
            .judge
            .model
            .accounts
            .get(&self.who)
            .copied()
    }

    // ---- Commands ----

    /// Hands a command in without waiting.
    pub fn issue(&self, command: Command) -> CommandId {
        self.simulation.borrow_mut().command(self.who, command)
    }

    /// The answer to a command, once there is one.
    pub fn answer(&self, id: CommandId) -> Option<Result<Done, Failure>> {
        self.computer(|computer| computer.answers.get(&id).cloned())
    }

    /// Hands a command in and waits for its answer; a kill in between is a panic.
    pub fn ask(&self, command: Command) -> Result<Done, Failure> {
        let story = format!("{command:?}");
        let id = self.issue(command);
        let answered = || self.answer(id).is_some();
        assert!(
            run_until(&self.simulation, answered, ANSWER_MS),
            "{self:?} never answered {story}"
        );
        self.answer(id).expect("just seen")
    }

    /// Asks for an account without waiting.
    pub fn begin_registering(&self) -> CommandId {
        self.issue(Command::Register(self.registration()))
    }

    /// What `register` says, with these fields changed.
    pub fn register_with(&self, change: impl FnOnce(&mut Register)) -> Result<Done, Failure> {
        let mut register = self.registration();
        change(&mut register);
        self.ask(Command::Register(register))
    }

    fn registration(&self) -> Register {
        Register {
            login: self.name(),
            password: Secret::new(PASSWORD),
            name: None,
            sex: None,
            code: None,
            server: Some(invite(&self.simulation)),
            accept_new_server: false,
            seat: None,
            avatar: None,
        }
    }

    /// Registers at the rendezvous by its invite link.
    pub fn register(&self) -> SignedIn {
        match self.register_with(|_| {}) {
            Ok(Done::SignedIn(signed_in)) => signed_in,
            other => panic!("{self:?} cannot register: {other:?}"),
        }
    }

    /// Signs in with everybody's password, as at a shared seat.
    pub fn sit_down(&self, login: &str) -> SignedIn {
        let asked = self.ask(Command::Login(Login {
            login: login.to_owned(),
            password: Secret::new(PASSWORD),
            server: Some(invite(&self.simulation)),
            accept_new_server: false,
            seat: Some(true),
        }));
        match asked {
            Ok(Done::SignedIn(signed_in)) => signed_in,
            other => panic!("{login} cannot sit down: {other:?}"),
        }
    }

    /// Signs in with a password.
    pub fn login_with(&self, login: &str, password: &str) -> Result<Done, Failure> {
        self.ask(Command::Login(Login {
            login: login.to_owned(),
            password: Secret::new(password),
            server: Some(invite(&self.simulation)),
            accept_new_server: false,
            seat: None,
        }))
    }

    /// Signs in to somebody's account, as one more of its computers.
    pub fn login(&self, login: &str) -> SignedIn {
        match self.login_with(login, PASSWORD) {
            Ok(Done::SignedIn(signed_in)) => signed_in,
            other => panic!("{self:?} cannot sign in: {other:?}"),
        }
    }

    /// This computer's device in its account.
    pub fn device(&self) -> DeviceId {
        match self.ask(Command::Whoami) {
            Ok(Done::Whoami(whoami)) => whoami.signed_in.device,
            other => panic!("{self:?} is not signed in: {other:?}"),
        }
    }

    /// The account's devices.
    pub fn devices(&self) -> Vec<Device> {
        let (remove, password) = (None, None);
        match self.ask(Command::Devices { remove, password }) {
            Ok(Done::Devices { devices }) => devices,
            other => panic!("{self:?} is not told of devices: {other:?}"),
        }
    }

    /// Takes a device out of the account.
    pub fn remove_device(&self, device: DeviceId, password: &str) -> Result<Done, Failure> {
        self.ask(Command::Devices {
            remove: Some(device),
            password: Some(Secret::new(password)),
        })
    }

    /// Types the password so that locked mail can be read.
    pub fn unlock(&self, password: &str) -> Result<Done, Failure> {
        let password = Secret::new(password);
        self.ask(Command::Unlock { password })
    }

    /// Asks somebody to be a friend.
    pub fn add(&self, other: &Self) -> Result<Done, Failure> {
        let login = other.name();
        let greeting = format!("I am {self:?}");
        self.ask(Command::Add { login, greeting })
    }

    /// Accepts somebody's request.
    pub fn accept(&self, other: &Self) -> Result<Done, Failure> {
        self.ask(Command::Accept(from(other)))
    }

    /// Declines somebody's request.
    pub fn decline(&self, other: &Self) -> Result<Done, Failure> {
        self.ask(Command::Decline(from(other)))
    }

    /// What `send` says.
    pub fn try_send(&self, other: &Self, text: &str) -> Result<MsgId, Failure> {
        let (to, text) = (other.name(), text.to_owned());
        let done = self.ask(Command::Send { to, text })?;
        let Done::Sent { message, .. } = done else {
            panic!("not an answer to send: {done:?}");
        };
        Ok(message)
    }

    /// Sends a text that must be accepted.
    #[track_caller]
    pub fn send(&self, other: &Self, text: &str) -> MsgId {
        self.try_send(other, text)
            .expect("a message to a friend is accepted")
    }

    /// Offers a file made on the spot.
    pub fn send_file(&self, other: &Self, name: &str, size: u64) -> (MsgId, FileId) {
        self.offer(&other.name(), name, size)
    }

    /// Offers a file made on the spot to a login or a group.
    pub fn offer(&self, to: &str, name: &str, size: u64) -> (MsgId, FileId) {
        let path = PathBuf::from(format!("/files/{name}"));
        let content = Content::generate(size, size, super::computer::EPOCH_MS);
        self.simulation
            .borrow_mut()
            .files
            .put(self.who, path.clone(), content);
        let to = to.to_owned();
        match self.ask(Command::SendFile { to, path }) {
            Ok(Done::FileSent { message, file }) => (message, file),
            other => panic!("the file is not offered: {other:?}"),
        }
    }

    /// What lies at a path on this computer.
    pub fn content(&self, path: &std::path::Path) -> Option<Content> {
        self.simulation.borrow().files.at(self.who, path)
    }

    /// Replaces a file by another of that size.
    pub fn rewrite(&self, path: &str, size: u64) {
        let content = Content::generate(size, size, super::computer::EPOCH_MS + 1);
        self.simulation
            .borrow_mut()
            .files
            .put(self.who, path.into(), content);
    }

    /// Fetches an offered file.
    pub fn accept_file(&self, file: FileId) -> Result<Done, Failure> {
        self.ask(Command::AcceptFile { file, to: None })
    }

    /// The whole conversation, oldest first.
    pub fn history(&self, other: &Self) -> Vec<HistoryRow> {
        let asked = self.ask(Command::History(History {
            with: other.name(),
            before: None,
            after: None,
            from: None,
            limit: Some(1_000),
        }));
        match asked {
            Ok(Done::History { messages, more }) => {
                assert!(!more, "scenarios stay below a page");
                messages
            }
            other => panic!("no history: {other:?}"),
        }
    }

    /// The words of the conversation, oldest first.
    pub fn texts(&self, other: &Self) -> Vec<String> {
        let rows = self.history(other).into_iter();
        rows.filter_map(|row| row.message.text).collect()
    }

    // ---- Misfortune ----

    /// Kills the program.
    pub fn kill(&self) {
        self.simulation.borrow_mut().kill(self.who);
    }

    /// Whether the program runs.
    pub fn runs(&self) -> bool {
        self.computer(|computer| computer.program.is_some())
    }

    /// Starts the program again on what the disk holds.
    pub fn restart(&self) {
        self.simulation.borrow_mut().start(self.who);
    }

    /// Kills the program when it handles this, at that point.
    pub fn kill_at(&self, moment: Moment, point: CrashPoint) {
        self.simulation.borrow_mut().trap(self.who, (moment, point));
    }

    /// Sets the clock wrong by so many milliseconds from now on.
    pub fn set_clock(&self, offset_ms: i64) {
        let mut simulation = self.simulation.borrow_mut();
        simulation.clocks_were_set = true;
        simulation.clients[self.who].clock_offset_ms = offset_ms;
    }

    /// Whether these bytes lie anywhere on the disk, as they were synced.
    pub fn disk_holds(&self, bytes: &[u8]) -> bool {
        self.copy_disk().holds(bytes)
    }

    /// What a thief or a backup keeps of the disk as it is now.
    pub fn copy_disk(&self) -> Disk {
        self.computer(|computer| computer.disk.after_power_failure())
    }

    /// Kills the program, and starts it on such a copy.
    pub fn restart_from(&self, disk: Disk) {
        self.kill();
        self.computer(|computer| computer.disk = disk);
        self.simulation.borrow_mut().judge.set_back(self.who);
        self.restart();
    }

    /// Starts the program of this computer on a copy of somebody's home.
    pub fn start_with_home_of(&self, owner: &Self, disk: Disk) {
        {
            let mut simulation = self.simulation.borrow_mut();
            let model = &mut simulation.judge.model;
            let login = model.logins[owner.who].clone();
            model.logins[self.who] = login;
            let account = model.accounts.get(&owner.who).copied();
            model
                .accounts
                .extend(account.map(|account| (self.who, account)));
        }
        self.restart_from(disk);
    }

    /// Where the computer is.
    pub fn place(&self) -> Place {
        Place::Client(self.who)
    }

    /// Pulls the cable, or puts it back.
    pub fn unplug(&self, unplugged: bool) {
        let mut simulation = self.simulation.borrow_mut();
        simulation
            .network
            .unplug(Place::Client(self.who), unplugged);
        simulation.network_changed();
    }

    /// Drops all UDP of this computer, or lets it pass again.
    pub fn block_udp(&self, blocked: bool) {
        let mut simulation = self.simulation.borrow_mut();
        simulation
            .network
            .block_udp(Place::Client(self.who), blocked);
        simulation.network_changed();
    }

    /// Breaks the connection to the rendezvous.
    pub fn drop_control(&self) {
        self.simulation.borrow_mut().drop_control(self.who);
    }
}

fn from(other: &Actor) -> RequestChoice {
    RequestChoice {
        request: None,
        from: Some(other.name()),
    }
}
