//! A window on an engine that is never started, told what an engine would tell: for all tests of this package.

pub(crate) mod circle;
mod doctor;
mod lively;

pub(crate) use doctor::checked;
pub(crate) use lively::{lively, said};

use crate::bridge::Outlet;
use crate::input::{Effect, Input, Intent, Purpose};
use crate::model::AppState;
use crate::model::prefs::Prefs;
use crate::reduce::reduce;
use hutong_common::id::{AccountId, DeviceId, MsgId};
use hutong_common::text::Lang;
use hutong_engine::api::announcement::{AnnouncedHow, Announcement};
use hutong_engine::api::done::{Chat, Friend, Relation, SignedIn, Whoami};
use hutong_engine::api::event::{Message, MessageKind, Ready};
use hutong_engine::api::{Command, Done, Event, Path};
use jiff::tz::TimeZone;
use std::cell::RefCell;

thread_local! {
    static HEARD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A label says this.
pub(crate) fn hear(words: &str) {
    HEARD.with_borrow_mut(|heard| {
        heard.push_str(words);
        heard.push('\n');
    });
}

/// What labels of this thread said since this was asked last.
pub(crate) fn heard() -> String {
    HEARD.take()
}

/// 2026-11-25 12:00 UTC.
pub(crate) const NOW: u64 = 1_795_608_000_000;

/// A window on an engine that is never started.
pub(crate) struct Scene {
    pub(crate) state: AppState,
    pub(crate) effects: Vec<Effect>,
}

impl Scene {
    /// Nothing was told yet.
    pub(crate) fn begin() -> Self {
        let outlet = Outlet::unconnected();
        let state = AppState::new(Prefs::new(Lang::En), (outlet, TimeZone::UTC), NOW);
        Self {
            state,
            effects: Vec::new(),
        }
    }

    /// Nobody is signed in.
    pub(crate) fn out() -> Self {
        let mut scene = Self::begin();
        scene.tell(Event::Ready(ready(None)));
        scene
    }

    /// Alice is, and bob and carol are her friends.
    pub(crate) fn alice() -> Self {
        let mut scene = Self::begin();
        scene.tell(Event::Ready(ready(Some("alice"))));
        scene.answer(Purpose::Me, Done::Whoami(whoami()));
        let friends = ["bob", "carol"].map(friend).to_vec();
        scene.answer(Purpose::Friends, Done::Friends { friends });
        let chats = ["bob", "carol"].map(chat).to_vec();
        scene.answer(Purpose::Chats, Done::Chats { chats });
        scene
    }

    pub(crate) fn take(&mut self, input: Input) -> &mut Self {
        self.effects = reduce(&mut self.state, input, NOW);
        self
    }

    pub(crate) fn tell(&mut self, event: Event) -> &mut Self {
        self.take(Input::Told(event))
    }

    pub(crate) fn answer(&mut self, purpose: Purpose, done: Done) -> &mut Self {
        self.take(Input::Answer(purpose, Ok(done)))
    }

    pub(crate) fn want(&mut self, intent: Intent) -> &mut Self {
        self.take(Input::Intent(intent))
    }

    /// What was asked of the engine last.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other effects ask nothing"
    )]
    pub(crate) fn asked(&self) -> Vec<&Command> {
        let all = self.effects.iter();
        all.filter_map(|effect| match effect {
            Effect::Ask(_, command) => Some(command),
            _ => None,
        })
        .collect()
    }

    /// Notes for the desktop.
    pub(crate) fn notices(&self) -> usize {
        let is_notice = |effect: &&Effect| matches!(effect, Effect::Notify(_));
        self.effects.iter().filter(is_notice).count()
    }
}

pub(crate) fn ready(login: Option<&str>) -> Ready {
    Ready {
        account: login.map(|_| AccountId(10_000)),
        login: login.map(str::to_owned),
        device: None,
        udp_port: Some(7),
        home: "/home".into(),
    }
}

pub(crate) fn whoami() -> Whoami {
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
        role: "member",
    }
}

pub(crate) fn friend(login: &str) -> Friend {
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

pub(crate) fn chat(login: &str) -> Chat {
    Chat {
        with: login.to_owned(),
        account: Some(AccountId(10_001)),
        group: None,
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

/// What the account of that number announces.
pub(crate) fn announcement(number: u8, account: u64) -> Announcement {
    Announcement {
        id: MsgId([number; 16]),
        from: "bob".to_owned(),
        account: AccountId(account),
        remark: None,
        conversation: "g:100001".to_owned(),
        text: format!("明天上午停课 {number}"),
        how: AnnouncedHow {
            large: true,
            confirm: true,
            confirmed: false,
        },
        sent_ms: NOW,
        path: Path::Direct,
    }
}

/// A text in the conversation with bob, the later the larger its number.
pub(crate) fn message(number: u8, from: &str, text: &str) -> Message {
    Message {
        id: MsgId([number; 16]),
        from: from.to_owned(),
        account: AccountId(10_001),
        remark: None,
        conversation: "bob".to_owned(),
        group: None,
        mentions_me: false,
        kind: MessageKind::Text,
        text: Some(text.to_owned()),
        sent_ms: NOW + u64::from(number),
        hlc: format!("{number:016x}"),
        seq: number.into(),
        path: Path::Direct,
        file: None,
        file_name: None,
        file_size: None,
        announced: None,
    }
}
