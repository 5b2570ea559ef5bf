//! Groups: who is in them, what becomes of them, and what one does about them.

mod front;
mod wishes;

use super::answers::named;
use super::talk;
use crate::input::{Effect, Purpose};
use crate::model::chat::{Body, Row};
use crate::model::groups::{Change, Group, address};
use crate::model::people::Rank;
use crate::model::{AppState, Dialog};
use druid::ArcStr;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::limits::WINDOW_GROUP_LINES_MAX;
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::done::{Chat, Relation};
use hutong_engine::api::group::{GroupChange, GroupDeed, GroupEvent, GroupRow, GroupShown};
use hutong_engine::api::{Command, Path};
use std::sync::Arc;

pub(super) use front::{hands_of, hands_told, saved};
pub(super) use wishes::{card, done, failed, wanted};

/// Bits of a place in the order that count within a millisecond.
const COUNTER_BITS: u32 = 16;

/// A group is new, different, or ours no more: a line in it says so.
pub(super) fn told(state: &mut AppState, event: GroupEvent, now_ms: u64) -> Vec<Effect> {
    let with = address(event.group);
    let mode = front::mode_told(state, &event);
    let is_over = |change: &GroupChange| change.what == GroupDeed::Left;
    let is_ours = !event.changes.iter().any(is_over);
    called(state, &with, &event.name, is_ours);
    let mut group = held(state, event.group);
    group.is_ours = is_ours;
    state.groups.insert(with.clone(), group);
    for change in event.changes {
        note(state, &with, change, now_ms);
    }
    talk::with_lines(state);
    if !is_ours {
        close(state, event.group);
    }
    let mut effects = vec![Effect::Ask(Purpose::Chats, Command::Chats)];
    if is_ours {
        effects.push(show(event.group));
    }
    effects.extend(mode);
    effects
}

/// A dialog about a group that is ours no more goes.
fn close(state: &mut AppState, group: GroupId) {
    if matches!(&state.dialog, Some(Dialog::Group(page)) if page.group() == Some(group)) {
        state.dialog = None;
    }
}

/// A line about the group, at the end of what was said in it.
fn note(state: &mut AppState, with: &ArcStr, change: GroupChange, now_ms: u64) {
    let now = format!("{:016x}", now_ms << COUNTER_BITS);
    let summary = state.summaries.get(with);
    let last = summary.and_then(|summary| summary.last.as_ref());
    let last = last.map(|last| last.message.hlc.clone());
    // Who made a group knows it.
    let is_own_deed =
        change.what == GroupDeed::Entered && change.by.as_deref() == Some(state.own_login());
    let by = change.by.filter(|_| !is_own_deed);
    let Some(group) = state.groups.get_mut(with) else {
        return;
    };
    group.told += 1;
    let row = Row {
        id: line_name(group),
        hlc: last.filter(|last| *last > now).unwrap_or(now).into(),
        mine: false,
        from: "".into(),
        sent_ms: now_ms,
        body: Body::Change(Change {
            what: change.what,
            who: change.who.map(Into::into),
            by: by.map(Into::into),
        }),
        state: None,
        path: Path::None,
        code: None,
        names_me: false,
        is_announcement: false,
        heard: None,
    };
    group.lines.push_back(row);
    while group.lines.len() > WINDOW_GROUP_LINES_MAX {
        group.lines.pop_front();
    }
}

/// A name that no message has: those begin with a time.
fn line_name(group: &Group) -> MsgId {
    let mut bytes = [u8::MAX; 16];
    bytes[8..].copy_from_slice(&group.told.to_be_bytes());
    MsgId(bytes)
}

fn held(state: &AppState, group: GroupId) -> Group {
    let held = state.groups.get(&address(group)).cloned();
    held.unwrap_or_else(|| Group::new(group))
}

/// A group has a name as a person has.
fn called(state: &mut AppState, with: &ArcStr, name: &str, is_ours: bool) {
    let mut contact = state.known(with);
    contact.name = named(name, with);
    contact.relation = if is_ours {
        Relation::Member
    } else {
        Relation::None
    };
    state.people.insert(with.clone(), contact);
    let summary = super::events::blank();
    state.summaries.entry(with.clone()).or_insert(summary);
}

/// Asks who is in a group.
pub(super) fn show(group: GroupId) -> Effect {
    let show = GroupCommand::GroupShow { group };
    Effect::Ask(Purpose::Group, Command::Group(show))
}

/// A conversation of a group is or was ours.
pub(super) fn summed(state: &mut AppState, chat: &Chat) {
    if let Some(id) = chat.group {
        let mut group = held(state, id);
        group.is_ours = chat.relation != Relation::None;
        state.groups.insert(address(id), group);
    }
}

/// All groups of ours.
pub(super) fn listed(state: &mut AppState, rows: &[GroupRow]) -> Vec<Effect> {
    let is_ours = |group: GroupId| rows.iter().any(|row| row.group == group);
    let gone = state
        .groups
        .iter()
        .filter(|(_, group)| group.is_ours && !is_ours(group.id));
    let gone: Vec<ArcStr> = gone.map(|(with, _)| with.clone()).collect();
    for with in gone {
        if let Some(group) = state.groups.get_mut(&with) {
            group.is_ours = false;
        }
    }
    for row in rows {
        let with = address(row.group);
        called(state, &with, &row.name, true);
        let mut group = held(state, row.group);
        group.is_ours = true;
        state.groups.insert(with, group);
    }
    rows.iter().map(|row| show(row.group)).collect()
}

/// Who is in a group, and its rules. Members become people with names; what they are to us stays.
pub(super) fn shown(state: &mut AppState, sheet: GroupShown) {
    let with = address(sheet.group);
    called(state, &with, &sheet.name, true);
    let own = state.own_login().to_owned();
    for member in sheet.members.iter().filter(|member| member.login != own) {
        let login: ArcStr = member.login.as_str().into();
        let mut contact = state.known(&login);
        contact.name = named(&member.name, &login);
        contact.remark = member.remark.as_deref().map(Into::into);
        contact.online = member.online;
        contact.rank = Rank::named(member.server_role);
        if contact.relation == Relation::None {
            contact.relation = Relation::Member;
        }
        state.people.insert(login, contact);
    }
    let mut group = held(state, sheet.group);
    group.is_ours = true;
    group.sheet = Some(Arc::new(sheet));
    state.groups.insert(with, group);
    if state.silence().is_some() {
        state.offer = None;
    }
    talk::refaced(state);
}
