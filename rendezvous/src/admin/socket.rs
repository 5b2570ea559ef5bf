//! The local socket itself: where it lies, who listens, who connects.
//!
//! Called through `admin.rs` only. The listener belongs to whoever holds the database's lock, so a socket file that
//! nobody answers is left from a crash and is replaced.

use super::{Answer, Ask, converse, read_line, write_line};
use hutong_common::limits::ACCEPT_PAUSE_MS;
use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener as LocalListener, Stream};
use interprocess::local_socket::{ListenerOptions, Name};
use std::future::Future;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::io::BufReader;
use tokio::time::sleep;
use tracing::debug;

/// Where commands come in.
pub(crate) struct Listener(LocalListener);

/// Listens in `folder`. Call it while holding the database's lock.
pub(crate) fn listen(folder: &Path) -> io::Result<Listener> {
    let options = ListenerOptions::new()
        .name(name(folder)?)
        .try_overwrite(true);
    // Nobody but its owner may ask, even where somebody else made the folder.
    #[cfg(target_os = "linux")]
    let options = interprocess::os::unix::local_socket::ListenerOptionsExt::mode(options, 0o600);
    options.create_tokio().map(Listener)
}

impl Listener {
    /// Answers one command after the other, for ever.
    pub(crate) async fn serve<F: Future<Output = Answer>>(self, answer: impl Fn(Ask) -> F) {
        loop {
            let conversation = async {
                let stream = self.0.accept().await?;
                converse(stream, &answer).await
            };
            if let Err(error) = conversation.await {
                debug!(%error, "a command was not understood");
                sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
}

/// What the rendezvous that runs on `folder` answers, or none when none runs.
pub(crate) async fn ask(folder: &Path, ask: &Ask) -> io::Result<Option<Answer>> {
    let nobody = [io::ErrorKind::NotFound, io::ErrorKind::ConnectionRefused];
    let stream = match Stream::connect(name(folder)?).await {
        Ok(stream) => stream,
        Err(error) if nobody.contains(&error.kind()) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut stream = BufReader::new(stream);
    write_line(&mut stream, ask).await?;
    read_line(&mut stream).await.map(Some)
}

#[cfg(unix)]
fn name(folder: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    folder.join("admin.sock").to_fs_name::<GenericFilePath>()
}

/// Pipes have a namespace of their own: the folder goes into the name.
#[cfg(windows)]
fn name(folder: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName};
    let folder = folder.canonicalize()?;
    let hash = blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex();
    format!("hutong-rendezvous-{hash}").to_ns_name::<GenericNamespaced>()
}
