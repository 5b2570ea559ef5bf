//! A small disk: a file system in memory, which only the program that was started on it sees.
//!
//! It goes with that program. From outside, what lies on it is reached through the number of the process.

use anyhow::{Context, ensure};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts the disk at its second argument, and becomes the program behind it.
const MOUNT_AND_RUN: &str =
    r#"mount -t tmpfs -o "size=$1,mode=700" none "$2" && shift 2 && exec "$@""#;
/// Part of each write that fills a disk.
const FILLING: [u8; 4096] = [7; 4096];

/// Why no disk can be made here, or nothing.
pub fn unavailable() -> Option<String> {
    let made = own_mounts().arg("1m").arg("/tmp").arg("true").output();
    match made {
        Ok(made) if made.status.success() => None,
        Ok(made) => Some(String::from_utf8_lossy(&made.stderr).trim().to_owned()),
        Err(error) => Some(format!("unshare: {error}")),
    }
}

fn own_mounts() -> Command {
    let mut command = Command::new("unshare");
    command.args([
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        MOUNT_AND_RUN,
        "sh",
    ]);
    command
}

/// Runs `command` with a disk of so many bytes at `folder`.
///
/// # Errors
/// When there can be no such folder.
pub fn on_disk(command: &Command, folder: &Path, bytes: u64) -> anyhow::Result<Command> {
    fs::create_dir_all(folder)?;
    let mut inside = own_mounts();
    inside.arg(bytes.to_string()).arg(folder);
    inside.arg(command.get_program()).args(command.get_args());
    Ok(inside)
}

/// What that process sees at this path.
pub fn seen_by(process: u32, path: &Path) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{process}/root"));
    path.strip_prefix("/")
        .map_or_else(|_| path.to_path_buf(), |below| root.join(below))
}

/// What takes all the room there is, until it is dropped.
#[derive(Debug)]
pub struct Filling(PathBuf);

impl Filling {
    /// Fills the disk of so many bytes on which this folder lies.
    ///
    /// # Errors
    /// When it cannot be written, or has more room than that.
    pub fn of(folder: &Path, bytes: u64) -> anyhow::Result<Self> {
        Self::leaving(folder, (bytes, 0))
    }

    /// The same, but for so much room.
    ///
    /// # Errors
    /// When it cannot be written, or has more room than that.
    pub fn leaving(folder: &Path, (bytes, room): (u64, u64)) -> anyhow::Result<Self> {
        let filling = Self(folder.join("filling"));
        let mut file = File::create(&filling.0).context("make what fills a disk")?;
        let mut written = 0;
        loop {
            match file.write(&FILLING) {
                Ok(count) => written += count as u64,
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
            ensure!(written <= bytes, "{} is no small disk", folder.display());
        }
        file.set_len(written.saturating_sub(room))?;
        Ok(filling)
    }
}

impl Drop for Filling {
    fn drop(&mut self) {
        // The disk may be gone with its program.
        let _ = fs::remove_file(&self.0);
    }
}
