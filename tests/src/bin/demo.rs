//! `./justw demo`: plays the main job on this machine with the real programs, and tells what really happened.
//!
//! Exits with 1 if any step fails. Interrupted or failed, it leaves no program and no file behind.

use anyhow::Context;
use hutong_tests::driver::interrupt;
use hutong_tests::story;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let mut story = tokio::task::spawn_blocking(story::play);
    let played = tokio::select! {
        played = &mut story => played,
        stop = tokio::signal::ctrl_c() => {
            stop.context("listen for an interruption")?;
            // Every wait fails from now on, and the story takes its programs and files with it.
            interrupt();
            story.await
        }
    };
    Ok(played.context("the story broke off")?.into())
}
