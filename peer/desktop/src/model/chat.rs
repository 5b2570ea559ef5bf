//! A conversation as the window shows it: rows, oldest first.
//!
//! Made from what the engine tells; the painted list (`widgets::chat_view`) knows only these types.

use super::groups::{self, Change};
use super::people::{Face, Rank};
use druid::im::Vector;
use druid::{ArcStr, Data, Lens};
use hutong_common::id::{FileId, MsgId};
use hutong_engine::api::Path;
use hutong_engine::api::command::Direction;
use hutong_engine::api::event::{DeliveryState, File, FileState};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The rows of a conversation, oldest first.
pub type Rows = Vector<Row>;

/// What is shown of one conversation.
#[derive(Clone, Debug, Data, Lens)]
pub struct Conversation {
    /// Login of the other, or how the group is addressed.
    pub with: ArcStr,
    /// What is loaded.
    pub rows: Rows,
    /// Whether the home has older ones.
    pub more: bool,
    /// Whether older ones are on their way.
    pub loading: bool,
    /// The last one that was read when the conversation was opened: a line is drawn after it.
    #[data(same_fn = "PartialEq::eq")]
    pub read_to: Option<MsgId>,
    /// The one that was looked for in the past: it is brought into sight, and stands out.
    #[data(same_fn = "PartialEq::eq")]
    pub sought: Option<MsgId>,
    /// One's own.
    pub own_face: Face,
    /// The other's, or the group's.
    pub face: Face,
    /// Those who speak or are spoken of in a group, by login; none of a conversation with one person.
    #[data(same_fn = "PartialEq::eq")]
    pub faces: Option<Arc<Faces>>,
}

/// Faces by login.
pub type Faces = BTreeMap<ArcStr, Face>;

/// How far a message in a group got, by login of who is to hear it.
pub type Heard = BTreeMap<ArcStr, DeliveryState>;

impl Conversation {
    /// The face of somebody in a group, known or not; none in a conversation with one person.
    pub fn face_of(&self, login: &ArcStr) -> Option<Face> {
        let known = self.faces.as_ref()?.get(login).cloned();
        Some(known.unwrap_or_else(|| Face {
            login: login.clone(),
            name: login.clone(),
            picture: None,
            rank: Rank::Member,
        }))
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: MsgId,
    /// Its place in the order: hybrid logical clock, then name.
    pub hlc: ArcStr,
    /// Whether it is one's own.
    pub mine: bool,
    /// Login of who wrote it.
    pub from: ArcStr,
    /// When it was written, Unix milliseconds.
    pub sent_ms: u64,
    /// What it says.
    pub body: Body,
    /// How far one's own got.
    pub state: Option<DeliveryState>,
    /// By which way.
    pub path: Path,
    /// Why it failed, in the words of the engine.
    pub code: Option<ArcStr>,
    /// Whether it names us.
    pub names_me: bool,
    /// Whether it is an announcement.
    pub is_announcement: bool,
    /// Of one's own in a group: how far it got for each.
    pub heard: Option<Arc<Heard>>,
}

impl Row {
    /// Whether it is a line of the program's, and nobody's message.
    pub fn is_line(&self) -> bool {
        matches!(self.body, Body::Change(_))
    }

    /// How many of those who are to hear it have read it, and have it at all.
    pub fn tally(&self) -> Option<Tally> {
        let heard = self.heard.as_ref()?;
        let count = |least| {
            heard
                .values()
                .filter(|state| **state != DeliveryState::Failed && **state >= least)
                .count()
        };
        Some(Tally {
            read: count(DeliveryState::Shown),
            have: count(DeliveryState::Delivered),
            all: heard.len(),
        })
    }
}

/// Numbers of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Who have read it.
    pub read: usize,
    /// Who have it, read or not.
    pub have: usize,
    /// Who are to hear it.
    pub all: usize,
}

impl Data for Row {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Words.
    Text(ArcStr),
    /// A file, or the picture in it.
    File(FileCard),
    /// Something that only a newer program can show.
    Unknown,
    /// Nobody's words: the group is different.
    Change(Change),
}

/// A file in a conversation.
#[derive(Clone, Debug, PartialEq, Lens)]
pub struct FileCard {
    /// Its name for the engine.
    pub file: FileId,
    /// Its name for people.
    pub name: ArcStr,
    /// Bytes.
    pub size: u64,
    /// How far it is; none when the engine has not said yet.
    pub state: Option<FileState>,
    /// Bytes so far.
    pub done: u64,
    /// Bytes per second while it runs.
    pub rate: Option<u64>,
    /// Whether this side pauses it.
    pub paused_here: bool,
    /// Whether the other side pauses it.
    pub paused_there: bool,
    /// Whether opening it may run it as a program.
    pub executable: bool,
    /// Where its bytes lie here: the received file, or the one that was sent.
    pub lies_at: Option<Arc<PathBuf>>,
    /// Why it failed.
    pub code: Option<ArcStr>,
    /// Of one that was offered to a group: how many have it.
    pub had_by: Option<usize>,
}

impl FileCard {
    /// One of which only this is known.
    pub fn new(file: FileId, name: &str, size: u64) -> Self {
        Self {
            file,
            name: name.into(),
            size,
            state: None,
            done: 0,
            rate: None,
            paused_here: false,
            paused_there: false,
            executable: false,
            lies_at: None,
            code: None,
            had_by: None,
        }
    }

    /// What is known of a file now.
    pub fn of(file: &File) -> Self {
        let mut card = Self::new(file.file, &file.name, file.size);
        card.fill(file);
        card
    }

    /// Takes what is known of it now.
    pub fn fill(&mut self, file: &File) {
        let other = match file.direction {
            Direction::Incoming => &file.from,
            Direction::Outgoing => &file.to,
        };
        self.state = Some(file.state);
        self.done = file.done;
        self.rate = file.rate;
        self.paused_there = file.paused_by.contains(other);
        self.paused_here = file.paused_by.iter().any(|login| login != other);
        self.executable = file.executable;
        let lies_at = file.saved_as.clone().or_else(|| file.source.clone());
        self.lies_at = lies_at.map(Arc::new);
        self.code = file.code.map(Into::into);
        let is_for_group = file.direction == Direction::Outgoing && groups::is_group(&file.to);
        self.had_by = is_for_group.then_some(file.had_by.len());
    }

    /// Whether its name is that of a picture that can be shown.
    pub fn is_picture(&self) -> bool {
        is_picture(&self.name)
    }
}

/// Whether this is the name of a picture that can be shown.
pub fn is_picture(name: &str) -> bool {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(
        extension.as_deref(),
        Some("png" | "jpg" | "jpeg" | "gif" | "webp")
    )
}

/// What a click on a row asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum RowAct {
    /// Shows the picture large.
    Enlarge(PathBuf),
    /// Opens the file with the system's program.
    Open(PathBuf),
    /// Shows the file in its folder.
    Reveal(PathBuf),
    /// Opens a link.
    Follow(String),
    /// Fetches the file.
    Accept(FileId),
    /// Refuses it.
    Decline(FileId),
    /// Holds the transfer.
    Pause(FileId),
    /// Lets it go on.
    Resume(FileId),
    /// Gives it up.
    Cancel(FileId),
    /// Puts the words into the clipboard.
    Copy(String),
    /// Sends the words of a message that failed again.
    Again(MsgId),
    /// Shows a message of the past in its place in the conversation.
    Find(MsgId),
    /// Shows who wrote it.
    Person(ArcStr),
    /// Shows for whom in the group it got how far.
    Heard(MsgId),
    /// The oldest row came near: more shall be loaded.
    Older,
    /// The newest row came into sight, or went out of it.
    AtNewest(bool),
}
