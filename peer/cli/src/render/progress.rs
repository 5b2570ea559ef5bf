//! One line on a terminal that shows how far a file is; nothing where nobody looks.

use super::row::Row;
use hutong_common::text::bytes;
use std::io::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const BAR_CELLS: usize = 24;
/// The whole line stays within a narrow terminal, so that it never wraps.
const NAME_CELLS: usize = 24;

#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    is_drawn: bool,
}

impl Progress {
    pub(super) const fn new(is_shown: bool) -> Self {
        Self {
            is_shown,
            is_drawn: false,
        }
    }

    /// Draws the line of a `file` event over the last one.
    pub(super) fn show(&mut self, file: Row<'_>) {
        if self.is_shown {
            self.write(&format!("\r\u{1b}[K{}", line(file)));
            self.is_drawn = true;
        }
    }

    /// Makes room for other output.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            self.write("\r\u{1b}[K");
        }
    }

    fn write(&self, text: &str) {
        let mut terminal = std::io::stderr().lock();
        // A terminal that is gone shows nothing.
        let _ = terminal
            .write_all(text.as_bytes())
            .and_then(|()| terminal.flush());
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
    let (done, size) = (file.number("done"), file.number("size"));
    if size == 0 {
        return if file.raw("state") == "verified" {
            100
        } else {
            0
        };
    }
    let percent = u128::from(done.min(size)) * 100 / u128::from(size);
    u64::try_from(percent).unwrap_or(100)
}

fn line(file: Row<'_>) -> String {
    let percent = percent(file);
    let full = BAR_CELLS * usize::try_from(percent).unwrap_or(100) / 100;
    let bar = "█".repeat(full) + &"░".repeat(BAR_CELLS - full);
    let name = shortened(&file.text("name"));
    format!(
        "{name} {bar} {percent:>3} %  {} / {}",
        bytes(file.number("done")),
        bytes(file.number("size"))
    )
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
    use serde_json::json;

    #[test]
    fn the_line_fits_a_narrow_terminal_whatever_the_name() {
        let event =
            json!({"name": "很长的中文文件名".repeat(20), "done": 524_288, "size": 1_048_576});
        let shown = line(Row(&event));
        assert!(shown.width() <= 80, "{shown}");
        assert!(shown.contains(" 50 %  512.0 KiB / 1.0 MiB"), "{shown}");
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
