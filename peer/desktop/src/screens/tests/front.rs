//! What is in front of a class, on every screen that shows it.

use super::{SIZES, paint, tour};
use crate::input::intent::{Go, GroupIntent, TalkIntent};
use crate::input::{Intent, Purpose};
use crate::model::GroupPage;
use crate::model::front::{Front, FrontPage};
use crate::model::groups::GroupWish;
use crate::scene::Scene;
use crate::scene::circle::{CIRCLE, attended, hands, in_class};
use hutong_common::id::MsgId;
use hutong_engine::api::announcement::{AnnouncementDone, ProofPerson, ProofShown};
use hutong_engine::api::classroom::CodeShown;
use hutong_engine::api::group::RoleName;
use hutong_engine::api::policy::ModeName;
use hutong_engine::api::{Done, Event};

fn page(scene: &mut Scene, page: FrontPage) {
    let page = GroupPage::Front(CIRCLE, page);
    scene.want(Intent::Group(GroupIntent::Page(page)));
}

fn answer(scene: &mut Scene, wish: Front, done: Done) {
    scene.answer(Purpose::Wish(GroupWish::Front(CIRCLE, wish)), done);
}

#[test]
fn a_class_during_an_exam() {
    let mut scene = in_class(RoleName::Member, ModeName::Exam);
    tour(
        "class-exam",
        &scene.state,
        (
            "An exam is on: only admins may write here",
            "考试中：只有管理员可以发言",
        ),
    );
    scene.want(Intent::Group(GroupIntent::Page(GroupPage::Card(CIRCLE))));
    tour(
        "dialog-class-card",
        &scene.state,
        ("Quiet hours: 22:00-06:30", "免打扰时段：22:00-06:30"),
    );
}

#[test]
fn a_private_conversation_during_a_lesson() {
    let mut scene = in_class(RoleName::Member, ModeName::Lesson);
    scene.want(Intent::Go(Go::Chat("carol".into())));
    tour(
        "class-private",
        &scene.state,
        (
            "do not let the two of you talk in private",
            "你们现在不能私聊",
        ),
    );
}

#[test]
fn hands_in_a_class() {
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    tour("class-hand", &scene.state, ("Raise my hand", "举手"));
    scene.tell(Event::Hands(hands(&["alice"])));
    scene.want(Intent::Talk(TalkIntent::Typed));
    tour("class-hand-up", &scene.state, ("Take my hand down", "放下"));
    let mut scene = in_class(RoleName::Admin, ModeName::Lesson);
    scene.tell(Event::Hands(hands(&["carol", "bob"])));
    tour("class-hands", &scene.state, ("Hands: 2", "举手 2"));
    page(&mut scene, FrontPage::Hands);
    tour("dialog-hands", &scene.state, ("1. ", "全部放下"));
    answer(&mut scene, Front::Hands, Done::Hands(hands(&[])));
    tour(
        "dialog-hands-none",
        &scene.state,
        ("No hand is raised", "没有人举手"),
    );
}

#[test]
fn what_a_teacher_asks_in_front_of_a_class() {
    let mut scene = in_class(RoleName::Admin, ModeName::Lesson);
    scene.want(Intent::Group(GroupIntent::Page(GroupPage::Card(CIRCLE))));
    tour(
        "dialog-class-card-admin",
        &scene.state,
        ("Attendance", "出勤"),
    );
    page(&mut scene, FrontPage::Rules);
    tour(
        "dialog-rules",
        &scene.state,
        ("A lesson is on", "上课中：成员之间不能私聊"),
    );
    page(&mut scene, FrontPage::Attendance);
    answer(&mut scene, Front::Attendance, Done::Attendance(attended()));
    tour(
        "dialog-attendance",
        &scene.state,
        ("3 there, 1 missing", "到 3 人，缺 1 人"),
    );
    page(&mut scene, FrontPage::Code);
    tour("dialog-code-none", &scene.state, ("no code", "没有加入码"));
    let shown = CodeShown {
        group: CIRCLE,
        name: "三班".to_owned(),
        code: Some("7K3Q-9WPA".to_owned()),
    };
    answer(&mut scene, Front::Code, Done::GroupCode(shown));
    tour("dialog-code", &scene.state, ("7K3Q-9WPA", "7K3Q-9WPA"));
    for page_of in [FrontPage::Rules, FrontPage::Code] {
        page(&mut scene, page_of);
        scene.state.prefs.text_percent = 200;
        paint(
            &format!("dialog-front-200-{page_of:?}"),
            scene.state.clone(),
            SIZES[0],
        );
    }
}

#[test]
fn what_a_teacher_announces_and_who_knows_it() {
    let mut scene = in_class(RoleName::Admin, ModeName::Free);
    let mut me = crate::scene::whoami();
    me.role = "teacher";
    scene.answer(Purpose::Me, Done::Whoami(me));
    let card = GroupPage::Card(CIRCLE);
    scene.want(Intent::Group(GroupIntent::Page(card)));
    tour("dialog-teacher-card", &scene.state, ("Announce", "发公告"));
    let page = GroupPage::Announce(CIRCLE);
    scene.want(Intent::Group(GroupIntent::Page(page)));
    scene.want(Intent::Group(GroupIntent::Confirm));
    tour(
        "dialog-announce",
        &scene.state,
        ("☑  Ask everybody to confirm it", "☑  要求所有人确认"),
    );
    let message = MsgId([9; 16]);
    let wish = GroupWish::Announce(CIRCLE);
    let waits = None;
    scene.answer(Purpose::Wish(wish), Done::Sent { message, waits });
    let person = |login: &str| ProofPerson {
        login: login.to_owned(),
        name: login.to_owned(),
        remark: None,
        code: None,
    };
    let proof = ProofShown {
        text: "明天上午停课".to_owned(),
        confirm: true,
        total: 3,
        confirmed: vec![person("bob")],
        delivered: vec![person("carol")],
        offline: vec![person("dave")],
        ..ProofShown::default()
    };
    let proof = Done::Announcement(AnnouncementDone::Proof(Box::new(proof)));
    scene.answer(Purpose::Announcements, proof);
    tour("dialog-proof", &scene.state, ("1 of 3", "不在线（1）"));
}
