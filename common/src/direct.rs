//! Client ↔ client: the frames on the first stream of a direct connection, and the head of a file stream.
//!
//! The dialler speaks first, and both sides check the other's [`Hello`] before anything else is believed.

use crate::bounded::List;
use crate::id::{AccountId, DeviceId, MsgId, Root};
use crate::kinds::kinds;
use crate::limits::FILE_RANGES_MAX;
use crate::refusal::Refusal;
use crate::rpc::presence::Candidates;
use crate::signed::Signed;
use serde::{Deserialize, Serialize};

kinds! {
    /// A frame between two clients.
    pub enum Direct {
        /// Who I am; the first frame in each direction.
        1 => Hello(Hello),
        /// A message.
        2 => Deliver(Signed),
        /// A message is durably stored; the receipt proves it.
        3 => Stored(Signed),
        /// A message is not taken.
        4 => Refused(Refused),
        /// Everything up to this message of the receiver of this frame was looked at.
        5 => Shown(Shown),
        /// A newer card of the sender.
        6 => Card(Signed),
        /// A newer list of revocations.
        7 => Revocations(Signed),
        /// An offered file is off: its receiver does not want it, or its sender takes it back.
        8 => FileDeclined(FileName),
        /// What this side knows, when that has changed since its Hello.
        9 => Knows(Knows),
        /// An offered file is paused by the sender of this frame, until it says otherwise.
        10 => FilePaused(FileName),
        /// An offered file is no longer paused by the sender of this frame.
        11 => FileResumed(FileName),
        /// An offered file lies complete and verified at its receiver.
        12 => FileVerified(FileName),
        /// The newest sheet of a group that this side knows; sent before a message that was written by it.
        13 => Sheet(Signed),
        /// Somebody confirms an announcement.
        14 => Confirmed(Vouched),
        /// Somebody else has an announcement to the LAN that was passed on to him; the receipt proves it.
        15 => HandedOn(Vouched),
        /// Where the sender of this frame can be reached now; replaces what was said before.
        16 => Candidates(Candidates),
    }
}

/// Proof of who is on the other end, checked against the key of the TLS handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Membership, signed by the rendezvous.
    pub membership: Signed,
    /// Card, signed by the account; holds the TLS key.
    pub card: Signed,
    /// Version of the newest revocations that this side knows; the side with the newer list sends it.
    pub revocations_version: u64,
}

/// What this side knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knows {
    /// Version of the newest revocations; the side with the newer list sends it.
    pub revocations_version: u64,
}

/// A message that is not taken, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Which message.
    pub msg_id: MsgId,
    /// Why.
    pub why: Refusal,
}

/// What an account signed with one of its devices, whoever brings it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// The account.
    pub account: AccountId,
    /// What it signed.
    pub signed: Signed,
}

/// How far somebody has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The newest message that was looked at.
    pub upto: MsgId,
}

/// A file, by the message that offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileName {
    /// The device that offered it.
    pub sender_device: DeviceId,
    /// The message that offers it.
    pub msg_id: MsgId,
}

/// First frame of a file stream: which file, and which parts of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileGet {
    /// The device that offered it.
    pub sender_device: DeviceId,
    /// The message that offers it.
    pub msg_id: MsgId,
    /// What it must hash to.
    pub root: Root,
    /// Wanted parts in units of 16 KiB chunk groups, ascending, `start..end`; empty for all.
    pub ranges: List<(u64, u64), FILE_RANGES_MAX>,
}

/// Answer on a file stream; after `Ok` follow the bao bytes of the ranges.
pub type FileAnswer = Result<(), Refusal>;
