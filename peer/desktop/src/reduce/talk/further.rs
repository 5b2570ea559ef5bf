//! What got further: messages and files of the open conversation, and the names and faces in it.

use crate::model::AppState;
use crate::model::chat::{Body, Conversation, Faces, Heard, Row};
use crate::model::groups::is_group;
use druid::ArcStr;
use druid::im::Vector;
use hutong_engine::api::announcement::SERVER_NAMED;
use hutong_engine::api::done::Relation;
use hutong_engine::api::event::{Delivery, DeliveryState, File};
use std::sync::Arc;

/// One of our messages got further; in a group, for one of those who are to hear it, or as far for all.
pub(in crate::reduce) fn delivered(state: &mut AppState, delivery: &Delivery) {
    let with = delivery.conversation.as_str();
    let Some(open) = state.open.as_mut().filter(|open| *open.with == *with) else {
        return;
    };
    let found = open.rows.iter().rposition(|row| row.id == delivery.message);
    let Some(row) = found.and_then(|at| open.rows.get_mut(at)) else {
        return;
    };
    if delivery.to == delivery.conversation {
        row.state = Some(delivery.state);
        row.path = delivery.path;
        row.code = delivery.code.map(Into::into);
    } else if let Some(heard) = &mut row.heard {
        Arc::make_mut(heard).insert(delivery.to.as_str().into(), delivery.state);
    }
}

/// For whom a message of ours is that has just been written into a group, and that none of them has yet. What is announced
/// on the LAN is for everybody whom we know.
pub(super) fn unheard(state: &AppState, with: &ArcStr) -> Option<Arc<Heard>> {
    let group = state.groups.get(with)?;
    let waits = |login: ArcStr| (login, DeliveryState::Queued);
    let heard: Heard = if group.is_lan() {
        let known = state.people.values();
        let known = known.filter(|one| {
            let is_known = !matches!(one.relation, Relation::None | Relation::Own);
            is_known && !is_group(&one.login)
        });
        known.map(|one| waits(one.login.clone())).collect()
    } else {
        let hearers = group.hearers(state.own_login());
        hearers.map(|login| waits(login.into())).collect()
    };
    Some(Arc::new(heard))
}

/// A file got further: its card in the open conversation shows it.
pub(in crate::reduce) fn file_moved(state: &mut AppState, file: &File) {
    let Some(open) = &mut state.open else {
        return;
    };
    let found = open.rows.iter().rposition(|row| row.id == file.message);
    if let Some(Row {
        body: Body::File(card),
        ..
    }) = found.and_then(|at| open.rows.get_mut(at))
    {
        card.fill(file);
    }
}

/// Somebody has another name or picture.
pub(in crate::reduce) fn refaced(state: &mut AppState) {
    let own_face = state.own_face();
    if let Some(with) = state.open.as_ref().map(|open| open.with.clone()) {
        let face = state.contact(&with).face();
        let faces = faces(state, &with);
        if let Some(open) = &mut state.open {
            (open.face, open.own_face) = (face, own_face);
            if open.faces != faces {
                open.faces = faces;
            }
        }
    }
}

/// The faces of a group: of its members and of everybody else who is known, as those who left have spoken, too.
pub(super) fn faces(state: &AppState, with: &ArcStr) -> Option<Arc<Faces>> {
    if !is_group(with) {
        return None;
    }
    let people = state.people.keys().filter(|login| !is_group(login));
    let mut faces: Faces = people
        .map(|login| (login.clone(), state.contact(login).face()))
        .collect();
    let server = state.contact(&SERVER_NAMED.into()).face();
    faces.insert(server.login.clone(), server);
    let own = state.own_face();
    faces.insert(own.login.clone(), own);
    Some(Arc::new(faces))
}

/// Puts what became of the group between what was said, as far back as that is loaded.
pub(in crate::reduce) fn with_lines(state: &mut AppState) {
    let Some(open) = &mut state.open else {
        return;
    };
    let Some(group) = state.groups.get(&open.with) else {
        return;
    };
    let said: Vector<Row> = open
        .rows
        .iter()
        .filter(|row| !row.is_line())
        .cloned()
        .collect();
    let first = said
        .front()
        .map(|row| row.hlc.clone())
        .filter(|_| open.more);
    let lines = group.lines.iter();
    let mut rows: Vec<Row> = lines
        .filter(|line| first.as_ref().is_none_or(|first| *first <= line.hlc))
        .cloned()
        .chain(said)
        .collect();
    rows.sort_by(|one, other| (&one.hlc, &one.id).cmp(&(&other.hlc, &other.id)));
    let rows: Vector<Row> = rows.into();
    if rows != open.rows {
        open.rows = rows;
    }
}

/// The messages of a conversation, without what the program says between them.
pub(in crate::reduce) fn said(open: &Conversation) -> impl DoubleEndedIterator<Item = &Row> {
    open.rows.iter().filter(|row| !row.is_line())
}
