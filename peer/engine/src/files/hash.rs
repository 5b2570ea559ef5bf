//! Reading a file that is to be offered: its root, and the hash tree kept in a file so that any part can be proved.
//!
//! Called on a blocking thread. The file is streamed, never in memory; a file of one group needs no tree. The tree lies
//! in the home under the root's name, so that offering the same file twice keeps one.

use super::name::clean_name;
use super::{GROUP_BYTES, tree};
use crate::api::Failure;
use crate::core::io::Hashed;
use crate::platform;
use bao_tree::io::sync::outboard_post_order;
use hutong_common::id::Root;
use hutong_common::limits::{FILE_BYTES_MAX, FILE_WRITE_BYTES};
use hutong_common::refusal::Refusal;
use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Where the tree of the file with this root lies.
pub fn tree_path(offers: &Path, root: Root) -> PathBuf {
    offers.join(format!("{root}.obao"))
}

/// Last change, Unix milliseconds; 0 where the system does not know.
pub fn modified_ms(metadata: &Metadata) -> u64 {
    let since = metadata
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Reads the file at `path` and keeps its tree in the folder `offers`; `scratch` names the unfinished tree.
///
/// # Errors
/// [`Failure::NoSuchFile`] when it cannot be read, `file_changed` when somebody writes to it meanwhile.
pub fn hash(path: &Path, offers: &Path, scratch: u64) -> Result<Hashed, Failure> {
    let missing = |_: io::Error| Failure::NoSuchFile {
        path: path.to_owned(),
    };
    // Asked before opening: opening a pipe waits for somebody who writes to it.
    let is_file = fs::metadata(path).map_err(missing)?.is_file();
    if !is_file {
        return Err(Failure::NoSuchFile {
            path: path.to_owned(),
        });
    }
    let file = File::open(path).map_err(missing)?;
    let before = file.metadata().map_err(missing)?;
    if before.len() > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge.into());
    }
    let root = hash_open(&file, before.len(), offers, scratch).map_err(|error| {
        tracing::warn!(%error, "a file to be offered cannot be read");
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Refusal::FileChanged.into()
        } else if platform::is_full(&error) {
            Refusal::NoSpace.into()
        } else {
            missing(error)
        }
    })?;
    let after = fs::metadata(path).map_err(missing)?;
    if (after.len(), modified_ms(&after)) != (before.len(), modified_ms(&before)) {
        return Err(Refusal::FileChanged.into());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Hashed {
        path: path.to_owned(),
        name: clean_name(&name),
        size: before.len(),
        root,
        modified_ms: modified_ms(&before),
    })
}

/// Removes trees that prove no file that is `offered`.
pub fn forget_others(offered: &BTreeSet<Root>, offers: &Path) {
    let kept: BTreeSet<PathBuf> = offered
        .iter()
        .map(|root| tree_path(offers, *root))
        .collect();
    let paths = super::names_in(offers)
        .into_iter()
        .map(|name| offers.join(name));
    for path in paths.filter(|path| !kept.contains(path)) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::debug!(%error, "a tree that proves nothing stays");
        }
    }
}

fn hash_open(file: &File, size: u64, offers: &Path, scratch: u64) -> io::Result<Root> {
    let mut reader = BufReader::with_capacity(FILE_WRITE_BYTES, file);
    if size <= GROUP_BYTES {
        let mut bytes = Vec::new();
        reader.take(GROUP_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        return Ok(Root(*blake3::hash(&bytes).as_bytes()));
    }
    let unfinished = offers.join(format!("{scratch}.new"));
    let mut writer = BufWriter::new(platform::create_private(&unfinished)?);
    let hashed = outboard_post_order(&mut reader, tree(size), &mut writer)
        .and_then(|root| writer.flush().map(|()| Root(*root.as_bytes())));
    let kept =
        hashed.and_then(|root| fs::rename(&unfinished, tree_path(offers, root)).map(|()| root));
    if kept.is_err() {
        // Of an unfinished tree nothing is worth keeping, and it is overwritten when it cannot be removed.
        fs::remove_file(&unfinished).ok();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::entropy::{Entropy, SeededEntropy};

    #[test]
    fn the_root_is_the_blake3_of_the_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        for size in [0_usize, 1, 16 * 1024, 16 * 1024 + 1, 300_000] {
            let mut bytes = vec![0; size];
            SeededEntropy::from_number(1).fill(&mut bytes);
            let path = folder.path().join("作业 一.bin");
            fs::write(&path, &bytes).unwrap();
            let hashed = hash(&path, folder.path(), 1).unwrap();
            assert_eq!(hashed.root.0, *blake3::hash(&bytes).as_bytes());
            assert_eq!(
                (hashed.size, hashed.name.as_str()),
                (size as u64, "作业 一.bin")
            );
            assert_eq!(
                tree_path(folder.path(), hashed.root).exists(),
                size > 16 * 1024
            );
        }
    }

    #[test]
    fn a_folder_and_a_missing_file_cannot_be_offered() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("none")] {
            let failure = hash(&path, folder.path(), 1).unwrap_err();
            assert_eq!(failure, Failure::NoSuchFile { path });
        }
    }
}
