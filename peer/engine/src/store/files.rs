//! Files offered to us or by us.

use super::tables::FILES;
use super::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, FileId, MsgId, Root};
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
    /// The other side.
    pub account: AccountId,
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
    /// Into which folder it goes, once accepted.
    pub folder: Option<String>,
    /// Where it lies, once verified.
    pub saved_as: Option<String>,
    /// Whether the other side must still hear that it is off.
    pub owes_decline: bool,
    /// When it was offered, Unix milliseconds.
    pub at_ms: u64,
}

impl FileRow {
    /// Whether it is ours.
    pub const fn is_outgoing(&self) -> bool {
        self.source.is_some()
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
}
