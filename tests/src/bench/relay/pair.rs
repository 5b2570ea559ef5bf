//! Two who have one way to each other: what they say and send goes by it, or the measurement fails.

use crate::bench::peer::TIMEOUT;
use crate::content;
use crate::driver::{Agent, Programs, Rendezvous, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A way back that was gone for a while is looked for every half a minute.
const PATH_TIMEOUT: Duration = Duration::from_secs(75);

/// What is sent, and how it must arrive.
pub(super) struct Load {
    path: PathBuf,
    pub(super) bytes: u64,
    hash: blake3::Hash,
}

impl Load {
    pub(super) fn make(path: PathBuf, bytes: u64) -> anyhow::Result<Self> {
        let hash = content::make(&path, bytes)?;
        Ok(Self { path, bytes, hash })
    }
}

/// Both, and where the second one keeps what it gets.
pub(super) struct Pair {
    pub(super) one: Agent,
    pub(super) other: Agent,
    folder: PathBuf,
}

impl Pair {
    /// Both with an account, and friends.
    pub(super) fn new(
        (stage, server): (&Stage, &Rendezvous),
        [one, other]: [(&Programs, &str); 2],
        options: &[&str],
    ) -> anyhow::Result<Self> {
        let options = [&["--no-mdns"], options].concat();
        let register = |(programs, name): (&Programs, &str)| {
            let mut agent = Agent::start(programs, &stage.path(name), &options)?;
            agent.done(json!({
                "do": "register", "login": name, "password": Stage::password(),
                "server": server.invite()?,
            }))?;
            anyhow::Ok(agent)
        };
        let (mut one, mut other) = (register(one)?, register(other)?);
        Stage::befriend(&mut one, &mut other)?;
        let folder = stage.path("received");
        Ok(Self { one, other, folder })
    }

    /// Waits until both reach each other by this way.
    pub(super) fn await_path(&mut self, path: &str) -> anyhow::Result<()> {
        for agent in [&mut self.one, &mut self.other] {
            let fits = |reply: &Value| reply["people"][0]["path"] == path;
            agent.until_within(PATH_TIMEOUT, &json!({"do": "who"}), fits)?;
        }
        Ok(())
    }

    fn offer(&mut self, load: &Load) -> anyhow::Result<Value> {
        let asked = json!({"do": "send_file", "to": self.other.name(), "path": load.path});
        let file = self.one.done(asked)?["file"].clone();
        let is_offered = |event: &Value| event["file"] == file && event["state"] == "offered";
        self.other.event_within(TIMEOUT, "file", is_offered)?;
        Ok(file)
    }

    fn accept(&mut self, file: &Value) -> anyhow::Result<()> {
        let asked = json!({"do": "accept_file", "file": file, "to": self.folder});
        self.other.done(asked).map(drop)
    }

    fn over(&mut self, file: &Value) -> anyhow::Result<Value> {
        let is_over = |event: &Value| {
            event["file"] == *file && (event["state"] == "verified" || event["state"] == "failed")
        };
        let over = self.other.event_within(TIMEOUT, "file", is_over)?;
        ensure!(over["state"] == "verified", "{over}");
        Ok(over)
    }

    /// Offers a file and has it accepted.
    pub(super) fn begin(&mut self, load: &Load) -> anyhow::Result<Value> {
        let file = self.offer(load)?;
        self.accept(&file)?;
        Ok(file)
    }

    /// Whether it is there; nothing is waited for.
    pub(super) fn is_over(&mut self, file: &Value) -> anyhow::Result<bool> {
        let reply = self.other.done(json!({"do": "files"}))?;
        let mut files = reply["files"].as_array().into_iter().flatten();
        let one = files.find(|one| one["file"] == *file);
        let state = one.map(|one| one["state"].clone());
        Ok(state.is_none_or(|state| state == "verified" || state == "failed"))
    }

    /// Waits until it is there, and checks every byte of it.
    pub(super) fn finish(&mut self, (file, load): (&Value, &Load)) -> anyhow::Result<()> {
        let over = self.over(file)?;
        check(&over, load)
    }

    /// Sends a file by relay: in MB/s, from accepting it until it is verified.
    pub(super) fn relay(&mut self, load: &Load) -> anyhow::Result<f64> {
        let file = self.offer(load)?;
        let watch = Stopwatch::start();
        self.accept(&file)?;
        let over = self.over(&file)?;
        let speed = load.bytes as f64 / 1e6 / watch.elapsed().as_secs_f64();
        ensure!(over["path"] == "relay", "not by relay: {over}");
        check(&over, load)?;
        Ok(speed)
    }
}

/// Checks every byte of what came, and takes it away.
fn check(over: &Value, load: &Load) -> anyhow::Result<()> {
    let saved = Path::new(over["saved_as"].as_str().context("it says where")?);
    ensure!(content::hash_of(saved)? == load.hash, "the bytes differ");
    Ok(std::fs::remove_file(saved)?)
}
