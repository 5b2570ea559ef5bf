//! Commands to a running rendezvous, over a local socket in its data folder (a named pipe on Windows).
//!
//! One JSON line asks, one JSON line answers. Whoever may enter the data folder may ask; there is no other check, and
//! nothing here listens on a network. `server.rs` serves it, `commands.rs` asks, and does the same on the database when
//! nobody answers.

mod desk;
mod socket;

pub(crate) use desk::Desk;
pub(crate) use socket::{Listener, ask, listen};

use crate::service::accounts::{AccountDetails, AccountFacts, AccountPage, RoleName};
use crate::service::audit::{AuditPage, AuditProof};
use crate::service::bulletins::{BulletinFacts, ReaderPage};
use crate::service::status::StatusFacts;
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{ADMIN_LINE_BYTES_MAX, ADMIN_TIMEOUT_MS};
use hutong_common::message::Announced;
use hutong_common::name::{DisplayName, Login};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// A link with which others can join and register.
    Invite(InviteWanted),
    /// A page of accounts.
    ListAccounts {
        /// Above this number.
        after: AccountId,
        /// What their login or name contains.
        part: String,
    },
    /// Everything about one account.
    ShowAccount {
        /// Which.
        login: Login,
    },
    /// A code for somebody who forgot the password.
    ResetCode {
        /// Whose.
        login: Login,
    },
    /// A page of the audit log.
    Audit {
        /// After this row.
        after: u64,
        /// Unix milliseconds.
        since_ms: u64,
    },
    /// Whether the audit log is as it was written.
    ProveAudit,
    /// The rendezvous announces something.
    Announce {
        /// To this group; to all accounts when there is none.
        group: Option<GroupId>,
        /// What.
        announced: Announced,
    },
    /// The same once more to those who have not read it.
    AnnounceAgain {
        /// Number of the announcement.
        number: u64,
    },
    /// What the rendezvous announced.
    Announcements,
    /// How far one announcement is.
    ShowAnnouncement {
        /// Its number.
        number: u64,
    },
    /// A page of those whom it is for.
    Readers {
        /// Number of the announcement.
        number: u64,
        /// Above this account.
        after: AccountId,
    },
    /// How the rendezvous is.
    Status,
    /// A change of one account.
    Account {
        /// Which.
        login: Login,
        /// What.
        act: AccountAct,
    },
}

impl Ask {
    /// Whether a transaction that only reads will do.
    pub(crate) const fn is_read_only(&self) -> bool {
        match self {
            Self::ListAccounts { .. }
            | Self::ShowAccount { .. }
            | Self::Audit { .. }
            | Self::ProveAudit
            | Self::Status
            | Self::Announcements
            | Self::ShowAnnouncement { .. }
            | Self::Readers { .. } => true,
            Self::Invite(_)
            | Self::ResetCode { .. }
            | Self::Announce { .. }
            | Self::AnnounceAgain { .. }
            | Self::Account { .. } => false,
        }
    }
}

/// What is done to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountAct {
    Rename(DisplayName),
    Lock,
    Unlock,
    Role(RoleName),
    Delete,
    /// By the first digits of its id.
    RemoveDevice(String),
}

/// An invitation that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InviteWanted {
    /// How many accounts may be registered with it.
    pub(crate) uses: u32,
    /// How long it is good for.
    pub(crate) days: u32,
    /// Where others reach the rendezvous; its own idea of that when empty.
    pub(crate) hosts: Vec<String>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The link.
    Invite(String),
    /// The code.
    ResetCode(String),
    /// A page of them.
    Accounts(AccountPage),
    /// One in full.
    Details(Box<AccountDetails>),
    /// One as it is now, and whether that is new.
    Account { facts: AccountFacts, changed: bool },
    /// A page of the audit log.
    Audit(AuditPage),
    /// What a walk along it found.
    Proof(AuditProof),
    /// An announcement, and how far it is.
    Announcement(BulletinFacts),
    /// All that are kept, oldest first.
    Announcements(Vec<BulletinFacts>),
    /// A page of those whom one is for.
    Readers(ReaderPage),
    /// How the rendezvous is.
    Status(StatusFacts),
    /// Why nothing was done.
    Refused(Refused),
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refused {
    NoAccount,
    NoDevice,
    SeveralDevices,
    NoGroup,
    NoAnnouncement,
    Nobody,
    /// Nothing can be stored now.
    NotStored,
    /// No link can be made, in words for a log.
    Link(String),
}

/// Answers the one question of a connection.
async fn converse<F: Future<Output = Answer>>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl FnOnce(Ask) -> F,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let asked: Ask = read_line(&mut stream).await?;
    let answer = answer(asked).await;
    write_line(&mut stream, &answer).await
}

async fn read_line<T: for<'de> Deserialize<'de>>(
    stream: &mut BufReader<impl AsyncRead + Unpin>,
) -> io::Result<T> {
    let mut line = Vec::new();
    let mut bounded = stream.take(ADMIN_LINE_BYTES_MAX);
    let whole = bounded.read_until(b'\n', &mut line);
    timeout(Duration::from_millis(ADMIN_TIMEOUT_MS), whole).await??;
    Ok(serde_json::from_slice(&line)?)
}

async fn write_line(
    stream: &mut (impl AsyncWrite + Unpin),
    value: &impl Serialize,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.flush().await
}
