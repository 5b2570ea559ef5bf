//! Why a command came to nothing: a closed set, so that each failure has one clear sentence in both languages.
//!
//! Made wherever something fails, shown once, by `main.rs`, in the words of the common table. What goes wrong while serving
//! is logged instead and ends nothing.

use hutong_common::text::rendezvous::Rendezvous;
use hutong_common::text::{Lang, duration};
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
    /// A key file that a database in use needs.
    KeyMissing {
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
    /// The thread that writes ended by a fault of its own.
    WriterGone,
    /// A second signal ended the program before everybody was told.
    CutShort,
    /// The audit log is not as it was written.
    AuditBroken {
        /// The first row that is not.
        row: u64,
    },
    /// A command was not carried out.
    Desk(NotCarriedOut),
    /// The operating system refused something that needs no name.
    System {
        /// What it refused.
        source: io::Error,
    },
}

/// Why a command was not carried out.
#[derive(Debug)]
pub enum NotCarriedOut {
    /// Nobody has this login.
    NoAccount {
        /// The login.
        login: String,
    },
    /// The account has no such device.
    NoDevice {
        /// The account.
        login: String,
        /// How the id was to begin.
        device: String,
    },
    /// Several devices of the account begin like that.
    SeveralDevices {
        /// The account.
        login: String,
        /// How they begin.
        device: String,
    },
    /// No group has the number.
    NoGroup,
    /// The rendezvous made no such announcement, or it is long gone.
    NoAnnouncement,
    /// There is nobody whom an announcement could be told.
    Nobody,
    /// The running rendezvous could not store a change.
    NotStored,
    /// The rendezvous did not do what it was asked to.
    Refused {
        /// What it said.
        fault: String,
    },
    /// The running rendezvous is of another version, and answers what this one does not understand.
    OtherVersion,
}

impl NotCarriedOut {
    fn say(&self, lang: Lang) -> String {
        use Rendezvous as Text;
        match self {
            Self::NoAccount { login } => Text::NoAccount { login }.say(lang),
            Self::NoDevice { login, device } => Text::NoDevice { login, device }.say(lang),
            Self::SeveralDevices { login, device } => {
                Text::SeveralDevices { login, device }.say(lang)
            }
            Self::NoGroup => Text::NoGroup.say(lang),
            Self::NoAnnouncement => Text::NoAnnouncement.say(lang),
            Self::Nobody => Text::NobodyToTell.say(lang),
            Self::NotStored => Text::NotStored.say(lang),
            Self::Refused { fault } => Text::Refused { fault }.say(lang),
            Self::OtherVersion => Text::OtherVersion.say(lang),
        }
    }
}

impl From<NotCarriedOut> for Failure {
    fn from(fault: NotCarriedOut) -> Self {
        Self::Desk(fault)
    }
}

impl Failure {
    /// The one sentence about it.
    pub fn say(&self, lang: Lang) -> String {
        use Rendezvous as Text;
        match self {
            Self::DataInUse { path } => Text::DataInUse {
                path: &path.display(),
            }
            .say(lang),
            Self::OpenToOthers { path } => Text::OpenToOthers {
                path: &path.display(),
            }
            .say(lang),
            Self::KeyDamaged { path } => Text::KeyDamaged {
                path: &path.display(),
            }
            .say(lang),
            Self::KeyMissing { path } => Text::KeyMissing {
                path: &path.display(),
            }
            .say(lang),
            Self::NoDataFolder => Text::NoDataFolder.say(lang),
            Self::NeverStarted { path } => Text::NeverStarted {
                path: &path.display(),
            }
            .say(lang),
            Self::ClockBehind { by_ms } => Text::ClockBehind {
                by: &duration(*by_ms, lang),
            }
            .say(lang),
            Self::ClockAhead { by_ms } => Text::ClockAhead {
                by: &duration(*by_ms, lang),
            }
            .say(lang),
            Self::Setting { path, line, fault } => Text::Setting {
                path: &path.display(),
                line,
                fault,
            }
            .say(lang),
            Self::AddressInUse { address } => Text::AddressInUse { address }.say(lang),
            Self::Address { address, source } => Text::Address {
                address,
                fault: source,
            }
            .say(lang),
            Self::Host { host } => Text::Host { host }.say(lang),
            Self::File { path, source } => Text::File {
                path: &path.display(),
                fault: source,
            }
            .say(lang),
            Self::Database { path, fault } => Text::Database {
                path: &path.display(),
                fault,
            }
            .say(lang),
            Self::WriterGone => Text::WriterGone.say(lang),
            Self::CutShort => Text::CutShort.say(lang),
            Self::AuditBroken { row } => Text::AuditBroken { row }.say(lang),
            Self::Desk(fault) => fault.say(lang),
            Self::System { source } => Text::System { fault: source }.say(lang),
        }
    }

    /// A file or folder that cannot be read or written.
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::File { path, source }
    }

    /// A database that cannot be opened or used.
    pub(crate) fn database(path: &Path, fault: &dyn fmt::Display) -> Self {
        let (path, fault) = (path.to_owned(), fault.to_string());
        Self::Database { path, fault }
    }

    /// An address that cannot be listened on.
    pub(crate) fn address(address: SocketAddr, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::AddrInUse {
            Self::AddressInUse { address }
        } else {
            Self::Address { address, source }
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
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for Failure {}
