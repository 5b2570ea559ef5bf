//! An unfinished download: the part file in its target folder, and a note in the home on what of it is verified.
//!
//! Called on a blocking thread; one at a time per file. Data is synced before the note claims it, so the note never says
//! more than the disk holds; what the program wrote beyond that is checked against its hash pairs and counts as well.
//! The finished file gets its final name without replacing anything; the note says which, and stays until the home knows
//! that too, so that a crash in between does not fetch the file again.

use super::groups::{self, Groups};
use super::pairs::Pairs;
use super::{GROUP_BYTES, name};
use crate::core::io::{FetchEnd, Prepared, Target};
use crate::platform;
use bao_tree::TreeNode;
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
    pairs: Pairs,
}

fn note_path(parts: &Path, file: FileId) -> PathBuf {
    parts.join(file.to_string())
}

fn pairs_path(note_path: &Path) -> PathBuf {
    note_path.with_extension("pairs")
}

/// How a download ends that lacks room for `missing` bytes or cannot be written at all.
fn write_failed(error: &io::Error, missing: u64) -> FetchEnd {
    tracing::warn!(%error, "a download cannot be written");
    if platform::is_full(error) {
        FetchEnd::NoSpace { missing }
    } else {
        FetchEnd::Unwritable
    }
}

impl Part {
    /// Opens what lies there of this download, or begins it, and takes the room for the rest. Notes are in `parts`.
    ///
    /// # Errors
    /// When the target folder cannot be written, or the disk has too little room.
    pub fn open(target: &Target, parts: &Path) -> Result<Found, FetchEnd> {
        let found = Self::try_open(target, parts);
        let part = match found.map_err(|error| write_failed(&error, target.size))? {
            Found::Part(part) => part,
            Found::Finished(path) => return Ok(Found::Finished(path)),
        };
        let needed = target.size - part.done();
        let reserved = platform::reserve(&part.file, &target.folder, (target.size, needed));
        match reserved.map_err(|error| write_failed(&error, needed))? {
            0 => {
                // Only a noted part is found and removed when nothing comes of it.
                part.write_note(None).map_err(|error| part.failed(&error))?;
                Ok(Found::Part(part))
            }
            missing => {
                if part.verified.ranges().is_empty() {
                    remove(&part.path);
                    forget_noted(&part.note_path);
                }
                Err(FetchEnd::NoSpace { missing })
            }
        }
    }

    fn try_open(target: &Target, parts: &Path) -> io::Result<Found> {
        fs::create_dir_all(&target.folder)?;
        let path = target.folder.join(format!(".hutong-{}.part", target.file));
        let note_path = note_path(parts, target.file);
        let noted = read_note(&note_path).filter(|note| {
            (note.version, note.root, note.size) == (NOTE_VERSION, target.root, target.size)
        });
        let finished = noted.as_ref().and_then(|note| note.target.as_ref());
        if let Some(finished) = finished.map(PathBuf::from)
            && !path.exists()
            && is_whole(&finished, target)
        {
            return Ok(Found::Finished(finished));
        }
        if let Some(before) = noted.as_ref().map(|note| Path::new(&note.part)) {
            bring(before, &path);
        }
        let noted = noted.and_then(|note| Groups::new(&note.verified, groups::count(target.size)));
        let (file, noted) = match (noted, platform::open_private(&path)) {
            (Some(noted), Ok(file)) => (file, Some(noted)),
            (Some(_) | None, Ok(_) | Err(_)) => (platform::create_private(&path)?, None),
        };
        let goes_on = noted.is_some();
        // Of a file that somebody cut, nothing is believed that is not seen.
        let is_cut = file.metadata()?.len() < target.size;
        file.set_len(target.size)?;
        let mut part = Self {
            file,
            path,
            pairs: Pairs::open(&pairs_path(&note_path), (target.root, target.size), goes_on)?,
            note_path,
            root: target.root,
            size: target.size,
            verified: noted.filter(|_| !is_cut).unwrap_or_default(),
        };
        if goes_on {
            for &(start, end) in part.pairs.came(&part.file, &part.missing())?.ranges() {
                part.verified.insert(start, end);
            }
        }
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
        written
            .and_then(|()| self.pairs.flush())
            .map_err(|error| self.failed(&error))?;
        let first = at / GROUP_BYTES;
        self.verified
            .insert(first, first + groups::count(bytes.len() as u64));
        Ok(())
    }

    /// Takes a hash pair that was checked against the root; what follows it is written after it.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn take_pair(
        &mut self,
        node: TreeNode,
        pair: &(blake3::Hash, blake3::Hash),
    ) -> Result<(), FetchEnd> {
        let taken = self.pairs.take(node, pair);
        taken.map_err(|error| self.failed(&error))
    }

    /// Makes everything written so far survive a power failure.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn checkpoint(&mut self) -> Result<(), FetchEnd> {
        self.try_checkpoint().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> FetchEnd {
        write_failed(error, self.size - self.done())
    }

    fn try_checkpoint(&self) -> io::Result<()> {
        self.file.sync_data()?;
        self.write_note(None)
    }

    /// What is written so far, to be made safe by another thread while this one goes on; `checkpoint` must not be called
    /// before that has ended.
    ///
    /// # Errors
    /// When the system has no room for one more open file.
    pub fn claim(&self) -> Result<Claim, FetchEnd> {
        let file = self.file.try_clone().map_err(|error| self.failed(&error))?;
        Ok(Claim {
            file,
            note: self.note(None),
            note_path: self.note_path.clone(),
            missing: self.size - self.done(),
        })
    }

    fn note(&self, target: Option<&Path>) -> Vec<u8> {
        codec::encode(&Note {
            version: NOTE_VERSION,
            root: self.root,
            size: self.size,
            part: self.path.to_string_lossy().into_owned(),
            verified: self.verified.ranges().to_vec(),
            target: target.map(|target| target.to_string_lossy().into_owned()),
        })
    }

    fn write_note(&self, target: Option<&Path>) -> io::Result<()> {
        write_note(&self.note_path, &self.note(target))
    }

    /// Gives the complete file its final name in the target folder; ` (2)` and so on is added when that is taken.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn finish(self, wanted: &str) -> Result<PathBuf, FetchEnd> {
        self.try_finish(wanted).map_err(|error| self.failed(&error))
    }

    fn try_finish(&self, wanted: &str) -> io::Result<PathBuf> {
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
                    remove(&pairs_path(&self.note_path));
                    return Ok(target);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// A checkpoint that is still to be made: the note says what was written when it was taken.
#[derive(Debug)]
pub struct Claim {
    file: File,
    note: Vec<u8>,
    note_path: PathBuf,
    missing: u64,
}

impl Claim {
    /// Makes it survive a power failure.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn keep(self) -> Result<(), FetchEnd> {
        let synced = self.file.sync_data();
        synced
            .and_then(|()| write_note(&self.note_path, &self.note))
            .map_err(|error| write_failed(&error, self.missing))
    }
}

fn write_note(path: &Path, note: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = platform::create_private(&unfinished)?;
    file.write_all(note)?;
    file.sync_data()?;
    fs::rename(&unfinished, path)
}

/// Looks whether the file can go into its folder, makes that and takes the room. A file that lies there already under
/// its very name is found, too.
///
/// # Errors
/// When the folder cannot be written, or the disk has too little room.
pub fn prepare(target: &Target, parts: &Path) -> Result<Prepared, FetchEnd> {
    let wanted = target.folder.join(&target.name);
    if is_whole(&wanted, target) {
        return Ok(Prepared::Here(wanted));
    }
    Ok(match Part::open(target, parts)? {
        Found::Part(part) => Prepared::Begun { done: part.done() },
        Found::Finished(path) => Prepared::Here(path),
    })
}

/// Whether the file at `path` is the one to be fetched.
fn is_whole(path: &Path, target: &Target) -> bool {
    let matches = |file: File| {
        if file.metadata()?.len() != target.size {
            return Ok(false);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&file)?;
        let is_whole = *hasher.finalize().as_bytes() == target.root.0;
        Ok::<_, io::Error>(is_whole)
    };
    // Asked before opening: opening a pipe waits for somebody who writes to it.
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    is_file && File::open(path).and_then(matches).unwrap_or(false)
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
    for name in super::names_in(parts) {
        // A note, or what belongs to one.
        let file = name.split('.').next().unwrap_or_default();
        if !wanted.contains(file) {
            forget_noted(&parts.join(file));
            remove(&parts.join(&name));
        }
    }
}

fn forget_noted(note_path: &Path) {
    if let Some(note) = read_note(note_path) {
        remove(Path::new(&note.part));
    }
    remove(&pairs_path(note_path));
    remove(note_path);
}

/// Brings the part of a download that goes elsewhere now, so that nothing of it is fetched again or left behind.
fn bring(before: &Path, path: &Path) {
    if before != path && fs::rename(before, path).is_err() {
        remove(before);
    }
}
