//! Files as bytes on disks: clean names, hashing, verified streams in both directions, part files.
//!
//! Called by the engine's shell on threads that may block, never from the core or a network task. Nothing here decides
//! who may have a file. What comes from outside is checked against the file's root before it is written.

pub mod groups;
pub mod hash;
pub mod name;
mod pairs;
pub mod part;
pub mod receive;
pub mod send;

#[cfg(test)]
mod tests;

use bao_tree::{BaoTree, BlockSize};
use hutong_common::limits::BAO_GROUP_LOG;
use std::fs;
use std::path::Path;

/// Bytes of one chunk group: the unit of verification and of the ranges in a request.
pub const GROUP_BYTES: u64 = 1024 << BAO_GROUP_LOG;

/// Names of what lies in a folder of the home; nothing where it cannot be read.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The hash tree of a file of `size` bytes.
pub fn tree(size: u64) -> BaoTree {
    BaoTree::new(size, BlockSize::from_chunk_log(BAO_GROUP_LOG))
}
