//! Presentation mode: nothing private before others, nothing lost behind it.

use crate::input::intent::{Go, GroupIntent, PeopleIntent, PrefsIntent, TalkIntent};
use crate::input::{Effect, Input, Intent, Purpose};
use crate::model::chat::RowAct;
use crate::model::home::{Pane, Tab};
use crate::model::{Dialog, GroupPage};
use crate::scene::circle::{CIRCLE, WITH, circle, said};
use crate::scene::{Scene, announcement, friend, message};
use hutong_common::id::RequestId;
use hutong_engine::api::event::{Request, RequestKind, WarningCode};
use hutong_engine::api::group::RoleName;
use hutong_engine::api::{Command, Done, Event, Failure};

fn present(scene: &mut Scene, on: bool) {
    scene.want(Intent::Prefs(PrefsIntent::Present(on)));
}

/// A teacher's window that is before a class; bob wrote something private before.
fn presenting() -> Scene {
    let mut scene = circle(RoleName::Admin);
    scene.tell(Event::Message(message(1, "bob", "别告诉别人")));
    present(&mut scene, true);
    scene
}

fn titles(scene: &Scene) -> Vec<String> {
    let rows = scene.state.list.iter();
    rows.map(|row| row.title.to_string()).collect()
}

#[test]
fn what_is_private_goes_out_of_sight_and_comes_back_as_it_was() {
    let mut scene = circle(RoleName::Admin);
    scene.want(Intent::Go(Go::Chat("bob".into())));
    scene.state.words = "half a sentence".to_owned();
    scene.want(Intent::People(PeopleIntent::Show("bob".into())));
    scene.want(Intent::Go(Go::Tab(Tab::Friends)));
    scene.state.search = "carol".to_owned();
    present(&mut scene, true);
    let draft = Command::Draft {
        with: "bob".to_owned(),
        text: Some("half a sentence".to_owned()),
    };
    assert_eq!(scene.asked(), [&draft]);
    let kept = |effect: &Effect| matches!(effect, Effect::Keep(prefs) if prefs.is_presenting);
    assert!(scene.effects.iter().any(kept));
    assert_eq!(titles(&scene), ["算法课 (4)"]);
    let state = &scene.state;
    assert!(state.open.is_none() && state.dialog.is_none() && state.search.is_empty());
    present(&mut scene, false);
    assert_eq!(scene.state.list.len(), 3);
    scene.want(Intent::Go(Go::Chat("bob".into())));
    assert_eq!(scene.state.words, "half a sentence");
}

#[test]
fn a_private_message_comes_and_waits_and_nothing_on_the_screen_says_so() {
    let mut scene = presenting();
    let before = scene.state.clone();
    scene.tell(Event::Message(message(2, "bob", "你在吗？")));
    assert_eq!(scene.notices(), 0);
    assert_eq!((scene.state.unread(), scene.state.calling()), (0, 0));
    assert_eq!(scene.state.list, before.list);
    scene.tell(Event::Message(said(3, "carol", "老师好")));
    assert_eq!(scene.notices(), 0, "not over the slides either");
    assert_eq!(scene.state.calling(), 1, "that of the group counts");
    present(&mut scene, false);
    assert_eq!(scene.state.calling(), 3);
}

#[test]
fn a_request_and_a_changed_key_are_not_shown_before_they_may_be() {
    let mut scene = presenting();
    scene.tell(Event::Request(Request {
        request: RequestId(1),
        kind: RequestKind::Friend,
        from: "dora".to_owned(),
        name: "朵拉".to_owned(),
        text: "hi".to_owned(),
        group: None,
        group_name: None,
    }));
    assert_eq!((scene.notices(), scene.state.open_requests()), (0, 0));
    scene.tell(Event::warning(WarningCode::ClockOff, "clock"));
    scene.tell(Event::Warning {
        code: WarningCode::KeyChanged,
        text: String::new(),
        who: Some("bob".to_owned()),
        since_ms: None,
    });
    let causes = |scene: &Scene| -> Vec<_> {
        let banners = scene.state.shown_banners().into_iter();
        banners.map(|banner| banner.code).collect()
    };
    assert_eq!(causes(&scene), [WarningCode::ClockOff]);
    let login = "bob".to_owned();
    let failure = Failure::NoContact { login };
    scene.take(Input::Answer(Purpose::Relation, Err(failure)));
    assert!(scene.state.toasts.is_empty());
    present(&mut scene, false);
    assert_eq!(causes(&scene).len(), 2);
}

#[test]
fn whatever_is_private_is_asked_about_first_and_then_shown() {
    let private = [
        Intent::Go(Go::Chat("bob".into())),
        Intent::Go(Go::Tab(Tab::Friends)),
        Intent::Go(Go::Pane(Pane::Requests)),
        Intent::Go(Go::Pane(Pane::Files)),
        Intent::Go(Go::Pane(Pane::Devices)),
        Intent::People(PeopleIntent::Show("bob".into())),
        Intent::Talk(TalkIntent::Row(RowAct::Person("bob".into()))),
        Intent::Group(GroupIntent::Page(GroupPage::Invite(CIRCLE))),
    ];
    for intent in private {
        let mut scene = presenting();
        scene.want(intent.clone());
        let asks = matches!(&scene.state.dialog, Some(Dialog::Reveal(asked)) if **asked == intent);
        assert!(asks, "{intent:?}");
        scene.want(Intent::Go(Go::Back));
        let state = &scene.state;
        assert!(
            state.dialog.is_none() && state.open.is_none() && state.pane == Pane::Chat,
            "{intent:?}"
        );
        scene.want(intent.clone());
        scene.want(Intent::Reveal);
        assert!(!scene.state.prefs.is_presenting, "{intent:?}");
        assert!(!matches!(scene.state.dialog, Some(Dialog::Reveal(_))));
    }
    let mut scene = presenting();
    scene.want(Intent::Go(Go::Chat(WITH.into())));
    assert!(scene.state.dialog.is_none() && scene.state.open.is_some());
    scene.want(Intent::Go(Go::Chat("bob".into())));
    scene.want(Intent::Reveal);
    let open = scene.state.open.as_ref().map(|open| open.with.clone());
    assert_eq!(open.as_deref(), Some("bob"));
}

/// What a teacher calls a pupil is nobody's business.
#[test]
fn own_names_for_people_are_put_away_and_not_forgotten() {
    let mut scene = circle(RoleName::Admin);
    let mut bob = friend("bob");
    bob.remark = Some("捣蛋鬼".to_owned());
    let friends = vec![bob, friend("carol")];
    scene.answer(Purpose::Friends, Done::Friends { friends });
    scene.want(Intent::Go(Go::Chat(WITH.into())));
    scene.tell(Event::Message(said(3, "bob", "到")));
    let name = |scene: &Scene| {
        let face = scene.state.open.as_ref()?.face_of(&"bob".into())?;
        Some(face.name.to_string())
    };
    assert_eq!(name(&scene).as_deref(), Some("捣蛋鬼"));
    present(&mut scene, true);
    assert_eq!(name(&scene).as_deref(), Some("bob the friend"));
    let preview = scene.state.list.front().map(|row| row.preview.to_string());
    assert_eq!(preview.as_deref(), Some("bob the friend: 到"));
    scene.answer(Purpose::Chats, Done::Chats { chats: Vec::new() });
    present(&mut scene, false);
    assert_eq!(name(&scene).as_deref(), Some("捣蛋鬼"));
}

#[test]
fn announcements_are_for_everybody_and_stay_above_everything() {
    let mut scene = presenting();
    scene.tell(Event::Announcement(announcement(7, 10_001)));
    assert!(matches!(scene.state.dialog, Some(Dialog::Announcement(_))));
    present(&mut scene, false);
    present(&mut scene, true);
    assert!(matches!(scene.state.dialog, Some(Dialog::Announcement(_))));
}

/// The window was opened again before the same projector.
#[test]
fn a_home_that_is_opened_again_still_shows_nothing_private() {
    let mut scene = Scene::begin();
    scene.state.prefs.is_presenting = true;
    scene.tell(Event::Ready(crate::scene::ready(Some("alice"))));
    let friends = vec![friend("bob")];
    scene.answer(Purpose::Friends, Done::Friends { friends });
    scene.tell(Event::Message(message(1, "bob", "secret")));
    assert!(scene.state.list.is_empty());
    assert_eq!(scene.state.calling(), 0);
}
