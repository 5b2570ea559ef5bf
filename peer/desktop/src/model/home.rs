//! What is shown once one is signed in.

use super::people::Face;
use druid::im::Vector;
use druid::{ArcStr, Data, Lens};

/// The lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Tab {
    /// Conversations, the newest first.
    #[default]
    Chats,
    /// Friends.
    Friends,
    /// Groups.
    Groups,
}

/// What the large part of the window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Pane {
    /// The open conversation, or a greeting.
    #[default]
    Chat,
    /// Requests in both directions.
    Requests,
    /// Files in both directions.
    Files,
    /// Messages of the past.
    History,
    /// Oneself.
    Profile,
    /// One's computers.
    Devices,
    /// Language, colours, network.
    Settings,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct ListRow {
    /// Whose, or which group's.
    pub login: ArcStr,
    /// Picture or letter.
    pub face: Face,
    /// Remark name, or name.
    pub title: ArcStr,
    /// Last words, or signature.
    pub preview: ArcStr,
    /// Whether the preview is a draft.
    pub is_draft: bool,
    /// Whether something unread names us.
    pub names_me: bool,
    /// When, in words.
    pub when: ArcStr,
    /// Messages not read.
    pub unread: u64,
    /// Whether the desktop tells nothing of it.
    pub is_muted: bool,
    /// Whether they are there.
    pub online: bool,
    /// Whether they say that they are away.
    pub away: bool,
    /// Whether it is open.
    pub chosen: bool,
    /// Whether the arrow keys point at it.
    pub pointed: bool,
}

/// The rows of the list that is shown.
pub type ListRows = Vector<ListRow>;
