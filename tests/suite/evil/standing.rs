//! The rendezvous lies about itself and the own account: revocations, whom it welcomes, which key it has, what time it is.

use hutong_common::bounded::List;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::limits::DAY_MS;
use hutong_common::push::Push;
use hutong_common::signed::{Card, Membership, Revocation, Revocations, Signed};
use hutong_engine::api::Command;
use hutong_engine::api::event::WarningCode;
use hutong_engine::store::home::{ACCOUNT, NETWORK};
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::change_welcome;
use hutong_tests::harness::evil::rogue::Rogue;
use hutong_tests::harness::evil::trial::{Row, Trial};

cases! {
    a_list_of_revocations_that_is_rolled_back_is_not_taken,
    a_forged_list_of_revocations_is_not_taken,
    a_list_of_revocations_of_another_rendezvous_is_not_taken,
    a_welcome_to_another_account_is_not_taken,
    an_own_card_that_is_rolled_back_is_not_taken,
    another_key_of_the_own_account_is_shown_and_not_taken,
    a_pushed_membership_under_another_key_is_not_taken,
    another_rendezvous_at_the_address_is_a_hard_stop_in_mid_session,
    a_clock_that_jumps_beyond_the_life_of_the_own_device_is_not_believed,
    a_clock_that_jumps_is_shown_and_loses_nothing_for_good,
}

fn revocations_of(home: &Actor) -> Signed {
    let row = home.computer(|computer| computer.read(|tx| tx.single(NETWORK)));
    row.unwrap().unwrap().unwrap().revocations
}

/// The list of a welcome used to replace the known one, whatever its number.
fn a_list_of_revocations_that_is_rolled_back_is_not_taken() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(11);
    let older = revocations_of(&alice);
    let second = trial.world.actor("bob at home");
    second.login_with("bob", PASSWORD).unwrap();
    second.ask(Command::Logout).unwrap();
    trial.world.run_for(3_000);
    let newer = revocations_of(&alice);
    assert_ne!(older, newer);
    trial.begins(&[&alice]);
    trial.push(&alice, Push::Revocations(older.clone()));
    let told = older;
    trial.lie_to(&alice, move |frame| {
        change_welcome(frame, |welcome| welcome.revocations = told.clone());
    });
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "the rendezvous tells an older list of revocations");
    trial.told_nothing(&alice);
    assert_eq!(revocations_of(&alice), newer);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

/// A list that takes Bob back, signed by somebody else or for somewhere else.
fn odd_revocations(seed: u64, signer: Option<KeyPair>, server: Option<ServerId>) -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    let before = revocations_of(&alice);
    let mut list: Revocations = before.peek_unverified().unwrap();
    list.version += DAY_MS;
    list.server_id = server.unwrap_or(list.server_id);
    list.entries = List::new(vec![Revocation {
        account_id: bob.account().unwrap(),
        min_serial: u64::MAX,
        min_card_version: u64::MAX,
        gone: List::default(),
        at_ms: EPOCH_MS,
    }])
    .unwrap();
    let forged = Signed::new(&list, &signer.unwrap_or_else(|| trial.server_key()));
    trial.begins(&[&alice]);
    trial.push(&alice, Push::Revocations(forged));
    trial.noticed_by(&alice, "a list of revocations does not hold");
    trial.told_nothing(&alice);
    assert_eq!(revocations_of(&alice), before);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn a_forged_list_of_revocations_is_not_taken() -> Row {
    odd_revocations(12, Some(KeyPair::from_seed([68; 32])), None)
}

fn a_list_of_revocations_of_another_rendezvous_is_not_taken() -> Row {
    odd_revocations(13, None, Some(ServerId([9; 32])))
}

/// The home was emptied for the other account, with everything that had been said.
fn a_welcome_to_another_account_is_not_taken() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(14);
    trial.still_talk(&alice, &bob);
    let said = alice.texts(&bob);
    let server = trial.server_key();
    trial.begins(&[&alice]);
    trial.lie_to(&alice, move |frame| {
        change_welcome(frame, |welcome| {
            let mut membership: Membership = welcome.membership.peek_unverified().unwrap();
            let mut card: Card = welcome.card.peek_unverified().unwrap();
            let account_key = KeyPair::from_seed([66; 32]);
            welcome.account.0 += 7;
            membership.account_id = welcome.account;
            membership.account_pk = account_key.public();
            card.account_id = welcome.account;
            card.account_pk = account_key.public();
            welcome.membership = Signed::new(&membership, &server);
            welcome.card = Signed::new(&card, &account_key);
        });
    });
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "the rendezvous does not welcome this account");
    assert!(!alice.is_online());
    trial.told("alice: the rendezvous counts as unreachable; her home stays as it is");
    assert_eq!(alice.texts(&bob), said);
    trial.ends()
}

fn own_card(home: &Actor) -> Signed {
    let row = home.computer(|computer| computer.read(|tx| tx.single(ACCOUNT)));
    row.unwrap().unwrap().unwrap().card
}

fn an_own_card_that_is_rolled_back_is_not_taken() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(15);
    let older = own_card(&alice);
    let second = trial.world.actor("alice at home");
    second.login_with("alice", PASSWORD).unwrap();
    trial.reconnect(&alice);
    let newer = own_card(&alice);
    assert_ne!(older, newer);
    trial.begins(&[&alice]);
    trial.lie_to(&alice, move |frame| {
        change_welcome(frame, |welcome| welcome.card = older.clone());
    });
    trial.reconnect(&alice);
    trial.noticed_by(
        &alice,
        "the rendezvous tells an older or another card of ours",
    );
    trial.told_nothing(&alice);
    assert_eq!(own_card(&alice), newer);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn another_key_of_the_own_account_is_shown_and_not_taken() -> Row {
    let (mut trial, alice, _) = Trial::of_friends(16);
    let (before, server) = (own_card(&alice), trial.server_key());
    trial.begins(&[&alice]);
    trial.lie_to(&alice, move |frame| {
        change_welcome(frame, |welcome| {
            let mut membership: Membership = welcome.membership.peek_unverified().unwrap();
            let mut card: Card = welcome.card.peek_unverified().unwrap();
            let account_key = KeyPair::from_seed([66; 32]);
            (membership.account_pk, membership.account_gen) = (account_key.public(), 2);
            (card.account_pk, card.account_gen) = (account_key.public(), 2);
            welcome.membership = Signed::new(&membership, &server);
            welcome.card = Signed::new(&card, &account_key);
        });
    });
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "the rendezvous does not welcome this account");
    trial.warned(&alice, WarningCode::KeyChanged);
    assert_eq!(own_card(&alice), before);
    trial.ends()
}

fn a_pushed_membership_under_another_key_is_not_taken() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(17);
    let server = trial.server_key();
    let mut membership: Membership = Rogue::thief_of(&alice)
        .hello
        .membership
        .peek_unverified()
        .unwrap();
    membership.serial += 1;
    membership.account_pk = KeyPair::from_seed([66; 32]).public();
    trial.begins(&[&alice]);
    trial.push(&alice, Push::Membership(Signed::new(&membership, &server)));
    trial.noticed_by(&alice, "a pushed membership does not hold");
    trial.told_nothing(&alice);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn another_rendezvous_at_the_address_is_a_hard_stop_in_mid_session() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(18);
    trial.begins(&[&alice, &bob]);
    trial.world.replace_server();
    trial.world.run_for(10_000);
    for who in [&alice, &bob] {
        trial.warned(who, WarningCode::ServerKeyChanged);
        assert!(!who.is_online());
    }
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn a_clock_that_jumps_beyond_the_life_of_the_own_device_is_not_believed() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(20);
    trial.begins(&[&alice]);
    clock_jumps(&trial, &alice, 5 * 365);
    trial.noticed_by(&alice, "the welcome of the rendezvous does not hold");
    trial.told("alice: the rendezvous counts as unreachable; links go on");
    trial.still_talk(&alice, &bob);
    trial.ends()
}

/// At the next sign-in the rendezvous says that so many days have passed.
fn clock_jumps(trial: &Trial, who: &Actor, days: i64) {
    let ms = days * i64::try_from(DAY_MS).unwrap();
    trial.lie_to(who, move |frame| {
        change_welcome(frame, |welcome| {
            welcome.now_ms = welcome.now_ms.saturating_add_signed(ms);
        });
    });
    trial.reconnect(who);
}

fn a_clock_that_jumps_is_shown_and_loses_nothing_for_good() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(19);
    trial.still_talk(&alice, &bob);
    trial.begins(&[&alice]);
    for days in [100, -5 * 365] {
        clock_jumps(&trial, &alice, days);
    }
    trial.warned(&alice, WarningCode::ClockOff);
    clock_jumps(&trial, &alice, 0);
    trial.still_talk(&alice, &bob);
    trial.ends()
}
