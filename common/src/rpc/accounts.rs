//! Registration, sign-in, devices and profiles. No field of any request is or contains a password: see [`crate::opaque`].

use crate::bounded::{Bytes, List, Text};
use crate::id::{AccountId, DeviceId, PublicKey};
use crate::limits::{
    AVATAR_BYTES_MAX, CODE_BYTES_MAX, DEVICES_MAX, OPAQUE_BYTES_MAX, SERVER_NAME_BYTES_MAX,
    SIGNATURE_BYTES_MAX, VAULT_BYTES_MAX,
};
use crate::name::{DisplayName, Login};
use crate::signed::Signed;
use serde::{Deserialize, Serialize};

/// A message of the OPAQUE protocol.
pub type OpaqueBytes = Bytes<OPAQUE_BYTES_MAX>;
/// A picture, cropped and encoded by its owner; whoever shows it decodes it within bounds first.
pub type AvatarBytes = Bytes<AVATAR_BYTES_MAX>;
/// A sealed vault: see [`crate::vault`].
pub type VaultBytes = Bytes<VAULT_BYTES_MAX>;

/// How an account wants to be addressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// Not said.
    #[default]
    Unsaid,
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither.
    Other,
}

/// What others see of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name that is shown.
    pub name: DisplayName,
    /// How to address.
    pub sex: Sex,
    /// A line about oneself.
    pub signature: Text<SIGNATURE_BYTES_MAX>,
}

/// First half of a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterStart {
    /// The wanted login.
    pub login: Login,
    /// OPAQUE registration request.
    pub opaque: OpaqueBytes,
}

/// The login was free a moment ago, and an account number is set aside for this connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterStarted {
    /// Number to put into the card.
    pub account: AccountId,
    /// OPAQUE registration response.
    pub opaque: OpaqueBytes,
}

/// Second half of a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterFinish {
    /// What others see.
    pub profile: Profile,
    /// OPAQUE registration upload.
    pub opaque: OpaqueBytes,
    /// The account's signing key.
    pub account_pk: PublicKey,
    /// The account's secrets, sealed under the password.
    pub vault: VaultBytes,
    /// First card, with this connection's TLS key as its only device.
    pub card: Signed,
    /// Owner code or one-time code.
    pub code: Option<Text<CODE_BYTES_MAX>>,
}

/// First half of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInStart {
    /// Whose.
    pub login: Login,
    /// OPAQUE credential request.
    pub opaque: OpaqueBytes,
}

/// Also given for a login that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInStarted {
    /// OPAQUE credential response.
    pub opaque: OpaqueBytes,
}

/// Second half of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFinish {
    /// OPAQUE credential finalization.
    pub opaque: OpaqueBytes,
}

/// The password was right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Whose account it is.
    pub account: AccountId,
    /// The account's secrets.
    pub vault: VaultBytes,
    /// The newest card, to which this device is added.
    pub card: Signed,
    /// Time at the rendezvous, Unix milliseconds: card entries are stamped with it.
    pub now_ms: u64,
    /// Devices of that card that have signed out: the next card leaves them out, and has room again.
    pub gone: List<DeviceId, DEVICES_MAX>,
}

/// Adds this connection's TLS key as a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// The card after, signed by the account; exactly this connection's key is new in it.
    pub card: Signed,
    /// Version of the card before; another one stored is a `conflict`.
    pub replaces: u64,
}

/// What a device needs to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The account.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// Its profile.
    pub profile: Profile,
    /// Name of the rendezvous.
    pub server_name: Text<SERVER_NAME_BYTES_MAX>,
    /// Time at the rendezvous, Unix milliseconds.
    pub now_ms: u64,
    /// The account's membership, signed by the rendezvous.
    pub membership: Signed,
    /// The account's newest card.
    pub card: Signed,
    /// Devices and memberships that no longer count.
    pub revocations: Signed,
    /// This week's key for mDNS tags.
    pub discovery_key: [u8; 32],
    /// Last week's.
    pub discovery_key_before: [u8; 32],
}

/// First half of a password change, on a connection that proved the old password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordStart {
    /// OPAQUE registration request.
    pub opaque: OpaqueBytes,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordStarted {
    /// OPAQUE registration response.
    pub opaque: OpaqueBytes,
}

/// Second half of a password change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordFinish {
    /// OPAQUE registration upload.
    pub opaque: OpaqueBytes,
    /// The same secrets, sealed under the new password.
    pub vault: VaultBytes,
    /// Version of the card that the secrets belong to; another one stored is a `conflict`.
    pub card_version: u64,
}

/// The devices of the own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceList {
    /// The newest card.
    pub card: Signed,
    /// Time at the rendezvous, Unix milliseconds: what has ended is judged by it.
    pub now_ms: u64,
    /// Devices of that card that were signed out.
    pub gone: List<DeviceId, DEVICES_MAX>,
}

/// Takes a device out of the account, with everything that it could have been used for afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveDevice {
    /// Which; never the one that asks.
    pub device: DeviceId,
    /// The card after, signed by the account: without the device, and with the next seal key.
    pub card: Signed,
    /// Version of the card before; another one stored is a `conflict`.
    pub replaces: u64,
    /// The account's secrets with that seal key, sealed under the password that was just proved.
    pub vault: VaultBytes,
}

/// First half of registering anew, for somebody who forgot the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetStart {
    /// One's own login.
    pub login: Login,
    /// OPAQUE registration request.
    pub opaque: OpaqueBytes,
    /// The one-time code; given again with the second half.
    pub code: Text<CODE_BYTES_MAX>,
}

/// The code is right. The second half is that of a registration; its profile is left aside, the account keeps its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetStarted {
    /// One's own account.
    pub account: AccountId,
    /// OPAQUE registration response.
    pub opaque: OpaqueBytes,
    /// The last card under the lost key: generation, version and seal key of the new one follow its own.
    pub card: Signed,
}
