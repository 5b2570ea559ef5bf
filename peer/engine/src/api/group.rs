//! What is asked about groups, and what is told of them.

use super::classroom::ClassroomCommand;
use super::policy::{PolicyEdit, PolicyShown};
use hutong_common::group::{Floor, GroupKind, GroupRole};
use hutong_common::id::{AccountId, GroupId, RequestId};
use serde::{Deserialize, Serialize};

/// Something to do with groups.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum GroupCommand {
    /// Our groups.
    Groups,
    /// Makes a group, which we own.
    GroupCreate {
        /// Its name.
        name: String,
        /// Logins of people who are asked to come; of those whom a teacher names, who are members at once.
        #[serde(default)]
        members: Vec<String>,
        /// A class, whose members are each other's contacts; for teachers.
        #[serde(default)]
        class: bool,
    },
    /// One of our groups, with its members.
    GroupShow {
        /// Its number.
        group: GroupId,
    },
    /// Any group by its number.
    GroupFind {
        /// Its number.
        group: GroupId,
    },
    /// Asks a contact to come into a group.
    GroupInvite {
        /// Into which.
        group: GroupId,
        /// Whom.
        login: String,
        /// Words to go with it.
        #[serde(default)]
        greeting: String,
    },
    /// Asks to come into a group.
    GroupApply {
        /// Into which.
        group: GroupId,
        /// Words to go with it.
        #[serde(default)]
        greeting: String,
    },
    /// Goes out of a group.
    GroupLeave {
        /// Of which.
        group: GroupId,
    },
    /// Ends a group.
    GroupDissolve {
        /// Which.
        group: GroupId,
    },
    /// Changes a group; read as [`GroupEdit`], which has verbs of its own.
    #[serde(skip)]
    Change(GroupEdit),
    /// Something in front of a class; read as [`ClassroomCommand`], which has verbs of its own.
    #[serde(skip)]
    Classroom(ClassroomCommand),
}

/// A change of a group, which its admins make.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum GroupEdit {
    /// Makes contacts members without asking them; for teachers.
    GroupAdd {
        /// Of which group.
        group: GroupId,
        /// Whom.
        members: Vec<String>,
    },
    /// Gives a group another name.
    GroupRename {
        /// Which.
        group: GroupId,
        /// The name.
        name: String,
    },
    /// Says what everybody in a group shall read.
    GroupNotice {
        /// In which.
        group: GroupId,
        /// The words; empty takes them away.
        #[serde(default)]
        notice: String,
    },
    /// Says who may speak in a group.
    GroupFloor {
        /// In which.
        group: GroupId,
        /// Who.
        floor: FloorName,
    },
    /// Gives a class other rules.
    GroupPolicy(PolicyEdit),
    /// Makes a member an admin, or an admin a member.
    GroupRole {
        /// In which group.
        group: GroupId,
        /// Who.
        login: String,
        /// `admin` or `member`.
        role: RoleName,
    },
    /// Makes a member the owner in our place.
    GroupHandOver {
        /// Of which group.
        group: GroupId,
        /// Who.
        login: String,
    },
    /// Lets a member not speak for a while, or speak again.
    GroupMute {
        /// In which group.
        group: GroupId,
        /// Who.
        login: String,
        /// For how long; 0 lets him speak.
        minutes: u64,
    },
    /// Removes a member.
    GroupKick {
        /// From which group.
        group: GroupId,
        /// Who.
        login: String,
    },
}

/// A floor by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorName {
    /// Everybody to everybody.
    Free,
    /// What members say goes to admins only.
    Questions,
    /// Admins only.
    Admins,
    /// Nobody.
    Silent,
}

impl From<FloorName> for Floor {
    fn from(name: FloorName) -> Self {
        match name {
            FloorName::Free => Self::Free,
            FloorName::Questions => Self::Questions,
            FloorName::Admins => Self::Admins,
            FloorName::Silent => Self::Silent,
        }
    }
}

impl From<Floor> for FloorName {
    fn from(floor: Floor) -> Self {
        match floor {
            Floor::Free => Self::Free,
            Floor::Questions => Self::Questions,
            Floor::Admins => Self::Admins,
            Floor::Silent => Self::Silent,
        }
    }
}

/// What a member may do, by its name, from less to more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Read and speak.
    Member,
    /// Also invite, approve, remove and mute.
    Admin,
    /// Everything.
    Owner,
}

impl From<GroupRole> for RoleName {
    fn from(role: GroupRole) -> Self {
        match role {
            GroupRole::Member => Self::Member,
            GroupRole::Admin => Self::Admin,
            GroupRole::Owner => Self::Owner,
        }
    }
}

impl From<RoleName> for GroupRole {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Member => Self::Member,
            RoleName::Admin => Self::Admin,
            RoleName::Owner => Self::Owner,
        }
    }
}

/// `group` or `class`.
pub const fn kind_name(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Group => "group",
        GroupKind::Class => "class",
    }
}

/// A group at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupRow {
    /// Its number.
    pub group: GroupId,
    /// `group` or `class`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How many members it has.
    pub members: usize,
    /// What we may do.
    pub role: RoleName,
    /// Which sheet we have.
    pub epoch: u64,
    /// The rules of a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyShown>,
}

/// A group with its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupShown {
    /// Its number.
    pub group: GroupId,
    /// `group` or `class`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What its admins want everybody to read.
    pub notice: String,
    /// Who may speak.
    pub floor: FloorName,
    /// What we may do.
    pub role: RoleName,
    /// Which sheet this is.
    pub epoch: u64,
    /// The rules of a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyShown>,
    /// Its members in the order of their numbers.
    pub members: Vec<GroupMember>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupMember {
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
    /// What they are at the rendezvous: `member`, `teacher` or `admin`, as far as we know.
    pub server_role: &'static str,
    /// Whether they are there.
    pub online: bool,
    /// Since when they are members, Unix milliseconds.
    pub joined_ms: u64,
    /// Until when they may not speak, Unix milliseconds; none when they may.
    pub muted_until_ms: Option<u64>,
}

/// What anybody may see of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFound {
    /// Its number.
    pub group: GroupId,
    /// `group` or `class`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How many members it has.
    pub members: u32,
    /// `none`, `invited`, `applied` or `member`.
    pub standing: &'static str,
    /// The request that waits for an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
}

/// A group of ours is new, different, or ours no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupEvent {
    /// Its number.
    pub group: GroupId,
    /// Which sheet this is; of one that is ours no more, the last that we had.
    pub epoch: u64,
    /// `group` or `class`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The rules of a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyShown>,
    /// Logins of its members; none when it is ours no more.
    pub members: Vec<String>,
    /// What is different from what was told before.
    pub changes: Vec<GroupChange>,
}

/// One thing that is different about a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupChange {
    /// What.
    pub what: GroupDeed,
    /// Login of who it happened to, if it happened to somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Login of who did it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What can happen to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupDeed {
    /// It is ours now.
    Entered,
    /// It is ours no more.
    Left,
    /// Somebody came in.
    Joined,
    /// Somebody is out.
    Gone,
    /// Somebody may do more or less.
    Role,
    /// Somebody may not speak.
    Muted,
    /// Somebody may speak again.
    Unmuted,
    /// It has another name.
    Renamed,
    /// Its notice is different.
    Notice,
    /// Its picture is different.
    Picture,
    /// Others may speak.
    Floor,
    /// The rules of the class are different.
    Policy,
}

impl GroupDeed {
    /// The stable name that programs see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Joined => "joined",
            Self::Gone => "gone",
            Self::Role => "role",
            Self::Muted => "muted",
            Self::Unmuted => "unmuted",
            Self::Renamed => "renamed",
            Self::Notice => "notice",
            Self::Picture => "picture",
            Self::Floor => "floor",
            Self::Policy => "policy",
        }
    }
}
