//! What follows from what, told as small stories.

mod announced;
mod class;
mod compose;
mod doctor;
mod entry;
mod groups;
mod people;
mod presenting;
mod safety;
mod talk;

use super::reduce_all;
use crate::input::intent::{Go, TalkIntent};
use crate::input::{Effect, Ending, Input, Intent, Purpose};
use crate::model::Stage;
use crate::model::chat::RowAct;
use crate::scene::{NOW, Scene, friend, message, ready};
use hutong_common::id::MsgId;
use hutong_common::limits::NOTICES_WAITING_MAX;
use hutong_common::text::Lang;
use hutong_engine::api::event::{ContactChange, Message};
use hutong_engine::api::{Command, Done, Event};

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

fn end(scene: &mut Scene, ending: Ending) {
    reduce_all(&mut scene.state, [Input::Ended(ending)], NOW);
}

#[test]
fn a_shared_seat_that_signs_out_while_its_window_closes_lets_it_close() {
    let mut scene = Scene::alice();
    scene.want(Intent::Quit);
    scene.tell(Event::Ready(ready(None)));
    end(&mut scene, Ending::Stopped);
    assert_eq!(scene.state.stage, Stage::Over);
}

#[test]
fn a_window_without_an_engine_can_be_closed() {
    let mut scene = Scene::begin();
    end(&mut scene, Ending::HomeLocked);
    let Stage::Broken(why) = &scene.state.stage else {
        panic!("{:?}", scene.state.stage);
    };
    assert_ne!(why.words(Lang::En), why.words(Lang::Zh));
    scene.want(Intent::Quit);
    assert_eq!(scene.state.stage, Stage::Over);
}

#[test]
fn ten_thousand_events_at_once_are_all_shown() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Chat("bob".into())));
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

/// A burst in an open conversation was noted as read message by message, and one behind the window told notice by notice: more
/// than the way to the engine holds, so that what was wanted next was dropped.
#[test]
fn thousands_of_messages_at_once_leave_room_for_what_is_wanted_next() {
    let burst = |numbers: std::ops::RangeInclusive<u16>| {
        numbers.map(|number| {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&number.to_be_bytes());
            Input::Told(Event::Message(Message {
                id: MsgId(id),
                hlc: format!("{number:016x}"),
                ..message(0, "bob", "words")
            }))
        })
    };
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Focus(true)));
    scene.want(Intent::Go(Go::Chat("bob".into())));
    let purpose = Purpose::History {
        with: "bob".into(),
        older: false,
    };
    let none = Done::History {
        messages: Vec::new(),
        more: false,
    };
    scene.answer(purpose, none);
    let effects = reduce_all(&mut scene.state, burst(1..=2_000), NOW);
    let mut last = [0; 16];
    last[..2].copy_from_slice(&2_000_u16.to_be_bytes());
    let read = Command::Read {
        with: "bob".to_owned(),
        upto: Some(MsgId(last)),
    };
    assert_eq!(effects, [Effect::Ask(Purpose::Quietly, read)]);
    scene.want(Intent::Go(Go::Focus(false)));
    let effects = reduce_all(&mut scene.state, burst(2_001..=4_000), NOW);
    assert_eq!(effects.len(), NOTICES_WAITING_MAX, "{effects:?}");
}

#[test]
fn many_events_at_once_ask_for_everything_once_and_a_text_wanted_twice_is_sent_twice() {
    let mut scene = Scene::alice();
    let changed = |number: u32| {
        Input::Told(Event::Contact {
            user: format!("friend-{number}"),
            change: ContactChange::Added,
        })
    };
    let send = || Input::Intent(Intent::Talk(TalkIntent::Row(RowAct::Again(MsgId([1; 16])))));
    scene.want(Intent::Go(Go::Chat("bob".into())));
    scene.tell(Event::Message(message(1, "alice", "again")));
    let inputs = (0..40).map(changed).chain([send(), send()]);
    scene.effects = reduce_all(&mut scene.state, inputs, NOW);
    let asked = scene.asked();
    let count = |wanted: &Command| asked.iter().filter(|command| **command == wanted).count();
    assert_eq!(count(&Command::Friends), 1);
    assert_eq!(count(&Command::Chats), 1);
    assert_eq!(count(&Command::Whoami), 1);
    let text = "again".to_owned();
    let to = "bob".to_owned();
    assert_eq!(count(&Command::Send { to, text }), 2);
    assert_eq!(asked.len(), 7, "{asked:?}");
}
