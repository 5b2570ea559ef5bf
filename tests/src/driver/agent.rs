//! A running `hutong agent`: asks, and awaits replies and events.
//!
//! Events that come while something else is awaited are kept in order, and found by whoever asks for them later.

use super::deadline::{Deadline, Stopwatch};
use super::process::{Process, Programs};
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

/// Generous: several programs built without optimisation share few cores.
const TIMEOUT: Duration = Duration::from_secs(40);

/// How much of what else was said is quoted in an error.
const EVENTS_QUOTED: usize = 4;

/// A client of one person, on a home of its own.
#[derive(Debug)]
pub struct Agent {
    name: String,
    programs: Programs,
    home: PathBuf,
    options: Vec<String>,
    process: Process,
    ready: Value,
    events: VecDeque<Value>,
    next_id: u64,
}

impl Agent {
    /// Starts one on `home` and waits for `ready`. `options` go to `agent`.
    ///
    /// # Errors
    /// When it is not ready in time.
    pub fn start(programs: &Programs, home: &Path, options: &[&str]) -> anyhow::Result<Self> {
        let name = home.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let mut agent = Self {
            process: launch(&name, programs, home, &options)?,
            name,
            programs: programs.clone(),
            home: home.to_path_buf(),
            options,
            ready: Value::Null,
            events: VecDeque::new(),
            next_id: 0,
        };
        agent.ready = agent.event("ready", |_| true)?;
        Ok(agent)
    }

    /// The name of its home, which is the login in all tests.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its home.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The operating system's number for it.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The `ready` line with which it started last.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Asks and does not wait; the reply is found by [`reply`](Self::reply).
    ///
    /// # Errors
    /// When it takes no line.
    pub fn tell(&mut self, mut request: Value) -> anyhow::Result<u64> {
        self.next_id += 1;
        request["id"] = json!(self.next_id);
        self.process.say(&request.to_string())?;
        Ok(self.next_id)
    }

    /// The reply to what was asked under that number.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn reply(&mut self, id: u64) -> anyhow::Result<Value> {
        self.reply_within(TIMEOUT, id)
    }

    /// The same, with a time of one's own.
    ///
    /// # Errors
    /// When none comes in that time.
    pub fn reply_within(&mut self, time: Duration, id: u64) -> anyhow::Result<Value> {
        self.line(&format!("reply {id}"), time, |line| line["re"] == id)
    }

    /// Asks, and returns the reply, whatever it says.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn ask(&mut self, request: Value) -> anyhow::Result<Value> {
        let id = self.tell(request)?;
        self.reply(id)
    }

    /// Asks for what must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub fn done(&mut self, request: Value) -> anyhow::Result<Value> {
        let asked = redacted(&request);
        let reply = self.ask(request)?;
        ensure!(
            reply["ok"] == true,
            "{}: {asked} → {reply}\n{}",
            self.name,
            self.process.complaints()
        );
        Ok(reply)
    }

    /// Asks for what must be refused, and returns the error.
    ///
    /// # Errors
    /// When it is done nevertheless.
    pub fn refused(&mut self, request: Value) -> anyhow::Result<Value> {
        let asked = redacted(&request);
        let reply = self.ask(request)?;
        ensure!(reply["ok"] == false, "{}: {asked} → {reply}", self.name);
        Ok(reply["error"].clone())
    }

    /// Writes a line that need not be one of the contract's.
    ///
    /// # Errors
    /// When it takes no line.
    pub fn say_raw(&mut self, line: &str) -> anyhow::Result<()> {
        self.process.say(line)
    }

    /// The answer to a line without a number.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn unasked(&mut self) -> anyhow::Result<Value> {
        let is_unnumbered = |line: &Value| line.get("re").is_some_and(Value::is_null);
        self.line("answer to nothing", TIMEOUT, is_unnumbered)
    }

    /// The next event of that kind which fits; those before it stay.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn event(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        self.event_within(TIMEOUT, kind, fits)
    }

    /// The same, with a time of one's own.
    ///
    /// # Errors
    /// When none comes in that time.
    pub fn event_within(
        &mut self,
        time: Duration,
        kind: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let what = format!("event `{kind}`");
        self.line(&what, time, |line| line["event"] == kind && fits(line))
    }

    /// Asks again at every event until the reply fits: for what is known to come, but by no event of its own.
    ///
    /// # Errors
    /// When it does not come in time.
    pub fn until(
        &mut self,
        request: &Value,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        self.until_within(TIMEOUT, request, fits)
    }

    /// The same, with a time of one's own.
    ///
    /// # Errors
    /// When it does not come in that time.
    pub fn until_within(
        &mut self,
        time: Duration,
        request: &Value,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let deadline = Deadline::after(time);
        loop {
            let reply = self.done(request.clone())?;
            if fits(&reply) {
                return Ok(reply);
            }
            if deadline.left().is_none() {
                bail!("{}: {request} → {reply}, to the end", self.name);
            }
            // An event, or a tenth of a second without one.
            let pause = Duration::from_millis(100);
            if let Ok(event) = self.process.next("event", Deadline::after(pause)) {
                self.events.push_back(event);
            }
        }
    }

    /// The next line, whatever it is: for whoever counts all of them.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn any(&mut self) -> anyhow::Result<Value> {
        self.line("line", TIMEOUT, |_| true)
    }

    /// Events that have come and that nobody asked for.
    pub fn leftovers(&mut self) -> Vec<Value> {
        while let Some(line) = self.process.next_now() {
            self.events.push_back(line);
        }
        self.events.drain(..).collect()
    }

    /// Kills it (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()
    }

    /// Starts it again on the same home. What the old one said and nobody read is forgotten.
    ///
    /// # Errors
    /// When it is not ready in time.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.restart_with(&[])
    }

    /// The same, with further options for this one start.
    ///
    /// # Errors
    /// When it is not ready in time.
    pub fn restart_with(&mut self, more: &[&str]) -> anyhow::Result<()> {
        self.process.kill()?;
        self.events.clear();
        let mut options = self.options.clone();
        options.extend(more.iter().map(ToString::to_string));
        self.process = launch(&self.name, &self.programs, &self.home, &options)?;
        self.ready = self.event("ready", |_| true)?;
        Ok(())
    }

    /// Closes its input, and waits until it has ended.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn finish(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.finish(Deadline::after(TIMEOUT))
    }

    fn line(
        &mut self,
        what: &str,
        time: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        if let Some(at) = self.events.iter().position(&fits) {
            return self.events.remove(at).context("it was just found");
        }
        let (deadline, watch) = (Deadline::after(time), Stopwatch::start());
        loop {
            let line = self.process.next(what, deadline).with_context(|| {
                let last = self.events.iter().rev().take(EVENTS_QUOTED);
                let last: Vec<_> = last.map(ToString::to_string).collect();
                let waited = watch.elapsed().as_secs_f32();
                format!(
                    "after {waited:.1} s; the last before it: {}",
                    last.join("\n")
                )
            })?;
            if fits(&line) {
                return Ok(line);
            }
            self.events.push_back(line);
        }
    }
}

/// For errors: what was asked, without its password.
fn redacted(request: &Value) -> Value {
    let mut shown = request.clone();
    for secret in ["password", "old", "new"] {
        if let Some(value) = shown.get_mut(secret) {
            *value = json!("…");
        }
    }
    shown
}

fn launch(
    name: &str,
    programs: &Programs,
    home: &Path,
    options: &[String],
) -> anyhow::Result<Process> {
    let log = home.with_extension("log");
    let mut command = programs.agent(home);
    command.args(options);
    Process::start(name, &mut command, log)
}
