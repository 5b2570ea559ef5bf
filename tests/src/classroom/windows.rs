//! Real windows of people, on the display of whoever started this.

use crate::driver::{Programs, is_interrupted};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// Between two looks whether a window is still open.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How windows are opened here.
#[derive(Clone, Debug)]
pub struct Windows {
    programs: Programs,
}

/// An open window; it closes with its handle.
#[derive(Debug)]
pub(super) struct Window(Child);

impl Windows {
    /// None without a display, or where the desktop client is not built.
    pub fn possible(programs: &Programs) -> Option<Self> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let has_display =
            !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        let name = format!("hutong-desktop{}", std::env::consts::EXE_SUFFIX);
        let is_built = programs.folder().join(name).exists();
        (has_display && is_built).then(|| Self {
            programs: programs.clone(),
        })
    }

    /// Opens that of this home.
    pub(super) fn open(&self, home: &Path) -> anyhow::Result<Window> {
        let mut command = self.programs.command("hutong-desktop");
        command.args(super::ALONE).arg("--home").arg(home);
        command.stdin(Stdio::null());
        let child = command.spawn();
        Ok(Window(child.context("open a window")?))
    }
}

impl Window {
    pub(super) fn is_open(&mut self) -> anyhow::Result<bool> {
        Ok(!is_interrupted() && self.0.try_wait()?.is_none())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Calls `turn` now and then until one of the windows is closed or the person interrupts.
pub(super) fn while_open(
    windows: &mut [Window],
    mut turn: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // Nothing ever comes; this is the wait.
    let (_never, clock) = sync_channel::<()>(0);
    loop {
        for window in windows.iter_mut() {
            if !window.is_open()? {
                return Ok(());
            }
        }
        turn()?;
        let _ = clock.recv_timeout(LOOK_AGAIN_AFTER);
    }
}

/// Opens the windows of these homes, until one of them is closed.
///
/// # Errors
/// When one does not open.
pub fn stay_open(windows: &Windows, homes: &[PathBuf]) -> anyhow::Result<()> {
    let opened: anyhow::Result<Vec<_>> = homes.iter().map(|home| windows.open(home)).collect();
    while_open(&mut opened?, || Ok(()))
}
