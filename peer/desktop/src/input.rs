//! Everything that changes what the window shows, and everything that it wants done outside.

pub mod intent;
pub mod purpose;

use crate::model::prefs::Prefs;
pub use crate::platform::Notice;
pub use intent::Intent;
pub use purpose::Purpose;

use druid::ArcStr;
use druid::im::Vector;
use hutong_common::text::Lang;
use hutong_engine::api::command::Secret;
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_host::class::Open;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Something happened. [`crate::reduce::reduce`] says what follows.
#[derive(Clone, Debug)]
pub enum Input {
    /// The engine tells.
    Told(Event),
    /// The engine answers what was asked for this purpose.
    Answer(Purpose, Result<Done, Failure>),
    /// The person wants something.
    Intent(Intent),
    /// One's own class runs, rests, or could not do what it was to do.
    Class(Result<Kept, String>),
    /// These files have so many bytes in all.
    Weighed(Weight),
    /// A table lies there, or why not.
    Saved(Result<PathBuf, String>),
    /// Time that was asked for is over.
    Tick(Tick),
    /// The engine could not start, or has ended.
    Ended(Ending),
}

/// What is of one's own class on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// There is none.
    None,
    /// It was stopped.
    Rests,
    /// It runs.
    Open(Arc<Open>),
}

/// Files that came, and how large they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// For whom.
    pub with: ArcStr,
    /// Where they lie.
    pub paths: Vector<PathBuf>,
    /// Bytes of all of them.
    pub size: u64,
    /// Of the largest one.
    pub largest: u64,
}

/// Why there is no engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Another program has the home.
    HomeLocked,
    /// The home or its database cannot be used, and why.
    Broken(Failure),
    /// It was stopped.
    Stopped,
}

/// What time was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// To look for servers again.
    Servers,
    /// To take a toast away.
    Toast(u64),
    /// To show times anew.
    Minute,
    /// To note the words that are not sent yet, unless more was typed since.
    Draft(u64),
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Asks the engine; the answer comes with the purpose.
    Ask(Purpose, Command),
    /// Keeps the preferences.
    Keep(Prefs),
    /// Tells the desktop.
    Notify(Notice),
    /// Learns how large these files for this login are.
    Weigh(ArcStr, Vector<PathBuf>),
    /// Keeps a text under this name among the downloads.
    Save(String, String),
    /// Opens a file with the system's program.
    Open(PathBuf),
    /// Shows a file in its folder.
    Reveal(PathBuf),
    /// Opens a link.
    Follow(String),
    /// Gives the tick after this time.
    Later(Duration, Tick),
    /// Does something with one's own class.
    Class(ClassWish, Lang),
    /// Lets the engine stop, then closes the window.
    Quit,
}

/// What shall be done with one's own class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassWish {
    /// It is started, and its teacher signed in.
    Start {
        /// What it is called.
        name: String,
        /// Login of the teacher.
        login: String,
        /// Password of the teacher.
        password: Secret,
        /// Display name of the teacher.
        display_name: Option<String>,
    },
    /// It goes on when there was one before that was not stopped.
    GoOn,
    /// It goes on although it was stopped.
    Resume,
    /// It stops.
    Stop,
}
