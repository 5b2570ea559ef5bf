//! `./justw gui-demo`: a class on this machine, and a window into it. `--keep DIR` keeps the folder, and comes back to it.
//!
//! Ends when the window is closed or interrupted, and then leaves no program behind.

use anyhow::Context;
use clap::Parser;
use hutong_tests::classroom;
use hutong_tests::driver::{interrupt, is_interrupted};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(name = "gui-demo")]
struct Options {
    /// Keep everything in this folder, and use what lies there already
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut visit = tokio::task::spawn_blocking(move || classroom::visit(options.keep.as_deref()));
    let visited = tokio::select! {
        visited = &mut visit => visited,
        stop = tokio::signal::ctrl_c() => {
            stop.context("listen for an interruption")?;
            // Every wait fails from now on, and the class takes its programs and files with it.
            interrupt();
            visit.await
        }
    };
    match visited.context("the class broke off")? {
        Err(_) if is_interrupted() => Ok(()),
        visited => visited,
    }
}
