//! What a teacher or admin wants everybody to know, and the proof of who knows it.

use super::Path;
use hutong_common::id::{AccountId, MsgId};
use serde::{Deserialize, Serialize};

/// In the place of a login where the rendezvous itself announces something. No login looks like this.
pub const SERVER_NAMED: &str = ":server";

/// Something to do about announcements.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum AnnounceCommand {
    /// Announces something; for teachers and admins of the rendezvous.
    Announce(Announce),
    /// Announces the same once more to those who have not confirmed it or, where that was not wanted, not looked at it.
    AnnounceAgain {
        /// The announcement.
        #[serde(deserialize_with = "super::command::from_text")]
        message: MsgId,
    },
    /// Who has an announcement of ours, has seen it, has confirmed it, and who has not.
    Proof {
        /// The announcement.
        #[serde(deserialize_with = "super::command::from_text")]
        message: MsgId,
    },
    /// Confirms that an announcement was read.
    Confirm {
        /// The announcement.
        #[serde(deserialize_with = "super::command::from_text")]
        message: MsgId,
    },
    /// Announcements of all conversations.
    Announcements,
}

/// Announces something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Announce {
    /// The words.
    pub text: String,
    /// To a group or class, `g:` and its number; to the class of everybody when left out.
    #[serde(default)]
    pub to: Option<String>,
    /// To everybody on this LAN who knows us, without the rendezvous.
    #[serde(default)]
    pub lan: bool,
    /// In large letters.
    #[serde(default)]
    pub large: bool,
    /// Everybody is asked to confirm that it was read.
    #[serde(default)]
    pub confirm: bool,
}

/// An answer about announcements.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnnouncementDone {
    /// → `proof`.
    Proof(Box<ProofShown>),
    /// → `announcements`.
    Listed {
        /// Oldest first.
        announcements: Vec<AnnouncementRow>,
    },
}

/// How an announcement is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AnnouncedHow {
    /// In large letters.
    pub large: bool,
    /// Whether it is to be confirmed.
    pub confirm: bool,
    /// Whether we confirmed it.
    pub confirmed: bool,
}

/// Somebody announces something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Announcement {
    /// The message.
    #[serde(serialize_with = "super::event::display")]
    pub id: MsgId,
    /// Login of who announces; [`SERVER_NAMED`] for the rendezvous itself.
    pub from: String,
    /// Account of who announces.
    pub account: AccountId,
    /// Our own name for who announces, where we gave one.
    pub remark: Option<String>,
    /// `g:` and the number of the group, or `g:lan`.
    pub conversation: String,
    /// The words.
    pub text: String,
    /// How it is to be shown.
    #[serde(flatten)]
    pub how: AnnouncedHow,
    /// When the writer believes it was written, Unix milliseconds.
    pub sent_ms: u64,
    /// By which way it came, or went first.
    pub path: Path,
}

/// An announcement in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnouncementRow {
    /// As it was told.
    #[serde(flatten)]
    pub announcement: Announcement,
    /// Whether we announced it.
    pub own: bool,
}

/// Somebody confirmed an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// The announcement.
    #[serde(serialize_with = "super::event::display")]
    pub message: MsgId,
    /// Login of who confirmed it; our own when we did.
    pub who: String,
    /// The conversation.
    pub conversation: String,
}

/// How far an announcement is. Everybody whom it is for stands in exactly one of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProofShown {
    /// The announcement.
    pub message: String,
    /// The conversation.
    pub conversation: String,
    /// The words.
    pub text: String,
    /// Whether it is to be confirmed.
    pub confirm: bool,
    /// When it was written, Unix milliseconds.
    pub sent_ms: u64,
    /// Whom it is for.
    pub total: usize,
    /// Who confirmed it.
    pub confirmed: Vec<ProofPerson>,
    /// Who looked at it, and has not confirmed it.
    pub shown: Vec<ProofPerson>,
    /// On whose disk it is, and was not looked at.
    pub delivered: Vec<ProofPerson>,
    /// To whom it is on its way.
    pub waiting: Vec<ProofPerson>,
    /// Who does not have it because he is not there; the rendezvous keeps it for him where it can.
    pub offline: Vec<ProofPerson>,
    /// Who does not have it though he is there, or of whom nothing is known.
    pub unreachable: Vec<ProofPerson>,
}

/// Somebody whom an announcement is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProofPerson {
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
