//! Safety numbers and changed keys, driven by hand.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::api::command::Safety as SafetyCommand;
use crate::api::done::Safety;
use crate::api::event::{Event, WarningCode};
use crate::api::{Command, Done};
use crate::core::fixture::{Bench, answer, asks, events, failure, frames};
use crate::core::io::{Attempt, Input, Output, ServerInput};
use hutong_common::direct::Direct;
use hutong_common::identity::KeyPair;
use hutong_common::push::{ContactChanged, Push};
use hutong_common::rpc::{Reply, Request};
use hutong_common::safety::SafetyNumber;

fn safety(bench: &mut Bench, verify: bool, accept: bool) -> (Safety, Vec<Output>) {
    let with = "Wang".to_owned();
    let out = bench.command(Command::Safety(SafetyCommand {
        with,
        verify,
        accept,
    }));
    match answer(&out) {
        Some(Ok(Done::Safety(safety))) => (safety.clone(), out),
        other => panic!("{other:?}"),
    }
}

fn send(bench: &mut Bench, text: &str) -> (Option<&'static str>, Vec<Output>) {
    let (to, text) = ("wang".to_owned(), text.to_owned());
    let out = bench.command(Command::Send { to, text });
    match answer(&out) {
        Some(Ok(Done::Sent { waits, .. })) => (*waits, out),
        other => panic!("{other:?}"),
    }
}

/// The rendezvous tells of another account key of the contact.
fn change_key(bench: &mut Bench, seed: u8) -> Vec<Output> {
    bench.friend.account_key = KeyPair::from_seed([seed; 32]);
    bench.friend.card.account_pk = bench.friend.account_key.public();
    bench.friend.card.account_gen += 1;
    let account = bench.friend.account;
    let attempt = Attempt(bench.core.session.attempts_made());
    let push = Push::ContactChanged(ContactChanged { account });
    let out = bench.give(Input::Server(ServerInput::Push { attempt, push }));
    let contact = Box::new(bench.friend.contact(false));
    bench.reply(asks(&out)[0].0, Ok(Reply::Contact(contact)))
}

fn warned_of(out: &[Output]) -> Option<&str> {
    events(out).into_iter().find_map(|event| match event {
        Event::Warning {
            code: WarningCode::KeyChanged,
            who,
            ..
        } => who.as_deref(),
        _ => None,
    })
}

fn leaves_mail(out: &[Output]) -> usize {
    let is_mail = |request: &&Request| matches!(request, Request::SendMail(_));
    let requests = asks(out).into_iter().map(|(_, request)| request);
    requests.filter(is_mail).count()
}

#[test]
fn the_number_is_that_of_both_keys_and_is_remembered_as_compared() {
    let mut bench = Bench::online(false);
    let (me, friend) = (&bench.me, &bench.friend);
    let expected = SafetyNumber::of(
        crate::core::fixture::server_id(),
        (friend.account, friend.account_key.public()),
        (me.account, me.account_key.public()),
    );
    let (shown, _) = safety(&mut bench, false, false);
    assert_eq!(shown.safety, expected.to_string());
    assert_eq!((shown.verified, shown.key_changed), (false, false));
    assert!(safety(&mut bench, true, false).0.verified);
    let (mut bench, _) = bench.crash();
    assert!(safety(&mut bench, false, false).0.verified);
    let stranger = Command::Safety(SafetyCommand {
        with: "nobody".to_owned(),
        verify: true,
        accept: false,
    });
    assert_eq!(failure(&bench.command(stranger)), Some("not_found"));
}

#[test]
fn a_changed_key_that_was_never_compared_is_told_and_stops_nothing() {
    let mut bench = Bench::online(false);
    let out = change_key(&mut bench, 77);
    assert_eq!(warned_of(&out), Some("wang"));
    let (shown, _) = safety(&mut bench, false, false);
    assert_eq!((shown.verified, shown.key_changed), (false, true));
    let (waits, out) = send(&mut bench, "hello");
    assert_eq!((waits, leaves_mail(&out)), (None, 1));
    assert!(!safety(&mut bench, false, true).0.key_changed);
}

#[test]
fn to_whom_was_verified_nothing_is_sent_until_the_new_key_is_agreed_to() {
    let mut bench = Bench::online(false);
    let (before, _) = safety(&mut bench, true, false);
    assert_eq!(warned_of(&change_key(&mut bench, 77)), Some("wang"));
    let (waits, out) = send(&mut bench, "one");
    assert_eq!((waits, leaves_mail(&out)), (Some("key_changed"), 0));
    let (_, out) = bench.friend_dials(1);
    let is_word = |frame: &&Direct| matches!(frame, Direct::Deliver(_));
    assert_eq!(frames(&out).into_iter().filter(is_word).count(), 0);
    // A crash changes nothing of it, and the person is reminded.
    let (mut bench, out) = bench.crash();
    assert_eq!(warned_of(&out), Some("wang"));
    bench.connect(false);
    // Nor does one more change.
    change_key(&mut bench, 78);
    let (waits, out) = send(&mut bench, "two");
    assert_eq!((waits, leaves_mail(&out)), (Some("key_changed"), 0));
    let (after, out) = safety(&mut bench, false, true);
    assert_eq!((after.verified, after.key_changed), (false, false));
    assert_ne!(after.safety, before.safety);
    assert_eq!(
        leaves_mail(&out),
        1,
        "the second; the first was for the key before"
    );
    assert_eq!(send(&mut bench, "three").0, None);
}
