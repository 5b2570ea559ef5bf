//! A card above the lower left corner of what it lies over; a click beside it puts it away and does nothing else.

use crate::model::AppState;
use crate::theme::GRID;
use druid::widget::prelude::*;
use druid::{Point, WidgetPod};

type Away = Box<dyn Fn(&mut EventCtx)>;

/// The card and what surrounds it.
pub struct Popup {
    card: WidgetPod<AppState, Box<dyn Widget<AppState>>>,
    away: Away,
}

impl Popup {
    /// Over everything that it is put on; a click beside `card` does `away`.
    pub fn new(
        card: impl Widget<AppState> + 'static,
        away: impl Fn(&mut EventCtx) + 'static,
    ) -> Self {
        Self {
            card: WidgetPod::new(Box::new(card)),
            away: Box::new(away),
        }
    }
}

impl Widget<AppState> for Popup {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut AppState, env: &Env) {
        self.card.event(ctx, event, data, env);
        match event {
            Event::MouseDown(mouse) if !self.card.layout_rect().contains(mouse.pos) => {
                (self.away)(ctx)
            }
            _ => (),
        }
        if event.is_pointer_event() {
            ctx.set_handled();
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &AppState, env: &Env) {
        self.card.lifecycle(ctx, event, data, env);
    }

    fn update(&mut self, ctx: &mut UpdateCtx, _: &AppState, data: &AppState, env: &Env) {
        self.card.update(ctx, data, env);
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx,
        bc: &BoxConstraints,
        data: &AppState,
        env: &Env,
    ) -> Size {
        let size = bc.max();
        let most = Size::new(size.width - 2.0 * GRID, size.height - 2.0 * GRID);
        let card = self
            .card
            .layout(ctx, &BoxConstraints::new(Size::ZERO, most), data, env);
        self.card
            .set_origin(ctx, Point::new(GRID, size.height - GRID - card.height));
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &AppState, env: &Env) {
        self.card.paint(ctx, data, env);
    }
}
