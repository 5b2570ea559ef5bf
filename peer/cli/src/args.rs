//! The command line: what can be typed, nothing else. `main` parses it and hands it to `commands`.
//!
//! Every sentence of the help comes from the one table of texts, so that it exists in both languages; a test finds
//! a command or option without one. Nothing here reads a file, the environment or the clock.

mod accounts;
mod announcements;
mod groups;
mod values;

pub(crate) use accounts::AccountCommand;
pub(crate) use announcements::AnnouncementCommand;
pub(crate) use groups::{
    Floor, GroupCommand, GroupsCommand, Mode, Policy, PrivateChat, Role as GroupRole, Way,
};
pub(crate) use values::{SexLetter, Switch, Udp, Wait, WaitFile};

use crate::moment::Moment;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use hutong_common::command_line::{self, Group, Speaker};
use hutong_common::id::{FileId, MsgId};
use hutong_common::limits::HISTORY_PAGE_MAX;
use hutong_common::text::Lang;
use hutong_common::text::help::Help;
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

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
    #[arg(long, global = true, value_name = "zh|en", value_parser = values::language)]
    pub(crate) lang: Option<Lang>,
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How the engine runs, when this process runs one.
#[derive(Clone, Debug, Args)]
pub(crate) struct EngineFlags {
    #[arg(long, global = true)]
    pub(crate) no_mdns: bool,
    #[arg(long, global = true, value_name = "off|PORT", value_parser = values::udp)]
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

#[derive(Clone, Debug, Args)]
pub(crate) struct ServerChoice {
    #[arg(long, value_name = "INVITE|HOST:PORT")]
    pub(crate) server: Option<String>,
    #[arg(long)]
    pub(crate) accept_new_server: bool,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) seat: Option<bool>,
    #[arg(long)]
    pub(crate) password_stdin: bool,
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
    Groups(GroupsCommand),
    #[command(flatten)]
    Announcement(AnnouncementCommand),
    #[command(flatten)]
    File(FileCommand),
    Doctor {
        #[arg(value_name = "WHO")]
        whom: Option<String>,
    },
    Watch,
    Agent,
    Completions {
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
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
    Blocked,
    Remark {
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(value_name = "NAME")]
        remark: String,
    },
    Safety {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(long, conflicts_with = "accept")]
        verify: bool,
        #[arg(long)]
        accept: bool,
    },
    Friends,
    Who {
        #[arg(value_name = "WHO")]
        who: Option<String>,
    },
    Away {
        #[arg(value_name = "on|off", value_enum)]
        away: Option<Switch>,
    },
}

/// Conversations.
#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    Chats,
    Unread,
    Send {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        text: String,
        #[arg(long, value_enum, value_name = "left|delivered")]
        wait: Option<Wait>,
    },
    Draft {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        draft: Option<String>,
    },
    Drafts,
    Read {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(value_name = "UPTO", value_parser = values::id::<MsgId>)]
        upto: Option<String>,
    },
    History {
        #[arg(value_name = "WHO")]
        who: String,
        #[arg(long, value_name = "X", value_parser = Moment::from_str)]
        before: Option<Moment>,
        #[arg(long, value_name = "X", value_parser = Moment::from_str)]
        after: Option<Moment>,
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
        #[arg(
            id = "wait_file",
            long = "wait",
            value_enum,
            value_name = "left|delivered|fetched"
        )]
        wait: Option<WaitFile>,
    },
    Files {
        #[arg(long, conflicts_with = "outgoing")]
        incoming: bool,
        #[arg(long)]
        outgoing: bool,
    },
    AcceptFile {
        #[arg(value_name = "ID", value_parser = values::id::<FileId>)]
        file: String,
        #[arg(long)]
        no_wait: bool,
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    DeclineFile {
        #[arg(value_name = "ID", value_parser = values::id::<FileId>)]
        file: String,
    },
    CancelFile {
        #[arg(value_name = "ID", value_parser = values::id::<FileId>)]
        file: String,
    },
    PauseFile {
        #[arg(value_name = "ID", value_parser = values::id::<FileId>)]
        file: String,
    },
    ResumeFile {
        #[arg(value_name = "ID", value_parser = values::id::<FileId>)]
        file: String,
    },
}

/// A command line that cannot be carried out: what to say, and whether that was asked for.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) text: String,
    /// Help or version, for standard output.
    pub(crate) is_help: bool,
}

/// Reads the command line; else what to show in its place, in the language that it asks for.
pub(crate) fn parse(arguments: Vec<OsString>, locale: Lang) -> Result<Cli, Shown> {
    let lang = command_line::language_of(&arguments, locale);
    let mut top = dressed(lang);
    let parsed = top
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| Shown {
        text: speaker(lang).mistake(&error, &top),
        is_help: error.exit_code() == 0,
    })
}

/// The script with which a shell completes this command line.
pub(crate) fn completions(shell: Shell, lang: Lang) -> Vec<u8> {
    command_line::completions(dressed(lang), shell)
}

const fn speaker(lang: Lang) -> Speaker {
    Speaker {
        lang,
        sentences: Help::by_name,
    }
}

fn dressed(lang: Lang) -> clap::Command {
    let group = |heading, augment: fn(clap::Command) -> clap::Command| {
        let names = augment(clap::Command::new(""))
            .get_subcommands()
            .map(name_of)
            .collect();
        (heading, names)
    };
    let mut groups = vec![
        group("GroupAccount", AccountCommand::augment_subcommands),
        group("GroupFriend", FriendCommand::augment_subcommands),
        group("GroupMessage", MessageCommand::augment_subcommands),
        group("GroupGroups", GroupsCommand::augment_subcommands),
        group(
            "GroupAnnouncement",
            AnnouncementCommand::augment_subcommands,
        ),
        group("GroupFile", FileCommand::augment_subcommands),
    ];
    let top = Cli::command().version(env!("CARGO_PKG_VERSION"));
    let is_listed = |name: &String| groups.iter().any(|(_, names): &Group| names.contains(name));
    let rest = top
        .get_subcommands()
        .map(name_of)
        .filter(|name| !is_listed(name))
        .collect();
    groups.push(("GroupRun", rest));
    speaker(lang).dress(top, &groups)
}

fn name_of(command: &clap::Command) -> String {
    command.get_name().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    fn parsed(line: &str) -> Result<Cli, Shown> {
        parse(line.split(' ').map(OsString::from).collect(), Lang::En)
    }

    #[test]
    fn the_command_line_is_sound_and_explained_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let top = dressed(lang);
            top.clone().debug_assert();
            assert_eq!(command_line::unexplained(&top), Vec::<String>::new());
            let help = top.clone().render_help().to_string();
            for command in top.get_subcommands() {
                assert!(
                    help.contains(&format!("\n  {} ", command.get_name())),
                    "{help}"
                );
            }
        }
    }

    const LINES: &[&str] = &[
        "servers",
        "register alice --name A --sex f --code C --server h:1 --accept-new-server --password-stdin",
        "login alice --password-stdin --seat",
        "login alice --seat=false",
        "logout",
        "whoami",
        "profile --name N --sex m --avatar a.png --signature S",
        "passwd --password-stdin",
        "devices",
        "devices --remove 00000000000000000000000000000000 --password-stdin",
        "unlock --password-stdin",
        "safety bob",
        "safety bob --verify",
        "safety bob --accept",
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
        "blocked",
        "remark bob Bobby",
        "friends",
        "who",
        "who bob",
        "away",
        "away on",
        "chats",
        "unread",
        "send bob hi --wait left",
        "send --wait delivered bob -hi",
        "send-file bob a b",
        "read bob",
        "read bob 01920000-0000-7000-8000-000000000000",
        "draft bob",
        "draft bob -later",
        "drafts",
        "history bob --before 5 --after 1 --from bob --limit 1000",
        "history bob --after 2026-11-25T08:00 --before today",
        "group list",
        "group show 100001",
        "group create G bob carol --class",
        "group find 100001",
        "group apply 100001 --greeting hi",
        "group invite 100001 bob --greeting hi",
        "group add 100001 bob carol",
        "group rename 100001 N",
        "group notice 100001 -words",
        "group floor 100001 questions",
        "group policy 100001 --mode exam --private-chat admins --create-groups off",
        "group policy 100001 --send-files on --largest-file 50 --recall 60 --quiet 22:00-06:30",
        "group role 100001 bob admin",
        "group hand-over 100001 bob",
        "group mute 100001 bob 10",
        "group kick 100001 bob",
        "group join 7k3q9wpa",
        "group join 7K3Q 9WPA",
        "group code g:100001",
        "group code 100001 --new",
        "group code 100001 --off",
        "group attendance 100001",
        "group attendance 100001 --csv -",
        "group hand 100001 up",
        "group hand 100001 down bob",
        "group hand 100001 down --all",
        "group hands g:100001",
        "group leave 100001",
        "group dissolve 100001",
        "files --incoming",
        "files --outgoing",
        "accept-file 00000000000000000000000000000000 --to d",
        "accept-file 00000000000000000000000000000000 --no-wait",
        "decline-file 00000000000000000000000000000000",
        "cancel-file 00000000000000000000000000000000",
        "pause-file 00000000000000000000000000000000",
        "resume-file 00000000000000000000000000000000",
        "doctor",
        "doctor bob",
        "watch",
        "agent --no-mdns --udp off --static-peer 127.0.0.1:1 --clock-offset -5 --max-rate 9 --bind 127.0.0.1 --plain-keys",
        "--home d --json --lang zh -vv agent --udp 7442",
    ];

    #[test]
    fn every_command_of_the_contract_is_understood() {
        for line in LINES {
            if let Err(error) = parsed(&format!("hutong {line}")) {
                panic!("{line}: {}", error.text);
            }
        }
    }

    #[test]
    fn bad_usage_is_told_from_help() {
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
            "accept-file zz",
            "read bob zz",
            "devices --password-stdin",
            "safety bob --verify --accept",
            "group",
            "group show x",
            "group add 100001",
            "group floor 100001 loud",
        ] {
            let shown = parsed(&format!("hutong {line}")).unwrap_err();
            assert!(!shown.is_help, "{line}: {}", shown.text);
        }
        assert!(parsed("hutong --help").unwrap_err().is_help);
    }

    #[test]
    fn help_speaks_the_language_asked_for() {
        let english = parsed("hutong send --help").unwrap_err().text;
        assert!(
            english.contains("Usage: hutong send") && english.contains("Send a text"),
            "{english}"
        );
        for line in ["hutong send --help --lang zh", "hutong --lang=zh send -h"] {
            let chinese = parsed(line).unwrap_err().text;
            assert!(
                chinese.contains("用法: hutong send") && chinese.contains("发送文字消息"),
                "{chinese}"
            );
        }
    }

    #[test]
    fn mistakes_are_told_in_the_language_asked_for() {
        for (line, en, zh) in [
            ("frends", "no command \"frends\"", "没有命令“frends”"),
            ("send bob", "Missing: <TEXT>", "缺少：<TEXT>"),
            (
                "history bob --limit 0",
                "At most so many, 1 to 1000",
                "最多显示的条数，1 到 1000",
            ),
            (
                "who --nothing",
                "\"--nothing\" does not belong",
                "这里不能用“--nothing”",
            ),
            (
                "register a --sex q",
                "\"q\" does not fit --sex",
                "--sex <m|f|x> 不能是“q”",
            ),
            (
                "files --incoming --outgoing",
                "do not go together",
                "不能同时使用",
            ),
            ("history bob --limit", "needs a value", "缺少取值"),
        ] {
            let english = parsed(&format!("hutong {line}")).unwrap_err().text;
            assert!(english.contains(en), "{english}");
            let chinese = parsed(&format!("hutong --lang zh {line}"))
                .unwrap_err()
                .text;
            assert!(
                chinese.contains(zh) && chinese.contains("详见 hutong --help"),
                "{chinese}"
            );
            assert!(
                !chinese.contains("Usage") && !chinese.contains("error"),
                "{chinese}"
            );
        }
        let near = parsed("hutong frends").unwrap_err().text;
        assert!(
            near.contains("Did you mean") && near.contains("friends"),
            "{near}"
        );
    }

    #[test]
    fn every_shell_gets_a_script_that_knows_the_commands() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(completions(*shell, Lang::Zh)).unwrap();
            assert!(script.contains("send-file"), "{shell}");
        }
    }
}
