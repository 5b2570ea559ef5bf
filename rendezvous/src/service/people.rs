//! Finding people by exact login, and what two accounts are to each other.
//!
//! Somebody who blocks the asker, somebody who is no contact, and nobody at all are answered alike: every question
//! reads the same rows before it decides.

use super::limiter::{Charge, Limit, Rate, Subject};
use super::{Answer, Context, Outcome, Service, SignedIn, Stop};
use crate::store::accounts::AccountRow;
use crate::store::friends::{FriendRow, RequestRow, StateRow};
use crate::store::{StoreError, Tx};
use hutong_common::group::GroupKind;
use hutong_common::id::{AccountId, RequestId};
use hutong_common::limits::{
    DAY_MS, DECLINED_SILENCE_MS, MINUTE_MS, SEARCHES_A_DAY_MAX, SEARCHES_A_MINUTE_MAX,
};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::friends::{CanAdd, Person, Relation};

/// In the place of an account that does not exist: nobody has this number.
const NOBODY: AccountId = AccountId(0);

/// Everything between the asker and somebody else.
#[derive(Debug)]
pub(super) struct Standing {
    is_own: bool,
    pub(super) friend: Option<FriendRow>,
    /// What they are both members of: a class if there is one, else a group.
    common: Option<GroupKind>,
    /// The asker blocks the other.
    pub(super) we_block: bool,
    /// The other blocks the asker.
    pub(super) they_block: bool,
    /// The newest request of the asker.
    pub(super) asked: Option<(RequestId, RequestRow)>,
    /// The newest request to the asker.
    pub(super) was_asked: Option<(RequestId, RequestRow)>,
}

impl Standing {
    pub(super) fn of(tx: &Tx, own: AccountId, other: AccountId) -> Result<Self, StoreError> {
        Ok(Self {
            is_own: own == other,
            friend: tx.friend(own, other)?,
            common: tx.common_group(own, other)?,
            we_block: tx.blocks(own, other)?,
            they_block: tx.blocks(other, own)?,
            asked: tx.request_between(own, other)?,
            was_asked: tx.request_between(other, own)?,
        })
    }

    /// Friends or classmates of whom neither blocks the other: they may talk in private.
    pub(super) const fn is_contact(&self) -> bool {
        (self.friend.is_some() || matches!(self.common, Some(GroupKind::Class)))
            && !self.is_barred()
    }

    /// Contacts, or members of one group, of whom neither blocks the other: they may see and reach each other.
    pub(super) const fn is_known(&self) -> bool {
        self.is_related() && !self.is_barred()
    }

    /// Whether they would meet again, were nothing blocked.
    pub(super) const fn is_related(&self) -> bool {
        self.friend.is_some() || self.common.is_some()
    }

    const fn is_barred(&self) -> bool {
        self.we_block || self.they_block
    }

    /// What the other is to the asker. A request says more than that they meet in a group.
    pub(super) const fn relation(&self) -> Relation {
        if self.is_own {
            Relation::Own
        } else if self.friend.is_some() && !self.is_barred() {
            Relation::Friend
        } else if self.is_contact() {
            Relation::Classmate
        } else if self.is_known() {
            Relation::Member
        } else if is_pending(self.asked.as_ref()) || is_pending(self.was_asked.as_ref()) {
            Relation::Requested
        } else {
            Relation::None
        }
    }

    /// Whether a friend request would be taken. That the other blocks the asker is judged before.
    pub(super) fn can_add(&self, now_ms: u64) -> CanAdd {
        let declined_lately = self.asked.as_ref().is_some_and(|(_, row)| {
            row.state == StateRow::Declined
                && now_ms.saturating_sub(row.answered_ms) < DECLINED_SILENCE_MS
        });
        if self.is_own {
            CanAdd::Own
        } else if self.we_block {
            CanAdd::Blocked
        } else if self.friend.is_some() {
            CanAdd::AlreadyFriends
        } else if is_pending(self.asked.as_ref()) {
            CanAdd::AlreadyRequested
        } else if is_pending(self.was_asked.as_ref()) {
            CanAdd::TheyRequested
        } else if declined_lately {
            CanAdd::DeclinedLately
        } else {
            CanAdd::Yes
        }
    }
}

const fn is_pending(request: Option<&(RequestId, RequestRow)>) -> bool {
    matches!(request, Some((_, row)) if matches!(row.state, StateRow::Pending))
}

/// Somebody with whom the asker may have to do.
pub(super) struct Found {
    pub(super) account: AccountId,
    pub(super) row: AccountRow,
    pub(super) standing: Standing,
}

impl Found {
    fn person(self, now_ms: u64) -> Person {
        Person {
            account: self.account,
            relation: self.standing.relation(),
            can_add: self.standing.can_add(now_ms) == CanAdd::Yes,
            login: self.row.login,
            name: self.row.name,
        }
    }
}

impl Service {
    pub(super) fn find(&self, own: SignedIn, login: &Login, cx: &mut Context<'_>) -> Answer {
        self.count_search(own, cx.now_ms)?;
        let found = self.by_login(own.account, login, cx.tx)?;
        Ok(Outcome::of(Reply::Person(found.person(cx.now_ms))))
    }

    pub(super) fn whois(&self, own: SignedIn, account: AccountId, cx: &mut Context<'_>) -> Answer {
        let row = cx.tx.account(account)?;
        let standing = Standing::of(cx.tx, own.account, account)?;
        // Whom one blocked one once knew by login: another computer of the account has to name them.
        let is_blocked = standing.we_block && !standing.they_block;
        let is_known = standing.is_own || standing.is_known() || is_blocked;
        let row = row.filter(|_| is_known).ok_or(Refusal::NotFound)?;
        let found = Found {
            account,
            row,
            standing,
        };
        Ok(Outcome::of(Reply::Person(found.person(cx.now_ms))))
    }

    pub(super) fn can_add(&self, own: SignedIn, login: &Login, cx: &mut Context<'_>) -> Answer {
        self.count_search(own, cx.now_ms)?;
        let found = self.by_login(own.account, login, cx.tx)?;
        let can_add = found.standing.can_add(cx.now_ms);
        Ok(Outcome::of(Reply::CanAdd(can_add)))
    }

    /// Who has this login, unless it is nobody, or somebody who blocks the asker.
    pub(super) fn by_login(&self, own: AccountId, login: &Login, tx: &Tx) -> Result<Found, Stop> {
        let account = tx.account_of(login)?.unwrap_or(NOBODY);
        let row = tx.account(account)?;
        let standing = Standing::of(tx, own, account)?;
        let is_shown = !standing.they_block && (self.policy.search || standing.friend.is_some());
        let row = row.filter(|_| is_shown).ok_or(Refusal::NotFound)?;
        Ok(Found {
            account,
            row,
            standing,
        })
    }

    pub(super) fn count_search(&self, own: SignedIn, now_ms: u64) -> Result<(), Refusal> {
        if self.is_lab() {
            return Ok(());
        }
        let search = |limit, rate| Charge {
            limit,
            subject: Subject::Account(own.account.0),
            rate,
        };
        let charges = [
            search(
                Limit::SearchesAMinute,
                Rate::per(SEARCHES_A_MINUTE_MAX, MINUTE_MS),
            ),
            search(Limit::SearchesADay, Rate::per(SEARCHES_A_DAY_MAX, DAY_MS)),
        ];
        self.charge(&charges, now_ms)
    }
}
