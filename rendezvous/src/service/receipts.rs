//! What became of mail: said by the recipient's devices, kept for the sender until his own computers have it.

use super::devices::own_computers;
use super::limiter::{Charge, Limit, Rate, Subject};
use super::mail::is_settled;
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn};
use crate::sessions::Recipient;
use crate::store::StoreError;
use crate::store::expiries::ExpiryRow;
use crate::store::mail::{DepositRow, ReceiptRow};
use hutong_common::bounded::List;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{
    CONFIRMATION_INTERVAL_MS, CONFIRMATIONS_BURST_MAX, MAIL_LIFETIME_MS, MAIL_PAGE_MAX,
    RECEIPT_BYTES_MAX, SWEEP_MAX,
};
use hutong_common::message::SERVER;
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::mail::{
    MailAck, MailAcks, MailFate, MailReceipt, ReceiptPage, ReceiptPageAsk,
};
use hutong_common::signed::{ConfirmationBody, ReceiptBody, Role};
use std::collections::BTreeSet;

impl Service {
    pub(super) fn ack_mail(&self, own: SignedIn, acks: MailAcks, cx: &mut Context<'_>) -> Answer {
        if !acks.iter().all(is_plausible) {
            return Err(Refusal::Malformed.into());
        }
        self.pay_for_confirmations(own, &acks, cx.now_ms)?;

        let mut told = BTreeSet::new();
        for ack in acks.into_vec() {
            let sender = ack.sender;
            if Self::acknowledge(own, ack, cx)? {
                told.insert(sender);
            }
        }
        let pushes = told.into_iter().map(|sender| {
            let to = Recipient::Account(sender);
            (to, Push::ReceiptsWaiting(Hint {}))
        });
        Ok(Outcome::done().pushing(pushes.collect()))
    }

    fn pay_for_confirmations(
        &self,
        own: SignedIn,
        acks: &MailAcks,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let confirmations = acks
            .iter()
            .filter(|ack| matches!(ack.fate, MailFate::Confirmed(_)));
        let charges: Vec<Charge> = confirmations.map(|_| a_confirmation(own.account)).collect();
        if self.is_lab() {
            return Ok(());
        }
        self.charge(&charges, now_ms)
    }

    /// Settles one mail; says whether its sender has something to read. An ack for mail that is long gone is no fault.
    fn acknowledge(own: SignedIn, ack: MailAck, cx: &mut Context<'_>) -> Result<bool, StoreError> {
        if ack.sender == SERVER {
            Self::note_step(own.account, &ack, cx)?;
        }
        if matches!(ack.fate, MailFate::Confirmed(_)) {
            return Self::confirm(own, ack, cx);
        }
        let name = (ack.sender, ack.env_id);
        let Some(mut deposit) = cx.tx.deposit(own.account, ack.sender, ack.env_id)? else {
            return Ok(false);
        };
        let is_news = match ack.fate {
            MailFate::Stored(_) | MailFate::Unusable(_) => {
                !std::mem::replace(&mut deposit.told_fate, true)
            }
            MailFate::Shown => !std::mem::replace(&mut deposit.told_shown, true),
            MailFate::Confirmed(_) => false,
        };
        if is_news {
            cx.tx.set_deposit(own.account, name, &deposit)?;
        }
        Self::settle(own, &ack, deposit, cx)?;
        if !is_news || [own.account, SERVER].contains(&ack.sender) {
            return Ok(false);
        }
        Self::keep(own, ack, cx)
    }

    /// An announcement need not have come by mail, so there may be nothing to settle. Who knows whoever announces may confirm
    /// it to him; nobody else is told anything.
    fn confirm(own: SignedIn, ack: MailAck, cx: &mut Context<'_>) -> Result<bool, StoreError> {
        let sender = cx.tx.account(ack.sender)?;
        let announces = sender.is_some_and(|account| account.role() != Role::Member);
        let knows = Standing::of(cx.tx, own.account, ack.sender)?.is_known();
        if !announces || !knows || ack.sender == own.account {
            return Ok(false);
        }
        Self::keep(own, ack, cx)
    }

    fn keep(own: SignedIn, ack: MailAck, cx: &mut Context<'_>) -> Result<bool, StoreError> {
        let receipt = ReceiptRow {
            env_id: ack.env_id,
            recipient: own.account,
            fate: ack.fate.into(),
        };
        let row = cx.tx.insert_receipt(ack.sender, &receipt, cx.now_ms)?;
        let ends = ExpiryRow::Receipt {
            sender: ack.sender,
            row,
        };
        cx.tx.set_expiry(cx.now_ms + MAIL_LIFETIME_MS, &ends)?;
        Ok(true)
    }

    fn settle(
        own: SignedIn,
        ack: &MailAck,
        deposit: DepositRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(row) = deposit.row else {
            return Ok(());
        };
        let Some(mail) = cx.tx.mail(own.account, row)? else {
            return Ok(());
        };
        match ack.fate {
            MailFate::Shown | MailFate::Confirmed(_) => Ok(()),
            MailFate::Unusable(_) => cx.tx.remove_mail(own.account, row, &mail),
            MailFate::Stored(_) => {
                let mail = cx
                    .tx
                    .acknowledge_mail(own.account, row, (mail, own.device))?;
                if is_settled(own.account, &mail.acknowledged, cx)? {
                    cx.tx.remove_mail(own.account, row, &mail)?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn receipts(
        &self,
        own: SignedIn,
        ask: ReceiptPageAsk,
        cx: &mut Context<'_>,
    ) -> Answer {
        let mut rows = cx
            .tx
            .receipts_after(own.account, ask.after, MAIL_PAGE_MAX + 1)?;
        let more = rows.len() > MAIL_PAGE_MAX;
        rows.truncate(MAIL_PAGE_MAX);

        if ask.after > cx.tx.receipts_read(own.account, own.device)? {
            cx.tx
                .set_receipts_read(own.account, own.device, ask.after)?;
            Self::forget_receipts(own.account, cx)?;
        }
        let receipts = rows.into_iter().map(|(row, receipt)| MailReceipt {
            row,
            env_id: receipt.env_id,
            recipient: receipt.recipient,
            fate: receipt.fate.into(),
        });
        Ok(Outcome::of(Reply::Receipts(ReceiptPage {
            receipts: List::truncated(receipts),
            more,
        })))
    }

    /// Drops the receipts that every own computer of the sender has stored.
    fn forget_receipts(account: AccountId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let own: Vec<DeviceId> = own_computers(cx.tx, account, cx.now_ms)?;
        let mut upto = None;
        for device in own {
            let read = cx.tx.receipts_read(account, device)?;
            upto = Some(upto.map_or(read, |upto: u64| upto.min(read)));
        }
        let Some(upto) = upto else {
            return Ok(());
        };
        for (row, _) in cx.tx.receipts_after(account, 0, SWEEP_MAX)? {
            if row > upto {
                break;
            }
            cx.tx.remove_receipt(account, row)?;
        }
        Ok(())
    }
}

/// The sender checks the signature; here only that nothing else is smuggled in as a receipt.
fn is_plausible(ack: &MailAck) -> bool {
    match &ack.fate {
        MailFate::Stored(receipt) => {
            receipt.body().len() <= RECEIPT_BYTES_MAX
                && receipt
                    .peek_unverified::<ReceiptBody>()
                    .is_ok_and(|body| body.msg_id == ack.env_id)
        }
        MailFate::Confirmed(confirmation) => {
            confirmation.body().len() <= RECEIPT_BYTES_MAX
                && confirmation
                    .peek_unverified::<ConfirmationBody>()
                    .is_ok_and(|body| body.msg_id == ack.env_id)
        }
        MailFate::Shown | MailFate::Unusable(_) => true,
    }
}

const fn a_confirmation(account: AccountId) -> Charge {
    Charge {
        limit: Limit::Confirmations,
        subject: Subject::Account(account.0),
        rate: Rate::burst(CONFIRMATIONS_BURST_MAX, CONFIRMATION_INTERVAL_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene, acks, letter};
    use super::*;
    use hutong_common::id::{MailRow, MsgId};
    use hutong_common::rpc::Request;
    use hutong_common::rpc::mail::{Mailed, SealedKey};
    use hutong_common::signed::{DeviceKind, Signed};

    /// What a device remembers of mail.
    fn mail_of(number: u8, sender: AccountId) -> Mailed {
        Mailed {
            row: MailRow(1),
            env_id: MsgId([number; 16]),
            sender,
            deposited_ms: 0,
            body_ct: hutong_common::bounded::Bytes::default(),
            key: SealedKey {
                account: sender,
                seal_no: 1,
                enc: [0; 32],
                key_ct: [0; 32],
                key_tag: [0; 16],
            },
        }
    }

    fn receipts(scene: &mut Scene, who: &mut Client, after: u64) -> Vec<MailReceipt> {
        let ask = ReceiptPageAsk { after };
        let Reply::Receipts(page) = scene.ask(who, Request::Receipts(ask)).unwrap() else {
            panic!("not the reply to this request");
        };
        page.receipts.into_vec()
    }

    /// Lin's letter to Mei, stored by Mei.
    fn delivered() -> (Scene, Client, Client) {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mail = scene.mail(&mut mei);
        let stored = scene.stored(&mei, &mail[0]);
        scene.ask(&mut mei, stored).unwrap();
        (scene, lin, mei)
    }

    #[test]
    fn a_receipt_waits_for_its_sender_over_a_restart_and_goes_when_he_has_it() {
        let (scene, mut lin, mei) = delivered();
        assert!(matches!(lin.pushes()[..], [Push::ReceiptsWaiting(_)]));
        let mut scene = scene.restart();
        scene.resume(&mut lin).unwrap();
        let got = receipts(&mut scene, &mut lin, 0);
        assert_eq!((got.len(), got[0].recipient), (1, mei.account));
        let MailFate::Stored(receipt) = &got[0].fate else {
            panic!("{:?}", got[0].fate);
        };
        assert!(receipt.verify::<ReceiptBody>(&mei.key.public()).is_ok());
        assert_eq!(receipts(&mut scene, &mut lin, 0), got);
        assert_eq!(receipts(&mut scene, &mut lin, got[0].row), []);
        assert_eq!(receipts(&mut scene, &mut lin, 0), []);
    }

    #[test]
    fn a_receipt_waits_for_all_own_computers_of_its_sender() {
        let (mut scene, mut lin, _) = delivered();
        let mut second = scene.sign_in("lin", DeviceKind::Own).unwrap();
        let row = receipts(&mut scene, &mut lin, 0)[0].row;
        receipts(&mut scene, &mut lin, row);
        assert_eq!(receipts(&mut scene, &mut second, 0).len(), 1);
        receipts(&mut scene, &mut second, row);
        assert_eq!(receipts(&mut scene, &mut second, 0), []);
    }

    #[test]
    fn each_fate_is_told_once() {
        let (mut scene, mut lin, mut mei) = delivered();
        let mut second = scene.sign_in("mei", DeviceKind::Own).unwrap();
        let shown = |scene: &mut Scene, who: &mut Client| {
            let mail = mail_of(1, AccountId(10_001));
            let stored = scene.stored(who, &mail);
            scene.ask(who, stored).unwrap();
            scene.ask(who, acks(&mail, MailFate::Shown)).unwrap();
        };
        shown(&mut scene, &mut mei);
        shown(&mut scene, &mut second);
        let fates = receipts(&mut scene, &mut lin, 0);
        assert!(matches!(
            fates[..],
            [
                MailReceipt {
                    fate: MailFate::Stored(_),
                    ..
                },
                MailReceipt {
                    fate: MailFate::Shown,
                    ..
                }
            ]
        ));
    }

    #[test]
    fn a_fate_of_mail_that_was_never_left_is_told_to_nobody() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mail = mail_of(7, lin.account);
        let stored = scene.stored(&mei, &mail);
        assert_eq!(scene.ask(&mut mei, stored), Ok(Reply::Done));
        assert_eq!(receipts(&mut scene, &mut lin, 0), []);
    }

    /// An announcement that came over a link left nothing at the rendezvous: it is confirmed all the same, but only to a
    /// teacher or admin, and by nobody who does not know him.
    #[test]
    fn an_announcement_is_confirmed_to_whoever_may_announce_and_knows_the_other() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        let confirmed = |scene: &Scene, who: &Client, number: u8, to: AccountId| {
            let mail = mail_of(number, to);
            let confirmation = ConfirmationBody {
                server_id: scene.service.server_id(),
                sender_device: who.caller.device(),
                msg_id: mail.env_id,
                confirmed_ms: scene.now_ms,
            };
            let fate = MailFate::Confirmed(Signed::new(&confirmation, &who.key));
            acks(&mail, fate)
        };
        let by_member = confirmed(&scene, &mei, 1, lin.account);
        assert_eq!(scene.ask(&mut mei, by_member), Ok(Reply::Done));
        assert_eq!(receipts(&mut scene, &mut lin, 0), []);

        scene.set_role(&lin.login, Role::Teacher);
        let of_stranger = confirmed(&scene, &bo, 1, lin.account);
        assert_eq!(scene.ask(&mut bo, of_stranger), Ok(Reply::Done));
        assert_eq!(receipts(&mut scene, &mut lin, 0), []);

        let by_friend = confirmed(&scene, &mei, 1, lin.account);
        lin.pushes();
        assert_eq!(scene.ask(&mut mei, by_friend), Ok(Reply::Done));
        assert!(matches!(lin.pushes()[..], [Push::ReceiptsWaiting(_)]));
        let got = receipts(&mut scene, &mut lin, 0);
        assert_eq!((got.len(), got[0].recipient), (1, mei.account));
        let MailFate::Confirmed(confirmation) = &got[0].fate else {
            panic!("{:?}", got[0].fate);
        };
        assert!(
            confirmation
                .verify::<ConfirmationBody>(&mei.key.public())
                .is_ok()
        );
    }

    #[test]
    fn a_receipt_for_another_message_is_malformed() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        let mut mail = scene.mail(&mut mei).remove(0);
        mail.env_id.0[0] ^= 1;
        let Request::AckMail(acks_of_other) = scene.stored(&mei, &mail) else {
            panic!("acknowledgements");
        };
        mail.env_id.0[0] ^= 1;
        let fate = acks_of_other[0].fate.clone();
        let refused = scene.ask(&mut mei, acks(&mail, fate));
        assert_eq!(refused, Err(Refusal::Malformed));
    }
}
