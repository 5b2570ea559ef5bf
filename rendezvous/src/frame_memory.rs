//! How many bytes of large frames there may be at once, under way or waiting for their commit, in all connections
//! together. Whoever wants more waits, within the time that a frame has.
//!
//! Used by `frames.rs`, which takes a place before it reads, and by `connection.rs`, which gives it back with the answer.

use hutong_common::limits::{FRAME_MEMORY_BYTES_MAX, FRAME_SMALL_BYTES_MAX};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one place stands for.
const PLACE_BYTES: usize = 1024;

/// The memory there is.
#[derive(Clone, Debug)]
pub(crate) struct FrameMemory(Arc<Semaphore>);

/// A part of it, given back when dropped; none for a small frame.
pub(crate) type Reserved = Option<OwnedSemaphorePermit>;

impl Default for FrameMemory {
    fn default() -> Self {
        Self::of(FRAME_MEMORY_BYTES_MAX)
    }
}

impl FrameMemory {
    pub(crate) fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes / PLACE_BYTES)))
    }

    /// Waits until there is room for a frame of this length.
    pub(crate) async fn reserve(&self, bytes: usize) -> Reserved {
        if bytes <= FRAME_SMALL_BYTES_MAX {
            return None;
        }
        let places = u32::try_from(bytes.div_ceil(PLACE_BYTES)).unwrap_or(u32::MAX);
        Arc::clone(&self.0).acquire_many_owned(places).await.ok()
    }
}
