//! What differs between operating systems: private files and folders, where data lies by default, and the language.
//!
//! Called by the shells of this package. On Windows the profile folder's access list, which new files
//! inherit, keeps others out, so there is nothing to set and nothing to check. Nothing else in this package asks which
//! system it runs on.

use hutong_common::limits::{RELAY_DEATH_MS, RELAY_KEEP_ALIVE_MS, RELAY_SOCKET_BYTES};
use hutong_common::text::Lang;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpStream;

/// The platform's folder for data of this program, or none when the person has no home.
pub(crate) fn default_data_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "hutong")?;
    Some(folders.data_local_dir().join("rendezvous"))
}

/// The language of whoever uses this computer.
pub fn lang() -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    let [all, messages, lang] = variables;
    let told = [all, messages, lang, system_locale()];
    Lang::from_locale(told.iter().map(Option::as_deref))
}

/// The variables are all there is.
#[cfg(not(windows))]
const fn system_locale() -> Option<String> {
    None
}

/// Windows sets no variables; the person has chosen under Settings.
#[cfg(windows)]
fn system_locale() -> Option<String> {
    sys_locale::get_locale()
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

/// Raises the limit of open files as far as this process may: many systems begin with 1 024, and each client is one.
#[cfg(unix)]
pub(crate) fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays");
    }
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub(crate) const fn raise_open_files() {}

/// Has the system notice when the other end of a leg is gone without a word, soon where bytes wait for it, a little later
/// where none do; and bounds what it keeps for it.
pub(crate) fn prepare_leg(stream: &TcpStream) -> io::Result<()> {
    let socket = socket2::SockRef::from(stream);
    socket.set_recv_buffer_size(RELAY_SOCKET_BYTES)?;
    socket.set_send_buffer_size(RELAY_SOCKET_BYTES)?;
    let probes = socket2::TcpKeepalive::new()
        .with_time(Duration::from_millis(RELAY_KEEP_ALIVE_MS))
        .with_interval(Duration::from_millis(RELAY_KEEP_ALIVE_MS));
    socket.set_tcp_keepalive(&probes)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_user_timeout(Some(Duration::from_millis(RELAY_DEATH_MS)))?;
    Ok(())
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

/// From now on, files that this process makes are its owner's alone, also those that a library makes.
#[cfg(unix)]
pub fn keep_files_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// From now on, files that this process makes are its owner's alone: here folders see to that.
#[cfg(not(unix))]
pub fn keep_files_private() {}

/// Whether the process may do everything on this computer.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether the process may do everything on this computer: not known here.
#[cfg(not(unix))]
pub(crate) const fn is_root() -> bool {
    false
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

/// What the operating system, or a person at the keyboard, says to have the program stop.
#[derive(Debug)]
pub(crate) struct StopSignals {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    #[cfg(windows)]
    signals: (
        tokio::signal::windows::CtrlC,
        tokio::signal::windows::CtrlClose,
        tokio::signal::windows::CtrlShutdown,
    ),
}

impl StopSignals {
    /// Listens from now on.
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
        ];
        Ok(Self { signals })
    }

    /// Listens from now on.
    #[cfg(windows)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
        let signals = (ctrl_c()?, ctrl_close()?, ctrl_shutdown()?);
        Ok(Self { signals })
    }

    /// Returns at the next one.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        {
            let [terminate, interrupt] = &mut self.signals;
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        #[cfg(windows)]
        {
            let (interrupt, close, shutdown) = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = close.recv() => {}
                _ = shutdown.recv() => {}
            }
        }
    }
}
