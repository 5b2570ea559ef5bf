//! Whole stories at real windows, with the real engine and a real rendezvous: what people do on a first day, how fast a class
//! is started, and what the window says when something is wrong.
//!
//! Skips, and says why, where a program for this is missing; in CI none may be.

mod announced;
mod class_begins;
mod dragged;
mod first_day;
mod full_disk;
mod group_day;
mod long_past;
mod pulled_cable;
mod shared_seat;
mod troubles;

use hutong_tests::desk::Desk;
use hutong_tests::driver::{Display, Stage};
use serde_json::Value;

/// What is missing is an error where everything should be installed.
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
fn stage(needs_pinyin: bool) -> anyhow::Result<Option<Stage>> {
    let stage = Stage::empty()?;
    let missing = Desk::unavailable(stage.programs());
    let missing = missing.or_else(|| needs_pinyin.then(Display::pinyin_unavailable).flatten());
    let Some(reason) = missing else {
        return Ok(Some(stage));
    };
    anyhow::ensure!(
        std::env::var_os("CI").is_none(),
        "windows cannot be tested: {reason}"
    );
    println!("skipped, no windows here: {reason}");
    Ok(None)
}

/// How far this message of a history is.
fn state_of(history: &Value, text: &str) -> Value {
    let messages = history["messages"].as_array();
    let found = messages
        .into_iter()
        .flatten()
        .find(|message| message["text"] == text);
    found.map_or(Value::Null, |message| message["state"].clone())
}
