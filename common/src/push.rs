//! What the rendezvous tells without being asked: hints about stored truth. A client that misses one misses nothing.

use crate::id::{AccountId, GroupId};
use crate::kinds::kinds;
use crate::rpc::doctor::{PathCheck, PathChecked};
use crate::rpc::groups::GroupEpoch;
use crate::rpc::presence::Introduction;
use crate::rpc::relay::RelayInvited;
use crate::signed::Signed;
use serde::{Deserialize, Serialize};

kinds! {
    /// A hint from the rendezvous.
    pub enum Push {
        /// Somebody came or went.
        1 => Presence(Presence),
        /// New mail waits: ask with `Mail`.
        2 => MailWaiting(Hint),
        /// Receipts wait: ask with `Receipts`.
        3 => ReceiptsWaiting(Hint),
        /// A friend request was made or answered: ask with `FriendRequests`.
        4 => FriendRequestsChanged(Hint),
        /// A contact is new, gone or different: ask with `Contact`.
        5 => ContactChanged(ContactChanged),
        /// Somebody is about to dial us; dial back.
        6 => Introduction(Introduction),
        /// The own membership was made anew.
        7 => Membership(Signed),
        /// Devices or memberships were revoked.
        8 => Revocations(Signed),
        /// Another connection of this device took over; stay away for a while.
        9 => Replaced(Hint),
        /// The rendezvous stops; come back after the pause.
        10 => ShuttingDown(ShuttingDown),
        /// The own account has a newer card.
        11 => OwnCard(Signed),
        /// A connection showed this device's key with a number that was used before: a copied or set-back disk.
        12 => Cloned(Hint),
        /// Somebody who is there is away, or is back.
        13 => Away(Away),
        /// A group of the own account has a newer sheet, or none any more: ask with `Sheet`.
        14 => GroupChanged(GroupEpoch),
        /// An invitation or application was made or answered: ask with `GroupRequests`.
        15 => GroupRequestsChanged(Hint),
        /// Hands were raised or lowered in a group of the own account: ask with `Hands`.
        16 => HandsChanged(HandsChanged),
        /// Somebody wants a relayed session with this device.
        17 => RelayInvited(RelayInvited),
        /// A contact checks the path to this device: take part, then say `PathChecked`.
        18 => PathCheck(PathCheck),
        /// What the other side saw of a check that this device asked for.
        19 => PathChecked(PathChecked),
    }
}

/// Nothing but the hint itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {}

/// Somebody came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Who.
    pub account: AccountId,
    /// Whether one of his devices is connected now.
    pub online: bool,
}

/// Somebody who is there is away, or is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Who.
    pub account: AccountId,
    /// Whether all of his connected devices say so.
    pub away: bool,
}

/// A contact is new, gone or different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChanged {
    /// Who.
    pub account: AccountId,
}

/// Hands were raised or lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandsChanged {
    /// In which group.
    pub group: GroupId,
}

/// The rendezvous stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShuttingDown {
    /// Come back after this time, in milliseconds.
    pub retry_ms: u64,
}
