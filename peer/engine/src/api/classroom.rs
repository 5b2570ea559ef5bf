//! What a teacher asks in front of a class, and what is told: codes, who is there, raised hands.

use super::group::RoleName;
use hutong_common::id::{AccountId, GroupId};
use serde::{Deserialize, Serialize};

/// Something to do in front of a class, or in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ClassroomCommand {
    /// Shows the code with which people come into a group, makes a new one or ends it; for its admins.
    GroupCode {
        /// Of which group.
        group: GroupId,
        /// A new one takes its place.
        #[serde(default)]
        new: bool,
        /// There is none any more.
        #[serde(default)]
        off: bool,
    },
    /// Comes into the group that has this code.
    GroupJoin {
        /// As typed.
        code: String,
    },
    /// Who of a group is there; for its admins.
    Attendance {
        /// Of which group.
        group: GroupId,
    },
    /// Raises one's hand in a group or takes it down; admins also take down those of others.
    Hand {
        /// In which group.
        group: GroupId,
        /// Up or down.
        up: bool,
        /// Whose; one's own when left out.
        #[serde(default)]
        login: Option<String>,
        /// Everybody's.
        #[serde(default)]
        all: bool,
    },
    /// Hands that are raised in a group; a member sees only his own.
    Hands {
        /// In which group.
        group: GroupId,
    },
}

/// The code of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeShown {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The code in two blocks; none when there is none.
    pub code: Option<String>,
}

/// Who of a group is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendanceShown {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// When it was asked, Unix milliseconds.
    pub at_ms: u64,
    /// How many are there.
    pub present: usize,
    /// How many are not.
    pub missing: usize,
    /// Its members in the order of their numbers.
    pub members: Vec<AttendeeShown>,
}

/// A member, and whether he is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendeeShown {
    /// Login; the account's number of somebody of whom we may know no more.
    pub login: String,
    /// Account.
    pub account: AccountId,
    /// Display name.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// What they may do.
    pub role: RoleName,
    /// Whether they are there.
    pub present: bool,
    /// Since when without a gap, Unix milliseconds.
    pub since_ms: Option<u64>,
    /// What the computer is called at which they are.
    pub seat: Option<String>,
    /// Whether that is their `own` or a shared `seat`.
    pub seat_kind: Option<&'static str>,
}

/// Raised hands, as they are told and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandsShown {
    /// In which group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// In the order in which they went up.
    pub hands: Vec<HandShown>,
}

/// A raised hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandShown {
    /// Login of whose it is.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Since when, Unix milliseconds.
    pub at_ms: u64,
}
