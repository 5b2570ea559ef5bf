//! Announcements come one after the other, wait for whatever else is asked, and are confirmed once.

use crate::input::intent::{Go, GroupIntent, OwnIntent};
use crate::input::{Effect, Intent, Purpose};
use crate::model::groups::GroupWish;
use crate::model::{Dialog, GroupPage, Search};
use crate::scene::{Scene, announcement};
use hutong_common::id::{GroupId, MsgId};
use hutong_engine::api::announcement::{
    Announce, AnnounceCommand, AnnouncementDone, AnnouncementRow, Confirmed,
};
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
    let page = GroupPage::Announce(group);
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
