//! What is asked above everything else.

mod announced;
mod groups;
mod outgoing;
mod person;

use super::home::want;
use super::{class, doctor, presenting};
use crate::input::Intent;
use crate::input::intent::{Go, OwnIntent, PeopleIntent, PrefsIntent};
use crate::model::compose::Spot;
use crate::model::own::Own;
use crate::model::{AppState, Dialog, Search};
use crate::say;
use crate::theme::GRID;
use crate::widgets::pane::Card;
use crate::widgets::tick::tick;
use crate::widgets::{button, layers, picture_view, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, MainAxisAlignment, SizedBox};
use druid::{ArcStr, WidgetExt};
use hutong_common::text::desktop::failure::WarningText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_engine::api::done::Device;
use std::path::PathBuf;
use std::sync::Arc;

/// The dialog for it.
pub(super) fn of(dialog: &Dialog) -> Box<dyn Widget<AppState>> {
    match dialog {
        Dialog::AddFriend(_) => layers::dialog(add(), back()).boxed(),
        Dialog::Person(login) => layers::dialog(person::card(login.clone()), back()).boxed(),
        Dialog::Safety(checking) => {
            layers::wide(person::safety(checking.with.clone()), back()).boxed()
        }
        Dialog::Doctor(login) => layers::wide(doctor::dialog(login.clone()), back()).boxed(),
        Dialog::Unlock => layers::dialog(unlock(), back()).boxed(),
        Dialog::Group(page) => groups::of(page),
        Dialog::Announcement(announcement) => announced::of(announcement),
        Dialog::Picture(path) => picture(path),
        Dialog::SendFiles(outgoing) => layers::dialog(outgoing::question(outgoing), back()).boxed(),
        Dialog::Class => layers::wide(class::join(), back()).boxed(),
        Dialog::LeaveClass => layers::dialog(class::leave(), back()).boxed(),
        Dialog::SignOut => layers::dialog(sign_out(), back()).boxed(),
        Dialog::Remove(login) => layers::dialog(remove(login.clone()), back()).boxed(),
        Dialog::Reveal(_) => layers::dialog(presenting::reveal(), back()).boxed(),
        Dialog::RemoveDevice(device) => {
            layers::dialog(remove_device(device.clone()), back()).boxed()
        }
    }
}

pub(super) fn back<T>() -> impl Fn(&mut EventCtx, &mut T, &Env) {
    want(Intent::Go(Go::Back))
}

/// Whether the desktop tells of a conversation.
fn mute(with: ArcStr) -> impl Widget<AppState> {
    let of = with.clone();
    tick(
        |env| say!(env, PeopleText::Mute),
        move |state: &AppState| state.prefs.muted.contains(&of),
        move |on| Intent::Prefs(PrefsIntent::Mute(with.clone(), on)),
    )
}

/// A question with what it means, and two answers.
pub(super) fn question(
    title: impl Fn(&AppState, &Env) -> String + 'static,
    (meaning, beside): (
        impl Fn(&Env) -> String + 'static,
        impl Widget<AppState> + 'static,
    ),
    yes: impl Widget<AppState> + 'static,
) -> impl Widget<AppState> {
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Cancel),
            back(),
        ))
        .with_spacer(GRID)
        .with_child(yes);
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(title))
        .with_spacer(GRID)
        .with_child(text::body(move |_, env| meaning(env)))
        .with_child(beside)
        .with_spacer(GRID * 2.0)
        .with_child(buttons)
}

fn sign_out() -> impl Widget<AppState> {
    question(
        |_, env| say!(env, SettingsText::SignOutTitle),
        (
            |env| say!(env, SettingsText::SignOutText),
            SizedBox::empty(),
        ),
        button::danger(
            |_, env| say!(env, SettingsText::SignOut),
            want(Intent::Own(OwnIntent::SignOut)),
        )
        .first(),
    )
}

fn remove(login: ArcStr) -> impl Widget<AppState> {
    let name = login.clone();
    question(
        move |state: &AppState, env| {
            say!(
                env,
                PeopleText::RemoveTitle {
                    name: state.contact(&name).shown()
                }
            )
        },
        (|env| say!(env, PeopleText::RemoveText), SizedBox::empty()),
        button::danger(
            |_, env| say!(env, PeopleText::RemoveFriend),
            want(Intent::People(PeopleIntent::Remove(login))),
        )
        .first(),
    )
}

/// The password, for the engine, and what is wrong with it.
fn password(deed: OwnIntent) -> impl Widget<AppState> {
    let password = text_box::password(|env| say!(env, SettingsText::OldPassword))
        .first()
        .on_enter(want(Intent::Own(deed)));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(password.lens(Own::password))
        .with_child(text::fault(|own: &Own| own.wrong.as_ref()))
        .lens(AppState::own)
}

fn remove_device(device: Card<Device>) -> impl Widget<AppState> {
    let (label, id) = (device.label.clone(), device.device);
    question(
        move |_, env| say!(env, SettingsText::RemoveTitle { label: &label }),
        (
            |env| say!(env, SettingsText::RemoveText),
            password(OwnIntent::RemoveDevice(id)),
        ),
        button::danger(
            |_, env| say!(env, SettingsText::Remove),
            want(Intent::Own(OwnIntent::RemoveDevice(id))),
        ),
    )
}

/// Mail waits for the password.
fn unlock() -> impl Widget<AppState> {
    question(
        |_, env| say!(env, WarningText::UnlockTitle),
        (
            |env| say!(env, WarningText::UnlockText),
            password(OwnIntent::Unlock),
        ),
        button::primary(
            |_, env| say!(env, WarningText::UnlockYes),
            want(Intent::Own(OwnIntent::Unlock)),
        ),
    )
}

/// A picture, as large as the window.
fn picture(path: &Arc<PathBuf>) -> Box<dyn Widget<AppState>> {
    layers::large(picture_view::large(Arc::clone(path)), back()).boxed()
}

/// The dialog's own data; nothing changes when it is closed.
fn searching() -> impl druid::Lens<AppState, Search> {
    druid::lens::Map::new(
        |state: &AppState| {
            let search = state.dialog.as_ref().and_then(Dialog::search);
            search.cloned().unwrap_or_default()
        },
        |state: &mut AppState, search| {
            if let Some(Dialog::AddFriend(held)) = &mut state.dialog {
                *held = search;
            }
        },
    )
}

/// What one sends to the one who was found.
fn ask() -> impl Widget<Search> {
    let greeting = text_box::line(|env| say!(env, PeopleText::AddGreeting))
        .at(Spot::Greeting)
        .on_enter(want(Intent::People(PeopleIntent::Add)));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(greeting.lens(Search::greeting))
        .with_spacer(GRID)
        .with_child(button::primary(
            |_, env| say!(env, PeopleText::Ask),
            want(Intent::People(PeopleIntent::Add)),
        ))
}

fn add() -> impl Widget<AppState> {
    let login = text_box::line(|env| say!(env, PeopleText::AddLogin))
        .first()
        .on_enter(want(Intent::People(PeopleIntent::Find)));
    let find = button::plain(
        |_, env| say!(env, PeopleText::Find),
        want(Intent::People(PeopleIntent::Find)),
    );
    let can_add = |search: &Search| search.found.as_ref().is_some_and(|found| found.can_add);
    let found = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::strong(|search: &Search, _| {
            let found = search.found.as_ref();
            found.map_or_else(String::new, |found| {
                format!("{} ({})", found.name, found.login)
            })
        }))
        .with_child(Either::new(
            move |search: &Search, _| can_add(search),
            ask(),
            SizedBox::empty(),
        ));
    let search = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .main_axis_alignment(MainAxisAlignment::Start)
        .with_child(
            Flex::row()
                .with_flex_child(login.lens(Search::login).expand_width(), 1.0)
                .with_spacer(GRID)
                .with_child(find),
        )
        .with_spacer(GRID)
        .with_child(Either::new(
            |search: &Search, _| search.found.is_some(),
            found,
            SizedBox::empty(),
        ))
        .with_child(Either::new(
            |search: &Search, _| search.word.is_some(),
            text::body(|search: &Search, _| {
                search
                    .word
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default()
            }),
            SizedBox::empty(),
        ))
        .lens(searching());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(groups::ways(0))
        .with_spacer(GRID * 2.0)
        .with_child(search)
}
