//! The home's database: everything that must outlive a crash, in one redb file.
//!
//! The core reads and writes through one [`Tx`] per batch of inputs; the caller commits it before anything leaves this
//! computer. Tables map bytes to bytes ([`tables`]), values carry a version ([`row`]), and each domain has a file of
//! typed reads and writes. Nothing here decides anything.

pub mod announcements;
pub mod chat;
pub mod contacts;
pub mod conversations;
pub mod disk;
pub mod failures;
pub mod files;
pub mod groups;
pub mod home;
pub mod messages;
pub mod notes;
pub mod outbox;
pub mod recipients;
pub mod row;
pub mod tables;
pub mod trust;

use disk::Disk;
use home::{SCRUB, ScrubRow};
use hutong_common::limits::CLIENT_CACHE_BYTES;
use redb::{
    Database, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, TableError,
    TableHandle, WriteTransaction,
};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use tables::Table;

/// The home's database failed. Everything since the last commit is void; the caller drops the core and reopens.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// redb or the disk below it.
    #[error("the home's database failed: {0}")]
    Database(#[from] Box<redb::Error>),
    /// Files of somebody who is gone cannot be removed.
    #[error("files of the home cannot be removed")]
    Files(#[from] std::io::Error),
    /// A row that this program did not write, or a newer one did.
    #[error("a row of table `{table}` cannot be read")]
    Row {
        /// Which table.
        table: &'static str,
    },
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}

/// The open database; clones are the same one.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the file, made when missing.
    ///
    /// # Errors
    /// When it is locked, damaged, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::of(
            Database::builder()
                .set_cache_size(CLIENT_CACHE_BYTES)
                .create(path),
        )
    }

    /// A database that lies nowhere.
    ///
    /// # Errors
    /// When it cannot be laid out.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::on(&Disk::default())
    }

    /// Opens the database on `disk`, made when there is none. Whoever keeps the disk can open it again after a crash.
    ///
    /// # Errors
    /// When what lies there is no database.
    pub fn on(disk: &Disk) -> Result<Self, StoreError> {
        Self::of(
            Database::builder()
                .set_cache_size(CLIENT_CACHE_BYTES)
                .create_with_backend(disk.clone()),
        )
    }

    fn of(database: Result<Database, redb::DatabaseError>) -> Result<Self, StoreError> {
        let database = Arc::new(database.map_err(failed)?);
        Ok(Self { database })
    }

    /// Copies every row that counts into an empty database: of what was removed here, nothing is there.
    ///
    /// # Errors
    /// When one of the two fails.
    pub fn copy_into(&self, empty: &Self) -> Result<(), StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let writing = empty.database.begin_write().map_err(failed)?;
        for table in reading.list_tables().map_err(failed)? {
            let definition = TableDefinition::<&[u8], &[u8]>::new(table.name());
            let from = reading.open_table(definition).map_err(failed)?;
            let mut to = writing.open_table(definition).map_err(failed)?;
            for row in from.iter().map_err(failed)? {
                let (key, value) = row.map_err(failed)?;
                to.insert(key.value(), value.value()).map_err(failed)?;
            }
        }
        writing.commit().map_err(failed)?;
        let mut done = empty.begin();
        done.remove_single(SCRUB)?;
        done.commit()
    }

    /// What has to be removed from the files of this home before anything else is done with it.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn scrub_due(&self) -> Result<Option<ScrubRow>, StoreError> {
        self.begin().single(SCRUB)
    }

    /// Begins a transaction; there is one at a time.
    pub fn begin(&self) -> Tx {
        Tx {
            database: Arc::clone(&self.database),
            state: TxState::Untouched,
        }
    }
}

enum TxState {
    Untouched,
    Reading(ReadTransaction),
    Writing(Box<WriteTransaction>),
}

/// One transaction: opens for writing at its first write, reads its own writes, and is undone when dropped.
pub struct Tx {
    database: Arc<Database>,
    state: TxState,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx")
            .field("is_dirty", &self.is_dirty())
            .finish_non_exhaustive()
    }
}

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Which end of a range comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Forward,
    /// Largest key first.
    Backward,
}

/// Part of a table.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// First key.
    pub from: &'a [u8],
    /// First key that is beyond.
    pub to: &'a [u8],
    /// Which end comes first.
    pub direction: Direction,
    /// At most so many.
    pub limit: usize,
}

impl Tx {
    /// Whether anything was written.
    pub const fn is_dirty(&self) -> bool {
        matches!(self.state, TxState::Writing(_))
    }

    /// Makes every write durable.
    ///
    /// # Errors
    /// When the disk is full or broken: nothing was written.
    pub fn commit(self) -> Result<(), StoreError> {
        match self.state {
            TxState::Writing(writing) => writing.commit().map_err(failed),
            TxState::Untouched | TxState::Reading(_) => Ok(()),
        }
    }

    fn with<T>(
        &mut self,
        table: Table,
        read: impl FnOnce(&dyn Readable) -> Result<T, redb::StorageError>,
    ) -> Result<Option<T>, StoreError> {
        if matches!(self.state, TxState::Untouched) {
            self.state = TxState::Reading(self.database.begin_read().map_err(failed)?);
        }
        match &self.state {
            TxState::Reading(reading) => match reading.open_table(table.definition()) {
                Ok(open) => read(&open).map(Some).map_err(failed),
                Err(TableError::TableDoesNotExist(_)) => Ok(None),
                Err(error) => Err(failed(error)),
            },
            TxState::Writing(writing) => {
                let open = writing.open_table(table.definition()).map_err(failed)?;
                read(&open).map(Some).map_err(failed)
            }
            TxState::Untouched => Ok(None),
        }
    }

    fn writing(&mut self) -> Result<&WriteTransaction, StoreError> {
        if !self.is_dirty() {
            // The read transaction ends first: its pages need not be kept for this one.
            self.state = TxState::Untouched;
            self.state = TxState::Writing(Box::new(self.database.begin_write().map_err(failed)?));
        }
        match &self.state {
            TxState::Writing(writing) => Ok(writing),
            TxState::Untouched | TxState::Reading(_) => unreachable!("made writing just above"),
        }
    }

    /// The value at `key`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.with(table, |open| open.value(key))?.flatten())
    }

    /// Sets the value at `key`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        let mut open = self
            .writing()?
            .open_table(table.definition())
            .map_err(failed)?;
        open.insert(key, value).map_err(failed)?;
        Ok(())
    }

    /// Removes `key`; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn remove(&mut self, table: Table, key: &[u8]) -> Result<bool, StoreError> {
        let mut open = self
            .writing()?
            .open_table(table.definition())
            .map_err(failed)?;
        let was = open.remove(key).map_err(failed)?.is_some();
        Ok(was)
    }

    /// Part of a table in the order of its keys.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn range(&mut self, table: Table, span: Span<'_>) -> Result<Vec<Pair>, StoreError> {
        if span.from >= span.to {
            return Ok(Vec::new());
        }
        Ok(self
            .with(table, |open| open.span(span))?
            .unwrap_or_default())
    }

    /// Every pair of a table.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn all(&mut self, table: Table) -> Result<Vec<Pair>, StoreError> {
        Ok(self.with(table, |open| open.all())?.unwrap_or_default())
    }

    /// Empties a table.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn clear(&mut self, table: Table) -> Result<(), StoreError> {
        self.writing()?
            .delete_table(table.definition())
            .map_err(failed)?;
        Ok(())
    }
}

/// What a table can be asked, whichever kind of transaction opened it.
trait Readable {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, redb::StorageError>;
    fn span(&self, span: Span<'_>) -> Result<Vec<Pair>, redb::StorageError>;
    fn all(&self) -> Result<Vec<Pair>, redb::StorageError>;
}

impl<T: ReadableTable<&'static [u8], &'static [u8]>> Readable for T {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, redb::StorageError> {
        Ok(self.get(key)?.map(|value| value.value().to_vec()))
    }

    fn span(&self, span: Span<'_>) -> Result<Vec<Pair>, redb::StorageError> {
        let rows = self.range::<&[u8]>(span.from..span.to)?;
        match span.direction {
            Direction::Forward => collected(rows.take(span.limit)),
            Direction::Backward => collected(rows.rev().take(span.limit)),
        }
    }

    fn all(&self) -> Result<Vec<Pair>, redb::StorageError> {
        collected(self.iter()?)
    }
}

type Guard<'a> = redb::AccessGuard<'a, &'static [u8]>;

fn collected<'a>(
    rows: impl Iterator<Item = Result<(Guard<'a>, Guard<'a>), redb::StorageError>>,
) -> Result<Vec<Pair>, redb::StorageError> {
    rows.map(|row| row.map(|(key, value)| (key.value().to_vec(), value.value().to_vec())))
        .collect()
}
