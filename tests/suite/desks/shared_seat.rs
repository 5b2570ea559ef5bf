//! A computer that many use: what somebody did there is gone when the window is closed.

use super::stage;
use anyhow::ensure;
use hutong_tests::desk::places::{entry, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::Display;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const SAID: &str = "canary-of-carol";
const ANSWERED: &str = "canary-of-alice";

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files(&entry.path(), found)?;
        } else if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The files below a folder that hold any of these words, in their names or their bytes.
pub(super) fn holding(folder: &Path, words: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    files(folder, &mut all)?;
    let mut found = Vec::new();
    for path in all {
        let bytes = fs::read(&path)?;
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        let holds = |word: &&str| {
            name.contains(*word)
                || bytes
                    .windows(word.len())
                    .any(|part| part == word.as_bytes())
        };
        if words.iter().any(holds) {
            found.push(path);
        }
    }
    Ok(found)
}

#[test]
fn a_shared_computer_keeps_nothing_once_the_window_is_closed() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let server = stage.rendezvous()?;
    let display = Display::new()?;
    let mut alice = stage.registered("alice", &server)?;
    let carol = Desk::open(&display, stage.programs(), &stage.path("seat"), "en")?;
    carol.click(entry::SEAT)?;
    carol.keep("seat-en")?;
    carol.register(server.invite()?, "carol", PASSWORD)?;
    let me = carol.ask(&["whoami"])?;
    assert_eq!(me["kind"], "seat", "the tick was set: {me}");
    carol.add("alice", "hello")?;
    let request = alice.event("request", |event| event["from"] == "carol")?;
    alice.done(json!({"do": "accept", "request": request["request"]}))?;
    carol.until(&["friends"], |told| told["friends"][0]["login"] == "alice")?;
    carol.click(home::CHATS)?;
    carol.say(SAID)?;
    alice.event("message", |event| event["text"] == SAID)?;
    alice.done(json!({"do": "send", "to": "carol", "text": ANSWERED}))?;
    carol.until(&["history", "alice"], |told| {
        told["messages"][1]["text"] == ANSWERED
    })?;
    let folder = carol.home().to_path_buf();
    let canaries = [SAID, ANSWERED, "alice", "carol"];
    ensure!(
        !holding(&folder, &canaries)?.is_empty(),
        "what lies there while one is signed in is found"
    );
    carol.close()?;
    let left = holding(&folder, &canaries)?;
    ensure!(left.is_empty(), "{left:?} stay");
    let again = Desk::open(&display, stage.programs(), &folder, "en")?;
    ensure!(again.ask(&["whoami"]).is_err(), "somebody is signed in");
    again.close()
}
