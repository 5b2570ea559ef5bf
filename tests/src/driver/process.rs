//! One running program whose standard output is JSON lines.
//!
//! A thread per program reads its lines into a bounded queue; its standard error goes into a file, whose end is part of
//! every error, because a failed run is otherwise a riddle.

use super::deadline::Deadline;
use anyhow::{Context, bail};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Lines that nobody has asked for yet; a program that says more is blocked, as by a full pipe.
const LINES_MAX: usize = 65_536;
/// How much of a program's complaints is quoted.
const LOG_TAIL_LINES: usize = 20;
/// A waiting driver looks this often whether it was interrupted.
const INTERRUPT_CHECK: Duration = Duration::from_millis(100);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes every wait of this process fail from now on, so that handles are dropped and programs end.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::SeqCst);
}

/// Whether somebody wanted the end.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Where the programs lie, and in which network they are started.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    namespace: Option<String>,
    variables: Vec<(&'static str, &'static str)>,
    is_unwrapped: bool,
}

impl Programs {
    /// Those in `HUTONG_BIN`, or else those built beside this one.
    ///
    /// # Errors
    /// When there are none.
    pub fn built() -> anyhow::Result<Self> {
        let beside = || {
            let this = std::env::current_exe().ok()?;
            let mut folders = this.ancestors().skip(1).take(2);
            folders
                .find(|folder| folder.join(program("hutong")).exists())
                .map(Path::to_path_buf)
        };
        let named = std::env::var_os("HUTONG_BIN").map(PathBuf::from);
        let folder = named
            .or_else(beside)
            .context("HUTONG_BIN names no folder with the built programs; `./justw test` does")?;
        for name in ["hutong", "rendezvous"] {
            let path = folder.join(program(name));
            if !path.exists() {
                bail!("{} is not built; `./justw test` does it", path.display());
            }
        }
        Ok(Self {
            folder,
            namespace: None,
            variables: Vec::new(),
            is_unwrapped: false,
        })
    }

    /// The same, with a variable of the environment.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// The same, started inside a network namespace.
    #[must_use]
    pub fn within(&self, namespace: &str) -> Self {
        Self {
            namespace: Some(namespace.to_owned()),
            ..self.clone()
        }
    }

    /// The same, with agents that do not wrap their relayed sessions: only `bench` has such, to compare with.
    #[must_use]
    pub fn unwrapped(mut self) -> Self {
        self.is_unwrapped = true;
        self
    }

    /// A command that runs an agent on a home.
    pub(crate) fn agent(&self, home: &Path) -> Command {
        let (program, words) = if self.is_unwrapped {
            ("bench", &["bare", "agent"][..])
        } else {
            ("hutong", &["agent", "--plain-keys"][..])
        };
        let mut command = self.command(program);
        command.args(words).arg("--home").arg(home);
        command
    }

    /// Whether nobody else's programs can hear them.
    pub fn has_own_network(&self) -> bool {
        self.namespace.is_some()
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command that runs the program `name`.
    pub fn command(&self, name: &str) -> Command {
        let path = self.folder.join(program(name));
        let mut command = match &self.namespace {
            None => Command::new(path),
            // `ip` replaces itself by the program, so the process that we hold is the program.
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace]).arg(path);
                command
            }
        };
        command.envs(self.variables.iter().copied());
        command
    }
}

fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// A program that runs, or has ended.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<Value>,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it complains about is appended to `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: PathBuf) -> anyhow::Result<Self> {
        let complaints = File::options().create(true).append(true).open(&log)?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .with_context(|| format!("start {command:?}"))?;
        let stdout = child.stdout.take().context("a pipe was asked for")?;
        let (tell, lines) = sync_channel(LINES_MAX);
        std::thread::spawn(move || read_lines(stdout, &tell));
        Ok(Self {
            name: name.to_owned(),
            stdin: child.stdin.take(),
            child,
            lines,
            log,
        })
    }

    /// Writes one line to its standard input.
    pub(crate) fn say(&mut self, line: &str) -> anyhow::Result<()> {
        let stdin = self.stdin.as_mut().context("its input is closed")?;
        writeln!(stdin, "{line}")
            .and_then(|()| stdin.flush())
            .with_context(|| format!("{} takes no line\n{}", self.name, self.complaints()))
    }

    /// The next line of its standard output; `what` is what one waits for, for the error.
    pub(crate) fn next(&self, what: &str, deadline: Deadline) -> anyhow::Result<Value> {
        loop {
            if is_interrupted() {
                bail!("interrupted");
            }
            let Some(left) = deadline.left() else {
                bail!("{}: no {what} in time\n{}", self.name, self.complaints());
            };
            match self.lines.recv_timeout(left.min(INTERRUPT_CHECK)) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("{} ended before {what}\n{}", self.name, self.complaints())
                }
            }
        }
    }

    /// A line that is there already.
    pub(crate) fn next_now(&self) -> Option<Value> {
        self.lines.try_recv().ok()
    }

    /// Kills it, without a chance to say good-bye (SIGKILL).
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Closes its standard input.
    pub(crate) fn close(&mut self) {
        self.stdin = None;
    }

    /// Closes its standard input and waits for its end.
    pub(crate) fn finish(&mut self, deadline: Deadline) -> anyhow::Result<ExitStatus> {
        self.close();
        while self.next("its end", deadline).is_ok() {}
        if deadline.left().is_none() {
            bail!("{} does not end\n{}", self.name, self.complaints());
        }
        Ok(self.child.wait()?)
    }

    /// The operating system's number for it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The end of what it said on standard error.
    pub(crate) fn complaints(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let tail = lines.len().saturating_sub(LOG_TAIL_LINES);
        lines.get(tail..).unwrap_or_default().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ = self.kill();
    }
}

fn read_lines(stdout: ChildStdout, tell: &SyncSender<Value>) {
    for line in BufReader::new(stdout).lines() {
        let Ok(line) = line else { return };
        let value =
            serde_json::from_str(&line).unwrap_or_else(|_| serde_json::json!({ "not_json": line }));
        if tell.send(value).is_err() {
            return;
        }
    }
}
