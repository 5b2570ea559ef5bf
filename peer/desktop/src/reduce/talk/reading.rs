//! What of the open conversation counts as read: what is before somebody's eyes, and nothing below it.

use super::said;
use crate::input::{Effect, Purpose};
use crate::model::AppState;
use crate::model::home::Pane;
use druid::ArcStr;
use hutong_engine::api::Command;
use hutong_engine::api::event::Message;

/// What is before somebody's eyes is read, up to the newest that is there.
pub(in crate::reduce) fn looked(state: &mut AppState) -> Vec<Effect> {
    let is_seen = is_before_eyes(state) && state.at_newest;
    // Where what is new begins is known once it is loaded.
    let Some(open) = state.open.as_ref().filter(|open| is_seen && !open.loading) else {
        return Vec::new();
    };
    let (with, newest) = (open.with.clone(), said(open).next_back().map(|row| row.id));
    match state.summaries.get_mut(&with) {
        Some(summary) if summary.unread > 0 => {
            (summary.unread, summary.mentions) = (0, 0);
            let read = Command::Read {
                with: with.to_string(),
                upto: newest,
            };
            vec![Effect::Ask(Purpose::Quietly, read)]
        }
        Some(_) | None => Vec::new(),
    }
}

/// A message came: it is counted, and what is not seen stands below the line of what is new.
pub(in crate::reduce) fn unread(state: &mut AppState, with: &ArcStr, message: &Message) {
    let is_seen = is_before_eyes(state) && state.at_newest;
    let Some(summary) = state.summaries.get_mut(with) else {
        return;
    };
    summary.unread += 1;
    summary.mentions += u64::from(message.mentions_me);
    let is_first = summary.unread == 1 && !is_seen;
    if let Some(open) = state
        .open
        .as_mut()
        .filter(|open| is_first && open.with == *with)
    {
        let before = open
            .rows
            .iter()
            .rev()
            .skip_while(|row| row.id != message.id)
            .nth(1);
        open.read_to = before.map(|row| row.id);
    }
}

/// Whether the open conversation is what one looks at, be it at its newest or at older messages.
pub(in crate::reduce) fn is_before_eyes(state: &AppState) -> bool {
    state.focused && state.pane == Pane::Chat
}
