//! The class in which everybody is: made at the start where it is switched on and missing, and entered by every new account.
//!
//! It has no owner; teachers are its admins and admins of the rendezvous its chiefs, as in every class. Who leaves it or is
//! removed stays out. Beyond [`SHEET_MEMBERS_MAX`] members nobody comes in any more: that is logged, and stands in the audit
//! log for each account.

use super::{Edit, member, role_in};
use crate::service::audit::AuditAct;
use crate::service::{Addressed, Context, Service};
use crate::store::accounts::AccountRow;
use crate::store::groups::GroupRow;
use crate::store::{StoreError, Tx};
use hutong_common::group::{ClassPolicy, Floor, GroupKind};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{ACCOUNT_PAGE_MAX, GROUPS_JOINED_MAX, SHEET_MEMBERS_MAX};

/// In the place of who made it: nobody has this number.
const NOBODY: AccountId = AccountId(0);

impl Service {
    /// Makes the class where it is switched on and missing, with all who have an account. Before anybody is served.
    ///
    /// # Errors
    /// When the store fails.
    pub fn make_everybody(&self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let Some(name) = self.policy.everybody.clone() else {
            return Ok(());
        };
        if cx.tx.everybody()?.is_some() {
            return Ok(());
        }
        let mut edit = Edit::of(GroupRow {
            kind: GroupKind::Class,
            name,
            notice: String::new(),
            picture: None,
            floor: Floor::Free,
            policy: Some(ClassPolicy::default()),
            epoch: 0,
            made: (NOBODY, [0; 16]),
            made_ms: cx.now_ms,
        });
        let mut after = NOBODY;
        loop {
            let page = cx.tx.accounts_after(after, ACCOUNT_PAGE_MAX)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (account, row) in page {
                let has_room = edit.members.len() < SHEET_MEMBERS_MAX
                    && cx.tx.groups_of(account)?.len() < GROUPS_JOINED_MAX;
                if has_room {
                    let role = role_in(GroupKind::Class, account, cx.tx)?;
                    edit.members.push((account, member(role, cx.now_ms)));
                } else {
                    self.note_left_out((account, &row), cx)?;
                }
            }
        }
        let group = cx.tx.insert_group(&edit.row)?;
        cx.tx.set_everybody(group)?;
        // Nobody is connected yet who could be told.
        self.apply(group, edit, None, cx).map(drop)
    }

    /// A new account comes into the class, where there is one and it has room.
    pub(in crate::service) fn enter_everybody(
        &self,
        (account, row): (AccountId, &AccountRow),
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let Some(group) = self.everybody(cx.tx)? else {
            return Ok(Vec::new());
        };
        let Some(class) = cx.tx.group(group)? else {
            return Ok(Vec::new());
        };
        if cx.tx.group_members(group)?.len() >= SHEET_MEMBERS_MAX {
            self.note_left_out((account, row), cx)?;
            return Ok(Vec::new());
        }
        let role = role_in(class.kind, account, cx.tx)?;
        let mut edit = Edit::of(class);
        edit.members.push((account, member(role, cx.now_ms)));
        Ok(self.apply(group, edit, Some(account), cx)?.1)
    }

    /// Whether this is the class in which everybody is, and that is switched on.
    pub(super) fn is_everybody(&self, group: GroupId, tx: &Tx) -> Result<bool, StoreError> {
        Ok(self.everybody(tx)? == Some(group))
    }

    fn everybody(&self, tx: &Tx) -> Result<Option<GroupId>, StoreError> {
        match &self.policy.everybody {
            Some(_) => tx.everybody(),
            None => Ok(None),
        }
    }

    fn note_left_out(
        &self,
        (account, row): (AccountId, &AccountRow),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        tracing::warn!(%account, "the class of everybody is full");
        let detail = SHEET_MEMBERS_MAX.to_string();
        let noted = (AuditAct::EverybodyFull, detail.as_str());
        self.note_about((account, row), noted, cx)
    }
}
