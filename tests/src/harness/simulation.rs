//! Everything that exists in a run, and the loop that moves it: one thread, one queue of things to come.
//!
//! Holds no opinion on what a client or rendezvous should do: it hands real cores and the real service their inputs and
//! performs their outputs over a simulated network. The verbs for tests are in `world.rs` and `actor.rs`.

mod controls;
mod doctor;
mod evil;
mod links;
mod multicast;
mod paths;
mod pictures;
mod pipes;
mod promises;
mod relays;
mod serving;
mod transfers;
pub(super) mod voices;

use super::computer::{Computer, Moment, Step};
use super::content::Files;
use super::dice::Dice;
use super::evil::{Ears, Lies};
use super::invariants::Judge;
use super::network::{Network, Place};
use super::pipe::{Pipe, PipeId};
use super::schedule::Schedule;
use super::server::Server;
use hutong_common::id::RelaySession;
use hutong_common::limits::INPUT_BATCH_MAX;
use hutong_common::refusal::Refusal;
use hutong_engine::api::Command;
use hutong_engine::core::io::{CommandId, Input, Output};
use hutong_engine::paths::probe::Probe;
use hutong_engine::store::home::ScrubRow;
use hutong_rendezvous::policy::Policy;
use relays::Relayed;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use transfers::Stream;

/// How long a stretching takes on a virtual computer.
const STRETCH_US: u64 = 60_000;
/// A deadline that comes back this often without time passing is a core that spins.
const SPINS_MAX: u32 = 1_000;

/// Something that is going to happen.
#[derive(Debug)]
enum Happening {
    StepClient(usize, u64),
    StepServer(usize, u64),
    Wake(usize, u64),
    Input(usize, u64, Box<Input>),
    Arrival(PipeId, usize),
    Silence(PipeId),
    /// Ways of a client's links are due.
    Paths(usize, u64),
    /// A probe comes to a client.
    Probe(usize, u64, SocketAddr, Probe),
    /// A relayed session loses an end that was not heard for too long.
    RelaySilence(RelaySession),
    /// Both ends of a relayed session are heard by each other.
    RelayUp(RelaySession),
    Transfer(u64),
    Tick(usize, u64),
    /// A rendezvous tells members of large groups who came in.
    TellArrivals(usize, u64),
}

/// Everything that exists in a run.
#[derive(Debug)]
pub struct Simulation {
    schedule: Schedule<Happening>,
    dice: Dice,
    seed: u64,
    /// Who reaches whom.
    pub network: Network,
    /// The rendezvous; the first is the one that people mean.
    pub servers: Vec<Server>,
    /// Which rendezvous answers at an address.
    pub addresses: BTreeMap<String, usize>,
    /// The clients' computers.
    pub clients: Vec<Computer>,
    /// Files of all computers.
    pub files: Files,
    /// Whether somebody's clock was set during the run.
    pub clocks_were_set: bool,
    /// What must always hold.
    pub judge: Judge,
    /// What the rendezvous says instead of the truth.
    pub lies: Lies,
    /// What is overheard on links.
    pub ears: Ears,
    pipes: BTreeMap<PipeId, Pipe>,
    relays: BTreeMap<RelaySession, Relayed>,
    streams: BTreeMap<u64, Stream>,
    refusals: BTreeMap<u64, Refusal>,
    numbers: u64,
    spins: (u64, u32),
}

impl Simulation {
    /// A quiet network with one running rendezvous.
    pub fn new(seed: u64, policy: Policy) -> Self {
        let server = Server::new(seed, policy);
        let address = Place::Server(0).address().to_string();
        let mut simulation = Self {
            schedule: Schedule::default(),
            dice: Dice::new(seed, "simulation"),
            seed,
            network: Network::new(seed),
            servers: vec![server],
            addresses: BTreeMap::from([(address, 0)]),
            clients: Vec::new(),
            files: Files::default(),
            clocks_were_set: false,
            judge: Judge::default(),
            lies: Lies::default(),
            ears: Ears::default(),
            pipes: BTreeMap::new(),
            relays: BTreeMap::new(),
            streams: BTreeMap::new(),
            refusals: BTreeMap::new(),
            numbers: 0,
            spins: (0, 0),
        };
        simulation.start_server(0);
        simulation
    }

    /// Virtual milliseconds since the beginning.
    pub const fn now_ms(&self) -> u64 {
        self.schedule.now_us() / 1000
    }

    /// A number that is used once.
    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Sets up another client's computer; nothing runs there yet.
    pub fn add_client(&mut self, name: &str) -> usize {
        let who = self.clients.len();
        let computer = Computer::new(name, Place::Client(who), self.seed);
        self.clients.push(computer);
        who
    }

    /// Starts a client's program.
    pub fn start(&mut self, who: usize) {
        let now_us = self.schedule.now_us();
        if let Some(what) = self.clients[who].scrub_due() {
            self.scrub(who, what);
        }
        let outputs = self.clients[who].start(now_us);
        self.judge.started(who, now_us);
        self.perform_all(who, outputs);
        let computer = &self.clients[who];
        let addresses = Input::Addresses {
            udp_port: computer.udp.then(|| computer.place.address().port()),
            interfaces: vec![computer.place.ip()],
        };
        self.input(who, addresses);
        self.plan_wake(who);
        self.browse(who);
    }

    /// Kills a client's program.
    pub fn kill(&mut self, who: usize) {
        if self.clients[who].kill().is_some() {
            self.clients[who].trap = None;
            self.judge.killed(who, self.schedule.now_us());
            self.sever(self.clients[who].place);
            self.end_relays_of(who);
        }
    }

    /// Kills a rendezvous.
    pub fn kill_server(&mut self, server: usize) {
        self.servers[server].kill();
        self.sever(Place::Server(server));
        self.end_relays_of_server(server);
    }

    /// Starts a rendezvous.
    pub fn start_server(&mut self, server: usize) {
        let now_us = self.schedule.now_us();
        self.servers[server].start(now_us);
        self.plan_tick(server);
    }

    /// Hands a command to a client's program.
    pub fn command(&mut self, who: usize, command: Command) -> CommandId {
        let id = CommandId(self.number());
        assert!(
            self.clients[who].program.is_some(),
            "{} does not run",
            self.clients[who].name
        );
        self.judge.issued(who, id, &command);
        self.input(who, Input::Command(id, command));
        id
    }

    /// Does the next thing that happens no later than `end_ms`; false when there is none.
    pub fn advance(&mut self, end_ms: u64) -> bool {
        let Some(happening) = self.schedule.next(end_ms * 1000) else {
            return false;
        };
        match happening {
            Happening::StepClient(who, life) if self.lives(who, life) => self.step_client(who),
            Happening::Wake(who, life) if self.lives(who, life) => self.wake(who),
            Happening::Input(who, life, input) if self.lives(who, life) => self.input(who, *input),
            Happening::StepServer(server, life) if self.servers[server].life == life => {
                self.step_server(server);
            }
            Happening::Arrival(pipe, side) => self.arrive(pipe, side),
            Happening::Silence(pipe) => self.silence(pipe),
            Happening::Paths(who, life) if self.lives(who, life) => self.tick_paths(who),
            Happening::Probe(who, life, from, probe) if self.lives(who, life) => {
                self.probed(who, from, &probe);
            }
            Happening::RelaySilence(session) => self.relay_silence(session),
            Happening::RelayUp(session) => self.relay_up(session),
            Happening::Transfer(stream) => self.transfer(stream),
            Happening::Tick(server, life) if self.servers[server].life == life => {
                let said = self.servers[server].tick(self.schedule.now_us());
                self.say(said);
                self.plan_tick(server);
            }
            Happening::TellArrivals(server, life) if self.servers[server].life == life => {
                self.tell_arrivals(server);
            }
            Happening::StepClient(..)
            | Happening::Wake(..)
            | Happening::Input(..)
            | Happening::StepServer(..)
            | Happening::Tick(..)
            | Happening::Paths(..)
            | Happening::Probe(..)
            | Happening::TellArrivals(..) => {}
        }
        true
    }

    fn lives(&self, who: usize, life: u64) -> bool {
        self.clients[who].program.is_some() && self.clients[who].life == life
    }

    /// Puts an input before a client's core; its thread wakes up a moment later and takes all that waits.
    fn input(&mut self, who: usize, input: Input) {
        let delay_us = self.dice.within(5..150);
        let life = self.clients[who].life;
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        program.inbox.push_back(input);
        if !std::mem::replace(&mut program.step_planned, true) {
            self.schedule
                .after(delay_us, Happening::StepClient(who, life));
        }
    }

    fn input_later(&mut self, who: usize, delay_us: u64, input: Input) {
        let life = self.clients[who].life;
        let later = Happening::Input(who, life, Box::new(input));
        self.schedule.after(delay_us, later);
    }

    fn step_client(&mut self, who: usize) {
        self.note_sheets(who);
        let life = self.clients[who].life;
        let name = self.clients[who].name.clone();
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let waiting = program.inbox.len().min(INPUT_BATCH_MAX);
        let batch: Vec<Input> = program.inbox.drain(..waiting).collect();
        for input in &batch {
            self.judge.voices.note(input);
            if !self.judge.is_quiet {
                let line = format!("{name} ← {input:?}");
                self.judge.note(self.schedule.now_us(), &line);
            }
        }
        program.step_planned = !program.inbox.is_empty();
        if program.step_planned {
            self.schedule.after(10, Happening::StepClient(who, life));
        }
        match self.clients[who].step(batch, self.schedule.now_us()) {
            Step::Done(outputs) => {
                self.perform_all(who, outputs);
                self.plan_wake(who);
            }
            Step::Killed(outputs) => {
                self.perform_all(who, outputs);
                self.kill(who);
            }
        }
    }

    fn plan_wake(&mut self, who: usize) {
        let (now_us, life) = (self.schedule.now_us(), self.clients[who].life);
        let Some(deadline_us) = self.clients[who].deadline_us() else {
            return;
        };
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let at_us = deadline_us.max(now_us);
        if program.wake_us.is_none_or(|planned_us| planned_us > at_us) {
            program.wake_us = Some(at_us);
            self.schedule.at(at_us, Happening::Wake(who, life));
        }
    }

    fn wake(&mut self, who: usize) {
        let now_us = self.schedule.now_us();
        let deadline_us = self.clients[who].deadline_us();
        if let Some(program) = &mut self.clients[who].program {
            program.wake_us = None;
        }
        match deadline_us {
            Some(deadline_us) if deadline_us <= now_us => {
                self.check_spin(who, now_us);
                self.input(who, Input::Deadline);
            }
            Some(_) | None => self.plan_wake(who),
        }
    }

    fn check_spin(&mut self, who: usize, now_us: u64) {
        let (last_us, count) = self.spins;
        let goes_on = now_us / 1000 == last_us / 1000;
        self.spins = (now_us, if goes_on { count + 1 } else { 0 });
        let name = &self.clients[who].name;
        assert!(self.spins.1 < SPINS_MAX, "{name} asks to be woken for ever");
    }

    fn perform_all(&mut self, who: usize, outputs: Vec<Output>) {
        for output in outputs {
            self.perform(who, output);
        }
    }

    fn perform(&mut self, who: usize, output: Output) {
        if !matches!(output, Output::Event(_)) && !self.judge.is_quiet {
            let line = format!("{} → {output:?}", self.clients[who].name);
            self.judge.note(self.schedule.now_us(), &line);
        }
        match output {
            Output::Answer(id, result) => {
                self.judge.answered(who, id, &result);
                self.note_said(who, &result);
                self.clients[who].answers.insert(id, result);
            }
            Output::Event(event) => {
                let now_us = self.schedule.now_us();
                self.judge.told(who, &event, now_us);
                self.check_promise(who, &event);
                self.check_voice(who, &event);
                self.clients[who].events.push(event);
            }
            Output::Server(output) => self.perform_server(who, output),
            Output::Link(output) => self.perform_link(who, output),
            Output::Relay(output) => self.perform_relay(who, output),
            Output::File(output) => self.perform_file(who, output),
            Output::Picture(output) => self.perform_picture(who, output),
            Output::Doctor(output) => self.perform_doctor(who, output),
            Output::Announce(tag) => self.announce(who, tag),
            Output::Stretch(job) => {
                let stretched = Input::Stretched(Box::new(job.run()));
                self.input_later(who, STRETCH_US, stretched);
            }
            Output::Scrub(what) => self.scrub(who, what),
        }
    }

    fn scrub(&mut self, who: usize, what: ScrubRow) {
        self.judge.wiped(who);
        self.clients[who].scrub();
        if what.downloads {
            let downloads = self.clients[who].downloads();
            self.files.remove_below(who, &downloads);
        }
    }

    /// Sets a kill that waits for its moment.
    pub fn trap(&mut self, who: usize, trap: (Moment, super::computer::CrashPoint)) {
        self.clients[who].trap = Some(trap);
    }
}
