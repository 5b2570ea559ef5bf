//! The open conversation.

mod reading;

use super::ready;
use crate::input::intent::{Go, PastIntent, TalkIntent};
use crate::input::{Effect, Input, Intent, Purpose, Tick};
use crate::model::Link;
use crate::model::chat::{Body, Row, RowAct};
use crate::model::home::Pane;
use crate::model::past::Whose;
use crate::scene::{NOW, Scene, message};
use hutong_common::id::{FileId, MsgId};
use hutong_common::refusal::Refusal;
use hutong_common::text::Lang;
use hutong_engine::api::command::{Direction, Position};
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{
    Delivery, DeliveryState, File, FileState, ServerState, WarningCode,
};
use hutong_engine::api::{Command, Done, Event, Failure, Path};

fn open(scene: &mut Scene, login: &str) {
    scene.want(Intent::Go(Go::Chat(login.into())));
}

fn history(scene: &mut Scene, older: bool, numbers: &[u8]) {
    let messages = numbers.iter().map(|number| HistoryRow {
        message: message(*number, "bob", &number.to_string()),
        state: None,
        code: None,
        states: std::collections::BTreeMap::new(),
        edited: false,
        recalled: false,
    });
    let done = Done::History {
        messages: messages.collect(),
        more: true,
    };
    scene.answer(
        Purpose::History {
            with: "bob".into(),
            older,
        },
        done,
    );
}

fn words(scene: &Scene) -> Vec<String> {
    let text = |row: &Row| match &row.body {
        Body::Text(text) => text.to_string(),
        Body::File(card) => card.name.to_string(),
        Body::Unknown | Body::Change(_) => String::new(),
    };
    let open = scene.state.open.as_ref();
    open.map(|open| open.rows.iter().map(text).collect())
        .unwrap_or_default()
}

fn file(name: &str, size: u64, state: FileState) -> File {
    File {
        file: FileId([3; 16]),
        message: MsgId([9; 16]),
        from: "bob".to_owned(),
        to: "alice".to_owned(),
        direction: Direction::Incoming,
        name: name.to_owned(),
        size,
        state,
        done: 0,
        rate: None,
        sent: None,
        path: Path::Direct,
        paused_by: Vec::new(),
        executable: false,
        saved_as: None,
        source: None,
        code: None,
        remark: None,
        had_by: Vec::new(),
    }
}

#[test]
fn messages_get_their_place_in_the_order_and_none_is_shown_twice() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    history(&mut scene, false, &[2, 4]);
    for number in [5, 3, 5, 4] {
        scene.tell(Event::Message(message(number, "bob", &number.to_string())));
    }
    assert_eq!(words(&scene), ["2", "3", "4", "5"]);
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::Older)));
    assert!(matches!(scene.asked().as_slice(), [Command::History(_)]));
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::Older)));
    assert!(scene.asked().is_empty(), "it is on its way");
    history(&mut scene, true, &[0, 1]);
    assert_eq!(words(&scene), ["0", "1", "2", "3", "4", "5"]);
}

#[test]
fn no_note_is_made_for_whoever_does_not_want_any() {
    let mut scene = Scene::alice();
    scene.state.prefs.notify = false;
    scene.tell(Event::Message(message(1, "bob", "one")));
    assert_eq!((scene.state.unread(), scene.notices()), (1, 0));
}

#[test]
fn typed_words_are_kept_with_their_conversation() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.state.words = "half a".to_owned();
    scene.want(Intent::Talk(TalkIntent::Typed));
    let typed = scene.state.typed;
    assert!(matches!(
        scene.effects.as_slice(),
        [Effect::Later(_, Tick::Draft(_))]
    ));
    scene.take(Input::Tick(Tick::Draft(typed - 1)));
    assert!(scene.asked().is_empty(), "more was typed since");
    scene.take(Input::Tick(Tick::Draft(typed)));
    assert!(
        matches!(scene.asked().as_slice(), [Command::Draft { text: Some(text), .. }] if text == "half a")
    );
    open(&mut scene, "carol");
    assert_eq!(scene.state.words, "");
    open(&mut scene, "bob");
    assert_eq!(scene.state.words, "half a");
}

#[test]
fn words_that_could_not_be_sent_come_back_to_the_box() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.state.words = "hello".to_owned();
    scene.want(Intent::Talk(TalkIntent::Send));
    assert!(matches!(scene.asked().first(), Some(Command::Send { text, .. }) if text == "hello"));
    assert_eq!(scene.state.words, "");
    let failure = Failure::Refused(Refusal::NotContacts);
    let purpose = Purpose::Send {
        with: "bob".into(),
        text: "hello".into(),
    };
    scene.take(Input::Answer(purpose, Err(failure)));
    assert_eq!(
        (scene.state.words.as_str(), scene.state.toasts.len()),
        ("hello", 1)
    );
}

/// Whoever typed on lost what a full disk had not taken; and the window said that it had to be opened again.
#[test]
fn a_disk_that_is_full_for_a_while_costs_no_words() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.tell(Event::Server {
        state: ServerState::Online,
    });
    scene.tell(Event::warning(WarningCode::Storage, "no space"));
    assert_eq!(scene.state.banners.len(), 1);
    assert_eq!(scene.state.link, Link::Unknown, "nobody is there to say");
    for (text, typed, expected) in [
        ("hello", "", "hello"),
        ("hello", "next", "next\nhello"),
        ("to carol", "next", "next"),
    ] {
        scene.state.words = typed.to_owned();
        let with = if text == "hello" { "bob" } else { "carol" };
        let purpose = Purpose::Send {
            with: with.into(),
            text: text.into(),
        };
        let detail = "No space left on device".to_owned();
        scene.take(Input::Answer(purpose, Err(Failure::Storage { detail })));
        assert_eq!(scene.state.words, expected);
    }
    assert_eq!(&*scene.state.summaries["carol"].draft, "to carol");
    let told = scene.state.toasts.last();
    assert!(told.is_some_and(|told| !told.note.words(Lang::En).contains("device")));
    scene.tell(Event::Ready(ready(Some("alice"))));
    assert!(scene.state.banners.is_empty());
    let asked = scene.asked();
    let loads = asked
        .iter()
        .filter(|command| matches!(command, Command::History(_)));
    assert_eq!(loads.count(), 1);
    assert_eq!(scene.state.words, "next");
}

#[test]
fn nothing_is_sent_when_nothing_is_typed() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.state.words = " \n ".to_owned();
    scene.want(Intent::Talk(TalkIntent::Send));
    assert!(scene.asked().is_empty());
}

#[test]
fn a_message_shows_how_far_it_got() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.tell(Event::Message(message(1, "alice", "mine")));
    let state = |scene: &Scene| {
        let open = scene.state.open.as_ref();
        open.and_then(|open| open.rows.front().and_then(|row| row.state))
    };
    assert_eq!(state(&scene), Some(DeliveryState::Queued));
    scene.tell(Event::Delivery(Delivery {
        message: MsgId([1; 16]),
        to: "bob".to_owned(),
        conversation: "bob".to_owned(),
        remark: None,
        state: DeliveryState::Shown,
        path: Path::Direct,
        code: None,
    }));
    assert_eq!(state(&scene), Some(DeliveryState::Shown));
}

#[test]
fn small_pictures_are_fetched_by_themselves_and_nothing_else_is() {
    let accepts = |scene: &Scene| {
        scene
            .asked()
            .iter()
            .any(|asked| matches!(asked, Command::AcceptFile { .. }))
    };
    for (name, size, wanted) in [
        ("a.png", 1_000, true),
        ("a.PNG", 1_000, true),
        ("a.png", 1 << 30, false),
        ("a.exe", 1_000, false),
        ("a.zip", 1_000, false),
    ] {
        let mut scene = Scene::alice();
        scene.tell(Event::File(file(name, size, FileState::Offered)));
        assert_eq!(accepts(&scene), wanted, "{name} {size}");
    }
    let mut scene = Scene::alice();
    scene.state.prefs.show_pictures = false;
    scene.tell(Event::File(file("a.png", 1_000, FileState::Offered)));
    assert!(!accepts(&scene));
}

#[test]
fn a_file_is_listed_once_and_its_card_follows() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    let mut offer = message(9, "bob", "");
    offer.kind = hutong_engine::api::event::MessageKind::File;
    (offer.file, offer.file_name) = (Some(FileId([3; 16])), Some("a.zip".to_owned()));
    scene.tell(Event::Message(offer));
    scene.tell(Event::File(file("a.zip", 100, FileState::Offered)));
    let mut running = file("a.zip", 100, FileState::Running);
    running.done = 50;
    scene.tell(Event::File(running));
    assert_eq!(scene.state.file_list.len(), 1);
    let open = scene.state.open.as_ref().expect("it is open");
    let Some(Row {
        body: Body::File(card),
        ..
    }) = open.rows.back()
    else {
        panic!("no card");
    };
    assert_eq!((card.state, card.done), (Some(FileState::Running), 50));
}

#[test]
fn a_disk_failure_stays_in_sight_until_it_is_put_away() {
    let mut scene = Scene::alice();
    let code = WarningCode::Storage;
    for _ in 0..2 {
        scene.tell(Event::warning(code, "disk"));
    }
    assert_eq!(scene.state.banners.len(), 1);
    scene.want(Intent::Go(Go::PutAway(code)));
    assert!(scene.state.banners.is_empty());
}

#[test]
fn the_past_is_looked_for_by_day_and_by_who_wrote() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    scene.want(Intent::Go(Go::Pane(Pane::History)));
    assert!(matches!(scene.asked().as_slice(), [Command::History(_)]));
    scene.state.past.day = "2026-11-25".to_owned();
    scene.want(Intent::Past(PastIntent::Whose(Whose::Theirs)));
    let (after, from) = match scene.asked().as_slice() {
        [Command::History(history)] => (history.after, history.from.clone()),
        other => panic!("{other:?}"),
    };
    // The midnight before noon, and one millisecond.
    let midnight = NOW - 12 * 3_600_000;
    assert_eq!(after, Some(Position::Time(midnight - 1)));
    assert_eq!(from.as_deref(), Some("bob"));
    let messages = Vec::new();
    scene.answer(
        Purpose::Past { with: "bob".into() },
        Done::History {
            messages,
            more: false,
        },
    );
    assert!(scene.state.past.found.is_some());
    scene.state.past.day = "tomorrow".to_owned();
    scene.want(Intent::Past(PastIntent::Look));
    assert!(scene.asked().is_empty() && scene.state.past.wrong.is_some());
}

/// One's own picture was a blank card until the program was started again: nobody said where it lies.
#[test]
fn a_picture_that_one_sends_is_shown_at_once() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    let mut offer = message(9, "alice", "");
    offer.kind = hutong_engine::api::event::MessageKind::File;
    (offer.file, offer.file_name) = (Some(FileId([3; 16])), Some("a.png".to_owned()));
    scene.tell(Event::Message(offer));
    let sent = Done::FileSent {
        message: MsgId([9; 16]),
        file: FileId([3; 16]),
    };
    scene.answer(Purpose::SendFile { with: "bob".into() }, sent);
    assert!(matches!(scene.asked().as_slice(), [Command::Files { .. }]));
    let mut own = file("a.png", 100, FileState::Offered);
    (own.direction, own.source) = (Direction::Outgoing, Some("/pictures/a.png".into()));
    scene.answer(Purpose::Files, Done::Files { files: vec![own] });
    let open = scene.state.open.as_ref().expect("it is open");
    let Some(Row {
        body: Body::File(card),
        ..
    }) = open.rows.back()
    else {
        panic!("no card");
    };
    assert_eq!(card.lies_at.as_deref(), Some(&"/pictures/a.png".into()));
}

#[test]
fn a_message_of_the_past_is_shown_in_its_place_however_far_that_is() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Chat("bob".into())));
    let page = |numbers: std::ops::Range<u8>| {
        let row = |number| HistoryRow {
            message: message(number, "bob", "words"),
            state: None,
            code: None,
            states: Default::default(),
            edited: false,
            recalled: false,
        };
        numbers.map(row).collect::<Vec<_>>()
    };
    let history = |older| Purpose::History {
        with: "bob".into(),
        older,
    };
    let told = |messages, more| Done::History { messages, more };
    scene.answer(history(false), told(page(40..50), true));
    scene.want(Intent::Go(Go::Pane(Pane::History)));
    let far = MsgId([5; 16]);
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::Find(far))));
    assert_eq!(scene.state.pane, Pane::Chat);
    for (from, to) in [(20, 40), (10, 20)] {
        assert!(
            matches!(scene.asked().as_slice(), [Command::History(_)]),
            "{from}"
        );
        scene.answer(history(true), told(page(from..to), true));
    }
    scene.answer(history(true), told(page(1..10), true));
    assert!(scene.asked().is_empty(), "it is there");
    assert_eq!(
        scene.state.open.as_ref().and_then(|open| open.sought),
        Some(far)
    );
    scene.want(Intent::Go(Go::Pane(Pane::Files)));
    assert_eq!(scene.state.open.as_ref().and_then(|open| open.sought), None);
}
