//! Everything that differs between operating systems: private files, folders that must survive a power failure, names
//! that replace nothing, the lock of a home, and how long a dead connection seems alive.
//!
//! Called by the shell only. No other file of this package names an operating system.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether the disk, or this user's share of it, is full.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Gives a file its full length, with the room for it taken, where the file system can do that. `needed` bytes of it are
/// still to be written. The answer is how many of those the disk has no room for; then the file is as it was.
pub(crate) fn reserve(file: &File, folder: &Path, (size, needed): (u64, u64)) -> io::Result<u64> {
    let taken = fs4::FileExt::allocated_size(file)?;
    let needed = needed.min(size.saturating_sub(taken));
    let missing = needed.saturating_sub(fs4::available_space(folder)?);
    if missing > 0 {
        return Ok(missing);
    }
    if size > 0
        && let Err(error) = fs4::FileExt::allocate(file, size)
    {
        if is_full(&error) {
            return Ok(needed.max(1));
        }
        tracing::debug!(%error, "this file system reserves nothing");
    }
    file.set_len(size).map(|()| 0)
}

/// Makes a folder that only this user can open, with its parents; one that exists stays as it is.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// What was sent on a connection must be acknowledged within this time, or it is dead.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn limit_unacknowledged(
    stream: &tokio::net::TcpStream,
    limit: std::time::Duration,
) -> io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(limit))
}

/// This system cannot be asked for it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn limit_unacknowledged(
    _: &tokio::net::TcpStream,
    _: std::time::Duration,
) -> io::Result<()> {
    Ok(())
}

/// Where a folder that exists really lies.
#[cfg(not(windows))]
pub(crate) fn settled(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// Where a folder lies. Its canonical name would begin with `\\?\`, which people and other programs do not understand.
#[cfg(windows)]
pub(crate) fn settled(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

/// Makes an empty file that only this user can open, or empties the one that lies there.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private().create(true).truncate(true).open(path)
}

/// Opens an existing file for writing.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    private().open(path)
}

/// Takes the lock of a home; it is free again when the file is dropped or the process dies. `None`: another has it.
pub(crate) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = private().create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Gives a file another name, and fails with `AlreadyExists` rather than replace what has it.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // A file system without hard links: take the name with an empty file, then replace that one.
        Err(_) => {
            private().create_new(true).open(to)?;
            fs::rename(from, to)
        }
    }
}

/// Makes new names in a folder survive a power failure.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Windows keeps names by itself and cannot open folders as files.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Marks a file as one that came from elsewhere, so that Windows asks before it runs it.
#[cfg(windows)]
pub(crate) fn mark_downloaded(path: &Path) {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    // Only NTFS has such streams; elsewhere there is nothing to mark.
    fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n").ok();
}

/// Other systems do not run a file because it was clicked.
#[cfg(not(windows))]
pub(crate) const fn mark_downloaded(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_free_after_its_holder_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = try_lock(&path).unwrap();
        assert!(held.is_some());
        assert!(try_lock(&path).unwrap().is_none());
        drop(held);
        assert!(try_lock(&path).unwrap().is_some());
    }

    #[test]
    fn a_new_name_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        let error = rename_new(&from, &to).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&to).unwrap(), "old");
        fs::remove_file(&to).unwrap();
        rename_new(&from, &to).unwrap();
        assert!(!from.exists());
        assert_eq!(fs::read_to_string(&to).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home");
        create_private_folder(&path).unwrap();
        create_private(&path.join("key")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("key"))), (0o700, 0o600));
    }
}
