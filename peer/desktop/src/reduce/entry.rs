//! Signing in and registering.

use super::class;
use crate::input::intent::EntryIntent;
use crate::input::{Effect, Purpose, Tick};
use crate::model::compose::Spot;
use crate::model::entry::{Doubt, Entry, Field, Mode, Server, Sex, Wrong};
use crate::model::{AppState, Fault, Stage};
use druid::ArcStr;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Sex as Said;
use hutong_engine::api::command::{AvatarChoice, Login, Register};
use hutong_engine::api::done::ServerSeen;
use hutong_engine::api::{Command, Failure};
use std::time::Duration;

/// How often servers are looked for while nobody is signed in.
const LOOK: Duration = Duration::from_secs(2);

/// Asks for the servers seen, and again soon.
pub(super) fn look() -> Vec<Effect> {
    vec![
        Effect::Ask(Purpose::Servers, Command::Servers),
        Effect::Later(LOOK, Tick::Servers),
    ]
}

pub(super) fn wanted(state: &mut AppState, intent: EntryIntent) -> Vec<Effect> {
    let entry = &mut state.entry;
    match intent {
        EntryIntent::Submit => return submit(state, false),
        EntryIntent::Trust => {
            entry.doubt = None;
            return submit(state, true);
        }
        EntryIntent::Distrust => entry.doubt = None,
        EntryIntent::Switch(mode) => {
            entry.mode = mode;
            entry.wrong = None;
            state.aim.at(match mode {
                Mode::Class => Spot::Class,
                Mode::SignIn | Mode::Register => Spot::Login,
            });
        }
        EntryIntent::Choose(address) => {
            entry.chosen = Some(address);
            entry.link.clear();
            choose(entry);
        }
        EntryIntent::Look => return vec![Effect::Ask(Purpose::Servers, Command::Servers)],
    }
    Vec::new()
}

fn submit(state: &mut AppState, accept_new_server: bool) -> Vec<Effect> {
    let entry = &mut state.entry;
    if entry.busy {
        return Vec::new();
    }
    entry.wrong = None;
    let wrong = |field, fault| Some(Wrong { field, fault });
    entry.wrong = if entry.login.trim().is_empty() {
        wrong(Field::Login, Fault::LoginMissing)
    } else if entry.password.is_empty() {
        wrong(Field::Password, Fault::PasswordMissing)
    } else if entry.mode != Mode::SignIn && entry.password.expose() != entry.again.expose() {
        wrong(Field::Again, Fault::PasswordsDiffer)
    } else {
        None
    };
    if entry.wrong.is_some() {
        return Vec::new();
    }
    if entry.mode == Mode::Class {
        return class::submit(state);
    }
    entry.busy = true;
    vec![Effect::Ask(
        Purpose::Enter,
        command(entry, accept_new_server),
    )]
}

fn command(entry: &Entry, accept_new_server: bool) -> Command {
    let typed = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let server = typed(&entry.link).or_else(|| entry.chosen.as_deref().map(str::to_owned));
    let login = entry.login.trim().to_owned();
    let password = entry.password.for_engine();
    match entry.mode {
        Mode::SignIn => Command::Login(Login {
            login,
            password,
            server,
            accept_new_server,
            seat: Some(entry.seat),
        }),
        Mode::Register | Mode::Class => Command::Register(Register {
            login,
            password,
            name: typed(&entry.name),
            sex: match entry.sex {
                Sex::Unsaid => None,
                Sex::Male => Some(Said::Male),
                Sex::Female => Some(Said::Female),
                Sex::Other => Some(Said::Other),
            },
            code: typed(&entry.code),
            server,
            accept_new_server,
            seat: Some(entry.seat),
            avatar: entry
                .picture
                .as_ref()
                .map(|path| AvatarChoice::File(path.to_path_buf())),
        }),
    }
}

/// The servers that were seen; the chosen one stays chosen, and the known or only one is chosen by itself.
pub(super) fn seen(state: &mut AppState, servers: &[ServerSeen]) {
    let entry = &mut state.entry;
    let known = servers.iter().find(|server| server.trusted);
    entry.servers = servers
        .iter()
        .map(|server| Server {
            name: server.name.as_str().into(),
            address: server.address.to_string().into(),
            fingerprint: server.fingerprint.as_str().into(),
            trusted: server.trusted,
            chosen: false,
            suspect: known.is_some_and(|known| !server.trusted && known.name == server.name),
        })
        .collect();
    let is_there = |address: &ArcStr| {
        servers
            .iter()
            .any(|seen| seen.address.to_string() == **address)
    };
    if !entry.chosen.as_ref().is_some_and(is_there) {
        let only = servers.first().filter(|_| servers.len() == 1);
        entry.chosen = known
            .or(only)
            .map(|server| server.address.to_string().into());
    }
    choose(entry);
}

fn choose(entry: &mut Entry) {
    let chosen = entry.chosen.clone();
    for server in entry.servers.iter_mut() {
        server.chosen = chosen.as_ref() == Some(&server.address);
    }
}

/// One is in: nothing of what was typed is kept.
pub(super) fn entered(state: &mut AppState) {
    state.entry = Entry {
        servers: state.entry.servers.clone(),
        ..Entry::default()
    };
    state.stage = Stage::In;
}

/// It was refused: the reason stands beside the field that can be mended.
pub(super) fn refused(state: &mut AppState, failure: &Failure) {
    let entry = &mut state.entry;
    entry.busy = false;
    if let Failure::ServerNotTrusted {
        fingerprint,
        address,
    } = failure
    {
        entry.doubt = Some(Doubt {
            fingerprint: fingerprint.as_str().into(),
            address: address.as_str().into(),
        });
        return;
    }
    let field = field(failure);
    entry.more |= field == Field::Server;
    let fault = Fault::Failed(failure.clone());
    entry.wrong = Some(Wrong { field, fault });
}

/// What can be mended.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all others are about no field"
)]
fn field(failure: &Failure) -> Field {
    match failure {
        Failure::Refused(refusal) => match refusal {
            Refusal::NameTaken | Refusal::NameInvalid { .. } | Refusal::NameReserved => {
                Field::Login
            }
            Refusal::WrongLoginOrPassword | Refusal::PasswordTooWeak { .. } => Field::Password,
            Refusal::InviteNeeded | Refusal::LockedNeedsCode => Field::Code,
            _ => Field::Form,
        },
        Failure::PictureUnreadable { .. } | Failure::PictureTooLarge { .. } => Field::Picture,
        Failure::NoServer
        | Failure::SeveralServers
        | Failure::Unreachable
        | Failure::ServerKeyChanged { .. } => Field::Server,
        _ => Field::Form,
    }
}
