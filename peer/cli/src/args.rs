//! The command line: what can be typed, nothing else. `main` parses it and hands it to `commands`.
//!
//! Every sentence of the help comes from the one table of texts, so that it exists in both languages; a test finds
//! a command or option without one. Nothing here reads a file, the environment or the clock.

use clap::{Arg, ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use hutong_common::limits::HISTORY_PAGE_MAX;
use hutong_common::text::help::Help;
use hutong_common::text::{Lang, camel_case};
use hutong_engine::api::command::Position;
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(
    name = "hutong",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(flatten)]
    pub(crate) engine: EngineFlags,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "zh|en", value_parser = language)]
    pub(crate) lang: Option<Lang>,
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How the engine runs, when this process runs one.
#[derive(Clone, Debug, Args)]
pub(crate) struct EngineFlags {
    #[arg(long, global = true)]
    pub(crate) no_mdns: bool,
    #[arg(long, global = true, value_name = "off|PORT", value_parser = udp)]
    pub(crate) udp: Option<Udp>,
    #[arg(long, global = true, value_name = "ADDR")]
    pub(crate) static_peer: Vec<SocketAddr>,
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        allow_hyphen_values = true
    )]
    pub(crate) clock_offset: Option<i64>,
    #[arg(long, global = true, value_name = "BYTES/S", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_rate: Option<u64>,
    #[arg(long, global = true, value_name = "ADDR")]
    pub(crate) bind: Option<IpAddr>,
    #[arg(long, global = true)]
    pub(crate) plain_keys: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Udp {
    Off,
    Port(u16),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ServerChoice {
    #[arg(long, value_name = "INVITE|HOST:PORT")]
    pub(crate) server: Option<String>,
    #[arg(long)]
    pub(crate) accept_new_server: bool,
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SexLetter {
    M,
    F,
    X,
}

/// How long `send` stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wait {
    Left,
    Delivered,
}

/// How long `send-file` stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaitFile {
    Left,
    Delivered,
    Fetched,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Account(AccountCommand),
    #[command(flatten)]
    Friend(FriendCommand),
    #[command(flatten)]
    Message(MessageCommand),
    #[command(flatten)]
    File(FileCommand),
    Watch,
    Agent,
}

/// Accounts, and the rendezvous that holds them.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    Servers,
    Register {
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long, value_enum)]
        sex: Option<SexLetter>,
        #[arg(long)]
        code: Option<String>,
        #[command(flatten)]
        server: ServerChoice,
    },
    Login {
        #[arg(value_name = "LOGIN")]
        login: String,
        #[command(flatten)]
        server: ServerChoice,
    },
    Logout,
    Whoami,
    Profile {
        #[arg(long)]
        name: Option<String>,
        #[arg(long, value_enum)]
        sex: Option<SexLetter>,
        #[arg(long)]
        signature: Option<String>,
    },
    Passwd {
        #[arg(id = "passwords_stdin", long = "password-stdin")]
        password_stdin: bool,
    },
}

/// Friends and their presence.
#[derive(Debug, Subcommand)]
pub(crate) enum FriendCommand {
    Find {
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Whois {
        #[arg(value_name = "ID")]
        account: u64,
    },
    CanAdd {
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Add {
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(
            long,
            default_value = "",
            hide_default_value = true,
            allow_hyphen_values = true
        )]
        greeting: String,
    },
    Requests,
    Accept {
        #[arg(value_name = "ID|LOGIN")]
        request: String,
    },
    Decline {
        #[arg(value_name = "ID|LOGIN")]
        request: String,
    },
    Remove {
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Block {
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Unblock {
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Friends,
    Who {
        #[arg(value_name = "WHO")]
        who: Option<String>,
    },
}

/// Conversations.
#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    Unread,
    Send {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        text: String,
        #[arg(long, value_enum)]
        wait: Option<Wait>,
    },
    Read {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "UPTO")]
        upto: Option<String>,
    },
    History {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(long, value_name = "X", value_parser = position)]
        before: Option<String>,
        #[arg(long, value_name = "X", value_parser = position)]
        after: Option<String>,
        #[arg(long, value_name = "LOGIN")]
        from: Option<String>,
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=HISTORY_PAGE_MAX as u64))]
        limit: Option<u64>,
    },
}

/// Files.
#[derive(Debug, Subcommand)]
pub(crate) enum FileCommand {
    SendFile {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        #[arg(id = "wait_file", long = "wait", value_enum)]
        wait: Option<WaitFile>,
    },
    Files {
        #[arg(long, conflicts_with = "outgoing")]
        incoming: bool,
        #[arg(long)]
        outgoing: bool,
    },
    AcceptFile {
        #[arg(value_name = "ID")]
        file: String,
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    DeclineFile {
        #[arg(value_name = "ID")]
        file: String,
    },
    CancelFile {
        #[arg(value_name = "ID")]
        file: String,
    },
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::from_name(text).ok_or_else(|| "zh | en".to_owned())
}

fn udp(text: &str) -> Result<Udp, String> {
    if text == "off" {
        return Ok(Udp::Off);
    }
    text.parse()
        .map(Udp::Port)
        .map_err(|_| "off | 0-65535".to_owned())
}

fn position(text: &str) -> Result<String, String> {
    text.parse::<Position>()
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

/// Reads the command line. On `Err`, clap's message says what was wrong, or is the help that was asked for.
pub(crate) fn parse(arguments: Vec<OsString>, locale: Lang) -> Result<Cli, clap::Error> {
    // The help is shown while parsing, so its language has to be known before.
    let lang = Lang::asked_for(&arguments).unwrap_or(locale);
    Cli::from_arg_matches(&command_line(lang).try_get_matches_from(arguments)?)
}

fn command_line(lang: Lang) -> clap::Command {
    let show_help = Arg::new("help")
        .short('h')
        .long("help")
        .global(true)
        .action(ArgAction::Help);
    let show_version = Arg::new("version")
        .long("version")
        .action(ArgAction::Version);
    let top = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .arg(show_help)
        .arg(show_version)
        .about(help("About", lang))
        .after_help(help("Examples", lang))
        .subcommand_help_heading(help("Commands", lang));
    let names: Vec<String> = top
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    names.iter().fold(explained(top, lang), |top, name| {
        top.mut_subcommand(name, |command| {
            explained(
                command.about(help(&format!("Cmd{}", camel_case(name)), lang)),
                lang,
            )
        })
    })
}

/// The global options stand below those of a command.
const GLOBAL_FROM: usize = 100;

fn explained(command: clap::Command, lang: Lang) -> clap::Command {
    let template = format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        help("Usage", lang)
    );
    let mut order = if command.has_subcommands() {
        GLOBAL_FROM
    } else {
        0
    };
    command.help_template(template).mut_args(|arg| {
        let heading = if arg.is_positional() {
            "Arguments"
        } else {
            "Options"
        };
        let name = format!("Arg{}", camel_case(arg.get_id().as_str()));
        let takes_value = arg.get_action().takes_values();
        order += 1;
        let arg = arg
            .help_heading(help(heading, lang))
            .help(help(&name, lang))
            .display_order(order);
        // The sentences name the values already, in the reader's language.
        if takes_value {
            arg.hide_possible_values(true)
        } else {
            arg
        }
    })
}

/// Empty for a name without a sentence, which the test below finds.
fn help(name: &str, lang: Lang) -> &'static str {
    Help::by_name(name, lang).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        parse(line.split(' ').map(OsString::from).collect(), Lang::En)
    }

    #[test]
    fn the_command_line_is_sound_and_explained_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let top = command_line(lang);
            top.clone().debug_assert();
            for command in top.get_subcommands().chain([&top]) {
                assert!(
                    command
                        .get_about()
                        .is_some_and(|about| !about.to_string().is_empty()),
                    "{}",
                    command.get_name()
                );
                for arg in command.get_arguments() {
                    assert!(
                        arg.get_help()
                            .is_some_and(|help| !help.to_string().is_empty()),
                        "{} {}",
                        command.get_name(),
                        arg.get_id()
                    );
                }
            }
        }
    }

    #[test]
    fn every_command_of_the_contract_is_understood() {
        for line in [
            "servers",
            "register alice --name A --sex f --code C --server h:1 --accept-new-server --password-stdin",
            "login alice --password-stdin",
            "logout",
            "whoami",
            "profile --name N --sex m --signature S",
            "passwd --password-stdin",
            "find bob",
            "whois 10001",
            "can-add bob",
            "add bob --greeting hi",
            "requests",
            "accept 7",
            "decline bob",
            "remove bob",
            "block bob",
            "unblock bob",
            "friends",
            "who",
            "who bob",
            "unread",
            "send bob hi --wait left",
            "send --wait delivered bob -hi",
            "send-file bob a b",
            "read bob",
            "read bob 01920000-0000-7000-8000-000000000000",
            "history bob --before 5 --after 1 --from bob --limit 1000",
            "files --incoming",
            "files --outgoing",
            "accept-file 00 --to d",
            "decline-file 00",
            "cancel-file 00",
            "watch",
            "agent --no-mdns --udp off --static-peer 127.0.0.1:1 --clock-offset -5 --max-rate 9 --bind 127.0.0.1 --plain-keys",
            "--home d --json --lang zh -vv agent --udp 7442",
        ] {
            if let Err(error) = parsed(&format!("hutong {line}")) {
                panic!("{line}: {error}");
            }
        }
    }

    #[test]
    fn bad_usage_is_exit_code_2_and_help_is_0() {
        for line in [
            "nothing",
            "send bob",
            "history bob --limit 0",
            "history bob --limit 1001",
            "history bob --before then",
            "register alice --sex q",
            "--lang fr who",
            "agent --udp yes",
            "files --incoming --outgoing",
            "whois bob",
        ] {
            assert_eq!(
                parsed(&format!("hutong {line}")).unwrap_err().exit_code(),
                2,
                "{line}"
            );
        }
        assert_eq!(parsed("hutong --help").unwrap_err().exit_code(), 0);
    }

    #[test]
    fn help_speaks_the_language_asked_for() {
        let english = parsed("hutong send --help").unwrap_err().to_string();
        assert!(
            english.contains("Usage: hutong send") && english.contains("Send a text"),
            "{english}"
        );
        for line in ["hutong send --help --lang zh", "hutong --lang=zh send -h"] {
            let chinese = parsed(line).unwrap_err().to_string();
            assert!(
                chinese.contains("用法: hutong send") && chinese.contains("发送文字消息"),
                "{chinese}"
            );
        }
    }
}
