//! Files in both directions: their list, and their cards in the open conversation.

use super::talk;
use crate::model::AppState;
use hutong_engine::api::event::File;

/// A file is new or got further.
pub(super) fn moved(state: &mut AppState, file: File) {
    talk::file_moved(state, &file);
    let at = state
        .file_list
        .iter()
        .position(|held| held.file == file.file);
    match at {
        Some(at) => {
            state.file_list.set(at, file.clone().into());
        }
        None => state.file_list.push_front(file.clone().into()),
    }
    state.files.insert(file.file, file);
}
