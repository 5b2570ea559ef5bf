//! Labels in the sizes and colours of the house.

use crate::theme;
use druid::widget::{Label, LineBreaking};
use druid::{Color, Data, Env, FontDescriptor, Key};

/// Words that follow the data and the language.
pub fn label<T: Data>(
    words: impl Fn(&T, &Env) -> String + 'static,
    font: Key<FontDescriptor>,
    color: Key<Color>,
) -> Label<T> {
    let words = move |data: &T, env: &Env| {
        let words = words(data, env);
        #[cfg(test)]
        crate::scene::hear(&words);
        words
    };
    Label::dynamic(words).with_font(font).with_text_color(color)
}

/// Ordinary words; long ones are broken.
pub fn body<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::BODY, theme::TEXT).with_line_break_mode(LineBreaking::WordWrap)
}

/// Names; long ones are cut.
pub fn strong<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::STRONG, theme::TEXT).with_line_break_mode(LineBreaking::Clip)
}

/// Hints and times, on one line.
pub fn quiet<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::SMALL, theme::QUIET).with_line_break_mode(LineBreaking::Clip)
}

/// Hints that may take several lines.
pub fn hint<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::SMALL, theme::QUIET).with_line_break_mode(LineBreaking::WordWrap)
}

/// What went wrong.
pub fn alarm<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::SMALL, theme::ALARM).with_line_break_mode(LineBreaking::WordWrap)
}

/// The head of a pane or a dialog.
pub fn title<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::TITLE, theme::TEXT).with_line_break_mode(LineBreaking::WordWrap)
}

/// What is read across a room.
pub fn huge<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::HUGE, theme::TEXT).with_line_break_mode(LineBreaking::WordWrap)
}
