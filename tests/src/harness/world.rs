//! The world as tests see it: people by name, verbs by meaning, time that moves only when it is told to.
//!
//! A [`World`] owns one simulation; [`Actor`]s are handles into it. Dropping the world while a
//! test fails prints its seed and its last events.

use super::actor::Actor;
use super::errors;
use super::network::Place;
use super::server::{Carried, Server};
use super::simulation::Simulation;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::invite::Invite;
use hutong_common::message::Announced;
use hutong_common::name::{DisplayName, Login};
use hutong_rendezvous::policy::{Policy, Profile};
use hutong_rendezvous::service::accounts::{Effects, NotDone};
use hutong_rendezvous::service::bulletins::BulletinFacts;
use hutong_rendezvous::service::{Context, Service};
use std::cell::RefCell;
use std::rc::Rc;
use tracing::subscriber::DefaultGuard;

pub(super) type Shared = Rc<RefCell<Simulation>>;

/// A rendezvous, a network, and the people on it.
pub struct World {
    pub(super) simulation: Shared,
    seed: u64,
    _errors: DefaultGuard,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

impl World {
    /// A quiet network with one rendezvous; everything that chance decides follows from the seed.
    pub fn new(seed: u64) -> Self {
        Self::of(seed, None)
    }

    /// The same, with a class of this name into which every new account comes.
    pub fn with_everybody(seed: u64, name: &str) -> Self {
        Self::of(seed, Some(DisplayName::new(name).expect("a name")))
    }

    fn of(seed: u64, everybody: Option<DisplayName>) -> Self {
        let policy = Policy {
            profile: Profile::Lab,
            everybody,
            ..Policy::default()
        };
        Self {
            simulation: Rc::new(RefCell::new(Simulation::new(seed, policy))),
            seed,
            _errors: errors::listen(),
        }
    }

    /// Somebody with a computer on which the program runs; not registered.
    pub fn actor(&self, name: &str) -> Actor {
        let mut simulation = self.simulation.borrow_mut();
        let who = simulation.add_client(name);
        simulation.judge.model.logins.push(name.to_owned());
        simulation.start(who);
        drop(simulation);
        Actor::new(&self.simulation, who)
    }

    /// The same on a computer without UDP, which reaches others by way of the rendezvous only.
    pub fn actor_without_udp(&self, name: &str) -> Actor {
        let actor = self.actor(name);
        actor.kill();
        actor.computer(|computer| computer.udp = false);
        actor.restart();
        actor
    }

    /// From now on no story is kept: telling what a crowd does takes longer than doing it.
    pub fn is_quiet(&self) {
        self.simulation.borrow_mut().judge.is_quiet = true;
    }

    /// Somebody who has registered.
    pub fn member(&self, name: &str) -> Actor {
        let actor = self.actor(name);
        actor.register();
        actor
    }

    /// Two registered people who are friends.
    pub fn friends(&self, a: &str, b: &str) -> (Actor, Actor) {
        let (a, b) = (self.member(a), self.member(b));
        befriend(&a, &b);
        (a, b)
    }

    /// Virtual milliseconds since the beginning.
    pub fn now_ms(&self) -> u64 {
        self.simulation.borrow().now_ms()
    }

    /// Unix milliseconds.
    pub fn unix_ms(&self) -> u64 {
        super::computer::EPOCH_MS + self.now_ms()
    }

    /// Lets time pass.
    pub fn run_for(&self, ms: u64) {
        let end_ms = self.now_ms() + ms;
        while self.simulation.borrow_mut().advance(end_ms) {}
        let errors = errors::heard();
        assert!(errors.is_empty(), "logged as errors: {errors:#?}");
    }

    /// Lets time pass until something holds; says whether it came to hold in time.
    pub fn run_until(&self, holds: impl Fn() -> bool, within_ms: u64) -> bool {
        run_until(&self.simulation, holds, within_ms)
    }

    /// Lets time pass until something holds, and fails when it does not within the time.
    #[track_caller]
    pub fn expect(&self, what: &str, holds: impl Fn() -> bool, within_ms: u64) {
        assert!(
            self.run_until(holds, within_ms),
            "within {within_ms} ms: {what}"
        );
    }

    /// Changes the network; connections over ways that are gone get stuck, others go on.
    pub fn network(&self, change: impl FnOnce(&mut super::network::Network)) {
        let mut simulation = self.simulation.borrow_mut();
        change(&mut simulation.network);
        simulation.network_changed();
    }

    /// No relayed session can be joined any more: what has no direct way goes by mail.
    pub fn refuse_relays(&self) {
        self.network(|network| network.relay = false);
    }

    /// Pulls the cable of the rendezvous, or puts it back.
    pub fn unplug_server(&self, unplugged: bool) {
        self.network(|network| network.unplug(Place::Server(0), unplugged));
    }

    /// Kills the rendezvous.
    pub fn kill_server(&self) {
        self.simulation.borrow_mut().kill_server(0);
    }

    /// Starts the rendezvous again on what its disk holds.
    pub fn restart_server(&self) {
        self.simulation.borrow_mut().start_server(0);
    }

    /// Whether the rendezvous runs.
    pub fn server_runs(&self) -> bool {
        self.simulation.borrow().servers[0].is_running()
    }

    /// Reads or sets something of the rendezvous' computer.
    pub fn server<T>(&self, with: impl FnOnce(&mut Server) -> T) -> T {
        with(&mut self.simulation.borrow_mut().servers[0])
    }

    /// Carries an admin's command out.
    pub fn administer<T>(
        &self,
        command: impl FnOnce(&Service, &mut Context<'_>) -> Result<Carried<T>, NotDone>,
    ) -> T {
        self.simulation.borrow_mut().administer(command)
    }

    /// The rendezvous announces something; tells how far that is at once.
    pub fn announces(&self, group: Option<GroupId>, announced: Announced) -> BulletinFacts {
        let to = group.map_or_else(|| "g:lan".to_owned(), |group| format!("g:{group}"));
        let said = (to, announced.text.to_string());
        self.simulation
            .borrow_mut()
            .judge
            .model
            .bulletins
            .insert(said);
        self.administer(|service, cx| {
            let (facts, effects) = service.announce(group, announced, cx)?;
            Ok((facts, true, effects))
        })
    }

    /// How far an announcement of the rendezvous is.
    pub fn announced(&self, number: u64) -> BulletinFacts {
        self.administer(|service, cx| {
            let facts = service.show_bulletin(number, cx)?;
            Ok((facts, true, Effects::default()))
        })
    }

    /// Another rendezvous takes over the address of the first: a thief, or an administrator who lost the keys.
    pub fn replace_server(&self) {
        let mut simulation = self.simulation.borrow_mut();
        let mut thief = Server::new(self.seed ^ 0xbad, Policy::default());
        thief.start(simulation.now_ms() * 1000);
        let number = simulation.servers.len();
        simulation.servers.push(thief);
        for server in simulation.addresses.values_mut() {
            *server = number;
        }
        simulation.kill_server(0);
    }

    /// From now on somebody lies: what only honest people guarantee is asked no more.
    pub fn becomes_evil(&self) {
        self.simulation.borrow_mut().judge.is_evil = true;
    }

    /// Starts a tape of everything that arrives at clients, or ends it and hands it over.
    pub fn record(&self, on: bool) -> Vec<super::evil::Recorded> {
        let mut simulation = self.simulation.borrow_mut();
        let before = std::mem::replace(&mut simulation.ears.tape, on.then(Vec::new));
        before.unwrap_or_default()
    }

    /// Where clients have dialled since the last time.
    pub fn dials(&self) -> Vec<std::net::SocketAddr> {
        std::mem::take(&mut self.simulation.borrow_mut().ears.dials)
    }

    /// Multicast reaches somebody, from whoever sends it.
    pub fn hears(&self, actor: &Actor, found: hutong_engine::core::io::Found) {
        self.simulation.borrow_mut().hears(actor.number(), found);
    }

    /// Lets a tape arrive again, in an order that the seed of the world decides.
    pub fn replay(&self, tape: &[super::evil::Recorded], times: usize) {
        self.simulation.borrow_mut().replay(tape, times, self.seed);
    }

    /// The code that whoever runs the rendezvous gives to somebody who forgot the password.
    pub fn reset_code(&self, login: &str) -> String {
        let login = Login::new(login).expect("a login");
        let now_us = self.now_ms() * 1000;
        self.server(|server| server.reset_code(&login, now_us))
    }

    /// The invite link of the rendezvous.
    pub fn invite(&self) -> String {
        invite(&self.simulation)
    }

    /// `HOST:PORT` of the rendezvous.
    pub fn address(&self) -> String {
        Place::Server(0).address().to_string()
    }

    /// Writes a line into the story that a failing test prints.
    pub fn note(&self, line: &str) {
        let mut simulation = self.simulation.borrow_mut();
        let now_us = simulation.now_ms() * 1000;
        simulation.judge.note(now_us, line);
    }

    /// Everything that was told so far.
    pub fn story(&self) -> Vec<String> {
        let simulation = self.simulation.borrow();
        simulation.judge.story().map(str::to_owned).collect()
    }

    /// Asks for a file that was offered to somebody else, over a link that stands; says how that is refused.
    pub fn steal_file(&self, thief: &Actor, owner: &Actor, message: MsgId) -> Option<&'static str> {
        let stream = self
            .simulation
            .borrow_mut()
            .steal(thief.number(), owner.number(), message)?;
        self.run_for(5_000);
        self.simulation
            .borrow()
            .refused(stream)
            .map(|refusal| refusal.code())
    }

    /// Ends every fault and starts whatever does not run.
    pub fn heal(&self) {
        self.network(super::network::Network::heal);
        let mut simulation = self.simulation.borrow_mut();
        if !simulation.servers[0].is_running() {
            simulation.start_server(0);
        }
        simulation.servers[0].trap = None;
        for who in 0..simulation.clients.len() {
            simulation.clients[who].trap = None;
            if simulation.clients[who].program.is_none() {
                simulation.start(who);
            }
        }
    }

    /// How many deliveries were told in each state: what a scenario must have exercised to mean anything.
    pub fn reached(&self, state: hutong_engine::api::event::DeliveryState) -> u64 {
        self.simulation
            .borrow()
            .judge
            .reached
            .get(&state)
            .copied()
            .unwrap_or(0)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Ok(simulation) = self.simulation.try_borrow()
        {
            let story: Vec<&str> = simulation.judge.story().collect();
            let tail = &story[story.len().saturating_sub(80)..];
            #[expect(
                clippy::print_stderr,
                reason = "a failed simulation tells its story to the test's reader"
            )]
            {
                eprintln!(
                    "seed {}, the last that happened:\n{}",
                    self.seed,
                    tail.join("\n")
                );
            }
        }
    }
}

pub(super) fn run_until(simulation: &Shared, holds: impl Fn() -> bool, within_ms: u64) -> bool {
    let end_ms = simulation.borrow().now_ms() + within_ms;
    loop {
        if holds() {
            return true;
        }
        if !simulation.borrow_mut().advance(end_ms) {
            return holds();
        }
    }
}

pub(super) fn invite(simulation: &Shared) -> String {
    let server = simulation.borrow().servers[0].id();
    let hosts = vec![Place::Server(0).address().to_string()];
    let invite = Invite::new(hosts, server, None, "hutong".to_owned());
    invite.expect("the parts of a link").to_string()
}

/// Makes two registered people friends: one asks, the other accepts.
pub fn befriend(a: &Actor, b: &Actor) {
    a.add(b).expect("the request is taken");
    assert!(
        b.until(|b| b.has_request_from(a), 5_000),
        "the request comes"
    );
    b.accept(a).expect("the request can be accepted");
    let both = || a.is_friend_of(b) && b.is_friend_of(a);
    assert!(
        run_until(a.simulation(), both, 5_000),
        "both know that they are friends"
    );
}
