//! From one place of the window to another.

use super::{announced, groups, own, past, talk};
use crate::input::Effect;
use crate::input::intent::Go;
use crate::model::compose::Spot;
use crate::model::home::{ListRow, Pane, Tab};
use crate::model::past::Past;
use crate::model::{AppState, Dialog};
use druid::ArcStr;

pub(super) fn wanted(state: &mut AppState, go: Go) -> Vec<Effect> {
    match go {
        Go::Tab(tab) => {
            state.tab = tab;
            state.search.clear();
            state.pointed = None;
            if tab == Tab::Chats {
                state.pane = Pane::Chat;
            }
            Vec::new()
        }
        Go::Pane(pane) => to_pane(state, pane),
        Go::Chat(login) => to_chat(state, login),
        Go::Dialog(dialog) => {
            state.dialog = Some(dialog);
            Vec::new()
        }
        Go::PutAway(code) => {
            state.banners.retain(|banner| banner.code != code);
            Vec::new()
        }
        Go::Focus(focused) => {
            state.focused = focused;
            Vec::new()
        }
        Go::Search => {
            state.pointed = None;
            Vec::new()
        }
        Go::Front => {
            state.fronts += 1;
            Vec::new()
        }
        Go::Spot(spot) => {
            state.aim.at(spot);
            Vec::new()
        }
        Go::Point { down } => {
            point(state, down);
            Vec::new()
        }
        Go::Pointed => {
            let Some(login) = pointed(state) else {
                return Vec::new();
            };
            wanted(state, Go::Chat(login))
        }
        Go::Back => back(state),
    }
}

/// To the conversation with this one.
pub(super) fn to_chat(state: &mut AppState, login: ArcStr) -> Vec<Effect> {
    state.dialog = None;
    state.pane = Pane::Chat;
    let hands = groups::hands_of(state, &login);
    let mut effects = talk::open(state, login);
    effects.extend(hands);
    effects
}

fn back(state: &mut AppState) -> Vec<Effect> {
    let seen = announced::seen(state);
    if let Some(dialog) = state.dialog.take() {
        state.dialog = above(&dialog);
    } else if state.offer.take().is_some() || state.picker.take().is_some() {
        state.aim.at(Spot::Composer);
    } else if !state.search.is_empty() {
        state.search.clear();
        state.pointed = None;
    } else if state.pane != Pane::Chat {
        state.pane = Pane::Chat;
        state.aim.at(landing(state));
    } else {
        return talk::close(state);
    }
    seen
}

/// Where a dialog leads back to.
fn above(dialog: &Dialog) -> Option<Dialog> {
    if let Dialog::Group(page) = dialog {
        page.above().map(Dialog::Group)
    } else {
        None
    }
}

fn to_pane(state: &mut AppState, pane: Pane) -> Vec<Effect> {
    state.pane = pane;
    if let Some(open) = &mut state.open {
        open.sought = None;
    }
    match pane {
        Pane::Profile => own::known(state),
        Pane::Devices => return own::devices(),
        Pane::History => {
            state.past = Past::default();
            return past::look(state);
        }
        Pane::Chat | Pane::Requests | Pane::Files | Pane::Settings => {}
    }
    Vec::new()
}

/// Where one most likely types next.
fn landing(state: &AppState) -> Spot {
    let can_write = state.pane == Pane::Chat && state.open.is_some();
    if can_write {
        Spot::Composer
    } else {
        Spot::Search
    }
}

/// The dialog is gone: back to where one was, as far as that is still there.
pub(super) fn back_down(state: &mut AppState) {
    state.aim.back(landing(state));
}

/// Who is pointed at, or comes first; the search is over.
fn pointed(state: &mut AppState) -> Option<ArcStr> {
    let first = state.list.front().map(|row| row.login.clone());
    let login = state.pointed.take().or(first)?;
    state.search.clear();
    Some(login)
}

fn point(state: &mut AppState, down: bool) {
    let is_at = |row: &ListRow| Some(&row.login) == state.pointed.as_ref();
    let last = state.list.len().saturating_sub(1);
    let at = match (state.list.iter().position(is_at), down) {
        (None, true) => 0,
        (None, false) => last,
        (Some(at), true) => (at + 1).min(last),
        (Some(at), false) => at.saturating_sub(1),
    };
    state.pointed = state.list.get(at).map(|row| row.login.clone());
}
