//! What a teacher does in front of a class: codes to come in with, who is there, and raised hands.

use crate::bounded::{List, Text};
use crate::id::{AccountId, GroupId};
use crate::join_code::JoinCode;
use crate::limits::{LABEL_BYTES_MAX, SHEET_MEMBERS_MAX};
use crate::signed::DeviceKind;
use serde::{Deserialize, Serialize};

/// What is to become of the code of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeDeed {
    /// Nothing; it is only shown.
    Show,
    /// A new one takes its place.
    New,
    /// There is none any more.
    Off,
}

/// Asks for the code of a group; by its admins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAsk {
    /// Of which.
    pub group: GroupId,
    /// What is to become of it.
    pub deed: CodeDeed,
}

/// The code of a group, when it has one.
pub type GroupCode = Option<JoinCode>;

/// Where a member sits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Since when one of his devices is connected without a gap, Unix milliseconds.
    pub since_ms: u64,
    /// What the device is called that connected last.
    pub label: Text<LABEL_BYTES_MAX>,
    /// Whether that is his own, or a shared one.
    pub kind: DeviceKind,
}

/// A member of a group, and whether he is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// Who.
    pub account: AccountId,
    /// Where; none when he is missing, or blocks the one who asks.
    pub seat: Option<Seat>,
}

/// The members of a group in the order of their numbers.
pub type Attendance = List<Attendee, SHEET_MEMBERS_MAX>;

/// What somebody does about raised hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandDeed {
    /// Raises one's own.
    Raise,
    /// Takes it down.
    Lower,
    /// Takes down that of a member; by admins.
    LowerOf(AccountId),
    /// Takes all down; by admins.
    LowerAll,
}

/// Raises or lowers hands in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandAsk {
    /// In which.
    pub group: GroupId,
    /// What.
    pub deed: HandDeed,
}

/// A raised hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// Whose.
    pub account: AccountId,
    /// Since when, Unix milliseconds.
    pub at_ms: u64,
}

/// Hands in the order in which they were raised: all for admins, one's own for a member.
pub type Hands = List<Hand, SHEET_MEMBERS_MAX>;
