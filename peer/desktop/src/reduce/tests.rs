//! What follows from what, told as small stories.

mod entry;
mod people;
mod talk;

use super::{reduce, reduce_all};
use crate::bridge::Outlet;
use crate::input::{Effect, Input, Intent, Purpose};
use crate::model::prefs::Prefs;
use crate::model::{AppState, Stage};
use hutong_common::id::{AccountId, DeviceId, MsgId};
use hutong_common::text::Lang;
use hutong_engine::api::done::{Chat, Friend, Relation, SignedIn, Whoami};
use hutong_engine::api::event::{Message, MessageKind, Ready};
use hutong_engine::api::{Command, Done, Event, Path};
use hutong_engine::engine::EngineConfig;
use jiff::tz::TimeZone;

/// 2026-11-25 12:00 UTC.
const NOW: u64 = 1_795_608_000_000;

/// A window on an engine that is never started.
pub(super) struct Scene {
    pub(super) state: AppState,
    pub(super) effects: Vec<Effect>,
}

impl Scene {
    /// Nothing was told yet.
    pub(super) fn begin() -> Self {
        let outlet = Outlet::new(EngineConfig::new("/nowhere"), Lang::En);
        let state = AppState::new(Prefs::new(Lang::En), (outlet, TimeZone::UTC), NOW);
        Self {
            state,
            effects: Vec::new(),
        }
    }

    /// Nobody is signed in.
    pub(super) fn out() -> Self {
        let mut scene = Self::begin();
        scene.tell(Event::Ready(ready(None)));
        scene
    }

    /// Alice is, and bob and carol are her friends.
    pub(super) fn alice() -> Self {
        let mut scene = Self::begin();
        scene.tell(Event::Ready(ready(Some("alice"))));
        scene.answer(Purpose::Me, Done::Whoami(whoami()));
        let friends = ["bob", "carol"].map(friend).to_vec();
        scene.answer(Purpose::Friends, Done::Friends { friends });
        let chats = ["bob", "carol"].map(chat).to_vec();
        scene.answer(Purpose::Chats, Done::Chats { chats });
        scene
    }

    pub(super) fn take(&mut self, input: Input) -> &mut Self {
        self.effects = reduce(&mut self.state, input, NOW);
        self
    }

    pub(super) fn tell(&mut self, event: Event) -> &mut Self {
        self.take(Input::Told(event))
    }

    pub(super) fn answer(&mut self, purpose: Purpose, done: Done) -> &mut Self {
        self.take(Input::Answer(purpose, Ok(done)))
    }

    pub(super) fn want(&mut self, intent: Intent) -> &mut Self {
        self.take(Input::Intent(intent))
    }

    /// What was asked of the engine last.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other effects ask nothing"
    )]
    pub(super) fn asked(&self) -> Vec<&Command> {
        let all = self.effects.iter();
        all.filter_map(|effect| match effect {
            Effect::Ask(_, command) => Some(command),
            _ => None,
        })
        .collect()
    }

    /// Notes for the desktop.
    pub(super) fn notices(&self) -> usize {
        let is_notice = |effect: &&Effect| matches!(effect, Effect::Notify(_));
        self.effects.iter().filter(is_notice).count()
    }
}

fn ready(login: Option<&str>) -> Ready {
    Ready {
        account: login.map(|_| AccountId(10_000)),
        login: login.map(str::to_owned),
        device: None,
        udp_port: Some(7),
        home: "/home".into(),
    }
}

fn whoami() -> Whoami {
    Whoami {
        signed_in: SignedIn {
            account: AccountId(10_000),
            login: "alice".to_owned(),
            device: DeviceId([1; 16]),
            kind: "own",
            until_ms: 0,
        },
        name: "爱丽丝".to_owned(),
        sex: Some("f"),
        signature: "hello".to_owned(),
        avatar: None,
        away: false,
        server_id: String::new(),
        server: "Lab".to_owned(),
    }
}

fn friend(login: &str) -> Friend {
    Friend {
        login: login.to_owned(),
        account: AccountId(10_001),
        name: format!("{login} the friend"),
        remark: None,
        since_ms: 0,
        signature: String::new(),
        avatar: None,
    }
}

fn chat(login: &str) -> Chat {
    Chat {
        with: login.to_owned(),
        account: AccountId(10_001),
        name: format!("{login} the friend"),
        remark: None,
        avatar: None,
        relation: Relation::Friend,
        last: None,
        unread: 0,
        mentions: 0,
        draft: None,
        last_ms: None,
    }
}

/// A text in the conversation with bob, the later the larger its number.
fn message(number: u8, from: &str, text: &str) -> Message {
    Message {
        id: MsgId([number; 16]),
        from: from.to_owned(),
        account: AccountId(10_001),
        remark: None,
        conversation: "bob".to_owned(),
        kind: MessageKind::Text,
        text: Some(text.to_owned()),
        sent_ms: NOW + u64::from(number),
        hlc: format!("{number:016x}"),
        seq: number.into(),
        path: Path::Direct,
        file: None,
        file_name: None,
        file_size: None,
    }
}

#[test]
fn a_home_without_an_account_shows_the_first_screen_and_looks_for_servers() {
    let scene = Scene::out();
    assert_eq!(scene.state.stage, Stage::Out);
    assert!(matches!(scene.asked().as_slice(), [Command::Servers]));
}

#[test]
fn a_home_with_an_account_asks_for_everything_that_it_shows() {
    let mut scene = Scene::begin();
    scene.tell(Event::Ready(ready(Some("alice"))));
    assert_eq!(scene.state.stage, Stage::In);
    for wanted in [
        Command::Whoami,
        Command::Friends,
        Command::Chats,
        Command::Requests,
    ] {
        assert!(scene.asked().contains(&&wanted), "{wanted:?}");
    }
}

#[test]
fn signing_out_leaves_nothing_of_the_account_in_the_window() {
    let mut scene = Scene::alice();
    scene.tell(Event::Message(message(1, "bob", "secret")));
    scene.tell(Event::Ready(ready(None)));
    let state = &scene.state;
    assert_eq!(state.stage, Stage::Out);
    assert!(state.people.is_empty() && state.summaries.is_empty() && state.list.is_empty());
    assert!(state.me.is_none() && state.open.is_none() && state.files.is_empty());
}

#[test]
fn ten_thousand_events_at_once_are_all_shown() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(crate::input::intent::Go::Chat("bob".into())));
    let history = Done::History {
        messages: Vec::new(),
        more: false,
    };
    scene.answer(
        Purpose::History {
            with: "bob".into(),
            older: false,
        },
        history,
    );
    let events = (0..10_000_u32).map(|number| {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let text = format!("{number}");
        let hlc = format!("{number:016x}");
        Input::Told(Event::Message(Message {
            id: MsgId(id),
            hlc,
            ..message(0, "bob", &text)
        }))
    });
    reduce_all(&mut scene.state, events, NOW);
    assert_eq!(scene.state.open.map(|open| open.rows.len()), Some(10_000));
}
