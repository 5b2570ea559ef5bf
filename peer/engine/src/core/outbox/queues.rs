//! Everything under way, by the account that it is for.

use crate::core::io::LinkId;
use crate::store::chat::Chat;
use crate::store::messages::Progress;
use crate::store::outbox::OutboxRow;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, GroupId, MsgId};
use hutong_common::message::LAN;
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

/// A message under way.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: OutboxRow,
    /// Links over which it was sent.
    pub(super) links: BTreeSet<LinkId>,
    /// When it was first sent over one of them, in monotonic milliseconds.
    pub(super) sent_ms: Option<u64>,
    /// For whom the rendezvous was asked to keep it, when it has not answered.
    pub(super) deposit: Deposit,
    /// Devices of the recipient that signed for it in this run.
    pub(super) stored_by: BTreeSet<DeviceId>,
    /// Whether one of them is a shared seat.
    pub(super) is_at_seat: bool,
    /// Whether it was told to be delivered, or more: only what is owed beyond that keeps it here.
    pub(super) is_delivered: bool,
    /// Whether it was told to be in flight.
    pub(super) is_told: bool,
}

impl Item {
    pub(super) const fn new(row: OutboxRow) -> Self {
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
pub(super) struct Deposit {
    /// The recipient.
    pub(super) theirs: bool,
    /// The own account.
    pub(super) ours: bool,
}

impl Deposit {
    pub(super) const NONE: Self = Self {
        theirs: false,
        ours: false,
    };

    pub(super) const fn is_open(self) -> bool {
        self.theirs || self.ours
    }
}

/// The place of a message in a queue: its conversation and its number there.
pub(super) type Slot = (Chat, u64);

/// What is under way to one account.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) items: BTreeMap<Slot, Item>,
    /// Until when messages wait for the dial under way; set once per dial.
    pub(super) dial_until_ms: Option<u64>,
    /// Not before this is the rendezvous asked again.
    pub(super) deposit_from_ms: u64,
    pub(super) tries: usize,
}

/// Everything under way.
#[derive(Debug, Default)]
pub(in crate::core) struct Outbox {
    pub(super) queues: BTreeMap<AccountId, Queue>,
    /// To how many each message is under way.
    slots: BTreeMap<Slot, usize>,
    /// Messages of groups that shall be left at the rendezvous next, each with the members whom it is for.
    pub(super) for_members: BTreeMap<(GroupId, u64), BTreeSet<AccountId>>,
}

impl Outbox {
    pub(in crate::core) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut outbox = Self::default();
        for row in tx.outbox()? {
            outbox.insert(row);
            let progress = progress_of(&row, tx)?;
            if let Some(item) = outbox.item(&row) {
                item.is_delivered = progress >= Some(Progress::Delivered);
            }
        }
        Ok(outbox)
    }

    pub(super) fn insert(&mut self, row: OutboxRow) {
        let (queue, slot) = (self.queues.entry(row.account).or_default(), slot_of(&row));
        if queue.items.insert(slot, Item::new(row)).is_none() {
            *self.slots.entry(slot).or_default() += 1;
        }
    }

    pub(super) fn item(&mut self, row: &OutboxRow) -> Option<&mut Item> {
        let queue = self.queues.get_mut(&row.account)?;
        queue.items.get_mut(&slot_of(row))
    }

    pub(super) fn remove(&mut self, row: &OutboxRow) {
        let slot = slot_of(row);
        let Some(queue) = self.queues.get_mut(&row.account) else {
            return;
        };
        let was_under_way = queue.items.remove(&slot).is_some();
        if queue.items.is_empty() {
            self.queues.remove(&row.account);
        }
        if was_under_way && let Entry::Occupied(mut left) = self.slots.entry(slot) {
            *left.get_mut() -= 1;
            if *left.get() == 0 {
                left.remove();
            }
        }
    }

    /// How many messages are under way, each counted once.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(in crate::core) fn find(&self, account: AccountId, message: MsgId) -> Option<OutboxRow> {
        let items = &self.queues.get(&account)?.items;
        items
            .values()
            .map(|item| item.row)
            .find(|row| row.message == message)
    }

    /// What is under way to an account in conversations of a kind.
    pub(super) fn rows_to(&self, account: AccountId, of: impl Fn(Chat) -> bool) -> Vec<OutboxRow> {
        let queue = self.queues.get(&account).into_iter();
        let rows = queue.flat_map(|queue| queue.items.values().map(|item| item.row));
        rows.filter(|row| of(row.chat)).collect()
    }

    /// Whether anything to this account is not on its disk yet.
    pub(in crate::core) fn has_undelivered(&self, account: AccountId) -> bool {
        self.queues.contains_key(&account)
    }

    /// Whether anything said to this account in private is not on its disk yet.
    pub(in crate::core) fn has_private(&self, account: AccountId) -> bool {
        let queue = self.queues.get(&account);
        let first = queue.and_then(|queue| queue.items.keys().next());
        // Conversations with people come before those of groups.
        first.is_some_and(|(chat, _)| chat.person().is_some())
    }

    /// Whether an announcement to the LAN is not on the disk of this account yet.
    pub(in crate::core) fn has_for_lan(&self, account: AccountId) -> bool {
        let first = (Chat::Group(LAN), 0);
        let last = (Chat::Group(LAN), u64::MAX);
        let queue = self.queues.get(&account);
        queue.is_some_and(|queue| queue.items.range(first..=last).next().is_some())
    }

    /// Whether anything said in this conversation is still under way to somebody.
    pub(super) fn is_open(&self, chat: Chat) -> bool {
        let mut slots = self.slots.range((chat, 0)..=(chat, u64::MAX));
        slots.next().is_some()
    }

    /// Whether a message was handed to a path and not answered.
    pub(in crate::core) fn is_in_flight(&self, chat: Chat, seq: u64) -> bool {
        if !self.slots.contains_key(&(chat, seq)) {
            return false;
        }
        let queues = match chat {
            Chat::Person(account) => self.queues.range(account..=account),
            Chat::Group(_) => self.queues.range(..),
        };
        let mut items = queues.filter_map(|(_, queue)| queue.items.get(&(chat, seq)));
        items.any(|item| item.deposit.is_open() || item.sent_ms.is_some())
    }

    /// What was sent over a link that is gone counts as not sent.
    pub(in crate::core) fn link_gone(&mut self, account: AccountId, link: LinkId) {
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

    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.queues.values().flat_map(|queue| queue.items.values())
    }

    /// Whether something is not yet where it has to be: with the recipient, and with the own account when that `copies`.
    pub(in crate::core) fn is_owed(&self, copies: bool) -> bool {
        self.items()
            .filter(|item| item.row.chat != Chat::Group(LAN))
            .any(|item| !item.row.left_at_server || (copies && !item.row.copied))
    }

    /// What is neither at the rendezvous nor with the recipient.
    pub(in crate::core) fn kept_here(&self) -> impl Iterator<Item = &OutboxRow> {
        self.items()
            .filter(|item| !item.row.left_at_server && !item.is_delivered)
            .map(|item| &item.row)
    }

    pub(super) fn accounts(&self) -> Vec<AccountId> {
        self.queues.keys().copied().collect()
    }
}

pub(super) fn slot_of(row: &OutboxRow) -> Slot {
    (row.chat, row.place.seq)
}

/// How far a message is for the one whom the row is about.
pub(super) fn progress_of(row: &OutboxRow, tx: &mut Tx) -> Result<Option<Progress>, StoreError> {
    match row.chat {
        Chat::Person(_) => {
            let message = tx.message(row.chat, row.place)?;
            Ok(message.and_then(|message| message.progress))
        }
        Chat::Group(_) => {
            let recipient = tx.recipient((row.chat, row.place), row.account)?;
            Ok(recipient.map(|recipient| recipient.progress))
        }
    }
}
