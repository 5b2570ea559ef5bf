//! An unfinished download: the part file in its target folder, and a note in the home on what of it is verified.
//!
//! Called on a blocking thread; one at a time per file. Data is synced before the note claims it, so after a crash the
//! note never says more than the disk holds. The finished file gets its final name without replacing anything; the note
//! says which, and stays until the home knows that too, so that a crash in between does not fetch the file again.

use super::groups::{self, Groups};
use super::{GROUP_BYTES, name};
use crate::core::io::{Fetch, FetchEnd};
use crate::platform;
use hutong_common::codec;
use hutong_common::id::{FileId, Root};
use hutong_common::limits::{FILE_NAMES_TRIED_MAX, FILE_NOTE_BYTES_MAX};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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
    /// The final name that it gets, once all is verified.
    target: Option<String>,
}

const NOTE_VERSION: u8 = 2;

/// What lies there of a download.
#[derive(Debug)]
pub enum Found {
    /// Nothing, or a part.
    Part(Part),
    /// All of it, under its final name.
    Finished(PathBuf),
}

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
    pub fn open(fetch: &Fetch, parts: &Path) -> Result<Found, FetchEnd> {
        Self::try_open(fetch, parts).map_err(|error| write_failed(&error))
    }

    fn try_open(fetch: &Fetch, parts: &Path) -> io::Result<Found> {
        fs::create_dir_all(&fetch.folder)?;
        let path = fetch.folder.join(format!(".hutong-{}.part", fetch.file));
        let note_path = note_path(parts, fetch.file);
        let noted = read_note(&note_path).filter(|note| {
            (note.version, note.root, note.size) == (NOTE_VERSION, fetch.get.root, fetch.size)
                && note.part == path.to_string_lossy()
        });
        let target = noted.as_ref().and_then(|note| note.target.as_ref());
        if let Some(target) = target.map(PathBuf::from)
            && !path.exists()
            && is_whole(&target, fetch)
        {
            return Ok(Found::Finished(target));
        }
        let noted = noted.and_then(|note| Groups::new(&note.verified, groups::count(fetch.size)));
        let (file, verified) = match (noted, platform::open_private(&path)) {
            (Some(verified), Ok(file)) => (file, verified),
            (Some(_) | None, Ok(_) | Err(_)) => {
                (platform::create_private(&path)?, Groups::default())
            }
        };
        let part = Self {
            file,
            path,
            note_path,
            root: fetch.get.root,
            size: fetch.size,
            verified,
        };
        // Only a noted part is found and removed when nothing comes of it.
        part.write_note(None)?;
        Ok(Found::Part(part))
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
        self.write_note(None)
    }

    fn write_note(&self, target: Option<&Path>) -> io::Result<()> {
        let note = codec::encode(&Note {
            version: NOTE_VERSION,
            root: self.root,
            size: self.size,
            part: self.path.to_string_lossy().into_owned(),
            verified: self.verified.ranges().to_vec(),
            target: target.map(|target| target.to_string_lossy().into_owned()),
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
        let folder = self.path.parent().unwrap_or(Path::new(""));
        for attempt in 1..=FILE_NAMES_TRIED_MAX {
            let target = folder.join(name::numbered(wanted, attempt));
            if target.exists() {
                continue;
            }
            self.write_note(Some(&target))?;
            match platform::rename_new(&self.path, &target) {
                Ok(()) => {
                    platform::mark_downloaded(&target);
                    platform::sync_folder(folder)?;
                    return Ok(target);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Whether the file at `path` is the one to be fetched.
fn is_whole(path: &Path, fetch: &Fetch) -> bool {
    let matches = |file: File| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&file)?;
        let is_whole = file.metadata()?.len() == fetch.size
            && *hasher.finalize().as_bytes() == fetch.get.root.0;
        Ok::<_, io::Error>(is_whole)
    };
    File::open(path).and_then(matches).unwrap_or(false)
}

fn read_note(path: &Path) -> Option<Note> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(FILE_NOTE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .ok()?;
    codec::decode(&bytes).ok()
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, "nothing of a download to remove");
    }
}

/// Removes what lies there of a download.
pub fn forget(file: FileId, parts: &Path) {
    forget_noted(&note_path(parts, file));
}

/// Removes what lies there of downloads that are not `wanted`: over, called off, or of somebody who signed out.
pub fn forget_others(wanted: &BTreeSet<FileId>, parts: &Path) {
    let wanted: BTreeSet<String> = wanted.iter().map(ToString::to_string).collect();
    let others = super::names_in(parts).into_iter();
    for name in others.filter(|name| !wanted.contains(name)) {
        forget_noted(&parts.join(name));
    }
}

fn forget_noted(note_path: &Path) {
    if let Some(note) = read_note(note_path) {
        remove(Path::new(&note.part));
    }
    remove(note_path);
}
