//! What each command does: it asks the engine in the agent's words, shows the reply, and says how the program exits.
//!
//! Called by `main`. The children turn arguments into requests; waiting for what happens afterwards is here.

mod request;
mod save;
mod transfer;
mod watch;

use crate::args::{self, Cli, Command, EngineFlags, Udp};
use crate::dialog::{Dialog, Rendezvous};
use crate::render::{self, Screen};
use crate::{agent, prompt};
use hutong_common::limits::{HOME_WAIT_MS, HOME_WAIT_STEP_MS};
use hutong_common::text::client::Client;
use hutong_common::text::doctor::DoctorText;
use hutong_common::text::{Lang, failure};
use hutong_engine::api::Failure;
use hutong_engine::engine::{self, Engine, EngineConfig, EventStream};
use hutong_host::wording::{self, Fields};
use hutong_host::{home, local};
use request::Planned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the program exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Refused,
    Usage,
    NotSignedIn,
    Unreachable,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::NotSignedIn => 3,
            Self::Unreachable => 4,
        }
    }

    fn of_error(code: &str) -> Self {
        match code {
            "not_signed_in" => Self::NotSignedIn,
            "unreachable" => Self::Unreachable,
            "malformed" | "missing_argument" => Self::Usage,
            _ => Self::Refused,
        }
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// With an `error` object.
    Error(Fields),
    /// The engine, or the talk with it, ended.
    Broken(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Fields> for Stop {
    fn from(error: Fields) -> Self {
        Self::Error(error)
    }
}

/// An `error` object of this program's own.
fn error(code: &str, text: String) -> Stop {
    Stop::Error(Fields::from_iter([
        ("code".to_owned(), code.into()),
        ("text".to_owned(), text.into()),
    ]))
}

fn failed(failure: &Failure, lang: Lang) -> Stop {
    Stop::Error(wording::failure(failure, lang))
}

/// Carries out one command line.
pub(crate) async fn run(cli: Cli, lang: Lang) -> Exit {
    // An agent's standard output is for a program, also when it ends at once.
    let is_json = cli.global.json || matches!(cli.command, Command::Agent);
    let mut screen = Screen::new(lang, is_json);
    match carry_out(cli, &mut screen).await {
        Ok(exit) => exit,
        Err(Stop::Error(error)) => {
            screen.error(&error);
            Exit::of_error(
                error
                    .get("code")
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default(),
            )
        }
        Err(Stop::Broken(broken)) => {
            tracing::debug!(error = %broken, "the talk with the engine broke");
            let text = failure::Failure::EngineGone.say(lang);
            screen.error(&Fields::from_iter([
                ("code".to_owned(), "engine_gone".into()),
                ("text".to_owned(), text.into()),
            ]));
            Exit::Refused
        }
    }
}

async fn carry_out(cli: Cli, screen: &mut Screen) -> Result<Exit, Stop> {
    let lang = screen.lang;
    let home = home_folder(&cli, lang)?;
    let preset = home::preset(&home).map_err(|bad| {
        error(
            "malformed",
            Client::BadPreset {
                path: &bad.path,
                detail: &bad.detail,
            }
            .say(lang),
        )
    })?;
    let config = EngineConfig {
        holds_session: matches!(cli.command, Command::Agent | Command::Watch),
        ..flagged(cli.engine, hutong_host::config(&home, preset))
    };
    let planned = match cli.command {
        Command::Agent => {
            let started = hutong_host::start(&config).map_err(|failure| failed(&failure, lang))?;
            agent::run(started, &config.home, lang).await;
            return Ok(Exit::Done);
        }
        Command::Watch => return watch::watch(&config, screen).await,
        Command::Completions { shell } => {
            render::script(&args::completions(shell, lang));
            return Ok(Exit::Done);
        }
        Command::Doctor { whom } => {
            if !screen.is_json {
                screen.note(&DoctorText::Checking.say(lang));
            }
            request::check(whom)
        }
        Command::Account(command) => request::account(command, lang)?,
        Command::Friend(command) => request::friend(command),
        Command::Groups(command) => request::group(command),
        Command::Announcement(command) => request::announcement(command),
        Command::Message(command) => request::message(command),
        Command::File(command) => request::file(command, lang)?,
    };
    let mut dialog = reach(&config, lang).await?;
    let outcome = perform(&planned, &mut dialog, screen).await;
    dialog.close().await;
    outcome
}

/// What the command line says of the engine, over what the home says.
fn flagged(flags: EngineFlags, config: EngineConfig) -> EngineConfig {
    let udp = flags.udp.map(|udp| match udp {
        Udp::Off => engine::Udp::Off,
        Udp::Port(port) => engine::Udp::Port(port),
    });
    EngineConfig {
        udp: udp.unwrap_or(config.udp),
        bind: flags.bind,
        mdns: !flags.no_mdns,
        static_peers: flags.static_peer,
        clock_offset_s: flags.clock_offset.unwrap_or_default(),
        max_rate_bytes: flags.max_rate,
        plain_keys: flags.plain_keys,
        ..config
    }
}

fn home_folder(cli: &Cli, lang: Lang) -> Result<PathBuf, Stop> {
    let found = home::folder(cli.global.home.as_deref()).ok().flatten();
    found.ok_or_else(|| error("malformed", Client::NoHomeFolder.say(lang)))
}

async fn perform(
    planned: &Planned,
    dialog: &mut Dialog,
    screen: &mut Screen,
) -> Result<Exit, Stop> {
    let rendezvous = match planned.patience_ms {
        Some(ms) => dialog.settle(Duration::from_millis(ms)).await?,
        None => Rendezvous::There,
    };
    if planned.follow.is_some() {
        dialog.watch().await??;
    }
    let mut exit = Exit::Done;
    for request in &planned.requests {
        let reply = dialog.ask(request).await??;
        match &planned.csv {
            Some(path) => save::attendance(path, &reply, screen)?,
            None => screen.reply(request, &reply),
        }
        if let Some(text) = planned.note(rendezvous, dialog.is_own()) {
            screen.note(&text.say(screen.lang));
        }
        if let Some(follow) = planned.follow {
            exit = transfer::follow(follow, &reply, dialog, screen).await?;
        }
    }
    Ok(exit)
}

/// The engine that runs on this home, or one of our own. Another command that is just ending is waited for.
async fn reach(config: &EngineConfig, lang: Lang) -> Result<Dialog, Stop> {
    match reach_or_own(config, lang).await? {
        Reached::Beside(dialog) => Ok(dialog),
        Reached::Own(engine, ear) => Ok(Dialog::own((engine, ear), lang)),
    }
}

enum Reached {
    Beside(Dialog),
    Own(Engine, EventStream),
}

async fn reach_or_own(config: &EngineConfig, lang: Lang) -> Result<Reached, Stop> {
    for _ in 0..HOME_WAIT_MS / HOME_WAIT_STEP_MS {
        if let Some(dialog) = beside(&config.home, lang).await {
            return Ok(Reached::Beside(dialog));
        }
        match hutong_host::start(config) {
            Ok((engine, ear)) => return Ok(Reached::Own(engine, ear)),
            Err(Failure::HomeLocked) => {
                tokio::time::sleep(Duration::from_millis(HOME_WAIT_STEP_MS)).await
            }
            Err(failure) => return Err(failed(&failure, lang)),
        }
    }
    Err(failed(&Failure::HomeLocked, lang))
}

async fn beside(home: &Path, lang: Lang) -> Option<Dialog> {
    let stream = local::connect(home).await.ok()?;
    Some(Dialog::beside(stream, lang))
}

impl From<prompt::NoPassword> for Stop {
    fn from(prompt::NoPassword(text): prompt::NoPassword) -> Self {
        error("missing_argument", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_the_exit_codes_of_the_contract() {
        for (code, exit) in [
            ("not_signed_in", 3),
            ("unreachable", 4),
            ("missing_argument", 2),
            ("home_locked", 1),
            ("name_taken", 1),
            ("no_server", 1),
            ("timed_out", 1),
        ] {
            assert_eq!(Exit::of_error(code).code(), exit, "{code}");
        }
    }
}
