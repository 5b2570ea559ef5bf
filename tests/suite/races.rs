//! Removing, muting and changing the floor while people speak, lose their links and are killed: whatever comes first, nobody is heard whom the judge's sheet
//! does not let speak (the world checks it at every message), and in the end all see the same group and the same words.

use hutong_common::id::{GroupId, MsgId};
use hutong_engine::api::command::{GroupCommand, GroupEdit, History, RequestChoice};
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{DeliveryState, Event, WarningCode};
use hutong_engine::api::group::FloorName;
use hutong_engine::api::{Command, Done};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::dice::Dice;
use hutong_tests::harness::world::World;
use std::collections::BTreeSet;

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

    fn epoch(&self, who: &Actor) -> Option<u64> {
        let group = self.group;
        match who.ask(Command::Group(GroupCommand::GroupShow { group })) {
            Ok(Done::Group(shown)) => Some(shown.epoch),
            Ok(_) | Err(_) => None,
        }
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
        let is_in = || self.epoch(who).is_some();
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

    /// What somebody said that has not come to all who are there, or failed.
    fn under_way(&self, who: &Actor, inside: &[&Actor]) -> Vec<MsgId> {
        let names: BTreeSet<String> = inside.iter().map(|who| who.name()).collect();
        let is_open = |(to, state): (&String, &DeliveryState)| {
            names.contains(to) && *state < DeliveryState::Delivered
        };
        let rows = self.history(who).into_iter();
        rows.filter(|row| row.states.iter().any(is_open))
            .map(|row| row.message.id)
            .collect()
    }

    fn said(&self, who: &Actor) -> Vec<MsgId> {
        let rows = self.history(who).into_iter();
        rows.map(|row| row.message.id).collect()
    }

    fn history(&self, who: &Actor) -> Vec<HistoryRow> {
        let asked = Command::History(History {
            with: format!("g:{}", self.group),
            before: None,
            after: None,
            from: None,
            limit: Some(1_000),
        });
        match who.ask(asked) {
            Ok(Done::History { messages, .. }) => messages,
            other => panic!("{other:?}"),
        }
    }

    /// All see the same sheet, and what two of them have stands in one order with both.
    fn all_agree(&self) {
        let newest = self.epoch(&self.owner);
        let inside: Vec<&Actor> = self
            .everybody()
            .filter(|who| self.epoch(who).is_some())
            .collect();
        for who in &inside {
            let is_same = || self.epoch(who) == newest;
            self.world
                .expect("all have the newest sheet", is_same, 60_000);
            let differs = |event: &Event| {
                matches!(
                    event,
                    Event::Warning {
                        code: WarningCode::SheetDiffers,
                        ..
                    }
                )
            };
            let is_told = who.computer(|computer| computer.events.iter().any(differs));
            assert!(!is_told, "nobody sees other members");
        }
        for who in &inside {
            let settles = || self.under_way(who, &inside).is_empty();
            let what = format!("what {} said is there", who.name());
            self.world.expect(&what, settles, 60_000);
        }
        let histories: Vec<Vec<MsgId>> = inside.iter().map(|who| self.said(who)).collect();
        for one in &histories {
            for other in &histories {
                let common = |of: &[MsgId], with: &[MsgId]| {
                    let with: BTreeSet<&MsgId> = with.iter().collect();
                    let of = of.iter().filter(|id| with.contains(id));
                    of.copied().collect::<Vec<_>>()
                };
                assert_eq!(common(one, other), common(other, one), "one order");
            }
        }
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
    race.all_agree();
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
