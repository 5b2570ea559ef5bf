//! Becoming friends and ceasing to be: requests, answers, removal, blocks.

use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::{Addressed, Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::sessions::Recipient;
use crate::store::friends::{RequestRow, StateRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Text;
use hutong_common::id::{AccountId, RequestId};
use hutong_common::limits::{
    CONTACTS_MAX, FRIEND_REQUESTS_AN_HOUR_MAX, FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX, HOUR_MS,
    REQUESTS_OPEN_MAX, YOUNG_ACCOUNT_MS,
};
use hutong_common::push::{ContactChanged, Hint, Presence, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::friends::{
    Answer as FriendAnswer, CanAdd, FriendRequest, FriendRequests, RequestFriend, RequestState,
};

impl Service {
    pub(super) fn request_friend(
        &self,
        own: SignedIn,
        ask: RequestFriend,
        cx: &mut Context<'_>,
    ) -> Answer {
        let found = self.by_login(own.account, &ask.login, cx.tx)?;
        if found.standing.we_block {
            return Err(Refusal::NotAllowed.into());
        }
        match (found.standing.can_add(cx.now_ms), &found.standing.asked) {
            (CanAdd::Yes, _) => {}
            // Asked again, perhaps after a crash: the same request.
            (CanAdd::AlreadyRequested, Some((request, _))) => {
                return Ok(Outcome::of(Reply::FriendRequested(*request)));
            }
            (CanAdd::Own, _) => return Err(Refusal::NotAllowed.into()),
            (CanAdd::DeclinedLately, _) => return Err(Refusal::Declined.into()),
            (CanAdd::AlreadyFriends | CanAdd::AlreadyRequested | CanAdd::TheyRequested, _) => {
                return Err(Refusal::AlreadyDone.into());
            }
        }
        self.count_request(own.account, cx)?;

        let row = RequestRow {
            from: own.account,
            to: found.account,
            greeting: ask.greeting.into_string(),
            at_ms: cx.now_ms,
            state: StateRow::Pending,
            answered_ms: 0,
        };
        let request = cx.tx.insert_request(&row)?;
        let pushes = requests_changed([own.account, found.account]);
        Ok(Outcome::of(Reply::FriendRequested(request)).pushing(pushes))
    }

    fn count_request(&self, own: AccountId, cx: &Context<'_>) -> Result<(), Stop> {
        let open = cx.tx.requests_of(own)?;
        let open = open
            .iter()
            .filter(|(_, row)| row.from == own && row.state == StateRow::Pending);
        if open.count() >= REQUESTS_OPEN_MAX {
            return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
        }
        if self.is_lab() {
            return Ok(());
        }
        let account = promised(cx.tx.account(own)?, "accounts")?;
        let subject = Subject::Account(own.0);
        let mut charges = vec![Charge {
            limit: Limit::FriendRequests,
            subject,
            rate: Rate::per(FRIEND_REQUESTS_AN_HOUR_MAX, HOUR_MS),
        }];
        if cx.now_ms.saturating_sub(account.created_ms) < YOUNG_ACCOUNT_MS {
            charges.push(Charge {
                limit: Limit::FriendRequestsYoung,
                subject,
                // The whole youth of an account is one window, and it ends with it.
                rate: Rate::burst(FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX, YOUNG_ACCOUNT_MS),
            });
        }
        Ok(self.charge(&charges, cx.now_ms)?)
    }

    pub(super) fn friend_requests(&self, own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let mut listed = Vec::new();
        for (request, row) in cx.tx.requests_of(own.account)? {
            let incoming = row.to == own.account;
            let other = if incoming { row.from } else { row.to };
            let is_hidden =
                cx.tx.blocks(own.account, other)? || cx.tx.blocks(other, own.account)?;
            if is_hidden {
                continue;
            }
            let account = promised(cx.tx.account(other)?, "accounts")?;
            listed.push(FriendRequest {
                request,
                incoming,
                account: other,
                login: account.login,
                name: account.name,
                greeting: Text::new(row.greeting).unwrap_or_default(),
                at_ms: row.at_ms,
                state: match row.state {
                    StateRow::Pending => RequestState::Pending,
                    StateRow::Accepted => RequestState::Accepted,
                    StateRow::Declined => RequestState::Declined,
                },
            });
        }
        let listed = FriendRequests::truncated(listed);
        Ok(Outcome::of(Reply::FriendRequests(listed)))
    }

    pub(super) fn answer_friend(
        &self,
        own: SignedIn,
        answer: FriendAnswer,
        cx: &mut Context<'_>,
    ) -> Answer {
        let row = self.request_to(own.account, answer.request, cx.tx)?;
        let state = if answer.accept {
            StateRow::Accepted
        } else {
            StateRow::Declined
        };
        if row.state != StateRow::Pending {
            // The same answer again, perhaps after a crash, is no fault.
            return if row.state == state {
                Ok(Outcome::done())
            } else {
                Err(Refusal::AlreadyDone.into())
            };
        }
        if answer.accept {
            for account in [own.account, row.from] {
                if cx.tx.friends(account)?.len() >= CONTACTS_MAX {
                    return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
                }
            }
        }

        let from = row.from;
        let answered = RequestRow {
            state,
            answered_ms: cx.now_ms,
            ..row
        };
        cx.tx.set_request(answer.request, &answered)?;
        let mut pushes = requests_changed([own.account, from]);
        if answer.accept {
            cx.tx.insert_friends(own.account, from, cx.now_ms)?;
            pushes.extend(both_changed(own.account, from));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    /// A request that was made to this account by somebody with whom it can still have to do.
    fn request_to(&self, own: AccountId, request: RequestId, tx: &Tx) -> Result<RequestRow, Stop> {
        let row = tx
            .request(request)?
            .filter(|row| row.to == own)
            .ok_or(Refusal::NotFound)?;
        if tx.blocks(row.from, own)? || tx.blocks(own, row.from)? {
            return Err(Refusal::NotFound.into());
        }
        Ok(row)
    }

    pub(super) fn remove_friend(
        &self,
        own: SignedIn,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if standing.friend.is_none() {
            return Err(Refusal::NotFound.into());
        }

        cx.tx.remove_friends(own.account, account)?;
        let pushes = if standing.is_contact() {
            both_changed(own.account, account)
        } else {
            Vec::new()
        };
        Ok(Outcome::done().pushing(pushes))
    }

    /// Any number can be blocked, so that nothing is learned of who exists.
    pub(super) fn block(&self, own: SignedIn, account: AccountId, cx: &mut Context<'_>) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if account == own.account {
            return Err(Refusal::NotAllowed.into());
        }
        if standing.we_block {
            return Ok(Outcome::done());
        }
        if cx.tx.blocked_by(own.account)?.len() >= CONTACTS_MAX {
            return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
        }

        cx.tx.insert_block(own.account, account, cx.now_ms)?;
        let mut pushes = requests_changed([own.account, account]);
        if standing.is_contact() {
            pushes.extend(both_changed(own.account, account));
            pushes.push(gone_for(account, own.account));
            pushes.push(gone_for(own.account, account));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    pub(super) fn unblock(
        &self,
        own: SignedIn,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if !standing.we_block {
            return Err(Refusal::NotFound.into());
        }

        cx.tx.remove_block(own.account, account)?;
        let mut pushes = requests_changed([own.account, account]);
        if standing.friend.is_some() && !standing.they_block {
            pushes.extend(both_changed(own.account, account));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    /// Tells the contacts of an account that it is different.
    pub(super) fn contact_changed(
        &self,
        account: AccountId,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, StoreError> {
        let contacts = contacts_of(account, tx)?;
        let push = Push::ContactChanged(ContactChanged { account });
        Ok(contacts
            .into_iter()
            .map(|contact| (Recipient::Account(contact), push.clone()))
            .collect())
    }
}

/// Friends of whom neither blocks the other.
pub(super) fn contacts_of(account: AccountId, tx: &Tx) -> Result<Vec<AccountId>, StoreError> {
    let mut contacts = Vec::new();
    for (other, _) in tx.friends(account)? {
        if !tx.blocks(account, other)? && !tx.blocks(other, account)? {
            contacts.push(other);
        }
    }
    Ok(contacts)
}

fn requests_changed(accounts: [AccountId; 2]) -> Vec<Addressed> {
    let push = |account| {
        (
            Recipient::Account(account),
            Push::FriendRequestsChanged(Hint {}),
        )
    };
    accounts.map(push).into()
}

fn both_changed(one: AccountId, other: AccountId) -> Vec<Addressed> {
    let push = |to, account| {
        (
            Recipient::Account(to),
            Push::ContactChanged(ContactChanged { account }),
        )
    };
    vec![push(one, other), push(other, one)]
}

fn gone_for(to: AccountId, account: AccountId) -> Addressed {
    let online = false;
    (
        Recipient::Account(to),
        Push::Presence(Presence { account, online }),
    )
}
