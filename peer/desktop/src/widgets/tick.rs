//! A line with a tick before it, which a click sets or takes away.

use super::press::Press;
use super::text;
use crate::input::Intent;
use crate::selectors::INTENT;
use crate::theme::GRID;
use druid::{Data, Env, WidgetExt};

/// The line; `wish` says what is wanted for it to be set, or not.
pub fn tick<T: Data>(
    words: impl Fn(&Env) -> String + 'static,
    is_on: impl Fn(&T) -> bool + Clone + 'static,
    wish: impl Fn(bool) -> Intent + 'static,
) -> Press<T> {
    let is_set = is_on.clone();
    let line = text::body(move |data: &T, env| {
        let sign = if is_on(data) { "☑" } else { "☐" };
        format!("{sign}  {}", words(env))
    });
    Press::new(line.padding(GRID / 2.0), move |ctx, data: &mut T, _| {
        ctx.submit_command(INTENT.with(wish(!is_set(data))));
    })
}
