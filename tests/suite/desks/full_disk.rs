//! A disk without room: the window says so, loses nothing, and goes on once there is some.
//!
//! Needs a disk of its own, and skips where none can be made.

use super::{stage, state_of};
use anyhow::Context;
use hutong_tests::content;
use hutong_tests::desk::places::{chat, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Agent, Display, disk};
use serde_json::json;
use std::path::Path;

const MIB: u64 = 1 << 20;
/// Bytes of the disk on which the home lies.
const DISK: u64 = 24 * MIB;

#[test]
fn a_full_disk_is_told_and_costs_neither_words_nor_files() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    if let Some(reason) = disk::unavailable() {
        println!("skipped, no disk of one's own here: {reason}");
        return Ok(());
    }
    let server = stage.rendezvous()?;
    let display = Display::new()?;
    let mut bob = stage.registered("bob", &server)?;
    let folder = stage.path("alice");
    let alice = Desk::open_on_disk(&display, stage.programs(), (&folder, DISK), "zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    alice.add("bob", "hello")?;
    let request = bob.event("request", |event| event["from"] == "alice")?;
    bob.done(json!({"do": "accept", "request": request["request"]}))?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    alice.click(home::FIRST)?;
    no_room_for_a_file(&alice, &mut bob, &stage.path("film.bin"))?;

    alice.click_again(chat::WORDS)?;
    alice.letters("kept words")?;
    alice.rests()?;
    let filling = disk::Filling::of(alice.home(), DISK)?;
    let before = alice.window().look()?;
    alice.press(&["Return"])?;
    alice.window().changed_since(&before)?;
    alice.keep("disk-full-zh")?;
    bob.done(json!({"do": "send", "to": "alice", "text": "while it is full"}))?;
    drop(filling);
    alice.until(&["history", "bob"], |told| {
        told["messages"][1]["text"] == "while it is full"
    })?;
    alice.keep("disk-has-room-zh")?;
    alice.press(&["Return"])?;
    bob.event("message", |event| event["text"] == "kept words")?;
    alice.until(&["history", "bob"], |told| {
        state_of(told, "kept words") == "delivered"
    })?;
    alice.close()
}

/// A file for which there is no room is refused with what is missing, and taken when there is some.
fn no_room_for_a_file(alice: &Desk<'_>, bob: &mut Agent, path: &Path) -> anyhow::Result<()> {
    let hash = content::make(path, 8 * MIB)?;
    let before = alice.window().look()?;
    bob.done(json!({"do": "send_file", "to": "alice", "path": path}))?;
    alice.until(&["files"], |told| told["files"][0]["state"] == "offered")?;
    alice.window().changed_since(&before)?;
    let filling = disk::Filling::leaving(alice.home(), (DISK, 4 * MIB))?;
    alice.click(home::FILES)?;
    alice.click(home::ACCEPT)?;
    alice.keep("file-no-room-zh")?;
    let told = alice.ask(&["files"])?;
    assert_eq!(told["files"][0]["state"], "offered", "{told}");
    drop(filling);
    alice.click(home::ACCEPT)?;
    let told = alice.until(&["files"], |told| told["files"][0]["state"] == "verified")?;
    let saved = told["files"][0]["saved_as"].as_str().context("a path")?;
    let saved = disk::seen_by(alice.window().process(), Path::new(saved));
    assert_eq!(content::hash_of(&saved)?, hash);
    std::fs::remove_file(saved)?;
    alice.click(home::CHATS)?;
    alice.click_again(home::FIRST)
}
