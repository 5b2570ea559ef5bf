//! One's own class on this computer.

use super::{notes, talk};
use crate::input::intent::ClassIntent;
use crate::input::{ClassWish, Effect, Kept};
use crate::model::entry::{Field, Mode, Wrong};
use crate::model::{AppState, Dialog, Fault, Note, Stage};

pub(super) fn wanted(state: &mut AppState, intent: ClassIntent) -> Vec<Effect> {
    let lang = state.prefs.lang;
    match intent {
        ClassIntent::Stop => {
            state.dialog = None;
            vec![Effect::Class(ClassWish::Stop, lang)]
        }
        ClassIntent::Resume => {
            state.class_rests = false;
            vec![Effect::Class(ClassWish::Resume, lang)]
        }
        ClassIntent::Leave { stops } => {
            state.dialog = None;
            let mut effects = Vec::new();
            if stops {
                effects.push(Effect::Class(ClassWish::Stop, lang));
            }
            effects.extend(leave(state));
            effects
        }
        ClassIntent::Copied => notes::toast(state, Note::LinkCopied),
    }
}

/// Closes the window; whoever has a class is asked first.
pub(super) fn quit(state: &mut AppState) -> Vec<Effect> {
    if let Stage::Broken(_) = state.stage {
        // There is nobody who would do anything, and nothing to be done.
        state.stage = Stage::Over;
        return Vec::new();
    }
    if state.class.is_some() && state.dialog != Some(Dialog::LeaveClass) {
        state.dialog = Some(Dialog::LeaveClass);
        return Vec::new();
    }
    leave(state)
}

fn leave(state: &mut AppState) -> Vec<Effect> {
    state.is_closing = true;
    let mut effects = talk::keep_draft(state);
    effects.push(Effect::Quit);
    effects
}

/// Starts one with what is typed.
pub(super) fn submit(state: &mut AppState) -> Vec<Effect> {
    let lang = state.prefs.lang;
    let entry = &mut state.entry;
    let name = entry.class.trim().to_owned();
    if name.is_empty() {
        entry.wrong = Some(Wrong {
            field: Field::Class,
            fault: Fault::ClassNameMissing,
        });
        return Vec::new();
    }
    entry.busy = true;
    let typed = Some(entry.name.trim().to_owned()).filter(|name| !name.is_empty());
    let start = ClassWish::Start {
        name,
        login: entry.login.trim().to_owned(),
        password: entry.password.for_engine(),
        display_name: typed,
    };
    vec![Effect::Class(start, lang)]
}

/// It runs, or does not, or did not start.
pub(super) fn came(state: &mut AppState, result: Result<Kept, String>) -> Vec<Effect> {
    let is_starting = state.entry.mode == Mode::Class && state.entry.busy;
    match result {
        Ok(kept) => {
            state.class_rests = kept == Kept::Rests;
            let open = match kept {
                Kept::Open(open) => Some(open),
                Kept::Rests | Kept::None => None,
            };
            let has_begun = state.class.is_none() && open.is_some();
            let has_stopped = state.class.is_some() && open.is_none();
            state.class = open;
            if has_begun && is_starting {
                state.dialog = Some(Dialog::Class);
            }
            if is_starting {
                super::entry::entered(state);
            }
            if has_stopped {
                return notes::toast(state, Note::ClassStopped);
            }
            Vec::new()
        }
        Err(text) if state.stage == Stage::Out => {
            state.entry.busy = false;
            state.entry.wrong = Some(Wrong {
                field: Field::Form,
                fault: Fault::Class(text.into()),
            });
            Vec::new()
        }
        Err(text) => notes::toast(state, Note::Class(text.into())),
    }
}
