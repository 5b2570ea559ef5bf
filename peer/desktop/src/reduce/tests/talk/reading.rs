//! What counts as read.

use super::{history, open};
use crate::input::Intent;
use crate::input::intent::{Go, TalkIntent};
use crate::model::chat::RowAct;
use crate::scene::{Scene, message};
use hutong_common::id::MsgId;
use hutong_engine::api::{Command, Event};

#[test]
fn what_is_looked_at_is_read_and_what_is_not_is_counted_and_told() {
    let mut scene = Scene::alice();
    scene.tell(Event::Message(message(1, "bob", "one")));
    assert_eq!((scene.state.unread(), scene.notices()), (1, 1));
    open(&mut scene, "bob");
    history(&mut scene, false, &[1]);
    assert!(matches!(scene.asked().as_slice(), [Command::Read { with, .. }] if with == "bob"));
    assert_eq!(scene.state.unread(), 0);
    scene.tell(Event::Message(message(2, "bob", "two")));
    assert_eq!((scene.state.unread(), scene.notices()), (0, 0));
    scene.want(Intent::Go(Go::Focus(false)));
    scene.tell(Event::Message(message(3, "bob", "three")));
    assert_eq!((scene.state.unread(), scene.notices()), (1, 1));
    scene.want(Intent::Go(Go::Focus(true)));
    assert_eq!(scene.state.unread(), 0);
}

/// Messages that arrived below while one read older ones counted as read, to the other side as well.
#[test]
fn what_arrives_while_older_messages_are_read_stays_unread_until_one_is_back() {
    let mut scene = Scene::alice();
    open(&mut scene, "bob");
    history(&mut scene, false, &[1, 2]);
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::AtNewest(false))));
    for number in [3, 4] {
        scene.tell(Event::Message(message(number, "bob", "new")));
        assert!(scene.asked().is_empty(), "{:?}", scene.effects);
        assert_eq!(scene.notices(), 0, "the button says so");
    }
    let line = |scene: &Scene| scene.state.open.as_ref().and_then(|open| open.read_to);
    assert_eq!(
        (scene.state.unread(), line(&scene)),
        (2, Some(MsgId([2; 16])))
    );
    scene.want(Intent::Go(Go::Focus(false)));
    scene.want(Intent::Go(Go::Focus(true)));
    assert_eq!(scene.state.unread(), 2);
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::AtNewest(true))));
    let read = Command::Read {
        with: "bob".to_owned(),
        upto: Some(MsgId([4; 16])),
    };
    assert_eq!((scene.state.unread(), scene.asked()), (0, vec![&read]));
}
