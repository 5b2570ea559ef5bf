//! Files as bytes on disks: clean names, hashing, verified streams in both directions, part files.
//!
//! Called by the engine's shell on threads that may block, never from the core or a network task. Nothing here decides
//! who may have a file. What comes from outside is checked against the file's root before it is written.

pub mod groups;
pub mod hash;
pub mod name;
pub mod part;
pub mod receive;
pub mod send;

#[cfg(test)]
mod tests;

use bao_tree::{BaoTree, BlockSize};
use hutong_common::limits::BAO_GROUP_LOG;

/// Bytes of one chunk group: the unit of verification and of the ranges in a request.
pub const GROUP_BYTES: u64 = 1024 << BAO_GROUP_LOG;

/// The hash tree of a file of `size` bytes.
pub fn tree(size: u64) -> BaoTree {
    BaoTree::new(size, BlockSize::from_chunk_log(BAO_GROUP_LOG))
}
