//! The few things that a command line can say to the window.

use clap::Parser;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// A person's window.
#[derive(Clone, Debug, Parser)]
#[command(name = "hutong-desktop", version)]
pub struct Args {
    /// Folder of this client; another one is for another person
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Language
    #[arg(long, value_name = "zh|en")]
    pub lang: Option<String>,
    /// Do not announce or listen on the local network
    #[arg(long)]
    pub no_mdns: bool,
    /// The only address to be used
    #[arg(long, value_name = "IP")]
    pub bind: Option<IpAddr>,
    /// An address at which any contact may be tried
    #[arg(long, value_name = "ADDR")]
    pub static_peer: Vec<SocketAddr>,
    /// Limit of file transfers, in bytes a second
    #[arg(long, value_name = "BYTES")]
    pub max_rate: Option<u64>,
    /// Tell on standard output how long each frame of the window took, as lines of JSON
    #[arg(long)]
    pub frames: bool,
    /// Log more
    #[arg(long, short, action = clap::ArgAction::Count)]
    pub verbose: u8,
}
