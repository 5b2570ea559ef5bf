//! What one does about groups, and what comes of it.

use super::page;
use crate::input::intent::{Go, GroupIntent};
use crate::input::{Input, Intent, Purpose};
use crate::model::groups::GroupWish;
use crate::model::home::Pane;
use crate::model::{Dialog, GroupPage};
use crate::scene::Scene;
use crate::scene::circle::{CIRCLE, WITH, in_circle, sheet};
use hutong_common::id::{GroupId, RequestId};
use hutong_common::refusal::Refusal;
use hutong_engine::api::command::{ClassroomCommand, GroupCommand, GroupEdit};
use hutong_engine::api::done::RequestRow;
use hutong_engine::api::event::RequestKind;
use hutong_engine::api::group::{GroupFound, RoleName};
use hutong_engine::api::{Command, Done, Failure};

fn wish(scene: &mut Scene, wish: GroupWish) {
    scene.want(Intent::Group(GroupIntent::Do(wish)));
}

fn word(scene: &Scene) -> String {
    let word = scene.state.group_form.word.as_ref();
    word.map(ToString::to_string).unwrap_or_default()
}

#[test]
fn a_group_is_made_with_those_who_were_picked_and_opens() {
    let mut scene = Scene::alice();
    page(&mut scene, GroupPage::New);
    wish(&mut scene, GroupWish::Make);
    assert!(scene.asked().is_empty() && word(&scene).contains("name"));
    scene.state.group_form.text = " 算法课 ".to_owned();
    for login in ["bob", "carol", "carol"] {
        scene.want(Intent::Group(GroupIntent::Pick(login.into())));
    }
    wish(&mut scene, GroupWish::Make);
    let create = GroupCommand::GroupCreate {
        name: "算法课".to_owned(),
        members: vec!["bob".to_owned()],
        class: false,
    };
    assert_eq!(scene.asked(), [&Command::Group(create)]);
    wish(&mut scene, GroupWish::Make);
    assert!(scene.asked().is_empty(), "not twice");
    scene.answer(
        Purpose::Wish(GroupWish::Make),
        Done::Group(sheet(RoleName::Owner)),
    );
    assert_eq!(scene.state.dialog, None);
    assert_eq!(
        scene.state.open.as_ref().map(|open| open.with.to_string()),
        Some(WITH.to_owned())
    );
}

#[test]
fn a_class_that_is_refused_says_why() {
    let mut scene = Scene::alice();
    page(&mut scene, GroupPage::New);
    scene.want(Intent::Group(GroupIntent::Class));
    scene.state.group_form.text = "三班".to_owned();
    wish(&mut scene, GroupWish::Make);
    let refused = Failure::Refused(Refusal::NotAllowed);
    scene.take(Input::Answer(Purpose::Wish(GroupWish::Make), Err(refused)));
    assert!(word(&scene).contains("teachers"), "{}", word(&scene));
    assert_eq!(scene.state.group_form.waits, 0);
}

#[test]
fn a_group_is_found_by_its_number_and_asked() {
    let mut scene = Scene::alice();
    page(&mut scene, GroupPage::Join);
    scene.state.group_form.text = "算法课".to_owned();
    wish(&mut scene, GroupWish::Find);
    assert!(scene.asked().is_empty() && word(&scene).contains("digits"));
    scene.state.group_form.text = "100001".to_owned();
    wish(&mut scene, GroupWish::Find);
    let found = GroupFound {
        group: CIRCLE,
        kind: "group",
        name: "算法课".to_owned(),
        members: 4,
        standing: "none",
        request: None,
    };
    scene.answer(Purpose::Wish(GroupWish::Find), Done::GroupFound(found));
    assert!(scene.state.group_form.found.is_some());
    wish(&mut scene, GroupWish::Apply(CIRCLE));
    let request = RequestId(5);
    scene.answer(
        Purpose::Wish(GroupWish::Apply(CIRCLE)),
        Done::Added { request },
    );
    assert!(word(&scene).contains("算法课"), "{}", word(&scene));
    wish(&mut scene, GroupWish::Find);
    scene.state.group_form.text = "5".to_owned();
    wish(&mut scene, GroupWish::Find);
    let unknown = Failure::Refused(Refusal::NotFound);
    scene.take(Input::Answer(Purpose::Wish(GroupWish::Find), Err(unknown)));
    assert!(word(&scene).contains("no group"), "{}", word(&scene));
}

/// A code without its gap may be eight digits, and was looked for as a number that no group has.
#[test]
fn eight_digits_are_a_code_and_a_number_is_told_from_it() {
    let mut scene = Scene::alice();
    let join = |code: &str| {
        let code = code.to_owned();
        GroupCommand::Classroom(ClassroomCommand::GroupJoin { code })
    };
    let find = |number| GroupCommand::GroupFind {
        group: GroupId(number),
    };
    for (typed, command) in [
        ("48213907", join("48213907")),
        ("4821-3907", join("4821-3907")),
        ("100001", find(100_001)),
        ("g:12345678", find(12_345_678)),
    ] {
        page(&mut scene, GroupPage::Join);
        scene.state.group_form.text = typed.to_owned();
        wish(&mut scene, GroupWish::Find);
        assert_eq!(scene.asked(), [&Command::Group(command)], "{typed}");
    }
}

#[test]
fn several_are_invited_and_one_refusal_keeps_the_dialog() {
    let mut scene = in_circle(RoleName::Owner);
    page(&mut scene, GroupPage::Invite(CIRCLE));
    for login in ["dora", "emil"] {
        scene.want(Intent::Group(GroupIntent::Pick(login.into())));
    }
    let invite = GroupWish::Invite(CIRCLE);
    wish(&mut scene, invite.clone());
    assert_eq!(scene.asked().len(), 2);
    let request = RequestId(5);
    scene.answer(Purpose::Wish(invite.clone()), Done::Added { request });
    let refused = Failure::Refused(Refusal::AlreadyDone);
    scene.take(Input::Answer(Purpose::Wish(invite.clone()), Err(refused)));
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Invite(CIRCLE)))
    );
    assert!(!word(&scene).is_empty());
    wish(&mut scene, invite.clone());
    scene.answer(Purpose::Wish(invite.clone()), Done::Added { request });
    scene.answer(Purpose::Wish(invite), Done::Added { request });
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Card(CIRCLE)))
    );
    assert_eq!(scene.state.toasts.len(), 1);
}

#[test]
fn what_an_admin_does_is_asked_of_the_engine_and_said() {
    let mut scene = in_circle(RoleName::Owner);
    let carol: druid::ArcStr = "carol".into();
    page(&mut scene, GroupPage::Member(CIRCLE, carol.clone()));
    let mute = GroupWish::Mute(CIRCLE, carol, 10);
    wish(&mut scene, mute.clone());
    let edit = GroupEdit::GroupMute {
        group: CIRCLE,
        login: "carol".to_owned(),
        minutes: 10,
    };
    assert_eq!(scene.asked(), [&Command::Group(GroupCommand::Change(edit))]);
    scene.answer(Purpose::Wish(mute), Done::Group(sheet(RoleName::Owner)));
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Card(CIRCLE)))
    );
    page(&mut scene, GroupPage::Rename(CIRCLE));
    assert_eq!(scene.state.group_form.text, "算法课");
    scene.want(Intent::Go(Go::Back));
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Card(CIRCLE)))
    );
    page(&mut scene, GroupPage::Sure(GroupWish::Dissolve(CIRCLE)));
    wish(&mut scene, GroupWish::Dissolve(CIRCLE));
    scene.answer(Purpose::Wish(GroupWish::Dissolve(CIRCLE)), Done::Plain {});
    assert_eq!(scene.state.dialog, None);
}

#[test]
fn invitations_and_applications_stand_among_the_requests() {
    let mut scene = Scene::alice();
    let row = |kind, state| RequestRow {
        request: RequestId(7),
        kind,
        direction: "in",
        from: "dora".to_owned(),
        to: "alice".to_owned(),
        text: String::new(),
        name: "Dora".to_owned(),
        at_ms: 1,
        state,
        group: Some(CIRCLE),
        group_name: Some("算法课".to_owned()),
    };
    let requests = vec![
        row(RequestKind::GroupInvite, "pending"),
        row(RequestKind::GroupApply, "pending"),
        row(RequestKind::GroupApply, "declined"),
    ];
    scene.answer(Purpose::Requests, Done::Requests { requests });
    scene.want(Intent::Go(Go::Pane(Pane::Requests)));
    assert_eq!(
        (scene.state.open_requests(), scene.state.answered.len()),
        (2, 1)
    );
}
