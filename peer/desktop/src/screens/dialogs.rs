//! What is asked above everything else.

use super::class;
use super::home::want;
use crate::input::Intent;
use crate::input::intent::{Go, OwnIntent, PeopleIntent};
use crate::model::own::Own;
use crate::model::{AppState, Dialog, Search};
use crate::say;
use crate::theme::GRID;
use crate::widgets::pane::Card;
use crate::widgets::{button, face, layers, picture_view, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, MainAxisAlignment, SizedBox};
use druid::{ArcStr, WidgetExt};
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_engine::api::done::{Device, Relation};
use std::path::PathBuf;
use std::sync::Arc;

/// The dialog for it.
pub(super) fn of(dialog: &Dialog) -> Box<dyn Widget<AppState>> {
    match dialog {
        Dialog::AddFriend(_) => layers::dialog(add(), back()).boxed(),
        Dialog::Person(login) => layers::dialog(person(login.clone()), back()).boxed(),
        Dialog::Picture(path) => picture(path),
        Dialog::Class => layers::wide(class::join(), back()).boxed(),
        Dialog::LeaveClass => layers::dialog(class::leave(), back()).boxed(),
        Dialog::SignOut => layers::dialog(sign_out(), back()).boxed(),
        Dialog::Remove(login) => layers::dialog(remove(login.clone()), back()).boxed(),
        Dialog::RemoveDevice(device) => {
            layers::dialog(remove_device(device.clone()), back()).boxed()
        }
    }
}

fn back<T>() -> impl Fn(&mut EventCtx, &mut T, &Env) {
    want(Intent::Go(Go::Back))
}

/// A question with what it means, and two answers.
fn question(
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
        ),
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
        ),
    )
}

fn remove_device(device: Card<Device>) -> impl Widget<AppState> {
    let (label, id) = (device.label.clone(), device.device);
    let password = text_box::password(|env| say!(env, SettingsText::OldPassword))
        .on_enter(want(Intent::Own(OwnIntent::RemoveDevice(id))));
    let beside = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(password.lens(Own::password))
        .with_child(text::alarm(|own: &Own, _| {
            own.wrong
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        }))
        .lens(AppState::own);
    question(
        move |_, env| say!(env, SettingsText::RemoveTitle { label: &label }),
        (|env| say!(env, SettingsText::RemoveText), beside),
        button::danger(
            |_, env| say!(env, SettingsText::Remove),
            want(Intent::Own(OwnIntent::RemoveDevice(id))),
        ),
    )
}

/// A picture, as large as the window.
fn picture(path: &Arc<PathBuf>) -> Box<dyn Widget<AppState>> {
    layers::large(picture_view::large(Arc::clone(path)), back()).boxed()
}

/// Somebody's card.
fn person(login: ArcStr) -> impl Widget<AppState> {
    let of = |login: &ArcStr| {
        let login = login.clone();
        move |state: &AppState| state.contact(&login)
    };
    let (face, name, about, friend) = (of(&login), of(&login), of(&login), of(&login));
    let head = Flex::row()
        .must_fill_main_axis(true)
        .with_child(face::widget(64.0).lens(druid::lens::Map::new(
            move |state: &AppState| face(state).face(),
            |_, _| (),
        )))
        .with_spacer(GRID * 2.0)
        .with_flex_child(
            Flex::column()
                .cross_axis_alignment(CrossAxisAlignment::Start)
                .with_child(text::title(move |state, _| name(state).shown().to_string()))
                .with_child(text::hint(move |state: &AppState, env| {
                    let contact = about(state);
                    let login = say!(
                        env,
                        PeopleText::Login {
                            login: &contact.login
                        }
                    );
                    if contact.remark.is_some() {
                        format!("{} · {login}", contact.name)
                    } else {
                        login
                    }
                })),
            1.0,
        );
    let chat = want(Intent::Go(Go::Chat(login.clone())));
    let remove = want(Intent::Go(Go::Dialog(Dialog::Remove(login.clone()))));
    let block = want(Intent::People(PeopleIntent::Block(login)));
    let buttons = Flex::row()
        .with_child(button::primary(
            |_, env| say!(env, PeopleText::SendMessage),
            chat,
        ))
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::RemoveFriend),
            remove,
        ))
        .with_spacer(GRID)
        .with_child(button::plain(|_, env| say!(env, PeopleText::Block), block));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head)
        .with_spacer(GRID * 3.0)
        .with_child(Either::new(
            move |state: &AppState, _| friend(state).relation == Relation::Friend,
            buttons,
            SizedBox::empty(),
        ))
}

/// The dialog's own data; nothing changes when it is closed.
fn searching() -> impl druid::Lens<AppState, Search> {
    druid::lens::Map::new(
        |state: &AppState| match &state.dialog {
            Some(Dialog::AddFriend(search)) => search.clone(),
            Some(
                Dialog::Person(_)
                | Dialog::Picture(_)
                | Dialog::SignOut
                | Dialog::Class
                | Dialog::LeaveClass
                | Dialog::Remove(_)
                | Dialog::RemoveDevice(_),
            )
            | None => Search::default(),
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
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .main_axis_alignment(MainAxisAlignment::Start)
        .with_child(text::title(|_: &Search, env| {
            say!(env, PeopleText::AddTitle)
        }))
        .with_spacer(GRID * 2.0)
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
        .lens(searching())
}
