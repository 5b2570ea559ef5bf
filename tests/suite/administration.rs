//! What an admin's commands mean to people and their programs.

use hutong_common::name::Login;
use hutong_common::signed::Role;
use hutong_engine::api::event::{ContactChange, DeliveryState, WarningCode};
use hutong_engine::api::{Command, Done, Event};
use hutong_tests::harness::world::World;

/// The program of somebody whose account was locked tried again for ever, and never said why it stayed outside.
#[test]
fn a_locked_account_is_told_so_and_comes_in_by_itself_once_it_is_unlocked() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    let login = Login::new("bob").unwrap();
    world.administer(|service, cx| service.lock_account(&login, cx));
    assert!(bob.until(|bob| bob.was_warned(WarningCode::AccountLocked), 5_000));
    assert!(!bob.is_online());
    // Neither does anybody on the LAN let him in.
    let id = alice.send(&bob, "are you there?");
    let left = || alice.state(id) == Some(DeliveryState::LeftAtServer);
    assert!(world.run_until(left, 10_000));
    assert_eq!(bob.texts(&alice), Vec::<String>::new());

    world.administer(|service, cx| service.unlock_account(&login, cx));
    assert!(bob.until(|bob| bob.is_online(), 60_000));
    assert!(bob.until(|bob| bob.texts(&alice) == ["are you there?"], 10_000));
    let back = bob.send(&alice, "here");
    let arrived = [DeliveryState::Delivered, DeliveryState::Shown].map(Some);
    let shown = || arrived.contains(&bob.state(back));
    assert!(world.run_until(shown, 30_000));
}

/// Whom one may believe is seen at once, not at the next start.
#[test]
fn everybody_sees_at_once_who_is_made_a_teacher() {
    let world = World::new(2);
    let (alice, bob) = world.friends("alice", "bob");
    let role = || match alice.ask(Command::Who { login: None }) {
        Ok(Done::Who { people }) => people[0].role,
        other => panic!("{other:?}"),
    };
    assert_eq!(role(), "member");
    let login = Login::new("bob").unwrap();
    world.administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    let is_told = || {
        let told = alice.last_event_of_this_life(|event| {
            if let Event::Contact { user, change } = event {
                Some((user.clone(), *change))
            } else {
                None
            }
        });
        told == Some(("bob".to_owned(), ContactChange::Changed)) && role() == "teacher"
    };
    world.expect("alice is told", is_told, 5_000);
    world.administer(|service, cx| service.set_role(&login, Role::Member, cx));
    world.expect("and when he is none", || role() == "member", 5_000);
    assert!(bob.is_online());
}
