//! The database of the rendezvous: everything that must outlive a crash, in one redb file.
//!
//! The shell begins one [`Tx`] per batch of requests and commits it before any answer leaves; requests that only read
//! get a reading one each. Tables are typed and live in `tables`, values carry a version (`row`), and each domain
//! has a file of rows and queries. Nothing here decides anything. A [`Tx`] that is dropped leaves no trace.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod avatars;
pub(crate) mod bars;
pub(crate) mod bulletins;
pub(crate) mod counters;
pub(crate) mod devices;
#[cfg(test)]
pub(crate) mod disk;
pub(crate) mod expiries;
pub(crate) mod friends;
pub(crate) mod groups;
pub(crate) mod invites;
pub(crate) mod mail;
pub(crate) mod row;
pub(crate) mod tables;

use hutong_common::limits::SERVER_CACHE_BYTES;
use redb::{
    Database, DatabaseError, Key, ReadTransaction, ReadableDatabase, ReadableTable, StorageBackend,
    Value, WriteTransaction,
};
use row::Row;
use std::fmt;
use std::ops::RangeBounds;
use std::path::Path;
use tables::Table;

/// The database failed. Everything since the last commit is void.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// redb or the disk below it.
    #[error("the database failed: {0}")]
    Database(#[from] Box<redb::Error>),
    /// A row that this program did not write, or a newer one did.
    #[error("a row of table `{table}` cannot be read")]
    Row {
        /// Which table.
        table: &'static str,
    },
    /// A request that is served from a reading transaction tried to write.
    #[error("table `{table}` was written in a transaction that only reads")]
    ReadOnly {
        /// Which table.
        table: &'static str,
    },
}

impl StoreError {
    /// Whether another process has the database open.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(**error, redb::Error::DatabaseAlreadyOpen))
    }
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}

/// The open database.
pub struct Store {
    database: Database,
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
    /// When it is locked ([`StoreError::is_locked`]), damaged, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::of(builder().create(path))
    }

    /// A database that lies nowhere.
    ///
    /// # Errors
    /// When it cannot be laid out.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::with_backend(redb::backends::InMemoryBackend::new())
    }

    /// Opens the database that lies in `backend`, made when there is none.
    ///
    /// # Errors
    /// When what lies there is no database.
    pub fn with_backend(backend: impl StorageBackend) -> Result<Self, StoreError> {
        Self::of(builder().create_with_backend(backend))
    }

    fn of(database: Result<Database, DatabaseError>) -> Result<Self, StoreError> {
        let store = Self {
            database: database.map_err(failed)?,
        };
        let tx = store.write()?;
        tables::create_all(tx.writing("all")?)?;
        tx.commit()?;
        Ok(store)
    }

    /// Walks through the whole file; says whether all of it was sound, and mends what can be mended.
    ///
    /// # Errors
    /// When it cannot be mended.
    pub fn check(&mut self) -> Result<bool, StoreError> {
        self.database.check_integrity().map_err(failed)
    }

    /// Begins a transaction that sees one moment and writes nothing; any number of them at once.
    ///
    /// # Errors
    /// When the database is not usable any more.
    pub fn read(&self) -> Result<Tx, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        Ok(Tx::of(Inner::Reading(reading)))
    }

    /// Begins a transaction that writes; waits for the one before.
    ///
    /// # Errors
    /// When the database is not usable any more.
    pub fn write(&self) -> Result<Tx, StoreError> {
        let mut writing = self.database.begin_write().map_err(failed)?;
        // A torn write or a kill must neither lose a commit nor cost a walk through the whole file at the next start.
        writing.set_two_phase_commit(true);
        writing.set_quick_repair(true);
        Ok(Tx::of(Inner::Writing(Box::new(writing))))
    }
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(SERVER_CACHE_BYTES);
    builder
}

enum Inner {
    Reading(ReadTransaction),
    Writing(Box<WriteTransaction>),
}

/// One transaction, of either kind: queries take any, and writing through a reading one is a [`StoreError`].
pub struct Tx {
    inner: Inner,
    wrote: bool,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let writing = matches!(self.inner, Inner::Writing(_));
        f.debug_struct("Tx")
            .field("writing", &writing)
            .finish_non_exhaustive()
    }
}

/// Keys that are their own view: integers, arrays, and tuples of them.
pub(crate) trait TableKey:
    Key + for<'a> Value<SelfType<'a> = Self> + Copy + 'static
{
}
impl<K: Key + for<'a> Value<SelfType<'a> = K> + Copy + 'static> TableKey for K {}

/// Which end of a range comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

impl Tx {
    const fn of(inner: Inner) -> Self {
        Self {
            inner,
            wrote: false,
        }
    }

    /// Makes every write durable.
    ///
    /// # Errors
    /// When the disk is full or broken: nothing was written.
    pub fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Inner::Reading(_) => Ok(()),
            Inner::Writing(writing) => writing.commit().map_err(failed),
        }
    }

    /// Begins the check of another request: so far it has written nothing.
    pub(crate) const fn begin_request(&mut self) {
        self.wrote = false;
    }

    /// Whether the request under way has written.
    pub(crate) const fn wrote(&self) -> bool {
        self.wrote
    }

    const fn writing(&self, table: &'static str) -> Result<&WriteTransaction, StoreError> {
        match &self.inner {
            Inner::Reading(_) => Err(StoreError::ReadOnly { table }),
            Inner::Writing(writing) => Ok(writing),
        }
    }

    pub(crate) fn get<K: TableKey, R: Row>(
        &self,
        table: Table<K, R>,
        key: K,
    ) -> Result<Option<R>, StoreError> {
        let open = table.definition();
        match &self.inner {
            Inner::Reading(tx) => row_at(table, &tx.open_table(open).map_err(failed)?, key),
            Inner::Writing(tx) => row_at(table, &tx.open_table(open).map_err(failed)?, key),
        }
    }

    pub(crate) fn has<K: TableKey, R: Row>(
        &self,
        table: Table<K, R>,
        key: K,
    ) -> Result<bool, StoreError> {
        Ok(self.get(table, key)?.is_some())
    }

    /// At most `limit` rows of a range, in the order of their keys or against it.
    pub(crate) fn range<K: TableKey, R: Row>(
        &self,
        table: Table<K, R>,
        range: impl RangeBounds<K>,
        (direction, limit): (Direction, usize),
    ) -> Result<Vec<(K, R)>, StoreError> {
        let take = (direction, limit);
        let open = table.definition();
        match &self.inner {
            Inner::Reading(tx) => {
                rows_in(table, &tx.open_table(open).map_err(failed)?, range, take)
            }
            Inner::Writing(tx) => {
                rows_in(table, &tx.open_table(open).map_err(failed)?, range, take)
            }
        }
    }

    /// The first keys of a range, without what lies there.
    pub(crate) fn keys<K: TableKey, R: Row>(
        &self,
        table: Table<K, R>,
        range: impl RangeBounds<K>,
        limit: usize,
    ) -> Result<Vec<K>, StoreError> {
        let open = table.definition();
        match &self.inner {
            Inner::Reading(tx) => keys_in(&tx.open_table(open).map_err(failed)?, range, limit),
            Inner::Writing(tx) => keys_in(&tx.open_table(open).map_err(failed)?, range, limit),
        }
    }

    pub(crate) fn put<K: TableKey, R: Row>(
        &mut self,
        table: Table<K, R>,
        key: K,
        row: &R,
    ) -> Result<(), StoreError> {
        let mut open = self
            .writing(table.name())?
            .open_table(table.definition())
            .map_err(failed)?;
        open.insert(key, row::to_bytes(row).as_slice())
            .map_err(failed)?;
        drop(open);
        self.wrote = true;
        Ok(())
    }

    /// Removes a row; says whether it was there.
    pub(crate) fn remove<K: TableKey, R: Row>(
        &mut self,
        table: Table<K, R>,
        key: K,
    ) -> Result<bool, StoreError> {
        let mut open = self
            .writing(table.name())?
            .open_table(table.definition())
            .map_err(failed)?;
        let was = open.remove(key).map_err(failed)?.is_some();
        drop(open);
        self.wrote = true;
        Ok(was)
    }
}

fn row_at<K: TableKey, R: Row>(
    table: Table<K, R>,
    open: &impl ReadableTable<K, &'static [u8]>,
    key: K,
) -> Result<Option<R>, StoreError> {
    let value = open.get(key).map_err(failed)?;
    value
        .map(|value| row::from_bytes(table.name(), value.value()))
        .transpose()
}

fn rows_in<K: TableKey, R: Row>(
    table: Table<K, R>,
    open: &impl ReadableTable<K, &'static [u8]>,
    range: impl RangeBounds<K>,
    (direction, limit): (Direction, usize),
) -> Result<Vec<(K, R)>, StoreError> {
    let bounds = (range.start_bound().cloned(), range.end_bound().cloned());
    let mut rows = open.range::<K>(bounds).map_err(failed)?;
    let mut found = Vec::new();
    while found.len() < limit {
        let next = match direction {
            Direction::Forward => rows.next(),
            Direction::Backward => rows.next_back(),
        };
        let Some(next) = next else { break };
        let (key, value) = next.map_err(failed)?;
        found.push((key.value(), row::from_bytes(table.name(), value.value())?));
    }
    Ok(found)
}

fn keys_in<K: TableKey>(
    open: &impl ReadableTable<K, &'static [u8]>,
    range: impl RangeBounds<K>,
    limit: usize,
) -> Result<Vec<K>, StoreError> {
    let bounds = (range.start_bound().cloned(), range.end_bound().cloned());
    let rows = open.range::<K>(bounds).map_err(failed)?;
    rows.take(limit)
        .map(|row| row.map(|(key, _)| key.value()).map_err(failed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use counters::Counter;

    #[test]
    fn what_was_committed_is_there_after_reopening_and_the_rest_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rendezvous.redb");
        let store = Store::open(&path).unwrap();
        let mut tx = store.write().unwrap();
        assert_eq!(tx.next(Counter::Request, 0).unwrap(), 1);
        tx.commit().unwrap();
        let mut tx = store.write().unwrap();
        assert_eq!(tx.next(Counter::Request, 0).unwrap(), 2);
        drop(tx);
        drop(store);
        let store = Store::open(&path).unwrap();
        assert_eq!(store.read().unwrap().last(Counter::Request).unwrap(), 1);
    }

    #[test]
    fn a_database_is_opened_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rendezvous.redb");
        let _first = Store::open(&path).unwrap();
        assert!(Store::open(&path).unwrap_err().is_locked());
    }

    #[test]
    fn a_reading_transaction_writes_nothing() {
        let store = Store::in_memory().unwrap();
        let mut tx = store.read().unwrap();
        let refused = tx.next(Counter::Request, 0);
        assert!(matches!(refused, Err(StoreError::ReadOnly { .. })));
        assert!(!tx.wrote());
    }

    #[test]
    fn a_counter_follows_the_clock_and_never_goes_back() {
        let store = Store::in_memory().unwrap();
        let mut tx = store.write().unwrap();
        let mut next = |at_least| tx.next(Counter::MembershipSerial, at_least).unwrap();
        assert_eq!(
            [next(1_000), next(1_000), next(500), next(2_000)],
            [1_000, 1_001, 1_002, 2_000]
        );
    }
}
