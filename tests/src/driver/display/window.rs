//! A window of a program that runs on a test's screen: keys and clicks go in, lines come out.

use super::{Display, KEY_PAUSE, READY_WITHIN};
use crate::driver::deadline::Deadline;
use crate::driver::process::{Process, Programs};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A window of a program that runs.
#[derive(Debug)]
pub struct Window<'a> {
    display: &'a Display,
    process: Process,
    id: String,
}

impl<'a> Window<'a> {
    pub(super) fn new(display: &'a Display, process: Process, id: String) -> Self {
        Self {
            display,
            process,
            id,
        }
    }

    /// Clicks at a place in it.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn click(&self, x: u32, y: u32) -> anyhow::Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        let place = [
            "mousemove",
            "--sync",
            "--window",
            &self.id,
            &x,
            &y,
            "click",
            "1",
        ];
        self.display.output("xdotool", &place).map(drop)
    }

    /// Types letters, one after another.
    ///
    /// # Errors
    /// When keys cannot be sent.
    pub fn type_letters(&self, letters: &str) -> anyhow::Result<()> {
        self.display
            .output("xdotool", &["type", "--delay", KEY_PAUSE, letters])
            .map(drop)
    }

    /// Presses keys by their names, as `Return` or `ctrl+v`.
    ///
    /// # Errors
    /// When keys cannot be sent.
    pub fn press(&self, keys: &[&str]) -> anyhow::Result<()> {
        let keys = [&["key", "--delay", KEY_PAUSE], keys].concat();
        self.display.output("xdotool", &keys).map(drop)
    }

    /// Waits for a line of the program that `is_wanted`; lines before it are passed over.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn line(
        &self,
        what: &str,
        mut is_wanted: impl FnMut(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let deadline = Deadline::after(READY_WITHIN);
        loop {
            let line = self.process.next(what, deadline)?;
            if is_wanted(&line) {
                return Ok(line);
            }
        }
    }

    /// Its title now.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn title(&self) -> anyhow::Result<String> {
        let title = self
            .display
            .output("xdotool", &["getwindowname", &self.id])?;
        Ok(title.trim_end().to_owned())
    }

    /// Where the screen shows it, as a picture.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        self.display.screenshot(path)
    }

    /// The end of what the program complained about.
    pub fn complaints(&self) -> String {
        self.process.complaints()
    }
}

/// The example program of that name of the desktop client, where it is built.
pub fn desktop_example(programs: &Programs, name: &str) -> Option<PathBuf> {
    let path = programs.folder().join("examples").join(name);
    path.exists().then_some(path)
}
