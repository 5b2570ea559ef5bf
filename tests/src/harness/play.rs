//! Plays a plan on a world of friends, lets everything heal, and compares what everybody has.

mod groups;

use super::actor::{Actor, PASSWORD};
use super::agreement::{Agreement, confirmations_are_known, unread_fits};
use super::plan::{Operation, PEOPLE, Plan};
use super::world::{World, befriend};
use hutong_common::id::MsgId;
use hutong_engine::api::Command;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longer than every retry and back-off together.
const QUIET_MS: u64 = 30 * 60_000;
/// How often a world that settles is looked at.
const POLL_MS: u64 = 1_000;
/// Long enough for one's computers to hear of each other.
const KNOWN_MS: u64 = 1_000;
/// Longer than one retry after everything is reachable again.
const SETTLE_MS: u64 = 6 * 60_000;

impl World {
    /// Ends every fault, waits until everything sent is delivered, and compares all conversations.
    pub fn settle(&self, people: &[Actor]) {
        self.heal();
        let answered = || self.simulation.borrow().judge.unanswered() == 0;
        assert!(
            self.run_until(answered, QUIET_MS),
            "commands were never answered"
        );
        let end_ms = self.now_ms() + QUIET_MS;
        while !self.simulation.borrow().undelivered().is_empty() {
            let open = self.simulation.borrow().undelivered();
            assert!(
                self.now_ms() < end_ms,
                "accepted and never delivered: {open:?}"
            );
            self.run_for(POLL_MS);
        }
        // What is in doubt may still be under way.
        self.run_for(SETTLE_MS);
        for a in people {
            for b in people.iter().filter(|b| b.name() > a.name()) {
                self.compare(a, b);
            }
        }
        for group in self.groups() {
            Agreement::on(self, people, group).check();
        }
        confirmations_are_known(self, people);
        unread_fits(self, people);
    }

    /// Both sides of a conversation are the same, hold everything accepted once, and in each writer's order.
    ///
    /// Who writes with a clock that was set while his program was off, before the rendezvous has told the time, is
    /// placed by arrival elsewhere: then each side has an order of its own, and only the writers' orders must agree.
    pub fn compare(&self, a: &Actor, b: &Actor) {
        let (left, right) = (said(a, b), said(b, a));
        if self.simulation.borrow().clocks_were_set {
            let sorted = |rows: &[Said]| BTreeSet::from_iter(rows.iter().cloned());
            assert_eq!(
                left.len(),
                right.len(),
                "{a:?} and {b:?} have other numbers of messages"
            );
            assert_eq!(
                sorted(&left),
                sorted(&right),
                "{a:?} and {b:?} have other messages"
            );
        } else {
            assert_eq!(left, right, "{a:?} and {b:?} see different conversations");
        }
        let simulation = self.simulation.borrow();
        let model = &simulation.judge.model;
        for (from, to) in [(a, b), (b, a)] {
            let (from, to) = (from.number(), model.logins[to.number()].clone());
            let accepted = model.order.get(&(from, to)).cloned().unwrap_or_default();
            for side in [&left, &right] {
                let stored = side.iter().map(|(id, ..)| *id);
                let stored: Vec<_> = stored.filter(|id| accepted.contains(id)).collect();
                assert_eq!(stored, accepted, "of what was accepted from {from}");
            }
        }
    }
}

/// What one side has of a message.
type Said = (MsgId, String, Option<String>);

fn said(of: &Actor, with: &Actor) -> Vec<Said> {
    let rows = of.history(with).into_iter();
    rows.map(|row| (row.message.id, row.message.from, row.message.text))
        .collect()
}

/// Plays a plan; a breach of what must hold is a panic.
pub fn play(plan: &Plan) {
    let world = World::new(plan.seed);
    let [alice, bob, carol, laptop] = PEOPLE.map(|name| world.actor(name));
    for person in [&alice, &bob, &carol] {
        person.register();
    }
    befriend(&alice, &bob);
    befriend(&alice, &carol);
    befriend(&bob, &carol);
    let signed_in = laptop.login_with(&alice.name(), PASSWORD);
    assert!(signed_in.is_ok(), "{signed_in:?}");
    // Copies go to the computers that are known when a message is done with.
    world.run_for(KNOWN_MS);
    let people = [alice, bob, carol, laptop];
    for (number, operation) in plan.operations.iter().enumerate() {
        perform(&world, &people, (number, *operation));
    }
    world.settle(&people);
}

fn perform(world: &World, people: &[Actor], (number, operation): (usize, Operation)) {
    world.note(&operation.to_string());
    match operation {
        Operation::Send(a, b) if people[a].runs() && people[a].name() != people[b].name() => {
            let to = people[b].name();
            let text = format!("{number} from {:?}", people[a]);
            people[a].issue(Command::Send { to, text });
        }
        Operation::Read(a, b) if people[a].runs() && people[a].name() != people[b].name() => {
            let with = people[b].name();
            people[a].issue(Command::Read { with, upto: None });
        }
        Operation::Wait(ms) => world.run_for(ms),
        Operation::Kill(a) => people[a].kill(),
        Operation::KillAt(a, moment, point) if people[a].runs() => people[a].kill_at(moment, point),
        Operation::Restart(a) if !people[a].runs() => people[a].restart(),
        Operation::KillServer => world.kill_server(),
        Operation::KillServerAt(handling, point) if world.server_runs() => {
            world.server(|server| server.trap = Some((handling, point)));
        }
        Operation::RestartServer if !world.server_runs() => world.restart_server(),
        Operation::Unplug(a) => people[a].unplug(true),
        Operation::Plug(a) => people[a].unplug(false),
        Operation::Cut(a, b) | Operation::Join(a, b) => {
            let cut = matches!(operation, Operation::Cut(..));
            world.network(|network| network.cut(people[a].place(), people[b].place(), cut));
        }
        Operation::BlockUdp(a) => people[a].block_udp(true),
        Operation::PassUdp(a) => people[a].block_udp(false),
        Operation::DropControl(a) => people[a].drop_control(),
        Operation::Clock(a, seconds) => {
            people[a].set_clock(seconds * 1_000);
        }
        Operation::Group(act) => groups::perform(world, people, (number, act)),
        Operation::Send(..)
        | Operation::Read(..)
        | Operation::KillAt(..)
        | Operation::Restart(..)
        | Operation::KillServerAt(..)
        | Operation::RestartServer => {}
    }
}

/// Whether playing it breaks anything.
pub fn fails(plan: &Plan) -> bool {
    catch_unwind(AssertUnwindSafe(|| play(plan))).is_err()
}

/// Plays the plans of these seeds; a failing one is shrunk and given back as text that can be replayed.
pub fn play_seeds(seeds: std::ops::Range<u64>) -> Result<(), String> {
    for seed in seeds {
        let plan = Plan::generate(seed);
        if fails(&plan) {
            let small = plan.shrink(fails);
            return Err(format!(
                "seed {seed} breaks something; keep this under fixtures/plans/:\n{small}"
            ));
        }
    }
    Ok(())
}
