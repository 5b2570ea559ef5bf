//! One line on a terminal that shows how far files are; nothing where nobody looks.
//!
//! Several files that run at once share it. A line never wraps: names are measured in the cells of a terminal, in which
//! a Chinese letter takes two.

use super::row::Row;
use hutong_common::text::client::Client;
use hutong_common::text::{Lang, bytes};
use std::collections::BTreeMap;
use std::io::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const BAR_CELLS: usize = 10;
/// The whole line stays within a narrow terminal.
const NAME_CELLS: usize = 16;
/// A day or more is no answer.
const DAY_S: u64 = 24 * 3_600;

#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    is_drawn: bool,
    lang: Lang,
    /// What runs, by file.
    running: BTreeMap<String, Running>,
}

#[derive(Clone, Debug)]
struct Running {
    name: String,
    done: u64,
    size: u64,
    rate: u64,
}

impl Progress {
    pub(super) const fn new(is_shown: bool, lang: Lang) -> Self {
        Self {
            is_shown,
            is_drawn: false,
            lang,
            running: BTreeMap::new(),
        }
    }

    /// Draws the line over the last one, after a `file` event.
    pub(super) fn show(&mut self, file: Row<'_>) {
        let id = file.text("file");
        if file.raw("state") != "running" {
            self.running.remove(&id);
            return;
        }
        self.running.insert(id, Running::of(file));
        if let Some(line) = self.line().filter(|_| self.is_shown) {
            self.write(&format!("\r\u{1b}[K{line}"));
            self.is_drawn = true;
        }
    }

    /// Makes room for other output.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            self.write("\r\u{1b}[K");
        }
    }

    fn line(&self) -> Option<String> {
        let count = self.running.len();
        let mut running = self.running.values().cloned();
        let first = running.next()?;
        let all = running.fold(first, |all, one| Running {
            done: all.done.saturating_add(one.done),
            size: all.size.saturating_add(one.size),
            rate: all.rate.saturating_add(one.rate),
            ..all
        });
        let name = match count {
            1 => all.name.clone(),
            _ => Client::FilesAtOnce { count: &count }.say(self.lang),
        };
        Some(all.line(&name))
    }

    fn write(&self, text: &str) {
        let mut terminal = std::io::stderr().lock();
        // A terminal that is gone shows nothing.
        let _ = terminal
            .write_all(text.as_bytes())
            .and_then(|()| terminal.flush());
    }
}

impl Running {
    fn of(file: Row<'_>) -> Self {
        Self {
            name: file.text("name"),
            done: file.number("done"),
            size: file.number("size"),
            rate: file.number("rate"),
        }
    }

    fn line(&self, name: &str) -> String {
        let percent = share(self.done, self.size);
        let full = BAR_CELLS * usize::try_from(percent).unwrap_or(100) / 100;
        let bar = "█".repeat(full) + &"░".repeat(BAR_CELLS - full);
        let (done, size) = (bytes(self.done), bytes(self.size));
        let line = format!("{} {bar} {percent:>3} %  {done} / {size}", shortened(name));
        if self.rate == 0 {
            return line;
        }
        let left_s = self.size.saturating_sub(self.done) / self.rate;
        format!("{line}  {}/s{}", bytes(self.rate), clock(left_s))
    }
}

/// `  1:05`, `  2:03:00`; nothing for what takes a day or more.
fn clock(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("  {minutes}:{rest:02}"),
        _ if seconds < DAY_S => format!("  {hours}:{minutes:02}:{rest:02}"),
        _ => String::new(),
    }
}

/// How fast a file comes or goes; empty where that is not known.
pub(super) fn rate(file: Row<'_>) -> String {
    match file.number("rate") {
        0 => String::new(),
        rate => format!("{}/s", bytes(rate)),
    }
}

/// How much of a file is there, in whole percent; all of an empty one.
pub(super) fn percent(file: Row<'_>) -> u64 {
    match file.number("size") {
        0 if file.raw("state") == "verified" => 100,
        size => share(file.number("done"), size),
    }
}

fn share(done: u64, size: u64) -> u64 {
    let percent = u128::from(done.min(size)) * 100 / u128::from(size.max(1));
    u64::try_from(percent).unwrap_or(100)
}

fn shortened(name: &str) -> String {
    if name.width() <= NAME_CELLS {
        return name.to_owned();
    }
    let mut cells = 1;
    let kept = name.chars().take_while(|c| {
        cells += c.width().unwrap_or_default();
        cells <= NAME_CELLS
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn running(file: &str, name: &str, done: u64) -> Value {
        json!({
            "file": file, "state": "running", "name": name, "done": done, "size": 1_048_576, "rate": 8_192,
        })
    }

    fn line_of(events: &[Value]) -> String {
        let mut progress = Progress::new(false, Lang::En);
        for event in events {
            progress.show(Row(event));
        }
        progress.line().unwrap_or_default()
    }

    #[test]
    fn the_line_fits_a_narrow_terminal_whatever_the_name_and_the_size() {
        let shown = line_of(&[running("f", &"很长的中文文件名".repeat(20), 524_288)]);
        assert!(
            shown.contains(" 50 %  512.0 KiB / 1.0 MiB  8.0 KiB/s  1:04"),
            "{shown}"
        );
        let large = json!({
            "file": "f", "state": "running", "name": "🀄".repeat(99), "done": 1_099_511_000_000_u64,
            "size": 1_099_511_627_776_u64, "rate": 1_048_575_000,
        });
        for line in [shown, line_of(&[large])] {
            assert!(line.width() < 80, "{} cells: {line}", line.width());
        }
    }

    #[test]
    fn several_files_share_the_line_until_they_are_over() {
        let both = [running("a", "一.bin", 524_288), running("b", "二.bin", 0)];
        let shown = line_of(&both);
        assert!(
            shown.starts_with("2 files ██") && shown.contains(" 25 %"),
            "{shown}"
        );
        let paused = json!({"file": "b", "state": "paused"});
        let shown = line_of(&[both[0].clone(), both[1].clone(), paused]);
        assert!(shown.starts_with("一.bin "), "{shown}");
    }

    #[test]
    fn nothing_beyond_all_is_ever_shown() {
        for (done, size, state, expected) in [
            (0, 0, "offered", 0),
            (0, 0, "verified", 100),
            (9, 3, "running", 100),
            (u64::MAX, u64::MAX, "running", 100),
        ] {
            assert_eq!(
                percent(Row(&json!({"done": done, "size": size, "state": state}))),
                expected
            );
        }
    }
}
