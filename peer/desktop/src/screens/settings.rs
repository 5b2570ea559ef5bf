//! What one likes, how the network is, and the way out.

use super::home::want;
use super::ways::reached;
use crate::input::Intent;
use crate::input::intent::{Go, PeopleIntent, PrefsIntent};
use crate::model::home::Pane;
use crate::model::people::{People, shown_of};
use crate::model::prefs::Shade;
use crate::model::{AppState, Dialog, Link};
use crate::theme::GRID;
use crate::widgets::press::Press;
use crate::widgets::tick::tick;
use crate::widgets::{button, pane, text};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, SizedBox};
use druid::{Insets, WidgetExt};
use hutong_common::text::Lang;
use hutong_common::text::desktop::class::ClassText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_engine::api::done::BlockedRow;

/// Somebody whom one blocked, beside everybody who is known.
type Blocked = (People, pane::Card<BlockedRow>);

/// The sizes of texts that can be chosen, in percent.
const SIZES: [u32; 6] = [80, 100, 125, 150, 175, 200];

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let sections = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(pane::section(
            |env| say!(env, SettingsText::Account),
            account(),
        ))
        .with_child(Either::new(
            |state: &AppState, _| state.class.is_some() || state.class_rests,
            pane::section(|env| say!(env, ClassText::Section), super::class::section()),
            SizedBox::empty(),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Language),
            languages(),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Colours),
            shades(),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::TextSize),
            sizes(),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Notices),
            notices(),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Presentation),
            tick(
                |env| say!(env, SettingsText::PresentationOn),
                |state: &AppState| state.prefs.is_presenting,
                |on| Intent::Prefs(PrefsIntent::Present(on)),
            ),
        ))
        .with_child(Either::new(
            |state: &AppState, _| state.prefs.is_presenting,
            SizedBox::empty(),
            pane::section(|env| say!(env, PeopleText::BlockedTitle), blocked()),
        ))
        .with_child(pane::section(
            |env| say!(env, SettingsText::Network),
            network(),
        ));
    pane::with_head(
        |env| say!(env, HomeText::Settings),
        SizedBox::empty(),
        pane::scrolled(sections),
    )
}

/// One of several that exclude each other.
fn choice(
    name: impl Fn(&Env) -> String + 'static,
    is_chosen: impl Fn(&AppState) -> bool + 'static,
    intent: PrefsIntent,
) -> impl Widget<AppState> {
    let label = text::body(move |_: &AppState, env| name(env))
        .padding(Insets::uniform_xy(GRID * 1.5, GRID * 0.75));
    Press::new(label, want(Intent::Prefs(intent)))
        .chosen_when(is_chosen)
        .padding(Insets::new(0.0, 0.0, GRID, 0.0))
}

fn languages() -> impl Widget<AppState> {
    let of = |name: &'static str, lang| {
        choice(
            move |_| name.to_owned(),
            move |state: &AppState| state.prefs.lang == lang,
            PrefsIntent::Lang(lang),
        )
    };
    Flex::row()
        .with_child(of("中文", Lang::Zh))
        .with_child(of("English", Lang::En))
}

fn shades() -> impl Widget<AppState> {
    let of = |name: SettingsText<'static>, shade| {
        choice(
            move |env| name.say(words::lang(env)),
            move |state: &AppState| state.prefs.shade == shade,
            PrefsIntent::Shade(shade),
        )
    };
    Flex::row()
        .with_child(of(SettingsText::Light, Shade::Light))
        .with_child(of(SettingsText::Dark, Shade::Dark))
}

fn sizes() -> impl Widget<AppState> {
    SIZES.into_iter().fold(Flex::row(), |row, percent| {
        row.with_child(choice(
            move |_| format!("{percent} %"),
            move |state: &AppState| state.prefs.text_percent == percent,
            PrefsIntent::Text(percent),
        ))
    })
}

fn notices() -> impl Widget<AppState> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(tick(
            |env| say!(env, SettingsText::NoticesOn),
            |state: &AppState| state.prefs.notify,
            |on| Intent::Prefs(PrefsIntent::Notify(on)),
        ))
        .with_child(tick(
            |env| say!(env, SettingsText::Pictures),
            |state: &AppState| state.prefs.show_pictures,
            |on| Intent::Prefs(PrefsIntent::Pictures(on)),
        ))
}

/// Whom one blocked, with a way back.
fn blocked() -> impl Widget<AppState> {
    let row = || {
        let who = |(people, row): &Blocked| {
            let name = row.remark.as_ref().unwrap_or(&row.login);
            (shown_of(people, &row.login, name), row.login.clone())
        };
        Flex::row()
            .must_fill_main_axis(true)
            .with_flex_child(text::who(who).expand_width(), 1.0)
            .with_child(button::plain(
                |_, env| say!(env, PeopleText::Unblock),
                |ctx, (_, row): &mut Blocked, _| {
                    let unblock = PeopleIntent::Unblock(row.login.as_str().into());
                    ctx.submit_command(crate::selectors::INTENT.with(Intent::People(unblock)));
                },
            ))
            .padding(Insets::new(0.0, 0.0, 0.0, GRID / 2.0))
    };
    Either::new(
        |state: &AppState, _| state.blocked.is_empty(),
        text::hint(|_, env| say!(env, PeopleText::NoneBlocked)),
        List::new(row).lens(pane::beside_people(|state| &state.blocked)),
    )
}

fn account() -> impl Widget<AppState> {
    Flex::row()
        .with_child(button::plain(
            |_, env| say!(env, SettingsText::Profile),
            want(Intent::Go(Go::Pane(Pane::Profile))),
        ))
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, SettingsText::Computers),
            want(Intent::Go(Go::Pane(Pane::Devices))),
        ))
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, SettingsText::SignOut),
            want(Intent::Go(Go::Dialog(Dialog::SignOut))),
        ))
}

fn network() -> impl Widget<AppState> {
    let server = text::body(|state: &AppState, env| match (state.link, &state.me) {
        (Link::Online, Some(me)) => say!(env, SettingsText::NetworkOnline { server: &me.server }),
        (Link::Online | Link::Offline | Link::Unknown, _) => {
            say!(env, SettingsText::NetworkOffline)
        }
    });
    let id = text::hint(|state: &AppState, env| {
        state
            .me
            .as_ref()
            .map(|me| say!(env, SettingsText::ServerId { id: &me.server_id }))
            .unwrap_or_default()
    });
    let here = text::hint(|state: &AppState, env| {
        let Some(ready) = &state.ready else {
            return String::new();
        };
        let folder = say!(
            env,
            SettingsText::DataFolder {
                folder: &ready.home.display()
            }
        );
        match ready.udp_port {
            Some(port) => format!(
                "{} · {folder}",
                say!(env, SettingsText::Port { port: &port })
            ),
            None => folder,
        }
    });
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(server)
        .with_spacer(GRID / 2.0)
        .with_child(reached())
        .with_child(id)
        .with_child(here)
        .with_spacer(GRID)
        .with_child(super::doctor::section())
}
