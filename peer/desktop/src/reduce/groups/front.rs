//! What one does in front of a class, and what comes of it.

use super::held;
use super::wishes::{back, open};
use crate::attendance;
use crate::input::intent::Go;
use crate::input::{Effect, Notice, Purpose};
use crate::model::front::{Front, FrontPage, rules as rules_of};
use crate::model::groups::{GroupSaid, GroupWish, address};
use crate::model::{AppState, GroupPage, Note};
use crate::reduce::notes;
use druid::ArcStr;
use hutong_common::id::GroupId;
use hutong_engine::api::classroom::HandsShown;
use hutong_engine::api::command::{ClassroomCommand, GroupCommand, GroupEdit};
use hutong_engine::api::group::{GroupChange, GroupDeed, GroupEvent};
use hutong_engine::api::policy::PolicyEdit;
use hutong_engine::api::{Command, Done};
use std::path::PathBuf;
use std::sync::Arc;

/// What the engine is asked for it.
pub(super) fn command(state: &AppState, group: GroupId, wish: &Front) -> GroupCommand {
    let code = |new, off| ClassroomCommand::GroupCode { group, new, off };
    let hand = |up, login, all| ClassroomCommand::Hand {
        group,
        up,
        login,
        all,
    };
    GroupCommand::Classroom(match wish {
        Front::Rules => return GroupCommand::Change(rules(state, group)),
        Front::Hand(up) => hand(*up, None, false),
        Front::Lower(login) => hand(false, Some(login.to_string()), false),
        Front::LowerAll => hand(false, None, true),
        Front::Hands => ClassroomCommand::Hands { group },
        Front::Attendance => ClassroomCommand::Attendance { group },
        Front::Code => code(false, false),
        Front::NewCode => code(true, false),
        Front::NoCode => code(false, true),
    })
}

/// The rules as they are chosen; how long a message can be taken back stays.
fn rules(state: &AppState, group: GroupId) -> GroupEdit {
    let form = &state.group_form;
    let mut edit = PolicyEdit::of(group);
    if let Some(rules) = form.rules.as_deref() {
        edit.mode = Some(rules.mode);
        edit.private_chat = Some(rules.private_chat);
        edit.create_groups = Some(rules.create_groups);
        edit.send_files = Some(rules.send_files);
        edit.file_bytes_max = Some(rules.file_bytes_max);
        let quiet = form.text.trim();
        edit.quiet = Some(if quiet.is_empty() { "off" } else { quiet }.to_owned());
    }
    GroupEdit::GroupPolicy(edit)
}

/// It is done, or known.
pub(super) fn done(
    state: &mut AppState,
    (group, wish): (GroupId, Front),
    done: Done,
) -> Vec<Effect> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other answer shows anything"
    )]
    match done {
        Done::Group(sheet) => super::shown(state, sheet),
        Done::Hands(hands) => hands_told(state, hands),
        Done::Attendance(shown) => state.group_form.attendance = Some(Arc::new(shown)),
        Done::GroupCode(shown) => state.group_form.code = Some(Arc::new(shown)),
        _ => {}
    }
    match wish {
        Front::Rules => back(state, group, GroupSaid::Changed),
        // Members are told of no hands but their own, and of those only by asking.
        Front::Hand(_) | Front::Lower(_) | Front::LowerAll => vec![hands(group)],
        Front::Hands | Front::Attendance | Front::Code | Front::NewCode | Front::NoCode => {
            Vec::new()
        }
    }
}

/// Asks whose hands are raised.
fn hands(group: GroupId) -> Effect {
    let asked = ClassroomCommand::Hands { group };
    let command = Command::Group(GroupCommand::Classroom(asked));
    Effect::Ask(Purpose::Hands, command)
}

/// The same for a conversation that is opened, where it is that of a class.
pub(in crate::reduce) fn hands_of(state: &AppState, with: &ArcStr) -> Option<Effect> {
    let group = state.groups.get(with)?;
    (group.is_ours && group.is_class()).then(|| hands(group.id))
}

/// Hands are up, or down.
pub(in crate::reduce) fn hands_told(state: &mut AppState, told: HandsShown) {
    if let Some(group) = state.groups.get_mut(&address(told.group)) {
        group.hands = Arc::new(told.hands);
    }
}

/// A lesson or an exam begins or ends: its members are told what that means before they run into it.
pub(super) fn mode_told(state: &AppState, event: &GroupEvent) -> Option<Effect> {
    let with = address(event.group);
    let sheet = state.groups.get(&with)?.sheet.as_ref()?;
    let (before, after) = (sheet.policy.as_ref()?, event.policy.as_ref()?);
    let is_ours = |change: &GroupChange| {
        let by = change.by.as_deref();
        change.what == GroupDeed::Policy && by == Some(state.own_login())
    };
    let is_new = before.mode != after.mode && !event.changes.iter().any(is_ours);
    let is_told = state.prefs.notify && is_new && !state.is_quiet(&with);
    let body = rules_of(after).say(state.prefs.lang).into_iter().next();
    is_told.then(|| {
        Effect::Notify(Notice {
            title: state.contact(&with).shown().to_string(),
            body: body.unwrap_or_default(),
            leads_to: Go::Chat(with),
        })
    })
}

/// Shows a page with what is known for it, and asks for the rest.
pub(super) fn shown(state: &mut AppState, group: GroupId, page: FrontPage) -> Vec<Effect> {
    let sheet = held(state, group).sheet;
    let policy = sheet.and_then(|sheet| sheet.policy.clone());
    let ask = |wish: Front| {
        let command = Command::Group(command(state, group, &wish));
        vec![Effect::Ask(
            Purpose::Wish(GroupWish::Front(group, wish)),
            command,
        )]
    };
    match page {
        FrontPage::Rules => {
            let form = &mut state.group_form;
            let quiet = policy.as_ref().and_then(|policy| policy.quiet.clone());
            form.text = quiet.unwrap_or_default();
            form.rules = policy.map(Arc::new);
            Vec::new()
        }
        FrontPage::Hands => ask(Front::Hands),
        FrontPage::Attendance => ask(Front::Attendance),
        FrontPage::Code => ask(Front::Code),
    }
}

/// The dialog of a class shows this page.
pub(super) fn page(state: &mut AppState, group: GroupId, page: FrontPage) -> Vec<Effect> {
    open(state, GroupPage::Front(group, page));
    shown(state, group, page)
}

/// Who is there, as a table that is kept among the downloads.
pub(super) fn save(state: &AppState) -> Vec<Effect> {
    let list = state.group_form.attendance.as_deref();
    let list = list.map(|list| {
        Effect::Save(
            attendance::file_name(list, state),
            attendance::table(list, state),
        )
    });
    list.into_iter().collect()
}

/// The table lies there, and is shown in its folder; or why not.
pub(in crate::reduce) fn saved(
    state: &mut AppState,
    result: Result<PathBuf, String>,
) -> Vec<Effect> {
    match result {
        Ok(path) => {
            let name = path.display().to_string();
            let mut effects = notes::toast(state, Note::Group(GroupSaid::Saved(name.into())));
            effects.push(Effect::Reveal(path));
            effects
        }
        Err(fault) => notes::toast(state, Note::Group(GroupSaid::NotSaved(fault.into()))),
    }
}
