//! How the story looks on a terminal, in the person's language. The only place that prints it.

use crate::driver::is_interrupted;
use std::env;
use std::io::{IsTerminal, Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

/// Steps are filled up to here, so that the figures stand below each other.
const STEP_COLUMNS: usize = 52;

/// Whether every step held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Held,
    /// One did not, and was told.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Held => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
        }
    }
}

/// Prints, in Chinese where the locale is Chinese and in English elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teller {
    is_chinese: bool,
    has_colour: bool,
}

impl Teller {
    pub(super) fn new() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| env::var(name).ok())
            .find(|value| !value.is_empty());
        let teller = Self {
            is_chinese: locale.is_some_and(|locale| locale.starts_with("zh")),
            has_colour: stdout().is_terminal() && env::var_os("NO_COLOR").is_none(),
        };
        let title = teller.pick("Hutong, on this machine", "胡同，就在这台电脑上");
        teller.line(&format!("\n  {}", teller.styled("1", title)));
        teller
    }

    /// The one of the person's language.
    pub(super) fn pick<'a>(&self, english: &'a str, chinese: &'a str) -> &'a str {
        if self.is_chinese { chinese } else { english }
    }

    /// What comes now.
    pub(super) fn chapter(&self, english: &str, chinese: &str) {
        let title = self.pick(english, chinese);
        self.line(&format!("\n  {}", self.styled("1;36", title)));
    }

    /// What happened, and what was measured of it.
    pub(super) fn step(&self, what: &str, measured: &str) {
        let gap = " ".repeat(STEP_COLUMNS.saturating_sub(columns(what)).max(2));
        let (mark, measured) = (self.styled("32", "✓"), self.styled("2", measured));
        self.line(&format!("  {mark} {what}{gap}{measured}"));
    }

    pub(super) fn end(&self, took: Duration) -> Outcome {
        let text = self.pick("Every step held", "每一步都成立");
        let took = shown(took);
        self.line(&format!("\n  {} · {took}\n", self.styled("1;32", text)));
        Outcome::Held
    }

    pub(super) fn failed(&self, error: &anyhow::Error) -> Outcome {
        if is_interrupted() {
            let text = self.pick(
                "Interrupted; nothing is left behind",
                "已中断，什么都没留下",
            );
            self.line(&format!("\n  {text}\n"));
            return Outcome::Failed;
        }
        let text = self.pick("A step failed", "有一步失败了");
        self.line(&format!("\n  {}\n", self.styled("1;31", text)));
        self.line(&format!("{error:#}\n"));
        Outcome::Failed
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.has_colour {
            format!("\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&self, line: &str) {
        let mut out = stdout().lock();
        // Whoever reads this may have closed the pipe; the story goes on and its exit code tells.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

/// Columns of a terminal that a text takes: two for signs of East Asia and pictures, none for what joins to others.
fn columns(text: &str) -> usize {
    let mut is_joined = false;
    let mut columns = 0;
    for letter in text.chars() {
        columns += match letter {
            '\u{200d}' | '\u{fe0f}' => 0,
            _ if is_joined => 0,
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' => 2,
            '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{3fffd}' => 2,
            _ => 1,
        };
        is_joined = letter == '\u{200d}';
    }
    columns
}

/// `0.41 ms`, `46 ms`, `1.2 s`.
pub(super) fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.1} s")
    } else if seconds >= 0.01 {
        format!("{:.0} ms", seconds * 1e3)
    } else {
        format!("{:.2} ms", seconds * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_take_the_columns_that_terminals_give_them() {
        for (text, expected) in [
            ("abc", 3),
            ("李小雨", 6),
            ("👩‍💻!", 3),
            ("（）", 4),
            ("📮", 2),
        ] {
            assert_eq!(columns(text), expected, "{text}");
        }
    }
}
