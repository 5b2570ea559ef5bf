//! What can be asked of the program on its command line; parsing only.
//!
//! The commands about accounts have a file of their own. People read the help in their language, from the common table
//! of texts; a test finds what has no sentence there.

mod accounts;
mod announcements;
mod audit;

pub use accounts::{Account, AccountCommand, Device, DeviceCommand};
pub use announcements::{Announce, Announcements};
pub use audit::{Audit, AuditCommand, Since};

use clap::{Args as Group, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use hutong_common::command_line::{self, Speaker};
use hutong_common::limits::{INVITE_DAYS_DEFAULT, INVITE_DAYS_MAX, INVITE_USES_MAX};
use hutong_common::text::Lang;
use hutong_common::text::help::Help;
use hutong_common::text::rendezvous_help::RendezvousHelp;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Address of the health pages when `--http` comes without one.
const HTTP_DEFAULT: &str = "127.0.0.1:7480";

/// The meeting point of a Hutong: accounts, contacts, presence, and sealed mail for those who are away.
#[derive(Debug, Parser)]
#[command(
    name = "rendezvous",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Settings in TOML; the program's defaults when not given
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of keys and database
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Language of what people read; that of the system when not given
    #[arg(long, global = true, value_name = "zh|en", value_parser = language)]
    pub lang: Option<Lang>,
    /// Log more; twice for even more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// Reads the command line; else what to show in its place, in the language that it asks for.
    ///
    /// # Errors
    /// [`Shown`]: help that was asked for, or what is wrong.
    pub fn read(arguments: Vec<OsString>, locale: Lang) -> Result<Self, Shown> {
        let lang = command_line::language_of(&arguments, locale);
        let mut top = dressed(lang);
        let parsed = top
            .try_get_matches_from_mut(arguments)
            .and_then(|matches| Self::from_arg_matches(&matches));
        parsed.map_err(|error| Shown {
            text: speaker(lang).mistake(&error, &top),
            is_help: error.exit_code() == 0,
        })
    }
}

/// What to show instead of carrying a command line out.
#[derive(Debug)]
pub struct Shown {
    /// The words.
    pub text: String,
    /// Help or version, for standard output.
    pub is_help: bool,
}

/// The script with which a shell completes this command line.
pub(crate) fn completions(shell: Shell, lang: Lang) -> Vec<u8> {
    command_line::completions(dressed(lang), shell)
}

const fn speaker(lang: Lang) -> Speaker {
    Speaker {
        lang,
        sentences: sentence,
    }
}

fn dressed(lang: Lang) -> clap::Command {
    let top = Args::command().version(env!("CARGO_PKG_VERSION"));
    speaker(lang).dress(top, &[])
}

fn sentence(name: &str, lang: Lang) -> Option<&'static str> {
    RendezvousHelp::by_name(name, lang)
        .or_else(|| Help::by_name(name, lang).filter(|_| name.starts_with("Arg")))
}

fn language(name: &str) -> Result<Lang, &'static str> {
    Lang::from_name(name).ok_or("zh or en")
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the rendezvous until it is told to stop
    Serve(Serve),
    /// Print what people compare to be sure that they mean this rendezvous
    Fingerprint,
    /// Print a link with which others can join and register
    Invite(Invite),
    /// Say how the running rendezvous is
    Status {
        /// Print data as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the settings in force, or the first mistake in them
    CheckConfig,
    /// Print a script with which a shell completes these commands
    Completions {
        /// For which shell
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },
    /// See and change accounts
    Account(Account),
    /// See to devices of accounts
    Device(Device),
    /// Announce something as the server
    Announce(Announce),
    /// See what the server announced
    Announcements(Announcements),
    /// Print what was done to accounts and what befell the rendezvous
    Audit(Audit),
}

/// `serve`: what is given here goes before the settings file.
#[derive(Debug, Default, Group)]
pub struct Serve {
    /// Where clients connect; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Serve /healthz and /readyz
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = HTTP_DEFAULT)]
    pub http: Option<SocketAddr>,
    /// Do not announce the rendezvous on the local network
    #[arg(long)]
    pub no_mdns: bool,
    /// Let nobody come into a class by registering
    #[arg(long)]
    pub no_everybody: bool,
    /// Start although the clock is before the last change, or long after it
    #[arg(long)]
    pub accept_clock: bool,
}

/// `invite`.
#[derive(Debug, Group)]
pub struct Invite {
    /// How many accounts may be registered with it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITE_USES_MAX)))]
    pub uses: u32,
    /// How many days it is good for
    #[arg(long, default_value_t = INVITE_DAYS_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITE_DAYS_MAX)))]
    pub days: u32,
    /// Where others reach this rendezvous, best first; its own addresses when not given
    #[arg(long = "host", value_name = "HOST:PORT")]
    pub hosts: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(line: &str) -> Serve {
        let Command::Serve(serve) = Args::try_parse_from(line.split(' ')).unwrap().command else {
            panic!("not serve");
        };
        serve
    }

    #[test]
    fn every_command_and_option_is_explained_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let top = dressed(lang);
            top.clone().debug_assert();
            assert_eq!(command_line::unexplained(&top), Vec::<String>::new());
        }
    }

    /// The help was in English whatever language was asked for.
    #[test]
    fn the_help_is_in_the_language_that_is_asked_for() {
        let read = |line: &str, locale| {
            let words = line.split(' ').map(OsString::from).collect();
            Args::read(words, locale).unwrap_err().text
        };
        for line in [
            "rendezvous --lang zh --help",
            "rendezvous serve -h --lang=zh",
        ] {
            assert!(read(line, Lang::En).contains("用法"), "{line}");
        }
        assert!(read("rendezvous invite --help", Lang::Zh).contains("有效的天数"));
        assert!(read("rendezvous --help", Lang::En).contains("Usage"));
        assert!(read("rendezvous sreve", Lang::Zh).contains("没有命令“sreve”"));
    }

    #[test]
    fn serve_needs_nothing_and_http_needs_no_address() {
        let plain = serve("rendezvous serve");
        assert!(plain.listen.is_none() && plain.http.is_none() && !plain.no_mdns);
        let full = serve("rendezvous serve --http --listen 127.0.0.1:0 --no-mdns");
        assert_eq!(full.http, HTTP_DEFAULT.parse().ok());
        assert_eq!(full.listen, "127.0.0.1:0".parse().ok());
        assert!(full.no_mdns);
    }

    #[test]
    fn an_invitation_for_nobody_or_for_ever_is_bad_usage() {
        for line in [
            "rendezvous invite --uses 0",
            "rendezvous invite --days 100000",
        ] {
            assert!(Args::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
