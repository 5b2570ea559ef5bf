//! The check of the network: the verdict in large, what to do, then the facts it goes by.

use super::home::want;
use crate::input::Intent;
use crate::model::AppState;
use crate::say;
use crate::theme::GRID;
use crate::widgets::pane::Card;
use crate::widgets::{button, text};
use crate::words::lang;
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, MainAxisAlignment, Scroll, SizedBox};
use druid::{ArcStr, WidgetExt};
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_common::text::doctor::DoctorText;
use hutong_engine::api::doctor::DoctorShown;
use hutong_host::doctor;

/// Tallest that the outcome becomes in a dialog, in pixels.
const TALLEST: f64 = 360.0;

/// The check of the network alone, in the settings.
pub(super) fn section() -> impl Widget<AppState> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(
            Flex::row()
                .must_fill_main_axis(true)
                .with_child(check(None)),
        )
        .with_child(outcome(None))
}

/// The check of the way to somebody.
pub(super) fn dialog(login: ArcStr) -> impl Widget<AppState> {
    let name = login.clone();
    let title = text::title(move |state: &AppState, env| {
        let name = state.contact(&name).shown().clone();
        say!(env, SettingsText::CheckTitle { name: &name })
    });
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(check(Some(login.clone())))
        .with_spacer(GRID)
        .with_child(
            button::primary(
                |_, env| say!(env, PeopleText::Close),
                super::dialogs::back(),
            )
            .first(),
        );
    let outcome = Scroll::new(outcome(Some(login))).vertical();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(title)
        .with_child(outcome.fix_height(TALLEST))
        .with_spacer(GRID)
        .with_child(buttons)
}

fn check(who: Option<ArcStr>) -> impl Widget<AppState> {
    let about = who.clone();
    let name = move |state: &AppState, env: &Env| {
        if state.doctor.is_about(about.as_ref()) {
            say!(env, SettingsText::CheckAgain)
        } else {
            say!(env, SettingsText::CheckNetwork)
        }
    };
    button::plain(name, want(Intent::Check(who)))
}

/// How far it is, and what came of it.
fn outcome(who: Option<ArcStr>) -> impl Widget<AppState> {
    let (running, known) = (who.clone(), who);
    let is_running =
        move |state: &AppState, _: &Env| state.doctor.busy && state.doctor.who == running;
    let is_known = move |state: &AppState, _: &Env| {
        state.doctor.is_about(known.as_ref()) && state.doctor.found.is_some()
    };
    let progress = text::body(|_: &AppState, env| say!(env, DoctorText::Checking))
        .padding((0.0, GRID, 0.0, 0.0));
    let found = Either::new(is_known, found(), SizedBox::empty());
    Either::new(is_running, progress, found)
}

fn found() -> impl Widget<AppState> {
    let verdict = text::title(|state: &AppState, env| {
        of(state, |shown, who| doctor::verdict(shown, who, lang(env)).0)
    });
    let advice = text::body(|state: &AppState, env| {
        of(state, |shown, who| doctor::verdict(shown, who, lang(env)).1)
    });
    let also = text::hint(|state: &AppState, env| {
        of(state, |shown, who| {
            let also = doctor::also(shown, who, lang(env));
            if also.is_empty() {
                return String::new();
            }
            format!("{} {}", say!(env, DoctorText::AlsoFound), also.join(" "))
        })
    });
    let fact = || {
        let name = text::quiet(|(name, _): &Fact, _| name.to_string());
        let value = text::hint(|(_, value): &Fact, _| value.to_string());
        Flex::row()
            .cross_axis_alignment(CrossAxisAlignment::Start)
            .must_fill_main_axis(true)
            .with_flex_child(name.expand_width(), 1.0)
            .with_spacer(GRID)
            .with_flex_child(value.expand_width(), 3.0)
            .padding((0.0, GRID / 4.0))
    };
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(verdict)
        .with_spacer(GRID / 2.0)
        .with_child(advice)
        .with_child(also)
        .with_spacer(GRID)
        .with_child(List::new(fact).lens(druid::lens::Map::new(facts, |_, _| ())))
}

type Fact = (ArcStr, ArcStr);

fn of(state: &AppState, words: impl FnOnce(&DoctorShown, &str) -> String) -> String {
    let who = state.doctor.who.as_ref();
    let who = who.map(|login| state.contact(login).shown().to_string());
    let found: Option<&Card<DoctorShown>> = state.doctor.found.as_ref();
    found.map_or_else(String::new, |shown| {
        words(shown, who.as_deref().unwrap_or_default())
    })
}

/// The rows are made of words of the language.
fn facts(state: &AppState) -> Vector<Fact> {
    let found = state.doctor.found.as_ref();
    let rows = found.map_or_else(Vec::new, |shown| doctor::facts(shown, state.prefs.lang));
    let rows = rows.into_iter();
    rows.map(|(name, value)| (name.into(), value.into()))
        .collect()
}
