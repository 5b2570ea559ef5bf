//! Single rows: which rendezvous is pinned, which device this is, whose account it serves, and the clocks.

use super::tables::{HOME, PERSONAL};
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, ServerId};
use hutong_common::name::Login;
use hutong_common::rpc::accounts::Profile;
use hutong_common::signed::Signed;
use hutong_common::vault::SealSeed;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// Name of a single row, and what lies there.
#[derive(Debug)]
pub struct Single<T> {
    name: &'static str,
    row: PhantomData<T>,
}

const fn single<T>(name: &'static str) -> Single<T> {
    Single {
        name,
        row: PhantomData,
    }
}

/// The pinned rendezvous.
pub const SERVER: Single<ServerRow> = single("server");
/// This device.
pub const DEVICE: Single<DeviceRow> = single("device");
/// The account that is, or was last, signed in.
pub const ACCOUNT: Single<AccountRow> = single("account");
/// What the rendezvous says about everybody.
pub const NETWORK: Single<NetworkRow> = single("network");
/// The clock of the rendezvous.
pub const CLOCK: Single<ClockRow> = single("clock");
/// The highest hybrid logical clock used or accepted.
pub const LOGICAL_CLOCK: Single<u64> = single("logical_clock");
/// Since when mail waits that this device cannot open.
pub const LOCKED: Single<LockedRow> = single("locked");
/// Whether the person of this home says to be away.
pub const AWAY: Single<bool> = single("away");
/// Number of the last mail receipt that was taken in.
pub const RECEIPTS: Single<u64> = single("receipts");
/// Whoever signs in, or is signed in, does so as at a shared seat.
pub const SEAT: Single<SeatRow> = single("seat");
/// Bytes of somebody who is gone may still lie in the files of this home.
pub const SCRUB: Single<ScrubRow> = single("scrub");

/// A shared seat: nothing of its person outlives the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    /// A program holds the session: it ends with that program, also when that was killed.
    pub held: bool,
}

/// What has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScrubRow {
    /// Files that were fetched into the home's own folder as well.
    pub downloads: bool,
}

/// A rendezvous whose key is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerRow {
    /// Its key.
    pub server: ServerId,
    /// What it calls itself.
    pub name: String,
    /// Where it answered or is said to be, `HOST:PORT`, best first.
    pub hosts: Vec<String>,
}

/// This device's key, written before the rendezvous hears of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Seed of its Ed25519 key.
    pub seed: [u8; 32],
    /// For whom it was made.
    pub login: Login,
    /// With which rendezvous.
    pub server: ServerId,
    /// Last counter used in a resume.
    pub resumes: u64,
    /// Whether the rendezvous said that it belongs to the account.
    pub enrolled: bool,
    /// What opens the account's mail.
    pub seals: Vec<SealSeed>,
}

impl fmt::Debug for DeviceRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceRow")
            .field("enrolled", &self.enrolled)
            .finish_non_exhaustive()
    }
}

impl Drop for DeviceRow {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.seed);
    }
}

/// The account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Its number.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// What others see.
    pub profile: Profile,
    /// Signed by the rendezvous.
    pub membership: Signed,
    /// Signed by the account.
    pub card: Signed,
}

/// What the rendezvous says about everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkRow {
    /// Who is no longer believed.
    pub revocations: Signed,
    /// This week's key of mDNS tags.
    pub discovery_key: [u8; 32],
    /// Last week's.
    pub discovery_key_before: [u8; 32],
}

/// Mail is sealed to a key that this device does not have, until the password is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedRow {
    /// Since when, Unix milliseconds.
    pub since_ms: u64,
}

/// The rendezvous' time when it was last heard, with ours at that moment, both in Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRow {
    /// Theirs.
    pub server_ms: u64,
    /// Ours.
    pub wall_ms: u64,
}

impl Tx {
    /// A single row.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn single<T: DeserializeOwned>(
        &mut self,
        which: Single<T>,
    ) -> Result<Option<T>, StoreError> {
        self.row(HOME, which.name.as_bytes())
    }

    /// Sets a single row.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_single<T: Serialize>(
        &mut self,
        which: Single<T>,
        row: &T,
    ) -> Result<(), StoreError> {
        self.put_row(HOME, which.name.as_bytes(), row)
    }

    /// Removes a single row.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove_single<T>(&mut self, which: Single<T>) -> Result<(), StoreError> {
        self.remove(HOME, which.name.as_bytes()).map(|_| ())
    }

    /// Forgets the person, never the rendezvous.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn wipe_person(&mut self) -> Result<(), StoreError> {
        for table in PERSONAL {
            self.clear(table)?;
        }
        self.remove_single(DEVICE)?;
        self.remove_single(ACCOUNT)?;
        self.remove_single(NETWORK)?;
        self.remove_single(LOGICAL_CLOCK)?;
        self.remove_single(LOCKED)?;
        self.remove_single(SEAT)?;
        self.remove_single(AWAY)?;
        self.remove_single(RECEIPTS)
    }
}
