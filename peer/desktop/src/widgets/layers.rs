//! What lies above the window: dialogs on a veil, and toasts.

use super::text;
use crate::model::{AppState, Toast};
use crate::selectors::TAKE_FOCUS;
use crate::theme::{self, GRID};
use druid::widget::prelude::*;
use druid::widget::{Container, Flex, LineBreaking, List, Painter};
use druid::{Color, Insets, Key, WidgetExt};

/// A dialog in the middle of the veiled window; a click beside it does `away`.
pub fn dialog(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    let card = Container::new(content.padding(GRID * 3.0))
        .background(theme::SURFACE)
        .rounded(GRID)
        .fix_width(theme::CARD_WIDTH);
    Veil {
        card: druid::WidgetPod::new(card.boxed()),
        away: Box::new(away),
    }
}

/// A dialog for what is read across a room.
pub fn wide(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    let card = Container::new(content.padding(GRID * 4.0))
        .background(theme::SURFACE)
        .rounded(GRID)
        .fix_width(theme::WIDE_WIDTH);
    Veil {
        card: druid::WidgetPod::new(card.boxed()),
        away: Box::new(away),
    }
}

/// Something as large as the window allows, on the veil; a click anywhere does `away`.
pub fn large(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    Veil {
        card: druid::WidgetPod::new(content.boxed()),
        away: Box::new(away),
    }
}

type Away = Box<dyn Fn(&mut EventCtx, &mut AppState, &Env)>;

/// The veil takes every click, so that nothing below can be pressed.
struct Veil {
    card: druid::WidgetPod<AppState, Box<dyn Widget<AppState>>>,
    away: Away,
}

impl Widget<AppState> for Veil {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut AppState, env: &Env) {
        self.card.event(ctx, event, data, env);
        let is_beside = |pos| !self.card.layout_rect().contains(pos);
        match event {
            Event::Command(command) if command.is(TAKE_FOCUS) && !ctx.is_handled() => {
                ctx.request_focus();
                ctx.set_handled();
            }
            Event::MouseDown(mouse) if is_beside(mouse.pos) => (self.away)(ctx, data, env),
            Event::KeyDown(key) if key.key == druid::KbKey::Escape && !ctx.is_handled() => {
                (self.away)(ctx, data, env);
                ctx.set_handled();
            }
            _ => (),
        }
        if event.is_pointer_event() {
            ctx.set_handled();
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &AppState, env: &Env) {
        // Keys are for the dialog, even when nothing in it takes them; what does asks later.
        if let LifeCycle::WidgetAdded = event {
            ctx.submit_command(TAKE_FOCUS.to(ctx.widget_id()));
        }
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
        let most = Size::new(size.width - 4.0 * GRID, size.height - 4.0 * GRID);
        let card = self
            .card
            .layout(ctx, &BoxConstraints::new(Size::ZERO, most), data, env);
        let origin = ((size - card) / 2.0).to_vec2().to_point();
        self.card.set_origin(ctx, origin.round());
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &AppState, env: &Env) {
        let rect = ctx.size().to_rect();
        ctx.fill(rect, &env.get(theme::VEIL));
        self.card.paint(ctx, data, env);
    }
}

fn toast() -> impl Widget<Toast> {
    let label = text::label(
        |toast: &Toast, _| toast.text.to_string(),
        theme::BODY,
        theme::ON_RAIL,
    )
    .with_line_break_mode(LineBreaking::WordWrap);
    let ground = Painter::new(|ctx, toast: &Toast, env| {
        let shape = ctx.size().to_rect().to_rounded_rect(GRID);
        ctx.fill(shape, &env.get(theme::RAIL));
        if toast.alarm {
            let mut edge = ctx.size().to_rect();
            edge.x1 = edge.x0 + 4.0;
            let edge_color: Key<Color> = theme::ALARM;
            ctx.fill(edge.to_rounded_rect(2.0), &env.get(edge_color));
        }
    });
    label
        .padding(Insets::uniform_xy(GRID * 2.0, GRID * 1.25))
        .background(ground)
        .padding(Insets::new(0.0, 0.0, 0.0, GRID))
}

/// The lines that come and go.
pub fn toasts() -> impl Widget<AppState> {
    Flex::column()
        .with_child(List::new(toast).lens(AppState::toasts))
        .fix_width(360.0)
}
