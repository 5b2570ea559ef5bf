//! A folder for one run: a rendezvous and the homes of everybody who plays in it, all gone at the end.

use super::agent::Agent;
use super::process::Programs;
use super::rendezvous::Rendezvous;
use anyhow::Context;
use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The password of everybody on every stage.
const PASSWORD: &str = "correct horse 电池 staple";

/// Where a run takes place.
#[derive(Debug)]
pub struct Stage {
    programs: Programs,
    folder: TempDir,
}

impl Stage {
    /// An empty stage for the built programs.
    ///
    /// # Errors
    /// When there are no programs, or no folder can be made.
    pub fn empty() -> anyhow::Result<Self> {
        Self::of(Programs::built()?)
    }

    /// An empty stage for those programs.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn of(programs: Programs) -> anyhow::Result<Self> {
        Self::within(programs, &std::env::temp_dir())
    }

    /// An empty stage for those programs, in a folder of its own below `parent`.
    ///
    /// # Errors
    /// When no folder can be made there.
    pub fn within(programs: Programs, parent: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("hutong-")
            .tempdir_in(parent);
        let folder = folder.with_context(|| format!("make a folder in {}", parent.display()))?;
        Ok(Self { programs, folder })
    }

    /// The programs that play.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// A path in the folder of this run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of this run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A rendezvous on loopback.
    ///
    /// # Errors
    /// When it does not serve in time.
    pub fn rendezvous(&self) -> anyhow::Result<Rendezvous> {
        self.rendezvous_with(&[])
    }

    /// The same, with further options of `serve`.
    ///
    /// # Errors
    /// When it does not serve in time.
    pub fn rendezvous_with(&self, options: &[&str]) -> anyhow::Result<Rendezvous> {
        let options = [&["--no-mdns"], options].concat();
        let data = self.path("rendezvous");
        Rendezvous::start(&self.programs, &data, "127.0.0.1:0", &options)
    }

    /// A client that is not signed in, and looks for nobody.
    ///
    /// # Errors
    /// When it is not ready in time.
    pub fn agent(&self, login: &str) -> anyhow::Result<Agent> {
        Agent::start(&self.programs, &self.path(login), &["--no-mdns"])
    }

    /// A client of a new account.
    ///
    /// # Errors
    /// When the account is refused.
    pub fn registered(&self, login: &str, at: &Rendezvous) -> anyhow::Result<Agent> {
        self.registered_with(login, at, &["--no-mdns"])
    }

    /// The same, with options for `agent`.
    ///
    /// # Errors
    /// When the account is refused.
    pub fn registered_with(
        &self,
        login: &str,
        at: &Rendezvous,
        options: &[&str],
    ) -> anyhow::Result<Agent> {
        let mut agent = Agent::start(&self.programs, &self.path(login), options)?;
        agent.done(json!({
            "do": "register", "login": login, "password": PASSWORD, "server": at.invite()?,
        }))?;
        Ok(agent)
    }

    /// Two clients of friends, with a warm link between them.
    ///
    /// # Errors
    /// When anything on the way is refused.
    pub fn friends(&self, names: (&str, &str), at: &Rendezvous) -> anyhow::Result<(Agent, Agent)> {
        let mut one = self.registered(names.0, at)?;
        let mut other = self.registered(names.1, at)?;
        Self::befriend(&mut one, &mut other)?;
        Self::await_direct(&mut one, &mut other)?;
        Ok((one, other))
    }

    /// The password of everybody here.
    pub const fn password() -> &'static str {
        PASSWORD
    }

    /// One asks, the other accepts, and both know it.
    ///
    /// # Errors
    /// When anything on the way is refused.
    pub fn befriend(one: &mut Agent, other: &mut Agent) -> anyhow::Result<()> {
        let asked = one.done(json!({"do": "add", "login": other.name(), "greeting": "👋"}))?;
        let request = other.event("request", |event| event["request"] == asked["request"])?;
        other.done(json!({"do": "accept", "request": request["request"]}))?;
        await_friend(one, other.name())?;
        await_friend(other, one.name())
    }

    /// Waits until each reaches the other directly.
    ///
    /// # Errors
    /// When this takes too long.
    pub fn await_direct(one: &mut Agent, other: &mut Agent) -> anyhow::Result<()> {
        for agent in [one, other] {
            let request = json!({"do": "who"});
            agent.until(&request, |reply| reply["people"][0]["path"] == "direct")?;
        }
        Ok(())
    }
}

fn await_friend(agent: &mut Agent, friend: &str) -> anyhow::Result<()> {
    let request = json!({"do": "friends"});
    agent.until(&request, |reply| reply["friends"][0]["login"] == friend)?;
    Ok(())
}
