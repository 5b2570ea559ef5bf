//! What the person of this home notes for herself: names of her own for others, and words that are not sent yet;
//! and whose picture lies here.

use super::chat::Chat;
use super::contacts::account_of;
use super::tables::{AVATARS, DRAFTS, REMARKS};
use super::{StoreError, Tx};
use hutong_common::id::AccountId;
use hutong_common::name::DisplayName;
use serde::{Deserialize, Serialize};

/// Words that are not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRow {
    /// The words.
    pub text: String,
    /// When they were noted, Unix milliseconds.
    pub at_ms: u64,
}

impl Tx {
    /// Our own names for others.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn remarks(&mut self) -> Result<Vec<(AccountId, DisplayName)>, StoreError> {
        self.rows(REMARKS)?
            .into_iter()
            .map(|(key, name)| Ok((account_of(REMARKS, &key)?, name)))
            .collect()
    }

    /// Sets or removes our own name for somebody.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_remark(
        &mut self,
        account: AccountId,
        name: Option<&DisplayName>,
    ) -> Result<(), StoreError> {
        let key = account.0.to_be_bytes();
        match name {
            Some(name) => self.put_row(REMARKS, &key, name),
            None => self.remove(REMARKS, &key).map(|_| ()),
        }
    }

    /// Of whom a picture lies in the home.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn avatars(&mut self) -> Result<Vec<(AccountId, [u8; 32])>, StoreError> {
        self.rows(AVATARS)?
            .into_iter()
            .map(|(key, hash)| Ok((account_of(AVATARS, &key)?, hash)))
            .collect()
    }

    /// Notes which picture of somebody lies in the home, or that there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_avatar(
        &mut self,
        account: AccountId,
        hash: Option<&[u8; 32]>,
    ) -> Result<(), StoreError> {
        let key = account.0.to_be_bytes();
        match hash {
            Some(hash) => self.put_row(AVATARS, &key, hash),
            None => self.remove(AVATARS, &key).map(|_| ()),
        }
    }

    /// All drafts.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn drafts(&mut self) -> Result<Vec<(Chat, DraftRow)>, StoreError> {
        self.rows(DRAFTS)?
            .into_iter()
            .map(|(key, row)| Ok((Chat::of_key(DRAFTS, &key)?, row)))
            .collect()
    }

    /// The draft of a conversation.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn draft(&mut self, chat: impl Into<Chat>) -> Result<Option<DraftRow>, StoreError> {
        self.row(DRAFTS, &chat.into().key())
    }

    /// Sets or removes the draft of a conversation.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_draft(
        &mut self,
        chat: impl Into<Chat>,
        row: Option<&DraftRow>,
    ) -> Result<(), StoreError> {
        let key = chat.into().key();
        match row {
            Some(row) => self.put_row(DRAFTS, &key, row),
            None => self.remove(DRAFTS, &key).map(|_| ()),
        }
    }
}
