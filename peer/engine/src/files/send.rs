//! The sending side of a verified stream: parts of an offered file, with what proves them.
//!
//! Called on a blocking thread. Every group is checked against the tree before it is handed on, so a file that changed
//! since it was offered ends as `file_changed` and never as a lie.

use super::groups::{self, Groups};
use super::hash::{modified_ms, tree_path};
use super::tree;
use crate::core::io::Hashed;
use bao_tree::io::outboard::PostOrderOutboard;
use bao_tree::io::sync::{ReadAt, encode_ranges_validated};
use bytes::{Bytes, BytesMut};
use hutong_common::limits::FILE_BATCH_BYTES;
use hutong_common::refusal::Refusal;
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// A piece of a stream.
#[derive(Debug)]
pub struct Batch {
    /// The bytes to be sent.
    pub bytes: Bytes,
    /// Bytes of the file that were read so far.
    pub done: u64,
}

/// An offered file that is as it was, and the parts of it that were asked for.
#[derive(Debug)]
pub struct Sending {
    file: File,
    tree: Option<File>,
    source: Hashed,
    asked: Groups,
}

impl Sending {
    /// Opens the file.
    ///
    /// # Errors
    /// `file_changed` when it is not the one that was offered, `malformed` when the ranges make no sense.
    pub fn open(source: Hashed, ranges: &[(u64, u64)], offers: &Path) -> Result<Self, Refusal> {
        let count = groups::count(source.size);
        let whole = [(0, count)];
        let ranges = if ranges.is_empty() { &whole } else { ranges };
        let asked = Groups::new(ranges, count).ok_or(Refusal::Malformed)?;
        let file = File::open(&source.path).map_err(changed)?;
        is_same(&file, &source)?;
        let tree = match tree(source.size).outboard_size() {
            0 => None,
            _ => Some(File::open(tree_path(offers, source.root)).map_err(changed)?),
        };
        Ok(Self {
            file,
            tree,
            source,
            asked,
        })
    }

    /// Reads everything that was asked for and hands it to `give`, which says whether to go on.
    ///
    /// # Errors
    /// `file_changed` when the file is no longer the one that was offered.
    pub fn run(self, give: impl FnMut(Batch) -> bool) -> Result<(), Refusal> {
        let data = Window::new(&self.file);
        let outboard = PostOrderOutboard {
            root: self.source.root.0.into(),
            tree: tree(self.source.size),
            data: Tree(self.tree.as_ref()),
        };
        let mut batches = Batches {
            bytes: BytesMut::with_capacity(FILE_BATCH_BYTES),
            read: &data.read,
            give,
        };
        encode_ranges_validated(&data, &outboard, &self.asked.chunks(), &mut batches)
            .map_err(changed)?;
        batches.flush().map_err(changed)?;
        is_same(&self.file, &self.source)
    }
}

fn changed(error: impl std::fmt::Display) -> Refusal {
    tracing::debug!(%error, "an offered file cannot be sent");
    Refusal::FileChanged
}

fn is_same(file: &File, source: &Hashed) -> Result<(), Refusal> {
    let now = file.metadata().map_err(changed)?;
    if (now.len(), modified_ms(&now)) == (source.size, source.modified_ms) {
        Ok(())
    } else {
        Err(Refusal::FileChanged)
    }
}

/// The tree's file; a file of one group has none and is never asked for a pair.
struct Tree<'a>(Option<&'a File>);

impl ReadAt for Tree<'_> {
    fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        self.0.map_or(Ok(0), |file| file.read_at(at, out))
    }
}

/// Reads a file in large pieces for a reader that asks for small ones, in order.
struct Window<'a> {
    file: &'a File,
    held: RefCell<(u64, Vec<u8>)>,
    read: Cell<u64>,
}

impl<'a> Window<'a> {
    fn new(file: &'a File) -> Self {
        Self {
            file,
            held: RefCell::default(),
            read: Cell::new(0),
        }
    }
}

impl ReadAt for Window<'_> {
    fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        let mut held = self.held.borrow_mut();
        let (start, bytes) = &mut *held;
        let end = *start + bytes.len() as u64;
        if at < *start || at >= end {
            bytes.resize(FILE_BATCH_BYTES, 0);
            let count = self.file.read_at(at, bytes)?;
            bytes.truncate(count);
            *start = at;
        }
        let from = usize::try_from(at - *start).unwrap_or(usize::MAX);
        let have = bytes.get(from..).unwrap_or_default();
        let count = have.len().min(out.len());
        if let (Some(out), Some(have)) = (out.get_mut(..count), have.get(..count)) {
            out.copy_from_slice(have);
        }
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// Gathers small writes into large batches.
struct Batches<'a, G> {
    bytes: BytesMut,
    read: &'a Cell<u64>,
    give: G,
}

impl<G: FnMut(Batch) -> bool> Write for Batches<'_, G> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(data);
        if self.bytes.len() >= FILE_BATCH_BYTES {
            self.flush()?;
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(
            &mut self.bytes,
            BytesMut::with_capacity(FILE_BATCH_BYTES + 64 * 1024),
        );
        let batch = Batch {
            bytes: full.freeze(),
            done: self.read.get(),
        };
        if (self.give)(batch) {
            Ok(())
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
}
