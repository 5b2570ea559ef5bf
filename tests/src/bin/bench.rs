//! `./justw bench`: measures the real programs on this machine, beside bare ones.
//!
//! Exits with 1 if a measurement fails, not if a goal is missed. Interrupted or failed, it leaves no program and no file
//! behind but the reports that were finished.

use anyhow::Context;
use clap::Parser;
use hutong_tests::bench::options::{Options, Part};
use hutong_tests::bench::run;
use hutong_tests::driver::interrupt;
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    match options.bare {
        Some(Part::Bare { bare }) => bare.run().map(|()| ExitCode::SUCCESS),
        None => measure(options),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn measure(options: Options) -> anyhow::Result<ExitCode> {
    let mut measuring = tokio::task::spawn_blocking(move || run(&options));
    let measured = tokio::select! {
        measured = &mut measuring => measured,
        stop = tokio::signal::ctrl_c() => {
            stop.context("listen for an interruption")?;
            interrupt();
            measuring.await
        }
    };
    measured.context("the measurement broke off")
}
