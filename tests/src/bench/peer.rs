//! A bare program as a process of its own, and what it used.

use super::bare::Way;
use super::usage::{self, Usage};
use crate::driver::{Deadline, Process, Stage, Stopwatch};
use anyhow::Context;
use hutong_common::id::ServerId;
use serde_json::Value;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// The longest that any of them may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(900);

/// One that runs.
#[derive(Debug)]
pub(super) struct Peer {
    process: Process,
    ready: Value,
}

impl Peer {
    /// Starts `bench bare …` and waits until it says that it is ready.
    pub(super) fn start(stage: &Stage, arguments: &[&dyn AsRef<OsStr>]) -> anyhow::Result<Self> {
        let mut command = stage.programs().command("bench");
        command.arg("bare");
        for argument in arguments {
            command.arg(argument.as_ref());
        }
        let process = Process::start("bench bare", &mut command, stage.path("bare.log"))?;
        let ready = process.next("ready line", Deadline::after(TIMEOUT))?;
        Ok(Self { process, ready })
    }

    /// Where it listens, and the key that it shows; without one the id of nobody.
    pub(super) fn listens(&self) -> anyhow::Result<(SocketAddr, ServerId)> {
        let address = self.ready["address"].as_str().context("an address")?;
        let key = self.ready["key"].as_str().map(str::parse).transpose()?;
        Ok((address.parse()?, key.unwrap_or(ServerId([0; 32]))))
    }

    /// Tells it to begin.
    pub(super) fn go(&mut self) -> anyhow::Result<()> {
        self.process.say("go")
    }

    /// What it says at its end.
    pub(super) fn done(&self) -> anyhow::Result<Value> {
        self.process.next("end", Deadline::after(TIMEOUT))
    }

    /// What it has used.
    pub(super) fn usage(&self) -> anyhow::Result<Usage> {
        usage::of(self.process.id())
    }
}

/// One stream from a giver to a taker: seconds, and what both used.
pub(super) fn transfer(
    stage: &Stage,
    (way, bytes): (Way, u64),
    files: Option<(&Path, &Path)>,
) -> anyhow::Result<(f64, Usage, Usage)> {
    let name = clap::ValueEnum::to_possible_value(&way).context("a way has a name")?;
    let name = name.get_name().to_owned();
    let mut take: Vec<&dyn AsRef<OsStr>> = vec![&"take", &"--way", &name];
    if let Some((_, into)) = &files {
        take.extend([&"--into" as &dyn AsRef<OsStr>, into]);
    }
    let taker = Peer::start(stage, &take)?;
    let (address, pin) = taker.listens()?;
    let (size, bytes) = (bytes, bytes.to_string());
    let (address, pin) = (address.to_string(), pin.to_string());
    let mut give: Vec<&dyn AsRef<OsStr>> = vec![
        &"give", &"--way", &name, &"--to", &address, &"--pin", &pin, &"--bytes", &bytes,
    ];
    if let Some((from, _)) = &files {
        give.extend([&"--from" as &dyn AsRef<OsStr>, from]);
    }
    let mut giver = Peer::start(stage, &give)?;
    let watch = Stopwatch::start();
    giver.go()?;
    let taken = taker.done()?;
    let seconds = watch.elapsed().as_secs_f64();
    anyhow::ensure!(taken["done"] == size, "not everything came: {taken}");
    giver.done()?;
    Ok((seconds, giver.usage()?, taker.usage()?))
}
