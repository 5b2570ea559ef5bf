//! Everything that differs between operating systems: where the local socket of a home is, and what this computer is called.
//!
//! No other file of this package names an operating system.

use interprocess::local_socket::{ListenerOptions, Name};
use std::io;
use std::path::Path;

/// Only people who can open the home folder can reach a socket inside it.
#[cfg(unix)]
pub(crate) fn socket_name(home: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    home.join("hutong.sock").to_fs_name::<GenericFilePath>()
}

/// Pipes have one name space for the whole computer, so the name is made from the path of the home.
#[cfg(windows)]
pub(crate) fn socket_name(home: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName};
    use std::fmt::Write;
    let home = home.canonicalize()?;
    let mut name = String::from("hutong");
    for byte in home.as_os_str().as_encoded_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(name, "-{byte:02x}");
    }
    name.to_ns_name::<GenericNamespaced>()
}

/// A socket left behind by a process that died is replaced: whoever listens holds the lock of the home.
#[cfg(unix)]
pub(crate) fn listener_options(name: Name<'_>) -> ListenerOptions<'_> {
    use interprocess::os::unix::local_socket::ListenerOptionsExt;
    ListenerOptions::new()
        .name(name)
        .try_overwrite(true)
        .mode(0o600)
}

#[cfg(windows)]
pub(crate) fn listener_options(name: Name<'_>) -> ListenerOptions<'_> {
    ListenerOptions::new().name(name)
}

/// What this computer is called; empty where the system does not say.
pub fn computer_name() -> String {
    let told = ["COMPUTERNAME", "HOSTNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    told.or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok())
        .map(|name| name.trim().to_owned())
        .unwrap_or_default()
}
