//! The rendezvous lies about mail and people: it drops, forges and swaps, and invents contacts.

use hutong_common::bounded::{Bytes, List};
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{AccountId, MailRow, MsgId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DAY_MS, MAIL_LIFETIME_MS};
use hutong_common::push::{ContactChanged, Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::{Post, PostPage};
use hutong_common::rpc::mail::{MailFate, MailReceipt, Mailed, ReceiptPage};
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_common::seal::{MailName, SealKey, seal_mail};
use hutong_common::signed::{Card, ReceiptBody, Signed};
use hutong_engine::api::Command;
use hutong_engine::api::event::DeliveryState;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::forged::Forged;
use hutong_tests::harness::evil::rogue::Rogue;
use hutong_tests::harness::evil::trial::{Row, Trial};
use hutong_tests::harness::world::befriend;

cases! {
    mail_that_the_rendezvous_drops_is_never_said_to_be_delivered,
    a_forged_receipt_delivers_nothing,
    a_receipt_of_another_message_delivers_nothing,
    mail_that_was_never_received_cannot_be_looked_at,
    a_delivered_message_cannot_be_said_to_have_failed,
    a_failure_that_the_rendezvous_invents_is_told_as_a_failure,
    mail_of_one_friend_does_not_pass_as_that_of_another,
    mail_of_a_stranger_is_not_shown,
    mail_with_a_changed_body_does_not_open,
    mail_under_another_name_does_not_open,
    mail_sealed_for_somebody_else_does_not_open,
    mail_that_is_dated_back_is_not_taken,
    the_same_mail_again_is_shown_once,
    a_stranger_among_the_contacts_is_there_for_all_to_see,
    a_block_is_not_lifted_by_anything_but_the_own_list_of_blocks,
}

/// A message of Alice waits for Bob, who is away, at the rendezvous.
fn left_for_bob(seed: u64) -> (Trial, Actor, Actor, MsgId) {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    bob.kill();
    trial.world.run_for(70_000);
    let id = alice.send(&bob, "hello?");
    trial.world.run_for(5_000);
    trial.begins(&[&alice, &bob]);
    (trial, alice, bob, id)
}

fn mail_that_the_rendezvous_drops_is_never_said_to_be_delivered() -> Row {
    let (mut trial, alice, bob, id) = left_for_bob(1);
    trial.lie_to(&bob, |frame| mail_is(frame, |_| Vec::new()));
    trial.world.refuse_relays();
    bob.block_udp(true);
    bob.restart();
    trial.world.run_for(60_000);
    trial.assert_told_nothing(&bob);
    trial.noticed_by_nobody("a receipt is missing, as if Bob were away");
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

/// Changes what a reply hands over.
fn mail_is(frame: &mut ServerFrame, change: impl FnOnce(Vec<Mailed>) -> Vec<Mailed>) {
    if let ServerFrame::Reply {
        result: Ok(Reply::Post(page)),
        ..
    } = frame
    {
        let posts = std::mem::take(&mut page.mail).into_vec();
        let mail = posts.into_iter().map(|post| post.mailed).collect();
        let group = None;
        let posts = change(mail)
            .into_iter()
            .map(|mailed| Post { mailed, group });
        *page = PostPage {
            mail: List::truncated(posts),
            more: false,
        };
    }
}

/// The rendezvous says this, three times, of the message that waits for Bob. A card may be fetched in between.
fn says_of_mail(trial: &Trial, (alice, bob): (&Actor, &Actor), id: MsgId, fate: MailFate) {
    let receipt = MailReceipt {
        row: EPOCH_MS + DAY_MS,
        env_id: id,
        recipient: bob.account().unwrap(),
        fate,
    };
    let mut times = 0;
    trial.lie_to(alice, move |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Receipts(page)),
            ..
        } = frame
        {
            times += 1;
            let receipts = vec![receipt.clone()].into_iter().filter(|_| times <= 3);
            *page = ReceiptPage {
                receipts: List::truncated(receipts),
                more: false,
            };
        }
    });
    trial.push(alice, Push::ReceiptsWaiting(Hint {}));
    trial.world.run_for(5_000);
}

/// What Bob's computer would sign for a message of Alice's.
fn receipt_body(alice: &Actor, message: MsgId) -> ReceiptBody {
    let pen = Rogue::thief_of(alice).pen;
    ReceiptBody {
        server_id: pen.server,
        sender_device: pen.device_id(),
        msg_id: message,
        stored_ms: EPOCH_MS,
    }
}

fn a_forged_receipt_delivers_nothing() -> Row {
    let (mut trial, alice, bob, id) = left_for_bob(2);
    let forged = Signed::new(&receipt_body(&alice, id), &KeyPair::from_seed([66; 32]));
    says_of_mail(&trial, (&alice, &bob), id, MailFate::Stored(forged));
    trial.noticed_by(&alice, "a mail receipt does not hold");
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

fn a_receipt_of_another_message_delivers_nothing() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(3);
    let key = Rogue::thief_of(&bob).pen.device;
    let earlier = alice.send(&bob, "the one that he got");
    trial
        .world
        .expect("it is delivered", || alice.is_delivered(earlier), 9_000);
    bob.kill();
    trial.world.run_for(70_000);
    let id = alice.send(&bob, "the one that he will not get");
    trial.world.run_for(5_000);
    trial.begins(&[&alice]);
    let genuine = Signed::new(&receipt_body(&alice, earlier), &key);
    says_of_mail(&trial, (&alice, &bob), id, MailFate::Stored(genuine));
    trial.noticed_by(&alice, "a mail receipt does not hold");
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

/// The word that mail was looked at is not signed, and used to settle the message: a rendezvous that dropped it could
/// show its writer that it had been read.
fn mail_that_was_never_received_cannot_be_looked_at() -> Row {
    let (mut trial, alice, bob, id) = left_for_bob(4);
    says_of_mail(&trial, (&alice, &bob), id, MailFate::Shown);
    trial.noticed_by(
        &alice,
        "mail is said to be looked at that was never received",
    );
    trial.state_is(&alice, id, DeliveryState::LeftAtServer);
    trial.ends()
}

fn a_delivered_message_cannot_be_said_to_have_failed() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(5);
    let id = alice.send(&bob, "he has it");
    trial
        .world
        .expect("it is delivered", || alice.is_delivered(id), 9_000);
    trial.begins(&[&alice]);
    let fate = MailFate::Unusable(Refusal::NotAllowed);
    says_of_mail(&trial, (&alice, &bob), id, fate);
    trial.noticed_by_nobody("it contradicts a signed receipt, and is passed over");
    trial.state_is(&alice, id, DeliveryState::Delivered);
    trial.ends()
}

fn a_failure_that_the_rendezvous_invents_is_told_as_a_failure() -> Row {
    let (mut trial, alice, bob, id) = left_for_bob(6);
    let fate = MailFate::Unusable(Refusal::NotAllowed);
    says_of_mail(&trial, (&alice, &bob), id, fate);
    trial.noticed_by_nobody("whoever carries mail can refuse to; it may even be delivered");
    trial.state_is(&alice, id, DeliveryState::Failed);
    trial.ends()
}

/// Mail as the rendezvous hands it to somebody.
struct Letter {
    sender: AccountId,
    env_id: MsgId,
    message: Signed,
    card: Signed,
    deposited_ms: u64,
}

impl Letter {
    /// An honest one, by whoever holds the home of `rogue`.
    fn of(rogue: &Rogue, to: &Actor, text: &str) -> Self {
        let inner = rogue
            .pen
            .inner(to.account().unwrap(), 1, (EPOCH_MS + 50, text));
        Self {
            sender: rogue.pen.account,
            env_id: inner.msg_id,
            message: rogue.pen.signs(&inner),
            card: rogue.hello.card.clone(),
            deposited_ms: EPOCH_MS + 60,
        }
    }

    /// Sealed for the account of `to`.
    fn sealed(&self, to: &Actor) -> Mailed {
        let reader = Rogue::thief_of(to);
        let card: Card = reader.hello.card.peek_unverified().unwrap();
        let name = MailName {
            server: card.server_id,
            env_id: self.env_id,
        };
        let key = SealKey {
            no: card.seal_no,
            pk: card.seal_pk,
        };
        let to = [(card.account_id, key)];
        let mut entropy = SeededEntropy::from_number(5);
        let sealed = seal_mail(name, &self.message, &self.card, &to, &mut entropy).unwrap();
        Mailed {
            row: MailRow(EPOCH_MS),
            env_id: self.env_id,
            sender: self.sender,
            deposited_ms: self.deposited_ms,
            body_ct: sealed.body_ct,
            key: sealed.recipients[0],
        }
    }
}

/// The rendezvous hands this over, `times` over.
fn hands_over(trial: &Trial, to: &Actor, mailed: Mailed, times: u64) {
    let mut pages = 0;
    trial.lie_to(to, move |frame| {
        mail_is(frame, |_| {
            pages += 1;
            let mut mailed = mailed.clone();
            mailed.row.0 += pages;
            vec![mailed]
                .into_iter()
                .filter(|_| pages <= times)
                .collect()
        });
    });
    for _ in 0..times {
        trial.push(to, Push::MailWaiting(Hint {}));
    }
}

/// This mail is handed to Bob, and comes to nothing.
fn comes_to_nothing(mut trial: Trial, bob: &Actor, mailed: Mailed, sign: &str) -> Row {
    trial.begins(&[bob]);
    // Twice: at the first time the rendezvous is asked who the sender is.
    hands_over(&trial, bob, mailed, 2);
    trial.noticed_by(bob, sign);
    trial.told_nothing(bob);
    trial.ends()
}

fn mail_of_one_friend_does_not_pass_as_that_of_another() -> Row {
    let (trial, alice, bob) = Trial::of_friends(7);
    let carol = trial.world.member("carol");
    befriend(&carol, &bob);
    let mut letter = Letter::of(&Rogue::thief_of(&alice), &bob, "I am Carol");
    letter.sender = carol.account().unwrap();
    let mailed = letter.sealed(&bob);
    comes_to_nothing(trial, &bob, mailed, "mail is not taken")
}

fn mail_of_a_stranger_is_not_shown() -> Row {
    let (trial, _, bob) = Trial::of_friends(8);
    let carol = trial.world.member("carol");
    let mailed = Letter::of(&Rogue::thief_of(&carol), &bob, "buy this").sealed(&bob);
    comes_to_nothing(trial, &bob, mailed, "mail is not taken")
}

fn mail_with_a_changed_body_does_not_open() -> Row {
    let (trial, alice, bob) = Trial::of_friends(9);
    let mut mailed = Letter::of(&Rogue::thief_of(&alice), &bob, "ten").sealed(&bob);
    let mut body = mailed.body_ct.into_vec();
    body[40] ^= 1;
    mailed.body_ct = Bytes::new(body).unwrap();
    comes_to_nothing(trial, &bob, mailed, "mail does not open")
}

fn mail_under_another_name_does_not_open() -> Row {
    let (trial, alice, bob) = Trial::of_friends(10);
    let mut mailed = Letter::of(&Rogue::thief_of(&alice), &bob, "ten").sealed(&bob);
    mailed.env_id.0[15] ^= 1;
    comes_to_nothing(trial, &bob, mailed, "mail does not open")
}

fn mail_sealed_for_somebody_else_does_not_open() -> Row {
    let (trial, alice, bob) = Trial::of_friends(11);
    let carol = trial.world.member("carol");
    let letter = Letter::of(&Rogue::thief_of(&alice), &bob, "for Carol's eyes");
    let mailed = letter.sealed(&carol);
    comes_to_nothing(trial, &bob, mailed, "mail does not open")
}

/// A device whose time is over could write again, if the rendezvous said that its mail had been lying there for ages.
fn mail_that_is_dated_back_is_not_taken() -> Row {
    let (trial, alice, bob) = Trial::of_friends(12);
    let mut letter = Letter::of(&Rogue::thief_of(&alice), &bob, "from the grave");
    letter.deposited_ms = EPOCH_MS - MAIL_LIFETIME_MS - DAY_MS;
    let mailed = letter.sealed(&bob);
    comes_to_nothing(trial, &bob, mailed, "mail is not taken")
}

fn the_same_mail_again_is_shown_once() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(13);
    let mailed = Letter::of(&Rogue::thief_of(&alice), &bob, "once").sealed(&bob);
    trial.begins(&[&bob]);
    hands_over(&trial, &bob, mailed, 3);
    assert_eq!(bob.texts(&alice), ["once"]);
    trial.noticed_by_nobody("copies are what every network makes, and are known by their name");
    trial.told("bob: the message, once");
    trial.ends()
}

/// Friendship is made at the rendezvous, on any of one's computers: no other computer can know that it was not.
fn a_stranger_among_the_contacts_is_there_for_all_to_see() -> Row {
    let mut trial = Trial::new(14);
    let alice = trial.world.member("alice");
    let mallory = Forged::new(&trial.server_key(), "mallory", 7);
    trial.begins(&[&alice]);
    let contact = mallory.contact();
    trial.lie_to(&alice, move |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Contacts(page)),
            ..
        } = frame
        {
            page.contacts = List::new(vec![contact.clone()]).unwrap();
        }
    });
    trial.reconnect(&alice);
    let listed = format!("{:?}", alice.ask(Command::Friends));
    assert!(listed.contains("mallory"), "{listed}");
    trial.noticed_by_nobody(
        "who is a friend is said by the rendezvous; a person sees it and can block",
    );
    trial.told("alice: `friends` lists mallory");
    trial.ends()
}

fn a_block_is_not_lifted_by_anything_but_the_own_list_of_blocks() -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(15);
    let login = "bob".to_owned();
    let contact = Rogue::thief_of(&bob);
    alice.ask(Command::Block { login }).unwrap();
    trial.world.run_for(3_000);
    let account = bob.account().unwrap();
    trial.begins(&[&alice]);
    let forged = Forged::new(&trial.server_key(), "bob", 9).contact();
    let told = hutong_common::rpc::friends::Contact {
        account,
        membership: contact.hello.membership.clone(),
        card: contact.hello.card.clone(),
        ..forged
    };
    trial.lie_to(&alice, move |frame| {
        if let ServerFrame::Reply { result, .. } = frame
            && *result == Err(Refusal::NotFound)
        {
            *result = Ok(Reply::Contact(Box::new(told.clone())));
        }
    });
    trial.push(&alice, Push::ContactChanged(ContactChanged { account }));
    let link = contact.greets(&alice);
    trial.world.run_for(3_000);
    assert!(!link.is_open() && link.heard().is_empty());
    hands_over(
        &trial,
        &alice,
        Letter::of(&contact, &alice, "let me in").sealed(&alice),
        1,
    );
    trial.noticed_by(&alice, "a link is refused");
    trial.told_nothing(&alice);
    trial.ends()
}
