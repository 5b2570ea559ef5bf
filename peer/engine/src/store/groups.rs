//! The newest sheet of every group that we are in, as the rendezvous signed it, and what else is kept of groups.

use super::contacts::account_of;
use super::tables::{FORMER_GROUPS, GROUPS, MEMBERS_SHOWN_OWED, Table};
use super::{Direction, Span, StoreError, Tx};
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::name::DisplayName;
use hutong_common::signed::Signed;

fn group_of(table: Table, key: &[u8]) -> Result<GroupId, StoreError> {
    account_of(table, key).map(|AccountId(number)| GroupId(number))
}

impl Tx {
    /// All groups with their newest sheets.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn groups(&mut self) -> Result<Vec<(GroupId, Signed)>, StoreError> {
        self.rows(GROUPS)?
            .into_iter()
            .map(|(key, sheet)| Ok((group_of(GROUPS, &key)?, sheet)))
            .collect()
    }

    /// Sets a group's newest sheet, which was verified.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_group(&mut self, group: GroupId, sheet: &Signed) -> Result<(), StoreError> {
        self.put_row(GROUPS, &group.0.to_be_bytes(), sheet)
    }

    /// We are in a group no more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_group(&mut self, group: GroupId) -> Result<(), StoreError> {
        self.remove(GROUPS, &group.0.to_be_bytes()).map(|_| ())
    }

    /// Groups that we were in once, with the names that they had.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn former_groups(&mut self) -> Result<Vec<(GroupId, DisplayName)>, StoreError> {
        self.rows(FORMER_GROUPS)?
            .into_iter()
            .map(|(key, name)| Ok((group_of(FORMER_GROUPS, &key)?, name)))
            .collect()
    }

    /// Remembers a group that we are in no more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_former_group(
        &mut self,
        group: GroupId,
        name: &DisplayName,
    ) -> Result<(), StoreError> {
        self.put_row(FORMER_GROUPS, &group.0.to_be_bytes(), name)
    }

    /// Notes the newest message of a member that was looked at in a group, until one of his devices hears of it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_member_shown_owed(
        &mut self,
        (member, group): (AccountId, GroupId),
        upto: MsgId,
    ) -> Result<(), StoreError> {
        let key = [member.0.to_be_bytes(), group.0.to_be_bytes()].concat();
        self.put_row(MEMBERS_SHOWN_OWED, &key, &upto)
    }

    /// Takes out what a member has not heard of, one message for each group.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn take_member_shown_owed(&mut self, member: AccountId) -> Result<Vec<MsgId>, StoreError> {
        let key = |group: u64| [member.0.to_be_bytes(), group.to_be_bytes()].concat();
        let span = Span {
            from: &key(0),
            to: &key(u64::MAX),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        let rows = self.range(MEMBERS_SHOWN_OWED, span)?;
        rows.into_iter()
            .map(|(key, bytes)| {
                self.remove(MEMBERS_SHOWN_OWED, &key)?;
                super::row::from_bytes(MEMBERS_SHOWN_OWED, &bytes)
            })
            .collect()
    }
}
