//! Presentation mode begins and ends; whatever is private is asked about first while it is on.

use super::{talk, wanted};
use crate::input::{Effect, Intent};
use crate::model::home::{Pane, Tab};
use crate::model::{AppState, Dialog};
use std::sync::Arc;

/// From now on nothing private is shown, or all is again.
pub(super) fn switch(state: &mut AppState, on: bool) -> Vec<Effect> {
    state.prefs.is_presenting = on;
    let mut effects = vec![Effect::Keep(state.prefs.clone())];
    if on {
        effects.extend(put_away(state));
    }
    talk::refaced(state);
    effects
}

/// What is private goes out of sight. Words that were being typed are kept.
fn put_away(state: &mut AppState) -> Vec<Effect> {
    state.dialog.take_if(|dialog| dialog.is_private());
    state.toasts.clear();
    state.search.clear();
    state.pointed = None;
    if state.tab == Tab::Friends {
        state.tab = Tab::Chats;
    }
    let with = state.open.as_ref().map(|open| open.with.clone());
    let is_hidden = with.is_some_and(|with| state.hides(&with));
    // What was found in the past has names of then.
    if state.pane.is_private() || state.pane == Pane::History {
        state.pane = Pane::Chat;
    }
    if is_hidden {
        talk::close(state)
    } else {
        Vec::new()
    }
}

/// Whether a wish has to wait for the person's word that others may look on.
pub(super) fn asks(state: &mut AppState, intent: &Intent) -> bool {
    let asks = state.prefs.is_presenting && intent.is_private();
    if asks {
        state.dialog = Some(Dialog::Reveal(Arc::new(intent.clone())));
    }
    asks
}

/// The mode ends for what was asked about, and that is shown.
pub(super) fn reveal(state: &mut AppState) -> Vec<Effect> {
    let Some(Dialog::Reveal(intent)) = state.dialog.take() else {
        return Vec::new();
    };
    let mut effects = switch(state, false);
    effects.extend(wanted(state, Intent::clone(&intent)));
    effects
}

/// The desktop tells nothing while others look on.
pub(super) fn keep_quiet(state: &AppState, effects: &mut Vec<Effect>) {
    if state.prefs.is_presenting {
        effects.retain(|effect| !matches!(effect, Effect::Notify(_)));
    }
}
