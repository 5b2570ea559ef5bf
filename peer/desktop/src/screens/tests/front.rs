//! What is in front of a class, on every screen that shows it.

use super::{SIZES, paint, tour};
use crate::input::intent::{Go, GroupIntent, PeopleIntent, TalkIntent};
use crate::input::{Intent, Purpose};
use crate::model::GroupPage;
use crate::model::front::{Front, FrontPage};
use crate::model::groups::GroupWish;
use crate::model::people::Contact;
use crate::scene::circle::{CIRCLE, attended, hands, in_class};
use crate::scene::{Scene, announcement, lively, message};
use hutong_common::id::MsgId;
use hutong_engine::api::announcement::{AnnouncementDone, ProofPerson, ProofShown};
use hutong_engine::api::classroom::CodeShown;
use hutong_engine::api::done::{HistoryRow, Relation};
use hutong_engine::api::event::{Message, MessageKind};
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
    scene.state.now_ms += 11 * 60 * 60_000;
    tour(
        "dialog-class-card-quiet",
        &scene.state,
        ("It is quiet now", "现在是免打扰时段"),
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
fn a_classmates_card() {
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    let relation = Relation::Classmate;
    let name = "朵拉".into();
    let dora = Contact {
        relation,
        name,
        ..Contact::unknown(&"dora".into())
    };
    scene.state.people.insert("dora".into(), dora);
    scene.want(Intent::People(PeopleIntent::Show("dora".into())));
    tour(
        "dialog-classmate",
        &scene.state,
        ("No notices of this conversation", "消息免打扰"),
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
    let page = GroupPage::Announce(None);
    scene.want(Intent::Group(GroupIntent::Page(page)));
    tour(
        "dialog-announce-home",
        &scene.state,
        ("Everybody on this LAN", "本局域网内的所有人"),
    );
    scene.state.prefs.text_percent = 200;
    paint("dialog-announce-home-200", scene.state.clone(), SIZES[0]);
    scene.state.prefs.text_percent = 100;
    let page = GroupPage::Announce(Some(CIRCLE));
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

#[test]
fn what_was_announced_on_the_lan() {
    let mut scene = in_class(RoleName::Member, ModeName::Free);
    scene.want(Intent::Go(Go::Chat("g:lan".into())));
    let purpose = Purpose::History {
        with: "g:lan".into(),
        older: false,
    };
    let said = Message {
        conversation: "g:lan".to_owned(),
        kind: MessageKind::Announcement,
        ..message(9, "bob", "消防演习：请立即离开教室")
    };
    let row = HistoryRow {
        message: said,
        state: None,
        code: None,
        states: std::collections::BTreeMap::new(),
        edited: false,
        recalled: false,
    };
    let (messages, more) = (vec![row], false);
    scene.answer(purpose, Done::History { messages, more });
    tour(
        "lan",
        &scene.state,
        ("Announcements to everybody", "这里只有公告"),
    );
}

#[test]
fn an_announcement_stands_above_everything_in_large_letters() {
    let mut scene = lively();
    scene.tell(Event::Announcement(announcement(7, 10_001)));
    tour(
        "dialog-announcement",
        &scene.state,
        ("I have read it", "确认已读"),
    );
    let said = paint("dialog-announcement-small", scene.state.clone(), SIZES[0]);
    assert!(said.contains("明天上午停课 7"), "{said}");
}
