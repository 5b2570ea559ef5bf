//! The seam about files: what the shell reads, sends, fetches and puts in place, and what it says of it.

use super::{CommandId, LinkId, StreamId};
use crate::api::Failure;
use hutong_common::direct::FileGet;
use hutong_common::id::{FileId, Root};
use hutong_common::refusal::Refusal;
use std::path::PathBuf;

/// About files.
#[derive(Debug)]
pub enum FileInput {
    /// A file to be offered was read.
    Hashed {
        /// The command that offers it.
        command: CommandId,
        /// What was found, or why not.
        result: Result<Hashed, Failure>,
    },
    /// A peer asks for a file on a stream of its own.
    Asked {
        /// The stream, which waits for [`FileOutput::Serve`] or [`FileOutput::Refuse`].
        stream: StreamId,
        /// On which link.
        link: LinkId,
        /// What is asked.
        get: FileGet,
    },
    /// Bytes were handed to a peer; at most ten times a second.
    Served {
        /// On which stream.
        stream: StreamId,
        /// Bytes of the file sent on it so far.
        sent: u64,
        /// Whether the stream ended: all parts sent and read by the other side.
        end: Option<Result<(), Refusal>>,
    },
    /// The folder of [`FileOutput::Prepare`] was looked at.
    Prepared {
        /// Which file.
        file: FileId,
        /// What lies there now; `NoSpace` or `Unwritable` when it cannot go there.
        result: Result<Prepared, FetchEnd>,
    },
    /// Bytes of a download were verified and written; at first what lay there already, then at most ten times a second.
    Progress {
        /// Which file.
        file: FileId,
        /// Verified bytes in all.
        done: u64,
    },
    /// A download ended.
    Fetched {
        /// Which file.
        file: FileId,
        /// Where it lies under its final name, or why it stopped.
        result: Result<PathBuf, FetchEnd>,
    },
}

/// A file that can be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// Absolute path.
    pub path: PathBuf,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// BLAKE3.
    pub root: Root,
    /// Last change when it was read, Unix milliseconds; another value later means `file_changed`.
    pub modified_ms: u64,
}

/// What lies in a target folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// A part of the file, and room for the rest.
    Begun {
        /// Verified bytes.
        done: u64,
    },
    /// The file itself, under its name.
    Here(PathBuf),
}

/// Why a download stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchEnd {
    /// The link broke or the provider stalled; what is verified stays, and it goes on when there is a link.
    Interrupted,
    /// The provider says no.
    Refused(Refusal),
    /// Bytes did not match the root; the rest is not asked from this provider again.
    Damaged,
    /// The disk is full.
    NoSpace {
        /// At least so many bytes must be made free.
        missing: u64,
    },
    /// The target folder cannot be written.
    Unwritable,
}

/// About files.
#[derive(Debug)]
pub enum FileOutput {
    /// Read a file that shall be offered, and keep what is needed to serve it.
    Hash {
        /// The command that offers it.
        command: CommandId,
        /// Absolute path.
        path: PathBuf,
    },
    /// Send the asked parts.
    Serve {
        /// On which stream.
        stream: StreamId,
        /// From which file.
        source: Hashed,
        /// What was asked.
        get: FileGet,
    },
    /// Answer no.
    Refuse {
        /// On which stream.
        stream: StreamId,
        /// Why.
        why: Refusal,
    },
    /// Stop sending on a stream.
    StopServe {
        /// Which.
        stream: StreamId,
    },
    /// Make the target folder, and take the room that the file needs there.
    Prepare(Box<Target>),
    /// Fetch a file, going on with the verified part that lies there.
    Fetch(Box<Fetch>),
    /// Stop a download; what is verified stays unless it shall be forgotten.
    StopFetch {
        /// Which file.
        file: FileId,
        /// Remove the part file.
        forget: bool,
    },
}

/// A download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// What, and where it goes.
    pub target: Target,
    /// From where.
    pub link: LinkId,
    /// The request; the shell fills in the ranges that are still missing.
    pub get: FileGet,
}

/// A file that is to lie on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub file: FileId,
    /// What it must hash to.
    pub root: Root,
    /// Bytes.
    pub size: u64,
    /// Into which folder, made when missing.
    pub folder: PathBuf,
    /// Wanted final name, already clean; ` (2)` and so on is added when it is taken.
    pub name: String,
}
