//! A verified stream of a download, and the note on what of it is there.

use hutong_common::id::{FileId, Root};
use hutong_engine::core::io::Target;
use hutong_engine::files::GROUP_BYTES;
use hutong_engine::files::groups::{self, Groups};
use hutong_engine::files::part::{self, Found, Part};
use hutong_engine::files::receive::receive;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Two groups and a piece of a third.
pub(super) const SIZE: u64 = 2 * GROUP_BYTES + 100;

/// Offers of other sizes stay below this: room for them is really taken.
const OFFERED_BYTES: u64 = 1 << 20;

/// What the real file holds.
pub(super) fn content() -> Vec<u8> {
    (0..SIZE).map(|at| (at % 251) as u8).collect()
}

pub(super) fn target(folder: &Path, size: u64) -> Target {
    Target {
        file: FileId([3; 16]),
        root: Root(*blake3::hash(&content()).as_bytes()),
        size,
        folder: folder.to_path_buf(),
        name: "file".to_owned(),
    }
}

/// In memory where the system has such a folder: what syncs would take most of the time.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a folder for a moment")
}

/// A part that was just begun, or whatever a note says.
fn open(target: &Target, parts: &Path) -> Option<Part> {
    match Part::open(target, parts) {
        Ok(Found::Part(part)) => Some(part),
        Ok(Found::Finished(path)) => {
            let whole = fs::read(path).unwrap_or_default();
            assert!(whole == content(), "something else is called complete");
            None
        }
        Err(_) => None,
    }
}

/// The first byte chooses the offer: the real size, or what the next eight say; the rest is what the other side sends.
/// Nothing is verified that is not the file.
pub(super) fn file_stream(bytes: &[u8]) {
    let Some((mode, rest)) = bytes.split_first() else {
        return;
    };
    let (size, stream) = match rest.split_first_chunk::<8>() {
        Some((size, stream)) if mode % 2 == 1 => {
            (u64::from_be_bytes(*size) % OFFERED_BYTES, stream)
        }
        Some(_) | None => (SIZE, rest),
    };
    let folder = folder();
    let target = target(folder.path(), size);
    let Some(mut part) = open(&target, folder.path()) else {
        return;
    };
    let whole = Groups::new(&[(0, groups::count(size))], groups::count(size));
    let asked = whole.expect("all of it is a set");
    let received = receive(&mut part, &asked, stream, || 0, |_| ());
    assert!(part.done() <= size);
    assert!(received.is_err() || part.done() == size);
    if part.done() == 0 {
        return;
    }
    let missing = part.missing();
    let path = folder.path().join(format!(".hutong-{}.part", target.file));
    let (written, real) = (fs::read(path).unwrap_or_default(), content());
    for group in 0..groups::count(size) {
        let is_missing = missing
            .ranges()
            .iter()
            .any(|(start, end)| (*start..*end).contains(&group));
        let from = usize::try_from(group * GROUP_BYTES).unwrap_or(usize::MAX);
        if !is_missing {
            let part_of = |bytes: &[u8]| {
                bytes
                    .get(from..bytes.len().min(from + GROUP_BYTES as usize))
                    .map(<[u8]>::to_vec)
            };
            assert_eq!(part_of(&written), part_of(&real), "a forged group {group}");
        }
    }
}

/// A note, and the hash pairs beside it, that a crash or somebody left there: `len:u16be ‖ note ‖ pairs`. Nothing is
/// called complete that is not the file.
pub(super) fn part_note(bytes: &[u8]) {
    let Some((len, rest)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let len = usize::from(u16::from_be_bytes(*len)).min(rest.len());
    let (folder, (noted, pairs)) = (folder(), rest.split_at(len));
    // The file that a note names is moved here or removed: chance shall not find the name of a real one.
    let ours = b".hutong-";
    if !noted.windows(ours.len()).any(|part| part == ours) && noted.contains(&b'/') {
        return;
    }
    let target = target(folder.path(), SIZE);
    let note = folder.path().join(target.file.to_string());
    for (path, bytes) in [(&note, noted), (&note.with_extension("pairs"), pairs)] {
        fs::write(path, bytes).expect("a small file can be written");
    }
    if let Some(part) = open(&target, folder.path()) {
        assert!(part.done() <= SIZE);
        assert_eq!(part.done() + part.missing().bytes(SIZE), SIZE);
        // By now the note is one of our own.
        part::forget(target.file, folder.path());
        assert!(!note.exists());
    }
}
