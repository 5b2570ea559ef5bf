//! Text: by which way it goes, what each side is told of it, and in which order it is shown.

use hutong_engine::api::Path;
use hutong_engine::api::event::DeliveryState;
use hutong_tests::harness::world::{World, befriend};

#[test]
fn a_text_goes_computer_to_computer_once_the_link_is_warm() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    world.expect(
        "the link stands",
        || alice.presence(&bob) == Some((true, Path::Direct)),
        5_000,
    );
    let id = alice.send(&bob, "你好 👩‍👩‍👧 שלום \u{10348}");
    world.expect("it is delivered", || alice.is_delivered(id), 2_000);
    let shown = bob.message(id).expect("it is shown");
    assert_eq!(shown.path, Path::Direct);
    assert_eq!(shown.text.as_deref(), Some("你好 👩‍👩‍👧 שלום \u{10348}"));
    assert_eq!(
        (shown.from.as_str(), shown.conversation.as_str()),
        ("alice", "alice")
    );
}

#[test]
fn both_sides_talk_at_once_over_one_link_although_both_dialled() {
    for seed in 0..10 {
        let world = World::new(seed);
        let (alice, bob) = world.friends("alice", "bob");
        let ids: Vec<_> = (0..5)
            .map(|n| {
                (
                    alice.send(&bob, &format!("a{n}")),
                    bob.send(&alice, &format!("b{n}")),
                )
            })
            .collect();
        let all = || {
            ids.iter()
                .all(|(a, b)| alice.is_delivered(*a) && bob.is_delivered(*b))
        };
        world.expect("all is delivered", all, 20_000);
        world.compare(&alice, &bob);
    }
}

/// Each side took the other's link for a reason to end its own, so that both links died; the dials began again, and
/// without the rendezvous nobody knew any more where to dial.
#[test]
fn two_who_dial_each_other_at_once_keep_a_link() {
    for seed in 0..30 {
        let world = World::new(seed);
        let (alice, bob) = world.friends("alice", "bob");
        let direct = Some((true, Path::Direct));
        let both = || alice.presence(&bob) == direct && bob.presence(&alice) == direct;
        world.expect("the link stands", both, 5_000);
        world.kill_server();
        let id = alice.send(&bob, "still there?");
        world.expect("it is delivered", || alice.is_delivered(id), 1_000);
    }
}

#[test]
fn mail_for_somebody_away_is_left_and_then_delivered() {
    let world = World::new(3);
    let (alice, bob) = world.friends("alice", "bob");
    bob.kill();
    let id = alice.send(&bob, "read this tomorrow");
    let left = || alice.state(id) == Some(DeliveryState::LeftAtServer);
    world.expect("the rendezvous has it", left, 10_000);
    alice.kill();
    bob.restart();
    world.expect("it is shown", || bob.message(id).is_some(), 10_000);
    assert_eq!(
        bob.message(id).map(|message| message.path),
        Some(Path::Mail)
    );
    alice.restart();
    world.expect("the receipt waited", || alice.is_delivered(id), 10_000);
}

#[test]
fn what_was_read_is_shown_to_the_writer() {
    let world = World::new(4);
    let (alice, bob) = world.friends("alice", "bob");
    let id = alice.send(&bob, "look");
    world.expect("it is delivered", || alice.is_delivered(id), 10_000);
    let with = alice.name();
    bob.ask(hutong_engine::api::Command::Read { with, upto: None })
        .unwrap();
    world.expect(
        "it was looked at",
        || alice.state(id) == Some(DeliveryState::Shown),
        10_000,
    );
}

#[test]
fn without_udp_and_without_a_relay_everything_goes_by_mail() {
    let world = World::new(5);
    world.refuse_relays();
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    bob.block_udp(true);
    befriend(&alice, &bob);
    for n in 0..5 {
        let id = alice.send(&bob, &format!("line {n}"));
        world.expect("it is delivered", || alice.is_delivered(id), 10_000);
        assert_eq!(
            bob.message(id).map(|message| message.path),
            Some(Path::Mail)
        );
    }
}

#[test]
fn two_who_cannot_reach_each_other_and_have_no_relay_talk_by_mail() {
    let world = World::new(13);
    world.refuse_relays();
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    world.network(|network| network.cut(alice.place(), bob.place(), true));
    befriend(&alice, &bob);
    let id = alice.send(&bob, "on two sides of the wall");
    world.expect("it is delivered", || alice.is_delivered(id), 10_000);
    assert_eq!(
        bob.message(id).map(|message| message.path),
        Some(Path::Mail)
    );
    world.network(|network| network.cut(alice.place(), bob.place(), false));
    let direct = || alice.presence(&bob) == Some((true, Path::Direct));
    world.expect("the wall is gone", direct, 120_000);
}

#[test]
fn a_link_that_falls_silent_does_not_hold_a_message_back() {
    let world = World::new(6);
    let (alice, bob) = world.friends("alice", "bob");
    world.expect(
        "the link stands",
        || alice.presence(&bob) == Some((true, Path::Direct)),
        5_000,
    );
    bob.block_udp(true);
    let id = alice.send(&bob, "through the wall");
    world.expect("mail takes over", || alice.is_delivered(id), 10_000);
    world.run_for(90_000);
    world.settle(&[alice, bob]);
}

#[test]
fn without_the_rendezvous_the_class_goes_on() {
    let world = World::new(7);
    let (alice, bob) = world.friends("alice", "bob");
    world.expect(
        "the link stands",
        || alice.presence(&bob) == Some((true, Path::Direct)),
        5_000,
    );
    world.kill_server();
    for n in 0..20 {
        let id = alice.send(&bob, &format!("line {n}"));
        world.expect("it is delivered", || alice.is_delivered(id), 3_000);
        world.run_for(30_000);
    }
    world.settle(&[alice, bob]);
}

#[test]
fn what_is_written_while_cut_off_arrives_when_the_cable_is_back() {
    let world = World::new(8);
    let (alice, bob) = world.friends("alice", "bob");
    alice.unplug(true);
    let ids: Vec<_> = (0..5)
        .map(|n| alice.send(&bob, &format!("line {n}")))
        .collect();
    world.run_for(300_000);
    assert!(ids.iter().all(|id| !alice.is_delivered(*id)));
    alice.unplug(false);
    world.expect(
        "all arrives",
        || ids.iter().all(|id| alice.is_delivered(*id)),
        120_000,
    );
    assert_eq!(
        bob.texts(&alice),
        ["line 0", "line 1", "line 2", "line 3", "line 4"]
    );
}

#[test]
fn wrong_clocks_change_neither_the_order_nor_the_delivery() {
    for (seed, hours) in [(9, 8), (10, -8)] {
        let world = World::new(seed);
        let alice = world.actor("alice");
        alice.computer(|computer| computer.clock_offset_ms = hours * 3_600_000);
        alice.register();
        let bob = world.member("bob");
        befriend(&alice, &bob);
        let mut said = Vec::new();
        for n in 0..10 {
            let (from, to) = if n % 2 == 0 {
                (&alice, &bob)
            } else {
                (&bob, &alice)
            };
            let text = format!("line {n}");
            let id = from.send(to, &text);
            world.expect("it is delivered", || from.is_delivered(id), 10_000);
            said.push(text);
        }
        assert_eq!(alice.texts(&bob), said);
        assert_eq!(bob.texts(&alice), said);
    }
}

#[test]
fn peers_find_each_other_by_multicast_when_the_rendezvous_is_away() {
    let world = World::new(11);
    world.network(|network| network.multicast = true);
    let (alice, bob) = world.friends("alice", "bob");
    alice.kill();
    bob.kill();
    world.kill_server();
    world.run_for(1_000);
    alice.restart();
    bob.restart();
    let id = alice.send(&bob, "no server here");
    world.expect("it is delivered", || alice.is_delivered(id), 10_000);
    assert_eq!(
        bob.message(id).map(|message| message.path),
        Some(Path::Direct)
    );
}

#[test]
fn a_conversation_of_two_hundred_messages_survives_a_dozen_kills() {
    let world = World::new(12);
    let (alice, bob) = world.friends("alice", "bob");
    for n in 0..200 {
        let (from, to) = if n % 2 == 0 {
            (&alice, &bob)
        } else {
            (&bob, &alice)
        };
        from.send(to, &format!("line {n}"));
        world.run_for(150);
        if n % 16 == 7 {
            match n / 16 % 3 {
                0 => world.kill_server(),
                1 => alice.kill(),
                _ => bob.kill(),
            }
            world.run_for(400);
            world.heal();
        }
    }
    world.settle(&[alice.clone(), bob.clone()]);
    assert_eq!(alice.history(&bob).len(), 200);
}
