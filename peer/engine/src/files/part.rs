//! An unfinished download: the part file in its target folder, and a note in the home on what of it is verified.
//!
//! Called on a blocking thread; one at a time per file. Data is synced before the note claims it, so after a crash the
//! note never says more than the disk holds. The finished file gets its final name without replacing anything.

use super::groups::{self, Groups};
use super::{GROUP_BYTES, name};
use crate::core::io::{Fetch, FetchEnd};
use crate::platform;
use hutong_common::codec;
use hutong_common::id::{FileId, Root};
use hutong_common::limits::{FILE_NAMES_TRIED_MAX, FILE_NOTE_BYTES_MAX};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is known of a part file, as it lies in the home.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    version: u8,
    root: Root,
    size: u64,
    /// The part file; lossy where the system's names are not text, which only costs a fresh start.
    part: String,
    verified: Vec<(u64, u64)>,
}

const NOTE_VERSION: u8 = 1;

/// An unfinished download, open for writing.
#[derive(Debug)]
pub struct Part {
    file: File,
    path: PathBuf,
    note_path: PathBuf,
    root: Root,
    size: u64,
    verified: Groups,
}

fn note_path(parts: &Path, file: FileId) -> PathBuf {
    parts.join(file.to_string())
}

fn write_failed(error: &io::Error) -> FetchEnd {
    tracing::warn!(%error, "a download cannot be written");
    if platform::is_full(error) {
        FetchEnd::NoSpace
    } else {
        FetchEnd::Unwritable
    }
}

impl Part {
    /// Opens what lies there of this download, or begins it. Notes are in the folder `parts`.
    ///
    /// # Errors
    /// When the target folder cannot be written, or the disk is full.
    pub fn open(fetch: &Fetch, parts: &Path) -> Result<Self, FetchEnd> {
        Self::try_open(fetch, parts).map_err(|error| write_failed(&error))
    }

    fn try_open(fetch: &Fetch, parts: &Path) -> io::Result<Self> {
        fs::create_dir_all(&fetch.folder)?;
        let path = fetch.folder.join(format!(".hutong-{}.part", fetch.file));
        let note_path = note_path(parts, fetch.file);
        let noted = read_note(&note_path).filter(|note| {
            (note.version, note.root, note.size) == (NOTE_VERSION, fetch.get.root, fetch.size)
                && note.part == path.to_string_lossy()
        });
        let noted = noted.and_then(|note| Groups::new(&note.verified, groups::count(fetch.size)));
        let (file, verified) = match (noted, platform::open_private(&path)) {
            (Some(verified), Ok(file)) => (file, verified),
            (Some(_) | None, Ok(_) | Err(_)) => {
                (platform::create_private(&path)?, Groups::default())
            }
        };
        Ok(Self {
            file,
            path,
            note_path,
            root: fetch.get.root,
            size: fetch.size,
            verified,
        })
    }

    /// What it must hash to.
    pub const fn root(&self) -> Root {
        self.root
    }

    /// Bytes of the whole file.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Verified bytes.
    pub fn done(&self) -> u64 {
        self.verified.bytes(self.size)
    }

    /// Groups that are still to be fetched.
    pub fn missing(&self) -> Groups {
        self.verified.missing(groups::count(self.size))
    }

    /// Writes verified bytes that begin at the group boundary `at` and end at one, or at the file's end.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), FetchEnd> {
        let written = self
            .file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.write_all(bytes));
        written.map_err(|error| write_failed(&error))?;
        let first = at / GROUP_BYTES;
        self.verified
            .insert(first, first + groups::count(bytes.len() as u64));
        Ok(())
    }

    /// Makes everything written so far survive a crash.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn checkpoint(&mut self) -> Result<(), FetchEnd> {
        self.try_checkpoint().map_err(|error| write_failed(&error))
    }

    fn try_checkpoint(&self) -> io::Result<()> {
        self.file.sync_data()?;
        let note = codec::encode(&Note {
            version: NOTE_VERSION,
            root: self.root,
            size: self.size,
            part: self.path.to_string_lossy().into_owned(),
            verified: self.verified.ranges().to_vec(),
        });
        let unfinished = self.note_path.with_extension("new");
        let mut file = platform::create_private(&unfinished)?;
        file.write_all(&note)?;
        file.sync_data()?;
        fs::rename(&unfinished, &self.note_path)
    }

    /// Gives the complete file its final name in the target folder; ` (2)` and so on is added when that is taken.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn finish(self, wanted: &str) -> Result<PathBuf, FetchEnd> {
        self.try_finish(wanted)
            .map_err(|error| write_failed(&error))
    }

    fn try_finish(self, wanted: &str) -> io::Result<PathBuf> {
        self.file.set_len(self.size)?;
        self.file.sync_all()?;
        drop(self.file);
        let folder = self.path.parent().unwrap_or(Path::new(""));
        for attempt in 1..=FILE_NAMES_TRIED_MAX {
            let target = folder.join(name::numbered(wanted, attempt));
            match platform::rename_new(&self.path, &target) {
                Ok(()) => {
                    platform::mark_downloaded(&target);
                    platform::sync_folder(folder)?;
                    forget_note(&self.note_path);
                    return Ok(target);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

fn read_note(path: &Path) -> Option<Note> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(FILE_NOTE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .ok()?;
    codec::decode(&bytes).ok()
}

fn forget_note(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, "no note of a download to remove");
    }
}

/// Removes what lies there of a download.
pub fn forget(file: FileId, parts: &Path) {
    let path = note_path(parts, file);
    if let Some(note) = read_note(&path) {
        forget_note(Path::new(&note.part));
    }
    forget_note(&path);
}
