//! Attendance as a file for spreadsheets, where a person wants it.

use super::{Stop, error};
use crate::render::{self, Screen};
use hutong_common::text::groups::GroupText;
use serde_json::Value;
use std::path::Path;

/// Writes the table into the file, in the place of what was there; `-` is standard output.
pub(super) fn attendance(path: &Path, reply: &Value, screen: &mut Screen) -> Result<(), Stop> {
    let table = render::attendance_csv(reply, screen.lang);
    if path == Path::new("-") {
        render::script(table.as_bytes());
        return Ok(());
    }
    let path_shown = &path.display();
    std::fs::write(path, table).map_err(|fault| {
        let text = GroupText::NotSaved {
            path: path_shown,
            fault: &fault,
        };
        error("not_writable", text.say(screen.lang))
    })?;
    screen.note(&GroupText::Saved { path: path_shown }.say(screen.lang));
    Ok(())
}
