//! Announcements, so that they are found without walking along conversations, and confirmations that are owed.

use super::chat::Chat;
use super::messages::{Place, key, place_of};
use super::tables::{ANNOUNCEMENTS, CONFIRMATIONS_OWED};
use super::{Direction, Span, StoreError, Tx, row};
use hutong_common::id::{AccountId, MsgId};
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};

/// An announcement of which the message is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementRow {
    /// Who announces.
    pub sender: AccountId,
    /// Whether we confirmed it.
    pub is_confirmed: bool,
}

fn owed_key(sender: AccountId, message: MsgId) -> Vec<u8> {
    [&sender.0.to_be_bytes()[..], &message.0].concat()
}

impl Tx {
    /// What is noted of an announcement.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn announcement(
        &mut self,
        (chat, place): (Chat, Place),
    ) -> Result<Option<AnnouncementRow>, StoreError> {
        self.row(ANNOUNCEMENTS, &key(chat, place))
    }

    /// Notes an announcement.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_announcement(
        &mut self,
        (chat, place): (Chat, Place),
        row: &AnnouncementRow,
    ) -> Result<(), StoreError> {
        self.put_row(ANNOUNCEMENTS, &key(chat, place), row)
    }

    /// All of them, by conversation.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn announcements(&mut self) -> Result<Vec<(Chat, Place, AnnouncementRow)>, StoreError> {
        self.rows(ANNOUNCEMENTS)?
            .into_iter()
            .map(|(key, row)| {
                let (chat, place) = place_of(ANNOUNCEMENTS, &key)?;
                Ok((chat, place, row))
            })
            .collect()
    }

    /// Keeps a confirmation until the rendezvous has it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_confirmation_owed(
        &mut self,
        (sender, message): (AccountId, MsgId),
        confirmation: &Signed,
    ) -> Result<(), StoreError> {
        self.put_row(CONFIRMATIONS_OWED, &owed_key(sender, message), confirmation)
    }

    /// The rendezvous has it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_confirmation_owed(
        &mut self,
        sender: AccountId,
        message: MsgId,
    ) -> Result<(), StoreError> {
        self.remove(CONFIRMATIONS_OWED, &owed_key(sender, message))
            .map(|_| ())
    }

    /// Confirmations that the rendezvous does not have, to one account or to all.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn confirmations_owed(
        &mut self,
        to: Option<AccountId>,
    ) -> Result<Vec<(AccountId, MsgId, Signed)>, StoreError> {
        let unreadable = || StoreError::Row {
            table: CONFIRMATIONS_OWED.name(),
        };
        let (first, last) = to.map_or((AccountId(0), AccountId(u64::MAX)), |to| (to, to));
        let span = Span {
            from: &owed_key(first, MsgId([0; 16])),
            to: &[&owed_key(last, MsgId([u8::MAX; 16]))[..], &[0]].concat(),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        let rows = self.range(CONFIRMATIONS_OWED, span)?;
        rows.iter()
            .map(|(key, bytes)| {
                let (sender, message) = key.split_first_chunk::<8>().ok_or_else(unreadable)?;
                let sender = AccountId(u64::from_be_bytes(*sender));
                let message = MsgId(message.try_into().map_err(|_| unreadable())?);
                Ok((sender, message, row::from_bytes(CONFIRMATIONS_OWED, bytes)?))
            })
            .collect()
    }
}
