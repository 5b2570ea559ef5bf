//! Own messages on their way: stored before anything else, handed over in order by whatever path there is, and kept
//! until a signed receipt proves that the other has them.
//!
//! Which path a message takes is in [`route`], what becomes of it in [`deposits`], [`progress`] and [`receipts`], when it is done in [`duties`]. A conversation is first in, first
//! out on every path: no message is handed to a path before the ones ahead of it were.

mod deposits;
mod duties;
pub(super) mod progress;
mod receipts;
mod route;

use super::io::{CommandId, LinkId};
use super::timers::Timer;
use super::{Context, Core};
use crate::api::event::{Delivery, DeliveryState, Event, WarningCode};
use crate::api::{Done, Failure, Path};
use crate::store::messages::{MessageRow, Place, Progress, SeenRow, Way};
use crate::store::outbox::OutboxRow;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::{List, Text};
use hutong_common::id::{AccountId, DeviceId, MsgId};
use hutong_common::limits::{OUTBOX_MAX, OUTBOX_SWEEP_MS};
use hutong_common::message::{Content, INNER_VERSION, Inner, To, Words};
use hutong_common::refusal::Refusal;
use hutong_common::signed::Signed;
use std::collections::{BTreeMap, BTreeSet};

/// A message under way.
#[derive(Debug)]
struct Item {
    row: OutboxRow,
    /// Links over which it was sent.
    links: BTreeSet<LinkId>,
    /// When it was first sent over one of them, in monotonic milliseconds.
    sent_ms: Option<u64>,
    /// For whom the rendezvous was asked to keep it, when it has not answered.
    deposit: Deposit,
    /// Devices of the recipient that signed for it in this run.
    stored_by: BTreeSet<DeviceId>,
    /// Whether one of them is a shared seat.
    is_at_seat: bool,
    /// Whether it was told to be delivered, or more: only what is owed beyond that keeps it here.
    is_delivered: bool,
    /// Whether it was told to be in flight.
    is_told: bool,
}

impl Item {
    const fn new(row: OutboxRow) -> Self {
        Self {
            row,
            links: BTreeSet::new(),
            sent_ms: None,
            deposit: Deposit::NONE,
            stored_by: BTreeSet::new(),
            is_at_seat: false,
            is_delivered: false,
            is_told: false,
        }
    }
}

/// For whom a message is left at the rendezvous.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Deposit {
    /// The recipient.
    theirs: bool,
    /// The own account.
    ours: bool,
}

impl Deposit {
    const NONE: Self = Self {
        theirs: false,
        ours: false,
    };

    const fn is_open(self) -> bool {
        self.theirs || self.ours
    }
}

/// What is under way to one account, by number.
#[derive(Debug, Default)]
struct Queue {
    items: BTreeMap<u64, Item>,
    /// Until when messages wait for the dial under way; set once per dial.
    dial_until_ms: Option<u64>,
    /// Not before this is the rendezvous asked again.
    deposit_from_ms: u64,
    tries: usize,
}

/// Everything under way.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    queues: BTreeMap<AccountId, Queue>,
}

impl Outbox {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut outbox = Self::default();
        for row in tx.outbox()? {
            outbox.insert(row);
            let progress = tx.message(row.account, row.place)?;
            let progress = progress.and_then(|message| message.progress);
            if let Some(item) = outbox.item(&row) {
                item.is_delivered = progress >= Some(Progress::Delivered);
            }
        }
        Ok(outbox)
    }

    fn insert(&mut self, row: OutboxRow) {
        let queue = self.queues.entry(row.account).or_default();
        queue.items.insert(row.place.seq, Item::new(row));
    }

    fn item(&mut self, row: &OutboxRow) -> Option<&mut Item> {
        let queue = self.queues.get_mut(&row.account)?;
        queue.items.get_mut(&row.place.seq)
    }

    fn remove(&mut self, account: AccountId, seq: u64) {
        if let Some(queue) = self.queues.get_mut(&account) {
            queue.items.remove(&seq);
            if queue.items.is_empty() {
                self.queues.remove(&account);
            }
        }
    }

    fn len(&self) -> usize {
        self.queues.values().map(|queue| queue.items.len()).sum()
    }

    fn find(&self, account: AccountId, message: MsgId) -> Option<OutboxRow> {
        let items = &self.queues.get(&account)?.items;
        items
            .values()
            .map(|item| item.row)
            .find(|row| row.message == message)
    }

    /// Whether anything to this account is not on its disk yet.
    pub(super) fn has_undelivered(&self, account: AccountId) -> bool {
        self.queues.contains_key(&account)
    }

    /// Whether a message was handed to a path and not answered.
    pub(super) fn is_in_flight(&self, account: AccountId, seq: u64) -> bool {
        let item = self
            .queues
            .get(&account)
            .and_then(|queue| queue.items.get(&seq));
        item.is_some_and(|item| item.deposit.is_open() || item.sent_ms.is_some())
    }

    /// What was sent over a link that is gone counts as not sent.
    pub(super) fn link_gone(&mut self, account: AccountId, link: LinkId) {
        let Some(queue) = self.queues.get_mut(&account) else {
            return;
        };
        queue.dial_until_ms = None;
        for item in queue.items.values_mut() {
            item.links.remove(&link);
            if item.links.is_empty() {
                item.sent_ms = None;
            }
        }
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.queues.values().flat_map(|queue| queue.items.values())
    }

    /// Whether something is not yet where it has to be: with the recipient, and with the own account when that `copies`.
    pub(super) fn is_owed(&self, copies: bool) -> bool {
        self.items()
            .any(|item| !item.row.left_at_server || (copies && !item.row.copied))
    }

    /// What is neither at the rendezvous nor with the recipient.
    pub(super) fn kept_here(&self) -> impl Iterator<Item = &OutboxRow> {
        self.items()
            .filter(|item| !item.row.left_at_server && !item.is_delivered)
            .map(|item| &item.row)
    }

    fn accounts(&self) -> Vec<AccountId> {
        self.queues.keys().copied().collect()
    }
}

impl Core {
    /// `send`.
    pub(super) fn send_text(
        &mut self,
        command: CommandId,
        account: AccountId,
        text: String,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let words = match Text::new(text.as_str()) {
            Ok(body) if !body.is_empty() => Words {
                body,
                reply_to: None,
                mentions: List::default(),
            },
            Ok(_) => {
                let detail = "nothing to send".to_owned();
                cx.answer(command, Err(Failure::Malformed { detail }));
                return Ok(());
            }
            Err(_) => {
                cx.answer(command, Err(Refusal::TooLarge.into()));
                return Ok(());
            }
        };
        match self.write(account, Content::Text(words), cx)? {
            Ok(row) => {
                let message = row.message;
                Self::draft_was_sent(account, &text, cx)?;
                let waits = self
                    .trust
                    .is_paused(account)
                    .then(|| WarningCode::KeyChanged.code());
                cx.answer(command, Ok(Done::Sent { message, waits }));
                self.tell_message(account, row.place, cx)?;
                self.post(row, cx)
            }
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// Numbers, signs and stores a message. Nobody is told yet.
    pub(super) fn write(
        &mut self,
        account: AccountId,
        content: Content,
        cx: &mut Context<'_>,
    ) -> Result<Result<OutboxRow, Failure>, StoreError> {
        let (Some(me), Some(device), Some(server_id)) = (
            self.session.my_account(),
            self.session.my_device(),
            self.session.server_id(),
        ) else {
            return Ok(Err(Failure::NotSignedIn));
        };
        if self.outbox.len() >= OUTBOX_MAX {
            let retry_ms = OUTBOX_SWEEP_MS;
            return Ok(Err(Refusal::QuotaFull { retry_ms }.into()));
        }
        let now_ms = self.now_ms(cx);
        let mut conversation = cx.tx.conversation(account)?;
        let place = Place {
            order: self.session.clock.tick(cx.now, cx.tx)?,
            device,
            seq: conversation.sent_seq + 1,
        };
        let inner = Inner {
            version: INNER_VERSION,
            msg_id: MsgId::new(now_ms, cx.entropy.array()),
            server_id,
            to: To::Account(account),
            sender_account: me,
            sender_device: device,
            seq: place.seq,
            hlc: place.order,
            sent_ms: now_ms,
            content,
        };
        let Some(keys) = self.session.keys() else {
            return Ok(Err(Failure::NotSignedIn));
        };
        let signed = Signed::new(&inner, keys);
        conversation.sent_seq = place.seq;
        conversation.newest_order = conversation.newest_order.max(place.order);
        conversation.active_ms = now_ms;
        cx.tx.put_conversation(account, &conversation)?;
        let row = OutboxRow {
            account,
            message: inner.msg_id,
            place,
            since_ms: now_ms,
            left_at_server: false,
            copied: false,
        };
        store_own(&row, signed, cx.tx)?;
        self.outbox.insert(row);
        Ok(Ok(row))
    }

    /// This home has a new device key, which begins to count anew. Where messages of an earlier key are still under way, it
    /// goes on instead: a gap is waited out by the other side, a number that is used twice would lose one.
    pub(super) fn restart_numbers(&self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        for (account, mut conversation) in cx.tx.conversations()? {
            if conversation.sent_seq > 0 && !self.outbox.has_undelivered(account) {
                conversation.sent_seq = 0;
                cx.tx.put_conversation(account, &conversation)?;
            }
        }
        Ok(())
    }

    /// Tells that a message is queued, and hands it over.
    pub(super) fn post(&mut self, row: OutboxRow, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let (_, path) = self.presence_of(row.account);
        self.tell_delivery(&row, DeliveryState::Queued, path, cx);
        self.pump(row.account, cx)
    }

    fn tell_delivery(
        &self,
        row: &OutboxRow,
        state: DeliveryState,
        path: Path,
        cx: &mut Context<'_>,
    ) {
        cx.event(Event::Delivery(Delivery {
            message: row.message,
            to: self.login_of(row.account),
            remark: self.roster.remark_of(row.account),
            state,
            path,
            code: None,
        }));
    }

    /// The rendezvous is there again: whatever paused goes on.
    pub(super) fn wake_everybody(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        for account in self.outbox.accounts() {
            if let Some(queue) = self.outbox.queues.get_mut(&account) {
                queue.deposit_from_ms = 0;
            }
            self.pump(account, cx)?;
        }
        Ok(())
    }

    pub(super) fn open_outbox(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.sweep_outbox(cx)
    }

    pub(super) fn on_outbox_timer(
        &mut self,
        timer: Timer,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Timer::Outbox(account) = timer {
            self.pump(account, cx)
        } else {
            self.sweep_outbox(cx)
        }
    }
}

fn store_own(row: &OutboxRow, signed: Signed, tx: &mut Tx) -> Result<(), StoreError> {
    let digest = *blake3::hash(signed.body()).as_bytes();
    let message = MessageRow {
        signed,
        way: Way::None,
        progress: Some(Progress::Queued),
    };
    tx.put_message(row.account, row.place, &message)?;
    let seen = SeenRow {
        account: row.account,
        place: row.place,
        digest,
    };
    tx.put_seen(row.message, &seen)?;
    tx.put_outbox(row)
}

#[cfg(test)]
mod tests;
