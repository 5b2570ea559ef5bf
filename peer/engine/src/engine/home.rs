//! The folder of one client, while this engine holds it.
//!
//! `home.redb` the database · `lock` held while an engine runs · `downloads/` where accepted files go · `offers/` hash
//! trees of offered files · `parts/` notes on unfinished downloads.

use super::StartError;
use crate::files::{hash, part};
use crate::platform;
use crate::store::files::FileProgress;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A home that nobody else runs on.
#[derive(Debug)]
pub(super) struct Home {
    root: PathBuf,
    _lock: File,
}

impl Home {
    pub(super) fn open(root: &Path) -> Result<Self, StartError> {
        let failed = |source| StartError::Home {
            path: root.to_owned(),
            source,
        };
        platform::create_private_folder(root).map_err(failed)?;
        let root = root.canonicalize().map_err(failed)?;
        let lock = platform::try_lock(&root.join("lock")).map_err(failed)?;
        let home = Self {
            root,
            _lock: lock.ok_or(StartError::HomeLocked)?,
        };
        for folder in [home.downloads(), home.offers(), home.parts()] {
            platform::create_private_folder(&folder).map_err(failed)?;
        }
        Ok(home)
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
        part::forget_others(&wanted, &self.parts());
        hash::forget_others(&offered, &self.offers());
        Ok(())
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
}
