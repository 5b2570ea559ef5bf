//! Contacts with what is needed to check them without the rendezvous, and whom we blocked.

use super::tables::{BLOCKED, CONTACTS, FORMER_CONTACTS, PINS, REQUESTS_TOLD, Table};
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, RequestId};
use hutong_common::name::Login;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::friends::Relation;
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A contact as it was last heard of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Login.
    pub login: Login,
    /// What it is to us.
    pub relation: Relation,
    /// Profile.
    pub profile: Profile,
    /// Signed by the rendezvous.
    pub membership: Signed,
    /// Signed by the account.
    pub card: Signed,
    /// Contact since, Unix milliseconds.
    pub since_ms: u64,
    /// Where its devices answered last.
    pub answered_at: BTreeMap<DeviceId, SocketAddr>,
}

/// Who somebody was when we saw him last, so that nobody else comes back in his place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRow {
    /// Signed by the rendezvous.
    pub membership: Signed,
    /// Signed by the account.
    pub card: Signed,
}

/// The account that a key of eight bytes names.
pub(super) fn account_of(table: Table, key: &[u8]) -> Result<AccountId, StoreError> {
    key.try_into()
        .map(|bytes| AccountId(u64::from_be_bytes(bytes)))
        .map_err(|_| StoreError::Row {
            table: table.name(),
        })
}

impl Tx {
    /// All contacts.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn contacts(&mut self) -> Result<Vec<(AccountId, ContactRow)>, StoreError> {
        self.rows(CONTACTS)?
            .into_iter()
            .map(|(key, row)| Ok((account_of(CONTACTS, &key)?, row)))
            .collect()
    }

    /// Sets a contact.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_contact(&mut self, account: AccountId, row: &ContactRow) -> Result<(), StoreError> {
        self.put_row(CONTACTS, &account.0.to_be_bytes(), row)
    }

    /// Removes a contact.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_contact(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.remove(CONTACTS, &account.0.to_be_bytes()).map(|_| ())
    }

    /// Keeps the login of somebody who is no contact any more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_former_contact(
        &mut self,
        account: AccountId,
        login: &Login,
    ) -> Result<(), StoreError> {
        self.put_row(FORMER_CONTACTS, &account.0.to_be_bytes(), login)
    }

    /// Those who were contacts once.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn former_contacts(&mut self) -> Result<Vec<(AccountId, Login)>, StoreError> {
        self.rows(FORMER_CONTACTS)?
            .into_iter()
            .map(|(key, login)| Ok((account_of(FORMER_CONTACTS, &key)?, login)))
            .collect()
    }

    /// Keeps the last proof of somebody who is no contact any more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_pin(&mut self, account: AccountId, row: &PinRow) -> Result<(), StoreError> {
        self.put_row(PINS, &account.0.to_be_bytes(), row)
    }

    /// The last proof of somebody who was a contact once.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn pin(&mut self, account: AccountId) -> Result<Option<PinRow>, StoreError> {
        self.row(PINS, &account.0.to_be_bytes())
    }

    /// Whom we blocked.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn blocked(&mut self) -> Result<Vec<AccountId>, StoreError> {
        self.all(BLOCKED)?
            .iter()
            .map(|(key, _)| account_of(BLOCKED, key))
            .collect()
    }

    /// Blocks, or lifts the block.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_blocked(&mut self, account: AccountId, blocked: bool) -> Result<(), StoreError> {
        if blocked {
            self.put(BLOCKED, &account.0.to_be_bytes(), &[])
        } else {
            self.remove(BLOCKED, &account.0.to_be_bytes()).map(|_| ())
        }
    }

    /// Notes that a friend request was told; says whether that is new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn tell_request_once(&mut self, request: RequestId) -> Result<bool, StoreError> {
        let key = request.0.to_be_bytes();
        if self.get(REQUESTS_TOLD, &key)?.is_some() {
            return Ok(false);
        }
        self.put(REQUESTS_TOLD, &key, &[])?;
        Ok(true)
    }
}
