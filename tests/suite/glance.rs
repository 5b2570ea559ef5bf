//! Conversations at a glance, and what is told so that a window stays true without asking again.

use hutong_engine::api::command::Profile;
use hutong_engine::api::done::{Chat, Relation};
use hutong_engine::api::event::ContactChange;
use hutong_engine::api::{Command, Done, Event};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::{World, befriend};

fn chats(of: &Actor) -> Vec<Chat> {
    match of.ask(Command::Chats) {
        Ok(Done::Chats { chats }) => chats,
        other => panic!("{other:?}"),
    }
}

fn names(chats: &[Chat]) -> Vec<&str> {
    chats.iter().map(|chat| chat.with.as_str()).collect()
}

fn text(chat: &Chat) -> Option<&str> {
    chat.last.as_ref()?.message.text.as_deref()
}

#[test]
fn conversations_are_listed_newest_first_and_friends_without_one_last() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    let (carol, dan, erin) = (
        world.member("carol"),
        world.member("dan"),
        world.member("erin"),
    );
    for friend in [&carol, &dan, &erin] {
        befriend(&alice, friend);
    }
    assert_eq!(names(&chats(&alice)), ["bob", "carol", "dan", "erin"]);
    let mut last = Vec::new();
    for (from, words) in [(&dan, "one"), (&bob, "two"), (&bob, "three")] {
        let id = from.send(&alice, words);
        world.expect("it arrives", || from.is_delivered(id), 10_000);
        last.push(id);
    }
    let listed = chats(&alice);
    assert_eq!(names(&listed), ["bob", "dan", "carol", "erin"]);
    assert_eq!((text(&listed[0]), listed[0].unread), (Some("three"), 2));
    assert_eq!((text(&listed[1]), listed[1].unread), (Some("one"), 1));
    assert_eq!((text(&listed[2]), listed[2].last_ms), (None, None));
    assert!(listed[0].last_ms > listed[1].last_ms);
    let with = "bob".to_owned();
    let upto = Some(last[1]);
    alice.ask(Command::Read { with, upto }).unwrap();
    let (with, draft) = ("erin".to_owned(), Some("later".to_owned()));
    alice.ask(Command::Draft { with, text: draft }).unwrap();
    let id = alice.send(&carol, "mine");
    world.expect("it arrives", || alice.is_delivered(id), 10_000);
    alice.kill();
    alice.restart();
    let listed = chats(&alice);
    assert_eq!(names(&listed), ["carol", "bob", "dan", "erin"]);
    assert_eq!((text(&listed[0]), listed[0].unread), (Some("mine"), 0));
    assert!(
        listed[0]
            .last
            .as_ref()
            .is_some_and(|row| row.state.is_some())
    );
    assert_eq!(listed[1].unread, 1);
    assert_eq!(listed[3].draft.as_deref(), Some("later"));
}

#[test]
fn a_conversation_with_somebody_who_is_no_friend_any_more_stays_in_the_list() {
    let world = World::new(2);
    let (alice, bob) = world.friends("alice", "bob");
    let carol = world.member("carol");
    befriend(&alice, &carol);
    let id = bob.send(&alice, "farewell");
    world.expect("it arrives", || bob.is_delivered(id), 10_000);
    for friend in [&bob, &carol] {
        alice
            .ask(Command::Remove {
                login: friend.name(),
            })
            .unwrap();
    }
    let listed = chats(&alice);
    assert_eq!(names(&listed), ["bob"]);
    assert_eq!(
        (listed[0].relation, listed[0].name.as_str()),
        (Relation::None, "bob")
    );
    assert_eq!(text(&listed[0]), Some("farewell"));
}

/// What was told about a contact, oldest first.
fn told(who: &Actor, of: &str) -> Vec<ContactChange> {
    who.computer(|computer| {
        let events = computer.events.iter();
        let about = events.filter_map(|event| {
            if let Event::Contact { user, change } = event
                && user == of
            {
                Some(*change)
            } else {
                None
            }
        });
        about.collect()
    })
}

#[test]
fn whoever_comes_goes_or_is_called_otherwise_is_told_once_on_every_computer() {
    use ContactChange::{Added, Changed, Removed};
    let world = World::new(3);
    let (alice, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login_with("alice", "correct horse battery").unwrap();
    world.expect("it knows him", || laptop.is_friend_of(&bob), 10_000);
    world.run_for(5_000);
    for of_bob in [
        told(&alice, "bob"),
        told(&laptop, "bob"),
        told(&bob, "alice"),
    ] {
        assert_eq!(of_bob, [Added]);
    }
    let name = Some("小波".to_owned());
    bob.ask(Command::Profile(Profile {
        name,
        ..Profile::default()
    }))
    .unwrap();
    assert_eq!(
        told(&bob, "bob"),
        [Changed],
        "his own profile, for whoever listens beside"
    );
    for alices in [&alice, &laptop] {
        world.expect(
            "the name comes",
            || told(alices, "bob") == [Added, Changed],
            10_000,
        );
    }
    let (login, name) = (bob.name(), "B".to_owned());
    alice.ask(Command::Remark { login, name }).unwrap();
    assert_eq!(told(&alice, "bob"), [Added, Changed, Changed]);
    alice.kill();
    alice.restart();
    world.expect("she is there again", || alice.caught_up(), 20_000);
    assert_eq!(
        told(&alice, "bob").len(),
        3,
        "what was told is not told again"
    );
    bob.ask(Command::Remove {
        login: alice.name(),
    })
    .unwrap();
    let is_last = |who: &Actor| told(who, "bob").last() == Some(&Removed);
    world.expect(
        "all are told",
        || is_last(&alice) && is_last(&laptop),
        10_000,
    );
    assert_eq!(told(&bob, "alice"), [Added, Removed]);
}

fn open_requests(who: &Actor) -> Option<u64> {
    who.last_event_of_this_life(|event| {
        if let Event::Requests { open } = event {
            Some(*open)
        } else {
            None
        }
    })
}

#[test]
fn a_request_that_is_answered_on_one_computer_is_told_on_the_other() {
    let world = World::new(4);
    let (alice, _) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login_with("alice", "correct horse battery").unwrap();
    let carol = world.member("carol");
    world.expect(
        "all are there",
        || laptop.caught_up() && carol.caught_up(),
        20_000,
    );
    carol.add(&alice).unwrap();
    for alices in [&alice, &laptop] {
        world.expect(
            "both are asked",
            || open_requests(alices) == Some(1),
            10_000,
        );
        assert!(alices.has_request_from(&carol));
    }
    laptop.accept(&carol).unwrap();
    world.expect(
        "it is open no more",
        || open_requests(&alice) == Some(0),
        10_000,
    );
    world.expect("carol is told", || open_requests(&carol) == Some(0), 10_000);
    let is_added = || told(&carol, "alice") == [ContactChange::Added];
    world.expect("and has a friend", is_added, 10_000);
}

fn unread_as_told(who: &Actor) -> Option<(String, u64)> {
    who.last_event(|event| {
        if let Event::Read {
            conversation,
            unread,
        } = event
        {
            Some((conversation.clone(), *unread))
        } else {
            None
        }
    })
}

#[test]
fn what_is_read_is_told_also_when_another_computer_answered() {
    let world = World::new(5);
    let (alice, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login_with("alice", "correct horse battery").unwrap();
    world.expect("it knows him", || laptop.is_friend_of(&bob), 10_000);
    let ids: Vec<_> = (0..3).map(|n| bob.send(&alice, &n.to_string())).collect();
    let all = |who: &Actor| ids.iter().all(|id| who.message(*id).is_some());
    world.expect("all arrives", || all(&alice) && all(&laptop), 20_000);
    let (with, upto) = (bob.name(), Some(ids[0]));
    alice.ask(Command::Read { with, upto }).unwrap();
    assert_eq!(unread_as_told(&alice), Some(("bob".to_owned(), 2)));
    assert_eq!(unread_as_told(&laptop), None);
    laptop.send(&bob, "seen");
    let is_read = || unread_as_told(&alice) == Some(("bob".to_owned(), 0));
    world.expect("who answered has read", is_read, 10_000);
}

#[test]
fn what_one_writes_is_told_once_like_what_others_write() {
    let world = World::new(6);
    let (alice, bob) = world.friends("alice", "bob");
    let id = alice.send(&bob, "mine");
    let told = alice.message(id).expect("told at once");
    assert_eq!(
        (
            told.from.as_str(),
            told.conversation.as_str(),
            told.text.as_deref()
        ),
        ("alice", "bob", Some("mine"))
    );
    let (message, file) = alice.send_file(&bob, "notes.txt", 9);
    assert_eq!(
        alice.message(message).and_then(|told| told.file),
        Some(file)
    );
    world.expect("both arrive", || alice.is_delivered(message), 10_000);
    assert_eq!(alice.messages_shown(), 2);
}
