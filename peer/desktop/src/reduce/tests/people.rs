//! People: finding, asking, answering, parting.

use crate::input::intent::{Go, PeopleIntent};
use crate::input::{Input, Intent, Purpose};
use crate::model::home::{Pane, Tab};
use crate::model::{Dialog, Search};
use crate::scene::Scene;
use hutong_common::id::{AccountId, RequestId};
use hutong_common::refusal::Refusal;
use hutong_common::text::Lang;
use hutong_engine::api::done::{self, Person, Relation, RequestRow};
use hutong_engine::api::event::{Presence, RequestKind};
use hutong_engine::api::{Command, Done, Event, Failure, Path};

fn searching(scene: &Scene) -> &Search {
    match &scene.state.dialog {
        Some(Dialog::AddFriend(search)) => search,
        other => panic!("{other:?}"),
    }
}

fn ask(scene: &mut Scene, login: &str) {
    let search = Search {
        login: login.to_owned(),
        ..Search::default()
    };
    scene.want(Intent::Go(Go::Dialog(Dialog::AddFriend(search))));
    scene.want(Intent::People(PeopleIntent::Find));
}

fn online(login: &str) -> Presence {
    Presence {
        user: login.to_owned(),
        remark: None,
        online: true,
        away: false,
        path: Path::Direct,
        rtt_us: Some(300),
        why: None,
    }
}

#[test]
fn somebody_is_found_and_asked_in_two_steps() {
    let mut scene = Scene::alice();
    ask(&mut scene, "dora");
    assert!(matches!(scene.asked().as_slice(), [Command::Find { login }] if login == "dora"));
    let person = Person {
        account: AccountId(10_009),
        login: "dora".to_owned(),
        name: "Dora".to_owned(),
        remark: None,
        relation: Relation::None,
        can_add: true,
        sex: None,
        signature: None,
        avatar: None,
    };
    scene.answer(Purpose::Find, Done::Person(person));
    assert!(searching(&scene).found.is_some());
    scene.want(Intent::People(PeopleIntent::Add));
    assert!(matches!(scene.asked().as_slice(), [Command::Add { login, .. }] if login == "dora"));
    scene.answer(
        Purpose::Add,
        Done::Added {
            request: RequestId(1),
        },
    );
    let search = searching(&scene);
    assert!(
        search.found.is_none()
            && search
                .word
                .as_deref()
                .is_some_and(|word| word.contains("Dora"))
    );
}

#[test]
fn why_nobody_was_found_stands_in_the_dialog_and_one_can_try_again() {
    let mut scene = Scene::alice();
    ask(&mut scene, "nobody");
    let failure = Failure::NoAccount {
        login: "nobody".to_owned(),
    };
    scene.take(Input::Answer(Purpose::Find, Err(failure)));
    let search = searching(&scene);
    assert!(
        search
            .word
            .as_deref()
            .is_some_and(|word| word.contains("nobody"))
            && !search.busy
    );
}

#[test]
fn a_request_shows_a_badge_until_it_is_answered() {
    let mut scene = Scene::alice();
    let row = |state| RequestRow {
        request: RequestId(7),
        kind: RequestKind::Friend,
        direction: "in",
        from: "dora".to_owned(),
        to: "alice".to_owned(),
        text: "hi".to_owned(),
        name: "Dora".to_owned(),
        at_ms: 1,
        state,
        group: None,
        group_name: None,
    };
    scene.answer(
        Purpose::Requests,
        Done::Requests {
            requests: vec![row("pending")],
        },
    );
    assert_eq!(scene.state.open_requests(), 1);
    scene.want(Intent::People(PeopleIntent::Accept(RequestId(7))));
    assert!(
        matches!(scene.asked().as_slice(), [Command::Accept(choice)] if choice.request == Some(RequestId(7)))
    );
    scene.answer(
        Purpose::Requests,
        Done::Requests {
            requests: vec![row("accepted")],
        },
    );
    assert_eq!(scene.state.open_requests(), 0);
}

#[test]
fn whoever_is_no_friend_any_more_leaves_the_list_of_friends_and_keeps_the_conversation() {
    let mut scene = Scene::alice();
    scene.tell(Event::Message(super::message(1, "bob", "bye")));
    scene.answer(
        Purpose::Friends,
        Done::Friends {
            friends: vec![super::friend("carol")],
        },
    );
    let titles = |scene: &Scene| -> Vec<String> {
        scene
            .state
            .list
            .iter()
            .map(|row| row.login.to_string())
            .collect()
    };
    assert_eq!(titles(&scene), ["bob", "carol"]);
    scene.want(Intent::Go(Go::Tab(Tab::Friends)));
    assert_eq!(titles(&scene), ["carol"]);
}

#[test]
fn who_is_there_comes_first_among_friends() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Tab(Tab::Friends)));
    assert_eq!(&*scene.state.list[0].login, "bob");
    scene.tell(Event::Presence(online("carol")));
    assert_eq!(&*scene.state.list[0].login, "carol");
    assert!(scene.state.list[0].online);
}

#[test]
fn a_search_finds_by_login_and_by_name_and_is_over_with_escape() {
    let mut scene = Scene::alice();
    scene.state.search = "CAROL the".to_owned();
    scene.want(Intent::Go(Go::Search));
    assert_eq!(scene.state.list.len(), 1);
    scene.want(Intent::Go(Go::Back));
    assert_eq!(scene.state.list.len(), 2);
}

#[test]
fn back_closes_one_thing_at_a_time() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Pane(Pane::Settings)));
    scene.want(Intent::Go(Go::Dialog(Dialog::SignOut)));
    scene.want(Intent::Go(Go::Back));
    assert!(scene.state.dialog.is_none() && scene.state.pane == Pane::Settings);
    scene.want(Intent::Go(Go::Back));
    assert_eq!(scene.state.pane, Pane::Chat);
}

#[test]
fn a_failed_deed_says_why_in_a_toast() {
    let mut scene = Scene::alice();
    let failure = Failure::Refused(Refusal::ServerFull);
    scene.take(Input::Answer(Purpose::Relation, Err(failure)));
    assert_eq!(scene.state.toasts.len(), 1);
    assert!(scene.state.toasts[0].note.is_alarm());
}

#[test]
fn why_somebody_cannot_be_asked_is_said_beside_who_was_found() {
    let mut scene = Scene::alice();
    ask(&mut scene, "bob");
    let person = Person {
        account: AccountId(10_001),
        login: "bob".to_owned(),
        name: "Bob".to_owned(),
        remark: None,
        relation: Relation::Friend,
        can_add: false,
        sex: None,
        signature: None,
        avatar: None,
    };
    scene.answer(Purpose::Find, Done::Person(person));
    assert!(matches!(scene.asked().as_slice(), [Command::CanAdd { login }] if login == "bob"));
    let why = Some("already_friends");
    scene.answer(
        Purpose::CanAdd,
        Done::CanAdd {
            can_add: false,
            why,
        },
    );
    assert!(
        searching(&scene)
            .word
            .as_deref()
            .is_some_and(|word| word.contains("friends"))
    );
}

#[test]
fn whom_one_blocked_is_listed_and_asked_for_again_when_a_block_is_lifted() {
    use hutong_engine::api::done::BlockedRow;
    let mut scene = Scene::alice();
    let blocked = vec![BlockedRow {
        login: "mallory".to_owned(),
        account: AccountId(10_007),
        remark: None,
    }];
    scene.answer(Purpose::Blocked, Done::Blocked { blocked });
    assert_eq!(scene.state.blocked.len(), 1);
    let login: druid::ArcStr = "mallory".into();
    scene.want(Intent::People(PeopleIntent::Unblock(login.clone())));
    assert!(matches!(scene.asked().as_slice(), [Command::Unblock { login }] if login == "mallory"));
    scene.answer(Purpose::Block { login, on: false }, Done::Plain {});
    assert!(scene.asked().contains(&&Command::Blocked));
}

#[test]
fn a_toast_speaks_the_language_that_is_chosen_while_it_stays() {
    let mut scene = Scene::alice();
    let failure = Failure::Refused(Refusal::ServerFull);
    scene.take(Input::Answer(Purpose::Relation, Err(failure)));
    let said = |lang| scene.state.toasts[0].note.words(lang);
    assert!(said(Lang::En).is_ascii() && !said(Lang::Zh).is_ascii());
}

#[test]
fn a_teacher_is_seen_to_be_one_wherever_the_name_stands() {
    let mut scene = Scene::alice();
    let there = |role| done::Presence {
        login: "bob".to_owned(),
        account: AccountId(10_002),
        name: "王明".to_owned(),
        remark: None,
        relation: Relation::Friend,
        role,
        online: true,
        away: false,
        path: Path::Direct,
        rtt_us: None,
        why: None,
    };
    let title = |scene: &Scene| {
        let mut rows = scene.state.list.iter();
        let row = rows.find(|row| *row.login == *"bob").expect("he is listed");
        row.title.to_string()
    };
    scene.state.prefs.lang = Lang::Zh;
    let people = vec![there("teacher")];
    scene.answer(Purpose::Who, Done::Who { people });
    assert_eq!(title(&scene), "王明 · 老师");
    let people = vec![there("member")];
    scene.answer(Purpose::Who, Done::Who { people });
    assert_eq!(title(&scene), "王明");
}
