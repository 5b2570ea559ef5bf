//! Oneself: profile, password, computers, signing out.

use super::{announced, events, notes};
use crate::input::intent::OwnIntent;
use crate::input::{Effect, Purpose};
use crate::model::entry::Sex;
use crate::model::own::Own;
use crate::model::{AppState, Dialog, Fault, Note, Stage};
use hutong_common::rpc::accounts::Sex as Said;
use hutong_engine::api::command::{AvatarChoice, Profile};
use hutong_engine::api::event::WarningCode;
use hutong_engine::api::{Command, Failure};
use std::sync::Arc;

pub(super) fn wanted(state: &mut AppState, intent: OwnIntent) -> Vec<Effect> {
    match intent {
        OwnIntent::Save => vec![Effect::Ask(Purpose::Profile, save(&state.own))],
        OwnIntent::Picture(path) if state.stage == Stage::Out => {
            state.entry.picture = path.map(Arc::new);
            Vec::new()
        }
        OwnIntent::Picture(path) => {
            let avatar = path.map_or(AvatarChoice::None, AvatarChoice::File);
            let profile = Profile {
                avatar: Some(avatar),
                ..Profile::default()
            };
            vec![Effect::Ask(Purpose::Profile, Command::Profile(profile))]
        }
        OwnIntent::Away(on) => vec![Effect::Ask(
            Purpose::Profile,
            Command::Away { on: Some(on) },
        )],
        OwnIntent::Password => password(state),
        OwnIntent::Confirm(message) => announced::confirm(state, message),
        OwnIntent::Devices => devices(),
        OwnIntent::RemoveDevice(device) => {
            let typed = state.own.password.for_engine();
            let remove = Command::Devices {
                remove: Some(device),
                password: Some(typed),
            };
            vec![Effect::Ask(Purpose::RemoveDevice, remove)]
        }
        OwnIntent::AskUnlock => {
            forget_passwords(state);
            state.dialog = Some(Dialog::Unlock);
            Vec::new()
        }
        OwnIntent::Unlock => {
            let password = state.own.password.for_engine();
            vec![Effect::Ask(Purpose::Unlock, Command::Unlock { password })]
        }
        OwnIntent::SignOut => {
            state.dialog = None;
            vec![Effect::Ask(Purpose::SignOut, Command::Logout)]
        }
    }
}

/// Asks for one's computers.
pub(super) fn devices() -> Vec<Effect> {
    let devices = Command::Devices {
        remove: None,
        password: None,
    };
    vec![Effect::Ask(Purpose::Devices, devices)]
}

fn save(own: &Own) -> Command {
    Command::Profile(Profile {
        name: Some(own.name.trim().to_owned()),
        signature: Some(own.signature.trim().to_owned()),
        sex: match own.sex {
            Sex::Unsaid => None,
            Sex::Male => Some(Said::Male),
            Sex::Female => Some(Said::Female),
            Sex::Other => Some(Said::Other),
        },
        avatar: None,
    })
}

fn password(state: &mut AppState) -> Vec<Effect> {
    let own = &mut state.own;
    own.wrong = if own.fresh.is_empty() || own.password.is_empty() {
        Some(Fault::PasswordMissing)
    } else if own.fresh.expose() != own.again.expose() {
        Some(Fault::PasswordsDiffer)
    } else {
        None
    };
    if own.wrong.is_some() {
        return Vec::new();
    }
    let (old, new) = (own.password.for_engine(), own.fresh.for_engine());
    vec![Effect::Ask(Purpose::Password, Command::Passwd { old, new })]
}

/// Begins the form with what others see now.
pub(super) fn known(state: &mut AppState) {
    if let Some(me) = &state.me {
        state.own.name = me.name.clone();
        state.own.signature = me.signature.clone();
        state.own.sex = match me.sex {
            Some("m") => Sex::Male,
            Some("f") => Sex::Female,
            Some("x") => Sex::Other,
            Some(_) | None => Sex::Unsaid,
        };
    }
}

fn forget_passwords(state: &mut AppState) {
    let Own {
        password,
        fresh,
        again,
        wrong,
        ..
    } = &mut state.own;
    (*password, *fresh, *again, *wrong) = Default::default();
}

/// The profile was changed.
pub(super) fn saved(state: &mut AppState) -> Vec<Effect> {
    let mut effects = notes::toast(state, Note::Saved);
    effects.push(Effect::Ask(Purpose::Me, Command::Whoami));
    effects
}

/// The password was changed.
pub(super) fn password_changed(state: &mut AppState) -> Vec<Effect> {
    forget_passwords(state);
    notes::toast(state, Note::PasswordChanged)
}

/// A computer was removed.
pub(super) fn device_removed(state: &mut AppState) -> Vec<Effect> {
    forget_passwords(state);
    state.dialog = None;
    let mut effects = notes::toast(state, Note::ComputerRemoved);
    effects.extend(devices());
    effects.extend(events::everything());
    effects
}

/// The mail that waited is here.
pub(super) fn unlocked(state: &mut AppState) -> Vec<Effect> {
    forget_passwords(state);
    if state.dialog == Some(Dialog::Unlock) {
        state.dialog = None;
    }
    notes::put_away(state, WarningCode::MailLocked);
    notes::toast(state, Note::Unlocked)
}

/// It was not: the reason stands beside what is typed.
pub(super) fn refused(state: &mut AppState, failure: &Failure) {
    state.own.wrong = Some(Fault::Failed(failure.clone()));
}
