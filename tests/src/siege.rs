//! Attacks on the real programs over real sockets: hostile bytes at both ports, replays, and floods.
//!
//! The suite runs small ones, `./justw prove-hostile` and `./justw prove-floods` the full ones. An attack returns what it
//! did; what must hold afterwards is checked by whoever orders it: the program lives, did not grow, and serves the next
//! honest client at once.

pub mod control_port;
pub mod direct_port;
pub mod flooded;
pub mod floods;
pub mod good;

use crate::driver::{LightClient, Memory, Rendezvous, Stage, Stopwatch};
use anyhow::{Context, ensure};
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::KeyPair;
use serde_json::json;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;
use tokio::runtime::Runtime;

/// More than this much memory after an attack than before is growth: allocators keep some, and pages are counted late.
const GROWTH_BYTES_MAX: u64 = 48 << 20;
/// An honest client is served within this time, also by an unoptimised build on a busy machine.
const SERVED_WITHIN: Duration = Duration::from_secs(10);

/// A program under attack.
#[derive(Debug)]
pub struct Victim<'a> {
    name: &'static str,
    process: u32,
    log: &'a Path,
    before: Memory,
}

/// What an attack cost the program.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Memory before it.
    pub before: Memory,
    /// Memory after it.
    pub after: Memory,
    /// How long the next honest client waited.
    pub served: Duration,
}

impl<'a> Victim<'a> {
    /// The program as it is now; its complaints are in the file `log`.
    ///
    /// # Errors
    /// When it does not run.
    pub fn new(name: &'static str, process: u32, log: &'a Path) -> anyhow::Result<Self> {
        Ok(Self {
            name,
            process,
            log,
            before: Memory::of(process)?,
        })
    }

    /// Checks that it is unharmed, `served` being what an honest client does.
    ///
    /// # Errors
    /// When it panicked, ended, grew, or does not serve.
    pub fn unharmed(&self, served: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Cost> {
        let (watch, name) = (Stopwatch::start(), self.name);
        served().with_context(|| format!("{name} serves nobody"))?;
        let served = watch.elapsed();
        let log = std::fs::read_to_string(self.log).unwrap_or_default();
        ensure!(!log.contains("panicked"), "{name} panicked:\n{log}");
        ensure!(served <= SERVED_WITHIN, "{name} served after {served:?}");
        let after = Memory::of(self.process)?;
        let grown = after.now_bytes.saturating_sub(self.before.now_bytes);
        ensure!(
            grown <= GROWTH_BYTES_MAX,
            "{name} grew by {} MiB",
            grown >> 20
        );
        Ok(Cost {
            before: self.before,
            after,
            served,
        })
    }
}

/// One attack and what it cost.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which attack.
    pub attack: String,
    /// Hostile inputs.
    pub inputs: u64,
    /// What it cost.
    pub cost: Cost,
}

/// `count` hostile inputs of every kind at the port of a rendezvous.
///
/// # Errors
/// When it is harmed.
pub fn besiege_rendezvous(count: u64) -> anyhow::Result<Vec<Outcome>> {
    let (stage, runtime) = (Stage::empty()?, Runtime::new()?);
    let config = stage.path("lab.toml");
    // Attackers register anew whenever they have thrown their device away.
    std::fs::write(&config, "profile = \"lab\"\n")?;
    let config = config.to_string_lossy().into_owned();
    let options = ["--no-mdns", "--config", &config];
    let data = stage.path("rendezvous");
    let server = Rendezvous::start(stage.programs(), &data, "127.0.0.1:0", &options)?;
    let (port, log) = (server.port()?, data.with_extension("log"));
    let key = KeyPair::generate(&mut OsEntropy);
    let honest = async || LightClient::connect(port, &key).await;
    runtime.block_on(async { honest().await?.register("honest").await.map(drop) })?;
    let mut outcomes = Vec::new();
    for (stage, resume) in control_port::STAGES.into_iter().zip(1..) {
        let warm_up = (count / 10).clamp(1, 500);
        runtime.block_on(control_port::attack(port, stage, warm_up))?;
        let victim = Victim::new("the rendezvous", server.id(), &log)?;
        runtime.block_on(control_port::attack(port, stage, count))?;
        let cost = victim.unharmed(|| {
            runtime.block_on(async { honest().await?.resume(resume).await.map(drop) })
        })?;
        outcomes.push(Outcome {
            attack: stage.to_string(),
            inputs: warm_up + count,
            cost,
        });
    }
    Ok(outcomes)
}

/// `count` hostile inputs of every kind at the port of a client.
///
/// # Errors
/// When it is harmed.
pub fn besiege_client(count: u64) -> anyhow::Result<Vec<Outcome>> {
    let (stage, runtime) = (Stage::empty()?, Runtime::new()?);
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let port = alice.ready()["udp_port"]
        .as_u64()
        .and_then(|port| u16::try_from(port).ok());
    let to = (Ipv4Addr::LOCALHOST, port.context("a UDP port")?).into();
    let log = alice.home().with_extension("log");
    let mut outcomes = Vec::new();
    for stage in direct_port::STAGES {
        bob.kill()?;
        let stolen = direct_port::Stolen::from_home(bob.home())?;
        let warm_up = (count / 10).clamp(1, 500);
        runtime.block_on(direct_port::attack(to, &stolen, (stage, warm_up)))?;
        let victim = Victim::new("the client", alice.id(), &log)?;
        runtime.block_on(direct_port::attack(to, &stolen, (stage, count)))?;
        bob.restart()?;
        let cost = victim.unharmed(|| {
            let sent = bob.done(json!({"do": "send", "to": "alice", "text": "honest"}))?;
            alice.event("message", |event| event["id"] == sent["message"])?;
            Ok(())
        })?;
        outcomes.push(Outcome {
            attack: stage.to_string(),
            inputs: warm_up + count,
            cost,
        });
    }
    Ok(outcomes)
}
