//! A file that is dragged out of another program's window into a conversation.

use super::stage;
use anyhow::Context;
use hutong_tests::content;
use hutong_tests::desk::places::{chat, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Display, desktop_example};
use serde_json::json;
use std::path::Path;

const KIB: u64 = 1 << 10;

#[test]
fn a_file_is_dragged_from_another_window_into_a_conversation() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let source = desktop_example(stage.programs(), "drag_source");
    let source = source.context("the example `drag_source` is not built")?;
    let server = stage.rendezvous()?;
    let display = Display::sized(1280, 900)?;
    let mut bob = stage.registered("bob", &server)?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    alice.add("bob", "hello")?;
    let request = bob.event("request", |event| event["from"] == "alice")?;
    bob.done(json!({"do": "accept", "request": request["request"]}))?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    alice.window().put(20, 40)?;
    alice.click(home::FIRST)?;

    let path = stage.path("作业 1.bin");
    let hash = content::make(&path, 300 * KIB)?;
    let mut command = display.command(source);
    let files = display.open(command.arg(&path), "drag-source")?;
    files.put(1080, 60)?;
    files.drag_to(alice.window(), chat::MIDDLE)?;
    files.line("the end of the drag", |line| line["what"] == "ended")?;

    let offer = bob.event("file", |event| event["name"] == "作业 1.bin")?;
    bob.done(json!({"do": "accept_file", "file": offer["file"]}))?;
    let file = bob.event("file", |event| event["state"] == "verified")?;
    let saved = file["saved_as"].as_str().context("a path")?;
    assert_eq!(content::hash_of(Path::new(saved))?, hash);
    alice.until(&["files"], |told| told["files"][0]["state"] == "verified")?;
    alice.keep("dragged-zh")?;
    alice.close()
}
