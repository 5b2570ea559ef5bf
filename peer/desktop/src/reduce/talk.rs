//! The open conversation: what came, what is typed, what got where.

mod further;
mod offers;
mod reading;
mod rows;
mod unsent;

use super::answers::page;
use super::{announced, compose, events, groups, notes, past, people};
use crate::input::intent::TalkIntent;
use crate::input::{Effect, Purpose, Tick};
use crate::model::chat::{Body, Conversation, Row, RowAct};
use crate::model::compose::Spot;
use crate::model::groups::{is_group, number};
use crate::model::{AppState, Dialog, GroupPage};
use druid::ArcStr;
use druid::im::Vector;
pub(super) use further::{delivered, file_moved, refaced, said, with_lines};
use hutong_common::id::{FileId, MsgId};
use hutong_common::limits::WINDOW_PAGE_MESSAGES;
use hutong_engine::api::announcement::SERVER_NAMED;
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::Message;
use hutong_engine::api::{Command, Failure};
pub(super) use reading::{is_before_eyes, looked, unread};
use rows::{row_of, row_of_message};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
pub(super) use unsent::not_sent;

/// Typed words are noted when nothing was typed for so long.
const DRAFT_AFTER: Duration = Duration::from_secs(2);

pub(super) fn wanted(state: &mut AppState, intent: TalkIntent) -> Vec<Effect> {
    match intent {
        TalkIntent::Send => send(state),
        TalkIntent::Typed => {
            state.typed += 1;
            offers::look(state);
            vec![Effect::Later(DRAFT_AFTER, Tick::Draft(state.typed))]
        }
        TalkIntent::SendFiles(paths) => match state.open.as_ref().map(|open| open.with.clone()) {
            Some(with) => send_files(&with, &paths),
            None => compose::nowhere(state),
        },
        TalkIntent::Row(act) => row_act(state, act),
        TalkIntent::Offer { paths, is_picture } => compose::offered(state, paths, is_picture),
        TalkIntent::Confirm => compose::confirmed(state),
        TalkIntent::DraggedOver(over) => {
            state.is_dragged_over = over;
            Vec::new()
        }
        TalkIntent::Emoji(intent) => compose::emoji(state, intent),
        TalkIntent::Named(intent) => {
            offers::wanted(state, intent);
            Vec::new()
        }
        TalkIntent::Insert { emoji, stays } => compose::inserted(state, &emoji, stays),
    }
}

fn send(state: &mut AppState) -> Vec<Effect> {
    let Some(with) = state.open.as_ref().map(|open| open.with.clone()) else {
        return Vec::new();
    };
    if state.words.trim().is_empty() {
        return Vec::new();
    }
    state.offer = None;
    let text = std::mem::take(&mut state.words);
    state.aim.at(Spot::Composer);
    let send = Command::Send {
        to: with.to_string(),
        text: text.clone(),
    };
    let clear = Command::Draft {
        with: with.to_string(),
        text: Some(String::new()),
    };
    if let Some(summary) = state.summaries.get_mut(&with) {
        summary.draft = "".into();
    }
    vec![
        Effect::Ask(
            Purpose::Send {
                with,
                text: text.into(),
            },
            send,
        ),
        Effect::Ask(Purpose::Quietly, clear),
    ]
}

/// It is stored; whether it goes may depend on the person.
pub(super) fn sent(state: &mut AppState, with: &ArcStr, waits: Option<&str>) -> Vec<Effect> {
    if waits == Some("key_changed") {
        notes::message_waits(state, with);
    }
    Vec::new()
}

pub(super) fn send_files(with: &ArcStr, paths: &Vector<PathBuf>) -> Vec<Effect> {
    let send = |path: &PathBuf| {
        let command = Command::SendFile {
            to: with.to_string(),
            path: path.clone(),
        };
        Effect::Ask(Purpose::SendFile { with: with.clone() }, command)
    };
    paths.iter().map(send).collect()
}

fn row_act(state: &mut AppState, act: RowAct) -> Vec<Effect> {
    let ask = |file: FileId, command: Command| vec![Effect::Ask(Purpose::File(file), command)];
    match act {
        RowAct::Enlarge(path) => state.dialog = Some(Dialog::Picture(Arc::new(path))),
        RowAct::Open(path) => return vec![Effect::Open(path)],
        RowAct::Reveal(path) => return vec![Effect::Reveal(path)],
        RowAct::Follow(link) => return vec![Effect::Follow(link)],
        RowAct::Accept(file) => return ask(file, Command::AcceptFile { file, to: None }),
        RowAct::Decline(file) => return ask(file, Command::DeclineFile { file }),
        RowAct::Pause(file) => return ask(file, Command::PauseFile { file }),
        RowAct::Resume(file) => return ask(file, Command::ResumeFile { file }),
        RowAct::Cancel(file) => return ask(file, Command::CancelFile { file }),
        RowAct::Again(message) => {
            if let Some(open) = &state.open
                && let Some(row) = open.rows.iter().find(|row| row.id == message)
                && let Body::Text(text) = &row.body
            {
                let (with, text) = (open.with.clone(), text.clone());
                let send = Command::Send {
                    to: with.to_string(),
                    text: text.to_string(),
                };
                return vec![Effect::Ask(Purpose::Send { with, text }, send)];
            }
        }
        RowAct::Heard(message) => return heard(state, message),
        RowAct::Find(message) => return past::find(state, message),
        RowAct::Person(login) if is_group(&login) => return groups::card(state, &login),
        // The rendezvous speaks as nobody whom one could write to.
        RowAct::Person(login) if *login == *SERVER_NAMED => {}
        RowAct::Person(login) => return people::show(state, login),
        RowAct::Older => return older(state),
        RowAct::AtNewest(at_newest) => state.at_newest = at_newest,
        // The clipboard belongs to the widget.
        RowAct::Copy(_) => {}
    }
    Vec::new()
}

/// Who has a message of ours in a group; of an announcement, who knows it.
fn heard(state: &mut AppState, message: MsgId) -> Vec<Effect> {
    let open = state.open.as_ref();
    let rows = open.into_iter().flat_map(|open| &open.rows);
    let mut named = rows.filter(|row| row.id == message);
    let group = open.and_then(|open| number(&open.with));
    match group.filter(|_| named.any(|row| row.is_announcement)) {
        Some(group) => announced::prove(state, (group, message)),
        None => {
            state.dialog = Some(Dialog::Group(GroupPage::Heard(message)));
            Vec::new()
        }
    }
}

/// Shows the conversation with somebody; what was typed in the one before is noted.
pub(super) fn open(state: &mut AppState, with: ArcStr) -> Vec<Effect> {
    (state.picker, state.offer) = (None, None);
    state.aim.at(Spot::Composer);
    if state.open.as_ref().is_some_and(|open| open.with == with) {
        return Vec::new();
    }
    let mut effects = keep_draft(state);
    let draft = state
        .summaries
        .get(&with)
        .map(|summary| summary.draft.to_string());
    state.words = draft.unwrap_or_default();
    state.at_newest = true;
    state.open = Some(Conversation {
        rows: Vector::new(),
        more: false,
        loading: true,
        read_to: None,
        sought: None,
        own_face: state.own_face(),
        face: state.contact(&with).face(),
        faces: further::faces(state, &with),
        with: with.clone(),
    });
    effects.push(page(&with, None, WINDOW_PAGE_MESSAGES));
    effects
}

/// Closes it.
pub(super) fn close(state: &mut AppState) -> Vec<Effect> {
    let effects = keep_draft(state);
    state.open = None;
    (state.picker, state.offer) = (None, None);
    state.words.clear();
    state.aim.at(Spot::Search);
    effects
}

/// Loads what is shown anew.
pub(super) fn reload(state: &mut AppState) -> Vec<Effect> {
    match &mut state.open {
        Some(open) => {
            open.rows.clear();
            open.loading = true;
            vec![page(&open.with, None, WINDOW_PAGE_MESSAGES)]
        }
        None => Vec::new(),
    }
}

fn older(state: &mut AppState) -> Vec<Effect> {
    match &mut state.open {
        Some(open) if open.more && !open.loading => {
            open.loading = true;
            let first = said(open).next().map(|row| row.id);
            vec![page(&open.with, first, WINDOW_PAGE_MESSAGES)]
        }
        Some(_) | None => Vec::new(),
    }
}

/// Notes the typed words with the engine, where they survive.
pub(super) fn keep_draft(state: &mut AppState) -> Vec<Effect> {
    let Some(with) = state.open.as_ref().map(|open| open.with.clone()) else {
        return Vec::new();
    };
    let words = state.words.clone();
    let summary = state
        .summaries
        .entry(with.clone())
        .or_insert_with(events::blank);
    if *summary.draft == *words {
        return Vec::new();
    }
    summary.draft = words.as_str().into();
    let draft = Command::Draft {
        with: with.to_string(),
        text: Some(words),
    };
    vec![Effect::Ask(Purpose::Quietly, draft)]
}

pub(super) fn loaded(
    state: &mut AppState,
    (with, older): (&ArcStr, bool),
    messages: Vec<HistoryRow>,
    more: bool,
) -> Vec<Effect> {
    let unread = state
        .summaries
        .get(with)
        .map_or(0, |summary| summary.unread);
    if let (Some(last), false) = (messages.last(), older) {
        let summary = state
            .summaries
            .entry(with.clone())
            .or_insert_with(events::blank);
        summary.last = Some(Arc::new(last.clone()));
    }
    let mut rows = rows_of(state, &messages);
    let Some(open) = state.open.as_mut().filter(|open| open.with == *with) else {
        return Vec::new();
    };
    open.loading = false;
    open.more = more;
    if older {
        rows.append(std::mem::take(&mut open.rows));
        open.rows = rows;
        with_lines(state);
        return past::seek(state);
    }
    let unread = usize::try_from(unread).unwrap_or(usize::MAX);
    open.read_to = (unread > 0)
        .then(|| {
            rows.len()
                .checked_sub(unread + 1)
                .and_then(|at| rows.get(at))
        })
        .flatten()
        .map(|row| row.id);
    open.rows = rows;
    with_lines(state);
    Vec::new()
}

/// Rows as they are shown, with what is known of their files.
pub(super) fn rows_of(state: &AppState, messages: &[HistoryRow]) -> Vector<Row> {
    let own = state.own_login();
    let row = |message: &HistoryRow| {
        let mut row = row_of(message, own);
        if let Body::File(card) = &mut row.body
            && let Some(file) = state.files.get(&card.file)
        {
            card.fill(file);
        }
        row
    };
    messages.iter().map(row).collect()
}

pub(super) fn not_loaded(state: &mut AppState, failure: &Failure) -> Vec<Effect> {
    if let Some(open) = &mut state.open {
        open.loading = false;
    }
    notes::failed(state, failure)
}

/// A message was stored: it gets its place, and becomes the last words of its conversation.
pub(super) fn came(state: &mut AppState, message: &Message) -> Vec<Effect> {
    let with: ArcStr = message.conversation.as_str().into();
    let mut row = row_of_message(message, state.own_login());
    if row.mine {
        row.heard = further::unheard(state, &with);
    }
    let summary = state
        .summaries
        .entry(with.clone())
        .or_insert_with(events::blank);
    let is_newest = summary
        .last
        .as_ref()
        .is_none_or(|last| last.message.hlc <= message.hlc);
    if is_newest {
        summary.last = Some(Arc::new(HistoryRow {
            message: message.clone(),
            state: row.state,
            code: None,
            states: std::collections::BTreeMap::new(),
            edited: false,
            recalled: false,
        }));
    }
    let Some(open) = state.open.as_mut().filter(|open| open.with == with) else {
        return Vec::new();
    };
    if open
        .rows
        .iter()
        .rev()
        .take(64)
        .any(|other| other.id == row.id)
    {
        return Vec::new();
    }
    let is_before = |other: &Row| (&other.hlc, &other.id) < (&row.hlc, &row.id);
    let later = open
        .rows
        .iter()
        .rev()
        .take_while(|other| !is_before(other))
        .count();
    open.rows.insert(open.rows.len() - later, row);
    Vec::new()
}
