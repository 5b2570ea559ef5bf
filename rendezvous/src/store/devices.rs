//! Rows and queries of devices, and of what is no longer believed about them.

use super::tables::{DEVICES, REVOCATION_LIST, REVOKED};
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::REVOCATIONS_MAX;
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};

/// Once a device key was seen with an account, it stays with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeviceRow {
    pub(crate) account: AccountId,
    /// The highest number of a resume.
    pub(crate) resumed: u64,
    pub(crate) revoked: bool,
}

impl DeviceRow {
    pub(crate) const fn new(account: AccountId) -> Self {
        Self {
            account,
            resumed: 0,
            revoked: false,
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GoneRow {
    pub(crate) device: DeviceId,
    /// When it would have ended by itself.
    pub(crate) until_ms: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RevocationRow {
    pub(crate) min_serial: u64,
    pub(crate) min_card_version: u64,
    pub(crate) gone: Vec<GoneRow>,
    pub(crate) at_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RevocationListRow {
    pub(crate) list: Signed,
}

/// The only key of a table with one row.
const ONLY: u8 = 0;

impl Tx {
    pub(crate) fn device(&self, device: DeviceId) -> Result<Option<DeviceRow>, StoreError> {
        self.get(DEVICES, device.0)
    }

    pub(crate) fn set_device(
        &mut self,
        device: DeviceId,
        row: &DeviceRow,
    ) -> Result<(), StoreError> {
        self.put(DEVICES, device.0, row)
    }

    pub(crate) fn revocation(
        &self,
        account: AccountId,
    ) -> Result<Option<RevocationRow>, StoreError> {
        self.get(REVOKED, account.0)
    }

    /// All of them: the list is kept at its bound, and grows by one at a time.
    pub(crate) fn revocations(&self) -> Result<Vec<(AccountId, RevocationRow)>, StoreError> {
        let rows = self.range(REVOKED, .., (Direction::Forward, REVOCATIONS_MAX + 1))?;
        Ok(rows
            .into_iter()
            .map(|(account, row)| (AccountId(account), row))
            .collect())
    }

    pub(crate) fn set_revocation(
        &mut self,
        account: AccountId,
        row: &RevocationRow,
    ) -> Result<(), StoreError> {
        self.put(REVOKED, account.0, row)
    }

    pub(crate) fn remove_revocation(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.remove(REVOKED, account.0).map(drop)
    }

    pub(crate) fn revocation_list(&self) -> Result<Option<Signed>, StoreError> {
        Ok(self.get(REVOCATION_LIST, ONLY)?.map(|row| row.list))
    }

    pub(crate) fn set_revocation_list(&mut self, list: Signed) -> Result<(), StoreError> {
        self.put(REVOCATION_LIST, ONLY, &RevocationListRow { list })
    }
}
