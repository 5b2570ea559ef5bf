//! Who is heard: what the newest sheet of a group says of a sender and his recipients, and whether two members of a class
//! may talk in private.

use crate::service::promised;
use crate::store::groups::MailGroupRow;
use crate::store::{StoreError, Tx};
use hutong_common::group::{Audience, GroupKind, GroupRole, Sheet};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::refusal::Refusal;

/// A sender who is heard in a group.
pub(in crate::service) struct Voice {
    sheet: Sheet,
    audience: Audience,
}

impl Voice {
    /// What the newest sheet says of `sender` now.
    pub(in crate::service) fn of(
        sender: AccountId,
        group: GroupId,
        (tx, now_ms): (&Tx, u64),
    ) -> Result<Result<Self, Refusal>, StoreError> {
        let Some(row) = tx.group(group)? else {
            return Ok(Err(Refusal::NotFound));
        };
        let kept = promised(tx.sheet(group, row.epoch)?, "sheets")?;
        let unreadable = |_| StoreError::Row { table: "sheets" };
        let sheet: Sheet = kept.sheet.peek_unverified().map_err(unreadable)?;
        let heard = sheet.hears(sender, now_ms);
        Ok(heard.map(|audience| Self { sheet, audience }))
    }

    /// Whether that recipient hears it: of whoever blocks the other, nobody does.
    pub(in crate::service) fn reaches(
        &self,
        sender: AccountId,
        recipient: AccountId,
        tx: &Tx,
    ) -> Result<bool, StoreError> {
        let is_heard = self.sheet.is_heard_by(self.audience, recipient);
        Ok(is_heard && !tx.blocks(sender, recipient)? && !tx.blocks(recipient, sender)?)
    }

    /// What mail is stamped with.
    pub(in crate::service) const fn stamp(&self) -> MailGroupRow {
        MailGroupRow {
            group: self.sheet.group,
            epoch: self.sheet.epoch,
        }
    }
}

/// Whether every class that two people have in common lets them talk in private.
pub(in crate::service) fn may_talk(
    one: AccountId,
    other: AccountId,
    tx: &Tx,
) -> Result<bool, StoreError> {
    for (group, kind) in tx.groups_of(one)? {
        if kind != GroupKind::Class {
            continue;
        }
        let members = (tx.group_member(group, one)?, tx.group_member(group, other)?);
        let (Some(one), Some(other)) = members else {
            continue;
        };
        let has_admin = one.role.max(other.role) >= GroupRole::Admin;
        let policy = promised(tx.group(group)?, "groups")?.policy;
        if policy.is_some_and(|policy| !policy.lets_talk(has_admin)) {
            return Ok(false);
        }
    }
    Ok(true)
}
