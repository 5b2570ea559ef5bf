//! The database while the program runs: opened under its lock, and opened again after a fault of the disk.
//!
//! Called by `server.rs`, which opens it, by `writer.rs`, and by readers. redb refuses every write after one that
//! failed, until it is reopened; nothing that was answered is lost by that. Readers never wait for the writer.

use crate::clock;
use crate::failure::Failure;
use crate::platform;
use crate::store::{Store, StoreError, Tx};
use hutong_common::limits::{BUSY_RETRY_MS, FREE_SPACE_BYTES_MIN, FREE_SPACE_PERCENT_MIN};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use tracing::{error, info, warn};

const FILE: &str = "rendezvous.redb";

/// Why a transaction came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unavailable {
    #[error("the database is closed after a fault")]
    Closed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unavailable> for Failure {
    fn from(fault: Unavailable) -> Self {
        Self::database(Path::new(FILE), &fault)
    }
}

/// The open database of a data folder.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    store: RwLock<Option<Store>>,
    reopen_at_ms: AtomicU64,
}

impl Database {
    /// Opens the database in `folder`, made when missing, and takes its lock.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        make_private(&path)?;
        let store = Store::open(&path).map_err(|error| {
            if error.is_locked() {
                Failure::DataInUse {
                    path: folder.to_owned(),
                }
            } else {
                Failure::database(&path, &error)
            }
        })?;
        Ok(Self {
            path,
            store: RwLock::new(Some(store)),
            reopen_at_ms: AtomicU64::new(0),
        })
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
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let store = store.as_ref().ok_or(Unavailable::Closed)?;
        let mut tx = store.write().map_err(Unavailable::Store)?;
        let made = changes(&mut tx)?;
        tx.commit().map_err(Unavailable::Store)?;
        Ok(made)
    }

    /// Whether so little space is left that it is kept for those who are here already.
    pub(crate) fn is_space_low(&self) -> bool {
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

    /// Opens the database again after a fault, at most every [`BUSY_RETRY_MS`]; the writer's, and nobody else's.
    pub(crate) fn reopen(&self) {
        let now_ms = clock::now_ms();
        if now_ms < self.reopen_at_ms.load(Ordering::Relaxed) {
            return;
        }
        self.reopen_at_ms
            .store(now_ms + BUSY_RETRY_MS, Ordering::Relaxed);
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        // The lock on the file goes with the database that holds it.
        *store = None;
        match Store::open(&self.path) {
            Ok(opened) => {
                info!("the database is open again");
                *store = Some(opened);
            }
            Err(error) => error!(%error, "the database stays closed"),
        }
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
