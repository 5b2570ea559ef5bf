//! Somebody has a copy of a home: what he gets before and after the device is removed, and how a copy is noticed.

use hutong_engine::api::event::WarningCode;
use hutong_engine::api::{Done, Failure};
use hutong_engine::store::home::DEVICE;
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::network::Place;
use hutong_tests::harness::world::{World, befriend};

fn code(result: Result<Done, Failure>) -> &'static str {
    result.expect_err("a refusal").code()
}

#[test]
fn a_thief_with_a_copied_home_is_refused_while_its_owner_goes_on_and_the_owner_is_warned() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    let copy = alice.copy_disk();
    alice.kill();
    alice.restart();
    assert!(alice.until(Actor::is_online, 5_000));
    let thief = world.actor("thief");
    thief.start_with_home_of(&alice, copy);
    world.expect(
        "the copy is noticed",
        || thief.was_warned(WarningCode::IdentityCloned),
        5_000,
    );
    world.expect(
        "its owner is warned",
        || alice.was_warned(WarningCode::IdentityCloned),
        5_000,
    );
    let id = bob.send(&alice, "only for you");
    world.expect("it is delivered", || bob.is_delivered(id), 5_000);
    world.run_for(120_000);
    assert!(alice.is_online() && !thief.is_online());
    assert_eq!(thief.messages_shown(), 0);
}

/// The thief uses the number first: then it is the owner who comes too late, and must take the account back.
#[test]
fn a_thief_with_a_copied_home_who_comes_first_is_noticed_and_put_out() {
    let world = World::new(2);
    let (alice, bob) = world.friends("alice", "bob");
    let before = bob.send(&alice, "long ago");
    world.expect("it is delivered", || bob.is_delivered(before), 5_000);
    let before = alice.send(&bob, "I remember");
    world.expect("it is delivered", || alice.is_delivered(before), 5_000);
    let copy = alice.copy_disk();
    let stolen = alice.device();
    let thief = world.actor("thief");
    thief.start_with_home_of(&alice, copy);
    assert!(thief.until(Actor::is_online, 5_000));
    world.expect(
        "its owner is replaced and warned",
        || alice.was_warned(WarningCode::IdentityCloned),
        5_000,
    );
    world.expect(
        "the thief hears that he was noticed",
        || thief.was_warned(WarningCode::IdentityCloned),
        120_000,
    );
    world.run_for(1_000);
    let asked = alice.ask(hutong_engine::api::Command::Friends);
    assert_eq!(code(asked), "not_signed_in");
    alice.login("alice");
    let history = ["long ago", "I remember"];
    assert_eq!(alice.texts(&bob), history, "the history stayed");
    assert_ne!(alice.device(), stolen, "with a key that nobody copied");
    let id = alice.send(&bob, "it is me again");
    world.expect("it is shown at once", || bob.message(id).is_some(), 2_000);
    assert!(alice.remove_device(stolen, PASSWORD).is_ok());
    world.run_for(60_000);
    assert!(!thief.is_online());
    let had = thief.messages_shown();
    let id = bob.send(&alice, "only for you");
    world.expect("it is delivered", || bob.is_delivered(id), 5_000);
    world.run_for(60_000);
    assert_eq!(thief.messages_shown(), had);
}

#[test]
fn a_thief_with_a_copied_home_gets_nothing_after_its_removal() {
    let world = World::new(3);
    let (alice, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login("alice");
    let device = laptop.device();
    let copy = laptop.copy_disk();
    laptop.kill();
    assert!(alice.remove_device(device, PASSWORD).is_ok());
    let direct = bob.send(&alice, "said directly");
    world.expect("it is delivered", || bob.is_delivered(direct), 5_000);
    alice.kill();
    world.run_for(1_000);
    let mailed = bob.send(&alice, "sent by mail");
    world.run_for(5_000);
    let thief = world.actor("thief");
    thief.start_with_home_of(&laptop, copy);
    world.expect(
        "the rendezvous knows him no more",
        || thief.was_warned(WarningCode::SignedOut),
        5_000,
    );
    world.run_for(300_000);
    assert_eq!(thief.messages_shown(), 0);
    assert!(thief.message(direct).is_none() && thief.message(mailed).is_none());
    assert_eq!(
        code(thief.login_with("alice", "guessed password")),
        "wrong_login_or_password",
        "and adds no device"
    );
    alice.restart();
    world.expect(
        "its owner reads it",
        || alice.message(mailed).is_some(),
        5_000,
    );
}

/// What the stolen disk holds does not open what is sealed now, even if the rendezvous hands it over.
#[test]
fn a_thief_with_a_copied_home_lacks_the_key_of_mail_sealed_after_its_removal() {
    let world = World::new(4);
    let (alice, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login("alice");
    let device = laptop.device();
    let seals = |actor: &Actor| {
        let row = actor.computer(|computer| computer.read(|tx| tx.single(DEVICE)));
        row.expect("it runs")
            .expect("rows can be read")
            .expect("it is signed in")
            .seals
            .clone()
    };
    let stolen = seals(&laptop);
    assert!(alice.remove_device(device, PASSWORD).is_ok());
    let current = || {
        let rows = bob.computer(|computer| computer.read(hutong_engine::store::Tx::contacts));
        let rows = rows.expect("it runs").expect("rows can be read");
        let card = rows[0].1.card.peek_unverified();
        let card: hutong_common::signed::Card = card.expect("a card");
        card.seal_pk
    };
    let opens = |seals: &[hutong_common::vault::SealSeed]| {
        seals.iter().any(|seal| seal.public() == current())
    };
    world.expect("bob seals to another key", || !opens(&stolen), 2_000);
    assert!(opens(&seals(&alice)));
}

const PEERS: usize = 20;

/// Half of twenty contacts never hear of the removal from the rendezvous: they learn it from the others.
#[test]
fn a_thief_with_a_copied_home_gets_no_word_while_half_the_peers_are_cut_off_from_the_rendezvous() {
    let world = World::new(5);
    let alice = world.member("alice");
    let peers: Vec<Actor> = (0..PEERS)
        .map(|number| {
            let peer = world.member(&format!("peer{number}"));
            befriend(&peer, &alice);
            peer
        })
        .collect();
    let (connected, cut_off) = peers.split_at(PEERS / 2);
    for (near, far) in connected.iter().zip(cut_off) {
        befriend(near, far);
    }
    let laptop = world.actor("laptop");
    laptop.login("alice");
    for peer in &peers {
        let id = laptop.send(peer, "from the laptop");
        world.expect(
            "every peer knows the laptop",
            || peer.message(id).is_some(),
            20_000,
        );
    }
    world.network(|network| {
        for peer in cut_off {
            network.cut(peer.place(), Place::Server(0), true);
        }
    });
    world.run_for(90_000);
    assert!(cut_off.iter().all(|peer| !peer.is_online()));
    let stolen = laptop.device();
    assert!(alice.remove_device(stolen, PASSWORD).is_ok());
    world.run_for(60_000);
    let had = laptop.messages_shown();
    let words: Vec<_> = peers
        .iter()
        .map(|peer| (peer, peer.send(&alice, "where were you?")))
        .collect();
    for (peer, id) in &words {
        world.expect(
            "it reaches the desk",
            || alice.message(*id).is_some(),
            20_000,
        );
        world.expect("and that is known", || peer.is_delivered(*id), 20_000);
    }
    world.run_for(120_000);
    assert_eq!(laptop.messages_shown(), had);
}

#[test]
fn a_restored_backup_loses_nothing_and_doubles_nothing() {
    for seed in 0..5 {
        let world = World::new(seed);
        let (alice, bob) = world.friends("alice", "bob");
        let first = bob.send(&alice, "before the backup");
        world.expect("it is delivered", || bob.is_delivered(first), 5_000);
        alice.unplug(true);
        let queued = alice.send(&bob, "written on the train");
        let backup = alice.copy_disk();
        alice.unplug(false);
        world.expect("it is delivered", || bob.message(queued).is_some(), 60_000);
        let later = bob.send(&alice, "after the backup");
        world.expect("it is delivered", || bob.is_delivered(later), 20_000);
        for _ in 0..2 {
            alice.kill();
            alice.restart();
            assert!(alice.until(Actor::is_online, 10_000));
        }
        alice.restart_from(backup);
        world.expect(
            "the old number is noticed",
            || alice.was_warned(WarningCode::IdentityCloned),
            60_000,
        );
        alice.login("alice");
        assert_eq!(
            alice.texts(&bob),
            ["before the backup", "written on the train"],
            "what the backup held is there"
        );
        world.expect(
            "what it believed to be under way is known to have arrived",
            || alice.knows_delivered(&bob, queued),
            60_000,
        );
        let id = alice.send(&bob, "here again");
        world.expect("it is delivered", || alice.is_delivered(id), 10_000);
        let id = bob.send(&alice, "welcome back");
        world.expect("it is delivered", || bob.is_delivered(id), 10_000);
        let texts = [
            "before the backup",
            "written on the train",
            "after the backup",
            "here again",
            "welcome back",
        ];
        assert_eq!(bob.texts(&alice), texts, "once each");
    }
}
