//! Rows and queries of what the rendezvous itself announced, and how far that is for everybody whom it is for.

use super::counters::Counter;
use super::tables::{BULLETIN_STEPS, BULLETINS};
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::limits::{BULLETINS_KEPT_MAX, SWEEP_MAX};
use hutong_common::message::Announced;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BulletinRow {
    pub(crate) env_id: MsgId,
    /// The group that it is for; none for all accounts.
    pub(crate) group: Option<GroupId>,
    pub(crate) announced: Announced,
    pub(crate) sent_ms: u64,
}

/// How far an announcement is for one account. It only goes forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum StepRow {
    /// It waits as mail.
    Left,
    /// A device fetched it and could not use it.
    Unusable,
    Stored,
    Shown,
    Confirmed,
}

impl Tx {
    /// The number of the next announcement.
    pub(crate) fn next_bulletin(&mut self) -> Result<u64, StoreError> {
        self.next(Counter::Bulletin, 0)
    }

    /// Keeps an announcement, and lets go of the oldest where there are too many.
    pub(crate) fn insert_bulletin(
        &mut self,
        number: u64,
        row: &BulletinRow,
    ) -> Result<(), StoreError> {
        self.put(BULLETINS, number, row)?;
        let kept = self.keys(BULLETINS, .., BULLETINS_KEPT_MAX + 1)?;
        let too_many = kept.len().saturating_sub(BULLETINS_KEPT_MAX);
        for oldest in kept.into_iter().take(too_many) {
            self.remove_bulletin(oldest)?;
        }
        Ok(())
    }

    fn remove_bulletin(&mut self, number: u64) -> Result<(), StoreError> {
        loop {
            let all = (number, 0)..=(number, u64::MAX);
            let steps = self.keys(BULLETIN_STEPS, all, SWEEP_MAX)?;
            if steps.is_empty() {
                return self.remove(BULLETINS, number).map(drop);
            }
            for step in steps {
                self.remove(BULLETIN_STEPS, step)?;
            }
        }
    }

    pub(crate) fn bulletin(&self, number: u64) -> Result<Option<BulletinRow>, StoreError> {
        self.get(BULLETINS, number)
    }

    /// All that are kept, oldest first.
    pub(crate) fn bulletins(&self) -> Result<Vec<(u64, BulletinRow)>, StoreError> {
        self.range(BULLETINS, .., (Direction::Forward, BULLETINS_KEPT_MAX))
    }

    pub(crate) fn bulletin_step(
        &self,
        number: u64,
        account: AccountId,
    ) -> Result<Option<StepRow>, StoreError> {
        self.get(BULLETIN_STEPS, (number, account.0))
    }

    pub(crate) fn set_bulletin_step(
        &mut self,
        number: u64,
        account: AccountId,
        step: StepRow,
    ) -> Result<(), StoreError> {
        self.put(BULLETIN_STEPS, (number, account.0), &step)
    }

    /// An account is deleted, and reads nothing any more.
    pub(crate) fn remove_bulletin_steps(&mut self, account: AccountId) -> Result<(), StoreError> {
        for number in self.keys(BULLETINS, .., BULLETINS_KEPT_MAX)? {
            self.remove(BULLETIN_STEPS, (number, account.0))?;
        }
        Ok(())
    }

    /// How far it is for accounts above `after`, in the order of their numbers.
    pub(crate) fn bulletin_steps(
        &self,
        number: u64,
        after: AccountId,
        limit: usize,
    ) -> Result<Vec<(AccountId, StepRow)>, StoreError> {
        let Some(first) = after.0.checked_add(1) else {
            return Ok(Vec::new());
        };
        let range = (number, first)..=(number, u64::MAX);
        let rows = self.range(BULLETIN_STEPS, range, (Direction::Forward, limit))?;
        Ok(rows
            .into_iter()
            .map(|((_, account), step)| (AccountId(account), step))
            .collect())
    }
}
