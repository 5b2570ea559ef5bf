//! A row as a list of things to paint and of spots to click. Rows are laid out onto a board once; painting them is then the
//! same few strokes for every kind of row.

use super::look::{Look, Style, Words};
use crate::model::chat::RowAct;
use crate::pictures::{self, Key};
use crate::widgets::face::Portrait;
use druid::kurbo::{BezPath, RoundedRect};
use druid::piet::{
    InterpolationMode, LineCap, PietText, PietTextLayout, RenderContext, StrokeStyle, TextLayout,
};
use druid::{Color, PaintCtx, Point, Rect};
use std::ops::Range;

/// One thing to paint.
pub(super) enum Part {
    Block(RoundedRect, Color),
    Frame(RoundedRect, Color),
    Shape(BezPath, Color),
    Stroke(BezPath, Color, f64),
    Words(Words, Point),
    Face(Portrait, Point),
    Picture(Key, RoundedRect),
}

/// When a thing is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    Always,
    /// While the mouse is over the row.
    OverRow,
    /// While the mouse is over this spot.
    OverSpot(usize),
}

/// Where something can be clicked or asked about.
pub(super) enum Area {
    Rect(Rect),
    /// A range of words that lie at a point.
    Words(PietTextLayout, Point, Range<usize>),
}

impl Area {
    fn contains(&self, at: Point) -> bool {
        match self {
            Self::Rect(rect) => rect.contains(at),
            Self::Words(layout, origin, range) => {
                let inside = at - origin.to_vec2();
                if !layout.size().to_rect().contains(inside) {
                    return false;
                }
                let hit = layout.hit_test_point(inside);
                hit.is_inside && range.contains(&hit.idx)
            }
        }
    }
}

/// A place that answers the mouse.
pub(super) struct Spot {
    pub(super) area: Area,
    /// What a click asks for.
    pub(super) act: Option<RowAct>,
    /// What is said while the mouse rests on it.
    pub(super) tip: Option<String>,
}

/// A row in the making.
pub(super) struct Board<'a> {
    pub(super) look: &'a Look,
    pub(super) text: &'a mut PietText,
    pub(super) drawing: Drawing,
    when: When,
}

/// A row that is ready.
#[derive(Default)]
pub(super) struct Drawing {
    parts: Vec<(When, Part)>,
    pub(super) spots: Vec<Spot>,
}

impl<'a> Board<'a> {
    pub(super) fn new(look: &'a Look, text: &'a mut PietText) -> Self {
        Self {
            look,
            text,
            drawing: Drawing::default(),
            when: When::Always,
        }
    }

    /// Lays out words, to be put down later.
    pub(super) fn words(&mut self, words: &str, style: Style<'_>, width: f64) -> Words {
        Words::new(self.text, words, style, width)
    }

    pub(super) fn put(&mut self, part: Part) {
        self.drawing.parts.push((self.when, part));
    }

    pub(super) fn put_words(&mut self, words: Words, at: Point) {
        self.put(Part::Words(words, at));
    }

    /// What `draw` puts down is seen only then.
    pub(super) fn only(&mut self, when: When, draw: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.when, when);
        draw(self);
        self.when = before;
    }

    /// A spot to click; what belongs to it comes next.
    pub(super) fn spot(&mut self, area: Rect, act: RowAct) -> usize {
        self.add_spot(Spot {
            area: Area::Rect(area),
            act: Some(act),
            tip: None,
        })
    }

    /// A place that says something.
    pub(super) fn tip(&mut self, area: Rect, tip: String) {
        self.add_spot(Spot {
            area: Area::Rect(area),
            act: None,
            tip: Some(tip),
        });
    }

    pub(super) fn add_spot(&mut self, spot: Spot) -> usize {
        self.drawing.spots.push(spot);
        self.drawing.spots.len() - 1
    }
}

impl Drawing {
    /// The spot at a point; of several, the one that was put down last.
    pub(super) fn spot_at(&self, at: Point) -> Option<usize> {
        self.spots.iter().rposition(|spot| spot.area.contains(at))
    }

    /// Paints everything; `over` says whether the mouse is over the row, and over which spot.
    pub(super) fn paint(&self, ctx: &mut PaintCtx<'_, '_, '_>, over: Option<Option<usize>>) {
        for (when, part) in &self.parts {
            let is_seen = match when {
                When::Always => true,
                When::OverRow => over.is_some(),
                When::OverSpot(spot) => over == Some(Some(*spot)),
            };
            if is_seen {
                part.paint(ctx);
            }
        }
    }
}

impl Part {
    fn paint(&self, ctx: &mut PaintCtx<'_, '_, '_>) {
        match self {
            Self::Block(shape, color) => ctx.fill(*shape, color),
            Self::Frame(shape, color) => {
                // Inside by half of its width, so that it covers whole pixels.
                let inner = RoundedRect::from_rect(shape.rect().inset(-0.5), shape.radii());
                ctx.stroke(inner, color, 1.0);
            }
            Self::Shape(path, color) => ctx.fill(path, color),
            Self::Stroke(path, color, width) => {
                let style = StrokeStyle::new().line_cap(LineCap::Round);
                ctx.stroke_styled(path, color, *width, &style);
            }
            Self::Words(words, at) => {
                if let Some(layout) = &words.0 {
                    ctx.draw_text(layout, *at);
                }
            }
            Self::Face(portrait, center) => portrait.paint(ctx, *center),
            Self::Picture(key, shape) => {
                let image = pictures::with(|pictures| pictures.image(key, ctx));
                let Some(image) = image else { return };
                ctx.with_save(|ctx| {
                    ctx.clip(*shape);
                    ctx.draw_image(&image, shape.rect(), InterpolationMode::Bilinear);
                });
            }
        }
    }
}
