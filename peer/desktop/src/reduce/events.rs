//! What the engine tells.

use super::{announced, entry, files, groups, notes, talk};
use crate::input::intent::Go;
use crate::input::{ClassWish, Effect, Notice, Purpose};
use crate::model::chat::is_picture;
use crate::model::entry::Mode;
use crate::model::groups::is_group;
use crate::model::home::Pane;
use crate::model::{AppState, Link, Stage, Summary};
use druid::ArcStr;
use hutong_common::harmless;
use hutong_common::limits::AUTO_PICTURE_BYTES_MAX;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::command::{Direction, GroupCommand};
use hutong_engine::api::event::{
    File, FileState, Message, MessageKind, Presence, Ready, Request, RequestKind, WarningCode,
};
use hutong_engine::api::{Command, Event};
use std::sync::Arc;

pub(super) fn told(state: &mut AppState, event: Event, now_ms: u64) -> Vec<Effect> {
    match event {
        Event::Ready(ready) => began(state, &ready),
        Event::Server { state: server } => {
            state.link = Link::from(server);
            if state.link == Link::Online {
                notes::put_away(state, WarningCode::ServerKeyChanged);
            }
            Vec::new()
        }
        Event::CaughtUp {} => everything(),
        Event::Message(message) => message_came(state, &message, now_ms),
        Event::Delivery(delivery) => {
            talk::delivered(state, &delivery);
            announced::proof_of(state, delivery.message)
        }
        Event::Presence(presence) => present(state, presence),
        Event::Group(group) => groups::told(state, group, now_ms),
        Event::Hands(hands) => {
            groups::hands_told(state, hands);
            Vec::new()
        }
        Event::Announcement(announcement) => {
            announced::told(state, announcement);
            Vec::new()
        }
        Event::Confirmed(confirmed) => {
            announced::confirmed(state, &confirmed);
            announced::proof_of(state, confirmed.message)
        }
        Event::Request(request) => asked(state, &request),
        Event::File(file) => file_moved(state, file),
        Event::Contact { .. } => vec![
            Effect::Ask(Purpose::Me, Command::Whoami),
            Effect::Ask(Purpose::Friends, Command::Friends),
            Effect::Ask(Purpose::Who, Command::Who { login: None }),
            Effect::Ask(Purpose::Chats, Command::Chats),
            Effect::Ask(Purpose::Blocked, Command::Blocked),
        ],
        Event::Requests { .. } => vec![Effect::Ask(Purpose::Requests, Command::Requests)],
        Event::Read {
            conversation,
            unread,
        } => {
            if let Some(summary) = state.summaries.get_mut(&ArcStr::from(conversation)) {
                summary.unread = unread;
                summary.mentions = summary.mentions.min(unread);
            }
            Vec::new()
        }
        Event::Warning { code, who, .. } => warned(state, code, who.as_deref()),
    }
}

/// What a window needs to know to show a home.
pub(super) fn everything() -> Vec<Effect> {
    vec![
        Effect::Ask(Purpose::Me, Command::Whoami),
        Effect::Ask(Purpose::Friends, Command::Friends),
        Effect::Ask(Purpose::Who, Command::Who { login: None }),
        Effect::Ask(Purpose::Chats, Command::Chats),
        Effect::Ask(Purpose::Requests, Command::Requests),
        Effect::Ask(Purpose::Blocked, Command::Blocked),
        Effect::Ask(Purpose::Groups, Command::Group(GroupCommand::Groups)),
        Effect::Ask(Purpose::Files, Command::Files { direction: None }),
        announced::ask(),
    ]
}

/// The home is open; again after every sign-in and sign-out.
fn began(state: &mut AppState, ready: &Ready) -> Vec<Effect> {
    let here = Some(Arc::new(ready.clone()));
    if ready.login.is_some() {
        state.ready = here;
        if state.entry.mode != Mode::Class {
            entry::entered(state);
        }
        state.stage = Stage::In;
        notes::put_away(state, WarningCode::Storage);
        let mut effects = everything();
        effects.extend(talk::reload(state));
        effects.push(Effect::Class(ClassWish::GoOn, state.prefs.lang));
        effects
    } else {
        let fresh = AppState::new(
            state.prefs.clone(),
            (state.outlet.clone(), state.zone.clone()),
            state.now_ms,
        );
        let (banners, focused, width) = (state.banners.clone(), state.focused, state.width);
        // A shared seat signs out while its window closes.
        let is_closing = state.is_closing;
        *state = AppState {
            stage: Stage::Out,
            entry: state.entry.clone(),
            banners,
            focused,
            width,
            is_closing,
            ..fresh
        };
        state.entry.busy = false;
        entry::look()
    }
}

fn message_came(state: &mut AppState, message: &Message, _now_ms: u64) -> Vec<Effect> {
    let with: ArcStr = message.conversation.as_str().into();
    let mine = message.from == state.own_login();
    let is_open = state.open.as_ref().is_some_and(|open| open.with == with);
    let mut effects = talk::came(state, message);
    if mine {
        return effects;
    }
    // It is read at the end of the turn, if its place is in sight.
    talk::unread(state, &with, message);
    let is_told = is_open && talk::is_before_eyes(state);
    // Whoever is named wants to know, also of a conversation that is muted.
    let is_wanted = message.mentions_me || !state.prefs.muted.contains(&with);
    let is_quiet = state.is_quiet(&with);
    if state.prefs.notify && is_wanted && !is_told && !is_quiet {
        effects.push(notice(state, &with, message));
    }
    effects
}

fn notice(state: &AppState, with: &ArcStr, message: &Message) -> Effect {
    let lang = state.prefs.lang;
    let title = state.contact(with).shown().to_string();
    let name = state.name_of(&message.from.as_str().into());
    let body = match message.kind {
        MessageKind::Text | MessageKind::Announcement => message.text.clone().unwrap_or_default(),
        MessageKind::File => HomeText::FileFrom { name: &name }.say(lang),
        MessageKind::Unknown => HomeText::NewMessage.say(lang),
    };
    let (title, body) = match is_group(with) {
        true if message.mentions_me => (
            GroupsText::NamesYou {
                name: &name,
                group: &title,
            }
            .say(lang),
            body,
        ),
        true => (
            title,
            HomeText::Says {
                name: &name,
                words: &body,
            }
            .say(lang),
        ),
        false => (title, body),
    };
    Effect::Notify(Notice {
        title,
        body,
        leads_to: Go::Chat(with.clone()),
    })
}

fn present(state: &mut AppState, presence: Presence) -> Vec<Effect> {
    let login: ArcStr = presence.user.as_str().into();
    let mut contact = state.known(&login);
    contact.remark = presence.remark.map(Into::into);
    contact.online = presence.online;
    contact.away = presence.away;
    contact.path = presence.path;
    contact.rtt_us = presence.rtt_us;
    contact.why = presence.why;
    state.people.insert(login, contact);
    Vec::new()
}

fn asked(state: &mut AppState, request: &Request) -> Vec<Effect> {
    let lang = state.prefs.lang;
    let mut effects = vec![Effect::Ask(Purpose::Requests, Command::Requests)];
    if state.prefs.notify {
        let name = harmless::name(&request.name);
        let group = request.group_name.as_deref().unwrap_or_default();
        let (name, group) = (&name, &harmless::name(group));
        let title = match request.kind {
            RequestKind::Friend => HomeText::RequestFrom { name }.say(lang),
            RequestKind::GroupInvite => GroupsText::InviteFrom { name, group }.say(lang),
            RequestKind::GroupApply => GroupsText::ApplyFrom { name, group }.say(lang),
        };
        effects.push(Effect::Notify(Notice {
            title,
            body: request.text.clone(),
            leads_to: Go::Pane(Pane::Requests),
        }));
    }
    effects
}

fn file_moved(state: &mut AppState, file: File) -> Vec<Effect> {
    let mut effects = Vec::new();
    let wanted = state.prefs.show_pictures
        && file.direction == Direction::Incoming
        && file.state == FileState::Offered
        && is_picture(&file.name)
        && !file.executable
        && file.size <= AUTO_PICTURE_BYTES_MAX;
    if wanted {
        let accept = Command::AcceptFile {
            file: file.file,
            to: None,
        };
        effects.push(Effect::Ask(Purpose::File(file.file), accept));
    }
    files::moved(state, file);
    effects
}

fn warned(state: &mut AppState, code: WarningCode, who: Option<&str>) -> Vec<Effect> {
    let mut effects = notes::warned(state, code, who);
    if code == WarningCode::Storage {
        // There is no engine until the home can be used again: it says anew how the rendezvous is reached.
        state.link = Link::Unknown;
    }
    if code == WarningCode::EventsMissed {
        effects.extend(everything());
        effects.extend(talk::reload(state));
    }
    effects
}

/// An empty summary.
pub(super) fn blank() -> Summary {
    Summary {
        last: None,
        unread: 0,
        mentions: 0,
        draft: "".into(),
    }
}
