//! The table of crash points: whatever is killed and whenever, what was accepted arrives exactly once.

use hutong_engine::api::Command;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::computer::{CrashPoint, Moment};
use hutong_tests::harness::server::Handling;
use hutong_tests::harness::world::World;

/// Who is killed, and when.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Sender(Moment),
    Recipient(Moment),
    Rendezvous(Handling),
}

const SEEDS: u64 = 20;

const POINTS: [CrashPoint; 3] = [
    CrashPoint::BeforeCommit,
    CrashPoint::AfterCommit,
    CrashPoint::AfterOutputs,
];

/// One message; the victim dies at its point and comes back. The way is mail, or direct where UDP passes.
fn crash(seed: u64, victim: Victim, (point, by_mail): (CrashPoint, bool)) {
    let world = World::new(seed);
    let (alice, bob) = world.friends("alice", "bob");
    if by_mail {
        world.refuse_relays();
        bob.block_udp(true);
        world.run_for(65_000);
    } else {
        world.run_for(2_000);
    }
    match victim {
        Victim::Sender(moment) => alice.kill_at(moment, point),
        Victim::Recipient(moment) => bob.kill_at(moment, point),
        Victim::Rendezvous(handling) => {
            world.server(|server| server.trap = Some((handling, point)))
        }
    }
    say(&alice, &bob, "first");
    world.run_for(20_000);
    let sprang = !alice.runs() || !bob.runs() || !world.server_runs();
    assert!(
        sprang,
        "seed {seed}: nothing was killed, so nothing is shown"
    );
    heal_keeping_udp(&world, &bob, by_mail);
    world.run_for(2_000);
    say(&alice, &bob, "second");
    world.settle(&[alice.clone(), bob.clone()]);
    let texts = bob.texts(&alice);
    let first = texts.iter().filter(|text| *text == "first").count();
    let never_accepted =
        matches!(victim, Victim::Sender(Moment::Send)) && point == CrashPoint::BeforeCommit;
    assert_eq!(
        first,
        usize::from(!never_accepted),
        "seed {seed}: {texts:?}"
    );
    assert_eq!(
        texts.last().map(String::as_str),
        Some("second"),
        "seed {seed}"
    );
}

fn heal_keeping_udp(world: &World, bob: &Actor, by_mail: bool) {
    world.heal();
    bob.block_udp(by_mail);
}

fn say(from: &Actor, to: &Actor, text: &str) {
    from.issue(Command::Send {
        to: to.name(),
        text: text.to_owned(),
    });
}

fn all_seeds(victim: Victim, by_mail: bool) {
    for point in POINTS {
        for seed in 0..SEEDS {
            crash(seed, victim, (point, by_mail));
        }
    }
}

#[test]
fn a_sender_killed_while_a_message_is_accepted_loses_nothing() {
    all_seeds(Victim::Sender(Moment::Send), false);
}

#[test]
fn a_sender_killed_while_mail_is_acknowledged_loses_nothing() {
    all_seeds(Victim::Sender(Moment::Acknowledged), true);
}

#[test]
fn a_sender_killed_while_a_direct_message_is_acknowledged_loses_nothing() {
    all_seeds(Victim::Sender(Moment::Acknowledged), false);
}

#[test]
fn a_rendezvous_killed_while_mail_is_left_loses_nothing() {
    all_seeds(Victim::Rendezvous(Handling::SendMail), true);
}

#[test]
fn a_rendezvous_killed_while_mail_is_taken_away_loses_nothing() {
    all_seeds(Victim::Rendezvous(Handling::AckMail), true);
}

#[test]
fn a_recipient_killed_while_mail_comes_in_is_shown_it_once() {
    all_seeds(Victim::Recipient(Moment::Receive), true);
}

#[test]
fn a_recipient_killed_while_a_direct_message_comes_in_is_shown_it_once() {
    all_seeds(Victim::Recipient(Moment::Receive), false);
}
