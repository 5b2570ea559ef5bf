//! Tells that what a box holds was changed by whoever types into it.

use crate::input::Intent;
use crate::model::AppState;
use crate::selectors::INTENT;
use druid::widget::Controller;
use druid::widget::prelude::*;

/// Submits an intent when what `held` shows is another one after an event.
pub struct Changed {
    held: fn(&AppState) -> &String,
    intent: Intent,
}

impl Changed {
    /// For what `held` shows.
    pub fn new(held: fn(&AppState) -> &String, intent: Intent) -> Self {
        Self { held, intent }
    }
}

impl<W: Widget<AppState>> Controller<AppState, W> for Changed {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        let before = (self.held)(state).clone();
        child.event(ctx, event, state, env);
        if *(self.held)(state) != before {
            ctx.submit_command(INTENT.with(self.intent.clone()));
        }
    }
}
