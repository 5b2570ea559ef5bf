//! What became of mail: receipts that waited at the rendezvous, taken in once and in order.
//!
//! A receipt counts only when a device of the recipient signed it; if none that we know did, the recipient's newest card
//! is fetched once, because the device may be newer than what we hold.

use super::Core;
use super::progress::Step;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::store::StoreError;
use crate::store::home::RECEIPTS;
use crate::store::messages::{Progress, Way};
use hutong_common::id::{AccountId, DeviceId, MsgId};
use hutong_common::rpc::mail::{MailFate, MailReceipt, ReceiptPageAsk};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{ReceiptBody, Signed};

impl Core {
    /// Asks what became of mail, one page at a time: in a class each receipt brings a hint of its own, and every page that
    /// is asked for meanwhile would be the same one.
    pub(in crate::core) fn fetch_receipts(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(again) = &mut self.inbox.receipts_asked {
            *again = true;
            return Ok(());
        }
        self.inbox.receipts_asked = Some(false);
        let after = cx.tx.single(RECEIPTS)?.unwrap_or(0);
        self.ask(
            Asked::Receipts,
            Request::Receipts(ReceiptPageAsk { after }),
            cx,
        );
        Ok(())
    }

    pub(in crate::core) fn receipts_fetched(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let again = self.inbox.receipts_asked.take().unwrap_or_default();
        let page = match outcome {
            Ok(Reply::Receipts(page)) => page,
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        };
        let mut last = None;
        for receipt in page.receipts.iter() {
            if !self.take_receipt(receipt, cx)? {
                break;
            }
            last = Some(receipt.row);
        }
        if let Some(last) = last {
            cx.tx.set_single(RECEIPTS, &last)?;
        }
        match (self.inbox.receipt_in_doubt, last) {
            (Some(_), _) => Ok(()),
            // Asking again also tells the rendezvous that these may be forgotten.
            (None, Some(_)) => self.fetch_receipts(cx),
            (None, None) if again => self.fetch_receipts(cx),
            (None, None) => {
                self.caught_up_with(Part::Receipts, cx);
                Ok(())
            }
        }
    }

    /// Takes a receipt in; false when the recipient's card must be fetched first to check it.
    fn take_receipt(
        &mut self,
        receipt: &MailReceipt,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let account = receipt.recipient;
        let Some((chat, place)) = Self::own_message_to(account, receipt.env_id, cx)? else {
            return Ok(true);
        };
        let (progress, code) = match &receipt.fate {
            MailFate::Confirmed(signed) => {
                if !self.take_confirmation(account, signed, cx)? {
                    return Ok(self.give_up_receipt(receipt, cx));
                }
                self.inbox.receipt_in_doubt = None;
                return Ok(true);
            }
            MailFate::Stored(signed) => {
                if !self.is_signed_by(account, signed, (receipt.env_id, place.device)) {
                    return Ok(self.give_up_receipt(receipt, cx));
                }
                (Progress::Delivered, None)
            }
            MailFate::Shown => (Progress::Shown, None),
            MailFate::Unusable(why) => (Progress::Failed, Some(why.code())),
        };
        self.inbox.receipt_in_doubt = None;
        let known = Self::progress_for(account, (chat, place), cx)?;
        if progress == Progress::Shown && known < Some(Progress::Delivered) {
            // Nobody can have looked at what no receipt proves to be there: that is only said, not signed.
            tracing::warn!(%account, "mail is said to be looked at that was never received");
            return Ok(true);
        }
        let way = if progress == Progress::Shown {
            Way::None
        } else {
            Way::Mail
        };
        let step = Step {
            chat,
            account,
            message: receipt.env_id,
            place,
            progress,
            way,
            code,
        };
        self.take(step, cx)?;
        Ok(true)
    }

    /// The first time, the recipient's newest card is fetched; the second time the receipt is skipped.
    fn give_up_receipt(&mut self, receipt: &MailReceipt, cx: &mut Context<'_>) -> bool {
        let doubt = Some((receipt.recipient, receipt.row));
        if self.inbox.receipt_in_doubt == doubt {
            self.inbox.receipt_in_doubt = None;
            tracing::warn!(account = %receipt.recipient, "a mail receipt does not hold");
            return true;
        }
        self.inbox.receipt_in_doubt = doubt;
        self.fetch_contact(receipt.recipient, cx);
        false
    }

    /// A contact was fetched: perhaps a receipt waited for it.
    pub(in crate::core) fn receipts_again(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match self.inbox.receipt_in_doubt {
            Some((doubted, _)) if doubted == account => self.fetch_receipts(cx),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a device of the account signed that it has the message, which one of our keys signed.
    fn is_signed_by(
        &self,
        account: AccountId,
        receipt: &Signed,
        (message, writer): (MsgId, DeviceId),
    ) -> bool {
        self.vouched::<ReceiptBody>(account, receipt)
            .is_some_and(|body| {
                body.msg_id == message
                    && body.sender_device == writer
                    && Some(body.server_id) == self.session.server_id()
            })
    }
}
