//! One file from a real program to another, over a direct link.
//!
//! The time runs from accepting it until it is verified, synced and under its name. Both programs are started anew for
//! every run, so that their largest memory is that of this file; what arrives is hashed again by us. Beside it: bare QUIC
//! streams with the settings of our links, and a plain TCP copy; those that write a file sync it too. Memory for the file is
//! warmed before each of them.

use super::bare::Way;
use super::figures::{Measure, Who};
use super::load::{Load, accept, verified};
use super::peer::{TIMEOUT, transfer};
use super::{Bench, usage};
use crate::driver::{Agent, Stage, Stopwatch};
use anyhow::ensure;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The two who hand it over.
struct Pair {
    alice: Agent,
    bob: Agent,
    folder: PathBuf,
}

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let stage = bench.stage()?;
    let server = stage.rendezvous()?;
    let (mut alice, bob) = stage.friends(("alice", "bob"), &server)?;
    // Links are kept to those with whom one has talked.
    let said = alice.done(json!({"do": "send", "to": "bob", "text": "a file follows"}))?;
    alice.event("delivery", |event| {
        event["message"] == said["message"] && event["state"] == "delivered"
    })?;
    let folder = stage.path("received");
    let mut pair = Pair { alice, bob, folder };
    let load = Load::make(stage.path("film.mkv"), bench.options.size)?;
    for run in bench.runs() {
        bench.begins(run);
        pair.send(bench, &load)?;
        bare(bench, &stage, &load)?;
    }
    for run in bench.runs() {
        bench.begins(run);
        pair.resume(bench, &load)?;
    }
    Ok(())
}

impl Pair {
    /// Programs that have done nothing yet, with a link between them.
    fn restart(&mut self, options_of_bob: &[&str]) -> anyhow::Result<()> {
        self.alice.restart()?;
        self.bob.restart_with(options_of_bob)?;
        Stage::await_direct(&mut self.alice, &mut self.bob)
    }

    fn send(&mut self, bench: &mut Bench<'_>, load: &Load) -> anyhow::Result<()> {
        self.restart(&[])?;
        let megabytes = load.megabytes();
        let watch = Stopwatch::start();
        let file = load.offer(&mut self.alice, &mut self.bob)?;
        let speed = megabytes / watch.elapsed().as_secs_f64();
        bench.note(Measure::OfferSpeed, Who::Hutong, speed);
        load.warm(&self.folder)?;
        let [before_alice, before_bob] = self.usage()?;
        let watch = Stopwatch::start();
        accept(&mut self.bob, &file, &self.folder)?;
        let over = verified(&mut self.bob, &file)?;
        let speed = megabytes / watch.elapsed().as_secs_f64();
        bench.note(Measure::FileSpeed, Who::Hutong, speed);
        let [alice, bob] = self.usage()?;
        let cpu = (alice.cpu - before_alice.cpu).as_secs_f64();
        bench.note(Measure::SenderCpu, Who::Hutong, cpu);
        let cpu = (bob.cpu - before_bob.cpu).as_secs_f64();
        bench.note(Measure::ReceiverCpu, Who::Hutong, cpu);
        bench.note(Measure::SenderMemory, Who::Hutong, alice.memory_max_mib);
        bench.note(Measure::ReceiverMemory, Who::Hutong, bob.memory_max_mib);
        check(&over, load)
    }

    /// Both are killed half way; those that go on are other processes.
    fn resume(&mut self, bench: &mut Bench<'_>, load: &Load) -> anyhow::Result<()> {
        // Not faster than this, or a small file would be there before anybody is killed.
        let size_a_second = load.bytes.to_string();
        self.restart(&["--max-rate", &size_a_second])?;
        let file = load.offer(&mut self.alice, &mut self.bob)?;
        accept(&mut self.bob, &file, &self.folder)?;
        let is_half = |event: &Value| {
            event["file"] == file
                && event["done"]
                    .as_u64()
                    .is_some_and(|done| done >= load.bytes / 2)
        };
        self.bob.event_within(TIMEOUT, "file", is_half)?;
        self.bob.kill()?;
        self.restart(&[])?;
        let over = verified(&mut self.bob, &file)?;
        let [alice, bob] = self.usage()?;
        let memory = alice.memory_max_mib;
        bench.note(Measure::ResumedSenderMemory, Who::Hutong, memory);
        let memory = bob.memory_max_mib;
        bench.note(Measure::ResumedReceiverMemory, Who::Hutong, memory);
        check(&over, load)
    }

    fn usage(&self) -> anyhow::Result<[usage::Usage; 2]> {
        Ok([usage::of(self.alice.id())?, usage::of(self.bob.id())?])
    }
}

fn check(over: &Value, load: &Load) -> anyhow::Result<()> {
    ensure!(over["path"] == "direct", "not directly: {over}");
    load.check(over)
}

fn bare(bench: &mut Bench<'_>, stage: &Stage, load: &Load) -> anyhow::Result<()> {
    let into = stage.path("copy");
    let files = Some((load.path.as_path(), into.as_path()));
    for (who, way, files) in [
        (Who::BareQuic, Way::Quic, None),
        (Who::BareQuicDefaults, Way::QuicDefaults, None),
        (Who::BareQuicDisk, Way::Quic, files),
        (Who::TcpCopy, Way::Tcp, files),
    ] {
        if files.is_some() {
            load.warm(&stage.path("copies"))?;
        }
        let (seconds, giver, taker) = transfer(stage, (way, load.bytes), files)?;
        let speed = load.megabytes() / seconds;
        bench.note(Measure::FileSpeed, who, speed);
        bench.note(Measure::SenderCpu, who, giver.cpu.as_secs_f64());
        bench.note(Measure::ReceiverCpu, who, taker.cpu.as_secs_f64());
        bench.note(Measure::SenderMemory, who, giver.memory_max_mib);
        bench.note(Measure::ReceiverMemory, who, taker.memory_max_mib);
        if let Some((_, copy)) = files {
            std::fs::remove_file(copy)?;
        }
    }
    Ok(())
}
