//! Pictures on this computer: read, made small and harmless, kept in the home and removed. One at a time and in order, on
//! a blocking thread, so that the memory of one decoding is all that they take.

use super::driver::Inputs;
use crate::api::Failure;
use crate::core::io::{Input, KeepPicture, PictureInput, PictureOutput};
use crate::pictures::{PictureFault, clean_avatar, crop_avatar};
use crate::platform;
use hutong_common::limits::PICTURE_BYTES_MAX;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Who handles pictures.
#[derive(Debug)]
pub(super) struct Pictures {
    inputs: Inputs,
    /// Fair: whoever comes first has it first.
    turn: Arc<Mutex<()>>,
}

impl Pictures {
    pub(super) fn new(inputs: Inputs) -> Self {
        Self {
            inputs,
            turn: Arc::default(),
        }
    }

    pub(super) fn perform(&self, output: PictureOutput) {
        let (inputs, turn) = (self.inputs.clone(), Arc::clone(&self.turn));
        tokio::spawn(async move {
            let turn = turn.lock_owned().await;
            let work = tokio::task::spawn_blocking(move || handled(output)).await;
            drop(turn);
            match work {
                Ok(Some(input)) => inputs.send(Input::Picture(input)).await,
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "a picture could not be handled"),
            }
        });
    }

    /// Ready when all that was asked for until now is done.
    pub(super) fn idle(&self) -> impl Future<Output = ()> + Send + 'static {
        let turn = Arc::clone(&self.turn);
        async move { drop(turn.lock_owned().await) }
    }
}

fn handled(output: PictureOutput) -> Option<PictureInput> {
    match output {
        PictureOutput::Crop { command, path } => {
            let result = cropped(path);
            Some(PictureInput::Cropped { command, result })
        }
        PictureOutput::Keep(keep) => Some(kept(&keep)),
        PictureOutput::Forget(path) => {
            // One that is not there is forgotten already.
            fs::remove_file(path).ok();
            None
        }
    }
}

fn cropped(path: PathBuf) -> Result<Vec<u8>, Failure> {
    match read(&path) {
        Ok(bytes) => crop_avatar(&bytes).map_err(|fault| match fault {
            PictureFault::Unreadable => Failure::PictureUnreadable { path },
            PictureFault::TooLarge => Failure::PictureTooLarge { path },
        }),
        Err(_) => Err(Failure::NoSuchFile { path }),
    }
}

/// One byte more than is allowed is enough to refuse.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: opening a pipe waits for whoever writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    let limit = PICTURE_BYTES_MAX as u64 + 1;
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What lies in the home was encoded here, whatever came.
fn kept(keep: &KeepPicture) -> PictureInput {
    let written = match clean_avatar(&keep.bytes) {
        Ok(bytes) => write(&keep.path, &bytes),
        Err(_) => Err(io::ErrorKind::InvalidData.into()),
    };
    if let Err(error) = &written {
        tracing::debug!(%error, "a picture is not kept");
    }
    PictureInput::Kept {
        account: keep.account,
        hash: keep.hash,
        is_kept: written.is_ok(),
    }
}

/// Whole or not at all; on disk before the database says that it is there.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = platform::create_private(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)
}
