//! The commands about accounts and their devices; parsing only.

use crate::service::accounts::RoleName;
use clap::{Args as Group, Subcommand};
use hutong_common::name::{DisplayName, Login};

/// `account`.
#[derive(Debug, Group)]
pub struct Account {
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: AccountCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// List accounts
    List {
        /// Only those of which login or name contain this
        #[arg(value_name = "TEXT")]
        part: Option<String>,
    },
    /// Show everything about one account
    Show {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
    },
    /// Change the name that others see
    Rename {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
        /// The new name
        #[arg(value_parser = name)]
        name: DisplayName,
    },
    /// Keep an account out until it is unlocked
    Lock {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
    },
    /// Let a locked account in again
    Unlock {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
    },
    /// Make a one-time code for somebody who forgot the password
    ResetCode {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
    },
    /// Say what an account may do
    Role {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
        /// Member, teacher or admin
        #[arg(value_name = "member|teacher|admin", value_parser = role)]
        role: RoleName,
    },
    /// Delete an account for good
    Delete {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `device`.
#[derive(Debug, Group)]
pub struct Device {
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: DeviceCommand,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// Remove a device from an account
    Remove {
        /// Login of the account
        #[arg(value_parser = login)]
        login: Login,
        /// Id of the device, or how it begins
        #[arg(value_parser = device)]
        device: String,
    },
}

fn login(typed: &str) -> Result<Login, String> {
    Login::new(typed).map_err(|rule| rule.to_string())
}

fn name(typed: &str) -> Result<DisplayName, String> {
    DisplayName::new(typed).map_err(|rule| rule.to_string())
}

fn role(typed: &str) -> Result<RoleName, &'static str> {
    match typed {
        "member" => Ok(RoleName::Member),
        "teacher" => Ok(RoleName::Teacher),
        "admin" => Ok(RoleName::Admin),
        _ => Err("member, teacher or admin"),
    }
}

fn device(typed: &str) -> Result<String, &'static str> {
    let is_start = (4..=32).contains(&typed.len()) && typed.bytes().all(|c| c.is_ascii_hexdigit());
    is_start
        .then(|| typed.to_owned())
        .ok_or("4 to 32 hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use crate::args::{Args, Command};
    use clap::Parser;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Args::try_parse_from(line.split(' ')).map(|args| args.command)
    }

    #[test]
    fn what_cannot_be_a_login_a_role_or_a_device_is_bad_usage() {
        for line in [
            "rendezvous account show _",
            "rendezvous account role lin owner",
            "rendezvous device remove lin zzzz",
            "rendezvous device remove lin abc",
            "rendezvous account",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        for line in [
            "rendezvous account list --json",
            "rendezvous account --json list li",
            "rendezvous account role Lin teacher",
            "rendezvous account reset-code Lin",
            "rendezvous device remove 小林 0a1B",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
    }
}
