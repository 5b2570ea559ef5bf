//! Who and what is named on the wire: one newtype per role, so that two arguments cannot be swapped.
//!
//! People see accounts, groups and requests as integers, devices and files as 32 hexadecimal digits, messages as
//! UUIDs and servers as 52 characters of base32.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text is not an id of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct BadId(pub &'static str);

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

macro_rules! hex_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bytes = HEXLOWER
                    .decode(text.as_bytes())
                    .map_err(|_| BadId(stringify!($name)))?;
                bytes
                    .try_into()
                    .map(Self)
                    .map_err(|_| BadId(stringify!($name)))
            }
        }
    };
}

number_id!(
    /// An account, from 10001: a number people can say.
    AccountId
);
number_id!(
    /// A group or class, from 100001.
    GroupId
);
number_id!(
    /// A friend request or group invitation at the rendezvous.
    RequestId
);
number_id!(
    /// A row of somebody's mail at the rendezvous; grows with time.
    MailRow
);

bytes_id!(
    /// One device of one account: a hash of its public key.
    DeviceId, 16
);
hex_text!(DeviceId);

bytes_id!(
    /// A file as its sender offered it: a hash of the offering device and message.
    FileId, 16
);
hex_text!(FileId);

bytes_id!(
    /// A relayed session between two devices, drawn by the rendezvous.
    RelaySession, 16
);
hex_text!(RelaySession);

bytes_id!(
    /// BLAKE3 of a whole file.
    Root, 32
);
hex_text!(Root);

bytes_id!(
    /// An Ed25519 public key, as sent (32 bytes); whether it is acceptable is decided where it is pinned.
    PublicKey, 32
);
hex_text!(PublicKey);

bytes_id!(
    /// The Ed25519 public key of a rendezvous: its name, and what clients pin.
    ServerId, 32
);

impl ServerId {
    /// The key that this id is.
    pub const fn public_key(self) -> PublicKey {
        PublicKey(self.0)
    }
}

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl FromStr for ServerId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let upper = text.to_ascii_uppercase();
        let bytes = BASE32_NOPAD
            .decode(upper.as_bytes())
            .map_err(|_| BadId("ServerId"))?;
        bytes.try_into().map(Self).map_err(|_| BadId("ServerId"))
    }
}

bytes_id!(
    /// A message: a UUID of version 7 (RFC 9562), drawn by the sending device. The same value names its mail envelope.
    MsgId, 16
);

impl MsgId {
    /// A new id for a message written at `now_ms` (Unix, milliseconds), with ten random bytes.
    pub fn new(now_ms: u64, random: [u8; 10]) -> Self {
        Self(
            uuid::Builder::from_unix_timestamp_millis(now_ms, &random)
                .into_uuid()
                .into_bytes(),
        )
    }
}

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
    }
}

impl FromStr for MsgId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        uuid::Uuid::try_parse(text)
            .map(|id| Self(id.into_bytes()))
            .map_err(|_| BadId("MsgId"))
    }
}
