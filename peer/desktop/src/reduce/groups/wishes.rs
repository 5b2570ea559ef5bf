//! What one does about groups: each wish asks the engine, and what comes of it is said where one looks.

use super::{front, held, shown};
use crate::input::intent::GroupIntent;
use crate::input::{Effect, Purpose};
use crate::model::groups::{GroupForm, GroupSaid, GroupWish, address, number};
use crate::model::{AppState, Dialog, GroupPage, Note};
use crate::reduce::{announced, events, going, notes};
use druid::ArcStr;
use hutong_common::id::GroupId;
use hutong_common::join_code::JoinCode;
use hutong_common::message::LAN;
use hutong_common::refusal::Refusal;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::command::{ClassroomCommand, GroupCommand, GroupEdit};
use hutong_engine::api::group::GroupShown;
use hutong_engine::api::{Command, Done, Failure};
use std::sync::Arc;

pub(in crate::reduce) fn wanted(state: &mut AppState, intent: GroupIntent) -> Vec<Effect> {
    match intent {
        GroupIntent::Page(GroupPage::Front(group, page)) => front::page(state, group, page),
        GroupIntent::Rule(rule) => {
            if let Some(rules) = &mut state.group_form.rules {
                rule.choose(Arc::make_mut(rules));
            }
            Vec::new()
        }
        GroupIntent::SaveAttendance => front::save(state),
        GroupIntent::To(group) => {
            state.group_form.to = Some(group);
            Vec::new()
        }
        GroupIntent::Large => {
            state.group_form.is_large = !state.group_form.is_large;
            Vec::new()
        }
        GroupIntent::Confirm => {
            state.group_form.is_confirm = !state.group_form.is_confirm;
            Vec::new()
        }
        GroupIntent::CodeCopied => notes::toast(state, Note::Group(GroupSaid::CodeCopied)),
        GroupIntent::Page(page) => {
            open(state, page);
            Vec::new()
        }
        GroupIntent::Pick(login) => {
            let picked = &mut state.group_form.picked;
            if picked.remove(&login).is_none() {
                picked.insert(login);
            }
            Vec::new()
        }
        GroupIntent::Class => {
            state.group_form.is_class = !state.group_form.is_class;
            Vec::new()
        }
        GroupIntent::Do(wish) => wished(state, wish),
        GroupIntent::NumberCopied => notes::toast(state, Note::Group(GroupSaid::NumberCopied)),
    }
}

/// Shows a page with what is known for it.
pub(super) fn open(state: &mut AppState, page: GroupPage) {
    let sheet = page.group().and_then(|group| held(state, group).sheet);
    let text = match (&page, sheet) {
        (GroupPage::Rename(_), Some(sheet)) => sheet.name.clone(),
        (GroupPage::Notice(_), Some(sheet)) => sheet.notice.clone(),
        (
            GroupPage::New
            | GroupPage::Join
            | GroupPage::Card(_)
            | GroupPage::Member(..)
            | GroupPage::Rename(_)
            | GroupPage::Notice(_)
            | GroupPage::Invite(_)
            | GroupPage::Sure(_)
            | GroupPage::Front(..)
            | GroupPage::Announce(_)
            | GroupPage::Proof(..)
            | GroupPage::Heard(_),
            _,
        ) => String::new(),
    };
    let to = if let GroupPage::Announce(group) = page {
        group.or_else(|| state.audiences().first().copied())
    } else {
        None
    };
    state.group_form = GroupForm {
        text,
        to,
        ..GroupForm::default()
    };
    state.dialog = Some(Dialog::Group(page));
}

/// Shows the group that is addressed so.
pub(in crate::reduce) fn card(state: &mut AppState, with: &str) -> Vec<Effect> {
    match number(with).filter(|group| *group != LAN) {
        Some(group) => {
            open(state, GroupPage::Card(group));
            vec![super::show(group)]
        }
        None => Vec::new(),
    }
}

fn wished(state: &mut AppState, wish: GroupWish) -> Vec<Effect> {
    if state.group_form.waits > 0 {
        return Vec::new();
    }
    if let Some(asked) = announced::wished(state, &wish) {
        return asked;
    }
    let commands = match commands(state, &wish) {
        Ok(commands) => commands,
        Err(word) => {
            state.group_form.word = Some(word.say(state.prefs.lang).into());
            return Vec::new();
        }
    };
    let form = &mut state.group_form;
    (form.waits, form.done, form.word) = (commands.len(), 0, None);
    let ask = |command| Effect::Ask(Purpose::Wish(wish.clone()), Command::Group(command));
    commands.into_iter().map(ask).collect()
}

/// What the engine is asked to do, or what is missing for it.
fn commands(
    state: &mut AppState,
    wish: &GroupWish,
) -> Result<Vec<GroupCommand>, GroupsText<'static>> {
    let form = &state.group_form;
    let text = form.text.trim().to_owned();
    let picked = || form.picked.iter().map(ToString::to_string);
    let command = match wish.clone() {
        GroupWish::Make if text.is_empty() => return Err(GroupsText::NeedsName),
        GroupWish::Rename(_) if text.is_empty() => return Err(GroupsText::NeedsName),
        GroupWish::Make => GroupCommand::GroupCreate {
            name: text,
            members: picked().collect(),
            class: form.is_class,
        },
        GroupWish::Find => {
            state.group_form.found = None;
            // A code may be made of digits alone; a number is never that long.
            match (text.parse::<JoinCode>(), number(&text)) {
                (Ok(_), _) => GroupCommand::Classroom(ClassroomCommand::GroupJoin { code: text }),
                (Err(_), Some(group)) => GroupCommand::GroupFind { group },
                (Err(_), None) => return Err(GroupsText::NeedsNumber),
            }
        }
        GroupWish::Apply(group) => GroupCommand::GroupApply {
            group,
            greeting: form.greeting.trim().to_owned(),
        },
        GroupWish::Invite(group) if held(state, group).is_class() => {
            let members = picked().collect();
            GroupCommand::Change(GroupEdit::GroupAdd { group, members })
        }
        GroupWish::Invite(group) => {
            let invite = |login| GroupCommand::GroupInvite {
                group,
                login,
                greeting: String::new(),
            };
            return Ok(picked().map(invite).collect());
        }
        GroupWish::Front(group, wish) => front::command(state, group, &wish),
        GroupWish::Leave(group) => GroupCommand::GroupLeave { group },
        GroupWish::Dissolve(group) => GroupCommand::GroupDissolve { group },
        GroupWish::Rename(_)
        | GroupWish::Notice(_)
        | GroupWish::Floor(..)
        | GroupWish::Mute(..)
        | GroupWish::Role(..)
        | GroupWish::Kick(..)
        | GroupWish::HandOver(..)
        | GroupWish::Announce(_)
        | GroupWish::AnnounceAgain(..) => {
            return Ok(edit(wish, text)
                .map(GroupCommand::Change)
                .into_iter()
                .collect());
        }
    };
    Ok(vec![command])
}

/// The change of a group that is wished for, if it is one.
fn edit(wish: &GroupWish, text: String) -> Option<GroupEdit> {
    Some(match wish.clone() {
        GroupWish::Rename(group) => GroupEdit::GroupRename { group, name: text },
        GroupWish::Notice(group) => GroupEdit::GroupNotice {
            group,
            notice: text,
        },
        GroupWish::Floor(group, floor) => GroupEdit::GroupFloor { group, floor },
        GroupWish::Mute(group, login, minutes) => GroupEdit::GroupMute {
            group,
            login: login.to_string(),
            minutes,
        },
        GroupWish::Role(group, login, role) => GroupEdit::GroupRole {
            group,
            login: login.to_string(),
            role,
        },
        GroupWish::Kick(group, login) => GroupEdit::GroupKick {
            group,
            login: login.to_string(),
        },
        GroupWish::HandOver(group, login) => GroupEdit::GroupHandOver {
            group,
            login: login.to_string(),
        },
        GroupWish::Make
        | GroupWish::Find
        | GroupWish::Apply(_)
        | GroupWish::Invite(_)
        | GroupWish::Leave(_)
        | GroupWish::Front(..)
        | GroupWish::Announce(_)
        | GroupWish::AnnounceAgain(..)
        | GroupWish::Dissolve(_) => return None,
    })
}

/// It is done: one sees it, and reads what came of it.
pub(in crate::reduce) fn done(state: &mut AppState, wish: GroupWish, done: Done) -> Vec<Effect> {
    let form = &mut state.group_form;
    form.waits = form.waits.saturating_sub(1);
    form.done += 1;
    match (&wish, done) {
        (GroupWish::Make, Done::Group(sheet)) => return made(state, sheet, GroupSaid::Made),
        (GroupWish::Find, Done::Group(sheet)) => return made(state, sheet, GroupSaid::Joined),
        (GroupWish::Front(group, wish), done) => {
            return front::done(state, (*group, wish.clone()), done);
        }
        (
            GroupWish::Announce(group) | GroupWish::AnnounceAgain(group, _),
            Done::Sent { message, .. },
        ) => return announced::prove(state, (*group, message)),
        (GroupWish::Find, Done::GroupFound(found)) => {
            state.group_form.found = Some(Arc::new(found));
            return Vec::new();
        }
        (_, Done::Group(sheet)) => shown(state, sheet),
        _ => {}
    }
    match wish {
        GroupWish::Make
        | GroupWish::Find
        | GroupWish::Front(..)
        | GroupWish::Announce(_)
        | GroupWish::AnnounceAgain(..) => Vec::new(),
        GroupWish::Apply(_) => applied(state),
        GroupWish::Invite(group) => invited(state, group),
        GroupWish::Leave(_) => over(state, GroupSaid::Left),
        GroupWish::Dissolve(_) => over(state, GroupSaid::Dissolved),
        GroupWish::Rename(group)
        | GroupWish::Notice(group)
        | GroupWish::Floor(group, _)
        | GroupWish::Mute(group, ..)
        | GroupWish::Role(group, ..)
        | GroupWish::Kick(group, _)
        | GroupWish::HandOver(group, _) => back(state, group, GroupSaid::Changed),
    }
}

/// One is in a group that is new to oneself: it opens.
fn made(
    state: &mut AppState,
    sheet: GroupShown,
    said: impl FnOnce(ArcStr) -> GroupSaid,
) -> Vec<Effect> {
    let with = address(sheet.group);
    shown(state, sheet);
    let name = state.contact(&with).shown().clone();
    let mut effects = notes::toast(state, Note::Group(said(name)));
    effects.extend(going::to_chat(state, with));
    effects
}

fn applied(state: &mut AppState) -> Vec<Effect> {
    let found = state.group_form.found.take();
    let name = found.map_or_else(ArcStr::default, |found| {
        hutong_common::harmless::name(&found.name).as_ref().into()
    });
    let word = GroupsText::Applied { name: &name }.say(state.prefs.lang);
    state.group_form = GroupForm {
        word: Some(word.into()),
        ..GroupForm::default()
    };
    vec![Effect::Ask(Purpose::Requests, Command::Requests)]
}

/// Once all were asked, and nothing went wrong, the card shows again.
fn invited(state: &mut AppState, group: GroupId) -> Vec<Effect> {
    let form = &state.group_form;
    if form.waits > 0 || form.word.is_some() {
        return Vec::new();
    }
    let said = if held(state, group).is_class() {
        GroupSaid::Added(form.picked.len())
    } else {
        GroupSaid::Invited(form.done)
    };
    let mut effects = back(state, group, said);
    effects.push(Effect::Ask(Purpose::Requests, Command::Requests));
    effects
}

/// Back to the card, unless the dialog was left.
pub(super) fn back(state: &mut AppState, group: GroupId, said: GroupSaid) -> Vec<Effect> {
    let is_open = matches!(&state.dialog, Some(Dialog::Group(page)) if page.group() == Some(group));
    if is_open {
        open(state, GroupPage::Card(group));
    }
    notes::toast(state, Note::Group(said))
}

fn over(state: &mut AppState, said: GroupSaid) -> Vec<Effect> {
    state.dialog = None;
    let mut effects = notes::toast(state, Note::Group(said));
    effects.extend(events::everything());
    effects
}

/// Why it was not done stands in the dialog, or comes and goes where that was left.
pub(in crate::reduce) fn failed(
    state: &mut AppState,
    wish: &GroupWish,
    failure: &Failure,
) -> Vec<Effect> {
    let form = &mut state.group_form;
    form.waits = form.waits.saturating_sub(1);
    if !matches!(state.dialog, Some(Dialog::Group(_))) {
        return notes::failed(state, failure);
    }
    let lang = state.prefs.lang;
    let is_class = state.group_form.is_class;
    let word = match (wish, failure) {
        (GroupWish::Make, Failure::Refused(Refusal::NotAllowed)) if is_class => {
            GroupsText::OnlyTeachers.say(lang)
        }
        (GroupWish::Find, Failure::Refused(Refusal::NotFound)) => GroupsText::NoSuchGroup.say(lang),
        (GroupWish::Leave(_), Failure::Refused(Refusal::NotAllowed)) => {
            GroupsText::OwnerStays.say(lang)
        }
        _ => notes::failure(failure, lang),
    };
    state.group_form.word = Some(word.into());
    Vec::new()
}
