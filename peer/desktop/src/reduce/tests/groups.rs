//! Groups: what is said in them, and what becomes of them.

mod front;
mod wishes;

use crate::input::intent::{Go, GroupIntent, PrefsIntent, TalkIntent};
use crate::input::{Effect, Intent, Purpose};
use crate::model::chat::{Body, RowAct};
use crate::model::groups::Silence;
use crate::model::home::Tab;
use crate::model::{Dialog, GroupPage};
use crate::scene::circle::{CIRCLE, WITH, circle, happened, in_circle, member, said, sheet};
use crate::scene::{NOW, Scene};
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::event::{Delivery, DeliveryState};
use hutong_engine::api::group::{FloorName, GroupDeed, RoleName};
use hutong_engine::api::{Command, Done, Event, Path};

fn page(scene: &mut Scene, page: GroupPage) {
    scene.want(Intent::Group(GroupIntent::Page(page)));
}

/// Those rows of the list that stand for the group.
fn listed(scene: &Scene) -> Vec<(String, String, bool, u64)> {
    let rows = scene.state.list.iter().filter(|row| *row.login == *WITH);
    rows.map(|row| {
        (
            row.title.to_string(),
            row.preview.to_string(),
            row.names_me,
            row.unread,
        )
    })
    .collect()
}

#[test]
fn a_group_stands_in_the_list_with_its_count_and_who_said_what() {
    let mut scene = circle(RoleName::Member);
    assert_eq!(listed(&scene)[0].0, "算法课 (4)");
    scene.tell(Event::Message(said(1, "bob", "大家好")));
    assert_eq!(scene.notices(), 1);
    let row = (
        "算法课 (4)".to_owned(),
        "王小明: 大家好".to_owned(),
        false,
        1,
    );
    assert_eq!(listed(&scene), [row]);
    let mut naming = said(2, "carol", "@爱丽丝 来");
    naming.mentions_me = true;
    scene.tell(Event::Message(naming));
    assert!(listed(&scene)[0].2, "it names us");
    let told = scene.effects.iter().any(
        |effect| matches!(effect, Effect::Notify(notice) if notice.title.contains("mentions you")),
    );
    assert!(told, "{:?}", scene.effects);
    scene.tell(Event::Read {
        conversation: WITH.to_owned(),
        unread: 0,
    });
    assert!(!listed(&scene)[0].2 && listed(&scene)[0].3 == 0);
    scene.want(Intent::Go(Go::Tab(Tab::Groups)));
    assert_eq!(scene.state.list.len(), 1);
}

#[test]
fn a_message_of_ours_counts_those_who_have_it() {
    let mut scene = in_circle(RoleName::Member);
    scene.tell(Event::Message(said(9, "alice", "谢谢")));
    let tally = |scene: &Scene| {
        let open = scene.state.open.as_ref().unwrap();
        open.rows.back().unwrap().tally().unwrap()
    };
    assert_eq!(
        (tally(&scene).read, tally(&scene).have, tally(&scene).all),
        (0, 0, 3)
    );
    let message = said(9, "alice", "").id;
    for (to, state) in [
        ("bob", DeliveryState::Shown),
        ("carol", DeliveryState::Delivered),
        ("10042", DeliveryState::Failed),
    ] {
        scene.tell(Event::Delivery(Delivery {
            message,
            to: to.to_owned(),
            conversation: WITH.to_owned(),
            remark: None,
            state,
            path: Path::Direct,
            code: None,
        }));
    }
    assert_eq!(
        (tally(&scene).read, tally(&scene).have, tally(&scene).all),
        (1, 2, 3)
    );
    scene.want(Intent::Talk(TalkIntent::Row(RowAct::Heard(message))));
    assert_eq!(
        scene.state.dialog,
        Some(Dialog::Group(GroupPage::Heard(message)))
    );
}

#[test]
fn what_becomes_of_a_group_stands_between_what_was_said_and_stays_there() {
    let mut scene = in_circle(RoleName::Member);
    scene.tell(happened(GroupDeed::Muted, Some("carol")));
    let lines = |scene: &Scene| -> Vec<bool> {
        let open = scene.state.open.as_ref().unwrap();
        open.rows
            .iter()
            .map(|row| matches!(row.body, Body::Change(_)))
            .collect()
    };
    assert_eq!(lines(&scene), [false, false, false, false, false, true]);
    let show = GroupCommand::GroupShow { group: CIRCLE };
    assert!(scene.asked().contains(&&Command::Group(show)));
    // What is read is a message, not the line after it.
    scene.tell(Event::Message(said(6, "bob", "好")));
    scene.tell(happened(GroupDeed::Renamed, None));
    scene.tell(Event::Message(said(7, "bob", "好")));
    let newest = said(7, "bob", "").id;
    let read = |command: &&Command| matches!(command, Command::Read { upto: Some(upto), .. } if *upto == newest);
    assert!(scene.asked().iter().any(read), "{:?}", scene.effects);
    scene.want(Intent::Go(Go::Chat("bob".into())));
    scene.want(Intent::Go(Go::Chat(WITH.into())));
    let purpose = Purpose::History {
        with: WITH.into(),
        older: false,
    };
    scene.answer(
        purpose,
        Done::History {
            messages: Vec::new(),
            more: false,
        },
    );
    assert_eq!(lines(&scene), [true, true]);
}

#[test]
fn whoever_is_put_out_of_an_open_group_reads_on_and_may_not_write() {
    let mut scene = in_circle(RoleName::Member);
    page(&mut scene, GroupPage::Card(CIRCLE));
    scene.tell(happened(GroupDeed::Left, None));
    assert_eq!(scene.state.silence(), Some(Silence::NotIn));
    assert_eq!(scene.state.dialog, None);
    assert!(scene.state.open.is_some());
    assert_eq!(listed(&scene)[0].0, "算法课");
}

#[test]
fn one_is_told_why_one_may_not_speak() {
    for (floor, role, muted, silence) in [
        (FloorName::Free, RoleName::Member, None, None),
        (FloorName::Questions, RoleName::Member, None, None),
        (
            FloorName::Free,
            RoleName::Member,
            Some(NOW + 60_000),
            Some(Silence::Muted(NOW + 60_000)),
        ),
        (FloorName::Free, RoleName::Member, Some(NOW - 1), None),
        (
            FloorName::Admins,
            RoleName::Member,
            None,
            Some(Silence::AdminsOnly),
        ),
        (FloorName::Admins, RoleName::Admin, None, None),
        (
            FloorName::Silent,
            RoleName::Owner,
            None,
            Some(Silence::Everybody),
        ),
    ] {
        let mut scene = in_circle(role);
        let mut shown = sheet(role);
        shown.floor = floor;
        shown.members[0].muted_until_ms = muted;
        scene.answer(Purpose::Group, Done::Group(shown));
        assert_eq!(scene.state.silence(), silence, "{floor:?} {role:?}");
    }
}

fn offered(scene: &mut Scene, words: &str) -> Vec<String> {
    words.clone_into(&mut scene.state.words);
    scene.want(Intent::Talk(TalkIntent::Typed));
    let offer = scene.state.offer.as_ref();
    let names = offer.map(|offer| {
        offer
            .names
            .iter()
            .map(|name| name.word.to_string())
            .collect()
    });
    names.unwrap_or_default()
}

#[test]
fn members_are_offered_by_letters_and_by_sound_and_only_admins_name_all() {
    let mut scene = in_circle(RoleName::Member);
    assert_eq!(offered(&mut scene, "你好 @"), ["王小明", "林晓雨", "10042"]);
    assert_eq!(offered(&mut scene, "@wxm"), ["王小明"]);
    assert_eq!(offered(&mut scene, "@carol"), ["林晓雨"]);
    for nobody in ["you@wxm", "@王小明 ", "@zzz", "", "wxm"] {
        assert!(offered(&mut scene, nobody).is_empty(), "{nobody}");
    }
    let mut scene = in_circle(RoleName::Admin);
    assert_eq!(offered(&mut scene, "@all"), ["all"]);
    // Two of one name are told apart by login.
    let mut shown = sheet(RoleName::Admin);
    shown
        .members
        .push(member("dora", "王小明", RoleName::Member));
    scene.answer(Purpose::Group, Done::Group(shown));
    assert_eq!(offered(&mut scene, "@wang"), ["bob", "dora"]);
    scene.want(Intent::Go(Go::Chat("bob".into())));
    assert!(
        offered(&mut scene, "@").is_empty(),
        "there is nobody to name"
    );
}

/// Names that would break a line or pretend something, and people of whom nothing is known.
#[test]
fn hostile_names_and_strangers_break_nothing() {
    let mut scene = circle(RoleName::Admin);
    let mut shown = sheet(RoleName::Admin);
    shown.name = format!("\u{202e}{}", "长".repeat(300));
    shown
        .members
        .push(member("eve", "\u{202e}gnp.exe\u{200b}", RoleName::Member));
    scene.answer(Purpose::Group, Done::Group(shown));
    assert!(!listed(&scene)[0].0.contains('\u{202e}'));
    scene.tell(Event::Message(said(1, "eve", "hi")));
    assert!(
        !listed(&scene)[0].1.contains('\u{202e}'),
        "{:?}",
        listed(&scene)
    );
    scene.tell(Event::Message(said(2, "gone_for_long", "hi")));
    assert!(listed(&scene)[0].1.starts_with("gone_for_long"));
    scene.tell(happened(GroupDeed::Gone, Some("nobody_known")));
    assert!(
        scene
            .state
            .groups
            .get(WITH)
            .is_some_and(|group| group.lines.len() == 1)
    );
}

#[test]
fn a_muted_group_counts_quietly_and_calls_only_whoever_it_names() {
    let mut scene = circle(RoleName::Member);
    let mute = |is_muted| Intent::Prefs(PrefsIntent::Mute(WITH.into(), is_muted));
    scene.want(mute(true));
    let [Effect::Keep(prefs)] = &scene.effects[..] else {
        panic!("{:?}", scene.effects);
    };
    assert!(prefs.muted.contains(WITH), "it is kept in the home");
    scene.tell(Event::Message(said(1, "bob", "大家好")));
    assert_eq!(scene.notices(), 0);
    assert_eq!((scene.state.unread(), scene.state.calling()), (1, 0));
    let is_muted = |scene: &Scene| {
        let mut rows = scene.state.list.iter();
        rows.any(|row| *row.login == *WITH && row.is_muted && row.unread > 0)
    };
    assert!(is_muted(&scene));
    let mut naming = said(2, "carol", "@爱丽丝 来");
    naming.mentions_me = true;
    scene.tell(Event::Message(naming));
    assert_eq!(scene.notices(), 1, "one is named");
    assert_eq!((scene.state.unread(), scene.state.calling()), (2, 1));
    scene.want(mute(false));
    scene.tell(Event::Message(said(3, "bob", "在吗")));
    assert_eq!((scene.notices(), scene.state.calling()), (1, 3));
}
