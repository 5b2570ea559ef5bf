//! What ends when: one row per thing that is kept for a time, so that the sweep reads only what is due.
//!
//! A thing that goes earlier leaves its row behind; the sweep then finds nothing to do.

use super::counters::Counter;
use super::tables::EXPIRIES;
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, MsgId, RequestId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ExpiryRow {
    Mail {
        recipient: AccountId,
        sender: AccountId,
        env_id: MsgId,
    },
    Receipt {
        sender: AccountId,
        row: u64,
    },
    Revocation {
        account: AccountId,
    },
    /// A login that a deleted account still keeps from others.
    Login {
        account: AccountId,
    },
    /// An invitation or application that was answered.
    GroupRequest {
        request: RequestId,
    },
}

impl Tx {
    pub(crate) fn set_expiry(&mut self, at_ms: u64, what: &ExpiryRow) -> Result<(), StoreError> {
        let number = self.next(Counter::Expiry, 0)?;
        self.put(EXPIRIES, (at_ms, number), what)
    }

    /// Takes out what is due at `now_ms`, oldest first.
    pub(crate) fn take_due(
        &mut self,
        now_ms: u64,
        limit: usize,
    ) -> Result<Vec<ExpiryRow>, StoreError> {
        let due = self.range(EXPIRIES, ..=(now_ms, u64::MAX), (Direction::Forward, limit))?;
        for (key, _) in &due {
            self.remove(EXPIRIES, *key)?;
        }
        Ok(due.into_iter().map(|(_, what)| what).collect())
    }
}
