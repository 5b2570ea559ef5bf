//! Rows and queries of accounts that may not come in, and of when an account was last here.
//!
//! A deleted account leaves its bar behind for ever: its number is never given out again.

use super::tables::{BARS, LAST_SEEN};
use super::{StoreError, Tx};
use hutong_common::id::AccountId;
use hutong_common::name::Login;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BarRow {
    Locked { since_ms: u64 },
    Deleted { at_ms: u64, login: Login },
}

impl Tx {
    /// Why an account may not come in, if it may not.
    pub(crate) fn bar(&self, account: AccountId) -> Result<Option<BarRow>, StoreError> {
        self.get(BARS, account.0)
    }

    pub(crate) fn set_bar(&mut self, account: AccountId, bar: &BarRow) -> Result<(), StoreError> {
        self.put(BARS, account.0, bar)
    }

    pub(crate) fn lift_bar(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.remove(BARS, account.0).map(drop)
    }

    /// Unix time in milliseconds; exact to [`hutong_common::limits::LAST_SEEN_STEP_MS`].
    pub(crate) fn last_seen(&self, account: AccountId) -> Result<Option<u64>, StoreError> {
        self.get(LAST_SEEN, account.0)
    }

    pub(crate) fn set_last_seen(
        &mut self,
        account: AccountId,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        self.put(LAST_SEEN, account.0, &at_ms)
    }
}
