//! One case against somebody evil: a world, what gives the attack away, and what a person is told of it.
//!
//! Every word of a row comes from something that was just seen to be true, so the table cannot say more than the run.

use crate::harness::actor::Actor;
use crate::harness::errors;
use crate::harness::evil::{Lie, Recorded};
use crate::harness::world::{World, befriend};
use hutong_common::id::GroupId;
use hutong_common::identity::KeyPair;
use hutong_common::push::Push;
use hutong_common::rpc::ServerFrame;
use hutong_engine::api::command::{GroupCommand, RequestChoice};
use hutong_engine::api::event::{DeliveryState, WarningCode};
use hutong_engine::api::{Command, Done, Event};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::OnceLock;

/// What came of a case.
#[derive(Clone, Debug, Default)]
pub struct Row {
    detected: Vec<String>,
    told: Vec<String>,
}

/// A case, and its row once it was played.
#[derive(Debug)]
pub struct Case {
    /// Its test.
    pub name: &'static str,
    /// Plays it.
    pub play: fn() -> Row,
    /// What came of it.
    pub row: OnceLock<Row>,
}

impl Case {
    /// Plays it, unless that was done.
    pub fn row(&self) -> &Row {
        self.row.get_or_init(self.play)
    }
}

/// The table of all these cases.
pub fn table(title: &str, cases: &[Case]) -> String {
    let mut table =
        format!("## {title}\n\n| case | who detects it | what a person is told |\n|---|---|---|\n");
    for case in cases {
        let row = case.row();
        let name = case.name.replace('_', " ");
        // Writing into a string cannot fail.
        let _ = writeln!(
            table,
            "| {name} | {} | {} |",
            row.detected.join("; "),
            row.told.join("; ")
        );
    }
    table
}

/// A world with somebody evil in it.
#[derive(Debug)]
pub struct Trial {
    /// The world.
    pub world: World,
    /// How many events each computer had told when the attack began.
    before: BTreeMap<usize, usize>,
    row: Row,
}

impl Trial {
    /// Alice and Bob are friends, with a link between them.
    pub fn of_friends(seed: u64) -> (Self, Actor, Actor) {
        let trial = Self::new(seed);
        let (alice, bob) = (trial.world.member("alice"), trial.world.member("bob"));
        befriend(&alice, &bob);
        trial.world.run_for(3_000);
        (trial, alice, bob)
    }

    /// Alice and Bob are friends, and Bob is in a group that Alice owns.
    pub fn of_group(seed: u64) -> (Self, Actor, Actor, GroupId) {
        let (trial, alice, bob) = Self::of_friends(seed);
        let create = GroupCommand::GroupCreate {
            name: "算法课".to_owned(),
            members: vec![bob.name()],
            class: false,
        };
        let Ok(Done::Group(shown)) = alice.ask(Command::Group(create)) else {
            panic!("a group is made");
        };
        trial.world.run_for(3_000);
        let invited = bob.last_event(|event| {
            if let Event::Request(request) = event {
                request.group.map(|_| request.request)
            } else {
                None
            }
        });
        let accept = RequestChoice {
            request: invited,
            from: None,
        };
        bob.ask(Command::Accept(accept)).expect("he is invited");
        trial.world.run_for(3_000);
        (trial, alice, bob, shown.group)
    }

    /// Nobody yet.
    pub fn new(seed: u64) -> Self {
        let world = World::new(seed);
        world.becomes_evil();
        Self {
            world,
            before: BTreeMap::new(),
            row: Row::default(),
        }
    }

    /// The attack begins: what was told and logged before is no evidence.
    pub fn begins(&mut self, people: &[&Actor]) {
        errors::keep_lines();
        for actor in people {
            let told = actor.computer(|computer| computer.events.len());
            self.before.insert(actor.number(), told);
        }
    }

    /// The key of the rendezvous.
    pub fn server_key(&self) -> KeyPair {
        self.world.server(|server| server.key().clone())
    }

    /// From now on the rendezvous tells somebody this instead of the truth.
    pub fn lie_to(&self, actor: &Actor, mut lie: impl FnMut(&mut ServerFrame) + 'static) {
        let lie: Lie = Box::new(move |mut frame| {
            lie(&mut frame);
            vec![frame]
        });
        actor
            .simulation()
            .borrow_mut()
            .lies
            .tell(actor.number(), lie);
    }

    /// From now on the rendezvous keeps from somebody what `is_kept` names.
    pub fn keep_from(&self, actor: &Actor, is_kept: impl Fn(&ServerFrame) -> bool + 'static) {
        let lie: Lie = Box::new(move |frame| {
            let is_said = !is_kept(&frame);
            is_said.then_some(frame).into_iter().collect()
        });
        actor
            .simulation()
            .borrow_mut()
            .lies
            .tell(actor.number(), lie);
    }

    /// The rendezvous pushes something.
    pub fn push(&self, actor: &Actor, push: Push) {
        let frame = ServerFrame::Push(push);
        actor
            .simulation()
            .borrow_mut()
            .server_says(actor.number(), &frame);
        self.world.run_for(1_000);
    }

    /// Somebody's connection to the rendezvous breaks, and he signs in again.
    pub fn reconnect(&self, actor: &Actor) {
        actor.drop_control();
        self.world.run_for(8_000);
    }

    /// A text still gets through in both directions.
    #[track_caller]
    pub fn still_talk(&self, alice: &Actor, bob: &Actor) {
        for (from, to) in [(alice, bob), (bob, alice)] {
            let id = from.send(to, "still there?");
            let delivered = || from.is_delivered(id);
            self.world.expect("it is delivered", delivered, 15_000);
        }
    }

    /// What somebody was told since the attack began.
    fn news(&self, actor: &Actor) -> Vec<Event> {
        let before = self.before.get(&actor.number()).copied().unwrap_or(0);
        actor.computer(|computer| computer.events.get(before..).unwrap_or_default().to_vec())
    }

    // ---- Evidence ----

    /// Somebody's program noted this in its log.
    #[track_caller]
    pub fn noticed_by(&mut self, actor: &Actor, line: &str) {
        let lines = errors::lines_of(&actor.name());
        let found = lines.iter().any(|logged| logged.contains(line));
        assert!(found, "{actor:?} did not note {line:?}: {lines:#?}");
        let why = lines
            .iter()
            .find(|logged| logged.contains(line))
            .and_then(|logged| logged.split(" why=").nth(1))
            .and_then(|rest| rest.split(' ').next());
        let why = why.map_or_else(String::new, |why| format!(" ({why})"));
        self.detected(format!("{actor:?}'s program: {line}{why}"));
    }

    /// Nothing gives the attack away, or only a person can.
    pub fn noticed_by_nobody(&mut self, why: &str) {
        self.detected(format!("nobody: {why}"));
    }

    /// Somebody's program does not do what it was led to; the caller has just seen that.
    pub fn refuses(&mut self, actor: &Actor, what: &str) {
        self.detected(format!("{actor:?}'s program: {what}"));
    }

    fn detected(&mut self, what: String) {
        if !self.row.detected.contains(&what) {
            self.row.detected.push(what);
        }
    }

    /// Somebody is warned of it.
    #[track_caller]
    pub fn warned(&mut self, actor: &Actor, wanted: WarningCode) {
        let news = self.news(actor);
        let is_warning =
            |event: &Event| matches!(event, Event::Warning { code, .. } if *code == wanted);
        assert!(news.iter().any(is_warning), "{actor:?} was told {news:#?}");
        self.detected(format!("{actor:?}'s program"));
        self.row
            .told
            .push(format!("{actor:?}: warning `{}`", wanted.code()));
    }

    /// Somebody is told nothing at all about it: no message, no warning.
    #[track_caller]
    pub fn told_nothing(&mut self, actor: &Actor) {
        self.assert_told_nothing(actor);
        self.row
            .told
            .push(format!("{actor:?}: nothing, nothing came of it"));
    }

    /// The same without a word in the table.
    #[track_caller]
    pub fn assert_told_nothing(&self, actor: &Actor) {
        let news = self.news(actor);
        // What the actor wrote is no news to it.
        let me = actor.name();
        let is_news = |event: &Event| match event {
            Event::Message(message) => message.from != me,
            Event::Announcement(_) | Event::Warning { .. } | Event::Request(_) | Event::File(_) => {
                true
            }
            Event::Ready(_)
            | Event::Server { .. }
            | Event::CaughtUp {}
            | Event::Delivery(_)
            | Event::Presence(_)
            | Event::Requests { .. }
            | Event::Contact { .. }
            | Event::Read { .. }
            | Event::Group(_)
            | Event::Confirmed(_)
            | Event::Hands(_) => false,
        };
        assert!(!news.iter().any(is_news), "{actor:?} was told {news:#?}");
    }

    /// What the sender's screen says of a message.
    #[track_caller]
    pub fn state_is(
        &mut self,
        actor: &Actor,
        message: hutong_common::id::MsgId,
        wanted: DeliveryState,
    ) {
        let told = actor.last_event(|event| match event {
            Event::Delivery(delivery) if delivery.message == message => {
                Some((delivery.state, delivery.code))
            }
            Event::Delivery(_)
            | Event::Ready(_)
            | Event::Server { .. }
            | Event::CaughtUp {}
            | Event::Message(_)
            | Event::Presence(_)
            | Event::Request(_)
            | Event::Requests { .. }
            | Event::Contact { .. }
            | Event::Read { .. }
            | Event::File(_)
            | Event::Warning { .. }
            | Event::Group(_)
            | Event::Announcement(_)
            | Event::Confirmed(_)
            | Event::Hands(_) => None,
        });
        let (state, code) = told.expect("something was told of the message");
        assert_eq!(state, wanted, "{code:?}");
        let what = match state {
            DeliveryState::Queued | DeliveryState::InFlight => {
                "the message stays under way".to_owned()
            }
            DeliveryState::LeftAtServer => "✓ left at the rendezvous, never ✓✓".to_owned(),
            DeliveryState::Delivered => "✓✓ delivered, as it truly is".to_owned(),
            DeliveryState::Shown => "shown, as it truly is".to_owned(),
            DeliveryState::Failed => format!("the message failed (`{}`)", code.unwrap_or("?")),
        };
        self.row.told.push(format!("{actor:?}: {what}"));
    }

    /// Something else that a person sees.
    pub fn told(&mut self, what: &str) {
        self.row.told.push(what.to_owned());
    }

    /// Starts or ends the tape.
    pub fn record(&self, on: bool) -> Vec<Recorded> {
        self.world.record(on)
    }

    /// The row.
    pub fn ends(self) -> Row {
        assert!(
            !self.row.detected.is_empty() && !self.row.told.is_empty(),
            "a row with an empty cell"
        );
        self.row
    }
}
