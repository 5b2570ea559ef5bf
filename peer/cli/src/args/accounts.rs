//! Commands about one's own account, its computers, and the rendezvous that holds it.
//!
//! Part of the command line in `args.rs`, which explains every one of them from the table of texts.

use super::{ServerChoice, SexLetter};
use clap::Subcommand;
use hutong_common::id::DeviceId;
use std::path::PathBuf;

/// Accounts, and the rendezvous that holds them.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    Servers,
    Register {
        #[arg(value_name = "LOGIN")]
        login: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long, value_enum, value_name = "m|f|x")]
        sex: Option<SexLetter>,
        #[arg(long, value_name = "FILE")]
        avatar: Option<PathBuf>,
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
        #[arg(long, value_enum, value_name = "m|f|x")]
        sex: Option<SexLetter>,
        #[arg(long, value_name = "FILE")]
        avatar: Option<PathBuf>,
        #[arg(long)]
        signature: Option<String>,
    },
    Passwd {
        #[arg(id = "passwords_stdin", long = "password-stdin")]
        password_stdin: bool,
    },
    Devices {
        #[arg(long, value_name = "ID", value_parser = super::values::id::<DeviceId>)]
        remove: Option<String>,
        #[arg(long, requires = "remove")]
        password_stdin: bool,
    },
    Unlock {
        #[arg(long)]
        password_stdin: bool,
    },
}
