//! The outbox, driven by hand: order of answers and events, paths, proofs, and what a crash leaves.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::api::event::{DeliveryState, Event};
use crate::api::{Command, Done, Path};
use crate::core::fixture::{Bench, answer, asked, asks, events, failure, frames, server_id};
use crate::core::io::{Attempt, Input, LinkId, LinkInput, Output, ServerInput};
use hutong_common::bounded::List;
use hutong_common::direct::{Direct, Shown};
use hutong_common::id::MsgId;
use hutong_common::identity::{self, KeyPair};
use hutong_common::message::Inner;
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::mail::{
    Envelope, MailFate, MailPage, MailReceipt, MailStored, ReceiptPage,
};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{ReceiptBody, Signed};

fn send(bench: &mut Bench, text: &str) -> (MsgId, Vec<Output>) {
    let (to, text) = ("wang".to_owned(), text.to_owned());
    let out = bench.command(Command::Send { to, text });
    match answer(&out) {
        Some(Ok(Done::Sent { message, .. })) => (*message, out),
        other => panic!("{other:?}"),
    }
}

fn states(out: &[Output]) -> Vec<(DeliveryState, Path)> {
    events(out)
        .into_iter()
        .filter_map(|event| match event {
            Event::Delivery(delivery) => Some((delivery.state, delivery.path)),
            _ => None,
        })
        .collect()
}

fn deposits(out: &[Output]) -> Vec<(u32, Envelope)> {
    asks(out)
        .into_iter()
        .filter_map(|(id, request)| match request {
            Request::SendMail(envelope) => Some((id, (**envelope).clone())),
            _ => None,
        })
        .collect()
}

fn delivered(out: &[Output]) -> Vec<MsgId> {
    frames(out)
        .into_iter()
        .filter_map(|frame| match frame {
            Direct::Deliver(signed) => Some(signed.peek_unverified::<Inner>().unwrap().msg_id),
            _ => None,
        })
        .collect()
}

fn receipt(bench: &Bench, message: MsgId, key: &KeyPair) -> Signed {
    let body = ReceiptBody {
        server_id: server_id(),
        sender_device: identity::device_id(&bench.me.device.public()),
        msg_id: message,
        stored_ms: 1,
    };
    Signed::new(&body, key)
}

fn stored(bench: &Bench, envelope: &Envelope, why: Option<Refusal>) -> Reply {
    Reply::MailStored(MailStored {
        env_id: envelope.env_id,
        recipients: List::new(vec![(bench.friend.account, why)]).unwrap(),
    })
}

#[test]
fn the_answer_with_the_id_comes_before_any_event_with_it() {
    let mut bench = Bench::online(false);
    let (_, out) = send(&mut bench, "one");
    let first = out.iter().position(|one| matches!(one, Output::Event(_)));
    assert!(matches!(out[0], Output::Answer(..)));
    assert!(first > Some(0));
}

#[test]
fn on_a_live_link_a_message_goes_at_once_and_only_a_receipt_of_that_device_proves_it() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (message, out) = send(&mut bench, "one");
    assert_eq!(delivered(&out), [message]);
    assert!(deposits(&out).is_empty());
    let forged = receipt(&bench, message, &KeyPair::from_seed([9; 32]));
    assert!(states(&bench.frame(link, Direct::Stored(forged))).is_empty());
    let genuine = receipt(&bench, message, &bench.friend.device);
    let out = bench.frame(link, Direct::Stored(genuine.clone()));
    assert_eq!(states(&out), [(DeliveryState::Delivered, Path::Direct)]);
    assert!(states(&bench.frame(link, Direct::Stored(genuine))).is_empty());
    let shown = Direct::Shown(Shown { upto: message });
    let out = bench.frame(link, shown.clone());
    assert_eq!(states(&out), [(DeliveryState::Shown, Path::Direct)]);
    assert!(states(&bench.frame(link, shown)).is_empty());
}

/// What had been left at the rendezvous was said to have gone directly once it was looked at over a link, though nobody knows
/// which copy came first.
#[test]
fn what_is_looked_at_keeps_its_way_and_came_over_a_link_where_no_other_was_taken() {
    let mut bench = Bench::online(false);
    let (left, out) = send(&mut bench, "by mail");
    let (id, envelope) = deposits(&out).remove(0);
    let reply = stored(&bench, &envelope, None);
    bench.reply(id, Ok(reply));
    let (link, _) = bench.friend_dials(1);
    let out = bench.frame(link, Direct::Shown(Shown { upto: left }));
    assert_eq!(states(&out), [(DeliveryState::Shown, Path::Mail)]);
    let (sent, _) = send(&mut bench, "over the link");
    let out = bench.frame(link, Direct::Shown(Shown { upto: sent }));
    assert_eq!(states(&out), [(DeliveryState::Shown, Path::Direct)]);
}

#[test]
fn without_a_receipt_for_two_seconds_a_copy_is_left_at_the_rendezvous() {
    let mut bench = Bench::online(true);
    bench.friend_dials(1);
    let (message, _) = send(&mut bench, "one");
    assert!(deposits(&bench.wait(1_900)).is_empty());
    let left = deposits(&bench.wait(200));
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].1.env_id, message);
}

#[test]
fn somebody_offline_gets_mail_in_the_order_of_writing() {
    let mut bench = Bench::online(false);
    let (one, out) = send(&mut bench, "one");
    let first = deposits(&out);
    let (two, out) = send(&mut bench, "two");
    let second = deposits(&out);
    assert_eq!((first[0].1.env_id, second[0].1.env_id), (one, two));
    let reply = stored(&bench, &first[0].1, None);
    let out = bench.reply(first[0].0, Ok(reply));
    assert_eq!(states(&out), [(DeliveryState::LeftAtServer, Path::Mail)]);
}

#[test]
fn a_message_waits_for_the_dial_and_then_goes_by_mail_while_dialling_goes_on() {
    let mut bench = Bench::online(true);
    let (_, out) = send(&mut bench, "one");
    assert!(
        asks(&out)
            .iter()
            .any(|(_, request)| matches!(request, Request::Introduce(_)))
    );
    assert!(deposits(&out).is_empty());
    assert!(deposits(&bench.wait(1_400)).is_empty());
    assert_eq!(deposits(&bench.wait(200)).len(), 1);
}

#[test]
fn what_is_under_way_survives_a_crash_and_goes_in_order_when_a_path_appears() {
    let (mut bench, _) = Bench::signed_in();
    let sent: Vec<MsgId> = ["one", "two", "three"]
        .map(|text| send(&mut bench, text).0)
        .into();
    let (mut bench, _) = bench.crash();
    bench.give(Input::Addresses {
        udp_port: Some(7442),
        interfaces: Vec::new(),
    });
    let (_, out) = bench.friend_dials(1);
    assert_eq!(delivered(&out), sent);
}

#[test]
fn a_refusal_that_passes_is_tried_again_and_one_that_does_not_ends_the_message() {
    let mut bench = Bench::online(false);
    let (_, out) = send(&mut bench, "one");
    let (id, envelope) = deposits(&out).remove(0);
    let out = bench.reply(id, Err(Refusal::TooFast { retry_ms: 100 }));
    assert!(states(&out).is_empty());
    let again = deposits(&bench.wait(1_300)).remove(0);
    let reply = stored(&bench, &envelope, Some(Refusal::NotContacts));
    let out = bench.reply(again.0, Ok(reply));
    let codes: Vec<_> = events(&out)
        .into_iter()
        .filter_map(|event| match event {
            Event::Delivery(delivery) => delivery.code,
            _ => None,
        })
        .collect();
    assert_eq!(codes, ["not_contacts"]);
}

#[test]
fn a_lost_link_sends_everything_unproved_again_over_the_next_one() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (message, _) = send(&mut bench, "one");
    bench.give(Input::Link(LinkInput::Down { link }));
    let (_, out) = bench.friend_dials(2);
    assert_eq!(delivered(&out), [message]);
    assert_ne!(link, LinkId::Accepted(2));
}

fn no_receipts() -> Reply {
    Reply::Receipts(ReceiptPage {
        receipts: List::default(),
        more: false,
    })
}

/// Signed in, and all mail is here; with the request for receipts that follows.
fn without_mail() -> (Bench, u32) {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.connect(false);
    let mail = asked(&out, |request| matches!(request, Request::Post(_)));
    let none = Reply::Mail(MailPage {
        mail: List::default(),
        more: false,
    });
    let out = bench.reply(mail.unwrap(), Ok(none));
    let receipts = asked(&out, |request| matches!(request, Request::Receipts(_)));
    (bench, receipts.unwrap())
}

#[test]
fn a_mail_receipt_counts_once_and_only_with_a_signature_of_the_recipient() {
    let (mut bench, page_asked) = without_mail();
    bench.reply(page_asked, Ok(no_receipts()));
    let (message, out) = send(&mut bench, "one");
    let (id, envelope) = deposits(&out).remove(0);
    let reply = stored(&bench, &envelope, None);
    bench.reply(id, Ok(reply));
    let attempt = Attempt(1);
    let push = Push::ReceiptsWaiting(Hint {});
    let out = bench.give(Input::Server(ServerInput::Push { attempt, push }));
    let page = |bench: &Bench, key: &KeyPair| {
        let receipt = MailReceipt {
            row: 3,
            env_id: message,
            recipient: bench.friend.account,
            fate: MailFate::Stored(receipt(bench, message, key)),
        };
        let receipts = List::new(vec![receipt]).unwrap();
        Reply::Receipts(ReceiptPage {
            receipts,
            more: false,
        })
    };
    let forged = page(&bench, &KeyPair::from_seed([9; 32]));
    let out = bench.reply(asks(&out)[0].0, Ok(forged));
    assert!(
        matches!(asks(&out)[..], [(_, Request::Contact(_))]),
        "a newer card is looked for"
    );
    let contact = Box::new(bench.friend.contact(false));
    let out = bench.reply(asks(&out)[0].0, Ok(Reply::Contact(contact)));
    let genuine = page(&bench, &bench.friend.device);
    let receipts = asked(&out, |request| matches!(request, Request::Receipts(_)));
    let out = bench.reply(receipts.unwrap(), Ok(genuine));
    assert_eq!(states(&out), [(DeliveryState::Delivered, Path::Mail)]);
    let Request::Receipts(ask) = asks(&out)[0].1 else {
        panic!("the next page also says what may be forgotten");
    };
    assert_eq!(ask.after, 3);
}

/// In a class of sixty every receipt brought a hint, every hint asked for a page, and all those pages were the same: what
/// was said in it took longer to prove than to deliver.
#[test]
fn hints_of_receipts_ask_for_one_page_at_a_time() {
    let (mut bench, first) = without_mail();
    let pages = |out: &[Output]| -> Vec<u32> {
        let asks = asks(out).into_iter();
        let pages = asks.filter(|(_, request)| matches!(request, Request::Receipts(_)));
        pages.map(|(id, _)| id).collect()
    };
    let hint = |bench: &mut Bench| {
        let push = Push::ReceiptsWaiting(Hint {});
        let attempt = Attempt(1);
        bench.give(Input::Server(ServerInput::Push { attempt, push }))
    };
    for _ in 0..60 {
        assert_eq!(pages(&hint(&mut bench)), []);
    }
    let second = pages(&bench.reply(first, Ok(no_receipts())));
    assert_eq!(second.len(), 1, "what came after the first was asked for");
    assert_eq!(pages(&bench.reply(second[0], Ok(no_receipts()))), []);
    assert_eq!(pages(&hint(&mut bench)).len(), 1);
}

/// Each of them counted as a try of its own, so whoever was told to speak slower waited for five minutes.
#[test]
fn what_is_refused_together_is_tried_again_after_one_pause() {
    let (mut bench, _) = without_mail();
    let texts = ["one", "two", "three", "four", "five", "six", "seven"];
    let ids: Vec<u32> = texts
        .iter()
        .flat_map(|text| deposits(&send(&mut bench, text).1))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(ids.len(), texts.len());
    for id in ids {
        bench.reply(id, Err(Refusal::TooFast { retry_ms: 50 }));
    }
    assert_eq!(deposits(&bench.wait(700)).len(), 0, "there is a pause");
    let again = deposits(&bench.wait(600));
    assert_eq!(again.len(), texts.len());
    for (id, _) in again {
        bench.reply(id, Err(Refusal::TooFast { retry_ms: 50 }));
    }
    assert_eq!(deposits(&bench.wait(1_500)).len(), 0, "which grows");
    assert_eq!(deposits(&bench.wait(1_000)).len(), texts.len());
}

#[test]
fn nothing_is_sent_to_nobody_or_without_words() {
    let (mut bench, _) = Bench::signed_in();
    bench.give(Input::Server(ServerInput::Down {
        attempt: Attempt(1),
        why: crate::core::io::ServerDown::Unreachable,
    }));
    let (to, text) = ("stranger".to_owned(), "hi".to_owned());
    assert_eq!(
        failure(&bench.command(Command::Send { to, text })),
        Some("unreachable")
    );
    let (to, text) = ("wang".to_owned(), String::new());
    assert_eq!(
        failure(&bench.command(Command::Send { to, text })),
        Some("malformed")
    );
    let (to, text) = ("wang".to_owned(), "x".repeat(20_000));
    assert_eq!(
        failure(&bench.command(Command::Send { to, text })),
        Some("too_large")
    );
}
