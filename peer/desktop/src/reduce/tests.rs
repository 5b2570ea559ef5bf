//! What follows from what, told as small stories.

mod entry;
mod people;
mod safety;
mod talk;

use super::reduce_all;
use crate::input::{Input, Intent, Purpose};
use crate::model::Stage;
use crate::scene::{NOW, Scene, friend, message, ready};
use hutong_common::id::MsgId;
use hutong_engine::api::event::Message;
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
