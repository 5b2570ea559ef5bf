//! Why a command was not carried out: a refusal of the rendezvous, or something known on this computer.

use hutong_common::refusal::Refusal;
use std::path::PathBuf;

/// A command was not carried out. [`Failure::code`] is the stable name; faces put it into words of the person's language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Failure {
    /// The rendezvous or a peer refuses.
    Refused(Refusal),
    /// Nobody has this login, or it is not ours to know.
    NoAccount {
        /// As typed.
        login: String,
    },
    /// None of our contacts has this login.
    NoContact {
        /// As typed.
        login: String,
    },
    /// A friend request to this login is not taken.
    CannotAdd {
        /// As typed.
        login: String,
        /// The reason, as `can_add` names it.
        why: &'static str,
        /// What the rendezvous said.
        refusal: Refusal,
    },
    /// The command makes no sense.
    Malformed {
        /// What is wrong with it.
        detail: String,
    },
    /// Nobody is signed in here.
    NotSignedIn,
    /// Somebody is signed in here; sign out first.
    AlreadySignedIn,
    /// Another program runs on this home.
    HomeLocked,
    /// No rendezvous is known.
    NoServer,
    /// More than one rendezvous was found; say which.
    SeveralServers,
    /// The rendezvous is not pinned; compare the fingerprint and accept it.
    ServerNotTrusted {
        /// To compare with what the teacher shows.
        fingerprint: String,
        /// Where it was found.
        address: String,
    },
    /// The rendezvous at the known address or of the known name has another key.
    ServerKeyChanged {
        /// Fingerprint of the key that is there now, when it could be seen.
        fingerprint: Option<String>,
    },
    /// The rendezvous does not answer.
    Unreachable,
    /// No such file, or it cannot be read.
    NoSuchFile {
        /// Which.
        path: PathBuf,
    },
    /// The file is no picture that can be shown.
    PictureUnreadable {
        /// Which.
        path: PathBuf,
    },
    /// The picture is too large to be looked at.
    PictureTooLarge {
        /// Which.
        path: PathBuf,
    },
    /// No such message.
    NoSuchMessage,
    /// Only teachers and admins of the rendezvous announce.
    OnlyTeachers,
    /// The device to be removed is this one: it signs out instead.
    ThisDevice,
    /// The account has no such device.
    NoSuchDevice,
    /// No group has this code.
    NoSuchCode {
        /// As typed.
        code: String,
    },
    /// The disk has too little room for a file.
    NoSpace {
        /// Where it was to go.
        folder: PathBuf,
        /// At least so many bytes must be made free.
        missing: u64,
    },
    /// The folder cannot be made or written.
    NotWritable {
        /// Which.
        folder: PathBuf,
    },
    /// Only the other side can let it go on.
    PausedByOther,
    /// It took too long.
    TimedOut,
    /// This computer's disk or database failed.
    Storage {
        /// In words, for the log.
        detail: String,
    },
}

impl Failure {
    /// The stable name that programs see.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) | Self::CannotAdd { refusal, .. } => refusal.code(),
            Self::NoAccount { .. } | Self::NoContact { .. } => "not_found",
            Self::Malformed { .. } => "malformed",
            Self::NotSignedIn => "not_signed_in",
            Self::AlreadySignedIn => "already_signed_in",
            Self::HomeLocked => "home_locked",
            Self::NoServer => "no_server",
            Self::SeveralServers => "several_servers",
            Self::ServerNotTrusted { .. } => "server_not_trusted",
            Self::ServerKeyChanged { .. } => "server_key_changed",
            Self::Unreachable => "unreachable",
            Self::NoSuchFile { .. } => "no_such_file",
            Self::PictureUnreadable { .. } => "picture_unreadable",
            Self::PictureTooLarge { .. } => "picture_too_large",
            Self::NoSuchMessage => "no_such_message",
            Self::ThisDevice | Self::OnlyTeachers => Refusal::NotAllowed.code(),
            Self::NoSuchDevice | Self::NoSuchCode { .. } => Refusal::NotFound.code(),
            Self::NoSpace { .. } => "no_space",
            Self::NotWritable { .. } => "not_writable",
            Self::PausedByOther => "paused_by_other",
            Self::TimedOut => "timed_out",
            Self::Storage { .. } => "storage",
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
