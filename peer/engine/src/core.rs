//! Everything that the client decides, as a plain state machine: no IO, no clock, no randomness of its own.
//!
//! [`io`] is its whole contract with the outside. The root only routes: each child owns its state, its timers and its
//! tests. The caller hands in a few inputs within one transaction, commits it, and then performs the outputs in order,
//! so nothing leaves this computer that a crash could take back. Nothing that comes from outside makes the core panic.

pub mod io;
pub mod stretch;

use crate::store::{StoreError, Tx};
use hutong_common::entropy::Entropy;
use hutong_common::opaque::Stretch;
use io::{Input, Now, Output};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What the core is told once, when a home is opened.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// The home folder, for [`crate::api::event::Ready`].
    pub home: PathBuf,
    /// Where accepted files go when no folder is named.
    pub downloads: PathBuf,
    /// Invite link or `HOST:PORT` of a preset file; a link pins its rendezvous without a question.
    pub preset: Option<String>,
    /// What this computer is called in the list of the account's devices.
    pub device_label: String,
    /// How passwords are stretched.
    pub stretch: Stretch,
    /// Addresses at which any contact's device may be tried.
    pub static_peers: Vec<SocketAddr>,
    /// Keys lie unprotected in the home: warned of at every start.
    pub plain_keys: bool,
}

/// What the core may use while it handles one input.
pub struct Context<'a> {
    /// The time.
    pub now: Now,
    /// Randomness.
    pub entropy: &'a mut dyn Entropy,
    /// The open transaction of the batch.
    pub tx: &'a mut Tx,
    /// Where outputs are appended; performed after the commit.
    pub out: &'a mut Vec<Output>,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// One client without its IO.
#[derive(Debug)]
pub struct Core {
    config: CoreConfig,
}

impl Core {
    /// Rebuilds everything from the home's database.
    ///
    /// # Errors
    /// When the database fails; nothing is kept then.
    pub fn open(config: CoreConfig, _cx: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self { config })
    }

    /// Handles one input.
    ///
    /// # Errors
    /// When the database fails: the core must be dropped and opened again.
    pub fn handle(&mut self, input: Input, _cx: &mut Context<'_>) -> Result<(), StoreError> {
        tracing::debug!(?input, home = ?self.config.home, "input");
        Ok(())
    }

    /// When [`Input::Deadline`] is wanted, in the monotonic milliseconds of [`Now`].
    pub const fn deadline_ms(&self) -> Option<u64> {
        None
    }
}
