//! Being sure of somebody, blocking, and mail that waits for a password.

use crate::input::intent::{Go, OwnIntent, PeopleIntent, TalkIntent};
use crate::input::{Input, Intent, Purpose};
use crate::model::{Checking, Dialog, Remedy};
use crate::scene::Scene;
use druid::ArcStr;
use hutong_common::id::{AccountId, MsgId};
use hutong_common::refusal::Refusal;
use hutong_common::text::Lang;
use hutong_engine::api::done::{Relation, Safety};
use hutong_engine::api::event::{ServerState, WarningCode};
use hutong_engine::api::{Command, Done, Event, Failure};

fn bob() -> ArcStr {
    "bob".into()
}

fn safety(verified: bool, key_changed: bool) -> Done {
    Done::Safety(Safety {
        login: "bob".to_owned(),
        account: AccountId(10_001),
        safety: ["12345"; 12].join(" "),
        verified,
        key_changed,
    })
}

fn checking(scene: &Scene) -> &Checking {
    match &scene.state.dialog {
        Some(Dialog::Safety(checking)) => checking,
        other => panic!("{other:?}"),
    }
}

fn answer(scene: &mut Scene, verified: bool, key_changed: bool) {
    scene.answer(
        Purpose::Safety { with: bob() },
        safety(verified, key_changed),
    );
}

/// What was asked last is this word on the key of bob.
fn said(scene: &Scene, verify: bool, accept: bool) -> bool {
    matches!(
        scene.asked().as_slice(),
        [Command::Safety(asked)] if asked.with == "bob" && (asked.verify, asked.accept) == (verify, accept)
    )
}

#[test]
fn digits_are_shown_and_are_verified_once_they_are_alike() {
    let mut scene = Scene::alice();
    scene.want(Intent::People(PeopleIntent::Safety(bob())));
    assert!(said(&scene, false, false));
    answer(&mut scene, false, false);
    let known = checking(&scene).safety.as_ref().expect("digits");
    assert_eq!(known.safety.split_whitespace().count(), 12);
    scene.want(Intent::People(PeopleIntent::Verify(bob())));
    assert!(said(&scene, true, false));
    answer(&mut scene, true, false);
    assert!(
        checking(&scene)
            .safety
            .as_ref()
            .is_some_and(|held| held.verified)
    );
}

#[test]
fn a_message_that_waits_for_a_decision_says_so_and_the_decision_takes_it_away() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Chat(bob())));
    scene.state.words = "hello".to_owned();
    scene.want(Intent::Talk(TalkIntent::Send));
    let purpose = Purpose::Send {
        with: bob(),
        text: "hello".into(),
    };
    let waits = Some("key_changed");
    let message = MsgId([1; 16]);
    scene.answer(purpose, Done::Sent { message, waits });
    assert_eq!(
        scene.state.banners[0].remedy(),
        Some(Remedy::Compare(bob()))
    );
    scene.want(Intent::People(PeopleIntent::Safety(bob())));
    answer(&mut scene, false, true);
    assert_eq!(scene.state.banners.len(), 1);
    scene.want(Intent::People(PeopleIntent::AcceptKey(bob())));
    assert!(said(&scene, false, true));
    answer(&mut scene, false, false);
    assert!(scene.state.banners.is_empty());
    assert!(scene.asked().contains(&&Command::Chats), "what waited goes");
}

#[test]
fn a_changed_key_of_each_person_has_a_banner_of_its_own() {
    let mut scene = Scene::alice();
    for who in ["bob", "carol", "bob"] {
        scene.tell(Event::Warning {
            code: WarningCode::KeyChanged,
            text: String::new(),
            who: Some(who.to_owned()),
            since_ms: None,
        });
    }
    let remedies: Vec<_> = scene.state.banners.iter().map(|one| one.remedy()).collect();
    let compare = |who: &str| Some(Remedy::Compare(who.into()));
    assert_eq!(remedies, [compare("carol"), compare("bob")]);
    assert!(
        scene.state.banners[0]
            .words(Lang::En)
            .contains("carol the friend")
    );
}

#[test]
fn digits_that_cannot_be_had_say_why() {
    let mut scene = Scene::alice();
    scene.want(Intent::People(PeopleIntent::Safety(bob())));
    let failure = Failure::Refused(Refusal::ServerFull);
    scene.take(Input::Answer(Purpose::Safety { with: bob() }, Err(failure)));
    assert!(checking(&scene).word.is_some());
}

#[test]
fn a_remark_name_begins_with_the_one_that_is_and_is_kept_as_typed() {
    let mut scene = Scene::alice();
    scene.state.own.remark = "somebody else's".to_owned();
    scene.want(Intent::People(PeopleIntent::Show(bob())));
    assert_eq!(scene.state.own.remark, "");
    scene.state.own.remark = " Bobby ".to_owned();
    scene.want(Intent::People(PeopleIntent::Remark(bob())));
    assert!(
        matches!(scene.asked().as_slice(), [Command::Remark { login, name }] if login == "bob" && name == "Bobby")
    );
}

#[test]
fn whoever_is_blocked_is_shown_as_such_and_the_block_can_be_lifted() {
    let mut scene = Scene::alice();
    scene.want(Intent::People(PeopleIntent::Block(bob())));
    assert!(matches!(scene.asked().as_slice(), [Command::Block { login }] if login == "bob"));
    let related = || Done::Away { away: false };
    let block = |on| Purpose::Block { login: bob(), on };
    scene.answer(block(true), related());
    assert!(scene.state.contact(&bob()).blocked);
    scene.want(Intent::People(PeopleIntent::Unblock(bob())));
    assert!(matches!(scene.asked().as_slice(), [Command::Unblock { login }] if login == "bob"));
    scene.answer(block(false), related());
    assert!(!scene.state.contact(&bob()).blocked);
}

#[test]
fn a_block_from_another_day_is_found_out_when_the_card_is_opened() {
    let mut scene = Scene::alice();
    scene.answer(
        Purpose::Friends,
        Done::Friends {
            friends: Vec::new(),
        },
    );
    assert_eq!(scene.state.contact(&bob()).relation, Relation::None);
    scene.want(Intent::People(PeopleIntent::Show(bob())));
    assert!(matches!(scene.asked().as_slice(), [Command::CanAdd { login }] if login == "bob"));
    let (can_add, why) = (false, Some("blocked"));
    scene.answer(
        Purpose::IsBlocked { login: bob() },
        Done::CanAdd { can_add, why },
    );
    assert!(scene.state.contact(&bob()).blocked);
}

#[test]
fn mail_that_waits_asks_for_the_password_until_it_is_the_right_one() {
    let mut scene = Scene::alice();
    scene.tell(Event::warning(WarningCode::MailLocked, ""));
    assert_eq!(scene.state.banners[0].remedy(), Some(Remedy::Unlock));
    scene.want(Intent::Own(OwnIntent::AskUnlock));
    scene.want(Intent::Own(OwnIntent::Unlock));
    assert!(matches!(scene.asked().as_slice(), [Command::Unlock { .. }]));
    let wrong = Failure::Refused(Refusal::ServerFull);
    scene.take(Input::Answer(Purpose::Unlock, Err(wrong)));
    assert!(scene.state.own.wrong.is_some() && scene.state.dialog == Some(Dialog::Unlock));
    let unlocked = Done::Away { away: false };
    scene.answer(Purpose::Unlock, unlocked);
    assert!(scene.state.dialog.is_none() && scene.state.banners.is_empty());
    assert!(scene.state.own.password.is_empty());
}

/// "Nothing is sent" stayed above the conversation while everything was sent again.
#[test]
fn another_key_is_no_longer_told_once_the_server_is_there_with_its_own() {
    let mut scene = Scene::alice();
    let code = WarningCode::ServerKeyChanged;
    scene.tell(Event::warning(code, "another key"));
    scene.tell(Event::Server {
        state: ServerState::Backoff,
    });
    assert_eq!(scene.state.banners.len(), 1);
    scene.tell(Event::Server {
        state: ServerState::Online,
    });
    assert!(scene.state.banners.is_empty());
}
