//! Rows and queries of groups: what each is, who is in it, its newest sheets, invitations and applications.

use super::counters::Counter;
use super::tables::{
    CODE_OF, CODES, EVERYBODY, GROUP_MEMBERS, GROUP_PICTURES, GROUP_REQUESTS,
    GROUP_REQUESTS_BETWEEN, GROUP_REQUESTS_IN, GROUP_REQUESTS_OF, GROUPS, GROUPS_OF, KEPT_OUT,
    MAIL_GROUPS, SHEETS,
};
use super::{Direction, StoreError, Tx};
use crate::store::friends::StateRow;
use hutong_common::group::{ClassPolicy, Floor, GroupKind, GroupRole};
use hutong_common::id::{AccountId, GroupId, RequestId};
use hutong_common::join_code::JoinCode;
use hutong_common::limits::{
    GROUP_ID_FIRST, GROUPS_JOINED_MAX, REQUESTS_LISTED_MAX, SHEET_MEMBERS_MAX, SHEETS_KEPT_MAX,
};
use hutong_common::name::DisplayName;
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupRow {
    pub(crate) kind: GroupKind,
    pub(crate) name: DisplayName,
    pub(crate) notice: String,
    /// BLAKE3 of its picture.
    pub(crate) picture: Option<[u8; 32]>,
    pub(crate) floor: Floor,
    pub(crate) policy: Option<ClassPolicy>,
    /// Of its newest sheet; 0 before the first.
    pub(crate) epoch: u64,
    /// Who made it, and the token by which that is recognised when it is asked for again.
    pub(crate) made: (AccountId, [u8; 16]),
    pub(crate) made_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MemberRow {
    pub(crate) role: GroupRole,
    pub(crate) joined_ms: u64,
    pub(crate) muted_until_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GroupRequestRow {
    pub(crate) group: GroupId,
    /// Who is to come in.
    pub(crate) account: AccountId,
    /// Who invites; none when `account` applies.
    pub(crate) by: Option<AccountId>,
    pub(crate) greeting: String,
    pub(crate) at_ms: u64,
    pub(crate) state: StateRow,
    /// When it was accepted or declined; 0 before.
    pub(crate) answered_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SheetRow {
    pub(crate) sheet: Signed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PictureRow {
    pub(crate) bytes: Vec<u8>,
}

/// The group whose sheet allowed a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MailGroupRow {
    pub(crate) group: GroupId,
    pub(crate) epoch: u64,
}

/// The only key of a table with one row.
const ONLY: u8 = 0;

impl Tx {
    /// The class in which everybody is, when it was made and not dissolved.
    pub(crate) fn everybody(&self) -> Result<Option<GroupId>, StoreError> {
        let Some(group) = self.get(EVERYBODY, ONLY)? else {
            return Ok(None);
        };
        Ok(self.has(GROUPS, group)?.then_some(GroupId(group)))
    }

    pub(crate) fn set_everybody(&mut self, group: GroupId) -> Result<(), StoreError> {
        self.put(EVERYBODY, ONLY, &group.0)
    }

    pub(crate) fn group(&self, group: GroupId) -> Result<Option<GroupRow>, StoreError> {
        self.get(GROUPS, group.0)
    }

    pub(crate) fn set_group(&mut self, group: GroupId, row: &GroupRow) -> Result<(), StoreError> {
        self.put(GROUPS, group.0, row)
    }

    /// Gives a new group its number.
    pub(crate) fn insert_group(&mut self, row: &GroupRow) -> Result<GroupId, StoreError> {
        let group = GroupId(self.next(Counter::Group, GROUP_ID_FIRST)?);
        self.set_group(group, row)?;
        Ok(group)
    }

    pub(crate) fn group_member(
        &self,
        group: GroupId,
        account: AccountId,
    ) -> Result<Option<MemberRow>, StoreError> {
        self.get(GROUP_MEMBERS, (group.0, account.0))
    }

    /// Members in the order of their numbers.
    pub(crate) fn group_members(
        &self,
        group: GroupId,
    ) -> Result<Vec<(AccountId, MemberRow)>, StoreError> {
        let all = (group.0, 0)..=(group.0, u64::MAX);
        let rows = self.range(GROUP_MEMBERS, all, (Direction::Forward, SHEET_MEMBERS_MAX))?;
        Ok(rows
            .into_iter()
            .map(|((_, account), row)| (AccountId(account), row))
            .collect())
    }

    /// Makes an account a member, or changes what it may do.
    pub(crate) fn set_group_member(
        &mut self,
        (group, kind): (GroupId, GroupKind),
        account: AccountId,
        row: &MemberRow,
    ) -> Result<(), StoreError> {
        self.remove(KEPT_OUT, (group.0, account.0))?;
        self.put(GROUPS_OF, (account.0, group.0), &kind)?;
        self.put(GROUP_MEMBERS, (group.0, account.0), row)
    }

    pub(crate) fn remove_group_member(
        &mut self,
        group: GroupId,
        account: AccountId,
    ) -> Result<(), StoreError> {
        self.remove(GROUPS_OF, (account.0, group.0))?;
        self.remove(GROUP_MEMBERS, (group.0, account.0)).map(drop)
    }

    /// From now on an account does not come back by the group's code, until it is a member again.
    pub(crate) fn keep_out(
        &mut self,
        group: GroupId,
        account: AccountId,
    ) -> Result<(), StoreError> {
        self.put(KEPT_OUT, (group.0, account.0), &())
    }

    pub(crate) fn is_kept_out(
        &self,
        group: GroupId,
        account: AccountId,
    ) -> Result<bool, StoreError> {
        self.has(KEPT_OUT, (group.0, account.0))
    }

    /// Groups of an account in the order of their numbers.
    pub(crate) fn groups_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<(GroupId, GroupKind)>, StoreError> {
        let all = (account.0, 0)..=(account.0, u64::MAX);
        let rows = self.range(GROUPS_OF, all, (Direction::Forward, GROUPS_JOINED_MAX))?;
        Ok(rows
            .into_iter()
            .map(|((_, group), kind)| (GroupId(group), kind))
            .collect())
    }

    /// Whether two accounts have a group in common, and whether one of those is a class.
    pub(crate) fn common_group(
        &self,
        one: AccountId,
        other: AccountId,
    ) -> Result<Option<GroupKind>, StoreError> {
        let mut common = None;
        for (group, kind) in self.groups_of(one)? {
            if common < Some(kind) && self.has(GROUPS_OF, (other.0, group.0))? {
                common = Some(kind);
            }
        }
        Ok(common)
    }

    pub(crate) fn sheet(&self, group: GroupId, epoch: u64) -> Result<Option<SheetRow>, StoreError> {
        self.get(SHEETS, (group.0, epoch))
    }

    /// Adds a sheet; the oldest go.
    pub(crate) fn insert_sheet(
        &mut self,
        group: GroupId,
        epoch: u64,
        row: &SheetRow,
    ) -> Result<(), StoreError> {
        self.put(SHEETS, (group.0, epoch), row)?;
        let all = (group.0, 0)..=(group.0, u64::MAX);
        let kept = self.keys(SHEETS, all, SHEETS_KEPT_MAX + 1)?;
        if let Some(oldest) = kept.first()
            && kept.len() > SHEETS_KEPT_MAX
        {
            self.remove(SHEETS, *oldest)?;
        }
        Ok(())
    }

    /// The code with which one comes into a group.
    pub(crate) fn code_of(&self, group: GroupId) -> Result<Option<JoinCode>, StoreError> {
        self.get(CODE_OF, group.0)
    }

    /// The group that has a code.
    pub(crate) fn group_with(&self, code: JoinCode) -> Result<Option<GroupId>, StoreError> {
        Ok(self.get(CODES, code.into())?.map(GroupId))
    }

    /// Gives a group another code that no group has, or none.
    pub(crate) fn set_code(
        &mut self,
        group: GroupId,
        code: Option<JoinCode>,
    ) -> Result<(), StoreError> {
        if let Some(before) = self.code_of(group)? {
            self.remove(CODES, before.into())?;
            self.remove(CODE_OF, group.0)?;
        }
        if let Some(code) = code {
            self.put(CODES, code.into(), &group.0)?;
            self.put(CODE_OF, group.0, &code)?;
        }
        Ok(())
    }

    pub(crate) fn group_picture(&self, group: GroupId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get(GROUP_PICTURES, group.0)?.map(|row| row.bytes))
    }

    /// Replaces the picture; without bytes there is none any more.
    pub(crate) fn set_group_picture(
        &mut self,
        group: GroupId,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        if bytes.is_empty() {
            self.remove(GROUP_PICTURES, group.0).map(drop)
        } else {
            self.put(GROUP_PICTURES, group.0, &PictureRow { bytes })
        }
    }

    pub(crate) fn group_request(
        &self,
        request: RequestId,
    ) -> Result<Option<GroupRequestRow>, StoreError> {
        self.get(GROUP_REQUESTS, request.0)
    }

    /// The newest request about an account and a group.
    pub(crate) fn group_request_between(
        &self,
        group: GroupId,
        account: AccountId,
    ) -> Result<Option<(RequestId, GroupRequestRow)>, StoreError> {
        let newest = self.get(GROUP_REQUESTS_BETWEEN, (group.0, account.0))?;
        let Some(request) = newest.map(RequestId) else {
            return Ok(None);
        };
        Ok(self.group_request(request)?.map(|row| (request, row)))
    }

    /// Requests about an account, newest first.
    pub(crate) fn group_requests_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<(RequestId, GroupRequestRow)>, StoreError> {
        let all = (account.0, 0)..=(account.0, u64::MAX);
        let step = (Direction::Backward, REQUESTS_LISTED_MAX);
        let keys = self.range(GROUP_REQUESTS_OF, all, step)?;
        self.group_requests_at(keys.into_iter().map(|((_, request), ())| request))
    }

    /// Requests about a group, newest first.
    pub(crate) fn group_requests_in(
        &self,
        group: GroupId,
    ) -> Result<Vec<(RequestId, GroupRequestRow)>, StoreError> {
        let all = (group.0, 0)..=(group.0, u64::MAX);
        let step = (Direction::Backward, REQUESTS_LISTED_MAX);
        let keys = self.range(GROUP_REQUESTS_IN, all, step)?;
        self.group_requests_at(keys.into_iter().map(|((_, request), ())| request))
    }

    fn group_requests_at(
        &self,
        requests: impl Iterator<Item = u64>,
    ) -> Result<Vec<(RequestId, GroupRequestRow)>, StoreError> {
        let mut found = Vec::new();
        for request in requests.map(RequestId) {
            found.extend(self.group_request(request)?.map(|row| (request, row)));
        }
        Ok(found)
    }

    /// Adds a request; an older one about the same account and group is forgotten.
    pub(crate) fn insert_group_request(
        &mut self,
        row: &GroupRequestRow,
    ) -> Result<RequestId, StoreError> {
        if let Some((before, _)) = self.group_request_between(row.group, row.account)? {
            self.remove_group_request(before)?;
        }
        let request = RequestId(self.next(Counter::Request, 1)?);
        let (group, account) = (row.group.0, row.account.0);
        self.put(GROUP_REQUESTS, request.0, row)?;
        self.put(GROUP_REQUESTS_OF, (account, request.0), &())?;
        self.put(GROUP_REQUESTS_IN, (group, request.0), &())?;
        self.put(GROUP_REQUESTS_BETWEEN, (group, account), &request.0)?;
        Ok(request)
    }

    pub(crate) fn set_group_request(
        &mut self,
        request: RequestId,
        row: &GroupRequestRow,
    ) -> Result<(), StoreError> {
        self.put(GROUP_REQUESTS, request.0, row)
    }

    pub(crate) fn remove_group_request(&mut self, request: RequestId) -> Result<(), StoreError> {
        let Some(row) = self.group_request(request)? else {
            return Ok(());
        };
        let (group, account) = (row.group.0, row.account.0);
        self.remove(GROUP_REQUESTS, request.0)?;
        self.remove(GROUP_REQUESTS_OF, (account, request.0))?;
        self.remove(GROUP_REQUESTS_IN, (group, request.0))?;
        self.remove(GROUP_REQUESTS_BETWEEN, (group, account))
            .map(drop)
    }

    /// Drops a group with all that belongs to it.
    pub(crate) fn remove_group(&mut self, group: GroupId) -> Result<(), StoreError> {
        for (account, _) in self.group_members(group)? {
            self.remove_group_member(group, account)?;
        }
        loop {
            let requests = self.group_requests_in(group)?;
            if requests.is_empty() {
                break;
            }
            for (request, _) in requests {
                self.remove_group_request(request)?;
            }
        }
        let all = (group.0, 0)..=(group.0, u64::MAX);
        for key in self.keys(SHEETS, all.clone(), SHEETS_KEPT_MAX)? {
            self.remove(SHEETS, key)?;
        }
        loop {
            let kept_out = self.keys(KEPT_OUT, all.clone(), SHEET_MEMBERS_MAX)?;
            if kept_out.is_empty() {
                break;
            }
            for key in kept_out {
                self.remove(KEPT_OUT, key)?;
            }
        }
        self.set_group_picture(group, Vec::new())?;
        self.set_code(group, None)?;
        self.remove(GROUPS, group.0).map(drop)
    }

    /// The group whose sheet allowed a mail; none for mail of one person to another.
    pub(crate) fn mail_group(
        &self,
        recipient: AccountId,
        row: u64,
    ) -> Result<Option<MailGroupRow>, StoreError> {
        self.get(MAIL_GROUPS, (recipient.0, row))
    }

    pub(crate) fn set_mail_group(
        &mut self,
        recipient: AccountId,
        row: u64,
        group: &MailGroupRow,
    ) -> Result<(), StoreError> {
        self.put(MAIL_GROUPS, (recipient.0, row), group)
    }
}
