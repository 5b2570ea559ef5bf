//! The grant of a relayed session: who wants one with whom, and the ticket that each of both ends joins it with.

use crate::id::{AccountId, DeviceId, RelaySession};
use crate::wrap::frames::Role;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A session is wanted with this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayAsk {
    /// Whose device.
    pub account: AccountId,
    /// Which.
    pub device: DeviceId,
}

/// One end's right to join a session, once, at the rendezvous that granted it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayTicket {
    /// Which session.
    pub session: RelaySession,
    /// Which end.
    pub role: Role,
    /// What the frames of both ends are wrapped with.
    pub secret: [u8; 32],
    /// How long it may still be joined, in milliseconds.
    pub ttl_ms: u64,
}

impl fmt::Debug for RelayTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayTicket")
            .field("session", &self.session)
            .field("role", &self.role)
            .field("ttl_ms", &self.ttl_ms)
            .finish_non_exhaustive()
    }
}

/// Somebody wants a session with this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayInvited {
    /// Who.
    pub account: AccountId,
    /// By which device.
    pub device: DeviceId,
    /// How to join it.
    pub ticket: RelayTicket,
}
