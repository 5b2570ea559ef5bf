//! Messages in the order in which they are shown, and how a copy of one is recognised.

use super::chat::Chat;
use super::tables::{MESSAGES, SEEN, Table};
use super::{Direction, Span, StoreError, Tx, row};
use hutong_common::id::{DeviceId, MsgId};
use hutong_common::limits::HISTORY_PAGE_MAX;
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};

/// Where a message stands in its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Hybrid logical clock under which it is shown.
    pub order: u64,
    /// The device that wrote it.
    pub device: DeviceId,
    /// Its number there.
    pub seq: u64,
}

impl Place {
    /// Before all others.
    pub const FIRST: Self = Self::before(0);
    /// After all others.
    pub const LAST: Self = Self {
        order: u64::MAX,
        device: DeviceId([u8::MAX; 16]),
        seq: u64::MAX,
    };

    /// Before all others of this order.
    pub const fn before(order: u64) -> Self {
        Self {
            order,
            device: DeviceId([0; 16]),
            seq: 0,
        }
    }
}

/// By which way a message came, or was stored first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Not at all yet.
    None,
    /// Computer to computer.
    Direct,
    /// Sealed, through the rendezvous.
    Mail,
    /// In a link whose packets went through the rendezvous.
    Relay,
}

/// How far an own message is known to be; what is between the first two is in memory only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Progress {
    /// On this disk.
    Queued,
    /// On the disk of the rendezvous.
    LeftAtServer,
    /// On the other's disk.
    Delivered,
    /// Looked at.
    Shown,
    /// Given up.
    Failed,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The message as its writer signed it; verified before it was stored.
    pub signed: Signed,
    /// By which way.
    pub way: Way,
    /// How far, for our own.
    pub progress: Option<Progress>,
}

/// What is remembered of every message, to recognise its copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRow {
    /// The conversation.
    pub chat: Chat,
    /// Its place there.
    pub place: Place,
    /// BLAKE3 of the signed bytes.
    pub digest: [u8; 32],
}

pub(super) fn key(chat: impl Into<Chat>, place: Place) -> Vec<u8> {
    [
        &chat.into().key()[..],
        &place.order.to_be_bytes(),
        &place.device.0,
        &place.seq.to_be_bytes(),
    ]
    .concat()
}

pub(super) fn place_of(table: Table, key: &[u8]) -> Result<(Chat, Place), StoreError> {
    let parse = || {
        let (chat, rest) = key.split_first_chunk::<8>()?;
        let (order, rest) = rest.split_first_chunk::<8>()?;
        let (device, rest) = rest.split_first_chunk::<16>()?;
        let place = Place {
            order: u64::from_be_bytes(*order),
            device: DeviceId(*device),
            seq: u64::from_be_bytes(rest.try_into().ok()?),
        };
        Some((Chat::from(u64::from_be_bytes(*chat)), place))
    };
    parse().ok_or(StoreError::Row {
        table: table.name(),
    })
}

fn seen_key(message: MsgId, device: DeviceId) -> Vec<u8> {
    [message.0, device.0].concat()
}

impl Tx {
    /// A message by its place.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn message(
        &mut self,
        chat: impl Into<Chat>,
        place: Place,
    ) -> Result<Option<MessageRow>, StoreError> {
        self.row(MESSAGES, &key(chat, place))
    }

    /// Sets a message.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_message(
        &mut self,
        chat: impl Into<Chat>,
        place: Place,
        row: &MessageRow,
    ) -> Result<(), StoreError> {
        self.put_row(MESSAGES, &key(chat, place), row)
    }

    /// Messages of one conversation between two places, both excluded.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn messages_between(
        &mut self,
        chat: impl Into<Chat>,
        (after, before): (Place, Place),
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Place, MessageRow)>, StoreError> {
        let chat = chat.into();
        let mut from = key(chat, after);
        from.push(0);
        let span = Span {
            from: &from,
            to: &key(chat, before),
            direction,
            limit,
        };
        self.range(MESSAGES, span)?
            .into_iter()
            .map(|(key, bytes)| {
                let (_, place) = place_of(MESSAGES, &key)?;
                Ok((place, row::from_bytes(MESSAGES, &bytes)?))
            })
            .collect()
    }

    /// Whether a message of this device with this number is in the conversation. Looks at all of it.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn has_number(
        &mut self,
        chat: impl Into<Chat>,
        device: DeviceId,
        seq: u64,
    ) -> Result<bool, StoreError> {
        let chat = chat.into();
        let mut after = Place::FIRST;
        loop {
            let range = (after, Place::LAST);
            let page = self.messages_between(chat, range, Direction::Forward, HISTORY_PAGE_MAX)?;
            if page
                .iter()
                .any(|(place, _)| (place.device, place.seq) == (device, seq))
            {
                return Ok(true);
            }
            match page.last() {
                Some((last, _)) => after = *last,
                None => return Ok(false),
            }
        }
    }

    /// Whether a message was stored before.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn seen(
        &mut self,
        message: MsgId,
        device: DeviceId,
    ) -> Result<Option<SeenRow>, StoreError> {
        self.row(SEEN, &seen_key(message, device))
    }

    /// Remembers a message.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_seen(&mut self, message: MsgId, row: &SeenRow) -> Result<(), StoreError> {
        self.put_row(SEEN, &seen_key(message, row.place.device), row)
    }

    /// Where a message stands in a conversation, whoever wrote it.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn find_message(
        &mut self,
        chat: impl Into<Chat>,
        message: MsgId,
    ) -> Result<Option<Place>, StoreError> {
        let chat = chat.into();
        let found = self.places_of(message)?;
        let mut found = found.into_iter().filter(|seen| seen.chat == chat);
        Ok(found.next().map(|seen| seen.place))
    }

    /// Every message of this name, one for each device that used it.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn places_of(&mut self, message: MsgId) -> Result<Vec<SeenRow>, StoreError> {
        let span = Span {
            from: &seen_key(message, DeviceId([0; 16])),
            to: &[&message.0[..], &[u8::MAX; 17]].concat(),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        let rows = self.range(SEEN, span)?;
        rows.iter()
            .map(|(_, bytes)| row::from_bytes(SEEN, bytes))
            .collect()
    }
}
