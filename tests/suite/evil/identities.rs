//! The rendezvous lies about contacts: their cards, account keys and memberships.

use hutong_common::bounded::List;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DAY_MS, MEMBERSHIP_EARLY_MS, MEMBERSHIP_LATE_MS};
use hutong_common::rpc::friends::Contact;
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_common::signed::{Card, Signed};
use hutong_engine::api::event::{DeliveryState, WarningCode};
use hutong_engine::store::contacts::ContactRow;
use hutong_tests::harness::actor::{Actor, PASSWORD};
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::change_contacts;
use hutong_tests::harness::evil::forged::{Forged, device_entry};
use hutong_tests::harness::evil::trial::{Row, Trial};
use hutong_tests::harness::world::befriend;

cases! {
    a_device_that_the_rendezvous_adds_to_a_card_is_not_believed,
    a_card_that_is_rolled_back_is_noticed_by_all_who_saw_the_newer_one,
    of_two_cards_of_one_version_the_first_counts,
    another_account_key_of_the_same_generation_is_not_believed,
    another_account_key_of_a_higher_generation_is_shown_to_every_contact,
    a_friend_who_was_taken_away_does_not_come_back_with_another_key,
    a_membership_signed_by_another_rendezvous_makes_no_contact,
    a_membership_of_another_account_makes_no_contact,
    a_membership_that_ended_makes_no_contact,
    a_membership_that_is_yet_to_begin_makes_no_contact,
}

/// What a home has of somebody.
fn known(home: &Actor, of: &Actor) -> ContactRow {
    let account = of.account().expect("an account");
    let contacts = home.computer(|computer| computer.read(|tx| tx.contacts()));
    let contacts = contacts.expect("it runs").expect("rows can be read");
    let mut found = contacts
        .into_iter()
        .filter(|(number, _)| *number == account);
    found.next().expect("a contact").1
}

/// From now on the rendezvous tells Alice this of all her contacts.
fn tells_of_contacts(trial: &Trial, alice: &Actor, change: impl Fn(&mut Contact) + 'static) {
    trial.lie_to(alice, move |frame| change_contacts(frame, &change));
}

fn a_device_that_the_rendezvous_adds_to_a_card_is_not_believed() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(1);
    let (server, spy) = (trial.server_key(), KeyPair::from_seed([66; 32]));
    let entry = device_entry(&spy);
    let before = known(&alice, &bob).card;
    trial.begins(&[&alice]);
    tells_of_contacts(&trial, &alice, move |contact| {
        let mut card: Card = contact.card.peek_unverified().unwrap();
        let mut devices = card.devices.into_vec();
        devices.push(entry.clone());
        card.devices = List::new(devices).unwrap();
        card.version += 1;
        contact.card = Signed::new(&card, &server);
    });
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "a contact of the rendezvous does not hold");
    trial.told_nothing(&alice);
    assert_eq!(known(&alice, &bob).card, before);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn a_card_that_is_rolled_back_is_noticed_by_all_who_saw_the_newer_one() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(2);
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    let older = known(&alice, &bob).card;
    let second = trial.world.actor("bob at home");
    second.login_with("bob", PASSWORD).unwrap();
    trial.world.run_for(3_000);
    let newer = known(&alice, &bob).card;
    assert_ne!(older, newer);
    trial.begins(&[&alice, &carol]);
    for who in [&alice, &carol] {
        let older = older.clone();
        tells_of_contacts(&trial, who, move |contact| contact.card = older.clone());
        trial.reconnect(who);
        trial.noticed_by(who, "the rendezvous tells an older card of a contact");
        trial.told_nothing(who);
        assert_eq!(known(who, &bob).card, newer);
    }
    trial.ends()
}

fn of_two_cards_of_one_version_the_first_counts() -> Row {
    let mut trial = Trial::new(3);
    let alice = trial.world.member("alice");
    let mallory = Forged::new(&trial.server_key(), "mallory", 7);
    let mut twin = mallory.clone();
    twin.card.issued_ms += 1;
    trial.begins(&[&alice]);
    for told in [mallory.contact(), twin.contact()] {
        trial.lie_to(&alice, move |frame| is_told(frame, &told));
        trial.reconnect(&alice);
    }
    trial.noticed_by(&alice, "two cards of one version");
    trial.told_nothing(&alice);
    let kept = alice.computer(|computer| computer.read(|tx| tx.contacts()));
    assert_eq!(kept.unwrap().unwrap()[0].1.card, mallory.signed_card());
    trial.ends()
}

/// The rendezvous lists this contact and no other.
fn is_told(frame: &mut ServerFrame, contact: &Contact) {
    if let ServerFrame::Reply {
        result: Ok(Reply::Contacts(page)),
        ..
    } = frame
    {
        page.contacts = List::new(vec![contact.clone()]).unwrap();
    }
}

/// The rendezvous puts another account key in the place of Bob's.
fn swap_key(trial: &Trial, who: &Actor, generation: u32) {
    let server = trial.server_key();
    tells_of_contacts(trial, who, move |contact| {
        let forged = Forged::in_place_of(&server, contact, 66).of_generation(generation);
        contact.membership = forged.signed_membership();
        contact.card = forged.signed_card();
    });
}

fn another_account_key_of_the_same_generation_is_not_believed() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(4);
    let before = known(&alice, &bob).card;
    trial.begins(&[&alice]);
    swap_key(&trial, &alice, 1);
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "the rendezvous tells another contact");
    trial.told_nothing(&alice);
    assert_eq!(known(&alice, &bob).card, before);
    trial.still_talk(&alice, &bob);
    trial.ends()
}

fn another_account_key_of_a_higher_generation_is_shown_to_every_contact() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(5);
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    bob.kill();
    trial.world.run_for(70_000);
    trial.world.unplug_server(true);
    trial.world.run_for(70_000);
    let id = alice.send(&bob, "for the old key only");
    trial.begins(&[&alice, &carol]);
    for who in [&alice, &carol] {
        swap_key(&trial, who, 2);
    }
    trial.world.unplug_server(false);
    trial.world.run_for(90_000);
    for who in [&alice, &carol] {
        trial.warned(who, WarningCode::KeyChanged);
    }
    trial.state_is(&alice, id, DeliveryState::Failed);
    trial.ends()
}

/// Nothing was kept of who somebody had been: the rendezvous could say that the friendship is over, and then that it is
/// back with a key of its own, and nobody was told.
fn a_friend_who_was_taken_away_does_not_come_back_with_another_key() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(6);
    let before = known(&alice, &bob).card;
    trial.begins(&[&alice]);
    trial.lie_to(&alice, |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Contacts(page)),
            ..
        } = frame
        {
            page.contacts = List::default();
        }
    });
    trial.reconnect(&alice);
    assert!(!alice.is_friend_of(&bob));
    swap_key(&trial, &alice, 1);
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "the rendezvous tells another contact");
    trial.told_nothing(&alice);
    assert_eq!(known(&alice, &bob).card, before);
    trial.ends()
}

/// Somebody new is listed with a membership that was changed like this, and does not become a contact.
fn odd_membership(seed: u64, change: impl Fn(&mut Forged), signer: Option<KeyPair>) -> Row {
    let mut trial = Trial::new(seed);
    let alice = trial.world.member("alice");
    let mut mallory = Forged::new(&trial.server_key(), "mallory", 7);
    change(&mut mallory);
    let mut contact = mallory.contact();
    if let Some(signer) = signer {
        contact.membership = Signed::new(&mallory.membership, &signer);
    }
    let account = contact.account;
    trial.begins(&[&alice]);
    trial.lie_to(&alice, move |frame| is_told(frame, &contact));
    trial.reconnect(&alice);
    trial.noticed_by(&alice, "a contact of the rendezvous does not hold");
    trial.told_nothing(&alice);
    let kept = alice.computer(|computer| computer.read(|tx| tx.contacts()));
    assert!(
        kept.unwrap()
            .unwrap()
            .iter()
            .all(|(known, _)| *known != account)
    );
    trial.ends()
}

fn a_membership_signed_by_another_rendezvous_makes_no_contact() -> Row {
    odd_membership(7, |_| {}, Some(KeyPair::from_seed([67; 32])))
}

fn a_membership_of_another_account_makes_no_contact() -> Row {
    odd_membership(8, |mallory| mallory.membership.account_id.0 += 1, None)
}

fn a_membership_that_ended_makes_no_contact() -> Row {
    let change = |mallory: &mut Forged| {
        mallory.membership.not_before_ms = EPOCH_MS - 40 * DAY_MS;
        mallory.membership.not_after_ms = EPOCH_MS - MEMBERSHIP_LATE_MS - 1;
    };
    odd_membership(9, change, None)
}

fn a_membership_that_is_yet_to_begin_makes_no_contact() -> Row {
    let change = |mallory: &mut Forged| {
        mallory.membership.not_before_ms = EPOCH_MS + MEMBERSHIP_EARLY_MS + DAY_MS;
    };
    odd_membership(10, change, None)
}
