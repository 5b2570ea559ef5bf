//! What differs between operating systems: private files and folders, and where data lies by default.
//!
//! Called by `keys.rs`, `server.rs` and `admin.rs`. On Windows the profile folder's access list, which new files
//! inherit, keeps others out, so there is nothing to set and nothing to check. Nothing else in this package asks which
//! system it runs on.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The platform's folder for data of this program, or none when the person has no home.
pub(crate) fn default_data_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "hutong")?;
    Some(folders.data_local_dir().join("rendezvous"))
}

/// Makes the folder, and those above it, so that only its owner can enter.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a file that only its owner can read; refuses when there is one of that name.
pub(crate) fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in a folder durable.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes the names in a folder durable: this system does so by itself.
#[cfg(not(unix))]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    std::fs::metadata(path).map(drop)
}

/// Asks with `ask` and reads one line, when a person sits there; a program means what it says.
pub(crate) fn is_confirmed(ask: impl FnOnce()) -> io::Result<bool> {
    let stdin = io::stdin();
    if !io::IsTerminal::is_terminal(&stdin) {
        return Ok(true);
    }
    ask();
    let mut line = String::new();
    stdin.read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// Whether anybody but its owner can read or change the file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Whether anybody but its owner can read or change the file.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    std::fs::metadata(path).map(|_| false)
}

/// Space on the disk of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    pub(crate) free_bytes: u64,
    pub(crate) all_bytes: u64,
}

/// Space on the disk of `path`; none where the system does not tell us.
#[cfg(unix)]
pub(crate) fn space(path: &Path) -> io::Result<Option<Space>> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(Some(Space {
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        all_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
    }))
}

/// Space on the disk of `path`; none where the system does not tell us.
#[cfg(not(unix))]
pub(crate) fn space(_path: &Path) -> io::Result<Option<Space>> {
    Ok(None)
}

/// Returns when the operating system, or a person at the keyboard, asks the program to stop.
#[cfg(unix)]
pub(crate) async fn stop_requested() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

/// Returns when the operating system, or a person at the keyboard, asks the program to stop.
#[cfg(windows)]
pub(crate) async fn stop_requested() -> io::Result<()> {
    use tokio::signal::windows::{ctrl_close, ctrl_shutdown};
    let (mut close, mut shutdown) = (ctrl_close()?, ctrl_shutdown()?);
    tokio::select! {
        _ = close.recv() => Ok(()),
        _ = shutdown.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
