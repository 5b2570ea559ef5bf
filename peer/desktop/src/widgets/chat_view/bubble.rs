//! Words in a bubble, with links that can be clicked. A few emoji alone are shown large and bare.

use super::board::{Area, Board, Part, Spot};
use super::links::links;
use super::look::{Look, Style, Words};
use crate::model::chat::RowAct;
use druid::kurbo::RoundedRect;
use druid::piet::{PietText, Text, TextAttribute, TextLayout, TextLayoutBuilder};
use druid::{Color, FontDescriptor, Size, Vec2};
use hutong_common::harmless;
use std::ops::Range;

/// Emoji alone are large up to this many characters, joiners and tones included.
const LARGE_CHARS: usize = 12;
const LARGE: f64 = 2.2;
const PADDING: (f64, f64) = (1.5, 1.0);

/// Words that are measured and not yet in their place.
pub(super) struct Bubble {
    words: Words,
    links: Vec<(Range<usize>, String)>,
    size: Size,
    padding: Vec2,
    is_bare: bool,
}

impl Bubble {
    pub(super) fn new(board: &mut Board<'_>, words: &str, mine: bool, widest: f64) -> Self {
        let look = board.look;
        let seen = harmless::words(words);
        let is_bare = is_emoji_alone(&seen);
        let mut font = look.body.clone();
        if is_bare {
            font.size *= LARGE;
        }
        let found: Vec<_> = links(&seen)
            .into_iter()
            .map(|range| (range.clone(), seen[range].to_owned()))
            .collect();
        // The accent is not strong enough on one's own ground; the line below it tells the link.
        let link_color = if mine { look.text } else { look.accent };
        let padding = padding(look, is_bare);
        let words = with_links(
            board.text,
            (&seen, &font, look.text),
            (&found, link_color),
            widest - 2.0 * padding.x,
        );
        Self::sized(words, found, padding, is_bare)
    }

    /// Words of the program instead of somebody's.
    pub(super) fn quiet(board: &mut Board<'_>, words: &str, widest: f64) -> Self {
        let look = board.look;
        let padding = padding(look, false);
        let words = board.words(
            words,
            Style::new(&look.small, &look.quiet),
            widest - 2.0 * padding.x,
        );
        Self::sized(words, Vec::new(), padding, false)
    }

    fn sized(
        words: Words,
        links: Vec<(Range<usize>, String)>,
        padding: Vec2,
        is_bare: bool,
    ) -> Self {
        let inner = Size::new(right_edge(&words), words.size().height);
        let size = Size::new(
            (inner.width + 2.0 * padding.x).max(3.0 * padding.x),
            inner.height + 2.0 * padding.y,
        );
        Self {
            words,
            links,
            size,
            padding,
            is_bare,
        }
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    pub(super) fn put(self, board: &mut Board<'_>, shape: RoundedRect, mine: bool) {
        let look = board.look;
        if !self.is_bare {
            board.put(Part::Block(
                shape,
                if mine { look.mine } else { look.theirs },
            ));
            if !mine {
                board.put(Part::Frame(shape, look.line));
            }
        }
        let at = shape.rect().origin() + self.padding;
        if let Some(layout) = &self.words.0 {
            for (range, link) in self.links {
                let area = Area::Words(layout.clone(), at, range);
                board.add_spot(Spot {
                    area,
                    act: Some(RowAct::Follow(link)),
                    tip: None,
                });
            }
        }
        board.put_words(self.words, at);
    }
}

fn padding(look: &Look, is_bare: bool) -> Vec2 {
    if is_bare {
        Vec2::new(0.0, 0.0)
    } else {
        Vec2::new(look.grid(PADDING.0), look.grid(PADDING.1))
    }
}

fn with_links(
    text: &mut PietText,
    (words, font, color): (&str, &FontDescriptor, Color),
    (links, link_color): (&[(Range<usize>, String)], Color),
    width: f64,
) -> Words {
    let mut builder = text
        .new_text_layout(words.to_owned())
        .font(font.family.clone(), font.size)
        .default_attribute(font.weight)
        .text_color(color)
        .max_width(width);
    for (range, _) in links {
        builder = builder
            .range_attribute(range.clone(), TextAttribute::TextColor(link_color))
            .range_attribute(range.clone(), TextAttribute::Underline(true));
    }
    Words(builder.build().ok())
}

/// How far the words reach. Lines that run from right to left begin at the right edge of the room that they have, which may
/// lie beyond the longest line when other lines run the other way.
fn right_edge(words: &Words) -> f64 {
    let width = words.size().width;
    let Some(layout) = words
        .0
        .as_ref()
        .filter(|layout| layout.text().chars().any(is_right_to_left))
    else {
        return width;
    };
    let starts = (0..layout.line_count())
        .filter_map(|line| layout.line_metric(line))
        .map(|line| layout.hit_test_text_position(line.start_offset).point.x);
    starts.fold(width, f64::max).ceil()
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn is_emoji_alone(words: &str) -> bool {
    let mut any = false;
    let all = words.chars().all(|c| {
        let is_picture = matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}');
        any |= is_picture;
        is_picture || matches!(c, '\u{200d}' | '\u{fe0f}')
    });
    any && all && words.chars().count() <= LARGE_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_few_emoji_alone_are_large() {
        for (words, is_large) in [
            ("👍", true),
            ("👨‍👩‍👧", true),
            ("❤️🇨🇳", true),
            ("👍 ok", false),
            ("好", false),
            ("", false),
            ("\u{200d}", false),
            ("😀😀😀😀😀😀😀😀😀😀😀😀😀", false),
        ] {
            assert_eq!(is_emoji_alone(words), is_large, "{words}");
        }
    }
}
