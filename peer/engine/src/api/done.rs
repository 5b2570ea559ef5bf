//! The successful answers to commands, as the agent prints them beside `re` and `ok`.

mod conversations;

pub use conversations::{Chat, Draft, HistoryRow, UnreadRow};

use super::announcement::AnnouncementDone;
use super::classroom::{AttendanceShown, CodeShown, HandsShown};
use super::doctor::DoctorShown;
use super::event::{File, RequestKind};
use super::group::{GroupFound, GroupRow, GroupShown};
use super::{Path, PathWhy};
use hutong_common::id::{AccountId, DeviceId, FileId, GroupId, MsgId, RequestId};
use hutong_common::signed::{DeviceKind, Role};
use serde::{Serialize, Serializer};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A command was carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Done {
    /// Nothing more to say.
    Plain {},
    /// → `servers`.
    Servers {
        /// Those seen.
        servers: Vec<ServerSeen>,
    },
    /// → `register`, `login`.
    SignedIn(SignedIn),
    /// → `whoami`.
    Whoami(Whoami),
    /// → `find`, `whois`.
    Person(Person),
    /// → `can_add`.
    CanAdd {
        /// Whether a request would be taken.
        can_add: bool,
        /// Why not.
        why: Option<&'static str>,
    },
    /// → `add`, `group_invite`, `group_apply`.
    Added {
        /// The request.
        request: RequestId,
    },
    /// → `requests`.
    Requests {
        /// Newest first.
        requests: Vec<RequestRow>,
    },
    /// → `friends`.
    Friends {
        /// By login.
        friends: Vec<Friend>,
    },
    /// → `blocked`.
    Blocked {
        /// By login.
        blocked: Vec<BlockedRow>,
    },
    /// → `who`.
    Who {
        /// By login.
        people: Vec<Presence>,
    },
    /// → `away`.
    Away {
        /// Whether one says to be away.
        away: bool,
    },
    /// → `chats`.
    Chats {
        /// Newest first; friends to whom nothing was said yet come last, by login.
        chats: Vec<Chat>,
    },
    /// → `unread`.
    Unread {
        /// Messages in all.
        total: u64,
        /// By conversation.
        conversations: Vec<UnreadRow>,
        /// Open requests to us.
        requests: u64,
    },
    /// → `draft`: what is noted now.
    Draft(Draft),
    /// → `drafts`.
    Drafts {
        /// Oldest first.
        drafts: Vec<Draft>,
    },
    /// → `send`.
    Sent {
        /// The message.
        #[serde(serialize_with = "display")]
        message: MsgId,
        /// Why it is not sent before the person has done something: `key_changed`.
        #[serde(skip_serializing_if = "Option::is_none")]
        waits: Option<&'static str>,
    },
    /// → `send_file`.
    FileSent {
        /// The message.
        #[serde(serialize_with = "display")]
        message: MsgId,
        /// The file.
        #[serde(serialize_with = "display")]
        file: FileId,
    },
    /// → `accept_file`, `decline_file`, `cancel_file`, `pause_file`, `resume_file`.
    FileAnswered {
        /// The file.
        #[serde(serialize_with = "display")]
        file: FileId,
    },
    /// → `history`.
    History {
        /// Oldest first.
        messages: Vec<HistoryRow>,
        /// Whether there are more in the direction asked.
        more: bool,
    },
    /// → `files`.
    Files {
        /// Newest last.
        files: Vec<File>,
    },
    /// → `safety`.
    Safety(Safety),
    /// → `groups`.
    Groups {
        /// In the order of their numbers.
        groups: Vec<GroupRow>,
    },
    /// → `group_create`, `group_join`, `group_show`, and every change of a group.
    Group(GroupShown),
    /// → `group_find`.
    GroupFound(GroupFound),
    /// → `group_code`.
    GroupCode(CodeShown),
    /// → `attendance`.
    Attendance(AttendanceShown),
    /// → `hands`.
    Hands(HandsShown),
    /// → `proof`, `announcements`.
    Announcement(AnnouncementDone),
    /// → `doctor`.
    Doctor(Box<DoctorShown>),
    /// → `devices`.
    Devices {
        /// In the order in which they were added.
        devices: Vec<Device>,
    },
}

/// A rendezvous seen on this LAN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServerSeen {
    /// Its name, as it says.
    pub name: String,
    /// Its key, as it says.
    pub server_id: String,
    /// To compare with what the teacher shows.
    pub fingerprint: String,
    /// Where.
    pub address: SocketAddr,
    /// Whether it is the pinned one.
    pub trusted: bool,
}

/// Who is signed in now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// Its login.
    pub login: String,
    /// This device.
    #[serde(serialize_with = "display")]
    pub device: DeviceId,
    /// What this device is to the account.
    pub kind: &'static str,
    /// Until when, Unix milliseconds at the rendezvous.
    pub until_ms: u64,
}

/// Who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Whoami {
    /// The same as after signing in.
    #[serde(flatten)]
    pub signed_in: SignedIn,
    /// Display name.
    pub name: String,
    /// `m`, `f`, `x` or none.
    pub sex: Option<&'static str>,
    /// The line about oneself.
    pub signature: String,
    /// Where one's picture lies.
    pub avatar: Option<PathBuf>,
    /// Whether one says to be away.
    pub away: bool,
    /// The pinned rendezvous.
    pub server_id: String,
    /// Its name.
    pub server: String,
    /// What we are there: `member`, `teacher` or `admin`.
    pub role: &'static str,
}

/// `member`, `teacher` or `admin`.
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Teacher => "teacher",
        Role::Admin => "admin",
    }
}

/// `own` or `seat`.
pub const fn kind_name(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Own => "own",
        DeviceKind::Seat => "seat",
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Its number.
    pub account: AccountId,
    /// Its login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// What it is to us.
    pub relation: Relation,
    /// Whether a request would be taken.
    pub can_add: bool,
    /// How to address contacts: `m`, `f`, `x` or none.
    pub sex: Option<&'static str>,
    /// What contacts say about themselves.
    pub signature: Option<String>,
    /// Where the picture lies, of contacts that have one.
    pub avatar: Option<PathBuf>,
}

/// What an account is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Nothing yet.
    None,
    /// A request is open.
    Requested,
    /// A friend.
    Friend,
    /// A member of a common class.
    Classmate,
    /// Ourselves.
    #[serde(rename = "self")]
    Own,
    /// A member of a common group, and nothing else.
    Member,
}

/// What two people compare, and whether they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Safety {
    /// Login of the other.
    pub login: String,
    /// Account of the other.
    pub account: AccountId,
    /// Twelve groups of five digits, alike on both sides.
    pub safety: String,
    /// Whether the person said that they are alike.
    pub verified: bool,
    /// Whether the other's key changed, and the person has not agreed to it.
    pub key_changed: bool,
}

/// A device of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Its name for programs.
    #[serde(serialize_with = "display")]
    pub device: DeviceId,
    /// What its person calls it.
    pub label: String,
    /// `own` or `seat`.
    pub kind: &'static str,
    /// When it was added, Unix milliseconds.
    pub added_ms: u64,
    /// When it ends by itself, Unix milliseconds.
    pub until_ms: u64,
    /// Whether it is this one.
    pub this: bool,
    /// Whether it was signed out, or has ended.
    pub gone: bool,
}

/// A friend request, or one about a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRow {
    /// Its number.
    pub request: RequestId,
    /// What is asked.
    pub kind: RequestKind,
    /// `in` or `out`.
    pub direction: &'static str,
    /// Who asks.
    pub from: String,
    /// Who is asked.
    pub to: String,
    /// Display name of the other.
    pub name: String,
    /// With which words.
    pub text: String,
    /// When, Unix milliseconds.
    pub at_ms: u64,
    /// `pending`, `accepted` or `declined`.
    pub state: &'static str,
    /// Into which group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
}

/// A friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Friend {
    /// Login.
    pub login: String,
    /// Account.
    pub account: AccountId,
    /// Display name.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// The line about themselves.
    pub signature: String,
    /// Since when, Unix milliseconds.
    pub since_ms: u64,
    /// Where the picture lies, if there is one.
    pub avatar: Option<PathBuf>,
}

/// Somebody whom we blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockedRow {
    /// Login; the number of the account while that is not known here.
    pub login: String,
    /// Account.
    pub account: AccountId,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
}

/// A contact with presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Login.
    pub login: String,
    /// Account.
    pub account: AccountId,
    /// Display name.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// What it is to us.
    pub relation: Relation,
    /// What it is at the rendezvous: `member`, `teacher` or `admin`.
    pub role: &'static str,
    /// Connected to the rendezvous, or linked to us.
    pub online: bool,
    /// Whether they say that they are away.
    pub away: bool,
    /// How a message would go.
    pub path: Path,
    /// Round-trip time of the direct link, in microseconds.
    pub rtt_us: Option<u64>,
    /// Why it goes by relay, where it does.
    pub why: Option<PathWhy>,
}

fn display<T: std::fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
