//! Rows and queries of friendships, blocks and friend requests.

use super::counters::Counter;
use super::tables::{BLOCKS, FRIENDS, REQUESTS, REQUESTS_BETWEEN, REQUESTS_OF};
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, RequestId};
use hutong_common::limits::{CONTACTS_MAX, REQUESTS_LISTED_MAX};
use hutong_common::rpc::friends::RequestState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct FriendRow {
    pub(crate) since_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StateRow {
    Pending,
    Accepted,
    Declined,
}

impl From<StateRow> for RequestState {
    fn from(state: StateRow) -> Self {
        match state {
            StateRow::Pending => Self::Pending,
            StateRow::Accepted => Self::Accepted,
            StateRow::Declined => Self::Declined,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RequestRow {
    pub(crate) from: AccountId,
    pub(crate) to: AccountId,
    pub(crate) greeting: String,
    pub(crate) at_ms: u64,
    pub(crate) state: StateRow,
    /// When it was accepted or declined; 0 before.
    pub(crate) answered_ms: u64,
}

impl Tx {
    pub(crate) fn friend(
        &self,
        account: AccountId,
        other: AccountId,
    ) -> Result<Option<FriendRow>, StoreError> {
        self.get(FRIENDS, (account.0, other.0))
    }

    /// Friends of `account` above `after`, in order.
    pub(crate) fn friends_after(
        &self,
        account: AccountId,
        after: AccountId,
        limit: usize,
    ) -> Result<Vec<(AccountId, FriendRow)>, StoreError> {
        let Some(first) = after.0.checked_add(1) else {
            return Ok(Vec::new());
        };
        let range = (account.0, first)..=(account.0, u64::MAX);
        let rows = self.range(FRIENDS, range, (Direction::Forward, limit))?;
        Ok(rows
            .into_iter()
            .map(|((_, other), row)| (AccountId(other), row))
            .collect())
    }

    pub(crate) fn friends(
        &self,
        account: AccountId,
    ) -> Result<Vec<(AccountId, FriendRow)>, StoreError> {
        self.friends_after(account, AccountId(0), CONTACTS_MAX)
    }

    /// Makes two accounts friends of each other.
    pub(crate) fn insert_friends(
        &mut self,
        one: AccountId,
        other: AccountId,
        since_ms: u64,
    ) -> Result<(), StoreError> {
        self.put(FRIENDS, (one.0, other.0), &FriendRow { since_ms })?;
        self.put(FRIENDS, (other.0, one.0), &FriendRow { since_ms })
    }

    pub(crate) fn remove_friends(
        &mut self,
        one: AccountId,
        other: AccountId,
    ) -> Result<(), StoreError> {
        self.remove(FRIENDS, (one.0, other.0))?;
        self.remove(FRIENDS, (other.0, one.0)).map(drop)
    }

    pub(crate) fn blocks(&self, who: AccountId, whom: AccountId) -> Result<bool, StoreError> {
        self.has(BLOCKS, (who.0, whom.0))
    }

    pub(crate) fn blocked_by(&self, who: AccountId) -> Result<Vec<AccountId>, StoreError> {
        let range = (who.0, 0)..=(who.0, u64::MAX);
        let rows = self.range(BLOCKS, range, (Direction::Forward, CONTACTS_MAX))?;
        Ok(rows
            .into_iter()
            .map(|((_, whom), _)| AccountId(whom))
            .collect())
    }

    pub(crate) fn insert_block(
        &mut self,
        who: AccountId,
        whom: AccountId,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        self.put(BLOCKS, (who.0, whom.0), &at_ms)
    }

    pub(crate) fn remove_block(
        &mut self,
        who: AccountId,
        whom: AccountId,
    ) -> Result<bool, StoreError> {
        self.remove(BLOCKS, (who.0, whom.0))
    }

    pub(crate) fn request(&self, request: RequestId) -> Result<Option<RequestRow>, StoreError> {
        self.get(REQUESTS, request.0)
    }

    /// The newest request from one account to another.
    pub(crate) fn request_between(
        &self,
        from: AccountId,
        to: AccountId,
    ) -> Result<Option<(RequestId, RequestRow)>, StoreError> {
        let Some(request) = self.get(REQUESTS_BETWEEN, (from.0, to.0))?.map(RequestId) else {
            return Ok(None);
        };
        Ok(self.request(request)?.map(|row| (request, row)))
    }

    /// Requests from and to `account`, newest first.
    pub(crate) fn requests_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<(RequestId, RequestRow)>, StoreError> {
        let range = (account.0, 0)..=(account.0, u64::MAX);
        let keys = self.range(
            REQUESTS_OF,
            range,
            (Direction::Backward, REQUESTS_LISTED_MAX),
        )?;
        let mut found = Vec::with_capacity(keys.len());
        for ((_, request), ()) in keys {
            let request = RequestId(request);
            found.extend(self.request(request)?.map(|row| (request, row)));
        }
        Ok(found)
    }

    /// Adds a request; an older one from the same to the same account is forgotten.
    pub(crate) fn insert_request(&mut self, row: &RequestRow) -> Result<RequestId, StoreError> {
        let (from, to) = (row.from.0, row.to.0);
        if let Some(before) = self.get(REQUESTS_BETWEEN, (from, to))? {
            self.remove(REQUESTS, before)?;
            self.remove(REQUESTS_OF, (from, before))?;
            self.remove(REQUESTS_OF, (to, before))?;
        }
        let request = RequestId(self.next(Counter::Request, 1)?);
        self.put(REQUESTS, request.0, row)?;
        self.put(REQUESTS_OF, (from, request.0), &())?;
        self.put(REQUESTS_OF, (to, request.0), &())?;
        self.put(REQUESTS_BETWEEN, (from, to), &request.0)?;
        Ok(request)
    }

    /// Drops every request from and to `account`; returns whom the others were from or to.
    pub(crate) fn remove_requests(
        &mut self,
        account: AccountId,
    ) -> Result<BTreeSet<AccountId>, StoreError> {
        let mut others = BTreeSet::new();
        let all = (account.0, 0)..=(account.0, u64::MAX);
        loop {
            let step = (Direction::Forward, REQUESTS_LISTED_MAX);
            let keys = self.range(REQUESTS_OF, all.clone(), step)?;
            if keys.is_empty() {
                return Ok(others);
            }
            for (key, ()) in keys {
                self.remove(REQUESTS_OF, key)?;
                let Some(row) = self.request(RequestId(key.1))? else {
                    continue;
                };
                self.remove(REQUESTS, key.1)?;
                self.remove(REQUESTS_OF, (row.from.0, key.1))?;
                self.remove(REQUESTS_OF, (row.to.0, key.1))?;
                self.remove(REQUESTS_BETWEEN, (row.from.0, row.to.0))?;
                others.extend([row.from, row.to]);
            }
            others.remove(&account);
        }
    }

    pub(crate) fn set_request(
        &mut self,
        request: RequestId,
        row: &RequestRow,
    ) -> Result<(), StoreError> {
        self.put(REQUESTS, request.0, row)
    }
}
