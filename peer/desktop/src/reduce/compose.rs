//! Emoji, and files that come by drop or paste: what goes at once, and what is asked about first.

use super::{notes, talk};
use crate::emoji::used;
use crate::input::intent::EmojiIntent;
use crate::input::{Effect, Weight};
use crate::model::compose::{Outgoing, Picker, Spot};
use crate::model::{AppState, Dialog, Note};
use druid::ArcStr;
use druid::im::Vector;
use hutong_common::limits::{UNASKED_FILE_BYTES_MAX, UNASKED_FILES_MAX};
use std::path::PathBuf;

pub(super) fn emoji(state: &mut AppState, intent: EmojiIntent) -> Vec<Effect> {
    match (intent, &mut state.picker) {
        (EmojiIntent::Switch, None) if state.open.is_some() => {
            state.picker = Some(Picker::new(state.prefs.emoji.clone()));
            state.aim.at(Spot::Emoji);
        }
        (EmojiIntent::Switch | EmojiIntent::Close, Some(_)) => {
            state.picker = None;
            state.aim.at(Spot::Composer);
        }
        (EmojiIntent::Typed, Some(picker)) => picker.at = 0,
        (EmojiIntent::Step(step), Some(picker)) => {
            picker.at = picker.plan().step(picker.at, step);
        }
        (EmojiIntent::At(at), Some(picker)) => picker.at = at,
        (
            EmojiIntent::Switch
            | EmojiIntent::Close
            | EmojiIntent::Typed
            | EmojiIntent::Step(_)
            | EmojiIntent::At(_),
            _,
        ) => {}
    }
    Vec::new()
}

/// The text box puts it where its caret is; here it becomes a recent one.
pub(super) fn inserted(state: &mut AppState, emoji: &str, stays: bool) -> Vec<Effect> {
    let recent = used(&state.prefs.emoji, emoji);
    state.prefs.emoji = recent.into();
    if !stays {
        state.picker = None;
        state.aim.at(Spot::Composer);
    }
    vec![Effect::Keep(state.prefs.clone())]
}

/// Says that one has to choose somebody first.
pub(super) fn nowhere(state: &mut AppState) -> Vec<Effect> {
    notes::toast(state, Note::DropNowhere)
}

/// A picture of the clipboard is shown before it goes; files are weighed.
pub(super) fn offered(
    state: &mut AppState,
    paths: Vector<PathBuf>,
    is_picture: bool,
) -> Vec<Effect> {
    state.is_dragged_over = false;
    let Some(with) = state.open.as_ref().map(|open| open.with.clone()) else {
        return nowhere(state);
    };
    if is_picture {
        let outgoing = Outgoing {
            with,
            paths,
            size: 0,
            is_picture,
        };
        state.dialog = Some(Dialog::SendFiles(outgoing));
        return Vec::new();
    }
    vec![Effect::Weigh(with, paths)]
}

/// Many files or a very large one may be an accident; others go at once.
pub(super) fn weighed(state: &mut AppState, weight: Weight) -> Vec<Effect> {
    if weight.paths.len() <= UNASKED_FILES_MAX && weight.largest <= UNASKED_FILE_BYTES_MAX {
        return talk::send_files(&weight.with, &weight.paths);
    }
    state.dialog = Some(Dialog::SendFiles(Outgoing {
        with: weight.with,
        paths: weight.paths,
        size: weight.size,
        is_picture: false,
    }));
    Vec::new()
}

/// What was asked about goes.
pub(super) fn confirmed(state: &mut AppState) -> Vec<Effect> {
    let Some(Dialog::SendFiles(outgoing)) = state
        .dialog
        .take_if(|dialog| matches!(dialog, Dialog::SendFiles(_)))
    else {
        return Vec::new();
    };
    state.aim.at(Spot::Composer);
    let with: ArcStr = outgoing.with;
    talk::send_files(&with, &outgoing.paths)
}
