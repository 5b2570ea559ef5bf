//! What can be typed about groups.

use clap::{Subcommand, ValueEnum};

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
        #[arg(value_name = "GROUP")]
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
        #[arg(value_name = "GROUP")]
        group: u64,
    },
    Apply {
        #[arg(value_name = "GROUP")]
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
        #[arg(value_name = "GROUP")]
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
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(id = "members", value_name = "LOGIN", required = true)]
        members: Vec<String>,
    },
    Rename {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(id = "group_name", value_name = "NAME")]
        name: String,
    },
    Notice {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        notice: String,
    },
    Floor {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "free|questions|admins|silent", value_enum)]
        floor: Floor,
    },
    Role {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(value_name = "admin|member", value_enum)]
        role: Role,
    },
    HandOver {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Mute {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(value_name = "MINUTES")]
        minutes: u64,
    },
    Kick {
        #[arg(value_name = "GROUP")]
        group: u64,
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    Leave {
        #[arg(value_name = "GROUP")]
        group: u64,
    },
    Dissolve {
        #[arg(value_name = "GROUP")]
        group: u64,
    },
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
