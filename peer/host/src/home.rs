//! Where a client keeps everything, and the preset that a teacher may put beside the program.
//!
//! Decides only paths; the engine makes and locks the folder.

use anyhow::Context;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const PRESET_FILE: &str = "hutong.toml";

/// A preset file: documented in `hutong --help`. Unknown keys are an error, because a misspelt one would be ignored.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Invite link or `HOST:PORT` of the rendezvous.
    pub server: Option<String>,
    /// Whether whoever signs in here sits at a shared seat.
    pub seat: Option<bool>,
}

/// The home folder as an absolute path: the given one, else the platform's data folder; none where the system names none.
///
/// # Errors
/// When there is no current folder to which a given path is relative.
pub fn folder(given: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    match given {
        Some(path) => Ok(Some(
            std::path::absolute(path).context("make --home absolute")?,
        )),
        // A folder of this computer: a profile that Windows carries to others would bring them a copy of its key.
        None => Ok(directories::ProjectDirs::from("", "", "hutong")
            .map(|dirs| dirs.data_local_dir().to_owned())),
    }
}

/// A preset file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {detail}")]
pub struct BadPreset {
    /// Which file.
    pub path: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What is preset: by the file in the home first, then by the one beside the program.
///
/// # Errors
/// [`BadPreset`], naming the file.
pub fn preset(home: &Path) -> Result<Preset, BadPreset> {
    let mut preset = Preset::default();
    let program = std::env::current_exe().ok();
    let folders = [Some(home), program.as_deref().and_then(Path::parent)];
    for folder in folders.into_iter().flatten() {
        let path = folder.join(PRESET_FILE);
        let bad = |detail: String| BadPreset {
            path: path.display().to_string(),
            detail,
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(bad(error.to_string())),
        };
        let read: Preset =
            toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
        preset.server = preset.server.or(read.server);
        preset.seat = preset.seat.or(read.seat);
    }
    Ok(preset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_in_the_home_names_the_rendezvous_and_the_kind_of_place_and_misspelt_keys_are_told()
    -> anyhow::Result<()> {
        let home = tempfile::tempdir()?;
        assert_eq!(preset(home.path())?, Preset::default());
        let path = home.path().join(PRESET_FILE);
        std::fs::write(&path, "server = \"hutong://join?h=a:1\"\nseat = true\n")?;
        let expected = Preset {
            server: Some("hutong://join?h=a:1".to_owned()),
            seat: Some(true),
        };
        assert_eq!(preset(home.path())?, expected);
        std::fs::write(&path, "sever = \"x\"\n")?;
        assert!(preset(home.path()).is_err_and(|bad| bad.detail.contains("sever")));
        Ok(())
    }
}
