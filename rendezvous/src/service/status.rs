//! How a running rendezvous is: who is connected, and what passes through it. For whoever runs it; no names.

use super::Service;
use super::relay::RelayFacts;
use serde::{Deserialize, Serialize};

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusFacts {
    /// Since when it runs, Unix milliseconds.
    pub since_ms: u64,
    /// Accounts with a connected device.
    pub accounts: u64,
    /// Connected devices.
    pub devices: u64,
    /// Relayed sessions.
    pub relay: RelayFacts,
}

impl Service {
    /// How it is.
    pub fn status(&self) -> StatusFacts {
        let online = self.presence.online();
        let devices = online
            .iter()
            .map(|account| self.presence.since(*account).len());
        StatusFacts {
            since_ms: self.since_ms,
            accounts: online.len() as u64,
            devices: devices.sum::<usize>() as u64,
            relay: self.relay_facts(),
        }
    }
}
