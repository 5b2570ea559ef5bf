//! Invitations and applications: made once, answered once, and quiet for a day after a refusal.

use super::{Edit, FULL, check_joined, check_size, inside, member, role_in};
use crate::service::people::Standing as People;
use crate::service::{Addressed, Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::sessions::Recipient;
use crate::store::expiries::ExpiryRow;
use crate::store::friends::StateRow;
use crate::store::groups::GroupRequestRow;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Text;
use hutong_common::group::GroupRole;
use hutong_common::id::{AccountId, GroupId, RequestId};
use hutong_common::limits::{
    DECLINED_SILENCE_MS, GROUP_REQUEST_KEPT_MS, GROUP_REQUESTS_OPEN_MAX, REQUESTS_LISTED_MAX,
    REQUESTS_OPEN_MAX,
};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::friends::Answer as FriendAnswer;
use hutong_common::rpc::groups::{
    Apply, GroupRequest, GroupRequestKind, GroupRequests, Invite, Standing,
};
use std::collections::BTreeMap;

pub(super) const fn hint(account: AccountId) -> Addressed {
    let push = Push::GroupRequestsChanged(Hint {});
    (Recipient::Account(account), push)
}

impl Service {
    pub(in crate::service) fn invite_to_group(
        own: SignedIn,
        invite: Invite,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (_, me) = inside(own.account, invite.group, cx.tx)?;
        if me.role < GroupRole::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        if !People::of(cx.tx, own.account, invite.account)?.is_contact() {
            return Err(Refusal::NotFound.into());
        }
        if cx.tx.group_member(invite.group, invite.account)?.is_some() {
            return Err(Refusal::AlreadyDone.into());
        }
        let greeting = invite.greeting.into_string();
        let whom = (invite.group, invite.account);
        Self::ask(whom, Some(own.account), &greeting, cx)
    }

    pub(in crate::service) fn apply_to_group(
        own: SignedIn,
        apply: Apply,
        cx: &mut Context<'_>,
    ) -> Answer {
        cx.tx.group(apply.group)?.ok_or(Refusal::NotFound)?;
        if cx.tx.group_member(apply.group, own.account)?.is_some() {
            return Err(Refusal::AlreadyDone.into());
        }
        let open = cx.tx.group_requests_of(own.account)?;
        let open = open
            .iter()
            .filter(|(_, row)| row.by.is_none() && row.state == StateRow::Pending);
        if open.count() >= REQUESTS_OPEN_MAX {
            return Err(FULL.into());
        }
        let greeting = apply.greeting.into_string();
        Self::ask((apply.group, own.account), None, &greeting, cx)
    }

    /// Makes a request, unless there is one that says the same, or one of the same kind was declined lately.
    fn ask(
        (group, account): (GroupId, AccountId),
        by: Option<AccountId>,
        greeting: &str,
        cx: &mut Context<'_>,
    ) -> Answer {
        if let Some((request, row)) = cx.tx.group_request_between(group, account)? {
            let is_same_kind = row.by.is_some() == by.is_some();
            let silent_ms = cx.now_ms.saturating_sub(row.answered_ms);
            match row.state {
                // Asked again, perhaps after a crash: the same request.
                StateRow::Pending if is_same_kind => {
                    return Ok(Outcome::of(Reply::GroupRequested(request)));
                }
                // The other side asks already: that is to be answered.
                StateRow::Pending => return Err(Refusal::AlreadyDone.into()),
                StateRow::Declined if is_same_kind && silent_ms < DECLINED_SILENCE_MS => {
                    return Err(Refusal::Declined.into());
                }
                StateRow::Declined | StateRow::Accepted => {}
            }
        }
        let open = cx.tx.group_requests_in(group)?;
        let open = open
            .iter()
            .filter(|(_, row)| row.state == StateRow::Pending);
        if open.count() >= GROUP_REQUESTS_OPEN_MAX.min(REQUESTS_LISTED_MAX) {
            return Err(FULL.into());
        }

        let (request, pushes) = Self::ask_in((group, account), by, greeting, cx)?;
        Ok(Outcome::of(Reply::GroupRequested(request)).pushing(pushes))
    }

    /// Adds the request; whoever is to answer it is told.
    pub(super) fn ask_in(
        (group, account): (GroupId, AccountId),
        by: Option<AccountId>,
        greeting: &str,
        cx: &mut Context<'_>,
    ) -> Result<(RequestId, Vec<Addressed>), StoreError> {
        let row = GroupRequestRow {
            group,
            account,
            by,
            greeting: greeting.to_owned(),
            at_ms: cx.now_ms,
            state: StateRow::Pending,
            answered_ms: 0,
        };
        let request = cx.tx.insert_group_request(&row)?;
        Ok((request, concerned(&row, cx.tx)?))
    }

    pub(in crate::service) fn answer_group(
        &self,
        own: SignedIn,
        answer: FriendAnswer,
        cx: &mut Context<'_>,
    ) -> Answer {
        let row = cx.tx.group_request(answer.request)?;
        let row = row.ok_or(Refusal::NotFound)?;
        if !is_to_answer(own.account, &row, cx.tx)? {
            return Err(Refusal::NotFound.into());
        }
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
        let group = promised(cx.tx.group(row.group)?, "groups")?;
        let members = cx.tx.group_members(row.group)?;
        let is_in = members.iter().any(|(account, _)| *account == row.account);
        if answer.accept && !is_in {
            check_size(group.kind, members.len() + 1)?;
            check_joined(row.account, cx.tx)?;
        }

        let mut pushes = concerned(&row, cx.tx)?;
        let (account, number) = (row.account, row.group);
        answered((answer.request, row), state, cx)?;
        if answer.accept && !is_in {
            let role = role_in(group.kind, account, cx.tx)?;
            let mut edit = Edit::of(group);
            edit.members.push((account, member(role, cx.now_ms)));
            pushes.extend(self.apply(number, edit, Some(own.account), cx)?.1);
        }
        Ok(Outcome::done().pushing(pushes))
    }

    pub(in crate::service) fn group_requests(own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let mut rows: BTreeMap<RequestId, GroupRequestRow> = BTreeMap::new();
        rows.extend(cx.tx.group_requests_of(own.account)?);
        for (group, _) in cx.tx.groups_of(own.account)? {
            let me = cx.tx.group_member(group, own.account)?;
            if me.is_some_and(|me| me.role >= GroupRole::Admin) {
                rows.extend(cx.tx.group_requests_in(group)?);
            }
        }
        let mut listed = Vec::new();
        for (request, row) in rows.into_iter().rev().take(REQUESTS_LISTED_MAX) {
            listed.push(listed_as(own.account, (request, row), cx.tx)?);
        }
        let listed = GroupRequests::truncated(listed);
        Ok(Outcome::of(Reply::GroupRequests(listed)))
    }

    /// What somebody who is no member is to a group.
    pub(super) fn open_request(
        group: GroupId,
        account: AccountId,
        tx: &Tx,
    ) -> Result<Standing, StoreError> {
        Ok(match tx.group_request_between(group, account)? {
            Some((request, row)) if row.state == StateRow::Pending => match row.by {
                Some(_) => Standing::Invited(request),
                None => Standing::Applied(request),
            },
            Some(_) | None => Standing::None,
        })
    }
}

/// A request that waits is answered by what has happened: whoever it is about came in. Those to whom it shows are told.
pub(super) fn settle(
    (group, account): (GroupId, AccountId),
    cx: &mut Context<'_>,
) -> Result<Vec<Addressed>, StoreError> {
    match cx.tx.group_request_between(group, account)? {
        Some((request, row)) if row.state == StateRow::Pending => {
            let pushes = concerned(&row, cx.tx)?;
            answered((request, row), StateRow::Accepted, cx)?;
            Ok(pushes)
        }
        Some(_) | None => Ok(Vec::new()),
    }
}

/// A request is answered: it is listed for a while yet.
fn answered(
    (request, row): (RequestId, GroupRequestRow),
    state: StateRow,
    cx: &mut Context<'_>,
) -> Result<(), StoreError> {
    let answered = GroupRequestRow {
        state,
        answered_ms: cx.now_ms,
        ..row
    };
    cx.tx.set_group_request(request, &answered)?;
    let ends_ms = cx.now_ms.saturating_add(GROUP_REQUEST_KEPT_MS);
    cx.tx
        .set_expiry(ends_ms, &ExpiryRow::GroupRequest { request })
}

/// Whether somebody is to answer a request: an invitation to himself, an application to a group of his.
fn is_to_answer(own: AccountId, row: &GroupRequestRow, tx: &Tx) -> Result<bool, Stop> {
    if row.by.is_some() {
        return Ok(row.account == own);
    }
    let me = tx.group_member(row.group, own)?;
    Ok(me.is_some_and(|me| me.role >= GroupRole::Admin))
}

/// Those to whom a request shows: who is to come in, and the admins.
fn concerned(row: &GroupRequestRow, tx: &Tx) -> Result<Vec<Addressed>, StoreError> {
    let members = tx.group_members(row.group)?;
    let admins = members
        .into_iter()
        .filter(|(_, member)| member.role >= GroupRole::Admin)
        .map(|(account, _)| account);
    Ok(admins.chain([row.account]).map(hint).collect())
}

fn listed_as(
    own: AccountId,
    (request, row): (RequestId, GroupRequestRow),
    tx: &Tx,
) -> Result<GroupRequest, StoreError> {
    let incoming = match row.by {
        Some(_) => row.account == own,
        None => row.account != own,
    };
    let other = match row.by {
        Some(by) if incoming => by,
        Some(_) | None => row.account,
    };
    let account = tx.account(other)?;
    // Who has invited may be gone since.
    let account = match account {
        Some(account) => account,
        None => promised(tx.account(row.account)?, "accounts")?,
    };
    let group = promised(tx.group(row.group)?, "groups")?;
    Ok(GroupRequest {
        request,
        kind: match row.by {
            Some(_) => GroupRequestKind::Invitation,
            None => GroupRequestKind::Application,
        },
        incoming,
        group: row.group,
        group_name: group.name,
        account: other,
        login: account.login,
        name: account.name,
        greeting: Text::new(row.greeting).unwrap_or_default(),
        at_ms: row.at_ms,
        state: row.state.into(),
    })
}
