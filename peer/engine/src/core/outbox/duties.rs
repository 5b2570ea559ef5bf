//! When a message is out of our hands: whose receipt counts, and what is owed beyond it.
//!
//! The receipt of an own computer proves a delivery. That of a shared seat, whose disk may be gone tomorrow, counts once
//! the rendezvous has the message for the recipient as well. What is delivered stays under way until every own computer
//! of the recipient has it or can fetch it, or, when there is none, until it is in the archive at the rendezvous; and
//! until the copy for one's own account is there, which other own computers fetch and which is the archive of a seat.

use super::Core;
use super::progress::Step;
use super::progress_of;
use crate::core::Context;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{Progress, Way};
use crate::store::outbox::OutboxRow;
use hutong_common::id::{AccountId, DeviceId, PublicKey};
use hutong_common::identity;
use hutong_common::message::LAN;
use hutong_common::signed::{Card, DeviceKind, Membership};

impl Core {
    /// Devices that keep what they store: own computers of the account whose time is not over.
    fn own_computers(
        &self,
        (membership, card): (&Membership, &Card),
        cx: &Context<'_>,
    ) -> Vec<DeviceId> {
        let now_ms = self.now_ms(cx);
        card.devices
            .iter()
            .filter(|device| device.kind == DeviceKind::Own && device.is_live(now_ms))
            .filter(|device| !self.is_revoked(membership, card, Some(&device.device_pk)))
            .map(|device| device.id())
            .collect()
    }

    pub(super) fn computers_of(&self, account: AccountId, cx: &Context<'_>) -> Vec<DeviceId> {
        let contact = self.roster.get(account);
        contact.map_or_else(Vec::new, |contact| {
            self.own_computers((&contact.membership, &contact.card), cx)
        })
    }

    /// Whether what is written here is also left for the own account.
    pub(in crate::core) fn needs_copies(&self, cx: &Context<'_>) -> bool {
        let Some(me) = self.session.my_account() else {
            return false;
        };
        let mine = self.session.my_device();
        self.session.is_seat()
            || self.own_proof(me).is_some_and(|(membership, card)| {
                let computers = self.own_computers((membership, card), cx);
                computers.iter().any(|device| Some(*device) != mine)
            })
    }

    /// A device of the recipient has signed that it has a message.
    pub(super) fn stored_by(
        &mut self,
        row: &OutboxRow,
        key: &PublicKey,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let device = identity::device_id(key);
        let is_seat = self
            .roster
            .get(row.account)
            .and_then(|contact| contact.device(device))
            .is_some_and(|entry| entry.kind == DeviceKind::Seat);
        if let Some(item) = self.outbox.item(row) {
            item.stored_by.insert(device);
            item.is_at_seat |= is_seat;
        }
        // What is announced to the LAN is nowhere else.
        if is_seat && !row.left_at_server && row.chat != Chat::Group(LAN) {
            return Ok(());
        }
        let way = self.way_to(row.account);
        self.reached(row, (Progress::Delivered, way), cx)
    }

    /// A message got to the recipient; it stays under way while anything is owed.
    pub(in crate::core) fn reached(
        &mut self,
        row: &OutboxRow,
        (progress, way): (Progress, Way),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.advance(Step::of(row, (progress, way), None), cx)?;
        self.finish(row, cx)
    }

    /// Ends what is delivered and of which nothing is owed.
    pub(super) fn finish(
        &mut self,
        row: &OutboxRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let progress = progress_of(row, cx.tx)?;
        let is_delivered = progress >= Some(Progress::Delivered);
        let computers = self.computers_of(row.account, cx);
        let owes_copy = self.needs_copies(cx);
        let Some(item) = self.outbox.item(row) else {
            return Ok(());
        };
        item.is_delivered |= is_delivered;
        let has_all = |item: &super::Item| {
            let stored = |device| item.stored_by.contains(device);
            !computers.is_empty() && computers.iter().all(stored)
        };
        let is_everywhere = item.row.left_at_server || has_all(item);
        let owes_copy = owes_copy && !item.row.copied;
        // For a member of a group, the rendezvous takes over; receipts are taken in without this row.
        let is_for_lan = row.chat == Chat::Group(LAN);
        let is_handed_over = (item.row.left_at_server && row.chat.group().is_some())
            || (is_for_lan && item.is_delivered);
        if is_handed_over || (item.is_delivered && is_everywhere && !owes_copy) {
            cx.tx.remove_outbox(row)?;
            self.outbox.remove(row);
        }
        self.handed_over(cx)
    }
}
