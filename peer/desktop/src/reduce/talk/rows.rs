//! Rows of a conversation, made from what the engine tells.

use crate::model::chat::{Body, FileCard, Heard, Row};
use crate::model::groups::is_group;
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{DeliveryState, Message, MessageKind};
use std::sync::Arc;

/// A row of the history.
pub(super) fn row_of(row: &HistoryRow, own: &str) -> Row {
    let message = &row.message;
    Row {
        state: row.state,
        heard: heard(row),
        code: row.code.as_deref().map(Into::into),
        ..row_of_message(message, own)
    }
}

/// How far a message of ours got for each in the group.
fn heard(row: &HistoryRow) -> Option<Arc<Heard>> {
    let is_ours_in_group = is_group(&row.message.conversation) && row.state.is_some();
    let states = row.states.iter();
    let heard = || states.map(|(login, state)| (login.as_str().into(), *state));
    is_ours_in_group.then(|| Arc::new(heard().collect()))
}

/// A message that was just stored.
pub(super) fn row_of_message(message: &Message, own: &str) -> Row {
    let mine = message.from == own;
    let body = match (message.kind, &message.text, message.file) {
        (MessageKind::Text | MessageKind::Announcement, Some(text), _) => {
            Body::Text(text.as_str().into())
        }
        (MessageKind::File, _, Some(file)) => {
            let name = message.file_name.as_deref().unwrap_or_default();
            let size = message.file_size.unwrap_or_default();
            Body::File(FileCard::new(file, name, size))
        }
        (
            MessageKind::Text
            | MessageKind::Announcement
            | MessageKind::File
            | MessageKind::Unknown,
            _,
            _,
        ) => Body::Unknown,
    };
    Row {
        id: message.id,
        hlc: message.hlc.as_str().into(),
        mine,
        from: message.from.as_str().into(),
        sent_ms: message.sent_ms,
        body,
        state: mine.then_some(DeliveryState::Queued),
        path: message.path,
        code: None,
        names_me: message.mentions_me,
        is_announcement: message.kind == MessageKind::Announcement,
        heard: None,
    }
}
