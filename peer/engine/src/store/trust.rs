//! Whose key was compared, and whose key changed.

use super::contacts::account_of;
use super::tables::TRUST;
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, PublicKey};
use serde::{Deserialize, Serialize};

/// What the person knows of somebody's account key. Kept when the friendship ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustRow {
    /// The key that was compared with its owner.
    pub verified: Option<PublicKey>,
    /// The last change of the key.
    pub change: Option<KeyChangeRow>,
}

/// An account came with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChangeRow {
    /// When that was noticed, Unix milliseconds.
    pub at_ms: u64,
    /// Whether the key before was a verified one: then nothing is sent until the person has agreed.
    pub was_verified: bool,
    /// Whether the person has agreed.
    pub is_accepted: bool,
}

impl Tx {
    /// What is known of everybody's keys.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn trust(&mut self) -> Result<Vec<(AccountId, TrustRow)>, StoreError> {
        self.rows(TRUST)?
            .into_iter()
            .map(|(key, row)| Ok((account_of(TRUST, &key)?, row)))
            .collect()
    }

    /// Sets what is known of somebody's key.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_trust(&mut self, account: AccountId, row: &TrustRow) -> Result<(), StoreError> {
        self.put_row(TRUST, &account.0.to_be_bytes(), row)
    }
}
