//! What became of mail: said by the recipient's devices, kept for the sender until his own computers have it.

use super::devices::own_computers;
use super::mail::is_settled;
use super::{Answer, Context, Outcome, Service, SignedIn};
use crate::sessions::Recipient;
use crate::store::StoreError;
use crate::store::expiries::ExpiryRow;
use crate::store::mail::{DepositRow, ReceiptRow};
use hutong_common::bounded::List;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{MAIL_LIFETIME_MS, MAIL_PAGE_MAX, RECEIPT_BYTES_MAX, SWEEP_MAX};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::mail::{
    MailAck, MailAcks, MailFate, MailReceipt, ReceiptPage, ReceiptPageAsk,
};
use hutong_common::signed::ReceiptBody;
use std::collections::BTreeSet;

impl Service {
    pub(super) fn ack_mail(&self, own: SignedIn, acks: MailAcks, cx: &mut Context<'_>) -> Answer {
        if !acks.iter().all(is_plausible) {
            return Err(Refusal::Malformed.into());
        }

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

    /// Settles one mail; says whether its sender has something to read. An ack for mail that is long gone is no fault.
    fn acknowledge(own: SignedIn, ack: MailAck, cx: &mut Context<'_>) -> Result<bool, StoreError> {
        let name = (ack.sender, ack.env_id);
        let Some(mut deposit) = cx.tx.deposit(own.account, ack.sender, ack.env_id)? else {
            return Ok(false);
        };
        let is_news = match ack.fate {
            MailFate::Stored(_) | MailFate::Unusable(_) => {
                !std::mem::replace(&mut deposit.told_fate, true)
            }
            MailFate::Shown => !std::mem::replace(&mut deposit.told_shown, true),
        };
        if is_news {
            cx.tx.set_deposit(own.account, name, &deposit)?;
        }
        Self::settle(own, &ack, deposit, cx)?;
        if !is_news || ack.sender == own.account {
            return Ok(false);
        }
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
            MailFate::Shown => Ok(()),
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
        MailFate::Shown | MailFate::Unusable(_) => true,
    }
}
