//! Rows of a conversation, made from what the engine tells.

use crate::model::chat::{Body, FileCard, Row};
use hutong_engine::api::command::Direction;
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{DeliveryState, File, Message, MessageKind};
use std::sync::Arc;

/// A row of the history.
pub(super) fn row_of(row: &HistoryRow, own: &str) -> Row {
    let message = &row.message;
    Row {
        state: row.state,
        code: row.code.as_deref().map(Into::into),
        ..row_of_message(message, own)
    }
}

/// A message that was just stored.
pub(super) fn row_of_message(message: &Message, own: &str) -> Row {
    let mine = message.from == own;
    let body = match (message.kind, &message.text, message.file) {
        (MessageKind::Text, Some(text), _) => Body::Text(text.as_str().into()),
        (MessageKind::File, _, Some(file)) => Body::File(FileCard {
            file,
            name: message.file_name.as_deref().unwrap_or_default().into(),
            size: message.file_size.unwrap_or_default(),
            state: None,
            done: 0,
            rate: None,
            paused_here: false,
            paused_there: false,
            executable: false,
            lies_at: None,
            code: None,
        }),
        (MessageKind::Text | MessageKind::File | MessageKind::Unknown, _, _) => Body::Unknown,
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
    }
}

/// What is known of a file now.
pub(super) fn fill(card: &mut FileCard, file: &File) {
    let other = match file.direction {
        Direction::Incoming => &file.from,
        Direction::Outgoing => &file.to,
    };
    card.state = Some(file.state);
    card.done = file.done;
    card.rate = file.rate;
    card.paused_there = file.paused_by.contains(other);
    card.paused_here = file.paused_by.iter().any(|login| login != other);
    card.executable = file.executable;
    let lies_at = file.saved_as.clone().or_else(|| file.source.clone());
    card.lies_at = lies_at.map(Arc::new);
    card.code = file.code.map(Into::into);
}
