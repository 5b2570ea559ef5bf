//! What the measurements are compared with: the barest programs that do a part of the same work.
//!
//! Each runs as a process of its own (`bench bare …`), as the programs that are measured do, so that CPU and memory can
//! be compared. It says where it listens, works when it reads `go`, says that it has done, and ends with its input.
//! Nothing here is checked, encrypted beyond the transport, or remembered.

mod agent;
mod echo;
mod quic;
mod relay;
mod tcp;
mod tls;

use super::figures::Percentiles;
use clap::{Subcommand, ValueEnum};
use hutong_common::id::ServerId;
use serde::Serialize;
use std::io::{BufRead, Write, stdin, stdout};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// One of them.
#[derive(Clone, Debug, Subcommand)]
pub enum Bare {
    /// Takes one stream, to memory or into a file.
    Take {
        #[arg(long)]
        way: Way,
        #[arg(long)]
        into: Option<PathBuf>,
    },
    /// Gives one stream, from memory or from a file.
    Give {
        #[arg(long)]
        way: Way,
        #[arg(long)]
        to: SocketAddr,
        #[arg(long)]
        pin: Option<ServerId>,
        #[arg(long)]
        bytes: u64,
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Answers each message on a QUIC stream; with a journal, once it is durably in there.
    Answer {
        #[arg(long)]
        journal: Option<PathBuf>,
    },
    /// Asks so many messages, with so many unanswered at once; with a journal, each once it is durably in there.
    Ask {
        #[arg(long)]
        to: SocketAddr,
        #[arg(long)]
        pin: ServerId,
        #[arg(long)]
        count: usize,
        #[arg(long)]
        in_flight: usize,
        #[arg(long)]
        journal: Option<PathBuf>,
    },
    /// Accepts TLS connections with raw public keys and answers the first byte of each.
    Greet,
    /// Copies between two TCP connections.
    Relay,
    /// `hutong agent`, whose relayed sessions are not wrapped.
    Agent {
        #[arg(long)]
        home: PathBuf,
        #[arg(long)]
        no_mdns: bool,
        #[arg(long)]
        udp: Option<String>,
    },
}

/// How bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// A QUIC stream with the settings of our links.
    Quic,
    /// A QUIC stream with the settings that quinn has by itself.
    QuicDefaults,
    /// A TCP connection, not encrypted.
    Tcp,
}

/// What such a program says.
#[derive(Debug, Default, Serialize)]
pub(super) struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trips_us: Option<Percentiles>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seconds: Option<f64>,
}

impl Said {
    fn listening(address: SocketAddr, key: Option<ServerId>) -> Self {
        Self {
            address: Some(address),
            key: key.map(|key| key.to_string()),
            ..Self::default()
        }
    }

    fn done(bytes: u64) -> Self {
        Self {
            done: Some(bytes),
            ..Self::default()
        }
    }
}

impl Bare {
    /// Runs it to its end.
    ///
    /// # Errors
    /// When a socket or a file fails.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Take {
                way: Way::Tcp,
                into,
            } => tcp::take(into.as_deref())?,
            Self::Take { way, into } => quic::take(way, into.as_deref())?,
            Self::Give {
                way,
                to,
                pin,
                bytes,
                from,
            } => {
                let load = Load { bytes, from };
                match pin.filter(|_| way != Way::Tcp) {
                    Some(pin) => quic::give(way, (to, pin), &load)?,
                    None => tcp::give(to, &load)?,
                }
            }
            Self::Answer { journal } => echo::answer(journal.as_deref())?,
            Self::Ask {
                to,
                pin,
                count,
                in_flight,
                journal,
            } => echo::ask((to, pin), (count, in_flight), journal.as_deref())?,
            Self::Greet => tls::greet()?,
            Self::Relay => relay::relay()?,
            Self::Agent { home, udp, .. } => return agent::run(&home, udp.is_none()),
        }
        await_end();
        Ok(())
    }
}

/// What is given.
#[derive(Debug)]
struct Load {
    bytes: u64,
    from: Option<PathBuf>,
}

impl Load {
    fn file(&self) -> Option<&Path> {
        self.from.as_deref()
    }
}

/// A line for whoever started this program.
fn say(said: &Said) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, said)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Waits for the sign to begin.
fn await_go() -> anyhow::Result<()> {
    stdin().lock().read_line(&mut String::new())?;
    Ok(())
}

/// What was used can be read as long as this program has not ended.
fn await_end() {
    // An input that breaks has ended too.
    let _ = std::io::copy(&mut stdin().lock(), &mut std::io::sink());
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
