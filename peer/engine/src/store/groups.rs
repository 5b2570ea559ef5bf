//! The newest sheet of every group that we are in, as the rendezvous signed it.

use super::tables::GROUPS;
use super::{StoreError, Tx};
use hutong_common::id::GroupId;
use hutong_common::signed::Signed;

impl Tx {
    /// All groups with their newest sheets.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn groups(&mut self) -> Result<Vec<(GroupId, Signed)>, StoreError> {
        let unreadable = || StoreError::Row {
            table: GROUPS.name(),
        };
        self.rows(GROUPS)?
            .into_iter()
            .map(|(key, sheet)| {
                let group = key.try_into().map_err(|_| unreadable())?;
                Ok((GroupId(u64::from_be_bytes(group)), sheet))
            })
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
}
