//! The scene of all these tests: a rendezvous and two friends, each on a machine of its own.

use anyhow::{Context, ensure};
use hutong_tests::content;
use hutong_tests::driver::{Agent, Deadline, Network, Programs, Rendezvous, Stage};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// On which machines they are.
pub(super) const ALICE: u8 = 2;
pub(super) const BOB: u8 = 3;

/// A way back is looked for every 30 seconds, give or take a fifth, once it has been gone for a while.
const PATH_TIMEOUT: Duration = Duration::from_secs(75);
/// A file may wait for a rendezvous that comes back, or for a network that does.
const FILE_TIMEOUT: Duration = Duration::from_secs(120);
/// How fast files are sent: slow enough for what happens meanwhile.
const BYTES_PER_S: &str = "1500000";

/// A file under way.
pub(super) struct Sending {
    file: Value,
    hash: blake3::Hash,
}

/// Everything on it.
pub(super) struct Scene {
    pub(super) network: Network,
    stage: Stage,
    pub(super) server: Rendezvous,
    pub(super) alice: Agent,
    pub(super) bob: Agent,
    /// What was said, in order.
    said: Vec<Value>,
    files: u32,
}

impl Scene {
    /// Both have accounts and know nobody; none where there can be no such network.
    pub(super) fn new() -> anyhow::Result<Option<Self>> {
        Self::on(false)
    }

    /// The same where each computer has two network cards.
    pub(super) fn with_cards() -> anyhow::Result<Option<Self>> {
        Self::on(true)
    }

    #[expect(clippy::print_stdout, reason = "whoever runs the tests is told")]
    fn on(two_cards: bool) -> anyhow::Result<Option<Self>> {
        if let Some(reason) = Network::without_walls() {
            println!("skipped, no network namespaces with walls here: {reason}");
            return Ok(None);
        }
        let network = Network::of(3)?;
        if two_cards {
            network.add_cards()?;
        }
        // Without optimisation the fast keystream is the slow one.
        let programs = Programs::built()?.with("HUTONG_DES", "reference");
        let stage = Stage::of(programs.clone())?;
        let on = |machine: usize| {
            let machine = network.machines().get(machine);
            machine.map(|machine| programs.within(machine.name()))
        };
        let (server, alice, bob) = (on(0), on(1), on(2));
        let server = Rendezvous::start(
            &server.context("a machine")?,
            &stage.path("rendezvous"),
            "10.77.0.1:7440",
            &["--no-mdns"],
        )?;
        let options = ["--no-mdns", "--max-rate", BYTES_PER_S];
        let agent = |programs: Option<Programs>, name: &str| {
            let programs = programs.context("a machine")?;
            let mut agent = Agent::start(&programs, &stage.path(name), &options)?;
            agent.done(json!({
                "do": "register", "login": name, "password": Stage::password(),
                "server": server.invite()?,
            }))?;
            anyhow::Ok(agent)
        };
        let (alice, bob) = (agent(alice, "alice")?, agent(bob, "bob")?);
        Ok(Some(Self {
            network,
            stage,
            server,
            alice,
            bob,
            said: Vec::new(),
            files: 0,
        }))
    }

    /// They become friends and have this way to each other.
    pub(super) fn befriend(&mut self, path: &str) -> anyhow::Result<()> {
        Stage::befriend(&mut self.alice, &mut self.bob)?;
        self.await_path(path)
    }

    /// Waits until each reaches the other by this way.
    pub(super) fn await_path(&mut self, path: &str) -> anyhow::Result<()> {
        for agent in [&mut self.alice, &mut self.bob] {
            let fits = |reply: &Value| reply["people"][0]["path"] == path;
            let what = json!({"do": "who"});
            agent
                .until_within(PATH_TIMEOUT, &what, fits)
                .with_context(|| format!("no path {path}"))?;
        }
        Ok(())
    }

    /// Each says something, and the other hears it by this way, or by any.
    pub(super) fn talk(&mut self, path: Option<&str>) -> anyhow::Result<()> {
        for is_alice in [true, false] {
            let (from, to) = if is_alice {
                (&mut self.alice, &mut self.bob)
            } else {
                (&mut self.bob, &mut self.alice)
            };
            let text = format!("第 {} 句", self.said.len());
            let sent = from.done(json!({"do": "send", "to": to.name(), "text": text}))?;
            let message = to.event("message", |event| event["id"] == sent["message"])?;
            let path = path.map_or_else(|| message["path"].clone(), Value::from);
            ensure!(message["path"] == path, "not by {path}: {message}");
            self.said.push(sent["message"].clone());
        }
        Ok(())
    }

    /// Alice says something and nobody waits for it.
    pub(super) fn say(&mut self) -> anyhow::Result<()> {
        let text = format!("第 {} 句", self.said.len());
        let sent = self
            .alice
            .done(json!({"do": "send", "to": "bob", "text": text}))?;
        self.said.push(sent["message"].clone());
        Ok(())
    }

    /// Everything that was said is with both, once and in order.
    pub(super) fn check_talk(&mut self) -> anyhow::Result<()> {
        for (agent, with) in [(&mut self.alice, "bob"), (&mut self.bob, "alice")] {
            let said = &self.said;
            let texts = |reply: &Value| -> Vec<Value> {
                let rows = reply["messages"].as_array().cloned().unwrap_or_default();
                let rows = rows.into_iter().filter(|row| row["kind"] == "text");
                rows.map(|row| row["id"].clone()).collect()
            };
            let asked = json!({"do": "history", "with": with, "limit": 1000});
            let fits = |reply: &Value| texts(reply).len() >= said.len();
            let reply = agent.until_within(FILE_TIMEOUT, &asked, fits)?;
            ensure!(texts(&reply) == *said, "said {said:?}: {reply}");
        }
        Ok(())
    }

    /// A file of so many MiB on its way from Alice to Bob, of which a part is there.
    pub(super) fn send_file(&mut self, mebibytes: u64) -> anyhow::Result<Sending> {
        self.files += 1;
        let path = self.stage.path(&format!("film {}.mkv", self.files));
        let hash = content::make(&path, mebibytes << 20)?;
        let sent = self
            .alice
            .done(json!({"do": "send_file", "to": "bob", "path": path}))?;
        let file = sent["file"].clone();
        self.bob.event("file", |event| event["file"] == file)?;
        let to = self.stage.path("received");
        self.bob
            .done(json!({"do": "accept_file", "file": file, "to": to}))?;
        let sending = Sending { file, hash };
        self.more_arrives(&sending)?;
        Ok(sending)
    }

    /// Waits until more of it is there than now.
    pub(super) fn more_arrives(&mut self, sending: &Sending) -> anyhow::Result<()> {
        let done = |reply: &Value| {
            let files = reply["files"].as_array().into_iter().flatten();
            let ours = files.into_iter().find(|one| one["file"] == sending.file);
            let (state, done) = ours.map(|one| (one["state"].clone(), one["done"].as_u64()))?;
            Some(if state == "verified" { u64::MAX } else { done? })
        };
        let files = json!({"do": "files"});
        let before = done(&self.bob.done(files.clone())?);
        let fits = |reply: &Value| done(reply) > before || done(reply) == Some(u64::MAX);
        self.bob.until_within(FILE_TIMEOUT, &files, fits)?;
        Ok(())
    }

    /// Waits until it is there, by this way if one is named, and compares every byte.
    pub(super) fn finish(&mut self, sending: &Sending, path: Option<&str>) -> anyhow::Result<()> {
        let deadline = Deadline::after(FILE_TIMEOUT);
        let is_over = |event: &Value| {
            event["file"] == sending.file
                && (event["state"] == "verified" || event["state"] == "failed")
        };
        let left = deadline.left().context("time")?;
        let over = self.bob.event_within(left, "file", is_over)?;
        ensure!(over["state"] == "verified", "{over}");
        ensure!(path.is_none_or(|path| over["path"] == path), "{over}");
        let saved = over["saved_as"].as_str().context("it says where")?;
        let saved = content::hash_of(Path::new(saved))?;
        ensure!(saved == sending.hash, "the bytes differ");
        Ok(())
    }
}
