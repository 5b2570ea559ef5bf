//! A round count of what waits, and nothing when nothing does.

use crate::theme;
use druid::Point;
use druid::piet::{Text, TextLayout as _, TextLayoutBuilder};
use druid::widget::prelude::*;

/// Shown at most; more is `99+`.
const MOST: u64 = 99;

/// A count of what waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Badge {
    is_quiet: bool,
}

impl Badge {
    /// One that calls for nobody.
    pub const fn quiet() -> Self {
        Self { is_quiet: true }
    }

    fn words(count: u64) -> String {
        if count > MOST {
            format!("{MOST}+")
        } else {
            count.to_string()
        }
    }
}

impl Widget<u64> for Badge {
    fn event(&mut self, _: &mut EventCtx, _: &Event, _: &mut u64, _: &Env) {}

    fn lifecycle(&mut self, _: &mut LifeCycleCtx, _: &LifeCycle, _: &u64, _: &Env) {}

    fn update(&mut self, ctx: &mut UpdateCtx, old: &u64, count: &u64, _: &Env) {
        if old != count || ctx.env_changed() {
            ctx.request_layout();
        }
    }

    fn layout(&mut self, _: &mut LayoutCtx, _: &BoxConstraints, count: &u64, env: &Env) -> Size {
        let scale = env.get(theme::SCALE);
        match Self::words(*count).len() {
            _ if *count == 0 => Size::ZERO,
            1 => Size::new(18.0, 18.0) * scale,
            digits => Size::new(12.0 + 7.0 * digits as f64, 18.0) * scale,
        }
    }

    fn paint(&mut self, ctx: &mut PaintCtx, count: &u64, env: &Env) {
        if *count == 0 {
            return;
        }
        let (ground, words) = if self.is_quiet {
            (theme::QUIET, theme::SURFACE)
        } else {
            (theme::ALARM, theme::ON_ALARM)
        };
        let size = ctx.size();
        ctx.fill(
            size.to_rect().to_rounded_rect(size.height / 2.0),
            &env.get(ground),
        );
        let font = env.get(theme::SMALL);
        let layout = ctx
            .text()
            .new_text_layout(Self::words(*count))
            .font(font.family, font.size * 0.92)
            .text_color(env.get(words))
            .build();
        if let Ok(layout) = layout {
            let text = layout.size();
            let at = Point::new(
                (size.width - text.width) / 2.0,
                (size.height - text.height) / 2.0,
            );
            ctx.draw_text(&layout, at);
        }
    }
}
