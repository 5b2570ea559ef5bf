//! The two secrets of a rendezvous, each in a file of its own beside the database: `server.key` and `opaque.key`.
//!
//! Read once at start, made when missing. A key file that others can read is refused, never repaired: whoever could
//! read it may have. The files are written whole and synced before anything is signed with what is in them.

use crate::failure::Failure;
use crate::platform;
use hutong_common::entropy::Entropy;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::opaque::{OpaqueServer, SETUP_BYTES};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use zeroize::Zeroizing;

const SERVER_KEY: &str = "server.key";
const OPAQUE_KEY: &str = "opaque.key";

/// What a rendezvous must never lose and never show.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Signs, and stands for the rendezvous in TLS.
    pub(crate) server: KeyPair,
    /// Without it the password records in the database are worth nothing.
    pub(crate) opaque: OpaqueServer,
}

impl Keys {
    /// Reads both keys from `folder`. Those that are missing are made for a new rendezvous only: beside a database that
    /// was in use, a new key would be another rendezvous, and every client would refuse it. Call it while holding the
    /// database's lock.
    pub(crate) fn open(
        folder: &Path,
        is_new: bool,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, Failure> {
        for name in [SERVER_KEY, OPAQUE_KEY] {
            let path = folder.join(name);
            if !is_new && !path.exists() {
                return Err(Failure::KeyMissing { path });
            }
        }
        let server = folder.join(SERVER_KEY);
        let seed = open_or_make(&server, || Zeroizing::new(entropy.array::<32>()))?;
        let opaque = folder.join(OPAQUE_KEY);
        let setup: Zeroizing<[u8; SETUP_BYTES]> =
            open_or_make(&opaque, || OpaqueServer::new(entropy).to_bytes())?;
        Ok(Self {
            server: KeyPair::from_seed(*seed),
            opaque: OpaqueServer::from_bytes(&setup)
                .map_err(|_| Failure::KeyDamaged { path: opaque })?,
        })
    }

    /// The public half of the server key.
    pub(crate) const fn server_id(&self) -> ServerId {
        ServerId(self.server.public().0)
    }
}

/// The id of the rendezvous whose data lie in `folder`, whether it runs or not; none before its first start.
pub(crate) fn server_id(folder: &Path) -> Result<Option<ServerId>, Failure> {
    let seed = read::<32>(&folder.join(SERVER_KEY))?;
    Ok(seed.map(|seed| ServerId(KeyPair::from_seed(*seed).public().0)))
}

fn open_or_make<const BYTES: usize>(
    path: &Path,
    make: impl FnOnce() -> Zeroizing<[u8; BYTES]>,
) -> Result<Zeroizing<[u8; BYTES]>, Failure> {
    match read(path)? {
        Some(key) => Ok(key),
        None => {
            let key = make();
            write(path, &*key).map_err(|source| Failure::file(path, source))?;
            Ok(key)
        }
    }
}

fn read<const BYTES: usize>(path: &Path) -> Result<Option<Zeroizing<[u8; BYTES]>>, Failure> {
    let failed = |source| Failure::file(path, source);
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if platform::is_open_to_others(path).map_err(failed)? {
        return Err(Failure::OpenToOthers { path: path.into() });
    }
    match <[u8; BYTES]>::try_from(bytes.as_slice()) {
        Ok(key) => Ok(Some(Zeroizing::new(key))),
        Err(_) => Err(Failure::KeyDamaged { path: path.into() }),
    }
}

/// Under another name first: a crash half way leaves no half key that the next start would refuse.
fn write(path: &Path, key: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("key.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = platform::create_private_file(&unfinished)?;
    file.write_all(key)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    // Clients will pin the key: the loss of its name with the power would be the loss of the rendezvous.
    path.parent().map_or(Ok(()), platform::sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::entropy::SeededEntropy;

    fn open(folder: &Path, seed: u64) -> Result<Keys, Failure> {
        Keys::open(folder, true, &mut SeededEntropy::from_number(seed))
    }

    /// A restored folder without its `server.key` came up as a rendezvous with a new key, which locked everybody out.
    #[test]
    fn a_key_that_is_missing_beside_a_used_database_is_not_made_anew() {
        for name in [SERVER_KEY, OPAQUE_KEY] {
            let folder = tempfile::tempdir().unwrap();
            open(folder.path(), 1).unwrap();
            let path = folder.path().join(name);
            fs::remove_file(&path).unwrap();
            let entropy = &mut SeededEntropy::from_number(2);
            let refused = Keys::open(folder.path(), false, entropy).unwrap_err();
            assert!(matches!(&refused, Failure::KeyMissing { path: named } if *named == path));
            assert!(!path.exists());
        }
    }

    #[test]
    fn keys_are_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(server_id(folder.path()).unwrap(), None);
        let first = open(folder.path(), 1).unwrap();
        let again = open(folder.path(), 2).unwrap();
        assert_eq!(first.server_id(), again.server_id());
        assert_eq!(first.opaque.to_bytes(), again.opaque.to_bytes());
        assert_eq!(server_id(folder.path()).unwrap(), Some(first.server_id()));
    }

    #[test]
    fn a_damaged_key_is_refused_by_its_name() {
        for name in [SERVER_KEY, OPAQUE_KEY] {
            let folder = tempfile::tempdir().unwrap();
            open(folder.path(), 1).unwrap();
            let path = folder.path().join(name);
            let short = fs::read(&path).unwrap()[1..].to_vec();
            fs::write(&path, short).unwrap();
            let refused = open(folder.path(), 1).unwrap_err();
            assert!(matches!(&refused, Failure::KeyDamaged { path: named } if *named == path));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused_by_its_name() {
        use std::os::unix::fs::PermissionsExt;
        for (name, mode) in [
            (SERVER_KEY, 0o640),
            (OPAQUE_KEY, 0o604),
            (SERVER_KEY, 0o620),
        ] {
            let folder = tempfile::tempdir().unwrap();
            open(folder.path(), 1).unwrap();
            let path = folder.path().join(name);
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = open(folder.path(), 1).unwrap_err();
            assert!(matches!(&refused, Failure::OpenToOthers { path: named } if *named == path));
        }
    }

    #[test]
    fn a_key_left_half_written_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("server.key.new"), b"half").unwrap();
        open(folder.path(), 1).unwrap();
        assert!(!folder.path().join("server.key.new").exists());
    }
}
