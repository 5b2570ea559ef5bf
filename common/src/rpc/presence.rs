//! Where devices can be reached, and who introduces whom. Addresses are hints: keys come from cards, never from here.

use crate::bounded::List;
use crate::id::{AccountId, DeviceId};
use crate::limits::CANDIDATES_MAX;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// UDP addresses at which a device may answer.
pub type Candidates = List<SocketAddr, CANDIDATES_MAX>;

/// One device and where to dial it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// Whose device.
    pub account: AccountId,
    /// Which.
    pub device: DeviceId,
    /// Where, best guess first.
    pub candidates: Candidates,
}
