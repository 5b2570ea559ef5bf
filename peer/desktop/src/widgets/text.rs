//! Labels in the sizes and colours of the house.

use super::line::Line;
use crate::model::Fault;
use crate::theme;
use crate::words::lang;
use druid::widget::{Flex, Label, LineBreaking};
use druid::{Color, Data, Env, FontDescriptor, Key, Widget};

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

/// Names, on one line.
pub fn strong<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Line<T> {
    Line::new(words, theme::STRONG, theme::TEXT)
}

/// Hints and times, on one line.
pub fn quiet<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Line<T> {
    Line::new(words, theme::SMALL, theme::QUIET)
}

/// A name, and small beside it the login where that says more: `who` answers both.
pub fn who<T: Data>(who: impl Fn(&T) -> (String, String) + Clone + 'static) -> impl Widget<T> {
    let name = who.clone();
    let login = quiet(move |data: &T, _| {
        let (name, login) = who(data);
        if name == login { String::new() } else { login }
    });
    Flex::row()
        .with_flex_child(strong(move |data: &T, _| name(data).0), 2.0)
        .with_flex_child(login, 1.0)
}

/// A name at the head of a pane, on one line.
pub fn heading<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Line<T> {
    Line::new(words, theme::TITLE, theme::TEXT)
}

/// Hints that may take several lines.
pub fn hint<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::SMALL, theme::QUIET).with_line_break_mode(LineBreaking::WordWrap)
}

/// What went wrong.
pub fn alarm<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::SMALL, theme::ALARM).with_line_break_mode(LineBreaking::WordWrap)
}

/// What is wrong with something typed, while something is.
pub fn fault<T: Data>(fault: impl Fn(&T) -> Option<&Fault> + 'static) -> Label<T> {
    alarm(move |data, env| fault(data).map_or_else(String::new, |fault| fault.words(lang(env))))
}

/// The head of a pane or a dialog.
pub fn title<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::TITLE, theme::TEXT).with_line_break_mode(LineBreaking::WordWrap)
}

/// What is read across a room.
pub fn huge<T: Data>(words: impl Fn(&T, &Env) -> String + 'static) -> Label<T> {
    label(words, theme::HUGE, theme::TEXT).with_line_break_mode(LineBreaking::WordWrap)
}
