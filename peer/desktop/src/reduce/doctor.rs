//! The check of the network: begun here, answered by the engine.

use super::notes;
use crate::input::{Effect, Purpose};
use crate::model::doctor::Doctor;
use crate::model::{AppState, Dialog};
use druid::ArcStr;
use hutong_engine::api::doctor::DoctorShown;
use hutong_engine::api::{Command, Failure};

/// Begins a check; one of the same that runs already is enough.
pub(super) fn wanted(state: &mut AppState, who: Option<ArcStr>) -> Vec<Effect> {
    if let Some(login) = &who {
        state.dialog = Some(Dialog::Doctor(login.clone()));
    }
    if state.doctor.busy && state.doctor.who == who {
        return Vec::new();
    }
    state.doctor = Doctor {
        who: who.clone(),
        busy: true,
        found: None,
    };
    let login = who.as_ref().map(ToString::to_string);
    vec![Effect::Ask(
        Purpose::Check { who },
        Command::Doctor { login },
    )]
}

/// It has its verdict, unless another one was wanted since.
pub(super) fn found(state: &mut AppState, who: Option<&ArcStr>, shown: DoctorShown) {
    if state.doctor.who.as_ref() == who {
        state.doctor.busy = false;
        state.doctor.found = Some(shown.into());
    }
}

/// It could not be made.
pub(super) fn failed(state: &mut AppState, who: Option<&ArcStr>, failure: &Failure) -> Vec<Effect> {
    if state.doctor.who.as_ref() == who {
        state.doctor.busy = false;
    }
    notes::failed(state, failure)
}
