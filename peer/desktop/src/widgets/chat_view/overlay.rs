//! What lies over the rows: the bar to scroll with, the button that leads to the newest, words at the top while older ones
//! load, what is said about the thing under the mouse, and the page that stands there while nothing was said yet.

use super::column::Column;
use super::icons;
use super::look::{Look, Style, Words};
use crate::model::chat::Conversation;
use druid::kurbo::RoundedRect;
use druid::piet::{LineCap, RenderContext, StrokeStyle};
use druid::{PaintCtx, Point, Rect, Size};
use hutong_common::text::desktop::chat::ChatText;

/// Widths and lengths in pixels: the bar is for a mouse and does not grow with the text.
const BAR: f64 = 6.0;
const BAR_AREA: f64 = 14.0;
const BAR_SHORTEST: f64 = 36.0;

/// The bar at the right edge; none where nothing is hidden.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    track: Rect,
    thumb: Rect,
}

impl Bar {
    pub(super) fn of(column: &Column, size: Size) -> Option<Self> {
        let (total, view) = (column.total(), column.view());
        if total <= view || view <= 0.0 {
            return None;
        }
        let track = Rect::new(size.width - BAR_AREA, 0.0, size.width, view);
        let length = (view * view / total).max(BAR_SHORTEST).min(view);
        let top = column.offset() / (total - view) * (view - length);
        let thumb = Rect::new(track.x0, top, track.x1, top + length);
        Some(Self { track, thumb })
    }

    /// Whether a point is on the bar, and if it is on the part that moves, how far below its top.
    pub(super) fn hit(&self, at: Point) -> Option<Option<f64>> {
        let is_on = self.track.contains(at);
        is_on.then_some(self.thumb.contains(at).then_some(at.y - self.thumb.y0))
    }

    /// Whether a point lies before the part that moves.
    pub(super) fn is_before(&self, at: Point) -> bool {
        at.y < self.thumb.y0
    }

    /// Which place of the list belongs to the moving part's top being there.
    pub(super) fn offset_at(&self, top: f64, column: &Column) -> f64 {
        let room = (self.track.height() - self.thumb.height()).max(1.0);
        (top / room).clamp(0.0, 1.0) * (column.total() - column.view())
    }

    pub(super) fn paint(&self, ctx: &mut PaintCtx<'_, '_, '_>, look: &Look, is_hot: bool) {
        let width = if is_hot { BAR + 2.0 } else { BAR };
        let x1 = self.thumb.x1 - 3.0;
        let shape = RoundedRect::new(
            x1 - width,
            self.thumb.y0 + 2.0,
            x1,
            self.thumb.y1 - 2.0,
            width / 2.0,
        );
        let strength = if is_hot { 0.7 } else { 0.4 };
        ctx.fill(shape, &look.quiet.with_alpha(strength));
    }
}

/// The button that leads to the newest.
pub(super) struct ToNewest {
    rect: Rect,
    words: Option<Words>,
}

impl ToNewest {
    /// Seen when there is news below, or when the newest is more than half a page away.
    pub(super) fn of(
        ctx: &mut PaintCtx<'_, '_, '_>,
        (column, fresh): (&Column, usize),
        look: &Look,
    ) -> Option<Self> {
        if !is_away(column, fresh) {
            return None;
        }
        let sentence = match fresh {
            0 => None,
            1 => Some(ChatText::OneNew.say(look.lang)),
            count => Some(ChatText::ManyNew { count: &count }.say(look.lang)),
        };
        let style = Style::new(&look.small, &look.on_accent);
        let words = sentence.map(|words| Words::new(ctx.text(), &words, style, f64::INFINITY));
        let height = look.grid(4.5);
        let width = words
            .as_ref()
            .map_or(height, |words| words.size().width + look.grid(6.0));
        let size = ctx.size();
        let corner = Point::new(
            size.width - BAR_AREA - look.grid(1.0),
            size.height - look.grid(1.5),
        );
        Some(Self {
            rect: Rect::new(corner.x - width, corner.y - height, corner.x, corner.y).round(),
            words,
        })
    }

    pub(super) fn rect(&self) -> Rect {
        self.rect
    }

    pub(super) fn paint(self, ctx: &mut PaintCtx<'_, '_, '_>, look: &Look, is_hot: bool) {
        let shape = RoundedRect::from_rect(self.rect, self.rect.height() / 2.0);
        let has_news = self.words.is_some();
        let (ground, color) = if has_news {
            (look.accent, look.on_accent)
        } else {
            (look.surface, look.accent)
        };
        ctx.fill(shape, &ground);
        if is_hot {
            ctx.fill(shape, &color.with_alpha(0.12));
        }
        if !has_news {
            let rim = RoundedRect::from_rect(self.rect.inset(-0.5), self.rect.height() / 2.0);
            ctx.stroke(rim, &look.line, 1.0);
        }
        let side = look.grid(1.75);
        let x = if has_news {
            self.rect.x0 + look.grid(2.5)
        } else {
            self.rect.center().x
        };
        let arrow = icons::arrow_down(Rect::from_center_size(
            (x, self.rect.center().y),
            (side, side),
        ));
        ctx.stroke_styled(
            arrow,
            &color,
            1.75 * look.scale,
            &StrokeStyle::new().line_cap(LineCap::Round),
        );
        if let Some(layout) = self.words.as_ref().and_then(|words| words.0.as_ref()) {
            let size = self.words.as_ref().map_or(Size::ZERO, Words::size);
            let at = Point::new(
                self.rect.x0 + look.grid(4.0),
                self.rect.center().y - size.height / 2.0,
            );
            ctx.draw_text(layout, at.round());
        }
    }
}

fn is_away(column: &Column, fresh: usize) -> bool {
    !column.is_at_end() && (fresh > 0 || column.below() > column.view() / 2.0)
}

/// Words at the top while older rows are on their way.
pub(super) fn paint_loading(ctx: &mut PaintCtx<'_, '_, '_>, look: &Look) {
    let words = Words::new(
        ctx.text(),
        &ChatText::LoadingOlder.say(look.lang),
        Style::new(&look.small, &look.quiet),
        f64::INFINITY,
    );
    let center = ctx.size().width / 2.0;
    paint_pill(ctx, look, words, Point::new(center, look.grid(1.0)));
}

/// What is said about the thing under the mouse: below it, or above it at the lower edge.
pub(super) fn paint_tip(ctx: &mut PaintCtx<'_, '_, '_>, look: &Look, tip: &str, mouse: Point) {
    let size = ctx.size();
    let widest = (size.width - look.grid(6.0))
        .min(look.grid(50.0))
        .max(look.grid(8.0));
    let words = Words::new(ctx.text(), tip, Style::new(&look.small, &look.text), widest);
    let half = words.size().width / 2.0 + look.grid(2.0);
    let height = words.size().height + look.grid(1.0);
    let x = mouse.x.min(size.width - half).max(half);
    let below = mouse.y + look.grid(2.5);
    let y = if below + height > size.height {
        mouse.y - height - look.grid(1.0)
    } else {
        below
    };
    paint_pill(ctx, look, words, Point::new(x, y));
}

fn paint_pill(ctx: &mut PaintCtx<'_, '_, '_>, look: &Look, words: Words, top: Point) {
    let size = words.size();
    let width = size.width + look.grid(3.0);
    let height = size.height + look.grid(1.0);
    let rect = Rect::new(
        top.x - width / 2.0,
        top.y,
        top.x + width / 2.0,
        top.y + height,
    )
    .round();
    let round = look.grid(1.0).min(height / 2.0);
    ctx.fill(RoundedRect::from_rect(rect, round), &look.surface);
    ctx.stroke(
        RoundedRect::from_rect(rect.inset(-0.5), round),
        &look.line,
        1.0,
    );
    if let Some(layout) = &words.0 {
        let at = rect.center() - size.to_vec2() / 2.0;
        ctx.draw_text(layout, at.round());
    }
}

/// The page of a conversation in which nothing was said yet.
pub(super) fn paint_empty(ctx: &mut PaintCtx<'_, '_, '_>, look: &Look, talk: &Conversation) {
    let center = ctx.size().to_rect().center();
    if talk.loading {
        let words = Words::new(
            ctx.text(),
            &ChatText::Loading.say(look.lang),
            Style::new(&look.small, &look.quiet),
            f64::INFINITY,
        );
        paint_centered(ctx, &words, center);
        return;
    }
    let side = look.grid(6.0);
    let icon = icons::speech(Rect::from_center_size(
        (center.x, center.y - look.grid(5.0)),
        (side, side),
    ));
    ctx.stroke_styled(
        icon,
        &look.quiet.with_alpha(0.6),
        2.0 * look.scale,
        &StrokeStyle::new().line_cap(LineCap::Round),
    );
    let width = ctx.size().width;
    let first = Words::new(
        ctx.text(),
        &ChatText::NoMessages.say(look.lang),
        Style::new(&look.strong, &look.text),
        width,
    );
    paint_centered(ctx, &first, center + (0.0, look.grid(1.0)));
    let second = Words::new(
        ctx.text(),
        &ChatText::NoMessagesHint.say(look.lang),
        Style::new(&look.small, &look.quiet),
        width,
    );
    paint_centered(ctx, &second, center + (0.0, look.grid(4.0)));
}

fn paint_centered(ctx: &mut PaintCtx<'_, '_, '_>, words: &Words, center: Point) {
    if let Some(layout) = &words.0 {
        let at = center - words.size().to_vec2() / 2.0;
        ctx.draw_text(layout, at.round());
    }
}
