//! One account on several devices: what is written on one is on the others, and what a seat says is delivered is kept.

use hutong_common::limits::{DAY_MS, MINUTE_MS};
use hutong_engine::api::command::Command;
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::DeliveryState;
use hutong_engine::api::{Done, Event};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn logout(actor: &Actor) {
    assert_eq!(actor.ask(Command::Logout), Ok(Done::Plain {}));
}

/// Alice with two computers of her own, and her friend Bob.
fn two_computers(world: &World) -> (Actor, Actor, Actor) {
    let (desk, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop
        .login_with("alice", "correct horse battery")
        .expect("the password is right");
    world.expect("both are there", || laptop.is_friend_of(&bob), 10_000);
    world.run_for(5_000);
    (desk, laptop, bob)
}

/// Alice, whose account has no computer of her own, and her friend Bob.
fn only_seats(world: &World) -> Actor {
    let (alice, bob) = world.friends("alice", "bob");
    logout(&alice);
    alice.kill();
    world.run_for(5_000);
    bob
}

fn seat(world: &World, name: &str, bob: &Actor) -> Actor {
    let seat = world.actor(name);
    seat.sit_down("alice");
    world.expect("she is there", || seat.is_friend_of(bob), 10_000);
    seat
}

fn caught_up(actor: &Actor) -> bool {
    actor
        .last_event_of_this_life(|event| matches!(event, Event::CaughtUp {}).then_some(()))
        .is_some()
}

fn ids(rows: &[HistoryRow]) -> Vec<String> {
    rows.iter().map(|row| row.message.id.to_string()).collect()
}

fn unread(actor: &Actor) -> u64 {
    match actor.ask(Command::Unread) {
        Ok(Done::Unread { total, .. }) => total,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_on_one_computer_is_on_the_other_once_and_in_order() {
    for seed in 0..3 {
        let world = World::new(seed);
        let (desk, laptop, bob) = two_computers(&world);
        for number in 0..5 {
            let from = if number % 2 == 0 { &desk } else { &laptop };
            let other = if number % 2 == 0 { &laptop } else { &desk };
            let id = from.send(&bob, &format!("number {number}"));
            world.expect("a copy comes", || other.message(id).is_some(), 10_000);
            let copy = other.message(id).expect("just seen");
            assert_eq!(
                (copy.from.as_str(), copy.conversation.as_str()),
                ("alice", "bob")
            );
            world.expect("it is delivered", || from.is_delivered(id), 10_000);
            let answer = bob.send(&desk, &format!("answer {number}"));
            for computer in [&desk, &laptop] {
                world.expect("both get it", || computer.message(answer).is_some(), 10_000);
            }
        }
        world.run_for(10_000);
        let at_desk = ids(&desk.history(&bob));
        assert_eq!(at_desk.len(), 10, "seed {seed}");
        assert_eq!(at_desk, ids(&laptop.history(&bob)));
        assert_eq!(at_desk, ids(&bob.history(&desk)));
        assert_eq!((desk.messages_shown(), laptop.messages_shown()), (10, 10));
        let states = laptop.history(&bob).into_iter().filter_map(|row| row.state);
        assert!(
            states
                .into_iter()
                .all(|state| state >= DeliveryState::LeftAtServer)
        );
    }
}

#[test]
fn a_computer_that_was_off_learns_what_the_other_wrote_and_what_became_of_it() {
    let world = World::new(4);
    let (desk, laptop, bob) = two_computers(&world);
    laptop.kill();
    let direct = desk.send(&bob, "while the laptop sleeps");
    world.expect("it is delivered", || desk.is_delivered(direct), 10_000);
    bob.kill();
    world.run_for(5_000);
    let mailed = desk.send(&bob, "while Bob sleeps too");
    let left = || desk.state(mailed) == Some(DeliveryState::LeftAtServer);
    world.expect("it waits for him", left, 10_000);
    desk.kill();
    laptop.restart();
    world.expect(
        "both copies come",
        || laptop.message(mailed).is_some() && laptop.message(direct).is_some(),
        10_000,
    );
    assert_eq!(
        laptop.texts(&bob),
        ["while the laptop sleeps", "while Bob sleeps too"]
    );
    bob.restart();
    let state = || laptop.history(&bob).last().and_then(|row| row.state);
    world.expect(
        "Bob has it, as his receipt says",
        || state() == Some(DeliveryState::Delivered),
        20_000,
    );
}

/// A receipt from the first of Bob's computers ended the delivery. When the rendezvous was away just then, the other
/// computer never got the message.
#[test]
fn the_other_computer_of_the_recipient_gets_what_only_one_could_be_reached_with() {
    let world = World::new(5);
    let (desk, laptop, bob) = two_computers(&world);
    laptop.kill();
    world.run_for(5_000);
    world.kill_server();
    world.run_for(5_000);
    let id = bob.send(&desk, "for both of you");
    world.expect("one has it", || bob.is_delivered(id), 10_000);
    world.run_for(60_000);
    world.restart_server();
    laptop.restart();
    world.expect("so has the other", || laptop.message(id).is_some(), 400_000);
}

#[test]
fn a_seat_alone_is_no_proof_that_a_message_is_kept() {
    let world = World::new(6);
    let bob = only_seats(&world);
    let seat = seat(&world, "seat", &bob);
    let first = bob.send(&seat, "hello");
    world.expect("it is delivered", || bob.is_delivered(first), 10_000);
    world.kill_server();
    world.run_for(1_000);
    let id = bob.send(&seat, "kept where?");
    world.expect("she reads it", || seat.message(id).is_some(), 10_000);
    world.run_for(60_000);
    assert_eq!(
        bob.state(id),
        Some(DeliveryState::InFlight),
        "on a disk that is gone tomorrow"
    );
    let mine = seat.send(&bob, "and mine?");
    world.expect(
        "his own computer keeps it",
        || seat.is_delivered(mine),
        10_000,
    );
    seat.kill();
    world.restart_server();
    world.expect("the rendezvous keeps it", || bob.is_delivered(id), 400_000);
    let next = self::seat(&world, "next", &bob);
    world.expect(
        "it is at the next seat",
        || next.message(id).is_some(),
        20_000,
    );
}

#[test]
fn an_account_with_only_seats_finds_thirty_days_of_history_at_the_next_one() {
    let world = World::new(7);
    let bob = only_seats(&world);
    let day = |number: u64| {
        let now_ms = world.now_ms();
        // Whole days of a rendezvous without anybody are long to watch and show nothing.
        world.kill_server();
        world.run_for((number * DAY_MS).saturating_sub(now_ms));
        world.restart_server();
    };
    let talk = |seat: &Actor, name: &str| {
        bob.restart();
        world.expect("he is there", || bob.is_online(), 20_000);
        for number in 0..3 {
            let asked = bob.send(seat, &format!("{name}: question {number}"));
            world.expect("it comes", || seat.message(asked).is_some(), 20_000);
            let answer = seat.send(&bob, &format!("{name}: answer {number}"));
            world.expect(
                "so does the answer",
                || bob.message(answer).is_some(),
                20_000,
            );
            world.run_for(MINUTE_MS);
        }
        logout(seat);
        let later = bob.send(seat, &format!("{name}: good night"));
        let is_left = || bob.state(later) == Some(DeliveryState::LeftAtServer);
        world.expect("it waits for her", is_left, 20_000);
        bob.kill();
    };
    bob.kill();
    day(1);
    let first = seat(&world, "first", &bob);
    talk(&first, "day 1");
    let mut said = 7;
    for (number, name) in [(10, "second"), (29, "third")] {
        day(number);
        let seat = seat(&world, name, &bob);
        world.expect("all is here", || caught_up(&seat), 20_000);
        let texts = seat.texts(&bob);
        assert_eq!(texts.len(), said, "{texts:#?}");
        let expected: Vec<String> = texts.clone();
        assert_eq!(seat.messages_shown(), said, "each once");
        assert_eq!(unread(&seat), 1, "what she answered she has read");
        talk(&seat, &format!("day {number}"));
        bob.restart();
        let at_bob = bob.texts(&seat);
        assert_eq!(&at_bob[..said], expected, "in his order");
        bob.kill();
        said += 7;
    }
    day(35);
    let last = seat(&world, "last", &bob);
    world.expect("all is here", || caught_up(&last), 20_000);
    let texts = last.texts(&bob);
    assert_eq!(texts.len(), 14, "{texts:#?}");
    assert!(texts[0].starts_with("day 10"), "{texts:#?}");
}
