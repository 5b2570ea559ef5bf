//! What fills the window, one file per screen.

mod chat;
mod class;
mod composer;
mod devices;
mod dialogs;
mod doctor;
mod emoji;
mod entry;
mod files;
mod home;
mod offer;
mod past;
mod presenting;
mod profile;
mod requests;
mod settings;
#[cfg(test)]
mod tests;
mod ways;

pub use presenting::switches as presents;

use crate::model::{AppState, Dialog, Stage};
use crate::theme::{self, GRID};
use crate::widgets::{layers, text, toasts};
use druid::widget::prelude::*;
use druid::widget::{Flex, SizedBox, Spinner, ViewSwitcher, ZStack};
use druid::{UnitPoint, WidgetExt};
use hutong_common::text::desktop::home::HomeText;

/// Which screen.
#[derive(Clone, Copy, PartialEq, Eq, Data)]
enum Screen {
    Starting,
    Entry,
    Home,
    Broken,
}

/// Everything in the window.
pub fn root() -> impl Widget<AppState> {
    let screens = ViewSwitcher::new(
        |state: &AppState, _| match state.stage {
            Stage::Starting => Screen::Starting,
            Stage::Out => Screen::Entry,
            Stage::In | Stage::Over => Screen::Home,
            Stage::Broken(_) => Screen::Broken,
        },
        |screen, _, _| match screen {
            Screen::Starting => starting().boxed(),
            Screen::Entry => entry::screen().boxed(),
            Screen::Home => home::screen().boxed(),
            Screen::Broken => broken().boxed(),
        },
    );
    let dialogs = ViewSwitcher::new(
        |state: &AppState, _| state.dialog.as_ref().map(kind),
        |kind, state, _| match (kind, &state.dialog) {
            (Some(_), Some(dialog)) => dialogs::of(dialog).boxed(),
            _ => SizedBox::empty().boxed(),
        },
    );
    ZStack::new(layers::below(screens.expand()))
        .with_aligned_child(dialogs, UnitPoint::TOP_LEFT)
        .with_aligned_child(toasts::widget(), UnitPoint::BOTTOM_LEFT)
}

/// What a dialog is about: a change of it makes another dialog. No shared strings: druid compares those by address.
fn kind(dialog: &Dialog) -> (u8, String) {
    match dialog {
        Dialog::AddFriend(_) => (0, String::new()),
        Dialog::Person(login) => (1, login.to_string()),
        Dialog::Picture(path) => (2, path.to_string_lossy().into_owned()),
        Dialog::SendFiles(_) => (8, String::new()),
        Dialog::SignOut => (3, String::new()),
        Dialog::Class => (6, String::new()),
        Dialog::LeaveClass => (7, String::new()),
        Dialog::Remove(login) => (4, login.to_string()),
        Dialog::RemoveDevice(device) => (5, device.device.to_string()),
        Dialog::Safety(checking) => (8, checking.with.to_string()),
        Dialog::Unlock => (9, String::new()),
        Dialog::Doctor(login) => (13, login.to_string()),
        Dialog::Group(page) => (10, format!("{page:?}")),
        Dialog::Announcement(announcement) => (11, announcement.id.to_string()),
        Dialog::Reveal(intent) => (12, format!("{intent:?}")),
    }
}

fn starting() -> impl Widget<AppState> {
    Flex::column()
        .with_child(
            Spinner::new()
                .with_color(theme::ACCENT)
                .fix_size(32.0, 32.0),
        )
        .with_spacer(GRID * 2.0)
        .with_child(text::hint(|_, env| crate::say!(env, HomeText::Starting)))
        .center()
}

fn broken() -> impl Widget<AppState> {
    let why = text::body(|state: &AppState, env| match &state.stage {
        Stage::Broken(why) => why.words(crate::words::lang(env)),
        Stage::Starting | Stage::Out | Stage::In | Stage::Over => String::new(),
    });
    Flex::column()
        .with_child(text::title(|_, env| crate::say!(env, HomeText::Hutong)))
        .with_spacer(GRID * 2.0)
        .with_child(
            why.with_text_alignment(druid::TextAlignment::Center)
                .fix_width(420.0),
        )
        .center()
}
