//! Changes of a group: who may make which, and what comes of it.

use super::{Edit, check_addable, check_size, inside, is_chief, member, newest, role_in};
use crate::service::{Addressed, Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::store::groups::{GroupRow, MemberRow};
use crate::store::{StoreError, Tx};
use hutong_common::group::{GroupKind, GroupRole};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{GROUP_ADMINS_MAX, MUTE_MS_MAX};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::groups::{Change, ChangeGroup};
use hutong_common::signed::Role;

/// A member who wants to change a group, and the group.
struct Place {
    own: AccountId,
    group: GroupId,
    row: GroupRow,
    me: MemberRow,
}

impl Service {
    pub(in crate::service) fn change_group(
        &self,
        own: SignedIn,
        ChangeGroup { group, change }: ChangeGroup,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (row, me) = inside(own.account, group, cx.tx)?;
        let place = Place {
            own: own.account,
            group,
            row,
            me,
        };
        let before = place.row.clone();
        let edit = place.edit(change, cx)?;
        let is_same = edit.row == before && edit.members.is_empty() && edit.gone.is_empty();
        if is_same && edit.picture.is_none() {
            // Asked again, perhaps after a crash: it is so already.
            return Ok(Outcome::of(newest(group, &before, cx.tx)?));
        }
        let (sheet, pushes) = self.apply(group, edit, Some(own.account), cx)?;
        Ok(Outcome::of(Reply::Sheet(Box::new(sheet))).pushing(pushes))
    }

    /// Whoever becomes a teacher or admin of the rendezvous is an admin of the classes he is in, and whoever is none any
    /// more is one of their members; an owner stays it.
    pub(in crate::service) fn role_reaches_classes(
        &self,
        account: AccountId,
        role: Role,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let (before, after) = match role {
            Role::Teacher | Role::Admin => (GroupRole::Member, GroupRole::Admin),
            Role::Member => (GroupRole::Admin, GroupRole::Member),
        };
        let mut pushes = Vec::new();
        for (group, kind) in cx.tx.groups_of(account)? {
            let member = cx.tx.group_member(group, account)?;
            let Some(member) = member.filter(|member| member.role == before) else {
                continue;
            };
            if kind == GroupKind::Class {
                let mut edit = Edit::of(promised(cx.tx.group(group)?, "groups")?);
                let role = after;
                edit.members.push((account, MemberRow { role, ..member }));
                pushes.extend(self.apply(group, edit, None, cx)?.1);
            }
        }
        Ok(pushes)
    }
}

impl Place {
    fn edit(self, change: Change, cx: &Context<'_>) -> Result<Edit, Stop> {
        if self.me.role < GroupRole::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        match change {
            Change::Rename(name) => Ok(Edit::of(GroupRow { name, ..self.row })),
            Change::Notice(notice) => {
                let notice = notice.into_string();
                Ok(Edit::of(GroupRow { notice, ..self.row }))
            }
            Change::Floor(floor) => Ok(Edit::of(GroupRow { floor, ..self.row })),
            Change::Policy(policy) => {
                if self.row.kind != GroupKind::Class {
                    return Err(Refusal::Malformed.into());
                }
                let policy = Some(policy);
                Ok(Edit::of(GroupRow { policy, ..self.row }))
            }
            Change::Picture(bytes) => {
                let bytes = bytes.into_vec();
                let hash = (!bytes.is_empty()).then(|| *blake3::hash(&bytes).as_bytes());
                let picture = (hash != self.row.picture).then_some(bytes);
                Ok(Edit {
                    picture,
                    ..Edit::of(self.row)
                })
            }
            Change::Role { account, role } => self.give_role(account, role, cx.tx),
            Change::HandOver(account) => self.hand_over(account, cx.tx),
            Change::Mute { account, for_ms } => self.mute(account, for_ms, cx),
            Change::Add(accounts) => self.add(&accounts, cx),
            Change::Remove(account) => match self.below(account, cx.tx) {
                Ok(_) => Ok(Edit {
                    gone: vec![account],
                    ..Edit::of(self.row)
                }),
                // Out already.
                Err(Stop::Refused(Refusal::NotFound)) => Ok(Edit::of(self.row)),
                Err(stop) => Err(stop),
            },
        }
    }

    /// A member who stands below the one who asks.
    fn below(&self, account: AccountId, tx: &Tx) -> Result<MemberRow, Stop> {
        let member = tx.group_member(self.group, account)?;
        let member = member.ok_or(Refusal::NotFound)?;
        let is_below = member.role < self.me.role
            || account != self.own
                && member.role < GroupRole::Owner
                && is_chief(self.own, (&self.row, &self.me), tx)?;
        if is_below {
            Ok(member)
        } else {
            Err(Refusal::NotAllowed.into())
        }
    }

    fn of_one(self, account: AccountId, before: MemberRow, after: MemberRow) -> Edit {
        let changed = (before != after).then_some((account, after));
        Edit {
            members: changed.into_iter().collect(),
            ..Edit::of(self.row)
        }
    }

    fn give_role(self, account: AccountId, role: GroupRole, tx: &Tx) -> Result<Edit, Stop> {
        if role == GroupRole::Owner {
            return Err(Refusal::Malformed.into());
        }
        if !is_chief(self.own, (&self.row, &self.me), tx)? {
            return Err(Refusal::NotAllowed.into());
        }
        let member = self.below(account, tx)?;
        let admins = tx
            .group_members(self.group)?
            .into_iter()
            .filter(|(_, member)| member.role == GroupRole::Admin)
            .count();
        let is_new = role == GroupRole::Admin && member.role != role;
        if is_new && self.row.kind == GroupKind::Group && admins >= GROUP_ADMINS_MAX {
            return Err(super::FULL.into());
        }
        Ok(self.of_one(account, member, MemberRow { role, ..member }))
    }

    fn hand_over(self, account: AccountId, tx: &Tx) -> Result<Edit, Stop> {
        if self.me.role != GroupRole::Owner {
            return Err(Refusal::NotAllowed.into());
        }
        if account == self.own {
            return Ok(Edit::of(self.row));
        }
        let heir = tx.group_member(self.group, account)?;
        let heir = heir.ok_or(Refusal::NotFound)?;
        let as_is = |role, row: MemberRow| MemberRow { role, ..row };
        Ok(Edit {
            members: vec![
                (account, as_is(GroupRole::Owner, heir)),
                (self.own, as_is(GroupRole::Admin, self.me)),
            ],
            ..Edit::of(self.row)
        })
    }

    fn mute(self, account: AccountId, for_ms: u64, cx: &Context<'_>) -> Result<Edit, Stop> {
        let member = self.below(account, cx.tx)?;
        let muted_until_ms = match for_ms.min(MUTE_MS_MAX) {
            0 => 0,
            for_ms => cx.now_ms.saturating_add(for_ms),
        };
        let muted = MemberRow {
            muted_until_ms,
            ..member
        };
        Ok(self.of_one(account, member, muted))
    }

    fn add(self, accounts: &[AccountId], cx: &Context<'_>) -> Result<Edit, Stop> {
        if super::account_role(self.own, cx.tx)? == Role::Member {
            return Err(Refusal::NotAllowed.into());
        }
        let mut members = Vec::new();
        for account in accounts {
            if cx.tx.group_member(self.group, *account)?.is_none() {
                check_addable(self.own, *account, cx.tx)?;
                let role = role_in(self.row.kind, *account, cx.tx)?;
                members.push((*account, member(role, cx.now_ms)));
            }
        }
        let all = cx.tx.group_members(self.group)?.len() + members.len();
        check_size(self.row.kind, all)?;
        Ok(Edit {
            members,
            ..Edit::of(self.row)
        })
    }
}
