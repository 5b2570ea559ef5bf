//! Lines that come and go, over the lower end of the list: they hide nothing that one types in, and take no click.

use super::text;
use crate::model::{AppState, Toast};
use crate::theme::{self, GRID};
use crate::words;
use druid::widget::prelude::*;
use druid::widget::{LineBreaking, List, Painter};
use druid::{Insets, Point, Rect, WidgetExt, WidgetPod};

/// All of them. Takes no room: it paints above and to the right of where it is put.
pub fn widget() -> impl Widget<AppState> {
    Toasts {
        lines: WidgetPod::new(List::new(toast).lens(AppState::toasts).boxed()),
    }
}

fn toast() -> impl Widget<Toast> {
    let label = text::label(
        |toast: &Toast, env| toast.note.words(words::lang(env)),
        theme::BODY,
        theme::ON_RAIL,
    )
    .with_line_break_mode(LineBreaking::WordWrap);
    let ground = Painter::new(|ctx, toast: &Toast, env| {
        let shape = ctx.size().to_rect().to_rounded_rect(GRID);
        ctx.fill(shape, &env.get(theme::RAIL));
        ctx.stroke(shape, &env.get(theme::LINE), 1.0);
        if toast.note.is_alarm() {
            let mut edge = ctx.size().to_rect();
            edge.x1 = edge.x0 + 4.0;
            ctx.fill(edge.to_rounded_rect(2.0), &env.get(theme::ALARM));
        }
    });
    label
        .expand_width()
        .padding(Insets::uniform_xy(GRID * 2.0, GRID * 1.25))
        .background(ground)
        .padding(Insets::new(0.0, 0.0, 0.0, GRID))
}

struct Toasts {
    lines: WidgetPod<AppState, Box<dyn Widget<AppState>>>,
}

impl Widget<AppState> for Toasts {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut AppState, env: &Env) {
        self.lines.event(ctx, event, data, env);
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &AppState, env: &Env) {
        self.lines.lifecycle(ctx, event, data, env);
    }

    fn update(&mut self, ctx: &mut UpdateCtx, _: &AppState, data: &AppState, env: &Env) {
        self.lines.update(ctx, data, env);
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx,
        bc: &BoxConstraints,
        data: &AppState,
        env: &Env,
    ) -> Size {
        let width = env.get(theme::LISTS_WIDTH) - 2.0 * GRID;
        let most = Size::new(width, bc.max().height);
        let bc = BoxConstraints::new(Size::ZERO, most);
        let height = self.lines.layout(ctx, &bc, data, env).height;
        let corner = Point::new(env.get(theme::RAIL_WIDTH) + GRID, -height);
        self.lines.set_origin(ctx, corner);
        let painted = Rect::from_origin_size(corner, (width, height));
        ctx.set_paint_insets(Insets::new(0.0, -painted.y0, painted.x1, 0.0));
        Size::ZERO
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &AppState, env: &Env) {
        self.lines.paint(ctx, data, env);
    }
}
