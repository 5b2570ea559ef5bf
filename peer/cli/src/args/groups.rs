//! What can be typed about groups.

use super::values::Switch;
use clap::{Args, Subcommand, ValueEnum};
use std::num::ParseIntError;
use std::path::PathBuf;

/// Groups and classes.
#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    Group {
        #[command(subcommand)]
        deed: GroupCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum GroupCommand {
    List,
    Show {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
    },
    Create {
        #[arg(id = "group_name", value_name = "NAME")]
        name: String,
        #[arg(id = "members", value_name = "LOGIN")]
        members: Vec<String>,
        #[arg(long)]
        class: bool,
    },
    Find {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
    },
    Apply {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(
            long,
            default_value = "",
            hide_default_value = true,
            allow_hyphen_values = true
        )]
        greeting: String,
    },
    Invite {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
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
    Add {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(id = "members", value_name = "LOGIN", required = true)]
        members: Vec<String>,
    },
    Rename {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(id = "group_name", value_name = "NAME")]
        name: String,
    },
    Notice {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        notice: String,
    },
    Floor {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "free|questions|admins|silent", value_enum)]
        floor: Floor,
    },
    Policy(Policy),
    Role {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(value_name = "admin|member", value_enum)]
        role: Role,
    },
    HandOver {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Mute {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(value_name = "MINUTES")]
        minutes: u64,
    },
    Kick {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Join {
        #[arg(id = "join_code", value_name = "CODE", required = true)]
        code: Vec<String>,
    },
    Code {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(long)]
        new: bool,
        #[arg(long, conflicts_with = "new")]
        off: bool,
    },
    Attendance {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    Hand {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
        #[arg(value_name = "up|down", value_enum)]
        way: Way,
        #[arg(id = "whose", value_name = "LOGIN", conflicts_with = "all")]
        login: Option<String>,
        #[arg(long)]
        all: bool,
    },
    Hands {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
    },
    Leave {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
    },
    Dissolve {
        #[arg(value_name = "GROUP", value_parser = number)]
        group: u64,
    },
}

/// Other rules for a class; what is left out stays.
#[derive(Debug, Args)]
pub(crate) struct Policy {
    #[arg(value_name = "GROUP", value_parser = number)]
    pub(crate) group: u64,
    #[arg(long, value_name = "free|lesson|exam", value_enum)]
    pub(crate) mode: Option<Mode>,
    #[arg(long, value_name = "on|admins|off", value_enum)]
    pub(crate) private_chat: Option<PrivateChat>,
    #[arg(long, value_name = "on|off", value_enum)]
    pub(crate) create_groups: Option<Switch>,
    #[arg(long, value_name = "on|off", value_enum)]
    pub(crate) send_files: Option<Switch>,
    #[arg(long, value_name = "MIB")]
    pub(crate) largest_file: Option<u64>,
    #[arg(long, value_name = "SECONDS")]
    pub(crate) recall: Option<u64>,
    #[arg(long, value_name = "HH:MM-HH:MM|off")]
    pub(crate) quiet: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Free,
    Lesson,
    Exam,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrivateChat {
    On,
    Admins,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Floor {
    Free,
    Questions,
    Admins,
    Silent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    Admin,
    Member,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    Up,
    Down,
}

/// The number of a group, also as conversations with groups are written: `g:100001`.
pub(super) fn number(typed: &str) -> Result<u64, ParseIntError> {
    typed.strip_prefix("g:").unwrap_or(typed).parse()
}
