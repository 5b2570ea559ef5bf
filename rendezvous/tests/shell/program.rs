//! The built program as a person starts it: a process, its ready line, and its end.
//!
//! Used by the tests beside it. Each program has a data folder of its own and ends with its value.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use tempfile::TempDir;

/// A running `rendezvous serve` on loopback.
pub(crate) struct Program {
    child: Child,
    ready: Value,
    folder: TempDir,
}

/// The program with `words` as its command line.
pub(crate) fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rendezvous"));
    command
        .args(words)
        .args(["--lang", "en"])
        .env("RUST_LOG", "off");
    command
}

/// What `serve` on `data` says when it does not stay.
pub(crate) fn serve_refused(data: &Path, more: &[&str]) -> Output {
    let words = [
        "serve",
        "--no-mdns",
        "--no-everybody",
        "--listen",
        "127.0.0.1:0",
    ];
    let mut serve = command(&words);
    serve.args(more).arg("--data").arg(data).output().unwrap()
}

impl Program {
    pub(crate) fn start() -> Self {
        Self::start_in(TempDir::new().unwrap(), &[])
    }

    /// Starts on a folder and waits for the ready line.
    pub(crate) fn start_in(folder: TempDir, more: &[&str]) -> Self {
        Self::start_logging(folder, more, ("off", Stdio::null()))
    }

    /// The same, saying on its standard error what `filter` lets through.
    pub(crate) fn start_logging(
        folder: TempDir,
        more: &[&str],
        (filter, log): (&str, Stdio),
    ) -> Self {
        let words = [
            "serve",
            "--no-mdns",
            "--no-everybody",
            "--listen",
            "127.0.0.1:0",
            "--http",
            "127.0.0.1:0",
        ];
        let mut serve = command(&words);
        serve.args(more).arg("--data").arg(folder.path());
        serve.env("RUST_LOG", filter).stderr(log);
        Self::of(serve, folder)
    }

    /// Starts a command that becomes the program, and waits for the ready line.
    pub(crate) fn of(mut serve: Command, folder: TempDir) -> Self {
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self {
            child,
            ready,
            folder,
        }
    }

    pub(crate) fn told(&self, field: &str) -> &str {
        self.ready[field].as_str().unwrap()
    }

    pub(crate) fn fields(&self) -> Vec<&str> {
        self.ready
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    /// What it takes of the computer's memory; none where the system does not tell.
    pub(crate) fn memory_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    pub(crate) fn address(&self, field: &str) -> SocketAddr {
        self.told(field).parse().unwrap()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Asks it to stop as the operating system does.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for its end, and leaves the folder.
    pub(crate) fn ended(mut self) -> (ExitStatus, TempDir) {
        let status = self.child.wait().unwrap();
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        (status, folder)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
