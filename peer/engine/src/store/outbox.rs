//! Own messages that are not yet proved to be on the disks of those whom they are for: one row for each of those.

use super::chat::Chat;
use super::messages::Place;
use super::tables::{GROUP_OUTBOX, OUTBOX};
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, GroupId, MsgId};
use serde::{Deserialize, Serialize};

/// A message under way to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// The conversation.
    pub chat: Chat,
    /// For whom: the other person, or one member of the group.
    pub account: AccountId,
    /// Its name.
    pub message: MsgId,
    /// Where it stands in the conversation.
    pub place: Place,
    /// When it was written, Unix milliseconds.
    pub since_ms: u64,
    /// Whether the rendezvous has it for the recipient.
    pub left_at_server: bool,
    /// Whether the rendezvous was given the copy for the own account; in a group that is one of the recipients.
    pub copied: bool,
}

/// A message to one person as it is stored.
#[derive(Serialize, Deserialize)]
struct PersonRow {
    account: AccountId,
    message: MsgId,
    place: Place,
    since_ms: u64,
    left_at_server: bool,
    copied: bool,
}

/// A message to one member of a group as it is stored.
#[derive(Serialize, Deserialize)]
struct MemberRow {
    group: GroupId,
    account: AccountId,
    message: MsgId,
    place: Place,
    since_ms: u64,
    left_at_server: bool,
}

impl From<PersonRow> for OutboxRow {
    fn from(row: PersonRow) -> Self {
        Self {
            chat: Chat::Person(row.account),
            account: row.account,
            message: row.message,
            place: row.place,
            since_ms: row.since_ms,
            left_at_server: row.left_at_server,
            copied: row.copied,
        }
    }
}

impl From<MemberRow> for OutboxRow {
    fn from(row: MemberRow) -> Self {
        Self {
            chat: Chat::Group(row.group),
            account: row.account,
            message: row.message,
            place: row.place,
            since_ms: row.since_ms,
            left_at_server: row.left_at_server,
            copied: true,
        }
    }
}

fn person_key(row: &OutboxRow) -> Vec<u8> {
    [row.account.0.to_be_bytes(), row.place.seq.to_be_bytes()].concat()
}

fn member_key(row: &OutboxRow, group: GroupId) -> Vec<u8> {
    let numbers = [group.0, row.place.seq, row.account.0];
    numbers.map(u64::to_be_bytes).concat()
}

impl Tx {
    /// Every message under way.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn outbox(&mut self) -> Result<Vec<OutboxRow>, StoreError> {
        let people = self.rows::<PersonRow>(OUTBOX)?;
        let members = self.rows::<MemberRow>(GROUP_OUTBOX)?;
        let people = people.into_iter().map(|(_, row)| row.into());
        Ok(people
            .chain(members.into_iter().map(|(_, row)| row.into()))
            .collect())
    }

    /// Sets a message under way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_outbox(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        match row.chat {
            Chat::Person(account) => {
                let stored = PersonRow {
                    account,
                    message: row.message,
                    place: row.place,
                    since_ms: row.since_ms,
                    left_at_server: row.left_at_server,
                    copied: row.copied,
                };
                self.put_row(OUTBOX, &person_key(row), &stored)
            }
            Chat::Group(group) => {
                let stored = MemberRow {
                    group,
                    account: row.account,
                    message: row.message,
                    place: row.place,
                    since_ms: row.since_ms,
                    left_at_server: row.left_at_server,
                };
                self.put_row(GROUP_OUTBOX, &member_key(row, group), &stored)
            }
        }
    }

    /// A message is no longer under way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_outbox(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        match row.chat {
            Chat::Person(_) => self.remove(OUTBOX, &person_key(row)),
            Chat::Group(group) => self.remove(GROUP_OUTBOX, &member_key(row, group)),
        }
        .map(|_| ())
    }
}
