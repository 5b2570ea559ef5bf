//! Sending and receiving between two folders, without a network.

use super::GROUP_BYTES;
use super::hash::{forget_others as forget_trees, hash, tree_path};
use super::part::{Found, Part, forget, forget_others};
use super::receive::receive;
use super::send::Sending;
use crate::api::Failure;
use crate::core::io::{FetchEnd, Hashed, Target};
use hutong_common::entropy::{Entropy, SeededEntropy};
use hutong_common::id::FileId;
use hutong_common::refusal::Refusal;
use std::collections::BTreeSet;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use tempfile::TempDir;

struct Room {
    folder: TempDir,
    bytes: Vec<u8>,
    hashed: Hashed,
}

impl Room {
    fn with_file_of(size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = vec![0; size];
        SeededEntropy::from_number(9).fill(&mut bytes);
        for name in ["offers", "parts"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let source = folder.path().join("源文件.bin");
        fs::write(&source, &bytes).unwrap();
        let hashed = hash(&source, &folder.path().join("offers"), 1).unwrap();
        Self {
            folder,
            bytes,
            hashed,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn target(&self) -> Target {
        Target {
            file: FileId([5; 16]),
            root: self.hashed.root,
            size: self.hashed.size,
            folder: self.at("downloads"),
            name: "目标.bin".to_owned(),
        }
    }

    fn sent(&self, ranges: &[(u64, u64)]) -> Result<Vec<u8>, Refusal> {
        let mut encoded = Vec::new();
        Sending::open(self.hashed.clone(), ranges, &self.at("offers"))?.run(|batch| {
            encoded.extend_from_slice(&batch.bytes);
            true
        })?;
        Ok(encoded)
    }

    fn part(&self) -> Part {
        match self.found() {
            Found::Part(part) => part,
            Found::Finished(path) => panic!("{path:?} is finished"),
        }
    }

    fn found(&self) -> Found {
        Part::open(&self.target(), &self.at("parts")).unwrap()
    }

    fn part_file(&self) -> PathBuf {
        let name = format!(".hutong-{}.part", self.target().file);
        self.at("downloads").join(name)
    }

    /// Fetches what is missing and gives the finished file's bytes.
    fn received_to_end(&self, mut part: Part) -> Vec<u8> {
        let rest = self.sent(part.missing().ranges()).unwrap();
        self.received(&mut part, &rest).unwrap();
        fs::read(part.finish("x").unwrap()).unwrap()
    }

    fn received(&self, part: &mut Part, encoded: &[u8]) -> Result<(), FetchEnd> {
        let asked = part.missing();
        receive(part, &asked, encoded, || 0, |_| {})
    }
}

/// A sender's file had changed before a byte of it came: the empty part file stayed in the downloads for ever.
#[test]
fn a_download_of_which_nothing_came_leaves_nothing_when_it_is_forgotten() {
    let room = Room::with_file_of(1);
    drop(room.part());
    forget(room.target().file, &room.at("parts"));
    for folder in ["downloads", "parts"] {
        assert_eq!(fs::read_dir(room.at(folder)).unwrap().count(), 0);
    }
}

#[test]
fn files_of_every_size_arrive_as_they_were() {
    for size in [
        0,
        1,
        16 * 1024 - 1,
        16 * 1024,
        16 * 1024 + 1,
        1 << 20,
        5 * 1024 * 1024 + 7,
    ] {
        let room = Room::with_file_of(size);
        let mut part = room.part();
        let encoded = room.sent(part.missing().ranges()).unwrap();
        assert_eq!(
            encoded,
            room.sent(&[]).unwrap(),
            "no ranges mean all of them"
        );
        room.received(&mut part, &encoded).unwrap();
        assert_eq!(part.done(), size as u64);
        assert!(part.missing().ranges().is_empty());
        let target = part.finish("目标.bin").unwrap();
        assert_eq!(target, room.at("downloads/目标.bin"));
        assert!(fs::read(target).unwrap() == room.bytes, "{size}");
        assert_eq!(fs::read_dir(room.at("downloads")).unwrap().count(), 1);
        forget_others(&BTreeSet::new(), &room.at("parts"));
        assert_eq!(fs::read_dir(room.at("parts")).unwrap().count(), 0);
        assert!(room.at("downloads/目标.bin").exists());
    }
}

#[test]
fn a_taken_name_is_left_alone() {
    let room = Room::with_file_of(1000);
    for expected in ["目标.bin", "目标 (2).bin", "目标 (3).bin"] {
        let mut part = room.part();
        room.received(&mut part, &room.sent(&[]).unwrap()).unwrap();
        assert_eq!(
            part.finish("目标.bin").unwrap(),
            room.at("downloads").join(expected)
        );
        forget(FileId([5; 16]), &room.at("parts"));
    }
}

/// The program was killed between the last rename and the commit of its home: the file was fetched a second time, and lay
/// there twice, as `目标.bin` and `目标 (2).bin`.
#[test]
fn a_finished_file_whose_end_was_not_noted_is_found_again() {
    let room = Room::with_file_of(100_000);
    let mut part = room.part();
    room.received(&mut part, &room.sent(&[]).unwrap()).unwrap();
    let target = part.finish("目标.bin").unwrap();
    assert!(matches!(room.found(), Found::Finished(path) if path == target));
    fs::write(&target, b"something else").unwrap();
    assert_eq!(room.part().done(), 0, "only the file itself counts");
}

#[test]
fn a_crash_before_the_rename_only_costs_another_try_of_it() {
    let room = Room::with_file_of(100_000);
    let mut part = room.part();
    room.received(&mut part, &room.sent(&[]).unwrap()).unwrap();
    let unfinished = room
        .at("downloads")
        .join(format!(".hutong-{}.part", FileId([5; 16])));
    let target = part.finish("目标.bin").unwrap();
    fs::rename(&target, unfinished).unwrap();
    let part = room.part();
    assert!(part.missing().ranges().is_empty());
    assert_eq!(part.finish("目标.bin").unwrap(), target);
}

#[test]
fn trees_of_files_that_are_offered_no_more_are_removed() {
    let room = Room::with_file_of(100_000);
    let tree = tree_path(&room.at("offers"), room.hashed.root);
    forget_trees(&BTreeSet::from([room.hashed.root]), &room.at("offers"));
    assert!(tree.exists());
    forget_trees(&BTreeSet::new(), &room.at("offers"));
    assert!(!tree.exists());
}

#[test]
fn an_interrupted_download_asks_only_for_the_rest() {
    let room = Room::with_file_of(3 << 20);
    let encoded = room.sent(&[]).unwrap();
    let mut part = room.part();
    let end = room.received(&mut part, &encoded[..1_500_000]);
    assert_eq!(end, Err(FetchEnd::Interrupted));
    let done = part.done();
    assert!((1_400_000..1_500_000).contains(&done), "{done}");
    drop(part);
    let mut part = room.part();
    assert_eq!(part.done(), done, "what was verified is still known");
    let missing = part.missing();
    assert_eq!(missing.ranges(), [(done / GROUP_BYTES, 192)]);
    let rest = room.sent(missing.ranges()).unwrap();
    assert!(rest.len() < encoded.len() - 1_400_000);
    room.received(&mut part, &rest).unwrap();
    assert!(fs::read(part.finish("x").unwrap()).unwrap() == room.bytes);
}

#[test]
fn every_wrong_byte_is_noticed_and_never_written() {
    let room = Room::with_file_of(200_000);
    let encoded = room.sent(&[]).unwrap();
    for at in (0..encoded.len()).step_by(7_919) {
        let mut wrong = encoded.clone();
        wrong[at] ^= 1;
        let mut part = room.part();
        assert_eq!(
            room.received(&mut part, &wrong),
            Err(FetchEnd::Damaged),
            "byte {at}"
        );
        let done = usize::try_from(part.done()).unwrap();
        assert!(done <= at);
        let written = fs::read(
            room.at("downloads")
                .join(format!(".hutong-{}.part", FileId([5; 16]))),
        );
        assert!(written.unwrap()[..done] == room.bytes[..done]);
        drop(part);
        forget(FileId([5; 16]), &room.at("parts"));
        assert_eq!(fs::read_dir(room.at("downloads")).unwrap().count(), 0);
    }
}

#[test]
fn a_file_that_changed_since_it_was_offered_is_not_sent() {
    let room = Room::with_file_of(100_000);
    fs::write(&room.hashed.path, vec![7; 100_001]).unwrap();
    assert_eq!(room.sent(&[]), Err(Refusal::FileChanged));
    // The same size, and the clock set back: only the tree knows.
    fs::write(&room.hashed.path, vec![7; 100_000]).unwrap();
    let file = fs::File::options()
        .write(true)
        .open(&room.hashed.path)
        .unwrap();
    let modified =
        std::time::UNIX_EPOCH + std::time::Duration::from_millis(room.hashed.modified_ms);
    file.set_modified(modified).unwrap();
    assert_eq!(room.sent(&[]), Err(Refusal::FileChanged));
    fs::remove_file(tree_path(&room.at("offers"), room.hashed.root)).unwrap();
    assert_eq!(room.sent(&[]), Err(Refusal::FileChanged));
}

#[test]
fn ranges_that_make_no_sense_are_refused() {
    let room = Room::with_file_of(100_000);
    for ranges in [[(3, 3)], [(0, 8)], [(5, 2)]] {
        assert_eq!(room.sent(&ranges), Err(Refusal::Malformed));
    }
}

#[test]
fn a_note_that_says_nonsense_costs_a_fresh_start_only() {
    let room = Room::with_file_of(100_000);
    let mut part = room.part();
    room.received(&mut part, &room.sent(&[]).unwrap()).unwrap();
    drop(part);
    assert_eq!(room.part().done(), 100_000);
    fs::write(
        room.at("parts").join(FileId([5; 16]).to_string()),
        b"nonsense",
    )
    .unwrap();
    assert_eq!(room.part().done(), 0);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_file_and_is_not_waited_for() {
    // Offering a named pipe opened it, which waits until somebody writes to it: the command was never answered.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    assert_eq!(
        hash(&pipe, folder.path(), 1).unwrap_err(),
        Failure::NoSuchFile { path: pipe }
    );
}

/// A program that was killed fetched everything again since its last note: up to 64 MiB at each kill.
#[test]
fn what_was_written_since_the_last_note_counts_after_a_kill() {
    let room = Room::with_file_of(3 << 20);
    let encoded = room.sent(&[]).unwrap();
    let mut part = room.part();
    let note = room.at("parts").join(room.target().file.to_string());
    let before = fs::read(&note).unwrap();
    room.received(&mut part, &encoded[..1_500_000]).unwrap_err();
    let done = part.done();
    drop(part);
    fs::write(&note, &before).unwrap();
    assert_eq!(room.part().done(), done);

    // Nothing is believed unseen: neither bytes that were written wrongly, nor those of a file that somebody cut.
    let file = fs::File::options()
        .write(true)
        .open(room.part_file())
        .unwrap();
    (&file).seek(SeekFrom::Start(700_000)).unwrap();
    (&file).write_all(b"rot").unwrap();
    fs::write(&note, &before).unwrap();
    assert_eq!(room.part().done(), 700_000 / GROUP_BYTES * GROUP_BYTES);
    file.set_len(400_000).unwrap();
    let part = room.part();
    assert_eq!(part.done(), 400_000 / GROUP_BYTES * GROUP_BYTES);
    assert_eq!(room.received_to_end(part), room.bytes);
}

#[test]
fn a_download_that_is_accepted_elsewhere_takes_its_part_along() {
    let room = Room::with_file_of(3 << 20);
    let mut part = room.part();
    let encoded = room.sent(&[]).unwrap();
    room.received(&mut part, &encoded[..1_500_000]).unwrap_err();
    let done = part.done();
    drop(part);
    let target = Target {
        folder: room.at("elsewhere"),
        ..room.target()
    };
    let Found::Part(part) = Part::open(&target, &room.at("parts")).unwrap() else {
        panic!("it is not finished");
    };
    assert_eq!(part.done(), done);
    assert_eq!(fs::read_dir(room.at("downloads")).unwrap().count(), 0);
    assert_eq!(room.received_to_end(part), room.bytes);
    forget(room.target().file, &room.at("parts"));
    assert_eq!(fs::read_dir(room.at("parts")).unwrap().count(), 0);
}

#[test]
fn a_file_for_which_there_is_no_room_is_not_begun_and_leaves_nothing() {
    let room = Room::with_file_of(10);
    let size = 1 << 42;
    let target = Target {
        size,
        ..room.target()
    };
    let Err(FetchEnd::NoSpace { missing }) = Part::open(&target, &room.at("parts")) else {
        panic!("this disk has room for 4 TiB");
    };
    assert!((1..size).contains(&missing), "{missing}");
    for folder in ["downloads", "parts"] {
        assert_eq!(fs::read_dir(room.at(folder)).unwrap().count(), 0);
    }
}

#[test]
fn the_room_for_a_whole_file_is_taken_at_its_beginning() {
    let room = Room::with_file_of(3 << 20);
    drop(room.part());
    let file = fs::File::open(room.part_file()).unwrap();
    assert!(fs4::FileExt::allocated_size(&file).unwrap() >= 3 << 20);
    assert_eq!(room.part().done(), 0, "room is not content");
}
