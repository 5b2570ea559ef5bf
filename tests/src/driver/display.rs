//! A screen of a test's own, on which real windows are used by real keys: Xvfb, a window manager, a session bus, and an input
//! method for Chinese.
//!
//! [`Display::unavailable`] says what is missing, and tests skip. Everything runs in a private home, is waited for with a bound,
//! and is killed when its handle is dropped.

mod clipboard;
mod file_dialog;
mod window;

pub use window::{Window, desktop_example};

use super::deadline::Deadline;
use super::process::Process;
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tempfile::TempDir;

/// Without these there is no screen.
const PROGRAMS: &[&str] = &[
    "Xvfb",
    "openbox",
    "dbus-daemon",
    "xdotool",
    "xclip",
    "import",
];
/// Long, as computers that build something beside are slow; what is there is not waited for.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Between two looks at something that tells nobody when it changes.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);
/// The input method for Chinese.
pub const PINYIN: &str = "libpinyin";
/// Keys as they are.
pub const LETTERS: &str = "xkb:us::eng";
/// Between two keys, milliseconds: a quick typist.
const KEY_PAUSE: &str = "30";

/// Children that end with their handle, the latest first.
#[derive(Debug, Default)]
struct Children(Vec<Child>);

impl Children {
    fn keep(&mut self, command: &mut Command) -> anyhow::Result<()> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.0
            .push(child.with_context(|| format!("start {command:?}"))?);
        Ok(())
    }

    /// Starts a program that says one line once it is ready.
    fn keep_with_line(&mut self, command: &mut Command) -> anyhow::Result<String> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.with_context(|| format!("start {command:?}"))?;
        let stdout = child.stdout.take().context("a pipe was asked for")?;
        self.0.push(child);
        let (tell, told) = sync_channel(1);
        std::thread::spawn(move || {
            let mut line = String::new();
            // An error is an empty line, which nobody takes for an answer.
            let _ = BufReader::new(stdout).read_line(&mut line);
            let _ = tell.send(line);
        });
        let line = told
            .recv_timeout(READY_WITHIN)
            .with_context(|| format!("{command:?} says nothing"))?;
        ensure!(!line.trim().is_empty(), "{command:?} ended at once");
        Ok(line.trim().to_owned())
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in self.0.iter_mut().rev() {
            // It may have ended by itself; there is nobody left to tell.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A screen with a window manager.
#[derive(Debug)]
pub struct Display {
    // Dropped in this order: what runs first, its folder last.
    children: RefCell<Children>,
    number: String,
    bus: String,
    clock: Pace,
    home: TempDir,
}

/// Waits a moment without sleeping past an end.
#[derive(Debug)]
struct Pace {
    told: Receiver<()>,
    _never: SyncSender<()>,
}

impl Pace {
    fn new() -> Self {
        let (never, told) = sync_channel(0);
        Self {
            told,
            _never: never,
        }
    }

    fn until<T>(
        &self,
        what: &str,
        mut look: impl FnMut() -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        let deadline = Deadline::after(READY_WITHIN);
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if deadline.left().is_none() {
                bail!("no {what} in time");
            }
            // Nothing ever comes; this is the wait.
            let _ = self.told.recv_timeout(LOOK_AGAIN_AFTER);
        }
    }
}

fn is_installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

impl Display {
    /// Why there can be no screen here, or nothing.
    pub fn unavailable() -> Option<String> {
        let missing: Vec<&str> = PROGRAMS
            .iter()
            .copied()
            .filter(|name| !is_installed(name))
            .collect();
        (!missing.is_empty()).then(|| format!("missing: {}", missing.join(", ")))
    }

    /// Why no Chinese can be typed here, or nothing.
    pub fn pinyin_unavailable() -> Option<String> {
        let missing = ["ibus-daemon", "ibus"]
            .into_iter()
            .find(|name| !is_installed(name));
        missing.map(|name| format!("missing: {name}")).or_else(|| {
            let component = Path::new("/usr/share/ibus/component/libpinyin.xml");
            (!component.exists()).then(|| "missing: ibus-libpinyin".to_owned())
        })
    }

    /// A screen of 1280 × 900.
    ///
    /// # Errors
    /// When a program is missing or not ready in time.
    pub fn new() -> anyhow::Result<Self> {
        Self::sized(1280, 900)
    }

    /// A screen of that many pixels.
    ///
    /// # Errors
    /// When a program is missing or not ready in time.
    pub fn sized(width: u32, height: u32) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("hutong-display-")
            .tempdir()?;
        let mut children = Children::default();
        let screen = format!("{width}x{height}x24");
        let number = children.keep_with_line(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &screen,
            "-nolisten",
            "tcp",
            "-noreset",
            // On a slow computer a key that is let go late would count twice.
            "-r",
        ]))?;
        let mut display = Self {
            children: RefCell::new(children),
            number: format!(":{number}"),
            bus: String::new(),
            clock: Pace::new(),
            home,
        };
        std::fs::create_dir_all(display.home.path().join("run"))?;
        let mut bus = display.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        display.bus = display.children.borrow_mut().keep_with_line(&mut bus)?;
        let mut manager = display.command("openbox");
        display.children.borrow_mut().keep(&mut manager)?;
        display.clock.until("window manager", || {
            let told = display.output("xdotool", &["get_desktop"]);
            Ok(told.ok())
        })?;
        Ok(display)
    }

    /// The private home of everything on it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Starts Chinese input: what is typed from now on is pinyin.
    ///
    /// # Errors
    /// When the input method is missing or not ready in time.
    pub fn start_pinyin(&self) -> anyhow::Result<()> {
        self.start_input()?;
        self.type_with(PINYIN)
    }

    /// Starts input methods; [`type_with`](Self::type_with) chooses one.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn start_input(&self) -> anyhow::Result<()> {
        let mut daemon = self.command("ibus-daemon");
        daemon.args(["--replace", "--xim", "--panel", "disable"]);
        self.children.borrow_mut().keep(&mut daemon)?;
        self.type_with(LETTERS)
    }

    /// From now on keys go through this input method: [`PINYIN`] or [`LETTERS`].
    ///
    /// # Errors
    /// When it is missing or not ready in time.
    pub fn type_with(&self, method: &str) -> anyhow::Result<()> {
        let mut last = String::new();
        let ready = self.until("input method", || {
            // It reports a failure even when it succeeds, so only what is set counts.
            let _ = self.output("ibus", &["engine", method]);
            let engine = self.output("ibus", &["engine"]);
            last = engine
                .unwrap_or_else(|error| format!("{error:#}"))
                .trim()
                .to_owned();
            Ok((last == method).then_some(()))
        });
        ready.with_context(|| format!("the input method is `{last}`"))
    }

    /// Looks again and again, until there is something or it takes too long.
    ///
    /// # Errors
    /// When looking fails, or there is nothing in time.
    pub fn until<T>(
        &self,
        what: &str,
        look: impl FnMut() -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        self.clock.until(what, look)
    }

    /// A command that runs on this screen.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        self.take_in(Command::new(program.as_ref()))
    }

    /// Has a command run on this screen.
    pub fn take_in(&self, mut command: Command) -> Command {
        let home = self.home.path();
        command
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("LC_ALL", "C.UTF-8")
            .env("GTK_IM_MODULE", "ibus")
            .env("XMODIFIERS", "@im=ibus")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GDK_BACKEND")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CACHE_HOME");
        command
    }

    fn output(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let bytes = self.bytes(program, arguments)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn bytes(&self, program: &str, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = self
            .command(program)
            .args(arguments)
            .stdin(Stdio::null())
            .output()?;
        ensure!(
            output.status.success(),
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(output.stdout)
    }

    /// Starts a program and waits for its window, which then has the keys. `name` is for errors and its log.
    ///
    /// # Errors
    /// When there is no window in time.
    pub fn open(&self, command: &mut Command, name: &str) -> anyhow::Result<Window<'_>> {
        let log = self.home.path().join(format!("{name}.log"));
        self.window_of(Process::start(name, command, log)?, name)
    }

    /// The same for a program that says when it has a window: nobody looks for one before, as that would slow it down.
    ///
    /// # Errors
    /// When it does not say so, or there is no window in time.
    pub fn open_when(
        &self,
        command: &mut Command,
        name: &str,
        mut says: impl FnMut(&Value) -> bool,
    ) -> anyhow::Result<Window<'_>> {
        let log = self.home.path().join(format!("{name}.log"));
        let process = Process::start(name, command, log)?;
        let deadline = Deadline::after(READY_WITHIN);
        while !says(&process.next("window", deadline)?) {}
        self.window_of(process, name)
    }

    fn window_of(&self, process: Process, name: &str) -> anyhow::Result<Window<'_>> {
        let number = process.id().to_string();
        let find = ["search", "--onlyvisible", "--pid", &number];
        let id = self.until(&format!("window of {name}"), || {
            let found = self.output("xdotool", &find);
            Ok(found
                .ok()
                .and_then(|ids| ids.lines().last().map(str::to_owned)))
        })?;
        let window = Window::new(self, process, id);
        window.front()?;
        Ok(window)
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        let path = path.to_str().context("a path of plain letters")?;
        self.output("import", &["-window", "root", path]).map(drop)
    }
}
