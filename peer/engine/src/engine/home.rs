//! The folder of one client, while this engine holds it.
//!
//! `home.redb` the database · `lock` held while an engine runs · `downloads/` where accepted files go · `offers/` hash
//! trees of offered files · `parts/` notes on unfinished downloads · `avatars/` pictures of people · `outbox/`
//! pictures that a face made to send them.

use super::StartError;
use crate::files::{hash, part};
use crate::pictures::file_name;
use crate::platform;
use crate::store::files::FileProgress;
use crate::store::home::ScrubRow;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A home that nobody else runs on.
#[derive(Debug)]
pub(super) struct Home {
    folders: Folders,
    _lock: File,
}

/// Where a face keeps what exists as a file only to be sent.
pub(super) fn outbox(root: &Path) -> PathBuf {
    root.join("outbox")
}

/// Where everything lies in a home.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    root: PathBuf,
}

impl Home {
    pub(super) fn open(root: &Path) -> Result<Self, StartError> {
        let failed = |source| StartError::Home {
            path: root.to_owned(),
            source,
        };
        platform::create_private_folder(root).map_err(failed)?;
        let root = platform::settled(root).map_err(failed)?;
        let lock = platform::try_lock(&root.join("lock")).map_err(failed)?;
        let home = Self {
            folders: Folders { root },
            _lock: lock.ok_or(StartError::HomeLocked)?,
        };
        home.folders.make().map_err(failed)?;
        // Of a database that was made anew, and not yet in its place when everything ended.
        remove_if_there(&home.folders.new_database()).map_err(failed)?;
        Ok(home)
    }

    /// Opens the database; what had to be removed and was not is removed first.
    pub(super) fn open_store(&self) -> Result<Store, StoreError> {
        let store = Store::open(&self.folders.database())?;
        match store.scrub_due()? {
            Some(what) => self.folders.scrub(store, what),
            None => Ok(store),
        }
    }

    pub(super) const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Removes what belongs to no file any more. Called before anything else uses the home.
    pub(super) fn tidy(&self, store: &Store) -> Result<(), StoreError> {
        let (mut wanted, mut offered) = (BTreeSet::new(), BTreeSet::new());
        for (file, row) in store.begin().files()? {
            match (row.progress, row.is_outgoing()) {
                (FileProgress::Declined | FileProgress::Failed, true)
                | (
                    FileProgress::Declined | FileProgress::Offered | FileProgress::Verified,
                    false,
                ) => {}
                (
                    FileProgress::Offered
                    | FileProgress::Waiting
                    | FileProgress::Running
                    | FileProgress::Verified,
                    true,
                ) => {
                    offered.insert(row.root);
                }
                // What failed can be accepted again, and goes on then.
                (FileProgress::Waiting | FileProgress::Running | FileProgress::Failed, false) => {
                    wanted.insert(file);
                }
            }
        }
        part::forget_others(&wanted, &self.folders.parts());
        hash::forget_others(&offered, &self.folders.offers());
        self.tidy_avatars(store)
    }

    /// A picture whose row was not written, or was removed, before everything ended.
    fn tidy_avatars(&self, store: &Store) -> Result<(), StoreError> {
        let kept = store.begin().avatars()?;
        let names: BTreeSet<String> = kept
            .iter()
            .map(|(account, hash)| file_name(*account, hash))
            .collect();
        for entry in fs::read_dir(self.folders.avatars()).into_iter().flatten() {
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            if name.to_str().is_none_or(|name| !names.contains(name)) {
                // What cannot be removed now is tried again at the next start.
                fs::remove_file(entry.path()).ok();
            }
        }
        Ok(())
    }
}

impl Folders {
    #[cfg(test)]
    pub(super) fn of(root: PathBuf) -> Self {
        Self { root }
    }

    fn make(&self) -> io::Result<()> {
        [
            self.downloads(),
            self.offers(),
            self.parts(),
            self.avatars(),
            outbox(&self.root),
        ]
        .iter()
        .try_for_each(|folder| platform::create_private_folder(folder))
    }

    /// Leaves nothing of somebody who is gone: the files of transfers first, then a database that holds nothing but the
    /// rows that count takes the place of the old one, which was kept until then because it says that this is to be done.
    pub(super) fn scrub(&self, store: Store, what: ScrubRow) -> Result<Store, StoreError> {
        part::forget_others(&BTreeSet::new(), &self.parts());
        let mut folders = vec![
            self.offers(),
            self.parts(),
            self.avatars(),
            outbox(&self.root),
        ];
        if what.downloads {
            folders.push(self.downloads());
        }
        for folder in folders {
            match fs::remove_dir_all(&folder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::Files(error)),
            }
        }
        self.make()?;
        let fresh = self.new_database();
        remove_if_there(&fresh)?;
        store.copy_into(&Store::open(&fresh)?)?;
        // Closed first: not every system replaces a file that is open.
        drop(store);
        fs::rename(&fresh, self.database())?;
        platform::sync_folder(&self.root)?;
        Store::open(&self.database())
    }

    fn new_database(&self) -> PathBuf {
        self.root.join("home.redb.new")
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn database(&self) -> PathBuf {
        self.root.join("home.redb")
    }

    pub(super) fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    pub(super) fn offers(&self) -> PathBuf {
        self.root.join("offers")
    }

    pub(super) fn parts(&self) -> PathBuf {
        self.root.join("parts")
    }

    fn avatars(&self) -> PathBuf {
        self.root.join("avatars")
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
