//! What is seen on a projector, and what is not.

use super::{SIZES, paint, tour};
use crate::input::intent::{Go, GroupIntent, PrefsIntent};
use crate::input::{Intent, Purpose};
use crate::model::GroupPage;
use crate::model::front::{Front, FrontPage};
use crate::model::groups::GroupWish;
use crate::model::home::Pane;
use crate::scene::circle::{CIRCLE, WITH, attended, in_class};
use crate::scene::{Scene, message};
use hutong_engine::api::group::RoleName;
use hutong_engine::api::policy::ModeName;
use hutong_engine::api::{Done, Event};

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

/// The list of who is there named pupils as only their teacher does.
#[test]
fn the_list_of_who_is_there_names_people_as_everybody_does() {
    let mut scene = in_class(RoleName::Admin, ModeName::Lesson);
    let page = GroupPage::Front(CIRCLE, FrontPage::Attendance);
    scene.want(Intent::Group(GroupIntent::Page(page)));
    let mut there = attended();
    for member in &mut there.members {
        member.remark = Some("捣蛋鬼".to_owned());
    }
    let wish = GroupWish::Front(CIRCLE, Front::Attendance);
    scene.answer(Purpose::Wish(wish), Done::Attendance(there));
    let named = |scene: &Scene| paint("presenting-attendance", scene.state.clone(), SIZES[0]);
    assert!(named(&scene).contains("捣蛋鬼"));
    scene.want(Intent::Prefs(PrefsIntent::Present(true)));
    let said = named(&scene);
    assert!(
        !said.contains("捣蛋鬼") && said.contains("林晓雨"),
        "{said}"
    );
}
