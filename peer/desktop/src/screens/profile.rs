//! Oneself: picture, name, line, whether one is away, and the password.

use super::home::want;
use crate::input::Intent;
use crate::input::intent::OwnIntent;
use crate::model::AppState;
use crate::model::entry::Sex;
use crate::model::own::Own;
use crate::selectors::OPEN_PICTURE;
use crate::theme::GRID;
use crate::widgets::press::Press;
use crate::widgets::tick::tick;
use crate::widgets::{button, face, pane, text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Flex, SizedBox};
use druid::{FileDialogOptions, FileSpec, Insets, WidgetExt, commands};
use hutong_common::text::desktop::entry::EntryText;
use hutong_common::text::desktop::settings::SettingsText;

/// What a picture can be.
const PICTURES: FileSpec = FileSpec::new(
    "PNG, JPEG, GIF, WebP",
    &["png", "jpg", "jpeg", "gif", "webp"],
);

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let sections = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(pane::card(picture()))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Profile),
            about().lens(AppState::own),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Password),
            password().lens(AppState::own),
        ));
    pane::with_head(
        |env| say!(env, SettingsText::Profile),
        away(),
        pane::scrolled(sections),
    )
}

fn own(intent: OwnIntent) -> impl Fn(&mut EventCtx, &mut Own, &Env) {
    want(Intent::Own(intent))
}

fn away() -> impl Widget<AppState> {
    tick(
        |env| say!(env, SettingsText::AwayNow),
        |state: &AppState| state.me.as_ref().is_some_and(|me| me.away),
        |on| Intent::Own(OwnIntent::Away(on)),
    )
    .padding(GRID / 2.0)
}

/// Chooses a picture of oneself, or takes it away.
pub(super) fn picture_buttons<T: Data>() -> impl Widget<T> {
    let choose = button::plain(
        |_: &T, env| say!(env, SettingsText::ChangePicture),
        |ctx, _, _| {
            let options = FileDialogOptions::new()
                .allowed_types(vec![PICTURES])
                .accept_command(OPEN_PICTURE);
            ctx.submit_command(commands::SHOW_OPEN_PANEL.with(options));
        },
    );
    let remove = button::link(
        |_: &T, env| say!(env, SettingsText::RemovePicture),
        want(Intent::Own(OwnIntent::Picture(None))),
    );
    Flex::row()
        .with_child(choose)
        .with_spacer(GRID)
        .with_child(remove)
}

fn picture() -> impl Widget<AppState> {
    let name = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::title(|state: &AppState, _| {
            state
                .me
                .as_ref()
                .map(|me| me.name.clone())
                .unwrap_or_default()
        }))
        .with_child(text::hint(|state: &AppState, env| {
            say!(
                env,
                SettingsText::Login {
                    login: &state.own_login()
                }
            )
        }))
        .with_spacer(GRID)
        .with_child(picture_buttons());
    Flex::row()
        .must_fill_main_axis(true)
        .with_child(face::widget(88.0).lens(druid::lens::Map::new(AppState::own_face, |_, _| ())))
        .with_spacer(GRID * 2.0)
        .with_flex_child(name, 1.0)
}

/// A field with its name above.
fn field(name: SettingsText<'static>, input: impl Widget<Own> + 'static) -> impl Widget<Own> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::quiet(move |_, env| name.say(words::lang(env))))
        .with_spacer(GRID / 2.0)
        .with_child(input)
        .padding(Insets::new(0.0, 0.0, 0.0, GRID * 1.5))
}

fn about() -> impl Widget<Own> {
    let name = text_box::line(|env| say!(env, SettingsText::Name))
        .on_enter(want(Intent::Own(OwnIntent::Save)));
    let line = text_box::line(|env| say!(env, SettingsText::Signature))
        .on_enter(want(Intent::Own(OwnIntent::Save)));
    let mut sexes = Flex::row();
    for (sex, name) in [
        (Sex::Unsaid, EntryText::SexUnsaid),
        (Sex::Male, EntryText::SexMale),
        (Sex::Female, EntryText::SexFemale),
        (Sex::Other, EntryText::SexOther),
    ] {
        let label = text::body(move |_: &Own, env| name.say(words::lang(env)));
        let press = Press::new(
            label.padding(Insets::uniform_xy(GRID, GRID / 2.0)),
            move |_, own: &mut Own, _| {
                own.sex = sex;
            },
        );
        sexes = sexes.with_child(press.chosen_when(move |own| own.sex == sex));
    }
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(field(SettingsText::Name, name.lens(Own::name)))
        .with_child(field(SettingsText::Signature, line.lens(Own::signature)))
        .with_child(sexes)
        .with_spacer(GRID)
        .with_child(Flex::row().with_child(button::primary(
            |_, env| say!(env, SettingsText::Save),
            own(OwnIntent::Save),
        )))
}

fn password() -> impl Widget<Own> {
    let old = text_box::password(|env| say!(env, SettingsText::OldPassword));
    let new = text_box::password(|env| say!(env, SettingsText::NewPassword));
    let again = text_box::password(|env| say!(env, SettingsText::Again));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(field(SettingsText::OldPassword, old.lens(Own::password)))
        .with_child(field(SettingsText::NewPassword, new.lens(Own::fresh)))
        .with_child(field(SettingsText::Again, again.lens(Own::again)))
        .with_child(text::fault(|own: &Own| own.wrong.as_ref()))
        .with_child(
            Flex::row()
                .with_child(button::plain(
                    |_, env| say!(env, SettingsText::ChangePassword),
                    own(OwnIntent::Password),
                ))
                .with_flex_child(SizedBox::empty(), 1.0),
        )
}
