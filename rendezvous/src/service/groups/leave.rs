//! Going out of a group, and its end.

use super::{Edit, changed, inside, is_chief, next_epoch, requests};
use crate::service::{Addressed, Answer, Context, Outcome, Service, SignedIn, promised};
use crate::store::StoreError;
use crate::store::friends::StateRow;
use crate::store::groups::{GroupRow, MemberRow};
use hutong_common::group::GroupRole;
use hutong_common::id::{AccountId, GroupId};
use hutong_common::refusal::Refusal;

impl Service {
    pub(in crate::service) fn leave_group(
        &self,
        own: SignedIn,
        group: GroupId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (row, me) = inside(own.account, group, cx.tx)?;
        if me.role == GroupRole::Owner {
            return Err(Refusal::NotAllowed.into());
        }
        let edit = Edit {
            gone: vec![own.account],
            ..Edit::of(row)
        };
        let (_, pushes) = self.apply(group, edit, Some(own.account), cx)?;
        Ok(Outcome::done().pushing(pushes))
    }

    pub(in crate::service) fn dissolve_group(
        &self,
        own: SignedIn,
        group: GroupId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (row, me) = inside(own.account, group, cx.tx)?;
        if !is_chief(own.account, (&row, &me), cx.tx)? {
            return Err(Refusal::NotAllowed.into());
        }
        if self.is_everybody(group, cx.tx)? {
            // The next start would make it again: it is for the settings to end it.
            return Err(Refusal::NotAllowed.into());
        }
        let pushes = self.dissolve(group, &row, cx)?;
        Ok(Outcome::done().pushing(pushes))
    }

    fn dissolve(
        &self,
        group: GroupId,
        row: &GroupRow,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let epoch = next_epoch(row, cx.now_ms);
        let members = cx.tx.group_members(group)?;
        let asked = cx.tx.group_requests_in(group)?;
        cx.tx.remove_group(group)?;
        self.hands_leave(group, None);
        let mut pushes: Vec<Addressed> = members
            .into_iter()
            .map(|(account, _)| changed(account, group, epoch))
            .collect();
        pushes.extend(
            asked
                .into_iter()
                .filter(|(_, row)| row.state == StateRow::Pending)
                .map(|(_, row)| requests::hint(row.account)),
        );
        Ok(pushes)
    }

    /// An account ends: its groups go on with the one who stands next, or end with it.
    pub(in crate::service) fn leave_all_groups(
        &self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut pushes = Vec::new();
        for (request, _) in cx.tx.group_requests_of(account)? {
            cx.tx.remove_group_request(request)?;
        }
        for (group, _) in cx.tx.groups_of(account)? {
            let row = promised(cx.tx.group(group)?, "groups")?;
            let (own, mut others): (Vec<_>, Vec<_>) = cx
                .tx
                .group_members(group)?
                .into_iter()
                .partition(|(member, _)| *member == account);
            let owned = own
                .iter()
                .any(|(_, member)| member.role == GroupRole::Owner);
            others.sort_by_key(|(_, member)| (std::cmp::Reverse(member.role), member.joined_ms));
            let heir = others.first().copied();
            if heir.is_none() && !self.is_everybody(group, cx.tx)? {
                pushes.extend(self.dissolve(group, &row, cx)?);
                continue;
            }
            let mut edit = Edit {
                gone: vec![account],
                ..Edit::of(row)
            };
            if let Some((heir, member)) = heir.filter(|_| owned) {
                let role = GroupRole::Owner;
                edit.members.push((heir, MemberRow { role, ..member }));
            }
            pushes.extend(self.apply(group, edit, None, cx)?.1);
        }
        Ok(pushes)
    }
}
