//! Everything that differs between operating systems: where the local socket of a home is, what this computer is called and
//! which language it speaks, private files, and a process that is not ours to take along.
//!
//! No other file of this package names an operating system.

use hutong_common::text::Lang;
use interprocess::local_socket::{ListenerOptions, Name};
use std::io;
use std::path::Path;

/// Only people who can open the home folder can reach a socket inside it.
#[cfg(unix)]
pub(crate) fn socket_name(home: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    home.join("hutong.sock").to_fs_name::<GenericFilePath>()
}

#[cfg(windows)]
pub(crate) fn socket_name(home: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName};
    pipe_name(&home.canonicalize()?).to_ns_name::<GenericNamespaced>()
}

/// Pipes have one name space for the whole computer, so the name is made from the path of the home. A hash, as a path may be
/// longer than the 256 characters that a name may have.
#[cfg(any(test, windows))]
fn pipe_name(home: &Path) -> String {
    let hash = blake3::hash(home.as_os_str().as_encoded_bytes());
    format!("hutong-{}", hash.to_hex())
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

/// The language of whoever uses this computer.
pub fn lang() -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    let [all, messages, lang] = variables;
    let told = [all, messages, lang, system_locale()];
    Lang::from_locale(told.iter().map(Option::as_deref))
}

/// The variables are all there is.
#[cfg(unix)]
const fn system_locale() -> Option<String> {
    None
}

/// Windows sets no variables; the person has chosen under Settings.
#[cfg(windows)]
fn system_locale() -> Option<String> {
    sys_locale::get_locale()
}

/// Makes a folder that only this user can open, with its parents; one that exists stays as it is.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes an empty file that only this user can open, or empties the one that lies there.
pub(crate) fn create_private_file(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A process that goes on when this one ends, and gets none of its interrupts.
#[cfg(unix)]
pub(crate) fn set_apart(command: &mut std::process::Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

/// A process that goes on when this one ends, and shows no window.
#[cfg(windows)]
pub(crate) fn set_apart(command: &mut std::process::Command) {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let flags = CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    std::os::windows::process::CommandExt::creation_flags(command, flags);
}

/// Asks a process to take leave and end.
#[cfg(unix)]
pub(crate) fn ask_to_stop(pid: u32) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    kill_process(pid.ok_or(io::ErrorKind::InvalidInput)?, Signal::TERM)?;
    Ok(())
}

/// Ends a process: a program without a window cannot be asked here. What a rendezvous answered is on its disk by then.
#[cfg(windows)]
pub(crate) fn ask_to_stop(pid: u32) -> io::Result<()> {
    let mut command = std::process::Command::new("taskkill");
    set_apart(&mut command);
    let status = command.args(["/F", "/PID", &pid.to_string()]).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_home_has_a_pipe_of_its_own_whose_name_is_short_however_long_the_path() {
        let long = |end: &str| Path::new("/home").join("长".repeat(200)).join(end);
        let names = [long("a"), long("b")].map(|home| pipe_name(&home));
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|name| name.len() < 200), "{names:?}");
    }
}
