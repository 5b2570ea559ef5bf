//! The clipboard of a screen.
//!
//! Whoever copies must stay to hand it out, so a program does: until the screen goes, or the next copy takes its place.

use super::Display;
use anyhow::Context;
use std::path::Path;
use std::process::Child;

impl Display {
    /// Puts text into the clipboard.
    ///
    /// # Errors
    /// When there is no clipboard program.
    pub fn copy_text(&self, text: &str) -> anyhow::Result<()> {
        let file = self.home.path().join("clipboard.txt");
        std::fs::write(&file, text)?;
        self.copy(&file, "UTF8_STRING")
    }

    /// The text in the clipboard, once it fits.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn copied(&self, fits: impl Fn(&str) -> bool) -> anyhow::Result<String> {
        self.until("text in the clipboard", || {
            let text = self.output("xclip", &["-selection", "clipboard", "-o"]);
            Ok(text.ok().filter(|text| fits(text)))
        })
    }

    /// Puts a file into the clipboard as a picture.
    ///
    /// # Errors
    /// When there is no clipboard program.
    pub fn copy_picture(&self, png: &Path) -> anyhow::Result<()> {
        self.copy(png, "image/png")
    }

    /// Puts a file into the clipboard, as the system's file windows do.
    ///
    /// # Errors
    /// When there is no clipboard program.
    pub fn copy_file(&self, path: &Path) -> anyhow::Result<()> {
        let path = path.to_str().context("a path of plain letters")?;
        let escaped = |byte: u8| match byte {
            b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        let uri: String = path.bytes().map(escaped).collect();
        let file = self.home.path().join("clipboard.uri");
        std::fs::write(&file, format!("file://{uri}\r\n"))?;
        self.copy(&file, "text/uri-list")
    }

    /// Has the program that holds the clipboard stop, so that nobody gets what was copied, or go on.
    ///
    /// # Errors
    /// When nothing was copied yet.
    pub fn stop_clipboard(&self, is_stopped: bool) -> anyhow::Result<()> {
        let signal = if is_stopped { "-STOP" } else { "-CONT" };
        let holder = self.children.borrow().0.last().map(Child::id);
        let holder = holder.context("something was copied")?.to_string();
        self.output("kill", &[signal, &holder]).map(drop)
    }

    /// The program that holds the clipboard stays until the screen goes, or the next copy takes it over.
    fn copy(&self, file: &Path, target: &str) -> anyhow::Result<()> {
        let mut clipboard = self.command("xclip");
        clipboard
            .args(["-quiet", "-selection", "clipboard", "-t", target, "-i"])
            .arg(file);
        self.children.borrow_mut().keep(&mut clipboard)?;
        self.clock.until("clipboard", || {
            let targets = self.output("xclip", &["-selection", "clipboard", "-t", "TARGETS", "-o"]);
            Ok(targets
                .ok()
                .filter(|targets| targets.contains(target))
                .map(drop))
        })
    }
}
