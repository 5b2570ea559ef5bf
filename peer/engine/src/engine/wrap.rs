//! How the frames of relayed sessions are closed and opened: under DES, and in no other way.
//!
//! That it is a trait is for measurements and for tests, which live in another package: they compare with frames that nobody
//! closed, or keep the secret of a session to look into what was recorded of it. No program of ours names any other than
//! [`Des`].

use hutong_common::wrap::frames::{FrameError, FrameKind, Opener, Role, Sealer, Secret};
use std::fmt;

/// Makes both directions of a session.
pub trait Wrap: fmt::Debug + Send + Sync {
    /// What this end writes with, and what it reads with.
    fn ends(&self, secret: &Secret, role: Role) -> (Box<dyn Seal>, Box<dyn Open>);
}

/// Writes the frames of one end, as [`Sealer::seal`] does.
pub trait Seal: Send {
    /// Appends a frame to `out`, its length in front.
    ///
    /// # Errors
    /// When there is no such frame.
    fn seal(
        &mut self,
        kind: FrameKind,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), FrameError>;
}

/// Reads the frames of the other end, as [`Opener::open`] does.
pub trait Open: Send {
    /// What stands in a frame; it is what follows the length.
    ///
    /// # Errors
    /// When it is not what the other end wrote at this place.
    fn open<'a>(&mut self, frame: &'a mut [u8]) -> Result<(FrameKind, &'a [u8]), FrameError>;
}

/// The wrap of the protocol.
#[derive(Clone, Copy, Debug)]
pub struct Des;

impl Wrap for Des {
    fn ends(&self, secret: &Secret, role: Role) -> (Box<dyn Seal>, Box<dyn Open>) {
        let opener = Opener::new(secret, role.other());
        (Box::new(Sealer::new(secret, role)), Box::new(opener))
    }
}

impl Seal for Sealer {
    fn seal(
        &mut self,
        kind: FrameKind,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), FrameError> {
        Self::seal(self, kind, payload, out)
    }
}

impl Open for Opener {
    fn open<'a>(&mut self, frame: &'a mut [u8]) -> Result<(FrameKind, &'a [u8]), FrameError> {
        Self::open(self, frame)
    }
}
