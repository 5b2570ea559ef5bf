//! The theme as the list needs it, taken from the environment once and compared when that changes.

use crate::theme;
use crate::words;
use druid::piet::{PietText, PietTextLayout, Text, TextLayout, TextLayoutBuilder};
use druid::{Color, Env, FontDescriptor, Size};
use hutong_common::text::Lang;

/// Language, sizes, fonts and colours.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) lang: Lang,
    pub(super) scale: f64,
    pub(super) small: FontDescriptor,
    pub(super) body: FontDescriptor,
    pub(super) strong: FontDescriptor,
    pub(super) text: Color,
    pub(super) quiet: Color,
    pub(super) accent: Color,
    pub(super) on_accent: Color,
    pub(super) alarm: Color,
    pub(super) mine: Color,
    pub(super) theirs: Color,
    pub(super) canvas: Color,
    pub(super) surface: Color,
    pub(super) panel: Color,
    pub(super) hover: Color,
    pub(super) line: Color,
}

impl Look {
    pub(super) fn of(env: &Env) -> Self {
        Self {
            lang: words::lang(env),
            scale: env.get(theme::SCALE),
            small: env.get(theme::SMALL),
            body: env.get(theme::BODY),
            strong: env.get(theme::STRONG),
            text: env.get(theme::TEXT),
            quiet: env.get(theme::QUIET),
            accent: env.get(theme::ACCENT),
            on_accent: env.get(theme::ON_ACCENT),
            alarm: env.get(theme::ALARM),
            mine: env.get(theme::MINE),
            theirs: env.get(theme::THEIRS),
            canvas: env.get(theme::CANVAS),
            surface: env.get(theme::SURFACE),
            panel: env.get(theme::PANEL),
            hover: env.get(theme::HOVER),
            line: env.get(theme::LINE),
        }
    }

    /// So many steps of the grid.
    pub(super) fn grid(&self, steps: f64) -> f64 {
        theme::GRID * steps * self.scale
    }
}

/// Words that are laid out. What the text engine refuses is nothing.
#[derive(Clone)]
pub(super) struct Words(pub(super) Option<PietTextLayout>);

impl Words {
    /// On as many lines as the width asks for.
    pub(super) fn new(text: &mut PietText, words: &str, style: Style<'_>, width: f64) -> Self {
        let layout = text
            .new_text_layout(words.to_owned())
            .font(style.font.family.clone(), style.font.size)
            .default_attribute(style.font.weight)
            .text_color(*style.color)
            .max_width(width)
            .build();
        Self(layout.ok())
    }

    /// Width and height, both whole.
    pub(super) fn size(&self) -> Size {
        self.0
            .as_ref()
            .map_or(Size::ZERO, |layout| layout.size().ceil())
    }

    pub(super) fn lines(&self) -> usize {
        self.0.as_ref().map_or(0, TextLayout::line_count)
    }
}

/// How words look.
#[derive(Clone, Copy)]
pub(super) struct Style<'a> {
    pub(super) font: &'a FontDescriptor,
    pub(super) color: &'a Color,
}

impl<'a> Style<'a> {
    pub(super) fn new(font: &'a FontDescriptor, color: &'a Color) -> Self {
        Self { font, color }
    }
}
