//! Groups on every screen that shows them.

use super::{SIZES, paint, tour};
use crate::input::intent::{Go, GroupIntent, PrefsIntent, TalkIntent};
use crate::input::{Intent, Purpose};
use crate::model::GroupPage;
use crate::model::groups::GroupWish;
use crate::model::home::{Pane, Tab};
use crate::scene::Scene;
use crate::scene::circle::{CIRCLE, WITH, circle, happened, in_circle, member, said, sheet};
use hutong_common::id::{MsgId, RequestId};
use hutong_engine::api::done::RequestRow;
use hutong_engine::api::event::RequestKind;
use hutong_engine::api::group::{FloorName, GroupDeed, GroupFound, RoleName};
use hutong_engine::api::{Done, Event};

fn page(scene: &mut Scene, page: GroupPage) {
    scene.want(Intent::Group(GroupIntent::Page(page)));
}

#[test]
fn a_group_is_read_and_written_in() {
    let mut scene = in_circle(RoleName::Admin);
    scene.tell(happened(GroupDeed::Muted, Some("carol")));
    let mut naming = said(6, "carol", "@爱丽丝 好");
    naming.mentions_me = true;
    scene.tell(Event::Message(naming));
    tour(
        "group",
        &scene.state,
        ("4 members, 2 online", "共 4 人，2 人在线"),
    );
    scene.state.words = "好的 @".to_owned();
    scene.want(Intent::Talk(TalkIntent::Typed));
    tour("group-offer", &scene.state, ("everybody", "Esc 关闭"));
    let mut shown = sheet(RoleName::Member);
    shown.floor = FloorName::Admins;
    scene.answer(Purpose::Group, Done::Group(shown));
    tour(
        "group-silent",
        &scene.state,
        ("Only admins may speak", "目前只有管理员可以发言"),
    );
    scene.want(Intent::Talk(TalkIntent::Row(
        crate::model::chat::RowAct::Heard(MsgId([2; 16])),
    )));
    tour("dialog-heard", &scene.state, ("Read (1)", "已读（1）"));
}

#[test]
fn the_list_of_groups_and_what_is_asked_about_them() {
    let mut scene = circle(RoleName::Member);
    let mut naming = said(6, "carol", "@爱丽丝 好");
    naming.mentions_me = true;
    scene.tell(Event::Message(naming));
    tour("group-list", &scene.state, ("[@you]", "[@我]"));
    scene.want(Intent::Go(Go::Tab(Tab::Groups)));
    tour("groups", &scene.state, ("4 members", "4 人"));
    let row = |kind, direction| RequestRow {
        request: RequestId(7),
        kind,
        direction,
        from: "dora".to_owned(),
        to: "alice".to_owned(),
        text: "我是新来的".to_owned(),
        name: "朵拉".to_owned(),
        at_ms: crate::scene::NOW,
        state: "pending",
        group: Some(CIRCLE),
        group_name: Some("算法课".to_owned()),
    };
    let requests = vec![
        row(RequestKind::GroupInvite, "in"),
        row(RequestKind::GroupApply, "in"),
        row(RequestKind::GroupApply, "out"),
    ];
    scene.answer(Purpose::Requests, Done::Requests { requests });
    scene.want(Intent::Go(Go::Pane(Pane::Requests)));
    tour(
        "requests-groups",
        &scene.state,
        ("invites you into 算法课", "邀请您加入 算法课"),
    );
}

#[test]
fn the_dialogs_about_groups() {
    let mut scene = in_circle(RoleName::Owner);
    page(&mut scene, GroupPage::New);
    tour(
        "dialog-group-new",
        &scene.state,
        ("Who shall come in?", "邀请谁加入"),
    );
    page(&mut scene, GroupPage::Join);
    let found = GroupFound {
        group: CIRCLE,
        kind: "group",
        name: "算法课".to_owned(),
        members: 4,
        standing: "none",
        request: None,
    };
    scene.answer(Purpose::Wish(GroupWish::Find), Done::GroupFound(found));
    tour(
        "dialog-group-join",
        &scene.state,
        ("Ask to come in", "申请加入"),
    );
    page(&mut scene, GroupPage::Card(CIRCLE));
    tour(
        "dialog-group",
        &scene.state,
        ("Number 100001", "群号 100001"),
    );
    page(&mut scene, GroupPage::Member(CIRCLE, "carol".into()));
    tour(
        "dialog-group-member",
        &scene.state,
        ("Mute for an hour", "禁言 1 小时"),
    );
    page(&mut scene, GroupPage::Notice(CIRCLE));
    tour(
        "dialog-group-notice",
        &scene.state,
        ("everybody in the group", "发布群公告"),
    );
    page(&mut scene, GroupPage::Rename(CIRCLE));
    tour(
        "dialog-group-rename",
        &scene.state,
        ("Another name", "修改群名称"),
    );
    page(&mut scene, GroupPage::Invite(CIRCLE));
    tour(
        "dialog-group-invite",
        &scene.state,
        ("Invite into 算法课", "邀请加入 算法课"),
    );
    page(&mut scene, GroupPage::Sure(GroupWish::Dissolve(CIRCLE)));
    tour(
        "dialog-group-sure",
        &scene.state,
        ("Dissolve 算法课?", "解散 算法课"),
    );
}

#[test]
fn a_muted_group_in_the_list_and_on_its_card() {
    let mut scene = circle(RoleName::Member);
    scene.want(Intent::Prefs(PrefsIntent::Mute(WITH.into(), true)));
    scene.tell(Event::Message(said(6, "carol", "大家好")));
    tour("group-list-muted", &scene.state, ("大家好", "大家好"));
    page(&mut scene, GroupPage::Card(CIRCLE));
    tour(
        "dialog-group-muted",
        &scene.state,
        ("☑  No notices", "☑  消息免打扰"),
    );
}

#[test]
fn hostile_names_in_a_group_break_nothing_in_any_size() {
    let mut scene = in_circle(RoleName::Owner);
    let mut shown = sheet(RoleName::Owner);
    shown.name = "长".repeat(300);
    for (number, name) in ["a".repeat(300), "\u{202e}gnp.exe".to_owned(), String::new()]
        .iter()
        .enumerate()
    {
        let login = format!("user{number}");
        shown.members.push(member(&login, name, RoleName::Member));
        scene.tell(Event::Message(said(20 + number as u8, &login, "hi")));
    }
    scene.answer(Purpose::Group, Done::Group(shown));
    for percent in [80, 200] {
        for size in SIZES {
            scene.state.prefs.text_percent = percent;
            scene.state.dialog = None;
            let said = paint(
                &format!("group-names-{percent}-{}", size.width),
                scene.state.clone(),
                size,
            );
            assert!(!said.contains('\u{202e}'), "{said}");
            page(&mut scene, GroupPage::Card(CIRCLE));
            paint(
                &format!("dialog-group-names-{percent}-{}", size.width),
                scene.state.clone(),
                size,
            );
        }
    }
    assert!(
        scene
            .state
            .open
            .as_ref()
            .is_some_and(|open| *open.with == *WITH)
    );
}
