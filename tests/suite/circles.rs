//! Random friendships: made, ended, blocked and unblocked while programs die and networks break. Nobody gets a message
//! against the gate of its moment, and who are friends in the end reach each other.

use hutong_common::id::MsgId;
use hutong_engine::api::event::Event;
use hutong_engine::api::{Command, Done, Failure};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::dice::Dice;
use hutong_tests::harness::world::{World, befriend};
use std::collections::BTreeMap;

const NAMES: [&str; 3] = ["alice", "bob", "carol"];
const STEPS: usize = 40;

/// What is known to be between two people, in the order of steps.
#[derive(Default)]
struct Known {
    /// The first blocks the second, since that step.
    blocks: BTreeMap<(usize, usize), usize>,
    /// The first has ended the friendship with the second at that step, and it was not begun anew.
    ended: BTreeMap<(usize, usize), usize>,
    /// When a message was accepted.
    accepted: BTreeMap<MsgId, usize>,
    /// Whose friendship is in doubt, because an answer was lost.
    doubts: Vec<(usize, usize)>,
}

impl Known {
    /// Whether the gate of `who` is closed to somebody, and since when.
    fn closed(&self, who: usize, from: usize) -> Option<usize> {
        let gates = [self.blocks.get(&(who, from)), self.ended.get(&(who, from))];
        gates.into_iter().flatten().min().copied()
    }

    fn is_open(&self, a: usize, b: usize) -> bool {
        let is_closed = |a, b| self.closed(a, b).is_some() || self.doubts.contains(&(a, b));
        !is_closed(a, b) && !is_closed(b, a)
    }
}

struct Circle {
    world: World,
    people: Vec<Actor>,
    known: Known,
    /// How many events of each were looked at.
    seen: Vec<usize>,
    /// How many messages were accepted for somebody whose gate was closed, and how many arrived in the end: a run in
    /// which there were none of either says nothing.
    against: usize,
    arrived: usize,
}

impl Circle {
    fn new(seed: u64) -> Self {
        let world = World::new(seed);
        let people: Vec<Actor> = NAMES.iter().map(|name| world.member(name)).collect();
        befriend(&people[0], &people[1]);
        befriend(&people[1], &people[2]);
        let mut known = Known::default();
        known.ended.extend([((0, 2), 0), ((2, 0), 0)]);
        let seen = vec![0; people.len()];
        Self {
            world,
            people,
            known,
            seen,
            against: 0,
            arrived: 0,
        }
    }

    /// Looks at what everybody was told since the last time: nothing that was accepted after a gate had been closed.
    fn look(&mut self) {
        for (who, person) in self.people.iter().enumerate() {
            let events = person.computer(|computer| computer.events.clone());
            for event in &events[self.seen[who]..] {
                let Event::Message(message) = event else {
                    continue;
                };
                let from = NAMES.iter().position(|name| *name == message.from);
                let (Some(from), Some(accepted)) = (from, self.known.accepted.get(&message.id))
                else {
                    continue;
                };
                let closed = self.known.closed(who, from);
                assert!(
                    closed.is_none_or(|since| *accepted < since),
                    "{person:?} has closed the gate to {} at {closed:?} and got {message:?}",
                    message.from
                );
            }
            self.seen[who] = events.len();
        }
    }

    /// Asks for something; an answer that the network swallowed leaves both in doubt.
    fn ask(&mut self, (who, whom): (usize, usize), command: Command) -> Option<Done> {
        match self.people[who].ask(command) {
            Ok(done) => Some(done),
            Err(Failure::Unreachable | Failure::TimedOut) => {
                self.known.doubts.push((who, whom));
                None
            }
            Err(_) => None,
        }
    }

    fn step(&mut self, step: usize, dice: &mut Dice) {
        self.look();
        let who = dice.index(NAMES.len());
        let whom = (who + 1 + dice.index(NAMES.len() - 1)) % NAMES.len();
        let (pair, login) = ((who, whom), NAMES[whom].to_owned());
        if !self.people[who].runs() {
            self.people[who].restart();
            return;
        }
        match dice.within(0..100) {
            0..45 => {
                let text = format!("{step}");
                if let Ok(id) = self.people[who].try_send(&self.people[whom], &text) {
                    self.known.accepted.insert(id, step);
                    self.against += usize::from(self.known.closed(whom, who).is_some());
                }
            }
            45..55 => {
                if self.ask(pair, Command::Block { login }).is_some() {
                    self.known.blocks.insert(pair, step);
                }
            }
            55..65 => {
                self.known.blocks.remove(&pair);
                self.ask(pair, Command::Unblock { login });
            }
            65..70 => {
                if self.ask(pair, Command::Remove { login }).is_some() {
                    self.known.ended.insert(pair, step);
                }
            }
            70..80 => self.befriends(pair),
            80..84 => self.people[who].kill(),
            84..88 => self.people[who].drop_control(),
            88..92 => self.people[who].block_udp(dice.chance(50)),
            _ => self.world.run_for([50, 3_000, 70_000][dice.index(3)]),
        }
    }

    /// One asks, and the other accepts when he is there.
    fn befriends(&mut self, (who, whom): (usize, usize)) {
        let greeting = String::new();
        let login = NAMES[whom].to_owned();
        self.ask((who, whom), Command::Add { login, greeting });
        self.world.run_for(2_000);
        if !self.people[whom].runs() {
            return;
        }
        let before = [(who, whom), (whom, who)].map(|pair| self.known.ended.remove(&pair));
        if self.people[whom].accept(&self.people[who]).is_err() {
            for (pair, ended) in [(who, whom), (whom, who)].into_iter().zip(before) {
                self.known.ended.extend(ended.map(|step| (pair, step)));
            }
        }
    }

    /// Everything heals, and friends reach each other.
    fn ends(mut self) -> (usize, usize) {
        self.world.heal();
        self.world.run_for(180_000);
        self.look();
        for (a, b) in [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)] {
            let sent = self.people[a].try_send(&self.people[b], "in the end");
            if self.known.is_open(a, b) {
                let id = sent.unwrap_or_else(|failure| panic!("{a} to {b}: {failure:?}"));
                let delivered = || self.people[a].is_delivered(id);
                self.world
                    .expect("friends reach each other", delivered, 60_000);
                self.arrived += 1;
            } else if let Ok(id) = sent {
                self.known.accepted.insert(id, STEPS);
            }
        }
        self.world.run_for(60_000);
        self.look();
        (self.against, self.arrived)
    }
}

fn play(seed: u64) -> (usize, usize) {
    let (mut circle, mut dice) = (Circle::new(seed), Dice::new(seed, "circle"));
    for step in 1..STEPS {
        circle.step(step, &mut dice);
    }
    circle.ends()
}

#[test]
fn whatever_becomes_of_friendships_nobody_gets_a_message_against_the_gate_of_its_moment() {
    let (mut against, mut arrived) = (0, 0);
    for seed in 0..48 {
        let (more_against, more_arrived) = play(seed);
        against += more_against;
        arrived += more_arrived;
    }
    assert!(against > 5 && arrived > 20, "{against} and {arrived}");
}
