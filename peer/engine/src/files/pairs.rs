//! The hash pairs that came with an unfinished download, in a file beside its note: they prove what the part file holds.
//!
//! Used by [`super::part`] alone. A program that is killed leaves its last writes with the system, so nothing of them
//! needs to be fetched again: they are read and checked against these pairs. Nothing here is trusted unchecked.

use super::groups::Groups;
use super::tree;
use crate::platform;
use bao_tree::io::EncodeError;
use bao_tree::io::outboard::PreOrderOutboard;
use bao_tree::io::sync::{WriteAt, encode_ranges_validated};
use bao_tree::{BaoTree, TreeNode};
use hutong_common::id::Root;
use hutong_common::limits::{BAO_GROUP_LOG, FILE_BATCH_BYTES};
use std::fs::File;
use std::io;
use std::path::Path;

/// Bytes of two hashes.
const PAIR_BYTES: u64 = 64;

/// The pairs received so far; others read as zeros, which prove nothing.
#[derive(Debug)]
pub(super) struct Pairs {
    file: File,
    root: Root,
    tree: BaoTree,
    /// Pairs that are not written yet, and where they belong.
    pending: Vec<u8>,
    at: u64,
}

impl Pairs {
    /// Opens those of a download, or begins with none.
    pub(super) fn open(path: &Path, (root, size): (Root, u64), goes_on: bool) -> io::Result<Self> {
        let file = match platform::open_private(path) {
            Ok(file) if goes_on => file,
            Ok(_) | Err(_) => platform::create_private(path)?,
        };
        Ok(Self {
            file,
            root,
            tree: tree(size),
            pending: Vec::new(),
            at: 0,
        })
    }

    /// Takes a pair that was checked against the root. They come in the order in which they lie here.
    pub(super) fn take(
        &mut self,
        node: TreeNode,
        pair: &(blake3::Hash, blake3::Hash),
    ) -> io::Result<()> {
        let Some(number) = self.tree.pre_order_offset(node) else {
            return Ok(());
        };
        let at = number * PAIR_BYTES;
        let follows = self.at + self.pending.len() as u64 == at;
        if !follows || self.pending.len() >= FILE_BATCH_BYTES {
            self.flush()?;
        }
        if self.pending.is_empty() {
            self.at = at;
        }
        self.pending.extend_from_slice(pair.0.as_bytes());
        self.pending.extend_from_slice(pair.1.as_bytes());
        Ok(())
    }

    /// Hands what was taken to the system.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.write_all_at(self.at, &self.pending)?;
        self.pending.clear();
        Ok(())
    }

    /// Which of the groups `asked` are in `data` as they must be, from the first one on as far as they came.
    pub(super) fn came(&self, data: &File, asked: &Groups) -> io::Result<Groups> {
        let outboard = PreOrderOutboard {
            root: self.root.0.into(),
            tree: self.tree,
            data: &self.file,
        };
        let stopped = encode_ranges_validated(data, outboard, &asked.chunks(), io::sink())
            .map_or_else(
                |error| match error {
                    EncodeError::LeafHashMismatch(chunk) => Ok(chunk.0),
                    EncodeError::ParentHashMismatch(node) => Ok(node.chunk_range().start.0),
                    EncodeError::Io(error) => Err(error),
                    EncodeError::ParentWrite(_)
                    | EncodeError::LeafWrite(_)
                    | EncodeError::SizeMismatch => Ok(0),
                },
                |()| Ok(u64::MAX),
            )?;
        Ok(asked.below(stopped >> BAO_GROUP_LOG))
    }
}
