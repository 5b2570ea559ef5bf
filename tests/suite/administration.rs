//! What an admin's commands mean to people and their programs.

use hutong_common::name::Login;
use hutong_engine::api::event::{DeliveryState, WarningCode};
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
