//! Presentation mode: the line that says that it is on, the switch, and what is asked before anything private is shown.

use super::dialogs::question;
use super::home::want;
use crate::input::Intent;
use crate::input::intent::PrefsIntent;
use crate::model::AppState;
use crate::say;
use crate::theme::{self, GRID};
use crate::widgets::button;
use crate::widgets::line::Line;
use crate::widgets::press::Press;
use druid::widget::prelude::*;
use druid::widget::{Either, Flex, SizedBox};
use druid::{Insets, KbKey, KeyEvent, WidgetExt};
use hutong_common::text::desktop::settings::SettingsText;

/// Whether these keys switch it.
pub fn switches(key: &KeyEvent) -> bool {
    let is_letter =
        matches!(&key.key, KbKey::Character(letter) if letter.eq_ignore_ascii_case("p"));
    is_letter && key.mods.ctrl() && key.mods.shift() && !key.mods.alt()
}

/// The line above everything while it is on.
pub(super) fn bar() -> impl Widget<AppState> {
    let line = |words: SettingsText<'static>, font| {
        let say = move |_: &AppState, env: &Env| words.say(crate::words::lang(env));
        Line::new(say, font, theme::ON_ACCENT)
    };
    let said = line(SettingsText::Presenting, theme::BODY);
    let leave = line(SettingsText::PresentingEnd, theme::STRONG);
    let leave = Press::new(
        leave.padding(Insets::uniform_xy(GRID, GRID / 2.0)),
        want(Intent::Prefs(PrefsIntent::Present(false))),
    );
    let bar = Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(said.expand_width(), 1.0)
        .with_child(leave)
        .padding(Insets::uniform_xy(GRID * 1.5, GRID / 4.0))
        .background(theme::ACCENT);
    Either::new(
        |state: &AppState, _| state.prefs.is_presenting,
        bar,
        SizedBox::empty(),
    )
}

/// What is asked before something private is shown. It says nothing of what that is.
pub(super) fn reveal() -> impl Widget<AppState> {
    question(
        |_, env| say!(env, SettingsText::RevealTitle),
        (|env| say!(env, SettingsText::RevealText), SizedBox::empty()),
        button::danger(
            |_, env| say!(env, SettingsText::RevealYes),
            want(Intent::Reveal),
        ),
    )
}
