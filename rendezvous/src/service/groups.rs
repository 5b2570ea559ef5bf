//! Groups and classes: who is in them and what they may do, signed into a sheet at every change.
//!
//! What a change may be is in [`change`], going out in [`leave`], invitations and applications in [`requests`], who is
//! heard in [`voice`], the class into which every account comes in [`everybody`]; what a teacher does in front of a class in
//! [`codes`], [`attendance`] and [`hands`]. Each request first works out an [`Edit`], which can be refused, and then applies it: rows, a new sheet, a hint to all
//! members.

pub(super) mod arrivals;
mod attendance;
mod change;
mod codes;
mod everybody;
pub(super) mod hands;
mod leave;
mod requests;
#[cfg(test)]
mod tests;
pub(super) mod voice;

use super::people::Standing as People;
use super::{Addressed, Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::sessions::Recipient;
use crate::store::groups::{GroupRow, MemberRow, SheetRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::group::{ClassPolicy, Floor, GroupKind, GroupRole, Sheet, SheetMember};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{
    GROUP_MEMBERS_MAX, GROUPS_JOINED_MAX, GROUPS_OWNED_MAX, GROUPS_OWNED_YOUNG_MAX, HOUR_MS,
    SHEET_MEMBERS_MAX, YOUNG_ACCOUNT_MS,
};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::groups::{CreateGroup, GroupCard, GroupEpoch, GroupEpochs, Standing};
use hutong_common::signed::{Role, Signed};
use std::collections::BTreeSet;

const FULL: Refusal = Refusal::QuotaFull { retry_ms: HOUR_MS };

/// What a request does to a group.
#[derive(Debug)]
struct Edit {
    row: GroupRow,
    /// Who is new or may do something else.
    members: Vec<(AccountId, MemberRow)>,
    /// Who is out.
    gone: Vec<AccountId>,
    /// Another picture; none when empty.
    picture: Option<Vec<u8>>,
}

impl Edit {
    const fn of(row: GroupRow) -> Self {
        Self {
            row,
            members: Vec::new(),
            gone: Vec::new(),
            picture: None,
        }
    }
}

impl Service {
    pub(super) fn create_group(
        &self,
        own: SignedIn,
        create: CreateGroup,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.takes_new_data()?;
        if let Some((group, row)) = made_before(own.account, create.token, cx.tx)? {
            return Ok(Outcome::of(newest(group, &row, cx.tx)?));
        }
        let role = account_role(own.account, cx.tx)?;
        let is_class = create.kind == GroupKind::Class;
        if is_class && role == Role::Member || !may_create(own.account, role, cx.tx)? {
            return Err(Refusal::NotAllowed.into());
        }
        self.check_owned(own.account, cx)?;
        let asked: Vec<AccountId> = create.members.into_vec();
        check_size(create.kind, asked.len() + 1)?;
        let row = GroupRow {
            kind: create.kind,
            name: create.name,
            notice: String::new(),
            picture: None,
            floor: Floor::Free,
            policy: is_class.then(ClassPolicy::default),
            epoch: 0,
            made: (own.account, create.token),
            made_ms: cx.now_ms,
        };
        let mut edit = Edit::of(row);
        edit.members
            .push((own.account, member(GroupRole::Owner, cx.now_ms)));
        let mut invited = Vec::new();
        for account in asked {
            if account == own.account {
                continue;
            }
            if role == Role::Member {
                if !People::of(cx.tx, own.account, account)?.is_contact() {
                    return Err(Refusal::NotFound.into());
                }
                invited.push(account);
            } else {
                check_addable(own.account, account, cx.tx)?;
                let role = role_in(create.kind, account, cx.tx)?;
                edit.members.push((account, member(role, cx.now_ms)));
            }
        }

        let group = cx.tx.insert_group(&edit.row)?;
        let (sheet, mut pushes) = self.apply(group, edit, Some(own.account), cx)?;
        for account in invited {
            let (_, told) = Self::ask_in((group, account), Some(own.account), "", cx)?;
            pushes.extend(told);
        }
        Ok(Outcome::of(Reply::Sheet(Box::new(sheet))).pushing(pushes))
    }

    fn check_owned(&self, own: AccountId, cx: &Context<'_>) -> Result<(), Stop> {
        let mut owned = 0;
        for (group, _) in cx.tx.groups_of(own)? {
            let member = cx.tx.group_member(group, own)?;
            owned += usize::from(member.is_some_and(|member| member.role == GroupRole::Owner));
        }
        let account = promised(cx.tx.account(own)?, "accounts")?;
        let is_young = cx.now_ms.saturating_sub(account.created_ms) < YOUNG_ACCOUNT_MS
            && account.role() == Role::Member
            && !self.is_lab();
        let most = if is_young {
            GROUPS_OWNED_YOUNG_MAX
        } else {
            GROUPS_OWNED_MAX
        };
        if owned >= most {
            return Err(FULL.into());
        }
        check_joined(own, cx.tx)
    }

    pub(super) fn groups(own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let mut epochs = Vec::new();
        for (group, _) in cx.tx.groups_of(own.account)? {
            let epoch = promised(cx.tx.group(group)?, "groups")?.epoch;
            epochs.push(GroupEpoch { group, epoch });
        }
        let epochs = GroupEpochs::truncated(epochs);
        Ok(Outcome::of(Reply::Groups(epochs)))
    }

    pub(super) fn sheet(own: SignedIn, group: GroupId, cx: &mut Context<'_>) -> Answer {
        let (row, _) = inside(own.account, group, cx.tx)?;
        Ok(Outcome::of(newest(group, &row, cx.tx)?))
    }

    pub(super) fn find_group(&self, own: SignedIn, group: GroupId, cx: &mut Context<'_>) -> Answer {
        self.count_search(own, cx.now_ms)?;
        let row = cx.tx.group(group)?.ok_or(Refusal::NotFound)?;
        let members = cx.tx.group_members(group)?.len();
        let is_member = cx.tx.group_member(group, own.account)?.is_some();
        let standing = if is_member {
            Standing::Member
        } else {
            Self::open_request(group, own.account, cx.tx)?
        };
        Ok(Outcome::of(Reply::GroupCard(GroupCard {
            group,
            kind: row.kind,
            name: row.name,
            members: u32::try_from(members).unwrap_or(u32::MAX),
            picture: row.picture,
            standing,
        })))
    }

    pub(super) fn group_picture(own: SignedIn, group: GroupId, cx: &mut Context<'_>) -> Answer {
        inside(own.account, group, cx.tx)?;
        let picture = cx.tx.group_picture(group)?.ok_or(Refusal::NotFound)?;
        let picture = Bytes::new(picture).map_err(|_| Refusal::TooLarge)?;
        Ok(Outcome::of(Reply::Avatar(picture)))
    }

    /// Writes an edit and signs the sheet that comes of it; members and those who are out are told.
    fn apply(
        &self,
        group: GroupId,
        edit: Edit,
        by: Option<AccountId>,
        cx: &mut Context<'_>,
    ) -> Result<(Signed, Vec<Addressed>), StoreError> {
        let is_arrival = arrivals::is_arrival(group, &edit, cx.tx)?;
        write_members(group, &edit, by, cx)?;
        let mut row = edit.row;
        if let Some(bytes) = edit.picture {
            row.picture = (!bytes.is_empty()).then(|| *blake3::hash(&bytes).as_bytes());
            cx.tx.set_group_picture(group, bytes)?;
        }
        let epoch = next_epoch(&row, cx.now_ms);
        let members = cx.tx.group_members(group)?;
        let sheet = Sheet {
            server_id: self.server_id(),
            group,
            kind: row.kind,
            epoch,
            previous: row.epoch,
            by,
            name: row.name.clone(),
            notice: Text::new(row.notice.as_str()).unwrap_or_default(),
            picture: row.picture,
            floor: row.floor,
            policy: row.policy,
            members: List::truncated(members.iter().map(|(account, member)| SheetMember {
                account: *account,
                role: member.role,
                joined_ms: member.joined_ms,
                muted_until_ms: member.muted_until_ms,
            })),
        };
        let sheet = Signed::new(&sheet, &self.key);
        row.epoch = epoch;
        cx.tx.set_group(group, &row)?;
        let kept = SheetRow {
            sheet: sheet.clone(),
        };
        cx.tx.insert_sheet(group, epoch, &kept)?;
        self.hands_leave(group, Some(&edit.gone));
        let told: BTreeSet<AccountId> =
            if self.tells_all((group, members.len()), is_arrival, cx.now_ms) {
                let all = members.into_iter().map(|(account, _)| account);
                all.chain(edit.gone).collect()
            } else {
                let newcomers = edit.members.iter().map(|(account, _)| *account);
                newcomers.chain(by).collect()
            };
        let pushes = told
            .into_iter()
            .map(|account| changed(account, group, epoch));
        Ok((sheet, pushes.collect()))
    }
}

/// Writes who is in and who is out. Whom somebody else removed does not come back by the group's code.
fn write_members(
    group: GroupId,
    edit: &Edit,
    by: Option<AccountId>,
    cx: &mut Context<'_>,
) -> Result<(), StoreError> {
    for (account, member) in &edit.members {
        cx.tx
            .set_group_member((group, edit.row.kind), *account, member)?;
    }
    for account in &edit.gone {
        cx.tx.remove_group_member(group, *account)?;
        if by.is_some_and(|by| by != *account) {
            cx.tx.keep_out(group, *account)?;
        }
    }
    Ok(())
}

const fn next_epoch(row: &GroupRow, now_ms: u64) -> u64 {
    let next = row.epoch.saturating_add(1);
    if next > now_ms { next } else { now_ms }
}

const fn changed(account: AccountId, group: GroupId, epoch: u64) -> Addressed {
    let push = Push::GroupChanged(GroupEpoch { group, epoch });
    (Recipient::Account(account), push)
}

const fn member(role: GroupRole, joined_ms: u64) -> MemberRow {
    MemberRow {
        role,
        joined_ms,
        muted_until_ms: 0,
    }
}

/// The group that this account made with this token.
fn made_before(
    own: AccountId,
    token: [u8; 16],
    tx: &Tx,
) -> Result<Option<(GroupId, GroupRow)>, StoreError> {
    for (group, _) in tx.groups_of(own)? {
        let row = promised(tx.group(group)?, "groups")?;
        if row.made == (own, token) {
            return Ok(Some((group, row)));
        }
    }
    Ok(None)
}

fn newest(group: GroupId, row: &GroupRow, tx: &Tx) -> Result<Reply, StoreError> {
    let sheet = promised(tx.sheet(group, row.epoch)?, "sheets")?.sheet;
    Ok(Reply::Sheet(Box::new(sheet)))
}

/// A group, and what one of its members may do there.
fn inside(own: AccountId, group: GroupId, tx: &Tx) -> Result<(GroupRow, MemberRow), Stop> {
    let row = tx.group(group)?.ok_or(Refusal::NotFound)?;
    let member = tx.group_member(group, own)?.ok_or(Refusal::NotMember)?;
    Ok((row, member))
}

/// Whether a member may do what its owner may: an admin of the rendezvous is the owner of every class he is in.
fn is_chief(own: AccountId, (row, me): (&GroupRow, &MemberRow), tx: &Tx) -> Result<bool, Stop> {
    Ok(me.role == GroupRole::Owner
        || row.kind == GroupKind::Class && account_role(own, tx)? == Role::Admin)
}

fn account_role(account: AccountId, tx: &Tx) -> Result<Role, StoreError> {
    Ok(promised(tx.account(account)?, "accounts")?.role())
}

/// What somebody becomes who comes in: teachers have something to say in every class.
fn role_in(kind: GroupKind, account: AccountId, tx: &Tx) -> Result<GroupRole, StoreError> {
    Ok(match (kind, account_role(account, tx)?) {
        (GroupKind::Class, Role::Teacher | Role::Admin) => GroupRole::Admin,
        (GroupKind::Class, Role::Member) | (GroupKind::Group, _) => GroupRole::Member,
    })
}

/// Whether every class that somebody is in lets him create groups.
fn may_create(own: AccountId, role: Role, tx: &Tx) -> Result<bool, StoreError> {
    if role != Role::Member {
        return Ok(true);
    }
    for (group, kind) in tx.groups_of(own)? {
        let policy = match kind {
            GroupKind::Class => promised(tx.group(group)?, "groups")?.policy,
            GroupKind::Group => None,
        };
        if policy.is_some_and(|policy| !policy.create_groups) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Somebody who can be made a member without being asked.
fn check_addable(own: AccountId, account: AccountId, tx: &Tx) -> Result<(), Stop> {
    let is_there = tx.account(account)?.is_some() && !tx.blocks(account, own)?;
    if !is_there {
        return Err(Refusal::NotFound.into());
    }
    check_joined(account, tx)
}

fn check_joined(account: AccountId, tx: &Tx) -> Result<(), Stop> {
    if tx.groups_of(account)?.len() >= GROUPS_JOINED_MAX {
        return Err(FULL.into());
    }
    Ok(())
}

const fn check_size(kind: GroupKind, members: usize) -> Result<(), Refusal> {
    let most = match kind {
        GroupKind::Group => GROUP_MEMBERS_MAX,
        GroupKind::Class => SHEET_MEMBERS_MAX,
    };
    if members > most { Err(FULL) } else { Ok(()) }
}
