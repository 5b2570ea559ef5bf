//! What is kept of who we are and of who is no longer believed, each beside what its signed parts say: that is asked at every
//! message, and read once.

use super::Session;
use crate::store::home::{AccountRow, DEVICE, DeviceRow, NetworkRow};
use crate::store::{StoreError, Tx};
use hutong_common::identity::KeyPair;
use hutong_common::signed::{Card, Membership, Revocations};
use std::ops::Deref;

/// The account, with its membership and its card as they read.
#[derive(Debug)]
pub(super) struct Own {
    row: AccountRow,
    proof: Option<(Membership, Card)>,
}

impl Own {
    pub(super) fn proof(&self) -> Option<&(Membership, Card)> {
        self.proof.as_ref()
    }

    /// Changes the row, and reads it again.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut AccountRow)) {
        change(&mut self.row);
        self.proof = proof_of(&self.row);
    }
}

impl From<AccountRow> for Own {
    fn from(row: AccountRow) -> Self {
        let proof = proof_of(&row);
        Self { row, proof }
    }
}

impl Deref for Own {
    type Target = AccountRow;

    fn deref(&self) -> &AccountRow {
        &self.row
    }
}

fn proof_of(row: &AccountRow) -> Option<(Membership, Card)> {
    let membership = row.membership.peek_unverified().ok()?;
    Some((membership, row.card.peek_unverified().ok()?))
}

/// What the rendezvous says about everybody, with its list of revocations as it reads.
#[derive(Debug)]
pub(in crate::core) struct Network {
    row: NetworkRow,
    revocations: Option<Revocations>,
}

impl Network {
    pub(super) const fn revocations(&self) -> Option<&Revocations> {
        self.revocations.as_ref()
    }
}

impl From<NetworkRow> for Network {
    fn from(row: NetworkRow) -> Self {
        let revocations = row.revocations.peek_unverified().ok();
        Self { row, revocations }
    }
}

impl Deref for Network {
    type Target = NetworkRow;

    fn deref(&self) -> &NetworkRow {
        &self.row
    }
}

impl Session {
    /// The own membership and card, when this home is signed in.
    pub(in crate::core) fn proof(&self) -> Option<&(Membership, Card)> {
        self.keys.as_ref().and(self.account.as_ref()?.proof())
    }

    pub(super) fn save_device(
        &mut self,
        row: Option<DeviceRow>,
        tx: &mut Tx,
    ) -> Result<(), StoreError> {
        match &row {
            Some(row) => tx.set_single(DEVICE, row)?,
            None => tx.remove_single(DEVICE)?,
        }
        self.keys = keys_of(row.as_ref());
        self.device = row;
        Ok(())
    }
}

pub(super) fn keys_of(device: Option<&DeviceRow>) -> Option<KeyPair> {
    device
        .filter(|row| row.enrolled)
        .map(|row| KeyPair::from_seed(row.seed))
}
