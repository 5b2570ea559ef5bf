//! Alice's window with a group in it.

use super::{NOW, Scene, chat, message};
use crate::input::intent::Go;
use crate::input::{Intent, Purpose};
use hutong_common::id::{AccountId, GroupId};
use hutong_engine::api::classroom::{AttendanceShown, AttendeeShown, HandShown, HandsShown};
use hutong_engine::api::done::{Chat, HistoryRow, Relation};
use hutong_engine::api::event::{DeliveryState, Message};
use hutong_engine::api::group::{
    FloorName, GroupChange, GroupDeed, GroupEvent, GroupMember, GroupRow, GroupShown, RoleName,
};
use hutong_engine::api::policy::{ModeName, PolicyShown, PrivateChatName};
use hutong_engine::api::{Done, Event};

/// The group of all stories.
pub(crate) const CIRCLE: GroupId = GroupId(100_001);
/// How it is addressed.
pub(crate) const WITH: &str = "g:100001";

/// A member of that name.
pub(crate) fn member(login: &str, name: &str, role: RoleName) -> GroupMember {
    GroupMember {
        login: login.to_owned(),
        account: AccountId(10_001),
        name: name.to_owned(),
        remark: None,
        role,
        server_role: "member",
        online: login == "bob",
        joined_ms: 0,
        muted_until_ms: None,
    }
}

/// Alice with that role among others, one of whom nothing but a number is known.
pub(crate) fn sheet(role: RoleName) -> GroupShown {
    GroupShown {
        group: CIRCLE,
        kind: "group",
        name: "算法课".to_owned(),
        notice: "周五交作业".to_owned(),
        floor: FloorName::Free,
        role,
        epoch: 3,
        policy: None,
        members: vec![
            member("alice", "爱丽丝", role),
            member("bob", "王小明", RoleName::Admin),
            member("carol", "林晓雨", RoleName::Member),
            member("10042", "10042", RoleName::Member),
        ],
    }
}

/// Something that happened to the group.
pub(crate) fn happened(what: GroupDeed, who: Option<&str>) -> Event {
    Event::Group(GroupEvent {
        group: CIRCLE,
        epoch: 4,
        kind: "group",
        name: "算法课".to_owned(),
        policy: None,
        members: Vec::new(),
        changes: vec![GroupChange {
            what,
            who: who.map(str::to_owned),
            by: Some("bob".to_owned()),
        }],
    })
}

/// A text in the group.
pub(crate) fn said(number: u8, from: &str, text: &str) -> Message {
    Message {
        conversation: WITH.to_owned(),
        group: Some(CIRCLE),
        ..message(number, from, text)
    }
}

/// Alice's window with the group in its list.
pub(crate) fn circle(role: RoleName) -> Scene {
    let mut scene = Scene::alice();
    let of_group = Chat {
        account: None,
        group: Some(CIRCLE),
        name: "算法课".to_owned(),
        relation: Relation::Member,
        ..chat(WITH)
    };
    let chats = vec![chat("bob"), chat("carol"), of_group];
    scene.answer(Purpose::Chats, Done::Chats { chats });
    let groups = vec![GroupRow {
        group: CIRCLE,
        kind: "group",
        name: "算法课".to_owned(),
        members: 4,
        role,
        epoch: 3,
        policy: None,
    }];
    scene.answer(Purpose::Groups, Done::Groups { groups });
    scene.answer(Purpose::Group, Done::Group(sheet(role)));
    scene
}

/// The same with the group open and something said in it.
pub(crate) fn in_circle(role: RoleName) -> Scene {
    let mut scene = circle(role);
    scene.want(Intent::Go(Go::Chat(WITH.into())));
    let states = [
        ("bob", DeliveryState::Shown),
        ("carol", DeliveryState::Delivered),
        ("10042", DeliveryState::LeftAtServer),
    ];
    let row = |number, from: &str, text: &str| HistoryRow {
        message: said(number, from, text),
        state: (from == "alice").then_some(DeliveryState::LeftAtServer),
        code: None,
        states: states
            .iter()
            .filter(|_| from == "alice")
            .map(|(login, state)| ((*login).to_owned(), *state))
            .collect(),
        edited: false,
        recalled: false,
    };
    let mut named = row(3, "10042", "@爱丽丝 你好");
    named.message.mentions_me = true;
    let messages = vec![
        row(1, "bob", "大家好"),
        row(2, "alice", "第三题怎么做？"),
        named,
        row(4, "carol", "用动态规划 👍"),
        row(5, "carol", "See https://example.org/dp"),
    ];
    let purpose = Purpose::History {
        with: WITH.into(),
        older: false,
    };
    scene.answer(
        purpose,
        Done::History {
            messages,
            more: false,
        },
    );
    scene
}

/// The group as a class that is doing this.
pub(crate) fn class_sheet(role: RoleName, mode: ModeName) -> GroupShown {
    let mut shown = sheet(role);
    shown.kind = "class";
    shown.policy = Some(PolicyShown {
        mode,
        private_chat: PrivateChatName::Admins,
        create_groups: true,
        send_files: true,
        file_bytes_max: 100 << 20,
        recall_ms: 120_000,
        quiet: Some("22:00-06:30".to_owned()),
    });
    shown
}

/// The group open as such a class.
pub(crate) fn in_class(role: RoleName, mode: ModeName) -> Scene {
    let mut scene = in_circle(role);
    scene.answer(Purpose::Group, Done::Group(class_sheet(role, mode)));
    scene
}

/// These hands are raised, in this order.
pub(crate) fn hands(logins: &[&str]) -> HandsShown {
    let hand = |(login, minute): (&&str, u64)| HandShown {
        login: (*login).to_owned(),
        name: format!("{login} the pupil"),
        at_ms: NOW + minute * 60_000,
    };
    HandsShown {
        group: CIRCLE,
        name: "算法课".to_owned(),
        hands: logins.iter().zip(0..).map(hand).collect(),
    }
}

/// Who of the class is there: all but carol.
pub(crate) fn attended() -> AttendanceShown {
    let members = sheet(RoleName::Admin).members.into_iter();
    let members = members.map(|member| {
        let present = member.login != "carol";
        AttendeeShown {
            account: member.account,
            name: member.name,
            remark: None,
            role: member.role,
            present,
            since_ms: present.then_some(NOW),
            seat: present.then(|| format!("B-{}", member.login)),
            seat_kind: present.then_some("seat"),
            login: member.login,
        }
    });
    AttendanceShown {
        group: CIRCLE,
        name: "算法课".to_owned(),
        at_ms: NOW,
        present: 3,
        missing: 1,
        members: members.collect(),
    }
}
