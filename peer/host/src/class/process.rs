//! The process of a class: started apart from ours, found again, and told to stop.
//!
//! Its standard output is a file that holds the one line in which it says that it is ready, so that whoever comes later can
//! read it; its standard error is a log beside it. That it runs is told by the lock of its database alone.

use super::{NotStarted, Serve, Settings};
use crate::platform;
use hutong_common::limits::{CLASS_LOOK_STEP_MS, CLASS_READY_TIMEOUT_MS, SHUTDOWN_TIMEOUT_MS};
use serde::Deserialize;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

const PROGRAM: &str = "rendezvous";
/// The database of a rendezvous, which it keeps locked while it runs.
const DATABASE: &str = "rendezvous.redb";

/// What a rendezvous says when it is ready, as far as it is needed here.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Ready {
    pub(super) control: SocketAddr,
    pub(super) invite: String,
    pub(super) fingerprint: String,
    pub(super) owner_code: Option<String>,
    /// The operating system's number for it.
    pid: u32,
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn ready_file(folder: &Path) -> PathBuf {
    folder.join("ready.json")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("class.log")
}

/// The program beside this one, else where the system looks for programs.
pub(super) fn find_program() -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let this = std::env::current_exe().ok();
    let beside = this.as_deref().and_then(Path::parent).map(Path::to_owned);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = beside.into_iter().chain(std::env::split_paths(&path));
    folders
        .map(|folder| folder.join(&name))
        .find(|program| program.is_file())
}

/// Whether a rendezvous runs on the folder.
fn is_held(folder: &Path) -> bool {
    let path = data(folder).join(DATABASE);
    let Ok(file) = File::options().read(true).write(true).open(path) else {
        return false;
    };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// What the rendezvous said that runs on the folder.
pub(super) fn running(folder: &Path) -> Option<Ready> {
    is_held(folder).then(|| said(folder)).flatten()
}

fn said(folder: &Path) -> Option<Ready> {
    let text = std::fs::read_to_string(ready_file(folder)).ok()?;
    // A line without its end is still being written.
    let (line, _) = text.split_once('\n')?;
    serde_json::from_str(line).ok()
}

/// The code of the owner is used up, and need not lie there any longer. Written over in its place: the rendezvous holds the
/// file open, and Windows may then refuse to put another one there.
pub(super) fn forget_code(folder: &Path) -> io::Result<()> {
    let path = ready_file(folder);
    let said = std::fs::read_to_string(&path)?;
    let mut line: serde_json::Value = serde_json::from_str(&said)?;
    if let Some(fields) = line.as_object_mut() {
        fields.remove("owner_code");
    }
    // As long as before, so that whoever reads meanwhile finds a whole line.
    let (line, width) = (line.to_string(), said.trim_end().len());
    let mut file = File::options().write(true).open(&path)?;
    file.write_all(format!("{line:<width$}\n").as_bytes())
}

/// Starts a rendezvous and waits until it is ready.
pub(super) async fn launch(
    program: &Path,
    folder: &Path,
    serve: Serve,
) -> Result<Ready, NotStarted> {
    let file = |path: PathBuf| {
        let made = platform::create_private_file(&path);
        made.map_err(|source| NotStarted::Folder { path, source })
    };
    let (ready, log) = (file(ready_file(folder))?, file(log_file(folder))?);
    let mut command = std::process::Command::new(program);
    command
        .arg("--config")
        .arg(Settings::path(folder))
        .arg("--data")
        .arg(data(folder))
        .args(["--lang", serve.lang.name(), "serve"])
        .args((!serve.mdns).then_some("--no-mdns"))
        .args(serve.accept_clock.then_some("--accept-clock"))
        .stdin(Stdio::null())
        .stdout(ready)
        .stderr(log);
    platform::set_apart(&mut command);
    let child = Command::from(command).spawn();
    let child = child.map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            NotStarted::NoProgram
        } else {
            let program = program.to_owned();
            NotStarted::Program { program, source }
        }
    })?;
    await_ready(child, folder, serve).await
}

async fn await_ready(mut child: Child, folder: &Path, serve: Serve) -> Result<Ready, NotStarted> {
    for _ in 0..CLASS_READY_TIMEOUT_MS / CLASS_LOOK_STEP_MS {
        if let Some(ready) = said(folder) {
            return Ok(ready);
        }
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            let log = std::fs::read_to_string(log_file(folder)).unwrap_or_default();
            let last = log.lines().rev().find(|line| !line.trim().is_empty());
            let sentence = last.unwrap_or_default().to_owned();
            return Err(NotStarted::of_sentence(sentence, serve.lang));
        }
        step().await;
    }
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, "a rendezvous that is not ready cannot be ended");
    }
    Err(NotStarted::NotReady)
}

/// Tells the rendezvous on the folder to stop. Says whether it is gone.
pub(super) async fn stop(folder: &Path) -> bool {
    if let Some(ready) = running(folder)
        && let Err(error) = platform::ask_to_stop(ready.pid)
    {
        tracing::warn!(%error, "the rendezvous cannot be told to stop");
        return false;
    }
    for _ in 0..SHUTDOWN_TIMEOUT_MS / CLASS_LOOK_STEP_MS {
        if !is_held(folder) {
            return true;
        }
        step().await;
    }
    false
}

async fn step() {
    tokio::time::sleep(Duration::from_millis(CLASS_LOOK_STEP_MS)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows refused to put another file in the place of the one that the rendezvous holds open, so the code stayed there.
    #[test]
    fn the_code_goes_and_the_rest_of_the_line_stays_in_the_same_file() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let line = r#"{"ready":true,"control":"127.0.0.1:7440","invite":"hutong://join?h=甲","fingerprint":"ab","owner_code":"secret","pid":7}"#;
        std::fs::write(ready_file(folder.path()), format!("{line}\n"))?;
        let held = File::open(ready_file(folder.path()))?;
        for _ in 0..2 {
            forget_code(folder.path())?;
            let text = io::read_to_string(&File::open(ready_file(folder.path()))?)?;
            assert!(!text.contains("secret"), "{text}");
            assert_eq!(text.len() as u64, held.metadata()?.len());
            let ready = said(folder.path()).ok_or_else(|| anyhow::anyhow!("{text}"))?;
            assert_eq!((ready.owner_code, ready.pid), (None, 7));
            assert_eq!(ready.invite, "hutong://join?h=甲");
        }
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
