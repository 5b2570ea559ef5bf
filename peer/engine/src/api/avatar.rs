//! Which picture a person wants others to see, as commands name it. Used by [`super::command`] alone.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Which picture others see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "PathBuf")]
pub enum AvatarChoice {
    /// None: written `none`.
    None,
    /// The middle of the one at this absolute path.
    File(PathBuf),
}

impl From<PathBuf> for AvatarChoice {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "none" {
            Self::None
        } else {
            Self::File(path)
        }
    }
}

impl AvatarChoice {
    /// The file, when there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::None => None,
            Self::File(path) => Some(path),
        }
    }
}
