//! Messages of the past of the open conversation.

use super::{answers, talk};
use crate::input::intent::PastIntent;
use crate::input::{Effect, Purpose};
use crate::model::chat::Conversation;
use crate::model::compose::Spot;
use crate::model::groups::is_group;
use crate::model::home::Pane;
use crate::model::past::Whose;
use crate::model::{AppState, Fault};
use crate::moment;
use druid::ArcStr;
use hutong_common::id::MsgId;
use hutong_common::limits::WINDOW_PAST_MESSAGES;
use hutong_engine::api::command::{History, Position};
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::{Command, Failure};

pub(super) fn wanted(state: &mut AppState, intent: PastIntent) -> Vec<Effect> {
    if let PastIntent::Whose(whose) = intent {
        state.past.whose = whose;
    }
    look(state)
}

/// Asks for what is looked for.
pub(super) fn look(state: &mut AppState) -> Vec<Effect> {
    let Some(with) = state.open.as_ref().map(|open| open.with.clone()) else {
        return Vec::new();
    };
    let day = state.past.day.trim().to_owned();
    let after = if day.is_empty() {
        None
    } else {
        let begin = moment::day_begins(&day, &state.zone);
        if begin.is_none() {
            state.past.wrong = Some(Fault::NoDay);
            return Vec::new();
        }
        begin.map(|ms| Position::Time(ms.saturating_sub(1)))
    };
    state.past.wrong = None;
    let from = match state.past.whose {
        Whose::All => None,
        Whose::Mine => Some(state.own_login().to_owned()),
        // Of a group, all others: one's own are left out of what comes.
        Whose::Theirs => Some(with.to_string()).filter(|with| !is_group(with)),
    };
    let history = History {
        with: with.to_string(),
        before: None,
        after,
        from,
        limit: Some(WINDOW_PAST_MESSAGES),
    };
    vec![Effect::Ask(
        Purpose::Past { with },
        Command::History(history),
    )]
}

pub(super) fn found(state: &mut AppState, with: &ArcStr, messages: &[HistoryRow]) {
    let Some(open) = state.open.as_ref().filter(|open| open.with == *with) else {
        return;
    };
    let mut rows = talk::rows_of(state, messages);
    if state.past.whose == Whose::Theirs {
        rows.retain(|row| !row.mine);
    }
    state.past.found = Some(Conversation {
        rows,
        more: false,
        loading: false,
        read_to: None,
        sought: None,
        ..open.clone()
    });
}

/// Shows a message in its place in the open conversation.
pub(super) fn find(state: &mut AppState, message: MsgId) -> Vec<Effect> {
    state.pane = Pane::Chat;
    if let Some(open) = &mut state.open {
        open.sought = Some(message);
    }
    state.aim.at(Spot::Composer);
    seek(state)
}

/// Older messages are loaded until the one that is looked for is there.
pub(super) fn seek(state: &mut AppState) -> Vec<Effect> {
    let Some(open) = &mut state.open else {
        return Vec::new();
    };
    let is_there = |sought: MsgId| open.rows.iter().any(|row| row.id == sought);
    if open.sought.is_none_or(is_there) || open.loading || !open.more {
        return Vec::new();
    }
    open.loading = true;
    let first = talk::said(open).next().map(|row| row.id);
    vec![answers::page(&open.with, first, WINDOW_PAST_MESSAGES)]
}

/// It could not be asked.
pub(super) fn failed(state: &mut AppState, failure: &Failure) {
    state.past.wrong = Some(Fault::Failed(failure.clone()));
}
