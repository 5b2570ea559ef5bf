//! Messages of others: judged, stored once, acknowledged after the commit, told in the order in which they were written.
//!
//! Who may say what is in [`judge`]. Mail is fetched in [`mail`]; telling, and waiting a moment at gaps, is in [`order`]; what was looked at is in [`read`].

mod judge;
pub(super) mod mail;
pub(super) mod order;
pub(super) mod read;

use super::announcements::lan::{Heard, writer_of};
use super::clock::logical_of;
use super::io::LinkId;
use super::links::send;
use super::{Context, Core};
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::conversations::UnreadRow;
use crate::store::messages::{MessageRow, Place, Progress, SeenRow, Way};
use hutong_common::direct::{Direct, Refused};
use hutong_common::id::{AccountId, DeviceId, GroupId};
use hutong_common::message::{Content, EVERYBODY, Inner, LAN, To};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{ReceiptBody, Signed};
use judge::Source;
use mail::Fetching;
use order::Held;
use std::collections::{BTreeMap, BTreeSet};

/// What is in memory only: everything here is fetched or told again after a crash.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    fetching: Option<Fetching>,
    /// Senders of mail of whom the rendezvous said that they are no contacts.
    strangers: BTreeSet<AccountId>,
    /// Groups of which the rendezvous does not say what it knew when mail was left.
    absent: BTreeSet<GroupId>,
    /// Whether a page of receipts is asked for, and whether there was a hint of more since.
    pub(super) receipts_asked: Option<bool>,
    /// A receipt that waits for the card of its signer.
    pub(super) receipt_in_doubt: Option<(AccountId, u64)>,
    /// Messages beyond a gap, which are stored but not told.
    held: BTreeMap<(Chat, DeviceId), Held>,
    /// Announcements to the LAN of late.
    pub(super) heard_on_lan: Heard,
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
    /// Stores a judged message once; the receipt leaves after the commit.
    fn take_in(
        &mut self,
        signed: Signed,
        inner: Inner,
        source: Source<'_>,
        cx: &mut Context<'_>,
    ) -> Result<Taken, StoreError> {
        let way = source.way();
        let digest = *blake3::hash(signed.body()).as_bytes();
        if let Some(seen) = cx.tx.seen(inner.msg_id, inner.sender_device)? {
            if seen.digest != digest {
                tracing::warn!(account = %inner.sender_account, "other bytes under the name of a message");
                return Ok(Taken::Forged);
            }
            return Ok(self.receipt(&inner, cx));
        }
        let chat = self.conversation_of(&inner);
        let is_own = Some(inner.sender_account) == self.session.my_account();
        let mut conversation = cx.tx.conversation(chat)?;
        let newest = conversation.newest_order;
        // Mail may be the history of a month, and what it says is measured by when it was left.
        let among = source.left_at().map_or(newest, logical_of);
        let order = self.session.clock.place(inner.hlc, among, cx.now, cx.tx)?;
        let place = Place {
            order,
            device: inner.sender_device,
            seq: inner.seq,
        };
        self.notice_copied_device(chat, place, cx)?;
        conversation.newest_order = newest.max(order);
        conversation.active_ms = self.now_ms(cx);
        cx.tx.put_conversation(chat, &conversation)?;
        let seen = SeenRow {
            chat,
            place,
            digest,
        };
        cx.tx.put_seen(inner.msg_id, &seen)?;
        let row = MessageRow {
            signed,
            way,
            // Of what another of one's own devices wrote, it is known that the rendezvous had it.
            progress: is_own.then_some(Progress::LeftAtServer),
        };
        cx.tx.put_message(chat, place, &row)?;
        if let Content::Announcement(_) = inner.content {
            self.note_announcement((chat, place), Some(inner.sender_account), cx)?;
        }
        if is_own {
            // Whoever answered has looked at what was said before.
            if !cx.tx.take_unread(chat, place)?.is_empty() {
                self.tell_read(chat, cx)?;
            }
            self.note_recipients(&inner, place, cx)?;
        } else {
            self.note_unread(&inner, (chat, place), way, cx)?;
        }
        let receipt = self.receipt(&inner, cx);
        self.begin_stream((chat, inner.sender_account), place, source, cx)?;
        self.tell_in_order(chat, place, cx)?;
        Ok(receipt)
    }

    /// With whom the conversation is: of what another own device wrote, the recipient.
    fn conversation_of(&self, inner: &Inner) -> Chat {
        match inner.to {
            To::Group(address) => address.group.into(),
            To::Everyone => LAN.into(),
            To::Account(to) if Some(inner.sender_account) == self.session.my_account() => to.into(),
            To::Account(_) => inner.sender_account.into(),
        }
    }

    fn note_unread(
        &mut self,
        inner: &Inner,
        (chat, place): (Chat, Place),
        way: Way,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let unread = UnreadRow {
            msg_id: inner.msg_id,
            by_mail: way == Way::Mail,
            mentions_us: self.mentions_us(inner),
        };
        cx.tx.put_unread(chat, place, &unread)?;
        match &inner.content {
            Content::File(offer) => self.offered(inner, offer, cx),
            Content::Text(_) | Content::Announcement(_) | Content::Unknown(..) => Ok(()),
        }
    }

    /// Whether a message names us; of a group also when one of its admins names all. An announcement is for everybody.
    fn mentions_us(&self, inner: &Inner) -> bool {
        let Some(me) = self.session.my_account() else {
            return false;
        };
        let words = match &inner.content {
            Content::Text(words) => words,
            Content::Announcement(_) => return inner.sender_account != me,
            Content::File(_) | Content::Unknown(..) => return false,
        };
        let names_all = || match inner.to {
            To::Group(address) if words.mentions.contains(&EVERYBODY) => {
                let sheet = self.groups.get(address.group);
                sheet.is_some_and(|sheet| sheet.is_admin(inner.sender_account))
            }
            To::Group(_) | To::Account(_) | To::Everyone => false,
        };
        inner.sender_account != me && (words.mentions.contains(&me) || names_all())
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

    /// The message that a link brings, if we take it from its peer. What is for everybody on the LAN may be brought by others
    /// than who wrote it, and only a few of them in an hour.
    fn judge_delivery(
        &mut self,
        (link, bringer): (LinkId, AccountId),
        signed: &Signed,
        cx: &mut Context<'_>,
    ) -> Result<Result<Inner, Refusal>, StoreError> {
        let claimed = signed.peek_unverified::<Inner>();
        let sender = claimed.map_or(bringer, |claimed| writer_of(bringer, &claimed));
        let source = Source::Link(self.way_of(link));
        let inner = match self.judge_message(sender, signed, source, cx) {
            Ok(inner) => inner,
            Err(why) => return Ok(Err(why)),
        };
        if inner.to != To::Everyone || cx.tx.seen(inner.msg_id, inner.sender_device)?.is_some() {
            return Ok(Ok(inner));
        }
        if let Err(why) = self.hear_on_lan(&inner, cx) {
            return Ok(Err(why));
        }
        self.pass_on((link, sender), signed, cx);
        Ok(Ok(inner))
    }

    /// A peer hands a message over.
    pub(super) fn delivered_directly(
        &mut self,
        link: LinkId,
        sender: AccountId,
        signed: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let inner = match self.judge_delivery((link, sender), &signed, cx)? {
            Ok(inner) => inner,
            Err(why) => {
                tracing::warn!(account = %sender, %why, "a message is not taken");
                if let Ok(claimed) = signed.peek_unverified::<Inner>() {
                    let msg_id = claimed.msg_id;
                    send(link, Direct::Refused(Refused { msg_id, why }), cx);
                }
                return Ok(());
            }
        };
        self.notice_other_sheet(&inner, cx);
        let (device, msg_id) = (inner.sender_device, inner.msg_id);
        let was_copied = self.inbox.copied.contains(&device);
        let source = Source::Link(self.way_of(link));
        match self.take_in(signed, inner, source, cx)? {
            Taken::Stored(receipt) => send(link, Direct::Stored(receipt), cx),
            Taken::Forged => {}
        }
        if !was_copied && self.inbox.copied.contains(&device) {
            // The message is stored all the same; this says only that its number was used before.
            let why = Refusal::Cloned;
            send(link, Direct::Refused(Refused { msg_id, why }), cx);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
