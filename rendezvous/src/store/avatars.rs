//! Rows and queries of pictures: the bytes, and apart from them their hash, which is asked for far more often.

use super::tables::{AVATAR_HASHES, AVATARS};
use super::{StoreError, Tx};
use hutong_common::id::AccountId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AvatarRow {
    bytes: Vec<u8>,
}

impl Tx {
    pub(crate) fn avatar_hash(&self, account: AccountId) -> Result<Option<[u8; 32]>, StoreError> {
        self.get(AVATAR_HASHES, account.0)
    }

    pub(crate) fn avatar(&self, account: AccountId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get(AVATARS, account.0)?.map(|row| row.bytes))
    }

    /// Replaces the picture; without bytes there is none any more.
    pub(crate) fn set_avatar(
        &mut self,
        account: AccountId,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        if bytes.is_empty() {
            self.remove(AVATAR_HASHES, account.0)?;
            return self.remove(AVATARS, account.0).map(drop);
        }
        let hash = *blake3::hash(&bytes).as_bytes();
        self.put(AVATAR_HASHES, account.0, &hash)?;
        self.put(AVATARS, account.0, &AvatarRow { bytes })
    }
}
