//! Everything that the engine tells without being asked. An event about stored truth comes after its commit.

mod file;

pub use file::{File, FileState};

use super::announcement::{AnnouncedHow, Announcement, Confirmed};
use super::classroom::HandsShown;
use super::group::GroupEvent;
use super::{Path, PathWhy};
use hutong_common::id::{AccountId, DeviceId, FileId, GroupId, MsgId, RequestId};
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The home is open and UDP bound; again after every sign-in and sign-out.
    Ready(Ready),
    /// The rendezvous came or went.
    Server {
        /// Its state now.
        state: ServerState,
    },
    /// What waited at the rendezvous when we signed in is here: contacts, requests, mail, receipts. Told once after each
    /// [`ServerState::Online`], and after the events of what it found.
    CaughtUp {},
    /// A message was stored: somebody else's, or our own, written here or on another of our computers.
    Message(Message),
    /// One of our messages got further.
    Delivery(Delivery),
    /// A contact came or went, or is reached otherwise.
    Presence(Presence),
    /// A request was made to us: to be friends, or about a group.
    Request(Request),
    /// The list of contacts is different, or a name, signature, picture or key in it, or our own profile.
    Contact {
        /// Login of who it is about.
        user: String,
        /// What happened.
        change: ContactChange,
    },
    /// The list of friend requests is different from the one that was told before: made or answered, here or elsewhere.
    Requests {
        /// Those to us that are not answered.
        open: u64,
    },
    /// Messages of a conversation were looked at, by whoever listens to this engine or on another of our computers.
    Read {
        /// With whom.
        conversation: String,
        /// How many are unread now.
        unread: u64,
    },
    /// A file was offered or got further.
    File(File),
    /// A group of ours is new, different, or ours no more.
    Group(GroupEvent),
    /// An announcement was stored; its [`Event::Message`] came before.
    Announcement(Announcement),
    /// Somebody confirmed an announcement of ours, or we did one of somebody else.
    Confirmed(Confirmed),
    /// Hands went up or down in a group of ours.
    Hands(HandsShown),
    /// Something that a person should know.
    Warning {
        /// What.
        code: WarningCode,
        /// In words, for the log; faces have their own.
        text: String,
        /// Login of the contact that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        who: Option<String>,
        /// Since when, Unix milliseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        since_ms: Option<u64>,
    },
}

impl Event {
    /// A warning that is about nobody and no time.
    pub fn warning(code: WarningCode, text: impl Into<String>) -> Self {
        Self::Warning {
            code,
            text: text.into(),
            who: None,
            since_ms: None,
        }
    }
}

/// Where this engine is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// The account, when signed in.
    pub account: Option<AccountId>,
    /// Its login.
    pub login: Option<String>,
    /// This device.
    #[serde(serialize_with = "display_option")]
    pub device: Option<DeviceId>,
    /// UDP port; none with `--udp off`.
    pub udp_port: Option<u16>,
    /// The home folder.
    pub home: PathBuf,
}

/// How the rendezvous is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerState {
    /// Signed in.
    Online,
    /// Not connected, and not trying.
    Offline,
    /// Not connected; tries again after a pause.
    Backoff,
}

/// A message as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its name.
    #[serde(serialize_with = "display")]
    pub id: MsgId,
    /// Login of who wrote it.
    pub from: String,
    /// Account of who wrote it.
    pub account: AccountId,
    /// Our own name for who wrote it, where we gave one.
    pub remark: Option<String>,
    /// The conversation: the other's login, or `g:` and the number of the group.
    pub conversation: String,
    /// The group, of a message in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Whether it names us, or all members of the group.
    pub mentions_me: bool,
    /// What it is.
    pub kind: MessageKind,
    /// Its words.
    pub text: Option<String>,
    /// When the writer believes it was written, Unix milliseconds.
    pub sent_ms: u64,
    /// Hybrid logical clock, 16 hexadecimal digits: its place in the order.
    pub hlc: String,
    /// Its number from that device in that conversation.
    pub seq: u64,
    /// By which way it came, or went first.
    pub path: Path,
    /// The file that it offers.
    #[serde(serialize_with = "display_option")]
    pub file: Option<FileId>,
    /// That file's name, cleaned.
    pub file_name: Option<String>,
    /// Its bytes.
    pub file_size: Option<u64>,
    /// How an announcement is to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<AnnouncedHow>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Words.
    Text,
    /// The offer of a file.
    File,
    /// An announcement.
    Announcement,
    /// Needs a newer version.
    Unknown,
}

/// How far a message got; never back to a lower one, and `Failed` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// On our disk.
    Queued,
    /// Handed to a link or the rendezvous, unanswered.
    InFlight,
    /// On the disk of the rendezvous.
    LeftAtServer,
    /// On the other's disk, proved by a signed receipt.
    Delivered,
    /// Looked at.
    Shown,
    /// Given up.
    Failed,
}

/// One of our messages got further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Which.
    #[serde(serialize_with = "display")]
    pub message: MsgId,
    /// To whom: a login, or `g:` and the number of a group when it is as far for all its members.
    pub to: String,
    /// The conversation: that login, or the group when `to` is one of its members.
    pub conversation: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// How far.
    pub state: DeliveryState,
    /// By which way.
    pub path: Path,
    /// Why it failed.
    pub code: Option<&'static str>,
}

/// A contact came or went, or is reached otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Who.
    pub user: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
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

/// What happened to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactChange {
    /// New in the list.
    Added,
    /// In the list no more.
    Removed,
    /// Still in the list.
    Changed,
}

/// A request was made to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Its number.
    pub request: RequestId,
    /// What is asked.
    pub kind: RequestKind,
    /// By whom.
    pub from: String,
    /// Their display name.
    pub name: String,
    /// With which words.
    pub text: String,
    /// Into which group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// To be friends.
    Friend,
    /// To come into a group.
    GroupInvite,
    /// To be let into a group.
    GroupApply,
}

/// Something that a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// This computer's clock differs much from the rendezvous'.
    ClockOff,
    /// Another computer uses this device's key.
    IdentityCloned,
    /// A contact has a new account key.
    KeyChanged,
    /// Keys lie unprotected in the home.
    PlainKeys,
    /// This device was removed from the account, or its session is over.
    SignedOut,
    /// A listener was too slow and missed events.
    EventsMissed,
    /// The rendezvous at the known address has another key.
    ServerKeyChanged,
    /// A contact's device numbers its messages twice: it was copied or set back.
    DeviceCopied,
    /// Mail waits at the rendezvous that this device cannot open until the password is typed.
    MailLocked,
    /// The home's database or its disk failed: the engine does nothing more until it is started again.
    Storage,
    /// The account is locked at the rendezvous; this device comes in again once it is unlocked.
    AccountLocked,
    /// The account is made, and the rendezvous did not take its picture.
    AvatarNotSet,
    /// A member of a group sees other members of it than we do, by a sheet of the same number.
    SheetDiffers,
}

impl WarningCode {
    /// The stable name that programs see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClockOff => "clock_off",
            Self::IdentityCloned => "identity_cloned",
            Self::KeyChanged => "key_changed",
            Self::PlainKeys => "plain_keys",
            Self::SignedOut => "signed_out",
            Self::EventsMissed => "events_missed",
            Self::ServerKeyChanged => "server_key_changed",
            Self::DeviceCopied => "device_copied",
            Self::MailLocked => "mail_locked",
            Self::Storage => "storage",
            Self::AccountLocked => "account_locked",
            Self::AvatarNotSet => "avatar_not_set",
            Self::SheetDiffers => "sheet_differs",
        }
    }
}

pub(super) fn display<T: std::fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn display_option<T: std::fmt::Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
