//! Announcements come one after the other, wait for whatever else is asked, and are confirmed once.

use crate::input::intent::{Go, GroupIntent, OwnIntent, PrefsIntent, TalkIntent};
use crate::input::{Effect, Intent, Purpose};
use crate::model::chat::RowAct;
use crate::model::groups::{GroupWish, Silence};
use crate::model::{Dialog, GroupPage, Search};
use crate::scene::circle::{CIRCLE, circle, class_sheet};
use crate::scene::{Scene, announcement, message, whoami};
use hutong_common::id::{GroupId, MsgId};
use hutong_common::message::LAN;
use hutong_common::text::Lang;
use hutong_engine::api::announcement::{
    Announce, AnnounceCommand, AnnouncementDone, AnnouncementRow, Confirmed,
};
use hutong_engine::api::done::Whoami;
use hutong_engine::api::event::{Message, MessageKind, ServerState};
use hutong_engine::api::group::RoleName;
use hutong_engine::api::policy::ModeName;
use hutong_engine::api::{Command, Done, Event};

fn shown(scene: &Scene) -> Option<MsgId> {
    match &scene.state.dialog {
        Some(Dialog::Announcement(shown)) => Some(shown.id),
        Some(_) | None => None,
    }
}

#[test]
fn announcements_wait_for_each_other_and_for_what_is_asked() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Dialog(Dialog::AddFriend(Search::default()))));
    for number in [1, 2, 2] {
        scene.tell(Event::Announcement(announcement(number, 10_001)));
    }
    assert_eq!(shown(&scene), None, "somebody is typing");
    scene.want(Intent::Go(Go::Back));
    assert_eq!(shown(&scene), Some(MsgId([1; 16])));
    scene.want(Intent::Own(OwnIntent::Confirm(MsgId([1; 16]))));
    let confirm = Command::Announce(AnnounceCommand::Confirm {
        message: MsgId([1; 16]),
    });
    let asked = Effect::Ask(Purpose::Quietly, confirm);
    assert!(scene.effects.contains(&asked));
    assert_eq!(shown(&scene), Some(MsgId([2; 16])));
    scene.want(Intent::Go(Go::Back));
    assert_eq!(shown(&scene), None, "told twice, shown once");
}

#[test]
fn ones_own_announcement_is_not_held_before_ones_eyes() {
    let mut scene = Scene::alice();
    scene.tell(Event::Announcement(announcement(1, 10_000)));
    assert_eq!(shown(&scene), None);
}

/// The window was closed when it came.
#[test]
fn what_was_not_confirmed_is_shown_at_the_next_start_unless_it_was_done_elsewhere() {
    let mut scene = Scene::alice();
    let row = |number, confirmed| {
        let mut announcement = announcement(number, 10_001);
        announcement.how.confirmed = confirmed;
        AnnouncementRow {
            announcement,
            own: false,
        }
    };
    let announcements = vec![row(1, true), row(2, false), row(3, false)];
    let listed = Done::Announcement(AnnouncementDone::Listed { announcements });
    scene.answer(Purpose::Announcements, listed);
    assert_eq!(shown(&scene), Some(MsgId([2; 16])));
    let who = "alice".to_owned();
    scene.tell(Event::Confirmed(Confirmed {
        message: MsgId([2; 16]),
        who,
        conversation: "g:100001".to_owned(),
    }));
    assert_eq!(shown(&scene), Some(MsgId([3; 16])));
}

#[test]
fn what_a_teacher_announces_leads_to_its_proof_which_follows_what_happens() {
    let mut scene = Scene::alice();
    let (group, message) = (GroupId(100_001), MsgId([9; 16]));
    let page = GroupPage::Announce(Some(group));
    scene.want(Intent::Group(GroupIntent::Page(page)));
    let wish = GroupWish::Announce(group);
    scene.want(Intent::Group(GroupIntent::Do(wish.clone())));
    assert!(scene.asked().is_empty(), "there is nothing to announce");
    assert!(scene.state.group_form.word.is_some());
    scene.state.group_form.text = "明天停课".to_owned();
    scene.want(Intent::Group(GroupIntent::Confirm));
    scene.want(Intent::Group(GroupIntent::Do(wish.clone())));
    let announce = Command::Announce(AnnounceCommand::Announce(Announce {
        text: "明天停课".to_owned(),
        to: Some("g:100001".to_owned()),
        lan: false,
        large: false,
        confirm: true,
    }));
    assert_eq!(scene.asked(), [&announce]);
    let waits = None;
    scene.answer(Purpose::Wish(wish), Done::Sent { message, waits });
    let proof = Command::Announce(AnnounceCommand::Proof { message });
    assert_eq!(scene.asked(), [&proof]);
    let page = Dialog::Group(GroupPage::Proof(group, message));
    assert_eq!(scene.state.dialog, Some(page));
    let of = |message| {
        Event::Confirmed(Confirmed {
            message,
            who: "bob".to_owned(),
            conversation: "g:100001".to_owned(),
        })
    };
    scene.tell(of(MsgId([8; 16])));
    assert!(scene.asked().is_empty(), "another one");
    scene.tell(of(message));
    assert_eq!(scene.asked(), [&proof]);
}

/// A teacher's window with a class of everybody in it.
fn teacher() -> Scene {
    let mut scene = circle(RoleName::Admin);
    let role = "teacher";
    scene.answer(Purpose::Me, Done::Whoami(Whoami { role, ..whoami() }));
    let mut sheet = class_sheet(RoleName::Admin, ModeName::Free);
    sheet
        .members
        .retain(|member| member.role != RoleName::Owner);
    scene.answer(Purpose::Group, Done::Group(sheet));
    scene
}

fn page(scene: &mut Scene, group: Option<GroupId>) {
    let page = GroupPage::Announce(group);
    scene.want(Intent::Group(GroupIntent::Page(page)));
}

#[test]
fn only_teachers_and_admins_announce_and_everybody_is_offered_first() {
    let scene = circle(RoleName::Admin);
    assert!(!scene.state.announces(), "an admin of the group alone");
    let mut scene = teacher();
    assert!(scene.state.announces());
    assert_eq!(scene.state.audiences(), [CIRCLE, LAN]);
    page(&mut scene, None);
    assert_eq!(scene.state.group_form.to, Some(CIRCLE));
}

/// The rendezvous is away, and there is a fire.
#[test]
fn the_lan_is_told_without_the_rendezvous_and_who_knows_it_is_seen_again_later() {
    let mut scene = teacher();
    scene.tell(Event::Server {
        state: ServerState::Backoff,
    });
    page(&mut scene, None);
    scene.want(Intent::Group(GroupIntent::To(LAN)));
    scene.want(Intent::Group(GroupIntent::Large));
    scene.state.group_form.text = "请立即离开教室".to_owned();
    let wish = GroupWish::Announce(LAN);
    scene.want(Intent::Group(GroupIntent::Do(wish.clone())));
    let announce = Command::Announce(AnnounceCommand::Announce(Announce {
        text: "请立即离开教室".to_owned(),
        to: None,
        lan: true,
        large: true,
        confirm: false,
    }));
    assert_eq!(scene.asked(), [&announce]);
    let (id, waits) = (MsgId([9; 16]), None);
    let sent = Done::Sent { message: id, waits };
    scene.answer(Purpose::Wish(wish), sent);
    let proof = Dialog::Group(GroupPage::Proof(LAN, id));
    assert_eq!(scene.state.dialog, Some(proof.clone()));
    scene.want(Intent::Go(Go::Back));
    assert_eq!(scene.state.dialog, None);

    scene.want(Intent::Go(Go::Chat("g:lan".into())));
    scene.tell(Event::Message(on_lan(9, "alice", "请立即离开教室")));
    let waiting = |scene: &Scene| {
        let tally = scene.state.open.as_ref()?.rows.last()?.tally()?;
        Some((tally.have, tally.all))
    };
    assert_eq!(waiting(&scene), Some((0, 3)), "bob, carol and a classmate");
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::Heard(id))));
    assert_eq!(scene.state.dialog, Some(proof));
}

/// An announcement on the LAN.
fn on_lan(number: u8, from: &str, text: &str) -> Message {
    Message {
        conversation: "g:lan".to_owned(),
        kind: MessageKind::Announcement,
        ..message(number, from, text)
    }
}

#[test]
fn what_is_announced_on_the_lan_has_a_name_and_a_writer_and_takes_no_answer() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Focus(false)));
    scene.tell(Event::Message(on_lan(1, "bob", "消防演习")));
    let told = scene.effects.iter().find_map(|effect| {
        let Effect::Notify(notice) = effect else {
            return None;
        };
        Some((notice.title.clone(), notice.body.clone()))
    });
    let body = "bob the friend: 消防演习".to_owned();
    assert_eq!(told, Some(("Announcements to everybody".to_owned(), body)));
    let row = |scene: &Scene| {
        let row = scene.state.list.front().cloned();
        row.map(|row| (row.title.to_string(), row.preview.to_string()))
    };
    assert!(row(&scene).is_some_and(|(_, said)| said == "bob the friend: 消防演习"));
    scene.want(Intent::Prefs(PrefsIntent::Lang(Lang::Zh)));
    assert!(row(&scene).is_some_and(|(title, _)| title == "全体公告"));
    scene.want(Intent::Go(Go::Chat("g:lan".into())));
    assert_eq!(scene.state.silence(), Some(Silence::Announcements));
    let person = RowAct::Person("g:lan".into());
    scene.want(Intent::Talk(TalkIntent::Row(person)));
    assert_eq!(scene.state.dialog, None, "there is no card of it");
}

/// It stood above everything and was confirmed, and its conversation still said that something was unread.
#[test]
fn an_announcement_that_was_before_ones_eyes_is_read_and_what_was_said_before_it_is_not() {
    let come = |scene: &mut Scene, number| {
        let mut announced = announcement(number, 10_001);
        announced.conversation = "g:lan".to_owned();
        scene.tell(Event::Message(on_lan(number, "bob", "消防演习")));
        scene.tell(Event::Announcement(announced));
    };
    let read = |number| Command::Read {
        with: "g:lan".to_owned(),
        upto: Some(MsgId([number; 16])),
    };
    let mut scene = Scene::alice();
    come(&mut scene, 1);
    scene.want(Intent::Own(OwnIntent::Confirm(MsgId([1; 16]))));
    assert!(scene.asked().contains(&&read(1)));
    assert_eq!(scene.state.unread(), 0);
    come(&mut scene, 2);
    scene.want(Intent::Go(Go::Back));
    assert_eq!(scene.asked(), [&read(2)]);
    for number in [3, 4] {
        come(&mut scene, number);
    }
    scene.want(Intent::Go(Go::Back));
    assert!(scene.asked().is_empty(), "there is another one");
}
