//! What the mouse, the wheel and keys do to the list: it moves, something is asked for, a menu opens.

use super::ChatView;
use super::hand::{Click, Step};
use crate::model::chat::Conversation;
use crate::selectors::ROW_ACT;
use druid::widget::prelude::*;
use druid::{Cursor, MouseButton, MouseEvent};

impl ChatView {
    /// After something moved under the mouse or the mouse moved.
    pub(super) fn point(&mut self, ctx: &mut EventCtx<'_, '_>) {
        if self.hand.point(&self.column, &self.cache, ctx.size()) {
            ctx.request_paint();
        }
        let cursor = if self.hand.is_over_action() {
            Cursor::Pointer
        } else {
            Cursor::Arrow
        };
        ctx.set_cursor(&cursor);
    }

    fn moved(&mut self, ctx: &mut EventCtx<'_, '_>, talk: &Conversation) {
        self.tell(talk, |act| ctx.submit_command(ROW_ACT.with(act)));
        self.watch.follow(|after| ctx.request_timer(after));
        self.point(ctx);
        ctx.request_paint();
        ctx.set_handled();
    }

    pub(super) fn mouse_down(
        &mut self,
        ctx: &mut EventCtx<'_, '_>,
        mouse: &MouseEvent,
        talk: &Conversation,
    ) {
        ctx.request_focus();
        self.hand.move_to(Some(mouse.pos));
        self.point(ctx);
        match mouse.button {
            MouseButton::Left => {
                ctx.set_active(true);
                if let Some(step) = self.hand.press(&self.column, &self.cache) {
                    self.step(ctx, talk, step);
                }
            }
            MouseButton::Right => {
                let entries = self.hand.entries(&self.cache);
                if !entries.is_empty() {
                    (self.show_menu)(ctx, entries, mouse.window_pos);
                }
            }
            MouseButton::None | MouseButton::Middle | MouseButton::X1 | MouseButton::X2 => {}
        }
        ctx.set_handled();
    }

    pub(super) fn mouse_move(
        &mut self,
        ctx: &mut EventCtx<'_, '_>,
        mouse: &MouseEvent,
        talk: &Conversation,
    ) {
        self.hand.move_to(Some(mouse.pos));
        if let Some(offset) = self.hand.drag(&self.column) {
            self.act(&mut ctx.text().clone(), talk, |column, measure| {
                column.go_to(offset, measure)
            });
            self.moved(ctx, talk);
        } else {
            self.point(ctx);
        }
    }

    pub(super) fn mouse_up(
        &mut self,
        ctx: &mut EventCtx<'_, '_>,
        mouse: &MouseEvent,
        talk: &Conversation,
    ) {
        if mouse.button != MouseButton::Left || !ctx.is_active() {
            return;
        }
        ctx.set_active(false);
        self.hand.move_to(Some(mouse.pos));
        self.point(ctx);
        match self.hand.release(&self.cache) {
            Some(Click::Act(act)) => ctx.submit_command(ROW_ACT.with(act)),
            Some(Click::ToNewest) => self.step(ctx, talk, Step::End),
            None => {}
        }
        ctx.request_paint();
        ctx.set_handled();
    }

    pub(super) fn step(&mut self, ctx: &mut EventCtx<'_, '_>, talk: &Conversation, step: Step) {
        let page = (self.column.view() * 0.9).floor();
        self.act(
            &mut ctx.text().clone(),
            talk,
            |column, measure| match step {
                Step::By(pixels) => column.scroll(pixels, measure),
                Step::Pages(pages) => column.scroll(pages * page, measure),
                Step::Start => column.go_to(0.0, measure),
                Step::End => column.go_to_end(measure),
            },
        );
        self.moved(ctx, talk);
    }
}
