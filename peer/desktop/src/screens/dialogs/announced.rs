//! An announcement, above everything else.

use super::super::home::want;
use super::back;
use crate::input::Intent;
use crate::input::intent::OwnIntent;
use crate::model::AppState;
use crate::say;
use crate::theme::GRID;
use crate::widgets::pane::Card;
use crate::widgets::{button, layers, text};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Flex, MainAxisAlignment, Scroll, SizedBox};
use hutong_common::id::MsgId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::announcement::Announcement;

pub(super) fn of(announcement: &Card<Announcement>) -> Box<dyn Widget<AppState>> {
    let page = Scroll::new(page(announcement.clone())).vertical();
    layers::wide(page, back()).boxed()
}

fn page(announcement: Card<Announcement>) -> impl Widget<AppState> {
    let is_open = announcement.how.confirm && !announcement.how.confirmed;
    let (who, said) = (announcement.clone(), announcement.clone());
    let name = move |state: &AppState, env: &Env| {
        let name = state.name_of(&who.from.as_str().into());
        say!(env, GroupsText::Announces { name: &name })
    };
    let words = move |_: &AppState, _: &Env| said.text.clone();
    let words = if announcement.how.large {
        text::huge(words).boxed()
    } else {
        text::body(words).boxed()
    };
    let wish = if is_open {
        text::hint(|_: &AppState, env| say!(env, GroupsText::ConfirmWanted)).boxed()
    } else {
        SizedBox::empty().boxed()
    };
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(name))
        .with_spacer(GRID * 2.0)
        .with_child(words)
        .with_spacer(GRID * 2.0)
        .with_child(wish)
        .with_spacer(GRID)
        .with_child(answers(announcement.id, is_open))
}

fn answers(message: MsgId, is_open: bool) -> impl Widget<AppState> {
    let close = |_: &AppState, env: &Env| say!(env, GroupsText::AnnouncementSeen);
    let row = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End);
    if !is_open {
        return row.with_child(button::primary(close, back()).first());
    }
    let confirm = want(Intent::Own(OwnIntent::Confirm(message)));
    row.with_child(button::plain(close, back()))
        .with_spacer(GRID)
        .with_child(button::primary(|_, env| say!(env, GroupsText::ConfirmRead), confirm).first())
}
