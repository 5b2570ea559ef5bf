//! One's own class: started, closed and stopped.

use crate::input::intent::{ClassIntent, EntryIntent};
use crate::input::{ClassWish, Effect, Input, Intent, Kept};
use crate::model::entry::{Field, Mode};
use crate::model::{Dialog, Stage};
use crate::scene::{Scene, ready};
use hutong_common::id::ServerId;
use hutong_common::text::Lang;
use hutong_engine::api::Event;
use hutong_host::class::Open;
use std::sync::Arc;

fn open() -> Input {
    Input::Class(Ok(Kept::Open(Arc::new(Open {
        name: "Lab".to_owned(),
        invite: "hutong://join".to_owned(),
        hosts: vec!["10.0.0.1:7440".to_owned()],
        fingerprint: "aaaa bbbb".to_owned(),
        server: ServerId([1; 32]),
        control: ([127, 0, 0, 1], 7440).into(),
    }))))
}

/// Somebody has typed all that a class needs but its name.
fn teacher() -> Scene {
    let mut scene = Scene::out();
    scene.want(Intent::Entry(EntryIntent::Switch(Mode::Class)));
    let entry = &mut scene.state.entry;
    entry.login = "teacher".to_owned();
    entry.password = "a good secret".into();
    entry.again = "a good secret".into();
    scene
}

fn starts(scene: &Scene) -> usize {
    let is_start = |effect: &&Effect| matches!(effect, Effect::Class(ClassWish::Start { .. }, _));
    scene.effects.iter().filter(is_start).count()
}

fn leaves(scene: &Scene) -> (bool, bool) {
    let is_stop = |effect: &Effect| matches!(effect, Effect::Class(ClassWish::Stop, _));
    let stops = scene.effects.iter().any(is_stop);
    (stops, scene.effects.last() == Some(&Effect::Quit))
}

#[test]
fn a_class_needs_a_name_is_started_once_and_shows_how_others_join() {
    let mut scene = teacher();
    scene.want(Intent::Entry(EntryIntent::Submit));
    let wrong = scene.state.entry.wrong.as_ref().map(|wrong| wrong.field);
    assert_eq!((starts(&scene), wrong), (0, Some(Field::Class)));
    scene.state.entry.class = "Lab".to_owned();
    scene.want(Intent::Entry(EntryIntent::Submit));
    assert_eq!(starts(&scene), 1);
    scene.want(Intent::Entry(EntryIntent::Submit));
    assert_eq!(starts(&scene), 0, "it is on its way");
    scene.tell(Event::Ready(ready(Some("teacher"))));
    scene.take(open());
    let state = &scene.state;
    assert_eq!(
        (&state.stage, &state.dialog),
        (&Stage::In, &Some(Dialog::Class))
    );
    assert!(state.entry.password.is_empty() && state.class.is_some());
}

#[test]
fn why_a_class_did_not_start_is_said_and_everything_typed_stays() {
    let mut scene = teacher();
    scene.state.entry.class = "Lab".to_owned();
    scene.want(Intent::Entry(EntryIntent::Submit));
    scene.take(Input::Class(Err("the port is taken".to_owned())));
    let entry = &scene.state.entry;
    let said = entry
        .wrong
        .as_ref()
        .map(|wrong| wrong.fault.words(Lang::En));
    assert_eq!(said.as_deref(), Some("the port is taken"));
    assert!(!entry.busy && !entry.password.is_empty() && entry.class == "Lab");
}

#[test]
fn a_window_with_a_class_asks_before_it_closes_and_does_what_it_is_told() {
    for stops in [true, false] {
        let mut scene = Scene::alice();
        scene.take(open());
        assert!(
            scene.state.dialog.is_none(),
            "a class that goes on shows nothing by itself"
        );
        scene.want(Intent::Quit);
        assert_eq!(scene.state.dialog, Some(Dialog::LeaveClass));
        assert!(scene.effects.is_empty() && !scene.state.is_closing);
        scene.want(Intent::Class(ClassIntent::Leave { stops }));
        assert_eq!(leaves(&scene), (stops, true));
    }
    let mut scene = Scene::alice();
    scene.want(Intent::Quit);
    assert_eq!(
        leaves(&scene),
        (false, true),
        "without a class nobody is asked"
    );
}

/// A class that its teacher had stopped started by itself with the next window.
#[test]
fn a_class_that_was_stopped_waits_until_its_teacher_wants_it() {
    let mut scene = Scene::alice();
    scene.take(open());
    scene.want(Intent::Class(ClassIntent::Stop));
    scene.take(Input::Class(Ok(Kept::Rests)));
    assert!(scene.state.class.is_none() && scene.state.class_rests);
    scene.want(Intent::Quit);
    assert_eq!(
        scene.state.dialog, None,
        "nothing runs that one could leave behind"
    );
    let mut scene = Scene::alice();
    scene.take(Input::Class(Ok(Kept::Rests)));
    assert!(scene.state.toasts.is_empty(), "it did not stop just now");
    scene.want(Intent::Class(ClassIntent::Resume));
    let wish = ClassWish::Resume;
    assert_eq!(scene.effects, [Effect::Class(wish, scene.state.prefs.lang)]);
    scene.take(open());
    assert!(scene.state.class.is_some() && !scene.state.class_rests);
}
