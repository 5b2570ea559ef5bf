//! Why something was refused: the only errors that cross a wire. A closed set that every face explains in both languages.
//!
//! Numbers are positions in the enum and double as close codes: variants are only added at the end.

use crate::name::{NameRule, PasswordRule};
use serde::{Deserialize, Serialize};

/// A refusal with what a person needs to know about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// Bytes that are not a request, or fields that contradict each other.
    Malformed,
    /// Larger than its bound.
    TooLarge,
    /// Slow down; the client waits and tries again by itself.
    TooFast {
        /// Pause in milliseconds.
        retry_ms: u64,
    },
    /// The other side does not know this request: it is older.
    Version,
    /// Try again later.
    Busy {
        /// Pause in milliseconds.
        retry_ms: u64,
    },
    /// Only for connections that have signed in.
    NotSignedIn,
    /// The password must be typed (again) for this.
    PasswordNeeded,
    /// One answer for both, so that logins cannot be listed.
    WrongLoginOrPassword,
    /// The account needs a one-time code.
    LockedNeedsCode,
    /// Somebody else changed it first; fetch and sign again.
    Conflict,
    /// This device's counter was seen before: a copied or set-back disk.
    Cloned,
    /// The login is in use.
    NameTaken,
    /// The name breaks a rule.
    NameInvalid {
        /// Which rule.
        rule: NameRule,
    },
    /// The name is kept back.
    NameReserved,
    /// The password breaks a rule.
    PasswordTooWeak {
        /// Which rule.
        rule: PasswordRule,
    },
    /// Registration here needs an invitation or code.
    InviteNeeded,
    /// It does not exist, or is not yours to know.
    NotFound,
    /// You are not contacts.
    NotContacts,
    /// You are not a member.
    NotMember,
    /// Your role does not allow it.
    NotAllowed,
    /// It is done already.
    AlreadyDone,
    /// You may not speak here before then.
    Muted {
        /// Unix time in milliseconds.
        until_ms: u64,
    },
    /// Remove a device first.
    TooManyDevices,
    /// The quota is used up.
    QuotaFull {
        /// When to try again, in milliseconds.
        retry_ms: u64,
    },
    /// The rendezvous is full.
    ServerFull,
    /// Too old.
    Expired,
    /// No relay can be had.
    RelayUnavailable,
    /// The other side said no.
    Declined,
    /// The file is not the one that was offered.
    FileChanged,
    /// The bytes do not match.
    FileDamaged,
    /// The disk is full.
    NoSpace,
    /// The rendezvous is stopping.
    ShuttingDown,
    /// A fault on the other side, by the number under which it is in its log.
    Internal {
        /// Number of the log line.
        incident: u32,
    },
}

impl Refusal {
    /// The stable name that programs see.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::TooFast { .. } => "too_fast",
            Self::Version => "version",
            Self::Busy { .. } => "busy",
            Self::NotSignedIn => "not_signed_in",
            Self::PasswordNeeded => "password_needed",
            Self::WrongLoginOrPassword => "wrong_login_or_password",
            Self::LockedNeedsCode => "locked_needs_code",
            Self::Conflict => "conflict",
            Self::Cloned => "cloned",
            Self::NameTaken => "name_taken",
            Self::NameInvalid { .. } => "name_invalid",
            Self::NameReserved => "name_reserved",
            Self::PasswordTooWeak { .. } => "password_too_weak",
            Self::InviteNeeded => "invite_needed",
            Self::NotFound => "not_found",
            Self::NotContacts => "not_contacts",
            Self::NotMember => "not_member",
            Self::NotAllowed => "not_allowed",
            Self::AlreadyDone => "already_done",
            Self::Muted { .. } => "muted",
            Self::TooManyDevices => "too_many_devices",
            Self::QuotaFull { .. } => "quota_full",
            Self::ServerFull => "server_full",
            Self::Expired => "expired",
            Self::RelayUnavailable => "relay_unavailable",
            Self::Declined => "declined",
            Self::FileChanged => "file_changed",
            Self::FileDamaged => "file_damaged",
            Self::NoSpace => "no_space",
            Self::ShuttingDown => "shutting_down",
            Self::Internal { .. } => "internal",
        }
    }
}

impl From<NameRule> for Refusal {
    fn from(rule: NameRule) -> Self {
        Self::NameInvalid { rule }
    }
}

impl From<PasswordRule> for Refusal {
    fn from(rule: PasswordRule) -> Self {
        Self::PasswordTooWeak { rule }
    }
}
