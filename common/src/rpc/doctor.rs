//! The check of the network: whether UDP comes back from the rendezvous, and whether two devices hear each other.

use crate::check::CheckToken;
use crate::id::AccountId;
use crate::rpc::presence::Introduction;
use serde::{Deserialize, Serialize};

/// Something for a check of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckAsk {
    /// How UDP to the rendezvous can be tried; → [`Reply::UdpCheck`](super::Reply::UdpCheck).
    Udp,
    /// A check with a device of this contact, which is told to take part; → [`Reply::PathCheck`](super::Reply::PathCheck).
    Path(AccountId),
    /// What this device saw of a check that it took part in; → [`Reply::Done`](super::Reply::Done).
    Report(PathChecked),
}

/// How UDP to the rendezvous can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UdpCheck {
    /// What the packets carry; they are answered to the address of this connection only.
    pub token: CheckToken,
    /// UDP port of the rendezvous; none when it has none.
    pub port: Option<u16>,
    /// Whether it announces itself by mDNS.
    pub announced: bool,
}

/// The other side of a check between two devices: both send, both count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathCheck {
    /// What the packets carry.
    pub token: CheckToken,
    /// Who the other side is, and where; nowhere when it has no UDP.
    pub other: Introduction,
}

/// What the device that was asked has seen of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathChecked {
    /// Which check.
    pub token: CheckToken,
    /// How many packets of the other side came in.
    pub heard: u8,
    /// Whether UDP comes back to it from the rendezvous; none when it cannot tell.
    pub udp: Option<bool>,
}
