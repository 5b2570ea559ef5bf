//! The emoji above the composer: a box to look for one, and the grid below it; keys walk over the grid while one types.

use crate::emoji::Step;
use crate::input::Intent;
use crate::input::intent::{EmojiIntent, TalkIntent};
use crate::model::AppState;
use crate::model::compose::Spot;
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::emoji_grid::{self, EmojiGrid};
use crate::widgets::{layers, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{
    Container, Controller, CrossAxisAlignment, Flex, Scroll, SizedBox, ViewSwitcher,
};
use druid::{KbKey, WidgetExt};
use hutong_common::text::desktop::compose::ComposeText;

/// Height of what is seen of the grid, in pixels at 100 %; less where there is no room.
const HEIGHT: f64 = 232.0;

fn wish(intent: EmojiIntent) -> druid::Command {
    INTENT.with(Intent::Talk(TalkIntent::Emoji(intent)))
}

/// The layer, which is nothing while no emoji are offered.
pub(super) fn popup() -> impl Widget<AppState> {
    ViewSwitcher::new(
        |state: &AppState, _| state.picker.is_some(),
        |is_open, _, _| {
            if *is_open {
                let close = |ctx: &mut EventCtx, _: &mut AppState, _: &Env| {
                    ctx.submit_command(wish(EmojiIntent::Close));
                };
                layers::popup(card(), close).boxed()
            } else {
                SizedBox::empty().boxed()
            }
        },
    )
}

/// What is typed; nothing changes once the layer is closed.
fn typed() -> impl druid::Lens<AppState, String> {
    druid::lens::Map::new(
        |state: &AppState| {
            state
                .picker
                .as_ref()
                .map(|picker| picker.search.clone())
                .unwrap_or_default()
        },
        |state: &mut AppState, search| {
            if let Some(picker) = &mut state.picker
                && picker.search != search
            {
                (picker.search, picker.at) = (search, 0);
            }
        },
    )
}

fn card() -> impl Widget<AppState> {
    let search = text_box::line(|env| say!(env, ComposeText::EmojiSearch))
        .at(Spot::Emoji)
        .lens(typed());
    let grid = Scroll::new(EmojiGrid::default()).vertical();
    let hint = text::quiet(|state: &AppState, env| {
        if state
            .picker
            .as_ref()
            .is_some_and(|picker| picker.plan().cells.is_empty())
        {
            say!(env, ComposeText::EmojiNone)
        } else {
            say!(env, ComposeText::EmojiHint)
        }
    });
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(search)
        .with_spacer(GRID)
        .with_flex_child(grid.expand_height(), 1.0)
        .with_spacer(GRID / 2.0)
        .with_child(hint);
    let card = Container::new(column.padding(GRID))
        .background(theme::SURFACE)
        .rounded(GRID)
        .border(theme::LINE, 1.0);
    card.controller(Keys)
        .fix_width(emoji_grid::WIDTH + GRID * 2.0 + 2.0)
        .fix_height(HEIGHT + 96.0)
}

/// Keys of the box that are meant for the grid.
struct Keys;

impl Keys {
    fn step(key: &KbKey, is_searching: bool) -> Option<Step> {
        // In typed words these two move the caret.
        let steps = [
            (KbKey::ArrowUp, Step::Up, true),
            (KbKey::ArrowDown, Step::Down, true),
            (KbKey::ArrowLeft, Step::Left, !is_searching),
            (KbKey::ArrowRight, Step::Right, !is_searching),
        ];
        let meant =
            |(arrow, step, holds): (KbKey, Step, bool)| (arrow == *key && holds).then_some(step);
        steps.into_iter().find_map(meant)
    }
}

impl<W: Widget<AppState>> Controller<AppState, W> for Keys {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        if let (Event::KeyDown(key), Some(picker)) = (event, &state.picker) {
            if let Some(step) = Self::step(&key.key, !picker.search.is_empty()) {
                ctx.submit_command(wish(EmojiIntent::Step(step)));
                ctx.set_handled();
            } else if key.key == KbKey::Enter {
                emoji_grid::choose(ctx, state, picker.at, key.mods.shift());
                ctx.set_handled();
            }
        }
        if !ctx.is_handled() {
            child.event(ctx, event, state, env);
        }
    }
}
