//! Hints that lead astray, and everything that was ever said, said again.

use hutong_common::codec;
use hutong_common::direct::Direct;
use hutong_common::id::DeviceId;
use hutong_common::push::Push;
use hutong_common::rpc::presence::{Candidates, Introduction};
use hutong_engine::api::Command;
use hutong_engine::core::io::Found;
use hutong_engine::store::tables::PERSONAL;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::evil::Recorded;
use hutong_tests::harness::evil::rogue::Rogue;
use hutong_tests::harness::evil::trial::{Row, Trial};
use hutong_tests::harness::world::befriend;
use std::net::SocketAddr;

cases! {
    an_introduction_that_names_a_victim_is_not_dialled,
    an_announcement_that_names_a_victim_is_not_dialled,
    all_that_was_said_three_times_over_changes_nothing,
    all_that_was_said_with_every_hello_changes_nothing,
}

/// Addresses that belong to nobody who wants to be dialled.
const VICTIMS: [&str; 8] = [
    "255.255.255.255:7442",
    "224.0.0.251:7442",
    "0.0.0.0:7442",
    "127.0.0.1:7442",
    "[::1]:7442",
    "[ff02::fb]:7442",
    "[::ffff:127.0.0.1]:7442",
    "10.0.0.9:53",
];

fn victims() -> Vec<SocketAddr> {
    VICTIMS.iter().map(|text| text.parse().unwrap()).collect()
}

/// Alice and Bob are friends, and Alice looks for a way to him: his UDP is blocked, and something waits.
fn looking_for_bob(seed: u64) -> (Trial, Actor, Actor, DeviceId) {
    let mut trial = Trial::new(seed);
    let (alice, bob) = (trial.world.member("alice"), trial.world.member("bob"));
    trial.world.refuse_relays();
    bob.block_udp(true);
    befriend(&alice, &bob);
    trial.world.run_for(120_000);
    let device = Rogue::thief_of(&bob).pen.device_id();
    trial.begins(&[&alice]);
    trial.world.dials();
    (trial, alice, bob, device)
}

fn an_introduction_that_names_a_victim_is_not_dialled() -> Row {
    let (mut trial, alice, bob, device) = looking_for_bob(1);
    let honest: SocketAddr = "10.0.7.7:7442".parse().unwrap();
    let candidates = [victims(), vec![honest]].concat();
    for at in candidates.chunks(4) {
        trial.push(
            &alice,
            Push::Introduction(Introduction {
                account: bob.account().unwrap(),
                device,
                candidates: Candidates::new(at.to_vec()).unwrap(),
            }),
        );
        trial.world.run_for(10_000);
    }
    let dialled = trial.world.dials();
    assert!(dialled.contains(&honest), "{dialled:?}");
    assert!(
        victims().iter().all(|victim| !dialled.contains(victim)),
        "{dialled:?}"
    );
    trial.refuses(&alice, "dials none of them");
    trial.told_nothing(&alice);
    trial.ends()
}

/// What mDNS announced was dialled unseen.
fn an_announcement_that_names_a_victim_is_not_dialled() -> Row {
    let (mut trial, alice, bob, _) = looking_for_bob(2);
    let tag = bob.computer(|computer| {
        computer
            .program
            .as_ref()
            .and_then(|program| program.announced)
    });
    let tag = tag.expect("Bob is announced");
    let honest: SocketAddr = "10.0.7.7:7442".parse().unwrap();
    for at in [victims(), vec![honest]] {
        let found = Found::Peer { tag, addresses: at };
        trial.world.hears(&alice, found);
        alice.send(&bob, "where are you?");
        trial.world.run_for(120_000);
    }
    let dialled = trial.world.dials();
    assert!(dialled.contains(&honest), "{dialled:?}");
    assert!(
        victims().iter().all(|victim| !dialled.contains(victim)),
        "{dialled:?}"
    );
    trial.refuses(&alice, "dials none of them");
    trial.told_nothing(&alice);
    trial.ends()
}

/// A day of three people, on tape: friendship, texts, mail, files, and what was looked at.
fn a_day(seed: u64) -> (Trial, [Actor; 3], Vec<Recorded>) {
    let trial = Trial::new(seed);
    trial.world.record(true);
    let (alice, bob) = trial.world.friends("alice", "bob");
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    carol.add(&alice).unwrap();
    trial.world.run_for(3_000);
    alice.decline(&carol).unwrap();
    for n in 0..4 {
        alice.send(&bob, &format!("a{n}"));
        bob.send(&carol, &format!("b{n}"));
    }
    let (_, file) = alice.send_file(&bob, "film.mp4", 1 << 20);
    let (_, unwanted) = bob.send_file(&carol, "ad.exe", 1 << 10);
    trial.world.run_for(3_000);
    bob.accept_file(file).unwrap();
    carol.ask(Command::DeclineFile { file: unwanted }).unwrap();
    trial.world.run_for(10_000);
    trial.world.refuse_relays();
    bob.block_udp(true);
    trial.world.run_for(70_000);
    carol.send(&bob, "by mail");
    trial.world.run_for(10_000);
    bob.block_udp(false);
    let with = alice.name();
    bob.ask(Command::Read { with, upto: None }).unwrap();
    alice.send(&bob, "good night");
    trial.world.run_for(90_000);
    let tape = trial.world.record(false);
    (trial, [alice, bob, carol], tape)
}

/// A table's name, and its rows.
type Rows = (&'static str, Vec<(Vec<u8>, Vec<u8>)>);

/// Everything personal that lies in a home.
fn all_of(home: &Actor) -> Vec<Rows> {
    let rows = home.computer(|computer| {
        computer.read(|tx| {
            let tables = PERSONAL.iter();
            tables
                .map(|table| (table.name(), tx.all(*table).unwrap()))
                .collect()
        })
    });
    rows.expect("it runs")
}

/// Replays a tape three times in random order; nothing in any home is different then, and nobody is told anything.
fn again(seed: u64, is_played: impl Fn(&Recorded) -> bool) -> Row {
    let (mut trial, people, mut tape) = a_day(seed);
    tape.retain(is_played);
    assert!(tape.len() > 80, "{} frames say little", tape.len());
    let before = people.each_ref().map(all_of);
    trial.begins(&people.each_ref());
    trial.world.replay(&tape, 3);
    trial.world.run_for(60_000);
    for (home, before) in people.iter().zip(before) {
        for (was, is) in before.iter().zip(all_of(home)) {
            assert_eq!(*was, is, "{home:?}");
        }
        trial.assert_told_nothing(home);
    }
    trial.noticed_by_nobody("copies are known by their names, and older things by their numbers");
    trial.told("all: nothing, nothing came of it");
    trial.ends()
}

fn is_hello(recorded: &Recorded) -> bool {
    if let Recorded::Direct { frame, .. } = recorded {
        matches!(codec::decode(frame), Ok(Direct::Hello(_)))
    } else {
        false
    }
}

fn all_that_was_said_three_times_over_changes_nothing() -> Row {
    again(3, |recorded| !is_hello(recorded))
}

/// A second Hello ends a link, so most of what follows finds none; what finds one changes nothing either.
fn all_that_was_said_with_every_hello_changes_nothing() -> Row {
    again(4, |_| true)
}
