//! From one place of the window to another.

use super::{own, past, talk};
use crate::input::Effect;
use crate::input::intent::Go;
use crate::model::AppState;
use crate::model::home::{Pane, Tab};
use crate::model::past::Past;

pub(super) fn wanted(state: &mut AppState, go: Go) -> Vec<Effect> {
    match go {
        Go::Tab(tab) => {
            state.tab = tab;
            state.search.clear();
            if tab == Tab::Chats {
                state.pane = Pane::Chat;
            }
            Vec::new()
        }
        Go::Pane(pane) => {
            state.pane = pane;
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
        Go::Chat(login) => {
            state.dialog = None;
            state.pane = Pane::Chat;
            talk::open(state, login)
        }
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
            if focused {
                talk::looked(state)
            } else {
                Vec::new()
            }
        }
        Go::Search => Vec::new(),
        Go::Back => back(state),
    }
}

fn back(state: &mut AppState) -> Vec<Effect> {
    if state.dialog.is_some() {
        state.dialog = None;
    } else if !state.search.is_empty() {
        state.search.clear();
    } else if state.pane != Pane::Chat {
        state.pane = Pane::Chat;
    } else {
        return talk::close(state);
    }
    Vec::new()
}
