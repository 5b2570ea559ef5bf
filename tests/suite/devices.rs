//! The computers of one account: listed, removed with the password, and what the others must do to read on.

use hutong_engine::api::command::{Safety, Secret};
use hutong_engine::api::event::{DeliveryState, WarningCode};
use hutong_engine::api::{Command, Done, Failure};
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::world::{World, befriend};

fn code(result: Result<Done, Failure>) -> &'static str {
    result.expect_err("a refusal").code()
}

/// Alice's desk, bob who is her friend, and two more of her computers.
fn at_three_computers(world: &World) -> (Actor, Actor, Actor, Actor) {
    let (desk, bob) = world.friends("alice", "bob");
    let (office, lost) = (world.actor("office"), world.actor("lost"));
    office.login("alice");
    lost.login("alice");
    (desk, bob, office, lost)
}

#[test]
fn a_lost_computer_is_listed_and_removed_only_with_the_password() {
    let world = World::new(1);
    let (desk, _bob, office, lost) = at_three_computers(&world);
    let listed = desk.devices();
    assert_eq!(listed.len(), 3);
    let labels: Vec<_> = listed
        .iter()
        .map(|row| (row.label.as_str(), row.kind, row.this, row.gone))
        .collect();
    let expected = [("alice", true), ("office", false), ("lost", false)];
    assert_eq!(
        labels,
        expected.map(|(label, this)| (label, "own", this, false))
    );
    let stolen = lost.device();
    let wrong = desk.remove_device(stolen, "wrong horse battery");
    assert_eq!(code(wrong), "wrong_login_or_password");
    let password = None;
    let remove = Some(stolen);
    let unproved = desk.ask(Command::Devices { remove, password });
    assert_eq!(code(unproved), "password_needed");
    assert_eq!(
        desk.remove_device(desk.device(), PASSWORD),
        Err(Failure::ThisDevice)
    );
    assert!(lost.is_online(), "nothing happened to it so far");
    assert_eq!(
        desk.remove_device(stolen, PASSWORD),
        Ok(Done::Plain {}),
        "this time"
    );
    assert_eq!(
        desk.remove_device(stolen, PASSWORD),
        Err(Failure::NoSuchDevice)
    );
    world.expect(
        "it is cut off",
        || lost.was_warned(WarningCode::SignedOut),
        2_000,
    );
    world.run_for(60_000);
    assert!(!lost.is_online() && desk.is_online() && office.is_online());
    assert_eq!(desk.devices().len(), 2);
    assert_eq!(
        code(lost.login_with("alice", "wrong horse battery")),
        "wrong_login_or_password"
    );
}

#[test]
fn mail_after_a_removal_waits_for_the_password_and_nothing_is_lost() {
    let world = World::new(2);
    let (desk, bob, office, lost) = at_three_computers(&world);
    let stolen = lost.device();
    lost.kill();
    office.kill();
    assert!(desk.remove_device(stolen, PASSWORD).is_ok());
    assert!(!desk.was_warned(WarningCode::MailLocked));
    desk.kill();
    world.run_for(1_000);
    let id = bob.send(&desk, "for your eyes");
    let left = || bob.state(id) == Some(DeliveryState::LeftAtServer);
    world.expect("the rendezvous has it", left, 10_000);
    office.restart();
    world.expect(
        "the person is told",
        || office.was_warned(WarningCode::MailLocked),
        5_000,
    );
    world.expect(
        "it has caught up all the same",
        || office.caught_up(),
        5_000,
    );
    assert!(office.message(id).is_none());
    assert_eq!(bob.state(id), Some(DeliveryState::LeftAtServer));
    assert_eq!(
        code(office.unlock("wrong horse battery")),
        "wrong_login_or_password"
    );
    office.kill();
    office.restart();
    world.expect(
        "it is told again",
        || office.was_warned(WarningCode::MailLocked),
        5_000,
    );
    assert!(office.until(Actor::is_online, 5_000));
    assert!(office.unlock(PASSWORD).is_ok());
    assert!(office.message(id).is_some(), "it came before the answer");
    world.expect("bob knows", || bob.is_delivered(id), 10_000);
    desk.restart();
    world.expect("the desk has it too", || desk.message(id).is_some(), 10_000);
    office.kill();
    office.restart();
    assert!(office.until(Actor::caught_up, 5_000));
    assert!(!office.was_warned(WarningCode::MailLocked));
}

#[test]
fn who_is_connected_learns_of_a_removal_at_once_and_reads_on_after_the_password() {
    let world = World::new(3);
    let (desk, bob, office, lost) = at_three_computers(&world);
    assert!(desk.remove_device(lost.device(), PASSWORD).is_ok());
    world.expect(
        "the office is told",
        || office.was_warned(WarningCode::MailLocked),
        1_000,
    );
    assert!(office.unlock(PASSWORD).is_ok());
    // A second removal, from the other one: the key goes on from where it is.
    let another = world.actor("another");
    another.login("alice");
    assert!(office.remove_device(another.device(), PASSWORD).is_ok());
    world.expect(
        "the desk is told",
        || desk.was_warned(WarningCode::MailLocked),
        1_000,
    );
    desk.kill();
    office.kill();
    world.run_for(1_000);
    let id = bob.send(&desk, "twice as secret");
    world.run_for(5_000);
    desk.restart();
    office.restart();
    world.expect(
        "the office reads it",
        || office.message(id).is_some(),
        5_000,
    );
    assert!(desk.until(Actor::caught_up, 5_000) && desk.message(id).is_none());
    assert!(desk.unlock(PASSWORD).is_ok() && desk.message(id).is_some());
}

#[test]
fn a_sixth_computer_is_told_what_to_do_and_finds_room_afterwards() {
    let world = World::new(4);
    let alice = world.member("alice");
    let others: Vec<Actor> = (2..=5)
        .map(|number| {
            let other = world.actor(&format!("pc{number}"));
            other.login("alice");
            other
        })
        .collect();
    let sixth = world.actor("pc6");
    assert_eq!(
        code(sixth.login_with("alice", PASSWORD)),
        "too_many_devices"
    );
    assert!(alice.remove_device(others[0].device(), PASSWORD).is_ok());
    sixth.login("alice");
    assert_eq!(alice.devices().len(), 5);
}

#[test]
fn contacts_reach_an_account_as_before_after_a_removal() {
    let world = World::new(5);
    let (desk, bob, _office, lost) = at_three_computers(&world);
    let carol = world.member("carol");
    befriend(&carol, &desk);
    assert!(desk.remove_device(lost.device(), PASSWORD).is_ok());
    for friend in [&bob, &carol] {
        let id = friend.send(&desk, "still there?");
        world.expect("it arrives", || friend.is_delivered(id), 5_000);
        let id = desk.send(friend, "still here");
        world.expect("and back", || desk.is_delivered(id), 5_000);
    }
}

/// The key of alice is compared, or only agreed to.
fn safety_of_alice(verify: bool) -> Command {
    Command::Safety(Safety {
        with: "alice".to_owned(),
        verify,
        accept: !verify,
    })
}

/// Somebody forgot the password: the account goes on under another key, with its friends, and everything old is out.
#[test]
fn a_reset_account_keeps_its_friends_and_they_are_told_of_its_new_key() {
    let world = World::new(6);
    let (desk, bob, office, lost) = at_three_computers(&world);
    assert!(bob.ask(safety_of_alice(true)).is_ok());
    let account = desk.account();
    for computer in [&desk, &office, &lost] {
        computer.kill();
    }
    world.run_for(1_000);
    let fresh = world.actor("fresh");
    let again = |code: &str| {
        fresh.register_with(|register| {
            register.login = "alice".to_owned();
            register.password = Secret::new("another staple 7");
            register.code = Some(code.to_owned());
        })
    };
    assert_eq!(code(again("no such code")), "name_taken");
    let right = world.reset_code("alice");
    assert!(again(&right).is_ok());
    assert_eq!(fresh.account(), account, "the number stayed");
    assert_eq!(fresh.devices().len(), 1);
    world.expect("it knows its friend", || fresh.is_friend_of(&bob), 5_000);
    world.expect(
        "bob is told",
        || bob.was_warned(WarningCode::KeyChanged),
        5_000,
    );
    // Bob had compared the old key: his words wait until he agrees to the new one.
    let waiting = bob.send(&desk, "is it you?");
    world.run_for(10_000);
    assert_eq!(bob.state(waiting), Some(DeliveryState::Queued));
    assert!(bob.ask(safety_of_alice(false)).is_ok());
    world.expect("it arrives", || fresh.message(waiting).is_some(), 10_000);
    let id = fresh.send(&bob, "it is me, I forgot my password");
    world.expect("and back", || fresh.is_delivered(id), 10_000);
    let other = world.actor("other");
    let used = other.register_with(|register| {
        register.login = "alice".to_owned();
        register.code = Some(right.clone());
    });
    assert_eq!(code(used), "name_taken", "the code is used up");
    for computer in [&desk, &office] {
        computer.restart();
        world.expect(
            "the old computers are out",
            || computer.was_warned(WarningCode::SignedOut),
            10_000,
        );
    }
    assert_eq!(
        code(desk.login_with("alice", PASSWORD)),
        "wrong_login_or_password"
    );
    assert!(desk.login_with("alice", "another staple 7").is_ok());
    assert!(desk.texts(&bob).is_empty(), "there was nothing before");
}
