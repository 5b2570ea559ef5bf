//! Messages of the past of the open conversation, by day and by who wrote them.

use super::home::want;
use crate::input::Intent;
use crate::input::intent::{Go, PastIntent};
use crate::model::AppState;
use crate::model::past::{Past, Whose};
use crate::theme::{self, GRID};
use crate::widgets::chat_view::ChatView;
use crate::widgets::press::Press;
use crate::widgets::{button, text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Flex, Maybe, SizedBox};
use druid::{Insets, WidgetExt};
use hutong_common::text::desktop::past::PastText;

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let name = text::heading(|state: &AppState, env| {
        let open = state.open.as_ref();
        let contact = open.map(|open| state.contact(&open.with));
        contact.map_or_else(String::new, |contact| {
            say!(
                env,
                PastText::Title {
                    name: contact.shown()
                }
            )
        })
    });
    let head = Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(name.expand_width(), 1.0)
        .with_child(button::plain(
            |_, env| say!(env, PastText::Back),
            want(Intent::Go(Go::Back)),
        ));
    let found = Maybe::new(|| ChatView::new::<AppState>().of_past(), SizedBox::empty)
        .lens(Past::found)
        .lens(AppState::past)
        .expand();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head.padding(Insets::uniform_xy(GRID * 2.0, GRID)))
        .with_child(filters().padding(Insets::new(GRID * 2.0, 0.0, GRID * 2.0, GRID)))
        .with_flex_child(found, 1.0)
        .background(theme::SURFACE)
}

fn filters() -> impl Widget<AppState> {
    let day = text_box::line(|env| say!(env, PastText::Day))
        .on_enter(want(Intent::Past(PastIntent::Look)));
    let row = Flex::row()
        .with_child(whose(Whose::All, PastText::All))
        .with_child(whose(Whose::Mine, PastText::Mine))
        .with_child(whose(Whose::Theirs, PastText::Theirs))
        .with_spacer(GRID)
        .with_flex_child(day.lens(Past::day).expand_width(), 1.0)
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, PastText::Look),
            want(Intent::Past(PastIntent::Look)),
        ));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(row)
        .with_child(text::fault(|past: &Past| past.wrong.as_ref()))
        .lens(AppState::past)
}

fn whose(whose: Whose, name: PastText<'static>) -> impl Widget<Past> {
    let label = text::body(move |_: &Past, env| name.say(words::lang(env)));
    let label = label.padding(Insets::uniform_xy(GRID, GRID * 0.75));
    Press::new(label, want(Intent::Past(PastIntent::Whose(whose))))
        .chosen_when(move |past| past.whose == whose)
}
