//! In front of a class: its rules, raised hands, who is there, and its code.

use super::page;
use crate::input::intent::{Go, GroupIntent};
use crate::input::{Effect, Input, Intent, Purpose};
use crate::model::front::{Front, FrontPage, Rule};
use crate::model::groups::{GroupWish, Silence};
use crate::model::{Dialog, GroupPage};
use crate::reduce::reduce;
use crate::scene::circle::{CIRCLE, WITH, attended, class_sheet, hands, happened, in_class, said};
use crate::scene::{NOW, Scene, message};
use hutong_engine::api::classroom::CodeShown;
use hutong_engine::api::command::{ClassroomCommand, GroupCommand, GroupEdit};
use hutong_engine::api::event::Message;
use hutong_engine::api::group::{GroupDeed, RoleName};
use hutong_engine::api::policy::{ModeName, PrivateChatName};
use hutong_engine::api::{Command, Done, Event, Failure};

fn front(scene: &mut Scene, wish: Front) {
    let wish = GroupWish::Front(CIRCLE, wish);
    scene.want(Intent::Group(GroupIntent::Do(wish)));
}

fn asks(asked: ClassroomCommand) -> Command {
    Command::Group(GroupCommand::Classroom(asked))
}

#[test]
fn an_exam_is_said_where_one_would_write_and_leaders_go_on() {
    let mut scene = in_class(RoleName::Member, ModeName::Exam);
    assert_eq!(scene.state.silence(), Some(Silence::Exam));
    let lesson = class_sheet(RoleName::Member, ModeName::Lesson);
    scene.answer(Purpose::Group, Done::Group(lesson));
    assert_eq!(scene.state.silence(), None);
    let scene = in_class(RoleName::Admin, ModeName::Exam);
    assert_eq!(scene.state.silence(), None);
}

#[test]
fn classmates_read_why_they_may_not_talk_in_private_and_teachers_may() {
    let mut scene = in_class(RoleName::Member, ModeName::Lesson);
    scene.want(Intent::Go(Go::Chat("carol".into())));
    assert_eq!(scene.state.silence(), Some(Silence::Private));
    scene.want(Intent::Go(Go::Chat("bob".into())));
    assert_eq!(scene.state.silence(), None, "bob leads the class");
    scene.want(Intent::Go(Go::Chat("carol".into())));
    for (mode, private_chat, silence) in [
        (ModeName::Free, PrivateChatName::On, None),
        (ModeName::Exam, PrivateChatName::On, Some(Silence::Private)),
        (ModeName::Free, PrivateChatName::Off, Some(Silence::Private)),
    ] {
        let mut sheet = class_sheet(RoleName::Member, mode);
        if let Some(policy) = &mut sheet.policy {
            policy.private_chat = private_chat;
        }
        scene.answer(Purpose::Group, Done::Group(sheet));
        assert_eq!(scene.state.silence(), silence, "{mode:?} {private_chat:?}");
    }
}

#[test]
fn whoever_is_in_a_class_is_told_when_an_exam_begins_and_not_of_ones_own_deed() {
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    let changed = |by: &str| {
        let told = happened(GroupDeed::Policy, None);
        let Event::Group(mut told) = told else {
            panic!("{told:?}");
        };
        told.policy = class_sheet(RoleName::Member, ModeName::Exam).policy;
        told.changes[0].by = Some(by.to_owned());
        Event::Group(told)
    };
    scene.tell(changed("alice"));
    assert_eq!(scene.notices(), 0, "one's own deed");
    scene.tell(changed("bob"));
    assert_eq!(scene.notices(), 1);
    let is_said = scene.effects.iter().any(
        |effect| matches!(effect, Effect::Notify(notice) if notice.body.contains("exam is on")),
    );
    assert!(is_said, "{:?}", scene.effects);
    let sheet = class_sheet(RoleName::Member, ModeName::Exam);
    scene.answer(Purpose::Group, Done::Group(sheet));
    scene.tell(changed("bob"));
    assert_eq!(scene.notices(), 0, "it was told already");
}

#[test]
fn rules_are_chosen_from_those_in_force_and_sent_together() {
    let mut scene = in_class(RoleName::Admin, ModeName::Free);
    page(&mut scene, GroupPage::Front(CIRCLE, FrontPage::Rules));
    for rule in [
        Rule::Mode(ModeName::Exam),
        Rule::Chat(PrivateChatName::Admins),
        Rule::Files(false),
    ] {
        scene.want(Intent::Group(GroupIntent::Rule(rule)));
    }
    scene.state.group_form.text = " 22:00-06:30 ".to_owned();
    front(&mut scene, Front::Rules);
    let asked = scene.asked();
    let [Command::Group(GroupCommand::Change(GroupEdit::GroupPolicy(edit)))] = asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(
        (
            edit.mode,
            edit.private_chat,
            edit.send_files,
            edit.create_groups
        ),
        (
            Some(ModeName::Exam),
            Some(PrivateChatName::Admins),
            Some(false),
            Some(true)
        )
    );
    assert_eq!(edit.quiet.as_deref(), Some("22:00-06:30"));
    assert_eq!(edit.recall_ms, None, "it stays");
    let wish = Purpose::Wish(GroupWish::Front(CIRCLE, Front::Rules));
    let refused = Failure::Malformed {
        detail: "quiet is 22:00-06:30 or off".to_owned(),
    };
    scene.take(Input::Answer(wish.clone(), Err(refused)));
    assert!(scene.state.group_form.word.is_some());
    front(&mut scene, Front::Rules);
    let changed = class_sheet(RoleName::Admin, ModeName::Exam);
    scene.answer(wish, Done::Group(changed));
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Card(CIRCLE)))
    );
    assert_eq!(scene.state.groups[WITH].mode(), ModeName::Exam);
}

#[test]
fn hands_go_up_and_down_and_are_asked_for_when_a_class_opens() {
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    front(&mut scene, Front::Hand(true));
    let hand = |up| ClassroomCommand::Hand {
        group: CIRCLE,
        up,
        login: None,
        all: false,
    };
    assert_eq!(scene.asked(), [&asks(hand(true))]);
    let wish = Purpose::Wish(GroupWish::Front(CIRCLE, Front::Hand(true)));
    scene.answer(wish, Done::Plain {});
    let ask = asks(ClassroomCommand::Hands { group: CIRCLE });
    assert_eq!(scene.asked(), [&ask], "members are told of no hands");
    scene.answer(Purpose::Hands, Done::Hands(hands(&["alice"])));
    assert!(scene.state.groups[WITH].has_hand("alice"));
    scene.want(Intent::Go(Go::Chat("bob".into())));
    assert!(!scene.asked().contains(&&ask));
    scene.want(Intent::Go(Go::Chat(WITH.into())));
    assert!(scene.asked().contains(&&ask));
    scene.tell(Event::Hands(hands(&["carol", "bob"])));
    let raised = &scene.state.groups[WITH].hands;
    let order: Vec<&str> = raised.iter().map(|hand| hand.login.as_str()).collect();
    assert_eq!(order, ["carol", "bob"]);
    front(&mut scene, Front::Lower("carol".into()));
    let lower = ClassroomCommand::Hand {
        group: CIRCLE,
        up: false,
        login: Some("carol".to_owned()),
        all: false,
    };
    assert_eq!(scene.asked(), [&asks(lower)]);
}

#[test]
fn who_is_there_is_asked_for_and_kept_as_a_table_that_runs_nothing() {
    let mut scene = in_class(RoleName::Admin, ModeName::Free);
    scene.want(Intent::Group(GroupIntent::SaveAttendance));
    assert!(scene.effects.is_empty(), "there is nothing to keep yet");
    page(&mut scene, GroupPage::Front(CIRCLE, FrontPage::Attendance));
    let ask = asks(ClassroomCommand::Attendance { group: CIRCLE });
    assert_eq!(scene.asked(), [&ask]);
    let wish = Purpose::Wish(GroupWish::Front(CIRCLE, Front::Attendance));
    let mut list = attended();
    list.members[1].name = "=HYPERLINK(\"x\")".to_owned();
    list.name = "三班/../x".to_owned();
    scene.answer(wish, Done::Attendance(list));
    scene.want(Intent::Group(GroupIntent::SaveAttendance));
    let [Effect::Save(name, table)] = &scene.effects[..] else {
        panic!("{:?}", scene.effects);
    };
    assert_eq!(name, "三班x-2026-11-25-1200");
    assert!(
        table.contains("alice") && table.contains("'=HYPERLINK"),
        "{table}"
    );
    scene.take(Input::Saved(Ok("downloads/a.csv".into())));
    assert!(
        scene
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Reveal(_)))
    );
    scene.take(Input::Saved(Err("no room".to_owned())));
    assert_eq!(scene.state.toasts.len(), 2);
}

#[test]
fn a_code_is_made_shown_and_brings_in_whoever_types_it() {
    let mut scene = in_class(RoleName::Admin, ModeName::Free);
    page(&mut scene, GroupPage::Front(CIRCLE, FrontPage::Code));
    let code = |new, off| {
        asks(ClassroomCommand::GroupCode {
            group: CIRCLE,
            new,
            off,
        })
    };
    assert_eq!(scene.asked(), [&code(false, false)]);
    front(&mut scene, Front::NewCode);
    assert_eq!(scene.asked(), [&code(true, false)]);
    let shown = CodeShown {
        group: CIRCLE,
        name: "三班".to_owned(),
        code: Some("7K3Q-9WPA".to_owned()),
    };
    let wish = Purpose::Wish(GroupWish::Front(CIRCLE, Front::NewCode));
    scene.answer(wish, Done::GroupCode(shown));
    let held = scene.state.group_form.code.as_ref();
    assert_eq!(
        held.and_then(|shown| shown.code.as_deref()),
        Some("7K3Q-9WPA")
    );

    let mut scene = Scene::alice();
    page(&mut scene, GroupPage::Join);
    scene.state.group_form.text = "7k3q 9wpa".to_owned();
    scene.want(Intent::Group(GroupIntent::Do(GroupWish::Find)));
    let join = ClassroomCommand::GroupJoin {
        code: "7k3q 9wpa".to_owned(),
    };
    assert_eq!(scene.asked(), [&asks(join)]);
    let joined = class_sheet(RoleName::Member, ModeName::Free);
    scene.answer(Purpose::Wish(GroupWish::Find), Done::Group(joined));
    let open = scene.state.open.as_ref();
    assert_eq!(
        open.map(|open| open.with.to_string()),
        Some(WITH.to_owned())
    );
    assert_eq!(scene.state.dialog, None);
}

/// The class of all stories is quiet from 22:00 to 06:30.
#[test]
fn in_quiet_hours_what_comes_waits_without_a_notice() {
    const NIGHT: u64 = NOW + 11 * 60 * 60_000;
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    scene.want(Intent::Go(Go::Focus(false)));
    let mut told = |message: Message, now_ms| {
        scene.effects = reduce(
            &mut scene.state,
            Input::Told(Event::Message(message)),
            now_ms,
        );
        (scene.notices(), scene.state.calling())
    };
    let private = |number, from: &str| Message {
        conversation: from.to_owned(),
        ..message(number, from, "睡了吗？")
    };
    assert_eq!(told(said(11, "carol", "明天见"), NOW), (1, 1));
    assert_eq!(told(private(12, "carol"), NOW), (1, 2));
    let named = Message {
        mentions_me: true,
        ..said(13, "bob", "@爱丽丝 作业呢？")
    };
    assert_eq!(told(named, NIGHT), (0, 3));
    assert_eq!(told(private(14, "carol"), NIGHT), (0, 4));
    assert_eq!(
        told(private(15, "dora"), NIGHT),
        (1, 5),
        "she is not in the class"
    );
    let class = scene.state.groups.get(&druid::ArcStr::from(WITH));
    assert!(class.is_some_and(|class| scene.state.is_quiet_in(class)));
}
