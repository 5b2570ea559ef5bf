//! What the engine answers.

use super::{announced, doctor, entry, events, files, groups, notes, own, past, people, talk};
use crate::input::{Effect, Purpose};
use crate::model::people::Rank;
use crate::model::{AppState, Stage, Summary};
use druid::ArcStr;
use hutong_common::harmless;
use hutong_common::id::MsgId;
use hutong_engine::api::command::Direction;
use hutong_engine::api::done::{Chat, Friend, Presence, RequestRow, Whoami};
use hutong_engine::api::{Command, Done, Failure, Path};
use std::sync::Arc;

pub(super) fn answered(
    state: &mut AppState,
    purpose: Purpose,
    result: Result<Done, Failure>,
) -> Vec<Effect> {
    match (purpose, result) {
        (purpose, Ok(done)) => did(state, purpose, done),
        (Purpose::Enter, Err(failure)) => {
            entry::refused(state, &failure);
            Vec::new()
        }
        (Purpose::Send { with, text }, Err(why)) => talk::not_sent(state, &with, &text, &why),
        (Purpose::Wish(wish), Err(failure)) => groups::failed(state, &wish, &failure),
        (Purpose::Check { who }, Err(failure)) => doctor::failed(state, who.as_ref(), &failure),
        (Purpose::History { .. }, Err(failure)) => talk::not_loaded(state, &failure),
        (Purpose::Find | Purpose::CanAdd | Purpose::Add, Err(failure)) => {
            people::not_found(state, &failure);
            Vec::new()
        }
        (Purpose::Past { .. }, Err(failure)) => {
            past::failed(state, &failure);
            Vec::new()
        }
        (Purpose::Safety { .. }, Err(failure)) => {
            people::unchecked(state, &failure);
            Vec::new()
        }
        (Purpose::Password | Purpose::RemoveDevice | Purpose::Unlock, Err(failure)) => {
            own::refused(state, &failure);
            Vec::new()
        }
        (
            Purpose::Servers
            | Purpose::Me
            | Purpose::Friends
            | Purpose::Who
            | Purpose::Chats
            | Purpose::Requests
            | Purpose::Blocked
            | Purpose::Files
            | Purpose::Groups
            | Purpose::Group
            | Purpose::Hands
            | Purpose::Announcements
            | Purpose::Devices
            | Purpose::IsBlocked { .. }
            | Purpose::Quietly,
            Err(failure),
        ) => unshown(&failure),
        (
            Purpose::SendFile { .. }
            | Purpose::File(_)
            | Purpose::AnswerRequest(_)
            | Purpose::Relation
            | Purpose::Block { .. }
            | Purpose::Profile
            | Purpose::SignOut,
            Err(failure),
        ) => notes::failed(state, &failure),
    }
}

/// Nobody waits for what was asked.
fn unshown(failure: &Failure) -> Vec<Effect> {
    tracing::debug!(%failure, "nothing to show");
    Vec::new()
}

/// One knows who one is.
fn signed_in(state: &mut AppState, whoami: Whoami) {
    state.me = Some(Arc::new(whoami));
    state.stage = Stage::In;
    own::known(state);
    talk::refaced(state);
}

fn did(state: &mut AppState, purpose: Purpose, done: Done) -> Vec<Effect> {
    match (purpose, done) {
        (Purpose::Servers, Done::Servers { servers }) => entry::seen(state, &servers),
        (Purpose::Enter, _) => state.stage = Stage::In,
        (Purpose::Me, Done::Whoami(whoami)) => signed_in(state, whoami),
        (Purpose::Friends, Done::Friends { friends }) => befriended(state, friends),
        (Purpose::Who, Done::Who { people }) => {
            people.into_iter().for_each(|one| there(state, one))
        }
        (Purpose::Chats, Done::Chats { chats }) => summed(state, chats),
        (Purpose::Requests, Done::Requests { requests }) => requested(state, requests),
        (Purpose::Blocked, Done::Blocked { blocked }) => {
            state.blocked = blocked.into_iter().map(Into::into).collect();
        }
        (Purpose::Files, Done::Files { files }) => {
            files.into_iter().for_each(|file| files::moved(state, file));
        }
        (Purpose::Groups, Done::Groups { groups }) => return groups::listed(state, &groups),
        (Purpose::Group, Done::Group(shown)) => groups::shown(state, shown),
        (Purpose::Hands, Done::Hands(hands)) => groups::hands_told(state, hands),
        (Purpose::Announcements, Done::Announcement(done)) => announced::answered(state, done),
        (Purpose::Devices, Done::Devices { devices }) => {
            state.devices = devices.into_iter().map(Into::into).collect();
        }
        (Purpose::Profile, _) => return own::saved(state),
        (Purpose::Password, _) => return own::password_changed(state),
        (Purpose::IsBlocked { login }, Done::CanAdd { why, .. }) => {
            people::is_blocked(state, &login, why == Some("blocked"));
        }
        (Purpose::Block { login, on }, _) => {
            people::is_blocked(state, &login, on);
            return events::everything();
        }
        (Purpose::Check { who }, Done::Doctor(shown)) => {
            doctor::found(state, who.as_ref(), *shown);
        }
        (Purpose::Unlock, _) => return own::unlocked(state),
        (Purpose::Safety { .. }, Done::Safety(safety)) => return people::checked(state, safety),
        (Purpose::Send { with, .. }, Done::Sent { waits, .. }) => {
            return talk::sent(state, &with, waits);
        }
        (Purpose::RemoveDevice, _) => return own::device_removed(state),
        (Purpose::History { with, older }, Done::History { messages, more }) => {
            return talk::loaded(state, (&with, older), messages, more);
        }
        (Purpose::Past { with }, Done::History { messages, .. }) => {
            past::found(state, &with, &messages);
        }
        (Purpose::Find, Done::Person(person)) => return people::found(state, &person),
        (Purpose::CanAdd, Done::CanAdd { why, .. }) => people::cannot(state, why),
        (Purpose::SendFile { .. }, _) => {
            let direction = Some(Direction::Outgoing);
            return vec![Effect::Ask(Purpose::Files, Command::Files { direction })];
        }
        (Purpose::Wish(wish), done) => return groups::done(state, wish, done),
        (Purpose::Add, _) => return people::added(state),
        (Purpose::AnswerRequest(_) | Purpose::Relation, _) => return events::everything(),
        _ => {}
    }
    Vec::new()
}

/// Those that wait, and those that were answered.
fn requested(state: &mut AppState, requests: Vec<RequestRow>) {
    let is_open = |row: &RequestRow| row.state == "pending";
    let (open, answered): (Vec<_>, Vec<_>) = requests.into_iter().partition(is_open);
    state.requests = open.into_iter().map(Into::into).collect();
    state.answered = answered.into_iter().map(Into::into).collect();
}

/// A name that cannot pretend to be another one; the login where nothing of it can be seen.
pub(super) fn named(name: &str, login: &ArcStr) -> ArcStr {
    let name = harmless::name(name);
    if name.trim().is_empty() {
        login.clone()
    } else {
        name.as_ref().into()
    }
}

/// The list of friends: whoever is no longer in it is none.
fn befriended(state: &mut AppState, friends: Vec<Friend>) {
    use hutong_engine::api::done::Relation;
    for contact in state.people.clone().values() {
        let is_friend = friends.iter().any(|friend| friend.login == *contact.login);
        if !is_friend && contact.relation == Relation::Friend {
            let mut contact = contact.clone();
            contact.relation = Relation::None;
            contact.online = false;
            contact.path = Path::None;
            state.people.insert(contact.login.clone(), contact);
        }
    }
    for friend in friends {
        let login: ArcStr = friend.login.into();
        let mut contact = state.known(&login);
        contact.name = named(&friend.name, &login);
        contact.remark = friend.remark.map(Into::into);
        contact.picture = friend.avatar.map(Arc::new);
        contact.signature = friend.signature.into();
        contact.relation = Relation::Friend;
        state.people.insert(login.clone(), contact);
        if !state.summaries.contains_key(&login) {
            state.summaries.insert(login, events::blank());
        }
    }
    talk::refaced(state);
}

fn there(state: &mut AppState, one: Presence) {
    let login: ArcStr = one.login.into();
    let mut contact = state.known(&login);
    contact.name = named(&one.name, &login);
    contact.remark = one.remark.map(Into::into);
    contact.relation = one.relation;
    contact.rank = Rank::named(one.role);
    contact.online = one.online;
    contact.away = one.away;
    contact.path = one.path;
    contact.rtt_us = one.rtt_us;
    contact.why = one.why;
    state.people.insert(login, contact);
}

/// Every conversation at a glance. Words that are being typed stay as they are.
fn summed(state: &mut AppState, chats: Vec<Chat>) {
    let is_open = |login: &ArcStr| state.open.as_ref().is_some_and(|open| open.with == *login);
    let summaries = chats.iter().map(|chat| {
        let login: ArcStr = chat.with.as_str().into();
        let held = state.summaries.get(&login).filter(|_| is_open(&login));
        let draft = held.map_or_else(
            || chat.draft.clone().unwrap_or_default().into(),
            |held| held.draft.clone(),
        );
        let summary = Summary {
            last: chat.last.clone().map(Arc::new),
            unread: chat.unread,
            mentions: chat.mentions,
            draft,
        };
        (login, summary)
    });
    state.summaries = summaries.collect();
    for chat in chats {
        groups::summed(state, &chat);
        let login: ArcStr = chat.with.into();
        let mut contact = state.known(&login);
        contact.name = named(&chat.name, &login);
        contact.remark = chat.remark.map(Into::into);
        contact.relation = chat.relation;
        state.people.insert(login, contact);
    }
}

/// Asks for a page of a conversation.
pub(super) fn page(with: &ArcStr, before: Option<MsgId>, limit: usize) -> Effect {
    use hutong_engine::api::command::{History, Position};
    let history = History {
        with: with.to_string(),
        before: before.map(Position::Message),
        after: None,
        from: None,
        limit: Some(limit),
    };
    let purpose = Purpose::History {
        with: with.clone(),
        older: before.is_some(),
    };
    Effect::Ask(purpose, Command::History(history))
}
