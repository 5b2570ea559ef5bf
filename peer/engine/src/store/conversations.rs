//! Conversations: the number of our next message, how far each of the other's devices was told, and what is unread.

use super::chat::Chat;
use super::messages::{Place, key, place_of};
use super::tables::{CONVERSATIONS, SHOWN_OWED, STREAMS, UNREAD};
use super::{Direction, Pair, Span, StoreError, Tx, row};
use crate::store::contacts::account_of;
use hutong_common::id::{AccountId, DeviceId, MsgId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a conversation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRow {
    /// Number of our last message.
    pub sent_seq: u64,
    /// Order of the newest message.
    pub newest_order: u64,
    /// When anything was last said, Unix milliseconds.
    pub active_ms: u64,
    /// The newest message of the other that was looked at, as long as no device of the other heard of it.
    pub shown_owed: Option<MsgId>,
}

/// How an unread message came, and its name for the rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadRow {
    /// Its name.
    pub msg_id: MsgId,
    /// Whether it came by mail, so that the rendezvous is told when it is looked at.
    pub by_mail: bool,
    /// Whether it names us.
    pub mentions_us: bool,
}

fn stream_key(chat: impl Into<Chat>, device: DeviceId) -> Vec<u8> {
    [&chat.into().key()[..], &device.0].concat()
}

impl Tx {
    /// A conversation; a fresh one when nothing was said yet.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn conversation(&mut self, chat: impl Into<Chat>) -> Result<ConversationRow, StoreError> {
        Ok(self
            .row(CONVERSATIONS, &chat.into().key())?
            .unwrap_or_default())
    }

    /// Sets a conversation.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_conversation(
        &mut self,
        chat: impl Into<Chat>,
        row: &ConversationRow,
    ) -> Result<(), StoreError> {
        self.put_row(CONVERSATIONS, &chat.into().key(), row)
    }

    /// All conversations.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn conversations(&mut self) -> Result<Vec<(Chat, ConversationRow)>, StoreError> {
        self.rows(CONVERSATIONS)?
            .into_iter()
            .map(|(key, row)| Ok((Chat::of_key(CONVERSATIONS, &key)?, row)))
            .collect()
    }

    /// Up to which number the messages of a device were told; none when nothing came from it yet.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn told(
        &mut self,
        chat: impl Into<Chat>,
        device: DeviceId,
    ) -> Result<Option<u64>, StoreError> {
        self.row(STREAMS, &stream_key(chat, device))
    }

    /// Notes how far the messages of a device were told.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_told(
        &mut self,
        chat: impl Into<Chat>,
        device: DeviceId,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.put_row(STREAMS, &stream_key(chat, device), &seq)
    }

    /// Notes a message as unread.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_unread(
        &mut self,
        chat: impl Into<Chat>,
        place: Place,
        row: &UnreadRow,
    ) -> Result<(), StoreError> {
        self.put_row(UNREAD, &key(chat, place), row)
    }

    /// Unread messages by conversation: how many, and how many of them name us.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn unread(&mut self) -> Result<BTreeMap<Chat, (u64, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        for (key, unread) in self.rows::<UnreadRow>(UNREAD)? {
            let (chat, _) = place_of(UNREAD, &key)?;
            let (all, mentions): &mut (u64, u64) = counts.entry(chat).or_default();
            *all += 1;
            *mentions += u64::from(unread.mentions_us);
        }
        Ok(counts)
    }

    /// How many messages of one conversation are unread.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn unread_from(&mut self, chat: impl Into<Chat>) -> Result<u64, StoreError> {
        let chat = chat.into();
        let span = Span {
            from: &key(chat, Place::FIRST),
            to: &key(chat, Place::LAST),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        Ok(self.range(UNREAD, span)?.len() as u64)
    }

    /// Takes the unread messages up to a place out of the table, oldest first, each with its place.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn take_unread(
        &mut self,
        chat: impl Into<Chat>,
        upto: Place,
    ) -> Result<Vec<(Place, UnreadRow)>, StoreError> {
        let chat = chat.into();
        let mut to = key(chat, upto);
        to.push(0);
        let span = Span {
            from: &key(chat, Place::FIRST),
            to: &to,
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        let rows: Vec<Pair> = self.range(UNREAD, span)?;
        rows.into_iter()
            .map(|(key, bytes)| {
                self.remove(UNREAD, &key)?;
                let (_, place) = place_of(UNREAD, &key)?;
                Ok((place, row::from_bytes(UNREAD, &bytes)?))
            })
            .collect()
    }

    /// Notes mail that was looked at, until the rendezvous is told.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_shown_owed(&mut self, sender: AccountId, mail: MsgId) -> Result<(), StoreError> {
        self.put(
            SHOWN_OWED,
            &[&sender.0.to_be_bytes()[..], &mail.0].concat(),
            &[],
        )
    }

    /// The rendezvous was told.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_shown_owed(&mut self, sender: AccountId, mail: MsgId) -> Result<(), StoreError> {
        self.remove(SHOWN_OWED, &[&sender.0.to_be_bytes()[..], &mail.0].concat())
            .map(|_| ())
    }

    /// Mail that was looked at, which the rendezvous has not been told.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn shown_owed(&mut self) -> Result<Vec<(AccountId, MsgId)>, StoreError> {
        let unreadable = || StoreError::Row {
            table: SHOWN_OWED.name(),
        };
        self.all(SHOWN_OWED)?
            .iter()
            .map(|(key, _)| {
                let (account, mail) = key.split_at_checked(8).ok_or_else(unreadable)?;
                let mail = mail.try_into().map(MsgId).map_err(|_| unreadable())?;
                Ok((account_of(SHOWN_OWED, account)?, mail))
            })
            .collect()
    }
}
