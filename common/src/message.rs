//! What people say to each other: the signed inside of every message, whatever path it takes.
//!
//! A message is signed once by the sending device and travels unchanged; nobody re-encodes it. Kinds that a program
//! does not know keep their bytes and pass the same gates.

use crate::bounded::{List, Text};
use crate::group::SheetHash;
use crate::id::{AccountId, DeviceId, GroupId, MsgId, Root, ServerId};
use crate::kinds::kinds;
use crate::limits::{
    ANNOUNCEMENT_BYTES_MAX, FILE_BYTES_MAX, FILE_NAME_BYTES_MAX, MENTIONS_MAX, TEXT_BYTES_MAX,
};
use crate::{labels, signed::SignedBody};
use serde::{Deserialize, Serialize};

/// Named in a message of a group, it means all its members; it counts only when an admin of the group says it. No account
/// has this number.
pub const EVERYBODY: AccountId = AccountId(0);

/// The rendezvous itself, as who announces something: it signs that with its own key. No account has this number.
pub const SERVER: AccountId = AccountId(1);

/// The conversation of announcements to everybody: of those on the LAN, and of the rendezvous to all accounts. No group has this
/// number.
pub const LAN: GroupId = GroupId(0);
/// How that conversation is addressed.
pub const LAN_ADDRESS: &str = "g:lan";

/// Layout of [`Inner`] in this program.
pub const INNER_VERSION: u8 = 1;

/// The signed inside of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inner {
    /// Layout, [`INNER_VERSION`].
    pub version: u8,
    /// Name of the message, unique for its sending device.
    pub msg_id: MsgId,
    /// The rendezvous whose accounts are meant.
    pub server_id: ServerId,
    /// For whom.
    pub to: To,
    /// The writing account.
    pub sender_account: AccountId,
    /// The writing device.
    pub sender_device: DeviceId,
    /// 1, 2, 3… for this sender device and conversation.
    pub seq: u64,
    /// Hybrid logical clock: 48 bits of Unix milliseconds, 16 bits of counter.
    pub hlc: u64,
    /// When the sender believes it was written, Unix milliseconds.
    pub sent_ms: u64,
    /// What is said.
    pub content: Content,
}

impl SignedBody for Inner {
    const CONTEXT: &'static str = labels::MESSAGE;
}

/// For whom a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum To {
    /// One account.
    Account(AccountId),
    /// The members of a group.
    Group(GroupAddress),
    /// Whoever is on the LAN of the writer and knows him; of what the rendezvous announces, every account.
    Everyone,
}

/// A group, and the sheet by which the writer knew who its members were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAddress {
    /// Which group.
    pub group: GroupId,
    /// The epoch of that sheet.
    pub epoch: u64,
    /// Its hash: whoever has another one of this epoch sees other members.
    pub sheet: SheetHash,
}

kinds! {
    /// What a message says.
    pub enum Content {
        /// Written words.
        1 => Text(Words),
        /// The offer of a file.
        4 => File(Offer),
        /// What a teacher or admin of the rendezvous wants everybody to know.
        9 => Announcement(Announced),
    }
}

/// Written words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The words, any Unicode.
    pub body: Text<TEXT_BYTES_MAX>,
    /// The message that this one answers.
    pub reply_to: Option<Target>,
    /// Accounts that are named in it; [`EVERYBODY`] for all members of a group.
    pub mentions: List<AccountId, MENTIONS_MAX>,
}

/// A message that another one refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Who wrote it.
    pub sender_account: AccountId,
    /// Its name.
    pub msg_id: MsgId,
}

/// What a teacher or admin of the rendezvous wants everybody to know. It counts only from those, whatever they are in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The words, any Unicode.
    pub text: Text<ANNOUNCEMENT_BYTES_MAX>,
    /// Whether it is to be shown in large letters.
    pub large: bool,
    /// Whether everybody is asked to confirm that it was read.
    pub confirm: bool,
}

/// A file that the receiver may fetch from the offering device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The name that the sender gave; cleaned by the receiver before it is shown or used.
    pub name: Text<FILE_NAME_BYTES_MAX>,
    /// Size in bytes.
    pub size: FileSize,
    /// BLAKE3 of the content.
    pub root: Root,
}

/// A size in bytes of at most [`FILE_BYTES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct FileSize(u64);

impl FileSize {
    /// The size in bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for FileSize {
    type Error = crate::bounded::TooLarge;
    fn try_from(bytes: u64) -> Result<Self, Self::Error> {
        if bytes > FILE_BYTES_MAX {
            let clip = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            return Err(crate::bounded::TooLarge {
                len: clip(bytes),
                max: clip(FILE_BYTES_MAX),
            });
        }
        Ok(Self(bytes))
    }
}

impl From<FileSize> for u64 {
    fn from(size: FileSize) -> Self {
        size.0
    }
}
