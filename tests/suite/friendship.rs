//! Becoming friends, staying strangers, ending it, and seeing who is there.

use hutong_engine::api::{Command, Done, Failure};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn can_add(asker: &Actor, other: &Actor) -> (bool, Option<&'static str>) {
    match asker.ask(Command::CanAdd {
        login: other.name(),
    }) {
        Ok(Done::CanAdd { can_add, why }) => (can_add, why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_shown_with_its_greeting_and_accepted() {
    let world = World::new(1);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    assert!(can_add(&alice, &bob).0);
    alice.add(&bob).unwrap();
    assert!(bob.until(|bob| bob.has_request_from(&alice), 3_000));
    match bob.ask(Command::Requests) {
        Ok(Done::Requests { requests }) => {
            assert_eq!(requests.len(), 1);
            assert_eq!(
                (requests[0].from.as_str(), requests[0].text.as_str()),
                ("alice", "I am alice")
            );
            assert_eq!(
                (requests[0].direction, requests[0].state),
                ("in", "pending")
            );
        }
        other => panic!("{other:?}"),
    }
    bob.accept(&alice).unwrap();
    assert!(alice.until(|alice| alice.is_friend_of(&bob), 3_000));
    assert!(!can_add(&alice, &bob).0);
}

#[test]
fn a_request_to_somebody_away_waits_for_him() {
    let world = World::new(2);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    bob.kill();
    alice.add(&bob).unwrap();
    world.run_for(5_000);
    bob.restart();
    assert!(bob.until(|bob| bob.has_request_from(&alice), 10_000));
}

#[test]
fn two_requests_that_cross_make_friends_at_once() {
    for seed in 0..10 {
        let world = World::new(seed);
        let (alice, bob) = (world.member("alice"), world.member("bob"));
        let add = |a: &Actor, b: &Actor| {
            a.issue(Command::Add {
                login: b.name(),
                greeting: String::new(),
            })
        };
        let ids = [add(&alice, &bob), add(&bob, &alice)];
        world.run_for(5_000);
        let answers = [alice.answer(ids[0]), bob.answer(ids[1])];
        let taken = answers
            .iter()
            .flatten()
            .filter(|answer| answer.is_ok())
            .count();
        assert!(taken >= 1, "seed {seed}: {answers:?}");
        if !alice.is_friend_of(&bob) {
            let (asked, asker) = if bob.has_request_from(&alice) {
                (&bob, &alice)
            } else {
                (&alice, &bob)
            };
            asked.accept(asker).unwrap();
        }
        let both = || alice.is_friend_of(&bob) && bob.is_friend_of(&alice);
        assert!(world.run_until(both, 5_000), "seed {seed}");
    }
}

#[test]
fn a_declined_request_makes_no_friends_and_is_not_repeated_the_same_day() {
    let world = World::new(3);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    alice.add(&bob).unwrap();
    assert!(bob.until(|bob| bob.has_request_from(&alice), 3_000));
    bob.decline(&alice).unwrap();
    world.run_for(3_000);
    assert!(!alice.is_friend_of(&bob));
    assert!(!can_add(&alice, &bob).0);
    assert!(alice.add(&bob).is_err());
    world.run_for(24 * 3_600_000 + 1_000);
    assert!(can_add(&alice, &bob).0);
}

#[test]
fn a_blocked_person_cannot_find_ask_or_write() {
    let world = World::new(4);
    let (alice, bob) = world.friends("alice", "bob");
    bob.ask(Command::Block {
        login: "alice".into(),
    })
    .unwrap();
    world.run_for(3_000);
    let found = alice.ask(Command::Find {
        login: "bob".into(),
    });
    assert_eq!(found.unwrap_err().code(), "not_found");
    assert!(alice.add(&bob).is_err());
    let _refused_or_not = alice.try_send(&bob, "please");
    world.run_for(60_000);
    assert_eq!(bob.messages_shown(), 0);
    bob.ask(Command::Unblock {
        login: "alice".into(),
    })
    .unwrap();
    assert!(
        alice
            .ask(Command::Find {
                login: "bob".into()
            })
            .is_ok()
    );
}

#[test]
fn who_was_removed_is_told_that_they_are_not_contacts() {
    let world = World::new(5);
    let (alice, bob) = world.friends("alice", "bob");
    bob.ask(Command::Remove {
        login: "alice".into(),
    })
    .unwrap();
    assert!(alice.until(|alice| !alice.is_friend_of(&bob), 5_000));
    let sent = alice.try_send(&bob, "why?");
    assert!(
        matches!(&sent, Err(Failure::Refused(refusal)) if refusal.code() == "not_contacts"),
        "{sent:?}"
    );
}

#[test]
fn what_a_former_friend_wrote_can_still_be_read() {
    let world = World::new(8);
    let (alice, bob) = world.friends("alice", "bob");
    let id = alice.send(&bob, "keep this");
    assert!(alice.until(|alice| alice.is_delivered(id), 5_000));
    bob.ask(Command::Remove {
        login: "alice".into(),
    })
    .unwrap();
    assert!(alice.until(|alice| !alice.is_friend_of(&bob), 5_000));
    assert_eq!(bob.texts(&alice), ["keep this"]);
    assert_eq!(alice.texts(&bob), ["keep this"]);
}

#[test]
fn a_stranger_cannot_write() {
    let world = World::new(6);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    assert!(alice.try_send(&bob, "hello stranger").is_err());
    world.run_for(10_000);
    assert_eq!(bob.messages_shown(), 0);
}

#[test]
fn presence_follows_who_comes_and_goes() {
    let world = World::new(7);
    let (alice, bob) = world.friends("alice", "bob");
    let seen = |online: bool| {
        move |alice: &Actor| alice.presence_of("bob").is_some_and(|(is, _)| is == online)
    };
    assert!(alice.until(seen(true), 5_000));
    bob.kill();
    // Linked peers count as present until the link is known to be dead.
    assert!(alice.until(seen(false), 70_000));
    bob.restart();
    assert!(alice.until(seen(true), 10_000));
}
