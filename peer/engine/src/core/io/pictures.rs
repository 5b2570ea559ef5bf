//! The seam about pictures of people: what the shell makes small, keeps and forgets, and what it says of it.

use super::CommandId;
use crate::api::Failure;
use hutong_common::id::AccountId;
use std::path::PathBuf;

/// About pictures.
#[derive(Debug)]
pub enum PictureInput {
    /// A picture was read and made small.
    Cropped {
        /// The command that names it.
        command: CommandId,
        /// The avatar, or why there is none.
        result: Result<Vec<u8>, Failure>,
    },
    /// A picture was put in the home, or is none that can be kept.
    Kept {
        /// Whose.
        account: AccountId,
        /// BLAKE3 of what the rendezvous has.
        hash: [u8; 32],
        /// Whether it lies there.
        is_kept: bool,
    },
}

/// About pictures. They are handled in order, one at a time.
#[derive(Debug)]
pub enum PictureOutput {
    /// Read a picture and make it an avatar.
    Crop {
        /// The command that names it.
        command: CommandId,
        /// Absolute path.
        path: PathBuf,
    },
    /// Decode a picture and put what was seen in it in the home.
    Keep(Box<KeepPicture>),
    /// Remove a picture from the home.
    Forget(PathBuf),
}

/// A picture for the home.
#[derive(Debug)]
pub struct KeepPicture {
    /// Whose.
    pub account: AccountId,
    /// BLAKE3 of the bytes.
    pub hash: [u8; 32],
    /// Where it is to lie.
    pub path: PathBuf,
    /// As the rendezvous has it.
    pub bytes: Vec<u8>,
}
