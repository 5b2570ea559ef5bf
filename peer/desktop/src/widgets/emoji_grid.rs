//! All emoji in one painted widget: only what is seen is laid out, and each letter once.

use crate::emoji::{COLUMNS, Plan};
use crate::input::Intent;
use crate::input::intent::{EmojiIntent, TalkIntent};
use crate::model::AppState;
use crate::model::compose::Picker;
use crate::selectors::INTENT;
use crate::{theme, words};
use druid::piet::{PietTextLayout, Text, TextLayout, TextLayoutBuilder};
use druid::widget::prelude::*;
use druid::{ArcStr, Cursor, MouseButton, Point, Rect};
use std::collections::BTreeMap;

/// Edge of the square of an emoji, in pixels.
const CELL: f64 = 36.0;
/// Height of what stands above a group, in pixels.
const HEAD: f64 = 28.0;
/// Size of the letters, in pixels.
const LETTER: f64 = 21.0;
/// Width of all columns, in pixels.
pub const WIDTH: f64 = CELL * COLUMNS as f64;

/// Puts the emoji of this number where the caret is; another one may follow if the grid stays.
pub fn choose(ctx: &mut EventCtx, state: &AppState, at: usize, stays: bool) {
    let plan = state.picker.as_ref().map(Picker::plan);
    if let Some(cell) = plan.as_ref().and_then(|plan| plan.cells.get(at)) {
        let emoji = cell.text.clone();
        ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Insert { emoji, stays })));
    }
}

/// The grid.
#[derive(Default)]
pub struct EmojiGrid {
    plan: Plan,
    letters: BTreeMap<ArcStr, PietTextLayout>,
}

impl EmojiGrid {
    fn make_plan(&mut self, state: &AppState) {
        if let Some(picker) = &state.picker {
            self.plan = picker.plan();
        }
    }

    /// The upper edge of a line.
    fn top(&self, line: usize) -> f64 {
        let heads = self
            .plan
            .heads
            .iter()
            .filter(|(head, _)| *head < line)
            .count();
        (line - heads) as f64 * CELL + heads as f64 * HEAD
    }

    fn rect(&self, at: usize) -> Option<Rect> {
        let cell = self.plan.cells.get(at)?;
        let origin = Point::new(cell.column as f64 * CELL, self.top(cell.line));
        Some(Rect::from_origin_size(origin, (CELL, CELL)))
    }

    fn hit(&self, at: Point) -> Option<usize> {
        (0..self.plan.cells.len())
            .find(|number| self.rect(*number).is_some_and(|rect| rect.contains(at)))
    }

    fn paint_letter(&mut self, ctx: &mut PaintCtx, text: &ArcStr, rect: Rect, env: &Env) {
        if !self.letters.contains_key(text) {
            let family = env.get(theme::BODY).family;
            let layout = ctx
                .text()
                .new_text_layout(text.clone())
                .font(family, LETTER);
            if let Ok(layout) = layout.text_color(env.get(theme::TEXT)).build() {
                self.letters.insert(text.clone(), layout);
            }
        }
        if let Some(layout) = self.letters.get(text) {
            let origin = rect.center() - layout.size().to_vec2() / 2.0;
            ctx.draw_text(layout, origin);
        }
    }

    fn paint_heads(&self, ctx: &mut PaintCtx, env: &Env) {
        let font = env.get(theme::SMALL);
        for (line, head) in &self.plan.heads {
            let words = head.says().say(words::lang(env));
            let layout = ctx
                .text()
                .new_text_layout(words)
                .font(font.family.clone(), font.size);
            if let Ok(layout) = layout.text_color(env.get(theme::QUIET)).build() {
                let y = self.top(*line) + (HEAD - layout.size().height) / 2.0;
                ctx.draw_text(&layout, (4.0, y));
            }
        }
    }
}

impl Widget<AppState> for EmojiGrid {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, state: &mut AppState, _: &Env) {
        match event {
            Event::MouseMove(mouse) => {
                let at = self.hit(mouse.pos);
                let cursor = if at.is_some() {
                    Cursor::Pointer
                } else {
                    Cursor::Arrow
                };
                ctx.set_cursor(&cursor);
                let Some(at) = at else {
                    return;
                };
                if state.picker.as_ref().is_some_and(|picker| picker.at != at) {
                    let over = EmojiIntent::At(at);
                    ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Emoji(over))));
                }
            }
            Event::MouseDown(mouse) if mouse.button == MouseButton::Left => {
                if let Some(at) = self.hit(mouse.pos) {
                    choose(ctx, state, at, mouse.mods.shift());
                }
                ctx.set_handled();
            }
            _ => (),
        }
    }

    fn lifecycle(&mut self, _: &mut LifeCycleCtx, event: &LifeCycle, state: &AppState, _: &Env) {
        if let LifeCycle::WidgetAdded = event {
            self.make_plan(state);
        }
    }

    fn update(&mut self, ctx: &mut UpdateCtx, old: &AppState, state: &AppState, _: &Env) {
        if old.picker.same(&state.picker) && !ctx.env_changed() {
            return;
        }
        let typed = |state: &AppState| state.picker.as_ref().map(|picker| picker.search.clone());
        if typed(old) != typed(state) || ctx.env_changed() {
            self.make_plan(state);
            self.letters.clear();
            ctx.request_layout();
        }
        let at = state
            .picker
            .as_ref()
            .and_then(|picker| self.rect(picker.at));
        if let Some(rect) = at.filter(|_| !ctx.is_hot()) {
            ctx.scroll_area_to_view(rect);
        }
        ctx.request_paint();
    }

    fn layout(&mut self, _: &mut LayoutCtx, bc: &BoxConstraints, _: &AppState, _: &Env) -> Size {
        bc.constrain(Size::new(WIDTH, self.top(self.plan.lines)))
    }

    fn paint(&mut self, ctx: &mut PaintCtx, state: &AppState, env: &Env) {
        let seen = ctx.region().bounding_box();
        let chosen = state.picker.as_ref().map(|picker| picker.at);
        self.paint_heads(ctx, env);
        for at in 0..self.plan.cells.len() {
            let Some(rect) = self
                .rect(at)
                .filter(|rect| !rect.intersect(seen).is_empty())
            else {
                continue;
            };
            if chosen == Some(at) {
                ctx.fill(
                    rect.inset(-1.0).to_rounded_rect(6.0),
                    &env.get(theme::CHOSEN),
                );
            }
            if let Some(text) = self.plan.cells.get(at).map(|cell| cell.text.clone()) {
                self.paint_letter(ctx, &text, rect, env);
            }
        }
    }
}
