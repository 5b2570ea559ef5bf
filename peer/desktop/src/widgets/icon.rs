//! The icons: lines on a grid of 24 × 24, drawn in whatever colour and size their place asks for.
//!
//! All have round ends, the same width, and two units of room at every edge, so they look like one family beside each other.

mod shapes;

pub use shapes::Shape;

use crate::theme;
use druid::kurbo::{Affine, BezPath};
use druid::piet::{LineCap, LineJoin, StrokeStyle};
use druid::widget::prelude::*;
use druid::{Color, KeyOrValue, Point, Rect};
use shapes::DRAWINGS;
use std::sync::LazyLock;

/// Units of the grid along an edge.
const GRID_UNITS: f64 = 24.0;
/// Of the lines, on the grid.
const LINE_WIDTH: f64 = 1.7;
/// Edge of an icon beside words, in pixels.
const USUAL_EDGE: f64 = 20.0;

static PATHS: LazyLock<Vec<BezPath>> =
    LazyLock::new(|| DRAWINGS.iter().map(|(_, lines)| parsed(lines)).collect());

/// A path that does not read is drawn as nothing; a test sees to it that there is none.
fn parsed(lines: &str) -> BezPath {
    BezPath::from_svg(lines).unwrap_or_default()
}

/// Draws an icon into the middle of `rect`, as large as fits: for widgets that paint their rows themselves.
pub fn paint(ctx: &mut PaintCtx, shape: Shape, rect: Rect, color: &Color) {
    let Some(path) = PATHS.get(shape as usize) else {
        return;
    };
    let scale = rect.width().min(rect.height()) / GRID_UNITS;
    let corner = rect.center() - druid::Vec2::new(GRID_UNITS, GRID_UNITS) * scale / 2.0;
    ctx.with_save(|ctx| {
        ctx.transform(Affine::translate(corner.to_vec2()) * Affine::scale(scale));
        let style = StrokeStyle::new()
            .line_cap(LineCap::Round)
            .line_join(LineJoin::Round);
        ctx.stroke_styled(path, color, LINE_WIDTH, &style);
    });
}

/// One icon as a widget.
pub struct Icon {
    shape: Shape,
    color: KeyOrValue<Color>,
    edge: f64,
}

impl Icon {
    /// Of the usual size, in the colour of words; it grows with the text.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            color: theme::TEXT.into(),
            edge: USUAL_EDGE,
        }
    }

    /// In another colour.
    pub fn color(mut self, color: impl Into<KeyOrValue<Color>>) -> Self {
        self.color = color.into();
        self
    }

    /// In another size, in pixels at 100 %.
    pub fn edge(mut self, edge: f64) -> Self {
        self.edge = edge;
        self
    }
}

impl<T: Data> Widget<T> for Icon {
    fn event(&mut self, _: &mut EventCtx, _: &Event, _: &mut T, _: &Env) {}

    fn lifecycle(&mut self, _: &mut LifeCycleCtx, _: &LifeCycle, _: &T, _: &Env) {}

    fn update(&mut self, ctx: &mut UpdateCtx, _: &T, _: &T, _: &Env) {
        if ctx.env_key_changed(&theme::SCALE) {
            ctx.request_layout();
        }
        if ctx.env_key_changed(&self.color) {
            ctx.request_paint();
        }
    }

    fn layout(&mut self, _: &mut LayoutCtx, bc: &BoxConstraints, _: &T, env: &Env) -> Size {
        let edge = self.edge * env.get(theme::SCALE);
        bc.constrain(Size::new(edge, edge))
    }

    fn paint(&mut self, ctx: &mut PaintCtx, _: &T, env: &Env) {
        let rect = Rect::from_origin_size(Point::ORIGIN, ctx.size());
        paint(ctx, self.shape, rect, &self.color.resolve(env));
    }
}

#[cfg(test)]
mod tests;
