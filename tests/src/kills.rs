//! A large file between two real programs that are killed again and again, in turn: what arrives, and what went twice.
//!
//! `./justw prove-files` plays it with a file of 4 GiB, the suite with a small one. What a killed receiver cost is what
//! its sender counts: what it sent, less how far the file came. A killed sender says nothing more; it is charged with all
//! that can have been on its way, the window of a stream.

use crate::driver::{Agent, Stage, Stopwatch};
use anyhow::{Context, ensure};
use hutong_common::limits::STREAM_WINDOW_BYTES;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

/// Patience with one part of the way.
const TIMEOUT: Duration = Duration::from_secs(300);
const BLOCK_BYTES: usize = 1 << 20;

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// Size of the file.
    pub bytes: u64,
    /// How often somebody is killed: the sender first, then the receiver, and so on.
    pub kills: u64,
    /// Bytes per second at which the sender is held, for a file that would else be there too soon.
    pub rate: Option<u64>,
}

/// Somebody was killed.
#[derive(Clone, Debug)]
pub struct Kill {
    /// Who.
    pub victim: &'static str,
    /// How much was there.
    pub at: u64,
    /// How much was sent again for it, at most.
    pub again: u64,
    /// How long it took until more came.
    pub pause: Duration,
}

/// What came of it; the file arrived as it was.
#[derive(Debug)]
pub struct Proof {
    /// In order.
    pub kills: Vec<Kill>,
    /// What was sent more than once, at most.
    pub again: u64,
    /// From the acceptance to the end.
    pub took: Duration,
}

/// Two friends, and what the sender has sent.
struct Pair {
    sender: Agent,
    receiver: Agent,
    file: Value,
    /// Where it lies, once it is complete.
    saved: Option<String>,
    /// The last that the sender said: bytes sent in this life, and how far the file is.
    last: (u64, u64),
}

/// Plays it. `told` hears of each kill once it is known what it cost.
///
/// # Errors
/// When anything goes wrong, above all when other bytes arrive.
pub fn prove(stage: &Stage, course: Course, mut told: impl FnMut(&Kill)) -> anyhow::Result<Proof> {
    let server = stage.rendezvous()?;
    let rate = course.rate.map(|rate| rate.to_string());
    let mut options = vec!["--no-mdns"];
    if let Some(rate) = &rate {
        options.extend(["--max-rate", rate]);
    }
    let sender = stage.registered_with("alice", &server, &options)?;
    let receiver = stage.registered("bob", &server)?;
    let (source, folder) = (stage.path("large.bin"), stage.path("received"));
    let hash = write_noise(&source, course.bytes)?;
    let mut pair = Pair::offer(sender, receiver, &source)?;
    let accepted = json!({"do": "accept_file", "file": pair.file, "to": folder});
    pair.receiver.done(accepted)?;
    let watch = Stopwatch::start();
    let mut kills = Vec::<Kill>::new();
    let mut then = (0, 0);
    for number in 1..=course.kills {
        let target = course.bytes / (course.kills + 1) * number;
        let is_sender = number % 2 == 1;
        if pair.saved.is_some() {
            break;
        }
        let at = pair.reach(is_sender, target)?;
        if let Some(before) = kills.last_mut() {
            pair.charge(before, then);
            told(before);
        }
        then = pair.last;
        let pause = Stopwatch::start();
        pair.kill(is_sender)?;
        pair.more_than(at)?;
        kills.push(Kill {
            victim: if is_sender { SENDER } else { RECEIVER },
            at,
            again: u64::from(STREAM_WINDOW_BYTES),
            pause: pause.elapsed(),
        });
    }
    let saved = pair.finish()?;
    let took = watch.elapsed();
    if let Some(last) = kills.last_mut() {
        pair.charge(last, then);
        told(last);
    }
    ensure!(hash_of(Path::new(&saved))? == hash, "other bytes arrived");
    let left = std::fs::read_dir(&folder)?.count();
    ensure!(left == 1, "{left} files lie where one should");
    let again = kills.iter().map(|kill| kill.again).sum();
    Ok(Proof { kills, again, took })
}

const SENDER: &str = "sender";
const RECEIVER: &str = "receiver";

impl Pair {
    /// Notes what a kill cost, now that more came.
    fn charge(&self, kill: &mut Kill, then: (u64, u64)) {
        if kill.victim == RECEIVER {
            kill.again = self.again_since(then);
        }
    }

    fn offer(mut sender: Agent, mut receiver: Agent, source: &Path) -> anyhow::Result<Self> {
        Stage::befriend(&mut sender, &mut receiver)?;
        Stage::await_direct(&mut sender, &mut receiver)?;
        let id = sender.tell(json!({"do": "send_file", "to": receiver.name(), "path": source}))?;
        let sent = sender.reply_within(TIMEOUT, id)?;
        let file = sent["file"].clone();
        ensure!(file.is_string(), "not offered: {sent}");
        receiver.event("file", |event| {
            event["file"] == file && event["state"] == "offered"
        })?;
        Ok(Self {
            sender,
            receiver,
            file,
            saved: None,
            last: (0, 0),
        })
    }

    /// Waits until one side has so much of the file; gives how much it is.
    fn reach(&mut self, is_sender: bool, bytes: u64) -> anyhow::Result<u64> {
        let file = self.file.clone();
        let is_there = |event: &Value| {
            event["file"] == file
                && event["state"] == "running"
                && event["done"].as_u64().is_some_and(|done| done >= bytes)
        };
        let event = self
            .side(is_sender)
            .event_within(TIMEOUT, "file", is_there)?;
        if is_sender {
            self.hear(&event);
        }
        self.listen();
        event["done"].as_u64().context("it says how much")
    }

    fn side(&mut self, is_sender: bool) -> &mut Agent {
        if is_sender {
            &mut self.sender
        } else {
            &mut self.receiver
        }
    }

    fn hear(&mut self, event: &Value) {
        if event["file"] == self.file
            && let (Some(sent), Some(done)) = (event["sent"].as_u64(), event["done"].as_u64())
        {
            self.last = (sent, done);
        }
    }

    /// Everything that the sender has said by now.
    fn listen(&mut self) {
        for event in self.sender.leftovers() {
            self.hear(&event);
        }
    }

    /// What the sender sent since then, beyond how far the file came.
    const fn again_since(&self, then: (u64, u64)) -> u64 {
        let sent = self.last.0.saturating_sub(then.0);
        sent.saturating_sub(self.last.1.saturating_sub(then.1))
    }

    fn kill(&mut self, is_sender: bool) -> anyhow::Result<()> {
        self.side(is_sender).kill()?;
        self.side(is_sender).restart()
    }

    /// Waits until the receiver has more than that.
    fn more_than(&mut self, bytes: u64) -> anyhow::Result<()> {
        let file = self.file.clone();
        let is_more = |event: &Value| {
            let is_further = event["done"].as_u64().is_some_and(|done| done > bytes);
            event["file"] == file && (is_further || event["state"] == "verified")
        };
        let event = self.receiver.event_within(TIMEOUT, "file", is_more)?;
        if event["state"] == "verified" {
            self.saved = event["saved_as"].as_str().map(str::to_owned);
        }
        Ok(())
    }

    /// Waits for the end at both sides; gives where the file lies.
    fn finish(&mut self) -> anyhow::Result<String> {
        let file = self.file.clone();
        let is_verified = |event: &Value| event["file"] == file && event["state"] == "verified";
        if self.saved.is_none() {
            let end = self.receiver.event_within(TIMEOUT, "file", is_verified)?;
            self.saved = end["saved_as"].as_str().map(str::to_owned);
        }
        let at_sender = self.sender.event_within(TIMEOUT, "file", is_verified)?;
        self.hear(&at_sender);
        self.saved.clone().context("it says where")
    }
}

/// Writes bytes in which nothing repeats, and gives their hash.
fn write_noise(path: &Path, bytes: u64) -> anyhow::Result<blake3::Hash> {
    let mut noise = blake3::Hasher::new().finalize_xof();
    let (mut file, mut hasher) = (File::create(path)?, blake3::Hasher::new());
    let (mut block, mut left) = (vec![0; BLOCK_BYTES], bytes);
    while left > 0 {
        let count = usize::try_from(left)
            .unwrap_or(BLOCK_BYTES)
            .min(BLOCK_BYTES);
        let block = block.get_mut(..count).context("a block holds that much")?;
        noise.fill(block);
        hasher.update(block);
        file.write_all(block)?;
        left -= count as u64;
    }
    Ok(hasher.finalize())
}

fn hash_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let (mut file, mut block) = (File::open(path)?, vec![0; BLOCK_BYTES]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hasher.finalize()),
            count => hasher.update(block.get(..count).unwrap_or_default()),
        };
    }
}
