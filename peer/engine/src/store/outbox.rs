//! Own messages that are not yet proved to be on the other's disk.

use super::messages::Place;
use super::tables::OUTBOX;
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, MsgId};
use serde::{Deserialize, Serialize};

/// A message under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxRow {
    /// For whom.
    pub account: AccountId,
    /// Its name.
    pub message: MsgId,
    /// Where it stands in the conversation.
    pub place: Place,
    /// When it was written, Unix milliseconds.
    pub since_ms: u64,
    /// Whether the rendezvous has it for the recipient.
    pub left_at_server: bool,
    /// Whether the rendezvous was given the copy for the own account.
    pub copied: bool,
}

fn key(account: AccountId, seq: u64) -> Vec<u8> {
    [account.0.to_be_bytes(), seq.to_be_bytes()].concat()
}

impl Tx {
    /// Every message under way.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn outbox(&mut self) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(self.rows(OUTBOX)?.into_iter().map(|(_, row)| row).collect())
    }

    /// Sets a message under way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_outbox(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.put_row(OUTBOX, &key(row.account, row.place.seq), row)
    }

    /// A message is no longer under way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_outbox(&mut self, account: AccountId, seq: u64) -> Result<(), StoreError> {
        self.remove(OUTBOX, &key(account, seq)).map(|_| ())
    }
}
