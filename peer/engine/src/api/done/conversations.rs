//! What is told of whole conversations: part of the answers in `done.rs`.

use super::Relation;
use crate::api::event::{DeliveryState, Message};
use hutong_common::id::{AccountId, GroupId};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A conversation at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chat {
    /// Login of the other, or `g:` and the number of the group.
    pub with: String,
    /// Account of the other; none of a group.
    pub account: Option<AccountId>,
    /// The group; none of a person.
    pub group: Option<GroupId>,
    /// Display name; the login of those who are no contacts any more.
    pub name: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// Where their picture lies, of contacts that have one.
    pub avatar: Option<PathBuf>,
    /// What they are to us now; `none` when they were a friend once, `member` for a group that we are in.
    pub relation: Relation,
    /// The newest message.
    pub last: Option<HistoryRow>,
    /// Unread messages.
    pub unread: u64,
    /// How many of them name us.
    pub mentions: u64,
    /// Words that are not sent yet.
    pub draft: Option<String>,
    /// The time of the newest message in the order of the conversation, Unix milliseconds.
    pub last_ms: Option<u64>,
}

/// Unread messages of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnreadRow {
    /// With whom.
    pub conversation: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// How many.
    pub unread: u64,
    /// How many of them name us.
    pub mentions: u64,
}

/// Words that are not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// With whom.
    pub conversation: String,
    /// Our own name for them, where we gave one.
    pub remark: Option<String>,
    /// The words; none when nothing is noted.
    pub text: Option<String>,
    /// When they were noted, Unix milliseconds.
    pub at_ms: Option<u64>,
}

/// A message with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryRow {
    /// As it was told.
    #[serde(flatten)]
    pub message: Message,
    /// How far our own message got.
    pub state: Option<DeliveryState>,
    /// Why it failed.
    pub code: Option<String>,
    /// The same per recipient.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, DeliveryState>,
    /// Whether its writer changed it.
    pub edited: bool,
    /// Whether its writer took it back.
    pub recalled: bool,
}
