//! The rows of the list, made anew after every input; unchanged rows stay the same ones.

use crate::finding::finds;
use crate::model::groups::is_group;
use crate::model::home::{ListRow, Tab};
use crate::model::people::Contact;
use crate::model::{AppState, Stage, Summary};
use crate::moment;
use druid::ArcStr;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::done::Relation;
use hutong_engine::api::event::MessageKind;

/// A row and what it is sorted by.
type Ranked = ((std::cmp::Reverse<u64>, bool, ArcStr), ListRow);

pub(super) fn refresh(state: &mut AppState) {
    if state.stage != Stage::In {
        return;
    }
    let matches = |contact: &Contact| {
        [&contact.login, contact.shown(), &contact.name]
            .into_iter()
            .any(|name| finds(name, &state.search))
    };
    let mut ranked: Vec<Ranked> = state
        .summaries
        .iter()
        .map(|(login, summary)| (state.contact(login), summary))
        .filter(|(contact, summary)| is_listed(state, contact, summary) && matches(contact))
        .map(|(contact, summary)| rank(state, &contact, summary))
        .collect();
    ranked.sort_by(|one, other| one.0.cmp(&other.0));
    let rows: crate::model::home::ListRows = ranked.into_iter().map(|(_, row)| row).collect();
    if rows != state.list {
        state.list = rows;
    }
}

fn is_listed(state: &AppState, contact: &Contact, summary: &Summary) -> bool {
    if state.hides(&contact.login) {
        return false;
    }
    let is_searching = !state.search.trim().is_empty();
    match state.tab {
        Tab::Friends => contact.relation == Relation::Friend,
        Tab::Groups => is_group(&contact.login) && contact.relation != Relation::None,
        Tab::Chats if is_searching => true,
        Tab::Chats => {
            summary.last.is_some()
                || !summary.draft.is_empty()
                || contact.relation == Relation::Friend
                || is_group(&contact.login) && contact.relation != Relation::None
        }
    }
}

fn rank(state: &AppState, contact: &Contact, summary: &Summary) -> Ranked {
    let lang = state.prefs.lang;
    let last_ms = summary.last.as_ref().map_or(0, |last| last.message.sent_ms);
    let key = match state.tab {
        Tab::Chats => std::cmp::Reverse(last_ms),
        // Those who are there come first.
        Tab::Friends => std::cmp::Reverse(u64::from(contact.online)),
        Tab::Groups => std::cmp::Reverse(0),
    };
    let is_draft = state.tab == Tab::Chats && !summary.draft.is_empty();
    let preview: ArcStr = match state.tab {
        Tab::Chats if is_draft => summary.draft.clone(),
        Tab::Chats => preview(state, summary),
        Tab::Groups => members(state, &contact.login).into(),
        Tab::Friends if !contact.signature.is_empty() => contact.signature.clone(),
        Tab::Friends if contact.away => HomeText::Away.say(lang).into(),
        Tab::Friends if contact.online => HomeText::Online.say(lang).into(),
        Tab::Friends => HomeText::Offline.say(lang).into(),
    };
    let when = match state.tab {
        Tab::Chats if last_ms > 0 => {
            moment::friendly(last_ms, state.now_ms, &state.zone, lang).into()
        }
        Tab::Chats | Tab::Friends | Tab::Groups => "".into(),
    };
    let row = ListRow {
        login: contact.login.clone(),
        face: contact.face(),
        title: title(state, contact),
        preview,
        is_draft,
        names_me: state.tab == Tab::Chats && !is_draft && summary.mentions > 0,
        when,
        unread: summary.unread,
        is_muted: state.prefs.muted.contains(&contact.login),
        online: contact.online,
        away: contact.away,
        chosen: state
            .open
            .as_ref()
            .is_some_and(|open| open.with == contact.login),
        pointed: state.pointed.as_ref() == Some(&contact.login),
    };
    // Groups in which nothing was said come after people.
    let is_group = is_group(&contact.login);
    ((key, is_group, contact.shown().to_lowercase().into()), row)
}

/// What somebody is called, or the group, with how many are in it.
fn title(state: &AppState, contact: &Contact) -> ArcStr {
    let group = state.groups.get(&contact.login);
    match group
        .filter(|group| group.is_ours)
        .map(|group| group.members().len())
    {
        Some(count) if count > 0 => format!("{} ({count})", contact.shown()).into(),
        Some(_) | None => contact.face().titled(state.prefs.lang),
    }
}

fn members(state: &AppState, with: &ArcStr) -> String {
    let count = state
        .groups
        .get(with)
        .map_or(0, |group| group.members().len());
    GroupsText::MembersCount { count: &count }.say(state.prefs.lang)
}

/// The last words; in a group with the name of who said them.
fn preview(state: &AppState, summary: &Summary) -> ArcStr {
    let words = words(state, summary);
    let last = summary.last.as_ref().map(|last| &last.message);
    let theirs =
        last.filter(|last| is_group(&last.conversation) && *last.from != *state.own_login());
    match theirs {
        Some(last) => {
            let name = state.name_of(&last.from.as_str().into());
            HomeText::Says {
                name: &name,
                words: &words,
            }
            .say(state.prefs.lang)
            .into()
        }
        None => words,
    }
}

fn words(state: &AppState, summary: &Summary) -> ArcStr {
    let lang = state.prefs.lang;
    let Some(message) = summary.last.as_ref().map(|last| &last.message) else {
        return "".into();
    };
    let name = message.file_name.as_deref().unwrap_or_default();
    match message.kind {
        MessageKind::Text | MessageKind::Announcement => message
            .text
            .as_deref()
            .unwrap_or_default()
            .replace('\n', " ")
            .into(),
        MessageKind::File if crate::model::chat::is_picture(name) => {
            HomeText::Picture.say(lang).into()
        }
        MessageKind::File => HomeText::File { name: &name }.say(lang).into(),
        MessageKind::Unknown => HomeText::Unknown.say(lang).into(),
    }
}
