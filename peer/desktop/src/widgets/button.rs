//! Buttons: the one that goes on, the ones beside it, and links in words.

use super::press::Press;
use super::text;
use crate::theme::{self, GRID};
use druid::widget::{Align, prelude::*};
use druid::{Color, Data, FontDescriptor, Insets, Key, UnitPoint, WidgetExt};

fn button<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
    (font, color): (Key<FontDescriptor>, Key<Color>),
) -> Press<T> {
    let label = text::label(words, font, color);
    let insets = Insets::uniform_xy(GRID * 1.5, GRID);
    Press::new(
        Align::horizontal(UnitPoint::CENTER, label).padding(insets),
        act,
    )
}

/// What one most likely wants.
pub fn primary<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
) -> Press<T> {
    button(words, act, (theme::STRONG, theme::ON_ACCENT))
        .grounds(Some(theme::ACCENT), theme::ACCENT)
}

/// What one may want as well.
pub fn plain<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
) -> Press<T> {
    button(words, act, (theme::BODY, theme::TEXT)).grounds(Some(theme::HOVER), theme::CHOSEN)
}

/// What cannot be undone.
pub fn danger<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
) -> Press<T> {
    button(words, act, (theme::STRONG, theme::ON_ALARM)).grounds(Some(theme::ALARM), theme::ALARM)
}

/// Words that lead elsewhere.
pub fn link<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
) -> Press<T> {
    button(words, act, (theme::BODY, theme::ACCENT))
}
