//! Pictures of people: looked at with the engine's own code, on computers whose files lie nowhere.

use super::Simulation;
use hutong_engine::api::Failure;
use hutong_engine::core::io::{Input, PictureInput, PictureOutput};
use hutong_engine::pictures::{PictureFault, clean_avatar, crop_avatar};

/// How long a computer looks at a picture.
const LOOK_US: u64 = 5_000;

impl Simulation {
    pub(super) fn perform_picture(&mut self, who: usize, output: PictureOutput) {
        let pictures = &mut self.clients[who].pictures;
        let input = match output {
            PictureOutput::Crop { command, path } => {
                let result = match pictures.get(&path).map(|bytes| crop_avatar(bytes)) {
                    Some(Ok(avatar)) => Ok(avatar),
                    Some(Err(PictureFault::Unreadable)) => Err(Failure::PictureUnreadable { path }),
                    Some(Err(PictureFault::TooLarge)) => Err(Failure::PictureTooLarge { path }),
                    None => Err(Failure::NoSuchFile { path }),
                };
                PictureInput::Cropped { command, result }
            }
            PictureOutput::Keep(keep) => {
                let cleaned = clean_avatar(&keep.bytes).ok();
                let is_kept = cleaned.is_some();
                let (account, hash) = (keep.account, keep.hash);
                pictures.extend(cleaned.map(|bytes| (keep.path, bytes)));
                PictureInput::Kept {
                    account,
                    hash,
                    is_kept,
                }
            }
            PictureOutput::Forget(path) => {
                pictures.remove(&path);
                return;
            }
        };
        self.input_later(who, LOOK_US, Input::Picture(input));
    }
}
