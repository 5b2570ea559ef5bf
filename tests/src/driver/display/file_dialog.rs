//! The system's dialog for files, used as a person does: a path pasted into its box.

use super::Display;
use anyhow::Context;
use std::path::Path;

impl Display {
    /// Chooses a file in the system's dialog, which is open or opens now.
    ///
    /// # Errors
    /// When no such dialog opens in time, or it stays open.
    pub fn choose(&self, path: &Path) -> anyhow::Result<()> {
        let dialogs = || {
            self.output(
                "xdotool",
                &["search", "--onlyvisible", "--name", "^Open File$"],
            )
        };
        let id = self.until("dialog for files", || Ok(dialogs().ok()))?;
        self.output("xdotool", &["windowactivate", "--sync", id.trim()])?;
        self.copy_text(path.to_str().context("a path of plain letters")?)?;
        // Its box for a path appears in its own time, and what is pasted before is lost.
        for keys in ["ctrl+l", "ctrl+v"] {
            let before = self.rest_of(id.trim())?;
            self.output("xdotool", &["key", keys])?;
            self.change_of(id.trim(), &before)?;
        }
        // The box completes what is pasted in its own time as well, and a Return before that is lost.
        self.rest_of(id.trim())?;
        self.output("xdotool", &["key", "Return"])?;
        let mut polls = 0_u32;
        self.until("end of the dialog", || {
            polls += 1;
            let is_open = dialogs().is_ok();
            if is_open && polls.is_multiple_of(20) {
                self.output("xdotool", &["key", "Return"])?;
            }
            Ok((!is_open).then_some(()))
        })
    }
}
