//! What follows from what: the only place where the state changes.
//!
//! Pure: no clock (time comes with the input), no IO (effects are returned). One child per domain.

mod announced;
mod answers;
mod class;
mod compose;
mod doctor;
mod entry;
mod events;
mod files;
mod going;
mod groups;
mod lists;
mod notes;
mod own;
mod past;
mod people;
mod presenting;
mod talk;
#[cfg(test)]
mod tests;

use crate::input::intent::PrefsIntent;
use crate::input::{Effect, Ending, Input, Intent, Purpose, Tick};
use crate::model::prefs::TEXT_PERCENT;
use crate::model::{AppState, Stage};
use hutong_common::limits::NOTICES_WAITING_MAX;
use hutong_engine::api::Command;
use std::collections::BTreeSet;
use std::time::Duration;

/// How often times are shown anew.
const MINUTE: Duration = Duration::from_secs(60);

/// Changes the state and says what shall be done.
pub fn reduce(state: &mut AppState, input: Input, now_ms: u64) -> Vec<Effect> {
    reduce_all(state, [input], now_ms)
}

/// The same for many inputs at once; the lists are made anew once.
pub fn reduce_all(
    state: &mut AppState,
    inputs: impl IntoIterator<Item = Input>,
    now_ms: u64,
) -> Vec<Effect> {
    state.now_ms = state.now_ms.max(now_ms / 60_000 * 60_000);
    let mut effects = Vec::new();
    let (had_dialog, aimed, stage) = (state.dialog.is_some(), state.aim, state.stage.clone());
    for input in inputs {
        effects.extend(match input {
            Input::Told(event) => events::told(state, event, now_ms),
            Input::Answer(purpose, result) => answers::answered(state, purpose, result),
            Input::Intent(intent) => wanted(state, intent),
            Input::Class(result) => class::came(state, result),
            Input::Weighed(weight) => compose::weighed(state, weight),
            Input::Saved(result) => groups::saved(state, result),
            Input::Tick(tick) => ticked(state, tick),
            Input::Ended(ending) => ended(state, ending),
        });
    }
    announced::show_next(state);
    let is_free = had_dialog && state.dialog.is_none() || stage != Stage::In;
    if is_free && state.stage == Stage::In && state.aim == aimed {
        going::back_down(state);
    }
    effects.extend(talk::looked(state));
    lists::refresh(state);
    presenting::keep_quiet(state, &mut effects);
    ask_once(&mut effects);
    tell_the_last(&mut effects);
    effects
}

/// Many events at once want to know the same thing: a friend list of forty is not asked for forty times. What does something
/// is done as often as it was wanted.
fn ask_once(effects: &mut Vec<Effect>) {
    let mut asked: Vec<(Purpose, Command)> = Vec::new();
    effects.retain(|effect| {
        let Effect::Ask(purpose, command) = effect else {
            return true;
        };
        if !purpose.only_asks() {
            return true;
        }
        let is_new = !asked
            .iter()
            .any(|(one, other)| (one, other) == (purpose, command));
        if is_new {
            asked.push((purpose.clone(), command.clone()));
        }
        is_new
    });
}

/// Of many messages at once, the last word on what was read says what all before it said, and the desktop shows only a few
/// notices: nobody may find the way out full of them.
fn tell_the_last(effects: &mut Vec<Effect>) {
    let (mut read, mut notices) = (BTreeSet::new(), 0);
    let mut kept = Vec::with_capacity(effects.len());
    for effect in effects.drain(..).rev() {
        let is_kept = if let Effect::Ask(Purpose::Quietly, Command::Read { with, .. }) = &effect {
            read.insert(with.clone())
        } else if let Effect::Notify(_) = &effect {
            notices += 1;
            notices <= NOTICES_WAITING_MAX
        } else {
            true
        };
        if is_kept {
            kept.push(effect);
        }
    }
    kept.reverse();
    *effects = kept;
}

fn wanted(state: &mut AppState, intent: Intent) -> Vec<Effect> {
    if presenting::asks(state, &intent) {
        return Vec::new();
    }
    match intent {
        Intent::Entry(intent) => entry::wanted(state, intent),
        Intent::Go(go) => going::wanted(state, go),
        Intent::Talk(intent) => talk::wanted(state, intent),
        Intent::Past(intent) => past::wanted(state, intent),
        Intent::People(intent) => people::wanted(state, intent),
        Intent::Group(intent) => groups::wanted(state, intent),
        Intent::Own(intent) => own::wanted(state, intent),
        Intent::Class(intent) => class::wanted(state, intent),
        Intent::Prefs(intent) => preferred(state, intent),
        Intent::Check(who) => doctor::wanted(state, who),
        Intent::Reveal => presenting::reveal(state),
        Intent::Quit => class::quit(state),
    }
}

fn preferred(state: &mut AppState, intent: PrefsIntent) -> Vec<Effect> {
    let prefs = &mut state.prefs;
    match intent {
        PrefsIntent::Lang(lang) => prefs.lang = lang,
        PrefsIntent::Shade(shade) => prefs.shade = shade,
        PrefsIntent::Text(percent) => {
            prefs.text_percent = percent.clamp(TEXT_PERCENT.0, TEXT_PERCENT.1);
        }
        PrefsIntent::Mute(with, is_muted) => prefs.mute(&with, is_muted),
        PrefsIntent::Notify(notify) => prefs.notify = notify,
        PrefsIntent::Pictures(show) => prefs.show_pictures = show,
        PrefsIntent::Present(on) => return presenting::switch(state, on),
        PrefsIntent::Frame(frame) => prefs.frame = Some(frame),
    }
    vec![Effect::Keep(prefs.clone())]
}

fn ticked(state: &mut AppState, tick: Tick) -> Vec<Effect> {
    match tick {
        Tick::Servers if state.stage == Stage::Out => entry::look(),
        Tick::Servers => Vec::new(),
        Tick::Toast(id) => {
            state.toasts.retain(|toast| toast.id != id);
            Vec::new()
        }
        Tick::Minute => vec![Effect::Later(MINUTE, Tick::Minute)],
        Tick::Draft(typed) if typed == state.typed => talk::keep_draft(state),
        Tick::Draft(_) => Vec::new(),
    }
}

fn ended(state: &mut AppState, ending: Ending) -> Vec<Effect> {
    state.stage = if state.is_closing {
        Stage::Over
    } else {
        Stage::Broken(ending)
    };
    Vec::new()
}
