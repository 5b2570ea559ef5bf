//! A window of a program that runs on a test's screen: keys and clicks go in, lines come out.

use super::{Display, KEY_PAUSE, READY_WITHIN};
use crate::driver::deadline::Deadline;
use crate::driver::process::{Process, Programs};
use anyhow::Context;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between two steps of the wheel, milliseconds.
const WHEEL_PAUSE: &str = "25";
/// Of a picture: red, green, blue.
const BYTES_A_PIXEL: usize = 3;

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

    /// The operating system's number for its program.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Puts it somewhere else on the screen.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn put(&self, x: u32, y: u32) -> anyhow::Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        let puts = ["windowmove", "--sync", &self.id, &x, &y];
        self.display.output("xdotool", &puts).map(drop)
    }

    /// Drags what lies in the middle of this window to a place in another one, and lets it go there once that window shows that
    /// it takes it.
    ///
    /// # Errors
    /// When it does not.
    pub fn drag_to(&self, other: &Self, (x, y): (u32, u32)) -> anyhow::Result<()> {
        let (width, height) = self.size()?;
        let moves = |window: &Self, (x, y): (u32, u32)| {
            let (x, y) = (x.to_string(), y.to_string());
            let moves = ["mousemove", "--window", &window.id, &x, &y];
            self.display.output("xdotool", &moves).map(drop)
        };
        self.front()?;
        moves(self, (width / 2, height / 2))?;
        self.display.output("xdotool", &["mousedown", "1"])?;
        for step in 1..=8 {
            moves(self, (width / 2 - step * 4, height / 2))?;
        }
        let before = other.look()?;
        // A drag is told to a window only while the mouse moves in it.
        self.display.until("window that takes a drag", || {
            moves(other, (x - 8, y))?;
            moves(other, (x, y))?;
            Ok((other.look()? != before).then_some(()))
        })?;
        self.display.output("xdotool", &["mouseup", "1"]).map(drop)
    }

    /// Turns the wheel over a place, by so many notches: up when negative.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn wheel(&self, (x, y): (u32, u32), notches: i32) -> anyhow::Result<()> {
        let (x, y, count) = (
            x.to_string(),
            y.to_string(),
            notches.unsigned_abs().to_string(),
        );
        let button = if notches < 0 { "4" } else { "5" };
        let place = ["mousemove", "--window", &self.id, &x, &y];
        let turn = ["click", "--repeat", &count, "--delay", "2", button];
        let turns = [&place[..], &turn[..]].concat();
        self.display.output("xdotool", &turns).map(drop)
    }

    /// Opens the menu of a thing in it, and chooses its first entry.
    ///
    /// # Errors
    /// When there is none.
    pub fn first_of_menu(&self, x: u32, y: u32) -> anyhow::Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        let place = ["mousemove", "--window", &self.id, &x, &y, "click", "3"];
        self.display.output("xdotool", &place)?;
        self.press(&["Down", "Return"])
    }

    /// Gives it the keys, above all others.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn front(&self) -> anyhow::Result<()> {
        let activate = ["windowactivate", "--sync", &self.id];
        self.display.output("xdotool", &activate).map(drop)
    }

    /// Waits until its program has ended.
    ///
    /// # Errors
    /// When it does not in time.
    pub fn ends(&mut self) -> anyhow::Result<()> {
        let status = self.process.finish(Deadline::after(READY_WITHIN))?;
        anyhow::ensure!(status.success(), "{status}: {}", self.complaints());
        Ok(())
    }

    /// Gives it another size.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let (width, height) = (width.to_string(), height.to_string());
        let resize = ["windowsize", "--sync", &self.id, &width, &height];
        self.display.output("xdotool", &resize).map(drop)
    }

    /// Its width and height.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn size(&self) -> anyhow::Result<(u32, u32)> {
        let told = self
            .display
            .output("xdotool", &["getwindowgeometry", "--shell", &self.id])?;
        let number = |name: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(name));
            anyhow::Ok(line.context("a size")?.parse()?)
        };
        Ok((number("WIDTH=")?, number("HEIGHT=")?))
    }

    /// Clicks at a place in it.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn click(&self, x: u32, y: u32) -> anyhow::Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        // Without `--sync`, which waits in vain where the mouse is there already.
        let place = ["mousemove", "--window", &self.id, &x, &y, "click", "1"];
        self.display.output("xdotool", &place).map(drop)
    }

    /// Clicks there, and waits until the window looks otherwise and has come to rest.
    ///
    /// # Errors
    /// When nothing changes in time.
    pub fn click_and_see(&self, x: u32, y: u32) -> anyhow::Result<()> {
        // What the mouse alone changes comes first: it is not what the click does.
        let place = [x.to_string(), y.to_string()];
        let [x_text, y_text] = place.each_ref().map(String::as_str);
        let goes = ["mousemove", "--window", &self.id, x_text, y_text];
        self.display.output("xdotool", &goes)?;
        let before = self.rests()?;
        self.click(x, y)?;
        self.changed_since(&before)
            .with_context(|| format!("after a click at {x}, {y}"))
    }

    /// What it shows now, as pixels.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn look(&self) -> anyhow::Result<Vec<u8>> {
        self.display.look_at(&self.id)
    }

    /// What it shows now above a line of pixels, such as without a caret, which blinks.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn look_above(&self, y: u32) -> anyhow::Result<Vec<u8>> {
        let (width, _) = self.size()?;
        let mut look = self.look()?;
        look.truncate(BYTES_A_PIXEL * width as usize * y as usize);
        Ok(look)
    }

    /// What it shows once it stays.
    ///
    /// # Errors
    /// When it goes on changing.
    pub fn rests(&self) -> anyhow::Result<Vec<u8>> {
        self.display.rest_of(&self.id)
    }

    /// Waits until it looks otherwise than `before` and has come to rest.
    ///
    /// # Errors
    /// When this takes too long.
    pub fn changed_since(&self, before: &[u8]) -> anyhow::Result<()> {
        self.display.change_of(&self.id, before)
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

    /// All lines that come in so long a time; it is waited for to its end.
    ///
    /// # Errors
    /// When the program ends before.
    pub fn lines_within(&self, time: Duration) -> anyhow::Result<Vec<Value>> {
        let (deadline, mut lines) = (Deadline::after(time), Vec::new());
        loop {
            match self.process.next("line", deadline) {
                Ok(line) => lines.push(line),
                Err(_) if deadline.left().is_none() => return Ok(lines),
                Err(error) => return Err(error),
            }
        }
    }

    /// Turns the wheel upwards at a place in it, so many steps, as fast as a finger does.
    ///
    /// # Errors
    /// When there is no such window any more.
    pub fn wheel_up(&self, (x, y): (u32, u32), steps: u32) -> anyhow::Result<()> {
        let [x, y, steps] = [x, y, steps].map(|number| number.to_string());
        let place = ["mousemove", "--window", &self.id, &x, &y];
        let turn = ["click", "--repeat", &steps, "--delay", WHEEL_PAUSE, "4"];
        self.display
            .output("xdotool", &[&place[..], &turn[..]].concat())
            .map(drop)
    }

    /// The operating system's number for its program.
    pub fn process_id(&self) -> u32 {
        self.process.id()
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

    /// What it shows, as a picture.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        self.front()?;
        let path = path.to_str().context("a path of plain letters")?;
        self.display
            .output("import", &["-window", &self.id, path])
            .map(drop)
    }

    /// The end of what the program complained about.
    pub fn complaints(&self) -> String {
        self.process.complaints()
    }
}

impl Display {
    /// What the window of this number shows, as pixels.
    pub(super) fn look_at(&self, id: &str) -> anyhow::Result<Vec<u8>> {
        self.bytes("import", &["-window", id, "-depth", "8", "rgb:-"])
    }

    /// What it shows once it stays.
    pub(super) fn rest_of(&self, id: &str) -> anyhow::Result<Vec<u8>> {
        let mut last = Vec::new();
        self.until("rest in the window", || {
            let now = self.look_at(id)?;
            let rests = now == last;
            last.clone_from(&now);
            Ok(rests.then_some(now))
        })
    }

    /// Waits until it shows something else than `before`, which stays.
    pub(super) fn change_of(&self, id: &str, before: &[u8]) -> anyhow::Result<()> {
        let mut last = before.to_vec();
        self.until("change in the window", || {
            let now = self.look_at(id)?;
            let rests = now == last && now != before;
            last = now;
            Ok(rests.then_some(()))
        })
    }
}

/// The example program of that name of the desktop client, where it is built.
pub fn desktop_example(programs: &Programs, name: &str) -> Option<PathBuf> {
    let path = programs.folder().join("examples").join(name);
    path.exists().then_some(path)
}
