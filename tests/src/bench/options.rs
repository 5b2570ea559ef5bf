//! The command line of `just bench`.

use super::bare::Bare;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Measures the real programs on this machine, beside the barest programs that do a part of the same work.
#[derive(Clone, Debug, Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
pub struct Options {
    /// What is measured; everything when nothing is named.
    pub names: Vec<Name>,
    /// Runs of each, alternating with those beside it; figures are medians.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
    /// Size of the file: bytes, or with MiB or GiB behind the number.
    #[arg(long, default_value = "1GiB", value_parser = size)]
    pub size: u64,
    /// Folder for everything that is written meanwhile; needs room for three such files.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// Clients of the rendezvous.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=15_000))]
    pub clients: u32,
    /// Messages of one run with many in flight; a tenth of it one after the other.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(10..))]
    pub messages: u32,
    /// Messages of a burst that arrives at an open window.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(10..=50_000))]
    pub burst: u32,
    /// Members of a class, beside the one who speaks: one class for each number, with commas between them.
    #[arg(long, default_value = "100,200", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=500))]
    pub members: Vec<u32>,
    /// Folder for the reports.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
    /// One of the programs that are compared with.
    #[command(subcommand)]
    pub bare: Option<Part>,
}

/// The programs that are started by this one.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Part {
    /// A program to be compared with.
    #[command(hide = true)]
    Bare {
        #[command(subcommand)]
        bare: Bare,
    },
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// Round trips of messages, and messages a second.
    Messages,
    /// A file: speed, CPU and memory, also after a kill half way.
    File,
    /// A message to all members of a class.
    Group,
    /// Memory of a rendezvous with idle clients.
    Idle,
    /// Known devices that come back.
    Resumes,
    /// New devices that prove a password.
    SignIns,
    /// The keystream of the DES wrap.
    Keystream,
    /// Bytes through a relayed session, and what they cost the rendezvous.
    Relay,
    /// The window: how soon it is there, a burst of messages, the wheel, memory.
    Window,
}

impl Name {
    /// All, in the order in which they are measured.
    pub const ALL: [Self; 9] = [
        Self::Messages,
        Self::File,
        Self::Group,
        Self::Idle,
        Self::Resumes,
        Self::SignIns,
        Self::Keystream,
        Self::Relay,
        Self::Window,
    ];

    /// As it is typed, and the name of its report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::File => "file",
            Self::Group => "group",
            Self::Idle => "idle",
            Self::Resumes => "resumes",
            Self::SignIns => "sign-ins",
            Self::Keystream => "keystream",
            Self::Relay => "relay",
            Self::Window => "window",
        }
    }
}

fn size(typed: &str) -> Result<u64, String> {
    let (number, unit) = match typed {
        _ if typed.ends_with("GiB") => (&typed[..typed.len() - 3], 1 << 30),
        _ if typed.ends_with("MiB") => (&typed[..typed.len() - 3], 1 << 20),
        _ => (typed, 1),
    };
    let bytes = number.trim().parse::<u64>().ok();
    bytes
        .and_then(|number| number.checked_mul(unit))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "a number above 0, with MiB or GiB or nothing behind it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_and_without_a_unit() {
        assert_eq!(size("4GiB"), Ok(4 << 30));
        assert_eq!(size("2 MiB"), Ok(2 << 20));
        assert_eq!(size("77"), Ok(77));
        for wrong in ["", "GiB", "0", "-1", "4GB", "99999999999999GiB"] {
            assert!(size(wrong).is_err(), "{wrong:?}");
        }
    }
}
