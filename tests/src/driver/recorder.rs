//! Records every packet on the loopback of a namespace, by `fixtures/record_packets.py`.

use super::deadline::Deadline;
use super::namespace::Namespace;
use super::process::Process;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A recording that runs.
#[derive(Debug)]
pub struct Recorder {
    process: Process,
    folder: PathBuf,
}

/// A recording that has ended.
#[derive(Debug)]
pub struct Recording {
    /// The payload of each flow, in one direction, by the file that holds it.
    pub flows: Vec<(PathBuf, Vec<u8>)>,
    /// Packets seen.
    pub packets: u64,
    /// Packets that came too fast.
    pub dropped: u64,
}

impl Recorder {
    /// Begins to record into `folder`, which must not be there.
    ///
    /// # Errors
    /// When this is not allowed here.
    pub fn start(namespace: &Namespace, folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir(folder)?;
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
        let mut command = Command::new("ip");
        command.args(["netns", "exec", namespace.name(), "python3"]);
        command.arg(fixtures.join("record_packets.py")).arg(folder);
        let process = Process::start("recorder", &mut command, folder.with_extension("log"))?;
        let line = process.next("a recording", Deadline::after(TIMEOUT))?;
        ensure!(line["recording"] == true, "{line}");
        Ok(Self {
            process,
            folder: folder.to_path_buf(),
        })
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// When it failed.
    pub fn finish(mut self) -> anyhow::Result<Recording> {
        self.process.close();
        let line = self.process.next("its end", Deadline::after(TIMEOUT))?;
        let count = |field: &str| line.get(field).and_then(Value::as_u64);
        let mut flows = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let payload = std::fs::read(&path)?;
            flows.push((path, payload));
        }
        Ok(Recording {
            flows,
            packets: count("packets").context("it counts packets")?,
            dropped: count("dropped").context("it counts what it missed")?,
        })
    }
}
