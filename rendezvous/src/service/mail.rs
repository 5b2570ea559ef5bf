//! Sealed mail: left for contacts or oneself, fetched in order, and dropped when every own computer has it.
//!
//! An account that has only shared seats keeps its mail for its whole lifetime, as its archive.

use super::devices::{own_computers, parsed};
use super::groups::voice::{Voice, may_talk};
use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::sessions::Recipient;
use crate::store::expiries::ExpiryRow;
use crate::store::groups::MailGroupRow;
use crate::store::mail::{DepositRow, FROM_ALL, MailRow, OutstandingRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::{Bytes, List};
use hutong_common::id::{AccountId, DeviceId, MailRow as RowId, MsgId};
use hutong_common::limits::{
    GROUP_COPIES_BURST_MAX, GROUP_COPY_INTERVAL_MS, MAIL_BYTES_PER_PAIR_MAX, MAIL_EVICTIONS_MAX,
    MAIL_LIFETIME_MS, MAIL_PAGE_BYTES_MAX, MAIL_PAGE_MAX, MAIL_PER_PAIR_MAX,
    MAIL_PER_RECIPIENT_MAX, MAIL_QUOTA_RETRY_MS, MESSAGE_INTERVAL_MS, MESSAGES_BURST_MAX,
};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::groups::{GroupEpoch, GroupMail, Post, PostPage};
use hutong_common::rpc::mail::{Envelope, MailPage, MailPageAsk, MailStored, Mailed, SealedKey};
use std::collections::BTreeSet;

const FULL: Refusal = Refusal::QuotaFull {
    retry_ms: MAIL_QUOTA_RETRY_MS,
};

/// What is to be done for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Store,
    StoredBefore,
    Refused(Refusal),
}

/// From whom mail is.
pub(super) struct Origin {
    pub(super) sender: AccountId,
    /// Devices of the recipient that need it no more.
    pub(super) acknowledged: Vec<DeviceId>,
    /// The group for which it is.
    pub(super) stamp: Option<MailGroupRow>,
}

impl Service {
    /// Mail of one person to others, who must be contacts.
    pub(super) fn send_mail(
        &self,
        own: SignedIn,
        envelope: &Envelope,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.leave(own, envelope, None, cx)
    }

    /// Mail to members of a group, whose newest sheet must let its sender be heard.
    pub(super) fn send_group_mail(
        &self,
        own: SignedIn,
        mail: &GroupMail,
        cx: &mut Context<'_>,
    ) -> Answer {
        let voice = Voice::of(own.account, mail.group, (cx.tx, cx.now_ms))??;
        self.leave(own, &mail.envelope, Some(&voice), cx)
    }

    fn leave(
        &self,
        own: SignedIn,
        envelope: &Envelope,
        voice: Option<&Voice>,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.takes_new_data()?;
        let accounts: BTreeSet<AccountId> =
            envelope.recipients.iter().map(|key| key.account).collect();
        if accounts.is_empty() || accounts.len() < envelope.recipients.len() {
            return Err(Refusal::Malformed.into());
        }
        if !self.is_lab() {
            let copies = envelope.recipients.len();
            let charges = match voice {
                None => vec![a_message(own.account); copies],
                // What is said in a group is one message, whose copies have a bound of their own.
                Some(_) => [
                    vec![a_message(own.account)],
                    vec![a_copy(own.account); copies],
                ]
                .concat(),
            };
            self.charge(&charges, cx.now_ms)?;
        }
        let mut verdicts = Vec::with_capacity(envelope.recipients.len());
        for key in envelope.recipients.iter() {
            let between = (own.account, key.account);
            verdicts.push((key, self.judge(between, envelope, voice, cx.tx)?));
        }

        let body = *blake3::hash(&envelope.body_ct).as_bytes();
        let mut pushes = Vec::new();
        let mut results = Vec::with_capacity(verdicts.len());
        for (key, verdict) in verdicts {
            let refusal = match verdict {
                Verdict::Refused(refusal) => Some(refusal),
                Verdict::StoredBefore => None,
                Verdict::Store => {
                    self.deposit(own, (envelope, body, key), voice, cx)?;
                    let to = Recipient::OtherDevices(key.account, own.device);
                    pushes.push((to, Push::MailWaiting(Hint {})));
                    None
                }
            };
            results.push((key.account, refusal));
        }
        Ok(Outcome::of(Reply::MailStored(MailStored {
            env_id: envelope.env_id,
            recipients: List::truncated(results),
        }))
        .pushing(pushes))
    }

    fn judge(
        &self,
        (sender, recipient): (AccountId, AccountId),
        envelope: &Envelope,
        voice: Option<&Voice>,
        tx: &Tx,
    ) -> Result<Verdict, StoreError> {
        if tx.deposit(recipient, sender, envelope.env_id)?.is_some() {
            return Ok(Verdict::StoredBefore);
        }
        if sender != recipient
            && let Err(refusal) = gate((sender, recipient), voice, tx)?
        {
            return Ok(Verdict::Refused(refusal));
        }
        // Such a key is nobody's: the mail would lie there unread.
        let card = parsed(&promised(tx.card(recipient)?, "cards")?)?;
        if envelope
            .recipients
            .iter()
            .any(|key| key.account == recipient && key.seal_no > card.seal_no)
        {
            return Ok(Verdict::Refused(Refusal::Malformed));
        }
        let bytes = envelope.body_ct.len() as u64;
        // Whoever leaves copies for himself fills nobody else's mailbox.
        let from_us = if sender == recipient {
            OutstandingRow::default()
        } else {
            tx.outstanding(recipient, sender)?
        };
        if from_us.count >= MAIL_PER_PAIR_MAX || from_us.bytes + bytes > MAIL_BYTES_PER_PAIR_MAX {
            return Ok(Verdict::Refused(FULL));
        }
        if self.is_full(recipient, bytes, tx)? && tx.oldest_read_mail(recipient)?.is_none() {
            return Ok(Verdict::Refused(FULL));
        }
        Ok(Verdict::Store)
    }

    fn is_full(&self, recipient: AccountId, bytes: u64, tx: &Tx) -> Result<bool, StoreError> {
        let all = tx.outstanding(recipient, FROM_ALL)?;
        Ok(all.count >= MAIL_PER_RECIPIENT_MAX
            || all.bytes + bytes > self.policy.mail_bytes_per_recipient)
    }

    fn deposit(
        &self,
        own: SignedIn,
        (envelope, body, key): (&Envelope, [u8; 32], &SealedKey),
        voice: Option<&Voice>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let recipient = key.account;
        // The device that leaves a copy for its own account has that message already.
        let acknowledged = if recipient == own.account {
            vec![own.device]
        } else {
            Vec::new()
        };
        if is_settled(recipient, &acknowledged, cx)? {
            return Ok(());
        }
        let stamp = voice.map(Voice::stamp);
        let from = Origin {
            sender: own.account,
            acknowledged,
            stamp,
        };
        self.store(from, (envelope, body, key), cx)
    }

    /// Puts mail behind all that its recipient has.
    pub(super) fn store(
        &self,
        from: Origin,
        (envelope, body, key): (&Envelope, [u8; 32], &SealedKey),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (recipient, sender) = (key.account, from.sender);
        let bytes = envelope.body_ct.len() as u64;
        self.make_room(recipient, bytes, cx)?;
        cx.tx.hold_body(body, &envelope.body_ct)?;
        let mail = MailRow {
            sender,
            env_id: envelope.env_id,
            deposited_ms: cx.now_ms,
            body,
            bytes,
            seal_no: key.seal_no,
            enc: key.enc,
            key_ct: key.key_ct,
            key_tag: key.key_tag,
            acknowledged: from.acknowledged,
        };
        let row = cx.tx.insert_mail(recipient, &mail)?;
        if let Some(stamp) = from.stamp {
            cx.tx.set_mail_group(recipient, row, &stamp)?;
        }
        let deposit = DepositRow {
            row: Some(row),
            told_fate: false,
            told_shown: false,
        };
        cx.tx
            .set_deposit(recipient, (sender, envelope.env_id), &deposit)?;
        let ends = ExpiryRow::Mail {
            recipient,
            sender,
            env_id: envelope.env_id,
        };
        cx.tx.set_expiry(cx.now_ms + MAIL_LIFETIME_MS, &ends)
    }

    /// Drops the oldest mail that was read, until the new one fits.
    fn make_room(
        &self,
        recipient: AccountId,
        bytes: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for _ in 0..MAIL_EVICTIONS_MAX {
            if !self.is_full(recipient, bytes, cx.tx)? {
                break;
            }
            let Some((row, mail)) = cx.tx.oldest_read_mail(recipient)? else {
                break;
            };
            cx.tx.remove_mail(recipient, row.0, &mail)?;
        }
        Ok(())
    }

    /// Own mail of people: what a program reads that knows no groups.
    pub(super) fn mail(own: SignedIn, ask: MailPageAsk, cx: &mut Context<'_>) -> Answer {
        let (page, more) = mail_page(own, ask, cx)?;
        let of_people = page.into_iter().filter(|post| post.group.is_none());
        Ok(Outcome::of(Reply::Mail(MailPage {
            mail: List::truncated(of_people.map(|post| post.mailed)),
            more,
        })))
    }

    pub(super) fn post(own: SignedIn, ask: MailPageAsk, cx: &mut Context<'_>) -> Answer {
        let (page, more) = mail_page(own, ask, cx)?;
        let mail = List::truncated(page);
        Ok(Outcome::of(Reply::Post(PostPage { mail, more })))
    }
    /// Forgets a deposit, with its mail if that was never fetched by everybody.
    pub(super) fn expire_mail(
        recipient: AccountId,
        (sender, env_id): (AccountId, MsgId),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let deposit = cx.tx.deposit(recipient, sender, env_id)?;
        if let Some(row) = deposit.and_then(|deposit| deposit.row)
            && let Some(mail) = cx.tx.mail(recipient, row)?
        {
            cx.tx.remove_mail(recipient, row, &mail)?;
        }
        cx.tx.remove_deposit(recipient, (sender, env_id))
    }
}

/// Whether the account has own computers and all of them acknowledged.
pub(super) fn is_settled(
    account: AccountId,
    acknowledged: &[DeviceId],
    cx: &Context<'_>,
) -> Result<bool, StoreError> {
    let own = own_computers(cx.tx, account, cx.now_ms)?;
    Ok(!own.is_empty() && own.iter().all(|device| acknowledged.contains(device)))
}

/// A page of mail that this device has not acknowledged, and whether there is more.
fn mail_page(
    own: SignedIn,
    ask: MailPageAsk,
    cx: &Context<'_>,
) -> Result<(Vec<Post>, bool), StoreError> {
    let mut page = Vec::new();
    let mut page_bytes = 0;
    let mut after = ask.after;
    let more = 'page: loop {
        let rows = cx.tx.mail_after(own.account, after, MAIL_PAGE_MAX)?;
        let is_end = rows.len() < MAIL_PAGE_MAX;
        for (row, mail) in rows {
            after = row;
            if mail.acknowledged.contains(&own.device) {
                continue;
            }
            let body = promised(cx.tx.body(mail.body)?, "bodies")?.body_ct;
            page_bytes += body.len();
            let is_full = page.len() == MAIL_PAGE_MAX || page_bytes > MAIL_PAGE_BYTES_MAX;
            if is_full && !page.is_empty() {
                break 'page true;
            }
            let group = cx.tx.mail_group(own.account, row.0)?;
            let stamp = group.map(|MailGroupRow { group, epoch }| GroupEpoch { group, epoch });
            page.push(Post {
                mailed: mailed(own.account, (row, mail), body),
                group: stamp,
            });
        }
        if is_end {
            break false;
        }
    };
    Ok((page, more))
}

/// Whether `recipient` takes mail of `sender`: as a contact, or as a member of the group in which he is heard.
fn gate(
    (sender, recipient): (AccountId, AccountId),
    voice: Option<&Voice>,
    tx: &Tx,
) -> Result<Result<(), Refusal>, StoreError> {
    let Some(voice) = voice else {
        if !Standing::of(tx, sender, recipient)?.is_contact() {
            return Ok(Err(Refusal::NotContacts));
        }
        let may_talk = may_talk(sender, recipient, tx)?;
        return Ok(may_talk.then_some(()).ok_or(Refusal::NotAllowed));
    };
    let reaches = voice.reaches(sender, recipient, tx)?;
    Ok(reaches.then_some(()).ok_or(Refusal::NotMember))
}

fn mailed(account: AccountId, (row, mail): (RowId, MailRow), body: Vec<u8>) -> Mailed {
    Mailed {
        row,
        env_id: mail.env_id,
        sender: mail.sender,
        deposited_ms: mail.deposited_ms,
        // Bodies were within the bound when they came.
        body_ct: Bytes::new(body).unwrap_or_default(),
        key: SealedKey {
            account,
            seal_no: mail.seal_no,
            enc: mail.enc,
            key_ct: mail.key_ct,
            key_tag: mail.key_tag,
        },
    }
}

/// One copy of a message. Several at once are let through like one, and paid for by the pause after them.
const fn a_message(account: AccountId) -> Charge {
    Charge {
        limit: Limit::Messages,
        subject: Subject::Account(account.0),
        rate: Rate::burst(MESSAGES_BURST_MAX, MESSAGE_INTERVAL_MS),
    }
}

/// A copy of a message for one member of a group.
const fn a_copy(account: AccountId) -> Charge {
    Charge {
        limit: Limit::GroupCopies,
        subject: Subject::Account(account.0),
        rate: Rate::burst(GROUP_COPIES_BURST_MAX, GROUP_COPY_INTERVAL_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene, acks, letter, letter_of};
    use super::*;
    use hutong_common::limits::{DAY_MS, MAIL_BODY_BYTES_MAX};
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::Request;
    use hutong_common::rpc::mail::MailFate;
    use hutong_common::signed::DeviceKind;

    fn numbers(mail: &[Mailed]) -> Vec<u8> {
        mail.iter().map(|mail| mail.env_id.0[0]).collect()
    }

    fn tick(scene: &mut Scene) {
        scene.with(|service, cx| service.tick(cx)).unwrap();
    }

    #[test]
    fn mail_waits_in_order_until_it_is_acknowledged() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        for number in [3, 1, 2] {
            let sent = scene.send(&mut lin, &letter(number, &[&mei])).unwrap();
            assert_eq!(sent, [(mei.account, None)]);
        }
        assert!(matches!(mei.pushes()[0], Push::MailWaiting(_)));
        let mut scene = scene.restart();
        scene.resume(&mut mei).unwrap();
        let mail = scene.mail(&mut mei);
        assert_eq!(numbers(&mail), [3, 1, 2]);
        assert_eq!(mail[0].sender, lin.account);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        assert_eq!(numbers(&scene.mail(&mut mei)), [1, 2]);
    }

    /// Nobody lacks mail that the only computer of an account leaves for its own account. Each left a row for thirty days
    /// all the same, which no quota counted.
    #[test]
    fn a_copy_for_oneself_that_nobody_needs_leaves_no_trace() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let own = letter(1, &[&scene.twin(&lin)]);
        assert_eq!(scene.send(&mut lin, &own), Ok(vec![(lin.account, None)]));
        let left = scene.with(|_, cx| cx.tx.deposit(lin.account, lin.account, MsgId([1; 16])));
        assert!(left.unwrap().is_none());
        let mut second = scene.sign_in("lin", DeviceKind::Own).unwrap();
        scene.send(&mut lin, &own).unwrap();
        assert_eq!(numbers(&scene.mail(&mut second)), [1]);
    }

    #[test]
    fn mail_to_a_seal_key_that_does_not_exist_is_refused() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let Request::SendMail(mut envelope) = letter(1, &[&mei]) else {
            panic!("a letter");
        };
        let mut key = envelope.recipients[0];
        key.seal_no = 2;
        envelope.recipients = List::new(vec![key]).unwrap();
        let sent = scene.send(&mut lin, &Request::SendMail(envelope));
        assert_eq!(sent, Ok(vec![(mei.account, Some(Refusal::Malformed))]));
    }

    /// An envelope to five hundred cost its sender as much as one to a single person.
    #[test]
    fn every_recipient_of_an_envelope_counts() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let everybody: Vec<Client> = (0..199)
            .map(|number| {
                let mut stranger = scene.twin(&mei);
                stranger.account = AccountId(50_000 + number);
                stranger
            })
            .collect();
        let to: Vec<&Client> = everybody.iter().chain([&mei]).collect();
        assert!(scene.send(&mut lin, &letter(1, &to)).is_ok());
        let soon = scene.send(&mut lin, &letter(2, &[&mei]));
        let retry_ms = (200 - (MESSAGES_BURST_MAX - 1)) * MESSAGE_INTERVAL_MS;
        assert_eq!(soon, Err(Refusal::TooFast { retry_ms }));
        scene.now_ms += retry_ms;
        assert!(scene.send(&mut lin, &letter(2, &[&mei])).is_ok());
    }

    #[test]
    fn strangers_are_turned_away_one_by_one() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        let sent = scene.send(&mut lin, &letter(1, &[&mei, &bo])).unwrap();
        let want = [
            (mei.account, None),
            (bo.account, Some(Refusal::NotContacts)),
        ];
        assert_eq!(sent, want);
        assert_eq!(scene.mail(&mut bo), []);
        let twice = scene.send(&mut lin, &letter(2, &[&mei, &mei]));
        assert_eq!(twice, Err(Refusal::Malformed));
    }

    #[test]
    fn the_same_envelope_again_is_stored_once_even_after_it_was_fetched() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        for _ in 0..2 {
            let sent = scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
            assert_eq!(sent, [(mei.account, None)]);
        }
        let mail = scene.mail(&mut mei);
        assert_eq!(numbers(&mail), [1]);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        let mut scene = scene.restart();
        scene.resume(&mut lin).unwrap();
        scene.resume(&mut mei).unwrap();
        let sent = scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        assert_eq!(sent, [(mei.account, None)]);
        assert_eq!(scene.mail(&mut mei), []);
    }

    #[test]
    fn a_server_killed_before_the_commit_has_nothing_and_after_it_everything() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let outcome = scene.ask_and_die(&mut lin, letter(1, &[&mei]));
        assert!(outcome.reply.is_ok());
        let mut scene = scene.restart();
        scene.resume(&mut mei).unwrap();
        assert_eq!(scene.mail(&mut mei), []);
        scene.resume(&mut lin).unwrap();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mut scene = scene.restart();
        scene.resume(&mut mei).unwrap();
        assert_eq!(numbers(&scene.mail(&mut mei)), [1]);
    }

    #[test]
    fn a_message_sealed_anew_reaches_another_recipient_with_its_own_body() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        scene.befriend(&mut lin, &mut bo);
        let (one, other) = (vec![1; 300], vec![2; 300]);
        scene
            .send(&mut lin, &letter_of(1, &[&mei], one.clone()))
            .unwrap();
        scene
            .send(&mut lin, &letter_of(1, &[&mei, &bo], other.clone()))
            .unwrap();
        let first = scene.mail(&mut mei);
        assert_eq!((first.len(), &first[0].body_ct[..]), (1, &one[..]));
        assert_eq!(&scene.mail(&mut bo)[0].body_ct[..], &other[..]);
    }

    #[test]
    fn mail_stays_until_both_own_computers_have_it() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut second = scene.sign_in("mei", DeviceKind::Own).unwrap();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mail = scene.mail(&mut mei);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        assert_eq!(scene.mail(&mut mei), []);
        assert_eq!(numbers(&scene.mail(&mut second)), [1]);
        let stored = scene.stored(&second, &mail[0]);
        scene.ask(&mut second, stored).unwrap();
        assert_eq!(scene.mail(&mut second), []);
        let third = &mut scene.sign_in("mei", DeviceKind::Own).unwrap();
        assert_eq!(scene.mail(third), []);
    }

    #[test]
    fn a_computer_that_signed_out_is_not_waited_for() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut second = scene.sign_in("mei", DeviceKind::Own).unwrap();
        scene.ask(&mut second, Request::SignOut).unwrap();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mail = scene.mail(&mut mei);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        let mut third = scene.sign_in("mei", DeviceKind::Own).unwrap();
        assert_eq!(scene.mail(&mut third), []);
    }

    #[test]
    fn who_has_only_seats_keeps_his_mail_for_its_lifetime() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let seat = (DeviceKind::Seat, None);
        let (mut mei, _) = scene.try_register("mei", seat).unwrap();
        scene.befriend(&mut lin, &mut mei);
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mail = scene.mail(&mut mei);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        scene.disconnect(&mei);
        scene.now_ms += DAY_MS;
        let mut seat = scene.sign_in("mei", DeviceKind::Seat).unwrap();
        assert_eq!(numbers(&scene.mail(&mut seat)), [1]);
        scene.disconnect(&seat);
        scene.days_pass(29);
        tick(&mut scene);
        let mut seat = scene.sign_in("mei", DeviceKind::Seat).unwrap();
        assert_eq!(scene.mail(&mut seat), []);
    }

    #[test]
    fn a_copy_for_oneself_waits_only_for_the_other_own_computers() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let alone = letter(1, &[&lin]);
        scene.send(&mut lin, &alone).unwrap();
        let mut second = scene.sign_in("lin", DeviceKind::Own).unwrap();
        assert_eq!(scene.mail(&mut second), []);
        let copy = letter(2, &[&lin]);
        scene.send(&mut lin, &copy).unwrap();
        assert_eq!(scene.mail(&mut lin), []);
        assert_eq!(numbers(&scene.mail(&mut second)), [2]);
    }

    #[test]
    fn mail_that_cannot_be_used_goes() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mail = scene.mail(&mut mei);
        let unusable = acks(&mail[0], MailFate::Unusable(Refusal::Malformed));
        scene.ask(&mut mei, unusable).unwrap();
        assert_eq!(scene.mail(&mut mei), []);
    }

    #[test]
    fn one_sender_cannot_fill_a_mailbox_and_acknowledged_mail_makes_room() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let large =
            |number: u8, mei: &Client| letter_of(number, &[mei], vec![number; MAIL_BODY_BYTES_MAX]);
        let fit = u8::try_from(MAIL_BYTES_PER_PAIR_MAX / MAIL_BODY_BYTES_MAX as u64).unwrap();
        for number in 0..fit {
            let sent = scene.send(&mut lin, &large(number, &mei)).unwrap();
            assert_eq!(sent, [(mei.account, None)]);
        }
        let full = scene.send(&mut lin, &large(fit, &mei)).unwrap();
        assert_eq!(full, [(mei.account, Some(FULL))]);
        let mail = scene.mail(&mut mei);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        let sent = scene.send(&mut lin, &large(fit, &mei)).unwrap();
        assert_eq!(sent, [(mei.account, None)]);
    }

    #[test]
    fn large_mail_comes_in_pages_that_fit_a_frame() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        for number in 0..20 {
            let large = letter_of(number, &[&mei], vec![number; MAIL_BODY_BYTES_MAX]);
            scene.send(&mut lin, &large).unwrap();
        }
        let (mut got, mut after) = (Vec::new(), RowId(0));
        for _ in 0..20 {
            let ask = Request::Mail(MailPageAsk { after });
            let Reply::Mail(page) = scene.ask(&mut mei, ask).unwrap() else {
                panic!("not the reply to this request");
            };
            let bytes: usize = page.mail.iter().map(|mail| mail.body_ct.len()).sum();
            assert!(bytes <= MAIL_PAGE_BYTES_MAX);
            got.extend(numbers(&page.mail));
            after = page.mail.last().unwrap().row;
            if !page.more {
                break;
            }
        }
        assert_eq!(got, (0..20).collect::<Vec<u8>>());
    }

    #[test]
    fn what_ends_leaves_nothing_behind() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        for number in 0..5 {
            scene.send(&mut lin, &letter(number, &[&mei])).unwrap();
        }
        scene.days_pass(30);
        tick(&mut scene);
        let empty = scene.with(|_, cx| {
            let all = cx.tx.outstanding(mei.account, FROM_ALL).unwrap();
            let from_lin = cx.tx.outstanding(mei.account, lin.account).unwrap();
            let body = *blake3::hash(&[1; 300]).as_bytes();
            (
                all.count,
                from_lin.bytes,
                cx.tx.body(body).unwrap().is_none(),
            )
        });
        assert_eq!(empty, (0, 0, true));
    }
}
