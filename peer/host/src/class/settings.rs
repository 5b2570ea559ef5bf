//! The settings file of a class: what it is called and where it listens. Written by this program, read by the rendezvous.

use super::NotStarted;
use crate::platform;
use serde::{Deserialize, Serialize};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The settings that are ours; a rendezvous knows more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// What the class is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// Where the rendezvous listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) listen: Option<SocketAddr>,
    /// Whatever somebody else wrote into it.
    #[serde(flatten)]
    rest: toml::Table,
}

impl Settings {
    /// The file in the folder of a class.
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join("class.toml")
    }

    /// Those in the folder; none when it is new.
    pub(super) fn read(folder: &Path) -> Result<Self, NotStarted> {
        let path = Self::path(folder);
        let failed = |source| NotStarted::Folder {
            path: path.clone(),
            source,
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Writes them, and makes the folder when it is missing.
    pub(super) fn write(&self, folder: &Path) -> Result<(), NotStarted> {
        let path = Self::path(folder);
        let written = toml::to_string(self)
            .map_err(io::Error::other)
            .and_then(|text| {
                platform::create_private_folder(folder)?;
                std::fs::write(&path, text)
            });
        written.map_err(|source| NotStarted::Folder { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_keeps_its_name_its_port_and_what_an_admin_wrote() -> Result<(), NotStarted> {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("new").join("class");
        assert_eq!(Settings::read(&folder)?, Settings::default());
        let mut settings = Settings {
            name: Some("七年级\"三\"班".to_owned()),
            ..Settings::default()
        };
        settings.write(&folder)?;
        let text = std::fs::read_to_string(Settings::path(&folder)).unwrap();
        std::fs::write(Settings::path(&folder), format!("{text}search = false\n")).unwrap();
        settings = Settings::read(&folder)?;
        settings.listen = Some(SocketAddr::from(([127, 0, 0, 1], 7440)));
        settings.write(&folder)?;
        let again = Settings::read(&folder)?;
        assert_eq!(again, settings);
        assert!(
            std::fs::read_to_string(Settings::path(&folder))
                .is_ok_and(|text| text.contains("search = false"))
        );
        Ok(())
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let refused = Settings::default().write(&file.join("class"));
        assert!(matches!(refused, Err(NotStarted::Folder { path, .. }) if path.starts_with(&file)));
    }
}
