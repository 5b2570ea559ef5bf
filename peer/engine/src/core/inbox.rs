//! Messages of others: judged, stored once, acknowledged after the commit, told in the order in which they were written.
//!
//! Mail is fetched in [`mail`]; telling, and waiting a moment at gaps, is in [`order`]; what was looked at is in [`read`].

pub(super) mod mail;
pub(super) mod order;
pub(super) mod read;

use super::io::LinkId;
use super::links::send;
use super::{Context, Core};
use crate::store::StoreError;
use crate::store::conversations::UnreadRow;
use crate::store::messages::{MessageRow, Place, SeenRow, Way};
use hutong_common::direct::{Direct, Refused};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::message::{Content, INNER_VERSION, Inner, To};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{ReceiptBody, Signed};
use mail::Fetching;
use order::Held;
use std::collections::{BTreeMap, BTreeSet};

/// What is in memory only: everything here is fetched or told again after a crash.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    fetching: Option<Fetching>,
    /// Senders of mail of whom the rendezvous said that they are no contacts.
    strangers: BTreeSet<AccountId>,
    /// A receipt that waits for the card of its signer.
    pub(super) receipt_in_doubt: Option<(AccountId, u64)>,
    /// Messages beyond a gap, which are stored but not told.
    held: BTreeMap<(AccountId, DeviceId), Held>,
    /// Devices that use numbers twice, as far as it was told.
    copied: BTreeSet<DeviceId>,
}

/// What became of a message.
enum Taken {
    /// It is on our disk, now or before.
    Stored(Signed),
    /// Other bytes under a name that is taken.
    Forged,
}

impl Core {
    /// Whether a message is from whom it says, for us, and from somebody who may write to us. `at_ms` is when its
    /// device had to be live: now, or when it was left at the rendezvous.
    fn judge_message(
        &self,
        sender: AccountId,
        signed: &Signed,
        at_ms: u64,
        cx: &Context<'_>,
    ) -> Result<Inner, Refusal> {
        let contact = self.roster.get(sender).ok_or(Refusal::NotContacts)?;
        let claimed: Inner = signed.peek_unverified().map_err(|_| Refusal::Malformed)?;
        let device = contact
            .device(claimed.sender_device)
            .filter(|device| device.is_live(at_ms))
            .ok_or(Refusal::NotAllowed)?;
        let inner: Inner = signed
            .verify(&device.device_pk)
            .map_err(|_| Refusal::NotAllowed)?;
        let for_us = self.session.my_account().map(To::Account);
        if inner.version != INNER_VERSION {
            return Err(Refusal::Version);
        }
        if Some(inner.server_id) != self.session.server_id()
            || Some(inner.to) != for_us
            || inner.sender_account != sender
            || inner.seq == 0
        {
            return Err(Refusal::Malformed);
        }
        if !self.is_member(&contact.membership, cx)
            || self.is_revoked(&contact.membership, &contact.card, Some(&device.device_pk))
        {
            return Err(Refusal::Expired);
        }
        Ok(inner)
    }

    /// Stores a judged message once; the receipt leaves after the commit.
    fn take_in(
        &mut self,
        signed: Signed,
        inner: Inner,
        way: Way,
        cx: &mut Context<'_>,
    ) -> Result<Taken, StoreError> {
        let digest = *blake3::hash(signed.body()).as_bytes();
        if let Some(seen) = cx.tx.seen(inner.msg_id, inner.sender_device)? {
            if seen.digest != digest {
                tracing::warn!(account = %inner.sender_account, "other bytes under the name of a message");
                return Ok(Taken::Forged);
            }
            return Ok(self.receipt(&inner, cx));
        }
        let account = inner.sender_account;
        let mut conversation = cx.tx.conversation(account)?;
        let newest = conversation.newest_order;
        let order = self.session.clock.place(inner.hlc, newest, cx.now, cx.tx)?;
        let place = Place {
            order,
            device: inner.sender_device,
            seq: inner.seq,
        };
        self.notice_copied_device(account, place, cx)?;
        conversation.newest_order = newest.max(order);
        conversation.active_ms = self.now_ms(cx);
        cx.tx.put_conversation(account, &conversation)?;
        let seen = SeenRow {
            account,
            place,
            digest,
        };
        cx.tx.put_seen(inner.msg_id, &seen)?;
        let row = MessageRow {
            signed,
            way,
            progress: None,
        };
        cx.tx.put_message(account, place, &row)?;
        let unread = UnreadRow {
            msg_id: inner.msg_id,
            by_mail: way == Way::Mail,
            mentions_us: self.mentions_us(&inner.content),
        };
        cx.tx.put_unread(account, place, &unread)?;
        if let Content::File(offer) = &inner.content {
            self.offered(&inner, offer, cx)?;
        }
        let receipt = self.receipt(&inner, cx);
        self.tell_in_order(account, place, cx)?;
        Ok(receipt)
    }

    fn mentions_us(&self, content: &Content) -> bool {
        match (content, self.session.my_account()) {
            (Content::Text(words), Some(me)) => words.mentions.contains(&me),
            (Content::Text(_) | Content::File(_) | Content::Unknown(..), _) => false,
        }
    }

    fn receipt(&self, inner: &Inner, cx: &Context<'_>) -> Taken {
        let body = ReceiptBody {
            server_id: inner.server_id,
            sender_device: inner.sender_device,
            msg_id: inner.msg_id,
            stored_ms: self.now_ms(cx),
        };
        match self.session.keys() {
            Some(keys) => Taken::Stored(Signed::new(&body, keys)),
            None => Taken::Forged,
        }
    }

    /// A peer hands a message over.
    pub(super) fn delivered_directly(
        &mut self,
        link: LinkId,
        sender: AccountId,
        signed: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let now_ms = self.now_ms(cx);
        let inner = match self.judge_message(sender, &signed, now_ms, cx) {
            Ok(inner) => inner,
            Err(why) => {
                if let Ok(claimed) = signed.peek_unverified::<Inner>() {
                    let msg_id = claimed.msg_id;
                    send(link, Direct::Refused(Refused { msg_id, why }), cx);
                }
                return Ok(());
            }
        };
        match self.take_in(signed, inner, Way::Direct, cx)? {
            Taken::Stored(receipt) => send(link, Direct::Stored(receipt), cx),
            Taken::Forged => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
