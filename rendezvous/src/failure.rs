//! Why a command came to nothing: a closed set, so that each failure has one clear sentence in both languages.
//!
//! Made wherever something fails, shown once, by `main.rs`, in the words of `text.rs`. What goes wrong while serving
//! is logged instead and ends nothing.

use crate::text::{self, Language};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Why a command came to nothing.
#[derive(Debug)]
pub enum Failure {
    /// Another rendezvous holds the database's lock.
    DataInUse {
        /// The data folder.
        path: PathBuf,
    },
    /// A key or database that its owner does not have for himself.
    OpenToOthers {
        /// The file.
        path: PathBuf,
    },
    /// A key file of another length, or with bytes that are no key.
    KeyDamaged {
        /// The file.
        path: PathBuf,
    },
    /// The platform names no folder for data, and neither did the person.
    NoDataFolder,
    /// There is no rendezvous in this folder yet.
    NeverStarted {
        /// The data folder.
        path: PathBuf,
    },
    /// The clock is earlier than the last commit.
    ClockBehind {
        /// By how much, in milliseconds.
        by_ms: u64,
    },
    /// The clock is much later than the last commit.
    ClockAhead {
        /// By how much, in milliseconds.
        by_ms: u64,
    },
    /// The settings file is no TOML, or holds what no setting can be.
    Setting {
        /// The file.
        path: PathBuf,
        /// Where in it, from 1.
        line: usize,
        /// What is wrong there.
        fault: String,
    },
    /// Another program listens there.
    AddressInUse {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    Address {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// No `host:port`.
    Host {
        /// What was given instead.
        host: String,
    },
    /// A file or folder cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The database cannot be opened or used.
    Database {
        /// The database file.
        path: PathBuf,
        /// Why not.
        fault: String,
    },
    /// The running rendezvous did not do what it was asked to.
    Refused {
        /// What it said.
        fault: String,
    },
    /// The operating system refused something that needs no name.
    System {
        /// What it refused.
        source: io::Error,
    },
}

impl Failure {
    /// A file or folder that cannot be read or written.
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::File { path, source }
    }

    /// An address that cannot be listened on.
    pub(crate) fn address(address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::AddressInUse { address },
            _ => Self::Address { address, source },
        }
    }
}

impl From<io::Error> for Failure {
    fn from(source: io::Error) -> Self {
        Self::System { source }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::failure(self, Language::English))
    }
}

impl std::error::Error for Failure {}
