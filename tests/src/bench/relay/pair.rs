//! Two who have one way to each other: what they say and send goes by it, or the measurement fails.

use crate::bench::load::{Load, accept, verified};
use crate::driver::{Agent, Programs, Rendezvous, Stage, Stopwatch};
use anyhow::ensure;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// A way back that was gone for a while is looked for every half a minute.
const PATH_TIMEOUT: Duration = Duration::from_secs(75);

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

    /// Offers a file and has it accepted.
    pub(super) fn begin(&mut self, load: &Load) -> anyhow::Result<Value> {
        let file = load.offer(&mut self.one, &mut self.other)?;
        accept(&mut self.other, &file, &self.folder)?;
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
        load.check(&verified(&mut self.other, file)?)
    }

    /// Sends a file by relay: in MB/s, from accepting it until it is verified.
    pub(super) fn relay(&mut self, load: &Load) -> anyhow::Result<f64> {
        let file = load.offer(&mut self.one, &mut self.other)?;
        load.warm(&self.folder)?;
        let watch = Stopwatch::start();
        accept(&mut self.other, &file, &self.folder)?;
        let over = verified(&mut self.other, &file)?;
        let speed = load.megabytes() / watch.elapsed().as_secs_f64();
        ensure!(over["path"] == "relay", "not by relay: {over}");
        load.check(&over)?;
        Ok(speed)
    }
}
