//! Codes that let somebody register: invitations, and the one of the first admin.
//!
//! Invitations are stored as hashes. The owner's code is stored as it is, because it is shown at every start until
//! somebody has used it.

use super::tables::{INVITES, OWNER_CODE, RESETS};
use super::{StoreError, Tx};
use hutong_common::id::AccountId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InviteRow {
    pub(crate) uses_left: u32,
    pub(crate) until_ms: u64,
}

/// What lets an account's person register anew.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ResetRow {
    /// BLAKE3 of the code.
    pub(crate) code: [u8; 32],
    pub(crate) until_ms: u64,
}

const ONLY: u8 = 0;

fn code_key(code: &str) -> [u8; 32] {
    *blake3::hash(code.as_bytes()).as_bytes()
}

impl Tx {
    pub(crate) fn invite(&self, code: &str) -> Result<Option<InviteRow>, StoreError> {
        self.get(INVITES, code_key(code))
    }

    pub(crate) fn set_invite(&mut self, code: &str, row: &InviteRow) -> Result<(), StoreError> {
        self.put(INVITES, code_key(code), row)
    }

    /// Uses an invitation once; with the last use it goes.
    pub(crate) fn use_invite(&mut self, code: &str) -> Result<(), StoreError> {
        match self.invite(code)? {
            Some(row) if row.uses_left > 1 => {
                let uses_left = row.uses_left - 1;
                self.set_invite(code, &InviteRow { uses_left, ..row })
            }
            Some(_) | None => self.remove(INVITES, code_key(code)).map(drop),
        }
    }

    pub(crate) fn reset(&self, account: AccountId) -> Result<Option<ResetRow>, StoreError> {
        self.get(RESETS, account.0)
    }

    pub(crate) fn set_reset(
        &mut self,
        account: AccountId,
        row: &ResetRow,
    ) -> Result<(), StoreError> {
        self.put(RESETS, account.0, row)
    }

    pub(crate) fn remove_reset(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.remove(RESETS, account.0).map(drop)
    }

    pub(crate) fn owner_code(&self) -> Result<Option<String>, StoreError> {
        self.get(OWNER_CODE, ONLY)
    }

    pub(crate) fn set_owner_code(&mut self, code: &str) -> Result<(), StoreError> {
        self.put(OWNER_CODE, ONLY, &code.to_owned())
    }

    pub(crate) fn remove_owner_code(&mut self) -> Result<(), StoreError> {
        self.remove(OWNER_CODE, ONLY).map(drop)
    }
}
