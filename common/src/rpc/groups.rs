//! Groups and classes: making, changing and joining them, and mail to their members.

use crate::bounded::{List, Text};
use crate::group::{ClassPolicy, Floor, GroupKind, GroupRole};
use crate::id::{AccountId, GroupId, RequestId};
use crate::limits::{
    GROUP_MEMBERS_MAX, GROUPS_JOINED_MAX, MAIL_PAGE_MAX, NOTICE_BYTES_MAX, REQUESTS_LISTED_MAX,
};
use crate::name::{DisplayName, Login};
use crate::rpc::accounts::AvatarBytes;
use crate::rpc::friends::{Greeting, RequestState};
use crate::rpc::mail::{Envelope, Mailed};
use serde::{Deserialize, Serialize};

/// Makes a group, whose owner the asker becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateGroup {
    /// Drawn by the client: asked again with the same, perhaps after a crash, it is the same group.
    pub token: [u8; 16],
    /// Only teachers and admins make classes.
    pub kind: GroupKind,
    /// Its name.
    pub name: DisplayName,
    /// Who else: invited, or added at once by teachers and admins.
    pub members: List<AccountId, GROUP_MEMBERS_MAX>,
}

/// Which sheet of a group is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEpoch {
    /// The group.
    pub group: GroupId,
    /// The epoch of its newest sheet.
    pub epoch: u64,
}

/// The groups of the asker in the order of their numbers.
pub type GroupEpochs = List<GroupEpoch, GROUPS_JOINED_MAX>;

/// What the asker is to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Nothing yet.
    None,
    /// Asked to come; this request waits for an answer.
    Invited(RequestId),
    /// Asks to come in; this request waits for an answer.
    Applied(RequestId),
    /// In it.
    Member,
}

/// What anybody who knows its number may see of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// The group.
    pub group: GroupId,
    /// What it is for.
    pub kind: GroupKind,
    /// Its name.
    pub name: DisplayName,
    /// How many members it has.
    pub members: u32,
    /// BLAKE3 of its picture, if it has one.
    pub picture: Option<[u8; 32]>,
    /// What the asker is to it.
    pub standing: Standing,
}

/// One change of a group; each makes a new sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Another name; by admins.
    Rename(DisplayName),
    /// Another notice; by admins.
    Notice(Text<NOTICE_BYTES_MAX>),
    /// Another picture, or none when empty; by admins.
    Picture(AvatarBytes),
    /// Who may speak; by admins.
    Floor(Floor),
    /// The rules of a class; by its admins.
    Policy(ClassPolicy),
    /// A member becomes an admin or is none any more; by the owner.
    Role {
        /// Who.
        account: AccountId,
        /// [`GroupRole::Member`] or [`GroupRole::Admin`].
        role: GroupRole,
    },
    /// A member becomes the owner, and the owner an admin; by the owner.
    HandOver(AccountId),
    /// A member may not speak for a while; by whoever stands above him.
    Mute {
        /// Who.
        account: AccountId,
        /// For how long, in milliseconds; 0 lets him speak again.
        for_ms: u64,
    },
    /// Somebody is a member without being asked; by teachers and admins of the rendezvous who are admins of the group.
    Add(List<AccountId, GROUP_MEMBERS_MAX>),
    /// A member is out; by whoever stands above him.
    Remove(AccountId),
}

/// Changes a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeGroup {
    /// Which.
    pub group: GroupId,
    /// In what.
    pub change: Change,
}

/// Asks a contact to come into a group; by its admins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Into which.
    pub group: GroupId,
    /// Whom.
    pub account: AccountId,
    /// With which words.
    pub greeting: Greeting,
}

/// Asks to come into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apply {
    /// Into which.
    pub group: GroupId,
    /// With which words.
    pub greeting: Greeting,
}

/// Who asks whom about a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupRequestKind {
    /// An admin asks somebody to come.
    Invitation,
    /// Somebody asks to come in.
    Application,
}

/// An invitation or application as somebody sees it whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRequest {
    /// Its number; never that of a friend request.
    pub request: RequestId,
    /// What it is.
    pub kind: GroupRequestKind,
    /// Whether the asker is to answer it.
    pub incoming: bool,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub group_name: DisplayName,
    /// The other account: of an invitation to oneself who invites, else who is to come in.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// Its name.
    pub name: DisplayName,
    /// The greeting.
    pub greeting: Greeting,
    /// When, Unix milliseconds at the rendezvous.
    pub at_ms: u64,
    /// What became of it.
    pub state: RequestState,
}

/// Invitations and applications, newest first.
pub type GroupRequests = List<GroupRequest, REQUESTS_LISTED_MAX>;

/// Mail to members of a group, judged by its newest sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMail {
    /// To which.
    pub group: GroupId,
    /// Sealed to members, or to oneself.
    pub envelope: Envelope,
}

/// One message in somebody's mail, with the group whose sheet allowed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The mail.
    pub mailed: Mailed,
    /// The newest sheet of the group when it was left; none for mail of one person to another.
    pub group: Option<GroupEpoch>,
}

/// All mail in the order in which it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostPage {
    /// The mail.
    pub mail: List<Post, MAIL_PAGE_MAX>,
    /// Whether there is more after the last row.
    pub more: bool,
}
