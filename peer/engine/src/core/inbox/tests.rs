//! The inbox, driven by hand: once, in order, only from whom it may be, and acknowledged only when stored.

use crate::api::command::{History, Position};
use crate::api::event::{Event, WarningCode};
use crate::api::{Command, Done};
use crate::core::fixture::{
    Bench, Person, answer, asked, asks, events, failure, frames, server_id, texts,
};
use crate::core::io::Output;
use hutong_common::bounded::List;
use hutong_common::direct::{Direct, Refused};
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::MailRow;
use hutong_common::limits::GAP_WAIT_MS;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::mail::{MailFate, MailPage, Mailed};
use hutong_common::rpc::{Reply, Request};
use hutong_common::seal::{MailName, SealKey, seal_mail};
use hutong_common::signed::Signed;

fn receipts(out: &[Output]) -> usize {
    frames(out)
        .iter()
        .filter(|frame| matches!(frame, Direct::Stored(_)))
        .count()
}

fn history(bench: &mut Bench, asked: History) -> (Vec<String>, bool) {
    let out = bench.command(Command::History(asked));
    match answer(&out) {
        Some(Ok(Done::History { messages, more })) => {
            let texts = messages.iter().filter_map(|row| row.message.text.clone());
            (texts.collect(), *more)
        }
        other => panic!("{other:?}"),
    }
}

fn all() -> History {
    History {
        with: "wang".to_owned(),
        before: None,
        after: None,
        from: None,
        limit: None,
    }
}

fn mail(bench: &Bench, row: u64, (env_id, signed): (hutong_common::id::MsgId, Signed)) -> Mailed {
    let name = MailName {
        server: server_id(),
        env_id,
    };
    let key = SealKey {
        no: bench.me.seal.no,
        pk: bench.me.seal.public(),
    };
    let card = bench.friend.signed_card();
    let entropy = &mut SeededEntropy::from_number(row);
    let envelope = seal_mail(name, &signed, &card, &[(bench.me.account, key)], entropy).unwrap();
    Mailed {
        row: MailRow(row),
        env_id,
        sender: bench.friend.account,
        deposited_ms: crate::core::fixture::START,
        body_ct: envelope.body_ct.clone(),
        key: envelope.recipients[0],
    }
}

#[test]
fn a_copy_is_acknowledged_again_and_told_once_also_after_a_crash() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (_, signed) = bench.friend.writes(bench.me.account, 1, "one");
    let out = bench.frame(link, Direct::Deliver(signed.clone()));
    assert_eq!((texts(&out), receipts(&out)), (vec!["one".to_owned()], 1));
    let out = bench.frame(link, Direct::Deliver(signed.clone()));
    assert_eq!((texts(&out), receipts(&out)), (Vec::new(), 1));
    let (mut bench, _) = bench.crash();
    let (link, _) = bench.friend_dials(1);
    let out = bench.frame(link, Direct::Deliver(signed));
    assert_eq!((texts(&out), receipts(&out)), (Vec::new(), 1));
    assert_eq!(history(&mut bench, all()).0, ["one"]);
}

#[test]
fn other_bytes_under_the_same_name_are_dropped_without_a_word() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (_, first) = bench.friend.writes(bench.me.account, 1, "one");
    let (_, other) = bench.friend.writes(bench.me.account, 1, "another");
    bench.frame(link, Direct::Deliver(first));
    let out = bench.frame(link, Direct::Deliver(other));
    assert!(texts(&out).is_empty() && frames(&out).is_empty());
    assert_eq!(history(&mut bench, all()).0, ["one"]);
}

#[test]
fn a_message_beyond_a_gap_is_acknowledged_at_once_and_told_when_the_gap_is_filled() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let [one, two, three] = [1, 2, 3].map(|seq| {
        bench
            .friend
            .writes(bench.me.account, seq, &seq.to_string())
            .1
    });
    let out = bench.frame(link, Direct::Deliver(one));
    assert_eq!(texts(&out), ["1"]);
    let out = bench.frame(link, Direct::Deliver(three));
    assert_eq!((texts(&out).len(), receipts(&out)), (0, 1));
    let out = bench.frame(link, Direct::Deliver(two));
    assert_eq!(texts(&out), ["2", "3"]);
}

#[test]
fn a_gap_that_stays_is_waited_for_three_seconds() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let late = bench.friend.writes(bench.me.account, 1, "late").1;
    let (_, two) = bench.friend.writes(bench.me.account, 2, "two");
    bench.frame(link, Direct::Deliver(two));
    assert!(texts(&bench.wait(2_900)).is_empty());
    assert_eq!(texts(&bench.wait(200)), ["two"]);
    let out = bench.frame(link, Direct::Deliver(late));
    assert_eq!(texts(&out), ["late"]);
    assert_eq!(history(&mut bench, all()).0, ["late", "two"]);
}

#[test]
fn a_message_of_somebody_else_or_to_somebody_else_is_refused() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (msg_id, to_other) = bench.friend.writes(bench.friend.account, 1, "not yours");
    let out = bench.frame(link, Direct::Deliver(to_other));
    let why = Refusal::Malformed;
    assert_eq!(frames(&out), [&Direct::Refused(Refused { msg_id, why })]);
    let stranger = Person::new(3, "zhao");
    let (_, forged) = stranger.writes(bench.me.account, 1, "forged");
    let out = bench.frame(link, Direct::Deliver(forged));
    assert!(texts(&out).is_empty() && receipts(&out) == 0);
    assert!(history(&mut bench, all()).0.is_empty());
}

#[test]
fn mail_is_opened_acknowledged_after_it_is_stored_and_known_when_it_comes_directly_too() {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.connect(false);
    let page = asked(&out, |request| matches!(request, Request::Post(_))).unwrap();
    let (id, signed) = bench.friend.writes(bench.me.account, 1, "by mail");
    let mut broken = mail(&bench, 2, bench.friend.writes(bench.me.account, 2, "x"));
    broken.key.seal_no = 0;
    let rows = vec![mail(&bench, 1, (id, signed.clone())), broken];
    let mail = List::new(rows).unwrap();
    let out = bench.reply(page, Ok(Reply::Mail(MailPage { mail, more: false })));
    assert_eq!(texts(&out), ["by mail"]);
    let Request::AckMail(acks) = asks(&out)[0].1 else {
        panic!("mail is acknowledged");
    };
    assert!(matches!(acks[0].fate, MailFate::Stored(_)));
    assert_eq!(acks[1].fate, MailFate::Unusable(Refusal::Expired));
    let (link, _) = bench.friend_dials(1);
    let out = bench.frame(link, Direct::Deliver(signed));
    assert!(texts(&out).is_empty() && receipts(&out) == 1);
}

/// What is sealed to a key that the password brings was answered as unusable: the row went, and the sender was told that
/// it failed.
#[test]
fn mail_to_a_seal_key_that_is_not_here_yet_stays_and_holds_nothing_up() {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.connect(false);
    let page = asked(&out, |request| matches!(request, Request::Post(_))).unwrap();
    let mut locked = mail(
        &bench,
        1,
        bench.friend.writes(bench.me.account, 1, "locked"),
    );
    locked.key.seal_no = bench.me.seal.no + 1;
    let open = mail(&bench, 2, bench.friend.writes(bench.me.account, 2, "open"));
    let rows = List::new(vec![locked, open.clone()]).unwrap();
    let page_of = |mail| Reply::Mail(MailPage { mail, more: false });
    let mut out = bench.reply(page, Ok(page_of(rows)));
    let Request::AckMail(acks) = asks(&out)[0].1 else {
        panic!("mail is acknowledged");
    };
    assert_eq!((acks.len(), acks[0].env_id), (1, open.env_id));
    let is_there = |out: &[Output]| texts(out) == ["open"];
    if !is_there(&out) {
        out = bench.wait(GAP_WAIT_MS + 1);
    }
    assert!(is_there(&out), "after the wait for the gap before it");
}

#[test]
fn what_was_looked_at_is_told_by_the_way_it_came_and_counted_no_more() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    for seq in 1..=3 {
        let (_, signed) = bench.friend.writes(bench.me.account, seq, "hi");
        bench.frame(link, Direct::Deliver(signed));
    }
    let unread = |bench: &mut Bench| match answer(&bench.command(Command::Unread)) {
        Some(Ok(Done::Unread { total, .. })) => *total,
        other => panic!("{other:?}"),
    };
    assert_eq!(unread(&mut bench), 3);
    let (second, _) = bench.friend.writes(bench.me.account, 2, "hi");
    let with = "wang".to_owned();
    let out = bench.command(Command::Read {
        with: with.clone(),
        upto: Some(second),
    });
    assert!(matches!(frames(&out)[..], [Direct::Shown(shown)] if shown.upto == second));
    assert_eq!(unread(&mut bench), 1);
    assert!(
        frames(&bench.command(Command::Read {
            with,
            upto: Some(second)
        }))
        .is_empty()
    );
}

#[test]
fn history_is_paged_in_both_directions_oldest_first() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    for seq in 1..=5 {
        let (_, signed) = bench.friend.writes(bench.me.account, seq, &seq.to_string());
        bench.frame(link, Direct::Deliver(signed));
    }
    let third = Some(Position::Message(
        bench.friend.writes(bench.me.account, 3, "3").0,
    ));
    let page = |before, after| History {
        before,
        after,
        limit: Some(2),
        ..all()
    };
    let text = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
    assert_eq!(
        history(&mut bench, page(None, None)),
        (text(["4", "5"]), true)
    );
    assert_eq!(
        history(&mut bench, page(third, None)),
        (text(["1", "2"]), false)
    );
    assert_eq!(
        history(&mut bench, page(None, third)),
        (text(["4", "5"]), false)
    );
    let from_me = History {
        from: Some("lin".to_owned()),
        ..all()
    };
    assert_eq!(history(&mut bench, from_me), (Vec::new(), false));
    let too_many = History {
        limit: Some(1_001),
        ..all()
    };
    assert_eq!(
        failure(&bench.command(Command::History(too_many))),
        Some("malformed")
    );
}

#[test]
fn the_largest_number_of_a_message_breaks_nothing() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (_, last) = bench.friend.numbered(bench.me.account, u64::MAX, "last");
    bench.frame(link, Direct::Deliver(last));
    assert_eq!(texts(&bench.wait(3_100)), ["last"]);
    let (_, first) = bench.friend.writes(bench.me.account, 1, "first");
    assert_eq!(texts(&bench.frame(link, Direct::Deliver(first))), ["first"]);
}

/// Two messages of one number beyond a gap took each other's place: the first was stored, and never told.
#[test]
fn a_number_used_twice_is_shown_both_times_and_the_copied_device_told_of_once() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let me = bench.me.account;
    let copies = |out: &[Output]| {
        let is_copied = |event: &&&Event| {
            matches!(
                event,
                Event::Warning {
                    code: WarningCode::DeviceCopied,
                    ..
                }
            )
        };
        events(out).iter().filter(is_copied).count()
    };
    let (_, one) = bench.friend.writes(me, 1, "one");
    assert_eq!(copies(&bench.frame(link, Direct::Deliver(one))), 0);
    let (_, other) = bench.friend.numbered(me, 1, "one of a copy");
    let out = bench.frame(link, Direct::Deliver(other));
    assert_eq!(
        (copies(&out), texts(&out)),
        (1, vec!["one of a copy".to_owned()])
    );
    let (_, three) = bench.friend.writes(me, 3, "three");
    let (_, copy) = bench.friend.numbered(me, 3, "three of a copy");
    let mut out = Vec::new();
    for message in [three, copy] {
        out.extend(bench.frame(link, Direct::Deliver(message)));
    }
    assert!(texts(&out).is_empty());
    let (_, two) = bench.friend.writes(me, 2, "two");
    let out = bench.frame(link, Direct::Deliver(two));
    assert_eq!(texts(&out), ["two", "three", "three of a copy"]);
    assert_eq!(copies(&out), 0);
}
