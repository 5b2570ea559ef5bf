//! A file that real programs hand over: made, offered, accepted, checked.

use super::peer::TIMEOUT;
use crate::content::{self, PART_BYTES};
use crate::driver::Agent;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// What is sent, and how it must arrive.
pub(super) struct Load {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    hash: blake3::Hash,
}

impl Load {
    pub(super) fn make(path: PathBuf, bytes: u64) -> anyhow::Result<Self> {
        let hash = content::make(&path, bytes)?;
        Ok(Self { path, bytes, hash })
    }

    pub(super) fn megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6
    }

    /// Offers it and returns its id.
    pub(super) fn offer(&self, from: &mut Agent, to: &mut Agent) -> anyhow::Result<Value> {
        let asked = json!({"do": "send_file", "to": to.name(), "path": self.path});
        let file = from.done(asked)?["file"].clone();
        let is_offered = |event: &Value| event["file"] == file && event["state"] == "offered";
        to.event_within(TIMEOUT, "file", is_offered)?;
        Ok(file)
    }

    /// Has the system find memory for a file of this size in that folder. On a virtual machine the first touch of memory that
    /// lay idle costs more than everything else here, and whoever writes first would pay it for all who come after.
    pub(super) fn warm(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("warm");
        let zeros = std::io::repeat(0).take(self.bytes);
        std::io::copy(
            &mut BufReader::with_capacity(PART_BYTES, zeros),
            &mut File::create(&path)?,
        )?;
        Ok(std::fs::remove_file(path)?)
    }

    /// Checks every byte of what came, and takes it away.
    pub(super) fn check(&self, over: &Value) -> anyhow::Result<()> {
        let saved = Path::new(over["saved_as"].as_str().context("it says where")?);
        ensure!(content::hash_of(saved)? == self.hash, "the bytes differ");
        Ok(std::fs::remove_file(saved)?)
    }
}

/// Has an offered file taken.
pub(super) fn accept(who: &mut Agent, file: &Value, folder: &Path) -> anyhow::Result<()> {
    let asked = json!({"do": "accept_file", "file": file, "to": folder});
    who.done(asked).map(drop)
}

/// Waits until it is there.
pub(super) fn verified(who: &mut Agent, file: &Value) -> anyhow::Result<Value> {
    let is_over = |event: &Value| {
        event["file"] == *file && (event["state"] == "verified" || event["state"] == "failed")
    };
    let over = who.event_within(TIMEOUT, "file", is_over)?;
    ensure!(over["state"] == "verified", "{over}");
    Ok(over)
}
