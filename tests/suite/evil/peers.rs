//! Peers that dial directly and say what they may not: strangers, thieves, and friends who lie.

use hutong_common::bounded::List;
use hutong_common::direct::{Direct, FileName, Refused, Shown};
use hutong_common::id::{MsgId, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DAY_MS, MINUTE_MS};
use hutong_common::message::To;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_common::signed::{ReceiptBody, Signed};
use hutong_engine::api::Command;
use hutong_engine::api::event::{DeliveryState, WarningCode};
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::forged::Forged;
use hutong_tests::harness::evil::rogue::{Rogue, RogueLink};
use hutong_tests::harness::evil::trial::{Row, Trial};
use hutong_tests::harness::world::befriend;

cases! {
    a_stranger_who_dials_directly_hears_nothing,
    somebody_blocked_who_dials_directly_hears_nothing,
    a_former_friend_who_dials_directly_hears_nothing,
    a_device_that_signed_out_is_nobody_to_a_friend,
    the_link_of_a_device_whose_time_ends_is_closed,
    the_right_card_under_another_key_is_refused,
    the_hello_of_somebody_else_opens_no_door,
    a_message_before_the_hello_closes_the_link,
    a_second_hello_closes_the_link,
    a_message_for_somebody_else_is_not_taken,
    a_message_of_another_rendezvous_is_not_taken,
    a_message_in_the_name_of_somebody_else_is_not_taken,
    one_name_used_by_two_writers_is_two_messages,
    one_name_with_other_words_is_dropped,
    a_number_used_twice_is_told_on_both_sides,
    a_time_far_ahead_or_behind_is_placed_by_arrival,
    a_receipt_signed_by_another_device_delivers_nothing,
    what_was_not_sent_to_him_he_can_neither_confirm_nor_have_seen,
    a_file_that_was_offered_to_somebody_else_is_not_found,
    a_flood_of_frames_holds_nobody_else_back,
}

/// Somebody's home is on a rogue's computer; he dials Bob, introduces himself, and is refused without a word.
fn is_refused(mut trial: Trial, rogue: &Rogue, bob: &Actor) -> Row {
    trial.begins(&[bob]);
    let link = rogue.greets(bob);
    let (_, message) = rogue.writes(bob, 99, "let me in");
    link.says(Direct::Deliver(message));
    trial.world.run_for(5_000);
    assert!(
        !link.is_open() && link.heard().is_empty(),
        "{:?}",
        link.heard()
    );
    trial.noticed_by(bob, "a link is refused");
    trial.told_nothing(bob);
    trial.ends()
}

fn a_stranger_who_dials_directly_hears_nothing() -> Row {
    let (trial, _, bob) = Trial::of_friends(1);
    let carol = trial.world.member("carol");
    is_refused(trial, &Rogue::thief_of(&carol), &bob)
}

fn somebody_blocked_who_dials_directly_hears_nothing() -> Row {
    let (trial, alice, bob) = Trial::of_friends(2);
    let login = alice.name();
    bob.ask(Command::Block { login }).unwrap();
    trial.world.run_for(2_000);
    is_refused(trial, &Rogue::thief_of(&alice), &bob)
}

fn a_former_friend_who_dials_directly_hears_nothing() -> Row {
    let (trial, alice, bob) = Trial::of_friends(3);
    let login = alice.name();
    bob.ask(Command::Remove { login }).unwrap();
    trial.world.run_for(2_000);
    is_refused(trial, &Rogue::thief_of(&alice), &bob)
}

fn a_device_that_signed_out_is_nobody_to_a_friend() -> Row {
    let (trial, _, bob) = Trial::of_friends(4);
    let second = trial.world.actor("alice at home");
    second.login_with("alice", PASSWORD).unwrap();
    trial.world.run_for(2_000);
    let thief = Rogue::thief_of(&second);
    second.ask(Command::Logout).unwrap();
    trial.world.run_for(2_000);
    is_refused(trial, &thief, &bob)
}

/// The rendezvous has said that this account is Alice's contact.
fn invented_friend(trial: &Trial, alice: &Actor, friend: &Forged) {
    let contact = friend.contact();
    trial.lie_to(alice, move |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Contacts(page)),
            ..
        } = frame
        {
            page.contacts = List::new(vec![contact.clone()]).unwrap();
        }
    });
    trial.reconnect(alice);
}

/// A link stayed, and with it what was sent over it, when the time of a seat was over.
fn the_link_of_a_device_whose_time_ends_is_closed() -> Row {
    let mut trial = Trial::new(5);
    let alice = trial.world.member("alice");
    let mut mallory = Forged::new(&trial.server_key(), "mallory", 7);
    let mut device = mallory.card.devices[0].clone();
    device.until_ms = EPOCH_MS + MINUTE_MS;
    mallory.card.devices = List::new(vec![device]).unwrap();
    invented_friend(&trial, &alice, &mallory);
    let link = mallory.rogue(&alice).greets(&alice);
    trial.world.run_for(5_000);
    assert!(link.is_open() && !link.heard().is_empty());
    trial.begins(&[&alice]);
    trial.world.run_for(MINUTE_MS);
    assert!(!link.is_open());
    trial.noticed_by(&alice, "a link is refused");
    trial.told_nothing(&alice);
    trial.ends()
}

fn the_right_card_under_another_key_is_refused() -> Row {
    let (trial, alice, bob) = Trial::of_friends(6);
    let mut thief = Rogue::thief_of(&alice);
    thief.tls = KeyPair::from_seed([66; 32]);
    is_refused(trial, &thief, &bob)
}

fn the_hello_of_somebody_else_opens_no_door() -> Row {
    let (trial, alice, bob) = Trial::of_friends(7);
    let carol = trial.world.member("carol");
    let mut thief = Rogue::thief_of(&carol);
    thief.hello = Rogue::thief_of(&alice).hello;
    is_refused(trial, &thief, &bob)
}

fn a_message_before_the_hello_closes_the_link() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(8);
    let thief = Rogue::thief_of(&alice);
    trial.begins(&[&bob]);
    let link = thief.dials(&bob);
    let (_, message) = thief.writes(&bob, 1, "too early");
    link.says(Direct::Deliver(message));
    link.says(Direct::Hello(thief.hello));
    trial.world.run_for(5_000);
    assert!(!link.is_open() && link.heard().is_empty());
    trial.noticed_by(&bob, "a link is refused");
    trial.told_nothing(&bob);
    trial.ends()
}

/// Alice's computer is in the hands of somebody evil, who has a link to Bob.
fn evil_alice(seed: u64) -> (Trial, Actor, Actor, Rogue, RogueLink) {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    let thief = Rogue::thief_of(&alice);
    let link = thief.greets(&bob);
    trial.world.run_for(2_000);
    assert!(link.is_open() && matches!(link.heard()[..], [Direct::Hello(_), ..]));
    trial.begins(&[&alice, &bob]);
    (trial, alice, bob, thief, link)
}

fn a_second_hello_closes_the_link() -> Row {
    let (mut trial, _, bob, thief, link) = evil_alice(9);
    link.says(Direct::Hello(thief.hello));
    trial.world.run_for(2_000);
    assert!(!link.is_open());
    trial.noticed_by(&bob, "a link is refused");
    trial.told_nothing(&bob);
    trial.ends()
}

/// A message that was changed like this is refused, and Bob hears nothing of it.
fn odd_message(seed: u64, change: impl Fn(&mut hutong_common::message::Inner)) -> Row {
    let (mut trial, _, bob, thief, link) = evil_alice(seed);
    let at_ms = EPOCH_MS + 10_000;
    let mut inner = thief.pen.inner(bob.account().unwrap(), 1, (at_ms, "odd"));
    change(&mut inner);
    link.says(Direct::Deliver(thief.pen.signs(&inner)));
    trial.world.run_for(3_000);
    let refused = |frame: &Direct| matches!(frame, Direct::Refused(_));
    assert!(link.heard().iter().any(refused));
    trial.noticed_by(&bob, "a message is not taken");
    trial.told_nothing(&bob);
    trial.ends()
}

fn a_message_for_somebody_else_is_not_taken() -> Row {
    odd_message(10, |inner| {
        inner.to = To::Account(hutong_common::id::AccountId(10_077));
    })
}

fn a_message_of_another_rendezvous_is_not_taken() -> Row {
    odd_message(11, |inner| inner.server_id = ServerId([9; 32]))
}

fn a_message_in_the_name_of_somebody_else_is_not_taken() -> Row {
    odd_message(12, |inner| inner.sender_account.0 += 1)
}

fn one_name_used_by_two_writers_is_two_messages() -> Row {
    let (mut trial, alice, bob, thief, link) = evil_alice(13);
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    let other = Rogue::thief_of(&carol);
    let other_link = other.greets(&bob);
    for (rogue, link) in [(&thief, &link), (&other, &other_link)] {
        let (_, message) = rogue.writes(&bob, 1, "the same name");
        link.says(Direct::Deliver(message));
    }
    trial.world.run_for(5_000);
    for friend in [&alice, &carol] {
        assert_eq!(bob.texts(friend), ["the same name"]);
    }
    trial.noticed_by_nobody("a message is known by its name and its writer's device");
    trial.told("bob: both messages");
    trial.ends()
}

fn one_name_with_other_words_is_dropped() -> Row {
    let (mut trial, alice, bob, thief, link) = evil_alice(14);
    let (name, message) = thief.writes(&bob, 1, "ten");
    link.says(Direct::Deliver(message));
    trial.world.run_for(1_000);
    let at_ms = EPOCH_MS + 10_000;
    let mut inner = thief
        .pen
        .inner(bob.account().unwrap(), 2, (at_ms, "a thousand"));
    inner.msg_id = name;
    link.says(Direct::Deliver(thief.pen.signs(&inner)));
    trial.world.run_for(5_000);
    assert_eq!(bob.texts(&alice), ["ten"]);
    let stored = |frame: &&Direct| matches!(frame, Direct::Stored(_));
    assert_eq!(link.heard().iter().filter(stored).count(), 1);
    trial.noticed_by(&bob, "other bytes under the name of a message");
    trial.told("bob: the first message only");
    trial.ends()
}

/// Only the receiver was told.
fn a_number_used_twice_is_told_on_both_sides() -> Row {
    let (mut trial, alice, bob, thief, link) = evil_alice(15);
    let (_, message) = thief.writes(&bob, 1, "I am Alice");
    link.says(Direct::Deliver(message));
    trial.world.run_for(2_000);
    let id = alice.send(&bob, "I am Alice, really");
    trial
        .world
        .expect("it is delivered", || alice.is_delivered(id), 9_000);
    trial.world.run_for(5_000);
    assert_eq!(bob.texts(&alice).len(), 2);
    trial.warned(&bob, WarningCode::DeviceCopied);
    trial.warned(&alice, WarningCode::IdentityCloned);
    trial.ends()
}

fn a_time_far_ahead_or_behind_is_placed_by_arrival() -> Row {
    let (mut trial, alice, bob, thief, link) = evil_alice(16);
    bob.send(&alice, "first");
    trial.world.run_for(1_000);
    let to = bob.account().unwrap();
    for (seq, at_ms) in [(1, EPOCH_MS + 3650 * DAY_MS), (2, EPOCH_MS - 3650 * DAY_MS)] {
        let inner = thief.pen.inner(to, seq, (at_ms, &format!("number {seq}")));
        link.says(Direct::Deliver(thief.pen.signs(&inner)));
        trial.world.run_for(1_000);
    }
    bob.send(&alice, "last");
    trial.world.run_for(1_000);
    let texts = ["first", "number 1", "number 2", "last"];
    assert_eq!(bob.texts(&alice), texts);
    trial.noticed_by_nobody("a wrong clock looks the same");
    trial.told("bob: the messages where they arrived, with the time that they claim");
    trial.ends()
}

/// Bob's computer is in the hands of somebody evil, who has a link to Alice; a message to Bob is not delivered yet.
fn evil_bob(seed: u64) -> (Trial, Actor, Rogue, RogueLink, MsgId) {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    let thief = Rogue::thief_of(&bob);
    bob.kill();
    trial.world.run_for(70_000);
    let id = alice.send(&bob, "for Bob");
    trial.world.run_for(3_000);
    let link = thief.greets(&alice);
    trial.world.run_for(2_000);
    trial.begins(&[&alice]);
    (trial, alice, thief, link, id)
}

fn a_receipt_signed_by_another_device_delivers_nothing() -> Row {
    let (mut trial, alice, _, link, id) = evil_bob(17);
    let sender = Rogue::thief_of(&alice).pen;
    let receipt = ReceiptBody {
        server_id: sender.server,
        sender_device: sender.device_id(),
        msg_id: id,
        stored_ms: EPOCH_MS,
    };
    let forged = Signed::new(&receipt, &KeyPair::from_seed([66; 32]));
    link.says(Direct::Stored(forged));
    trial.world.run_for(2_000);
    trial.noticed_by(&alice, "a receipt does not hold");
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

fn what_was_not_sent_to_him_he_can_neither_confirm_nor_have_seen() -> Row {
    let (mut trial, alice, _, _, id) = evil_bob(18);
    let carol = trial.world.member("carol");
    befriend(&carol, &alice);
    let thief = Rogue::thief_of(&carol);
    let link = thief.greets(&alice);
    trial.begins(&[&alice]);
    let sender = Rogue::thief_of(&alice).pen;
    let receipt = ReceiptBody {
        server_id: sender.server,
        sender_device: sender.device_id(),
        msg_id: id,
        stored_ms: EPOCH_MS,
    };
    link.says(Direct::Stored(Signed::new(&receipt, &thief.pen.device)));
    link.says(Direct::Shown(Shown { upto: id }));
    let why = Refusal::NotAllowed;
    link.says(Direct::Refused(Refused { msg_id: id, why }));
    trial.world.run_for(3_000);
    trial.noticed_by_nobody("what a peer says counts for the messages to him alone");
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

fn a_file_that_was_offered_to_somebody_else_is_not_found() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(19);
    let carol = trial.world.member("carol");
    befriend(&alice, &carol);
    let (message, file) = alice.send_file(&bob, "secret.pdf", 1 << 20);
    trial
        .world
        .expect("bob sees the offer", || bob.file(file).is_some(), 10_000);
    let thief = Rogue::thief_of(&carol);
    let link = thief.greets(&alice);
    trial.world.run_for(2_000);
    trial.begins(&[&alice]);
    let name = FileName {
        sender_device: Rogue::thief_of(&alice).pen.device_id(),
        msg_id: message,
    };
    let root = alice.content("/files/secret.pdf".as_ref()).unwrap().root;
    assert_eq!(link.asks_for(name, root), Some(Refusal::NotFound));
    for frame in [
        Direct::FileDeclined(name),
        Direct::FilePaused(name),
        Direct::FileVerified(name),
    ] {
        link.says(frame);
    }
    trial.world.run_for(2_000);
    trial.refuses(&alice, "answers not_found, as for what does not exist");
    trial.told_nothing(&alice);
    bob.accept_file(file).unwrap();
    trial
        .world
        .expect("bob gets it", || bob.has_file(file), 20_000);
    trial.ends()
}

fn a_flood_of_frames_holds_nobody_else_back() -> Row {
    let (mut trial, _, bob, thief, link) = evil_alice(20);
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    trial.world.run_for(3_000);
    trial.begins(&[&bob, &carol]);
    let (id, message) = thief.writes(&bob, 1, "again and again");
    for _ in 0..1_000 {
        link.says(Direct::Deliver(message.clone()));
        link.says(Direct::Shown(Shown { upto: id }));
        link.says(Direct::Unknown(999, vec![7; 1_000]));
    }
    let mail = carol.send(&bob, "can you hear me?");
    trial
        .world
        .expect("it is delivered", || carol.is_delivered(mail), 2_000);
    trial.world.run_for(5_000);
    assert_eq!(bob.messages_shown(), 2);
    trial.noticed_by_nobody("frames of one peer are handled in turn with all others");
    trial.told("bob: the message of the one, once, and that of the other in time");
    trial.ends()
}
