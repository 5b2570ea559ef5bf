//! What can be asked of the program on its command line; parsing only.

use clap::{Args as Group, Parser, Subcommand};
use hutong_common::limits::{INVITE_DAYS_DEFAULT, INVITE_DAYS_MAX, INVITE_USES_MAX};
use hutong_common::text::Lang;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Address of the health pages when `--http` comes without one.
const HTTP_DEFAULT: &str = "127.0.0.1:7480";

/// The meeting point of a Hutong: accounts, contacts, presence, and sealed mail for those who are away.
#[derive(Debug, Parser)]
#[command(name = "rendezvous", version)]
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
    /// Print the settings in force, or the first mistake in them
    CheckConfig,
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
    use clap::CommandFactory;

    fn serve(line: &str) -> Serve {
        let Command::Serve(serve) = Args::try_parse_from(line.split(' ')).unwrap().command else {
            panic!("not serve");
        };
        serve
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
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
