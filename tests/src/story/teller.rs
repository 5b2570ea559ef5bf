//! How the story looks on a terminal, in the person's language. The only place that prints it.

use crate::driver::is_interrupted;
use crate::tongue::{Tongue, columns};
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
    tongue: Tongue,
    has_colour: bool,
}

impl Teller {
    pub(super) fn new() -> Self {
        let teller = Self {
            tongue: Tongue::of_system(),
            has_colour: stdout().is_terminal() && env::var_os("NO_COLOR").is_none(),
        };
        let title = teller.pick("Hutong, on this machine", "胡同，就在这台电脑上");
        teller.line(&format!("\n  {}", teller.styled("1", title)));
        teller
    }

    /// The one of the person's language.
    pub(super) fn pick<'a>(&self, english: &'a str, chinese: &'a str) -> &'a str {
        self.tongue.pick(english, chinese)
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
