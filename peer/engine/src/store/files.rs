//! Files offered to us or by us.

use super::chat::Chat;
use super::tables::{FILES, FILES_HAD};
use super::{Direction, Span, StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, FileId, MsgId, Root};
use hutong_common::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileProgress {
    /// Offered, not answered.
    Offered,
    /// Accepted, not running.
    Waiting,
    /// Bytes flow, or flowed when the program ended.
    Running,
    /// Complete.
    Verified,
    /// Given up.
    Failed,
    /// Refused by the receiver.
    Declined,
}

/// Why a file does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// As one side, or its disk, says.
    Refused(Refusal),
    /// The target folder cannot be written.
    NotWritable,
    /// Called off on this side.
    Cancelled,
}

impl Trouble {
    /// The stable name that programs see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused(why) => why.code(),
            Self::NotWritable => "not_writable",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Who pauses a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// We do.
    pub here: bool,
    /// The other side does.
    pub there: bool,
    /// We did at some time: the other side may still believe it.
    pub was_here: bool,
}

impl Held {
    /// Whether anybody does.
    pub const fn is_held(self) -> bool {
        self.here || self.there
    }
}

/// What we offered, to notice when it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Absolute path.
    pub path: String,
    /// Last change when it was read, Unix milliseconds.
    pub modified_ms: u64,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// The other side: a person, or the group to which we offer it.
    pub chat: Chat,
    /// The device that offers it.
    pub device: DeviceId,
    /// The message that offers it.
    pub message: MsgId,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What it must hash to.
    pub root: Root,
    /// Where it lies, when we offer it.
    pub source: Option<SourceRow>,
    /// How far.
    pub progress: FileProgress,
    /// Bytes that were there, verified, when it last stopped.
    pub done: u64,
    /// Who pauses it.
    pub held: Held,
    /// Why it does not go on.
    pub trouble: Option<Trouble>,
    /// Into which folder it goes, once accepted.
    pub folder: Option<String>,
    /// Where it lies, once verified.
    pub saved_as: Option<String>,
    /// Whether the other side must still hear that it is over.
    pub owes_end: bool,
    /// When it was offered, Unix milliseconds.
    pub at_ms: u64,
}

impl FileRow {
    /// Whether it is ours.
    pub const fn is_outgoing(&self) -> bool {
        self.source.is_some()
    }

    /// Whether nothing more comes of it by itself.
    pub const fn is_over(&self) -> bool {
        match self.progress {
            FileProgress::Verified | FileProgress::Failed | FileProgress::Declined => true,
            FileProgress::Offered | FileProgress::Waiting | FileProgress::Running => false,
        }
    }

    /// Whether it does not go on because somebody paused it. What was not accepted yet is not paused.
    pub const fn is_paused(&self) -> bool {
        let is_open = matches!(self.progress, FileProgress::Offered) && !self.is_outgoing();
        self.held.is_held() && !self.is_over() && !is_open
    }

    /// Whether it paused itself because the disk has no room for it.
    pub fn lacks_room(&self) -> bool {
        self.is_paused()
            && self.held.here
            && self.trouble == Some(Trouble::Refused(Refusal::NoSpace))
    }

    /// Whether a folder may be chosen for it: it is offered, or failed for a reason that may be gone, or lacks room.
    pub fn can_be_accepted(&self) -> bool {
        let is_off = matches!(
            self.trouble,
            Some(Trouble::Refused(Refusal::Declined) | Trouble::Cancelled)
        );
        match self.progress {
            FileProgress::Offered => !self.is_outgoing(),
            FileProgress::Failed => !self.is_outgoing() && !is_off,
            FileProgress::Waiting | FileProgress::Running => self.lacks_room(),
            FileProgress::Verified | FileProgress::Declined => false,
        }
    }
}

impl Tx {
    /// A file.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn file(&mut self, file: FileId) -> Result<Option<FileRow>, StoreError> {
        self.row(FILES, &file.0)
    }

    /// Sets a file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_file(&mut self, file: FileId, row: &FileRow) -> Result<(), StoreError> {
        self.put_row(FILES, &file.0, row)
    }

    /// All files, oldest first.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn files(&mut self) -> Result<Vec<(FileId, FileRow)>, StoreError> {
        let mut files = self
            .rows::<FileRow>(FILES)?
            .into_iter()
            .map(|(key, row)| {
                let file = key.try_into().map(FileId).map_err(|_| StoreError::Row {
                    table: FILES.name(),
                })?;
                Ok((file, row))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        files.sort_by_key(|(file, row)| (row.at_ms, *file));
        Ok(files)
    }

    /// Notes that a member of the group has a file that we offered there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_file_had(&mut self, file: FileId, account: AccountId) -> Result<(), StoreError> {
        let key = [&file.0[..], &account.0.to_be_bytes()].concat();
        self.put(FILES_HAD, &key, &[])
    }

    /// Which members of the group have a file that we offered there.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn file_had_by(&mut self, file: FileId) -> Result<Vec<AccountId>, StoreError> {
        let span = Span {
            from: &file.0,
            to: &[&file.0[..], &[u8::MAX; 9]].concat(),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        let unreadable = || StoreError::Row {
            table: FILES_HAD.name(),
        };
        let rows = self.range(FILES_HAD, span)?;
        let accounts = rows.iter().map(|(key, _)| {
            let account = key.last_chunk::<8>().ok_or_else(unreadable)?;
            Ok(AccountId(u64::from_be_bytes(*account)))
        });
        accounts.collect()
    }
}
