//! The database while the program runs: opened under its lock, and opened again after a fault of the disk.
//!
//! Called by `server.rs`, which opens it, by `writer.rs`, and by readers. redb refuses everything after a write that
//! failed, until it is reopened: that happens at once, so reading goes on, and the next write waits a little. Nothing
//! that was answered is lost by that. Readers never wait for the writer.

use crate::clock;
use crate::failure::Failure;
use crate::platform;
#[cfg(test)]
use crate::store::disk::Disk;
use crate::store::{Store, StoreError, Tx};
use hutong_common::limits::{
    BUSY_RETRY_MS, FREE_SPACE_BYTES_MIN, FREE_SPACE_PERCENT_MIN, FREE_SPACE_TO_WRITE_BYTES_MIN,
};
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use tracing::{error, info, warn};

const FILE: &str = "rendezvous.redb";

/// Why a transaction came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unavailable {
    #[error("the database is closed after a fault")]
    Closed,
    #[error("nothing is written for a while after a fault")]
    Resting,
    #[error("the database panicked, see above")]
    Panicked,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unavailable> for Failure {
    fn from(fault: Unavailable) -> Self {
        Self::database(Path::new(FILE), &fault)
    }
}

type Open = Box<dyn Fn() -> Result<Store, StoreError> + Send + Sync>;

/// The open database of a data folder.
pub(crate) struct Database {
    path: PathBuf,
    open: Open,
    store: RwLock<Option<Store>>,
    rests_until_ms: AtomicU64,
    /// It was opened again after a fault, and not looked over since.
    is_unchecked: AtomicBool,
    was_space_low: AtomicBool,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the database in `folder`, made when missing, and takes its lock.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        make_private(&path)?;
        let file = path.clone();
        Self::over(path, Box::new(move || Store::open(&file))).map_err(|(path, error)| {
            if error.is_locked() {
                Failure::DataInUse {
                    path: folder.to_owned(),
                }
            } else {
                Failure::database(&path, &error)
            }
        })
    }

    fn over(path: PathBuf, open: Open) -> Result<Self, (PathBuf, StoreError)> {
        match open() {
            Ok(store) => Ok(Self {
                path,
                open,
                store: RwLock::new(Some(store)),
                rests_until_ms: AtomicU64::new(0),
                is_unchecked: AtomicBool::new(false),
                was_space_low: AtomicBool::new(false),
            }),
            Err(error) => Err((path, error)),
        }
    }

    /// Whether there is a database in `folder`.
    pub(crate) fn exists(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    /// Runs `queries` on one moment of the database.
    pub(crate) fn read<T, E: From<Unavailable>>(
        &self,
        queries: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let store = store.as_ref().ok_or(Unavailable::Closed)?;
        queries(&mut store.read().map_err(Unavailable::Store)?)
    }

    /// Whether it can be read now.
    pub(crate) fn answers(&self) -> bool {
        self.read::<(), Unavailable>(|_| Ok(())).is_ok()
    }

    /// Runs `changes`, and returns after they are durable. After an error nothing of them is stored.
    pub(crate) fn write<T, E: From<Unavailable>>(
        &self,
        changes: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        if clock::now_ms() < self.rests_until_ms.load(Ordering::Relaxed) {
            return Err(Unavailable::Resting.into());
        }
        if self.is_unchecked.load(Ordering::Relaxed) {
            self.check()?;
        }
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let store = store.as_ref().ok_or(Unavailable::Closed)?;
        let mut tx = store.write().map_err(Unavailable::Store)?;
        let made = changes(&mut tx)?;
        tx.commit().map_err(Unavailable::Store)?;
        Ok(made)
    }

    /// Looks the database over, once after a fault and as soon as there is space to write. Readers wait meanwhile.
    fn check(&self) -> Result<(), Unavailable> {
        if self
            .free_bytes()
            .is_some_and(|free| free < FREE_SPACE_TO_WRITE_BYTES_MIN)
        {
            return Err(Unavailable::Resting);
        }
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        match store.as_mut().ok_or(Unavailable::Closed)?.check() {
            Ok(was_sound) => {
                self.is_unchecked.store(false, Ordering::Relaxed);
                info!(was_sound, "the database was looked over after a fault");
                Ok(())
            }
            Err(fault) => {
                warn!(%fault, "the database cannot be looked over yet");
                self.reopen(&mut store);
                Err(Unavailable::Resting)
            }
        }
    }

    /// Free space on its disk; none where the system does not tell.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let space = platform::space(&self.path).ok().flatten()?;
        Some(space.free_bytes)
    }

    /// Whether so little space is left that nothing new is taken, and whether that is different from the last look.
    pub(crate) fn look_at_space(&self) -> (bool, bool) {
        let is_low = self.is_space_low();
        let changed = self.was_space_low.swap(is_low, Ordering::Relaxed) != is_low;
        if changed && is_low {
            warn!("little disk space is left: no new mail and no registrations are taken");
        } else if changed {
            info!("there is disk space again");
        }
        (is_low, changed)
    }

    /// Whether so little space is left that it is kept for those who are here already.
    fn is_space_low(&self) -> bool {
        match platform::space(&self.path) {
            Ok(Some(space)) => {
                space.free_bytes < FREE_SPACE_BYTES_MIN
                    || space.free_bytes / FREE_SPACE_PERCENT_MIN < space.all_bytes / 100
            }
            // A full disk is then noticed by the commit that fails.
            Ok(None) => false,
            Err(error) => {
                warn!(%error, "the free space is not known");
                false
            }
        }
    }

    /// Does what can be done about a write that failed; the writer's, and nobody else's. Says whether the database had
    /// to be opened again.
    pub(crate) fn recover(&self, fault: &Unavailable) -> bool {
        match fault {
            Unavailable::Resting => false,
            Unavailable::Store(StoreError::Row { .. } | StoreError::ReadOnly { .. }) => {
                error!(%fault, "nothing of a batch was stored");
                false
            }
            Unavailable::Closed
            | Unavailable::Panicked
            | Unavailable::Store(StoreError::Database(_)) => {
                error!(%fault, "nothing of a batch was stored, and nothing will be for a while");
                let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
                self.reopen(&mut store);
                true
            }
        }
    }

    /// Opens the database again, and lets it rest for [`BUSY_RETRY_MS`] before the next write.
    fn reopen(&self, store: &mut Option<Store>) {
        // A database that panicked may do so once more on its way out, and the next on its way in.
        let old = store.take();
        if catch_unwind(AssertUnwindSafe(|| drop(old))).is_err() {
            error!("the database panicked while it was closed");
        }
        match catch_unwind(AssertUnwindSafe(|| (self.open)())) {
            Ok(Ok(opened)) => {
                info!("the database is open again");
                *store = Some(opened);
                self.is_unchecked.store(true, Ordering::Relaxed);
            }
            Ok(Err(error)) => error!(%error, "the database stays closed"),
            Err(_) => error!("the database panicked while it was opened, and stays closed"),
        }
        let rests_until_ms = clock::now_ms().saturating_add(BUSY_RETRY_MS);
        self.rests_until_ms.store(rests_until_ms, Ordering::Relaxed);
    }
}

#[cfg(test)]
impl Database {
    /// A database on `disk`, with the rest of the folder at `path`.
    pub(crate) fn on(disk: &Disk, path: &Path) -> Self {
        let disk = disk.clone();
        let open = Box::new(move || Store::with_backend(disk.clone()));
        Self::over(path.to_owned(), open).unwrap()
    }

    /// Ends the pause after a fault.
    pub(crate) fn wake(&self) {
        self.rests_until_ms.store(0, Ordering::Relaxed);
    }
}

fn make_private(path: &Path) -> Result<(), Failure> {
    match platform::create_private_file(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let open = platform::is_open_to_others(path);
            if open.map_err(|error| Failure::file(path, error))? {
                return Err(Failure::OpenToOthers {
                    path: path.to_owned(),
                });
            }
            Ok(())
        }
        Err(error) => Err(Failure::file(path, error)),
    }
}
