//! One person at a window: what one does there, with keys and clicks, and what the engine behind it knows then.
//!
//! A deed waits for the change that it makes on the screen; what it means is asked from the engine through the socket of the
//! home, as any command beside a window does. Where things are on the screen only [`places`] knows.

mod entering;
pub mod places;

use crate::driver::{Display, Programs, Window, disk};
use anyhow::Context;
use places::{Place, chat, home};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// What everybody types; keys as a simple keyboard has them, so that each is sent as it is.
pub const PASSWORD: &str = "correct horse staple";

/// A person with a window.
#[derive(Debug)]
pub struct Desk<'a> {
    display: &'a Display,
    programs: Programs,
    home: PathBuf,
    name: String,
    window: Window<'a>,
}

impl<'a> Desk<'a> {
    /// Why no window can be used here, or nothing.
    pub fn unavailable(programs: &Programs) -> Option<String> {
        let path = programs.folder().join("hutong-desktop");
        let missing = (!path.exists()).then(|| "`hutong-desktop` is not built".to_owned());
        missing.or_else(Display::unavailable)
    }

    /// Opens a window on that home, in that language.
    ///
    /// # Errors
    /// When none appears in time.
    pub fn open(
        display: &'a Display,
        programs: &Programs,
        home: &Path,
        lang: &str,
    ) -> anyhow::Result<Self> {
        let command = Self::command(programs, home, lang);
        Self::start(display, programs, home, command)
    }

    /// The same, with its home on a disk of so many bytes.
    ///
    /// # Errors
    /// When there is no such disk, or no window appears in time.
    pub fn open_on_disk(
        display: &'a Display,
        programs: &Programs,
        (home, bytes): (&Path, u64),
        lang: &str,
    ) -> anyhow::Result<Self> {
        let command = disk::on_disk(&Self::command(programs, home, lang), home, bytes)?;
        let mut desk = Self::start(display, programs, home, command)?;
        desk.home = disk::seen_by(desk.window.process(), home);
        Ok(desk)
    }

    /// Starts the program once more on the same home, and waits for its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_again(&self) -> anyhow::Result<ExitStatus> {
        let command = Self::command(&self.programs, &self.home, "en");
        Ok(self.display.take_in(command).status()?)
    }

    fn command(programs: &Programs, home: &Path, lang: &str) -> Command {
        let mut command = programs.command("hutong-desktop");
        command
            .args(["--no-mdns", "--lang", lang, "--home"])
            .arg(home);
        if !programs.has_own_network() {
            command.args(["--bind", "127.0.0.1"]);
        }
        command
    }

    fn start(
        display: &'a Display,
        programs: &Programs,
        home: &Path,
        command: Command,
    ) -> anyhow::Result<Self> {
        let name = home.file_name().unwrap_or_default().to_string_lossy();
        let window = display.open(&mut display.take_in(command), &name)?;
        let desk = Self {
            display,
            programs: programs.clone(),
            home: home.to_path_buf(),
            name: name.into_owned(),
            window,
        };
        desk.rests()?;
        Ok(desk)
    }

    /// Its window.
    pub fn window(&self) -> &Window<'a> {
        &self.window
    }

    /// Where it stands.
    pub fn display(&self) -> &'a Display {
        self.display
    }

    /// Its home, as it is seen from here.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Closes the window as a person does, and waits for the end of the program.
    ///
    /// # Errors
    /// When it does not end.
    pub fn close(mut self) -> anyhow::Result<()> {
        self.press(&["alt+F4"])?;
        self.window.ends().inspect_err(|_| self.failed())
    }

    /// Keeps what it shows for whoever looks for the reason; there may be no window any more.
    fn failed(&self) {
        let _ = self.keep(&format!("failed-{}", self.name));
    }

    /// Waits until it shows something that stays.
    ///
    /// # Errors
    /// When it goes on changing.
    pub fn rests(&self) -> anyhow::Result<()> {
        self.window.rests().map(drop)
    }

    /// Clicks a thing, and waits for what it changes on the screen.
    ///
    /// # Errors
    /// When nothing changes.
    pub fn click(&self, (x, y): Place) -> anyhow::Result<()> {
        self.window.front()?;
        let clicked = self.window.click_and_see(x, y);
        clicked
            .inspect_err(|_| self.failed())
            .with_context(|| format!("window of {}", self.name))
    }

    /// Clicks where it may be that nothing is to be changed.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn click_again(&self, (x, y): Place) -> anyhow::Result<()> {
        self.window.front()?;
        self.window.click(x, y)?;
        self.rests()
    }

    /// Does something, and waits for what it changes on the screen.
    ///
    /// # Errors
    /// When nothing changes.
    pub fn see(&self, act: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.window.front()?;
        let before = self.window.look()?;
        act()?;
        let seen = self.window.changed_since(&before);
        seen.inspect_err(|_| self.failed())
    }

    /// Waits until a round count stands at a place of the rail, or none does.
    ///
    /// # Errors
    /// When it is otherwise for too long.
    pub fn counts(&self, place: Place, is_there: bool) -> anyhow::Result<()> {
        self.window.front()?;
        let (width, _) = self.window.size()?;
        let waited = self.display.until("such a count", || {
            let pixels = self.window.look()?;
            Ok((places::has_count(&pixels, width, place) == is_there).then_some(()))
        });
        let waited = waited.inspect_err(|_| self.failed());
        waited.with_context(|| format!("{}: a count at {place:?}: {is_there}", self.name))
    }

    /// Presses keys in its window.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn press(&self, keys: &[&str]) -> anyhow::Result<()> {
        self.window.front()?;
        self.window.press(keys)
    }

    /// Types letters in its window.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn letters(&self, letters: &str) -> anyhow::Result<()> {
        self.window.front()?;
        self.window.type_letters(letters)
    }

    /// Pastes text where the caret is.
    ///
    /// # Errors
    /// When there is no clipboard.
    pub fn paste(&self, text: &str) -> anyhow::Result<()> {
        self.display.copy_text(text)?;
        self.press(&["ctrl+v"])
    }

    /// Keeps a picture of it in `target/screens`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, name: &str) -> anyhow::Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens");
        std::fs::create_dir_all(&folder)?;
        self.window.front()?;
        self.rests()?;
        let file = folder.join(format!("window-{name}.png"));
        self.window.screenshot(&file)
    }

    /// What the engine behind the window answers to a command beside it.
    ///
    /// # Errors
    /// When it refuses.
    pub fn ask(&self, words: &[&str]) -> anyhow::Result<Value> {
        let mut command = self.programs.command("hutong");
        let output = command
            .arg("--home")
            .arg(&self.home)
            .arg("--json")
            .args(words)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().last().unwrap_or_default();
        anyhow::ensure!(output.status.success(), "{words:?} → {line}");
        Ok(serde_json::from_str(line)?)
    }

    /// Asks again and again until the answer fits.
    ///
    /// # Errors
    /// When it does not in time; the last answer is quoted.
    pub fn until(&self, words: &[&str], fits: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let mut last = String::new();
        let waited = self.display.until("such an answer", || {
            let told = self.ask(words);
            last = match &told {
                Ok(value) => value.to_string(),
                Err(error) => format!("{error:#}"),
            };
            Ok(told.ok().filter(|value| fits(value)))
        });
        if waited.is_err() {
            self.failed();
        }
        waited.with_context(|| format!("{}: {words:?} → {last}", self.name))
    }

    /// Asks again and again until it is refused with that code.
    ///
    /// # Errors
    /// When it is not in time.
    pub fn until_refused(&self, words: &[&str], code: &str) -> anyhow::Result<()> {
        self.display.until(&format!("`{code}` for {words:?}"), || {
            let told = self.ask(words);
            let is_refused = told.is_err_and(|error| format!("{error:#}").contains(code));
            Ok(is_refused.then_some(()))
        })
    }

    /// Opens the first conversation of the list, and sends words in it.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn say(&self, words: &str) -> anyhow::Result<()> {
        self.click_again(home::FIRST)?;
        self.click_again(chat::WORDS)?;
        self.letters(words)?;
        self.press(&["Return"])
    }

    /// Clicks what ends the program, and waits for its end.
    ///
    /// # Errors
    /// When it does not end.
    pub fn end_with(mut self, (x, y): Place) -> anyhow::Result<()> {
        self.window.front()?;
        self.window.click(x, y)?;
        self.window.ends()
    }

    /// Waits until its window has that title.
    ///
    /// # Errors
    /// When it has another one for too long.
    pub fn titled(&self, title: &str) -> anyhow::Result<()> {
        let mut last = String::new();
        let waited = self.display.until("such a title", || {
            last = self.window.title()?;
            Ok((last == title).then_some(()))
        });
        waited.with_context(|| format!("{}: the title is `{last}`", self.name))
    }

    /// Asks somebody to be a friend, in the dialog, which leads from one box to the next.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn add(&self, login: &str, greeting: &str) -> anyhow::Result<()> {
        self.click(home::ADD)?;
        self.letters(login)?;
        let before = self.window.look()?;
        self.press(&["Return"])?;
        self.window.changed_since(&before)?;
        self.keep("add-friend-en")?;
        self.letters(greeting)?;
        self.press(&["Return"])?;
        self.until(&["requests"], |told| {
            told["requests"][0]["to"] == login && told["requests"][0]["text"] == greeting
        })?;
        self.press(&["Escape"])?;
        self.rests()
    }
}
