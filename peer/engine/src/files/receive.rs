//! The receiving side of a verified stream: every group is checked against the root before it is written.
//!
//! Called on a blocking thread with the bytes as they come from the network. Writes are large and in order; what is
//! verified is synced and noted now and then, and always at the end, however the stream ends.

use super::groups::Groups;
use super::part::{Claim, Part};
use super::{GROUP_BYTES, tree};
use crate::core::io::FetchEnd;
use bao_tree::io::BaoContentItem;
use bao_tree::io::DecodeError;
use bao_tree::io::sync::DecodeResponseIter;
use hutong_common::limits::{FILE_CHECKPOINT_BYTES, FILE_CHECKPOINT_MS, FILE_WRITE_BYTES};
use std::io::Read;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

/// Reads the verified stream `encoded` of the groups `asked` into `part`. `now_ms` is a monotonic clock; `progress` is
/// told the verified bytes after each write.
///
/// # Errors
/// [`FetchEnd::Damaged`] at the first byte that does not prove itself, [`FetchEnd::Interrupted`] when the stream ends
/// early, and what the disk says.
pub fn receive(
    part: &mut Part,
    asked: &Groups,
    encoded: impl Read,
    now_ms: impl Fn() -> u64,
    progress: impl FnMut(u64),
) -> Result<(), FetchEnd> {
    // Nobody takes a claim while the one before is being kept.
    let (claims, queue) = sync_channel::<Claim>(0);
    thread::scope(|scope| {
        let keep = move || queue.into_iter().try_for_each(Claim::keep);
        let Ok(keeping) = thread::Builder::new().spawn_scoped(scope, keep) else {
            return Err(FetchEnd::Unwritable);
        };
        let mut writer = Writer {
            last_ms: now_ms(),
            part,
            claims,
            pending: Vec::with_capacity(FILE_WRITE_BYTES),
            at: 0,
            unsynced: 0,
            now_ms,
            progress,
        };
        let read = writer.read(asked, encoded);
        // What was verified before a failure is kept; the failure itself is the answer.
        let written = writer.flush();
        let Writer { part, claims, .. } = writer;
        drop(claims);
        let kept = keeping.join().unwrap_or(Err(FetchEnd::Unwritable));
        kept.and(read).and(written).and(part.checkpoint())
    })
}

struct Writer<'a, N, P> {
    part: &'a mut Part,
    /// To the thread that syncs, so that disk and network work at the same time.
    claims: SyncSender<Claim>,
    /// Verified bytes not yet written, and where they belong.
    pending: Vec<u8>,
    at: u64,
    unsynced: u64,
    last_ms: u64,
    now_ms: N,
    progress: P,
}

impl<N: Fn() -> u64, P: FnMut(u64)> Writer<'_, N, P> {
    fn read(&mut self, asked: &Groups, encoded: impl Read) -> Result<(), FetchEnd> {
        let chunks = asked.chunks();
        let (root, tree) = (self.part.root().0.into(), tree(self.part.size()));
        for item in DecodeResponseIter::new(root, tree, encoded, &chunks) {
            match item {
                Ok(BaoContentItem::Leaf(leaf)) => self.take(leaf.offset, &leaf.data)?,
                Ok(BaoContentItem::Parent(parent)) => {
                    self.part.take_pair(parent.node, &parent.pair)?;
                }
                Err(DecodeError::ParentHashMismatch(_) | DecodeError::LeafHashMismatch(_)) => {
                    return Err(FetchEnd::Damaged);
                }
                Err(
                    DecodeError::ParentNotFound(_)
                    | DecodeError::LeafNotFound(_)
                    | DecodeError::Io(_),
                ) => return Err(FetchEnd::Interrupted),
            }
        }
        Ok(())
    }

    fn take(&mut self, at: u64, bytes: &[u8]) -> Result<(), FetchEnd> {
        let follows = self.at + self.pending.len() as u64 == at;
        if !follows || self.pending.len() + bytes.len() > FILE_WRITE_BYTES {
            self.flush()?;
        }
        if self.pending.is_empty() {
            self.at = at;
        }
        self.pending.extend_from_slice(bytes);
        if bytes.is_empty() {
            // The one group of an empty file.
            self.part.write(at, bytes)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), FetchEnd> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.part.write(self.at, &self.pending)?;
        self.unsynced += self.pending.len() as u64;
        self.pending.clear();
        (self.progress)(self.part.done());
        let now_ms = (self.now_ms)();
        let is_due = now_ms.saturating_sub(self.last_ms) >= FILE_CHECKPOINT_MS;
        if is_due || self.unsynced >= FILE_CHECKPOINT_BYTES {
            match self.claims.try_send(self.part.claim()?) {
                Ok(()) => (self.unsynced, self.last_ms) = (0, now_ms),
                // Soon again: the disk is slower than the network.
                Err(TrySendError::Full(_)) => {}
                // It failed, and says why at the end.
                Err(TrySendError::Disconnected(_)) => return Err(FetchEnd::Unwritable),
            }
        }
        Ok(())
    }
}

const _: () = assert!(
    (FILE_WRITE_BYTES as u64).is_multiple_of(GROUP_BYTES),
    "a write ends at a group or at the end"
);
