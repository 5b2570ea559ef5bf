//! How a file is told.

use crate::api::Path;
use crate::api::command::Direction;
use hutong_common::id::{FileId, MsgId};
use serde::Serialize;
use std::path::PathBuf;

/// A file as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its name for programs.
    #[serde(serialize_with = "super::display")]
    pub file: FileId,
    /// The message that offers it.
    #[serde(serialize_with = "super::display")]
    pub message: MsgId,
    /// Who offers it.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// How far it is.
    pub state: FileState,
    /// Bytes so far: verified ones of a file to us, sent ones of a file from us.
    pub done: u64,
    /// Bytes per second, while it runs.
    pub rate: Option<u64>,
    /// Bytes of a file from us that left this computer since the program started, those sent again too.
    pub sent: Option<u64>,
    /// By which way.
    pub path: Path,
    /// Logins of those who pause it.
    pub paused_by: Vec<String>,
    /// Whether opening it may run it as a program, whatever it looks like.
    pub executable: bool,
    /// Where it lies, once verified.
    pub saved_as: Option<PathBuf>,
    /// Where it lay when it was offered, of a file from us.
    pub source: Option<PathBuf>,
    /// Why it failed, or paused itself.
    pub code: Option<&'static str>,
    /// Our own name for the other side, where we gave one.
    pub remark: Option<String>,
    /// Of a file that we offered to a group: logins of the members who have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub had_by: Vec<String>,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Offered, not answered.
    Offered,
    /// Accepted; the other side is not reachable now.
    Waiting,
    /// Bytes flow.
    Running,
    /// Paused by either side, or by both.
    Paused,
    /// All bytes are there, proved, and under the final name.
    Verified,
    /// Given up.
    Failed,
    /// Refused by the receiver.
    Declined,
}
