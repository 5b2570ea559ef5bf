//! What is seen on a projector, and what is not.

use super::{SIZES, paint, tour};
use crate::input::Intent;
use crate::input::intent::{Go, PrefsIntent};
use crate::model::home::Pane;
use crate::scene::circle::{WITH, in_class};
use crate::scene::message;
use hutong_engine::api::Event;
use hutong_engine::api::group::RoleName;
use hutong_engine::api::policy::ModeName;

#[test]
fn a_class_before_a_projector_and_nobody_else() {
    let mut scene = in_class(RoleName::Admin, ModeName::Lesson);
    scene.tell(Event::Message(message(9, "bob", "今晚一起吃饭吗？")));
    scene.want(Intent::Prefs(PrefsIntent::Present(true)));
    let state = scene.state.clone();
    tour(
        "presenting",
        &state,
        ("nothing private is shown", "不显示私人内容"),
    );
    let said = paint("presenting-small", state, SIZES[0]);
    for private in ["吃饭", "bob the friend", "carol the friend"] {
        assert!(!said.contains(private), "{private} is in\n{said}");
    }
    assert!(said.contains("算法课"), "{said}");
    scene.state.prefs.text_percent = 200;
    paint("presenting-200", scene.state.clone(), SIZES[0]);
    scene.state.prefs.text_percent = 100;

    scene.want(Intent::Go(Go::Chat("bob".into())));
    tour(
        "dialog-reveal",
        &scene.state,
        ("Leave presentation mode?", "要退出演示模式吗"),
    );
    scene.want(Intent::Go(Go::Back));
    scene.want(Intent::Go(Go::Pane(Pane::Settings)));
    tour(
        "presenting-settings",
        &scene.state,
        ("☑  Show nothing private", "☑  投影时不显示私人内容"),
    );
    assert!(scene.state.open.is_some_and(|open| *open.with == *WITH));
}
