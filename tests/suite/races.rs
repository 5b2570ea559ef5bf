//! Removing, muting and changing the floor while people speak, lose their links and are killed: whatever comes first, nobody is heard whom the judge's sheet
//! does not let speak (the world checks it at every message), and in the end all see the same group and the same words.

use hutong_common::id::GroupId;
use hutong_engine::api::command::{GroupCommand, GroupEdit, RequestChoice};
use hutong_engine::api::event::Event;
use hutong_engine::api::group::FloorName;
use hutong_engine::api::{Command, Done};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::agreement::{Agreement, show};
use hutong_tests::harness::dice::Dice;
use hutong_tests::harness::world::World;

const STEPS: usize = 14;
const FLOORS: [FloorName; 4] = [
    FloorName::Free,
    FloorName::Questions,
    FloorName::Admins,
    FloorName::Silent,
];

struct Race {
    world: World,
    dice: Dice,
    owner: Actor,
    members: Vec<Actor>,
    group: GroupId,
}

impl Race {
    fn begin(seed: u64) -> Self {
        let world = World::new(seed);
        let (owner, first) = world.friends("alice", "bob");
        let asked = GroupCommand::GroupCreate {
            name: "赛跑".to_owned(),
            members: Vec::new(),
            class: false,
        };
        let Ok(Done::Group(shown)) = owner.ask(Command::Group(asked)) else {
            panic!("a group is made");
        };
        let mut members = vec![first];
        members.extend(["carol", "dave"].map(|name| world.member(name)));
        let race = Self {
            world,
            dice: Dice::new(seed, "race"),
            owner,
            members,
            group: shown.group,
        };
        for member in &race.members {
            race.comes(member);
        }
        race
    }

    fn everybody(&self) -> impl Iterator<Item = &Actor> {
        std::iter::once(&self.owner).chain(&self.members)
    }

    fn comes(&self, who: &Actor) {
        let (group, greeting) = (self.group, String::new());
        let apply = GroupCommand::GroupApply { group, greeting };
        let Ok(Done::Added { request }) = who.ask(Command::Group(apply)) else {
            panic!("an application is taken");
        };
        let is_told =
            |event: &Event| matches!(event, Event::Request(told) if told.request == request);
        let knows = || {
            self.owner
                .last_event(|event| is_told(event).then_some(()))
                .is_some()
        };
        self.world.expect("the owner is told", knows, 20_000);
        let request = Some(request);
        let choice = RequestChoice {
            request,
            from: None,
        };
        self.owner.ask(Command::Accept(choice)).expect("let in");
        let is_in = || show(who, group).is_some();
        self.world.expect("the newcomer knows", is_in, 20_000);
    }

    /// One thing happens; whoever does it does not wait for what comes of it.
    fn step(&mut self, number: usize) {
        let group = self.group;
        let chosen = self.dice.index(self.members.len());
        let login = self.members[chosen].name();
        let edit = match self.dice.within(0..13) {
            0 => GroupEdit::GroupKick { group, login },
            1 | 2 => {
                let minutes = self.dice.within(0..2);
                GroupEdit::GroupMute {
                    group,
                    login,
                    minutes,
                }
            }
            3 | 4 => {
                let floor = FLOORS[self.dice.index(FLOORS.len())];
                GroupEdit::GroupFloor { group, floor }
            }
            12 => {
                let member = &self.members[chosen];
                if member.runs() {
                    member.kill();
                } else {
                    member.restart();
                }
                return;
            }
            5 => {
                let blocked = self.dice.chance(50);
                self.members[chosen].block_udp(blocked);
                return;
            }
            _ => {
                let text = format!("{login} 第 {number} 句");
                let to = format!("g:{group}");
                let speaker = if self.dice.chance(25) {
                    &self.owner
                } else {
                    &self.members[chosen]
                };
                if speaker.runs() {
                    speaker.issue(Command::Send { to, text });
                }
                return;
            }
        };
        self.owner.issue(Command::Group(GroupCommand::Change(edit)));
    }
}

fn race(seed: u64) {
    let mut race = Race::begin(seed);
    for number in 0..STEPS {
        race.step(number);
        let pause_ms = race.dice.within(0..40);
        race.world.run_for(pause_ms);
    }
    race.world.heal();
    race.world.run_for(30_000);
    Agreement::on(&race.world, race.everybody(), race.group).check();
}

#[test]
fn removing_muting_and_the_floor_race_with_speech_and_the_sheet_decides() {
    for seed in 0..40 {
        race(seed);
    }
}

/// A member was removed while a sheet from before was on its way to him over a link: he took it for a group that was new to
/// him, and stood outside with an old sheet for ever.
#[test]
fn who_is_removed_is_not_brought_back_by_a_sheet_that_was_on_its_way() {
    race(159);
}

#[test]
#[ignore = "for long runs: HUTONG_SEEDS=0..2000"]
fn races_of_the_seeds_asked_for_are_decided_by_the_sheet() {
    let asked = std::env::var("HUTONG_SEEDS").expect("HUTONG_SEEDS=FROM..TO");
    let (from, to) = asked.split_once("..").expect("FROM..TO");
    for seed in from.parse().unwrap()..to.parse().unwrap() {
        race(seed);
    }
}
