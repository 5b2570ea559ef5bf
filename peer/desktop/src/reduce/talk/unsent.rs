//! Words that the engine did not take.

use crate::input::Effect;
use crate::model::AppState;
use crate::reduce::{events, notes};
use druid::ArcStr;
use hutong_engine::api::Failure;

/// The words go back to where they were typed, behind what stands there by now.
pub(in crate::reduce) fn not_sent(
    state: &mut AppState,
    with: &ArcStr,
    text: &ArcStr,
    failure: &Failure,
) -> Vec<Effect> {
    if state.open.as_ref().is_some_and(|open| open.with == *with) {
        state.words = behind(&state.words, text);
    } else {
        let summary = state
            .summaries
            .entry(with.clone())
            .or_insert_with(events::blank);
        summary.draft = behind(&summary.draft, text).into();
    }
    notes::failed(state, failure)
}

fn behind(words: &str, text: &str) -> String {
    if words.is_empty() {
        text.to_owned()
    } else {
        format!("{words}\n{text}")
    }
}
