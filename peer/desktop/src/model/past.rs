//! Messages of the past, by day and by who wrote them.

use super::Fault;
use super::chat::Conversation;
use druid::{Data, Lens};

/// Whose messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// One's own.
    Mine,
    /// The other's.
    Theirs,
}

/// What is looked for, and what was found.
#[derive(Clone, Debug, Default, Data, Lens)]
pub struct Past {
    /// From this day on, as typed; the newest when empty.
    pub day: String,
    /// Whose.
    pub whose: Whose,
    /// What was found.
    pub found: Option<Conversation>,
    /// What is wrong with the day.
    pub wrong: Option<Fault>,
}
