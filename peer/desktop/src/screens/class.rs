//! One's own class: how others join, and what becomes of it when the window is closed.

use super::home::want;
use crate::input::Intent;
use crate::input::intent::{ClassIntent, Go};
use crate::model::{AppState, Dialog};
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::{button, text};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, MainAxisAlignment};
use druid::{Application, WidgetExt};
use hutong_common::text::desktop::class::ClassText;
use hutong_host::class::Open;

fn of(state: &AppState, part: impl Fn(&Open) -> String) -> String {
    state.class.as_deref().map(part).unwrap_or_default()
}

/// How others join, in large letters.
pub(super) fn join() -> impl Widget<AppState> {
    let address = text::huge(|state: &AppState, _| {
        of(state, |open| {
            open.hosts.first().cloned().unwrap_or_default()
        })
    });
    let others = text::hint(|state: &AppState, _| {
        of(state, |open| {
            open.hosts.get(1..).unwrap_or_default().join("   ")
        })
    });
    let fingerprint = text::title(|state: &AppState, _| of(state, |open| open.fingerprint.clone()));
    let copy = button::plain(
        |_: &AppState, env| say!(env, ClassText::Copy),
        |ctx, state: &mut AppState, _| {
            if let Some(open) = &state.class {
                Application::global().clipboard().put_string(&open.invite);
                ctx.submit_command(INTENT.with(Intent::Class(ClassIntent::Copied)));
            }
        },
    );
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(copy)
        .with_spacer(GRID)
        .with_child(
            button::primary(
                |_, env| say!(env, ClassText::Close),
                want(Intent::Go(Go::Back)),
            )
            .first(),
        );
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::title(|state: &AppState, env| {
            of(state, |open| {
                say!(env, ClassText::JoinTitle { name: &open.name })
            })
        }))
        .with_spacer(GRID * 2.0)
        .with_child(text::body(|_, env| say!(env, ClassText::Step1)))
        .with_spacer(GRID)
        .with_child(text::body(|state: &AppState, env| {
            of(state, |open| {
                say!(env, ClassText::Step2 { name: &open.name })
            })
        }))
        .with_child(address)
        .with_child(others)
        .with_spacer(GRID)
        .with_child(text::body(|_, env| say!(env, ClassText::Step3)))
        .with_spacer(GRID / 2.0)
        .with_child(fingerprint.padding(GRID).background(theme::PANEL))
        .with_spacer(GRID * 2.0)
        .with_child(buttons)
}

/// Whether it goes on without the window.
pub(super) fn leave() -> impl Widget<AppState> {
    let intent = |stops| want(Intent::Class(ClassIntent::Leave { stops }));
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(button::danger(
            |_, env| say!(env, ClassText::LeaveStop),
            intent(true),
        ))
        .with_spacer(GRID)
        .with_child(button::primary(|_, env| say!(env, ClassText::LeaveOn), intent(false)).first());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(|_, env| say!(env, ClassText::LeaveTitle)))
        .with_spacer(GRID)
        .with_child(text::body(|_, env| say!(env, ClassText::LeaveText)))
        .with_spacer(GRID * 2.0)
        .with_child(buttons)
}

/// Starts the class that was stopped.
pub(super) fn again<T: Data>() -> impl Widget<T> {
    button::plain(
        |_: &T, env| say!(env, ClassText::Again),
        want(Intent::Class(ClassIntent::Resume)),
    )
}

/// The lines of the settings.
pub(super) fn section() -> impl Widget<AppState> {
    let rests = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::body(|_, env| say!(env, ClassText::Rests)))
        .with_spacer(GRID)
        .with_child(again());
    Either::new(|state: &AppState, _| state.class_rests, rests, runs())
}

fn runs() -> impl Widget<AppState> {
    let show = button::plain(
        |_, env| say!(env, ClassText::HowToJoin),
        want(Intent::Go(Go::Dialog(Dialog::Class))),
    );
    let stop = button::plain(
        |_, env| say!(env, ClassText::Stop),
        want(Intent::Class(ClassIntent::Stop)),
    );
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::body(|state: &AppState, env| {
            of(state, |open| {
                say!(env, ClassText::Runs { name: &open.name })
            })
        }))
        .with_spacer(GRID)
        .with_child(
            Flex::row()
                .with_child(show)
                .with_spacer(GRID)
                .with_child(stop),
        )
}
