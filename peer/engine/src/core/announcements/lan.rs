//! Announcements to everybody on the LAN, with the rendezvous or without: over links only, to whoever knows who announces.
//!
//! Nobody holds links to a whole school. So whoever gets such an announcement passes it on once over the links that he has,
//! and hands back the receipts of those who got it from him.

use crate::core::Context;
use crate::core::Core;
use crate::core::io::LinkId;
use crate::core::links::send;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{Progress, Way};
use hutong_common::direct::{Direct, Vouched};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{ANNOUNCEMENTS_AN_HOUR_MAX, HOUR_MS, LAN_ANNOUNCEMENT_LIFETIME_MS};
use hutong_common::message::{Inner, LAN, To};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{ReceiptBody, Signed};
use std::collections::BTreeMap;

/// When each account announced something to the LAN in the last hour, as far as we heard, in monotonic milliseconds.
pub(in crate::core) type Heard = BTreeMap<AccountId, Vec<u64>>;

impl Core {
    /// Who is told what is announced to the LAN: everybody whom we know.
    pub(in crate::core) fn everyone_known(&self) -> Vec<AccountId> {
        self.roster.iter().map(|(account, _)| account).collect()
    }

    /// Whether an announcement to the LAN is of now, and not one of too many.
    ///
    /// # Errors
    /// `expired` or `too_fast`.
    pub(in crate::core) fn hear_on_lan(
        &mut self,
        inner: &Inner,
        cx: &Context<'_>,
    ) -> Result<(), Refusal> {
        let ends_ms = inner.sent_ms.saturating_add(LAN_ANNOUNCEMENT_LIFETIME_MS);
        if ends_ms < self.now_ms(cx) {
            return Err(Refusal::Expired);
        }
        let now_ms = cx.now.mono_ms;
        let heard = &mut self.inbox.heard_on_lan;
        let times = heard.entry(inner.sender_account).or_default();
        times.retain(|at_ms| now_ms.saturating_sub(*at_ms) < HOUR_MS);
        if times.len() >= ANNOUNCEMENTS_AN_HOUR_MAX {
            let retry_ms = HOUR_MS;
            return Err(Refusal::TooFast { retry_ms });
        }
        times.push(now_ms);
        Ok(())
    }

    /// Passes on what was just heard, to all but whoever told it.
    pub(in crate::core) fn pass_on(
        &mut self,
        (from, writer): (LinkId, AccountId),
        signed: &Signed,
        cx: &mut Context<'_>,
    ) {
        let teller = self.peer_of(from);
        let others = self.linked_peers();
        for account in others {
            if account == writer || Some(account) == teller {
                continue;
            }
            for link in self.links_to(account) {
                send(link, Direct::Deliver(signed.clone()), cx);
            }
        }
    }

    /// Somebody signed for a message that is not ours: perhaps we passed it on, and who announced it wants to know.
    pub(in crate::core) fn hand_receipt_on(
        &self,
        account: AccountId,
        (receipt, body): (&Signed, &ReceiptBody),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(writer) = Self::writer_on_lan(body, cx)? else {
            return Ok(());
        };
        for link in self.links_to(writer) {
            let signed = receipt.clone();
            send(link, Direct::HandedOn(Vouched { account, signed }), cx);
        }
        Ok(())
    }

    fn writer_on_lan(
        body: &ReceiptBody,
        cx: &mut Context<'_>,
    ) -> Result<Option<AccountId>, StoreError> {
        let Some(seen) = cx.tx.seen(body.msg_id, body.sender_device)? else {
            return Ok(None);
        };
        if seen.chat != Chat::Group(LAN) {
            return Ok(None);
        }
        let row = cx.tx.message(seen.chat, seen.place)?;
        let inner = row.and_then(|row| row.signed.peek_unverified::<Inner>().ok());
        Ok(inner.map(|inner| inner.sender_account))
    }

    /// Somebody hands us the receipt of whom he told what we announced.
    pub(in crate::core) fn handed_on(
        &mut self,
        handed: &Vouched,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let account = handed.account;
        let Some(body) = self.vouched::<ReceiptBody>(account, &handed.signed) else {
            return Ok(());
        };
        let is_ours = |device: DeviceId| {
            Some(body.server_id) == self.session.server_id() && device == body.sender_device
        };
        let row = self.outbox.find(account, body.msg_id);
        match row.filter(|row| row.chat == Chat::Group(LAN) && is_ours(row.place.device)) {
            Some(row) => self.reached(&row, (Progress::Delivered, Way::Direct), cx),
            None => Ok(()),
        }
    }
}

/// Who wrote a message, whoever brings it: only what is for everybody may be brought by somebody else.
pub(in crate::core) fn writer_of(bringer: AccountId, claimed: &Inner) -> AccountId {
    match claimed.to {
        To::Everyone => claimed.sender_account,
        To::Account(_) | To::Group(_) => bringer,
    }
}
