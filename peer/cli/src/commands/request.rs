//! Arguments become requests, exactly as a program would write them to the agent. Each child plans one domain.
//!
//! Passwords are asked for here, before an engine starts. Paths become absolute, because the engine may be that of
//! another process with another folder.

mod accounts;
mod announcements;
mod files;
mod friends;
mod groups;
mod messages;

pub(super) use accounts::plan as account;
pub(super) use announcements::plan as announcement;
pub(super) use files::plan as file;
pub(super) use friends::plan as friend;
pub(super) use groups::plan as group;
pub(super) use messages::plan as message;

use super::transfer::Follow;
use crate::commands::Stop;
use crate::dialog::Rendezvous;
use hutong_common::limits::{HOME_UPDATE_WAIT_MS, ONLINE_WAIT_MS};
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use hutong_engine::api::Failure;
use hutong_host::wording::{self, Fields};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What to ask, and how to go about it.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) requests: Vec<Fields>,
    /// An engine that has just started catches up with the rendezvous first, but for no longer than this.
    pub(super) patience_ms: Option<u64>,
    pub(super) follow: Option<Follow>,
    /// The reply is saved there as a table, not shown; `-` is standard output.
    pub(super) csv: Option<PathBuf>,
}

impl Planned {
    /// Asked at once.
    fn here(fields: Value) -> Self {
        Self {
            requests: vec![given(fields)],
            patience_ms: None,
            follow: None,
            csv: None,
        }
    }

    /// Asked when the rendezvous is there, or cannot be reached.
    fn up_to_date(fields: Value) -> Self {
        Self {
            patience_ms: Some(ONLINE_WAIT_MS),
            ..Self::here(fields)
        }
    }

    /// Answered from the home, which is more useful when it is up to date.
    fn from_home(fields: Value) -> Self {
        Self {
            patience_ms: Some(HOME_UPDATE_WAIT_MS),
            ..Self::here(fields)
        }
    }

    /// What a person should know about what was just stored, when this process ends now.
    pub(super) fn note(&self, rendezvous: Rendezvous, is_own: bool) -> Option<Client<'static>> {
        let verb = self.requests.first()?.get("do")?.as_str()?;
        match verb {
            "send" | "announce" | "announce_again" => match rendezvous {
                Rendezvous::There => None,
                Rendezvous::Away => Some(Client::WaitsInOutbox),
                Rendezvous::WrongKey => Some(Client::WaitsForServerKey),
            },
            "accept_file" if self.follow.is_none() => Some(Client::FetchedWhileRunning),
            "send_file" if is_own && self.follow != Some(Follow::Fetched) => {
                Some(Client::OfferedWhileRunning)
            }
            _ => None,
        }
    }
}

/// A check of the network. The engine itself waits for what it needs, within its bound.
pub(super) fn check(whom: Option<String>) -> Planned {
    Planned::here(json!({ "do": "doctor", "login": whom }))
}

/// An object without the fields that were not given.
fn given(fields: Value) -> Fields {
    let fields = match fields {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Fields::new()
        }
    };
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn absolute(path: &Path, lang: Lang) -> Result<String, Stop> {
    let missing = || {
        let failure = Failure::NoSuchFile {
            path: path.to_owned(),
        };
        Stop::Error(wording::failure(&failure, lang))
    };
    let absolute = std::path::absolute(path).map_err(|_| missing())?;
    absolute.to_str().map(str::to_owned).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{self, Command};
    use hutong_host::request;

    const LINES: &[&str] = &[
        "servers",
        "logout",
        "whoami",
        "devices",
        "safety bob",
        "safety bob --verify",
        "safety bob --accept",
        "profile --name N --sex m --avatar a.png --signature S",
        "profile --avatar none",
        "find bob",
        "whois 10001",
        "can-add bob",
        "add bob --greeting hi",
        "requests",
        "accept 7",
        "accept bob",
        "decline 7",
        "remove bob",
        "block bob",
        "unblock bob",
        "blocked",
        "remark bob Bobby",
        "friends",
        "doctor",
        "doctor bob",
        "who",
        "who bob",
        "away",
        "away off",
        "chats",
        "unread",
        "send bob hi --wait left",
        "send-file bob a b --wait fetched",
        "read bob",
        "draft bob",
        "draft bob later",
        "drafts",
        "history bob --after yesterday --before 2026-11-25",
        "history bob --before 5 --after 01920000-0000-7000-8000-000000000000 --limit 9",
        "group list",
        "group show 100001",
        "group create G bob carol --class",
        "group find 100001",
        "group apply 100001 --greeting hi",
        "group invite 100001 bob",
        "group add 100001 bob carol",
        "group rename 100001 N",
        "group notice 100001 words",
        "group floor 100001 silent",
        "group role 100001 bob member",
        "group hand-over 100001 bob",
        "group mute 100001 bob 0",
        "group kick 100001 bob",
        "group join 7K3Q 9WPA",
        "group code g:100001 --new",
        "group code 100001 --off",
        "group attendance 100001 --csv a.csv",
        "group hand 100001 up",
        "group hand 100001 down bob",
        "group hand 100001 down --all",
        "group hands 100001",
        "group leave 100001",
        "group dissolve 100001",
        "files",
        "files --incoming",
        "accept-file 00000000000000000000000000000000 --to d",
        "decline-file 00000000000000000000000000000000",
        "cancel-file 00000000000000000000000000000000",
        "pause-file 00000000000000000000000000000000",
        "resume-file 00000000000000000000000000000000",
    ];

    /// Whatever can be typed is a request that the agent takes.
    #[test]
    fn every_command_becomes_a_line_that_the_agent_understands() {
        for line in LINES {
            let words = ["hutong"].into_iter().chain(line.split(' '));
            let cli = args::parse(words.map(Into::into).collect(), Lang::En).unwrap();
            let planned = match cli.command {
                Command::Account(command) => account(command, Lang::En),
                Command::Friend(command) => Ok(friend(command)),
                Command::Message(command) => Ok(message(command)),
                Command::Groups(command) => Ok(group(command)),
                Command::Announcement(command) => Ok(announcement(command)),
                Command::File(command) => file(command, Lang::En),
                Command::Doctor { whom } => Ok(check(whom)),
                Command::Watch | Command::Agent | Command::Completions { .. } => {
                    panic!("{line} is no request")
                }
            };
            for fields in planned.unwrap().requests {
                let text = Value::Object(fields).to_string();
                assert!(request::read(text.as_bytes()).is_ok(), "{line}: {text}");
            }
        }
    }
}
