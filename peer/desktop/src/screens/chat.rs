//! The open conversation: who it is, what was said, and what is typed.

use super::home::want;
use crate::input::Intent;
use crate::input::intent::{Go, PeopleIntent, TalkIntent};
use crate::model::AppState;
use crate::model::home::Pane;
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::changed::Changed;
use crate::widgets::chat_view::ChatView;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::{button, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, Maybe, SizedBox};
use druid::{FileDialogOptions, Insets, WidgetExt, commands};
use hutong_common::text::desktop::compose::ComposeText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::Path;

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let talk = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head())
        .with_flex_child(
            Maybe::new(ChatView::new::<AppState>, SizedBox::empty)
                .lens(AppState::open)
                .expand(),
            1.0,
        )
        .with_child(composer());
    Either::new(|state: &AppState, _| state.open.is_some(), talk, nobody())
}

fn nobody() -> impl Widget<AppState> {
    Flex::column()
        .with_child(Icon::new(Shape::Chats).color(theme::LINE).edge(96.0))
        .with_spacer(GRID * 2.0)
        .with_child(text::title(|_, env| say!(env, HomeText::ChooseChat)))
        .with_spacer(GRID)
        .with_child(text::hint(|_, env| say!(env, HomeText::ChooseChatHint)).fix_width(360.0))
        .center()
        .background(theme::CANVAS)
}

fn head() -> impl Widget<AppState> {
    let name = text::title(|state: &AppState, _| match &state.open {
        Some(open) => state.contact(&open.with).shown().to_string(),
        None => String::new(),
    });
    let state = text::quiet(|state: &AppState, env| {
        let Some(contact) = state.open.as_ref().map(|open| state.contact(&open.with)) else {
            return String::new();
        };
        let there = match (contact.online, contact.away) {
            (true, true) => say!(env, HomeText::Away),
            (true, false) => say!(env, HomeText::Online),
            (false, _) => say!(env, HomeText::Offline),
        };
        let way = match contact.path {
            Path::Direct => say!(env, ComposeText::WayDirect),
            Path::Relay => say!(env, ComposeText::WayRelay),
            Path::Mail => say!(env, ComposeText::WayMail),
            Path::None => say!(env, ComposeText::WayNone),
        };
        format!("{there} · {way}")
    });
    let more = Press::new(
        Icon::new(Shape::More)
            .color(theme::TEXT)
            .edge(20.0)
            .padding(GRID),
        |ctx, state: &mut AppState, _| {
            if let Some(open) = &state.open {
                let show = PeopleIntent::Show(open.with.clone());
                ctx.submit_command(INTENT.with(Intent::People(show)));
            }
        },
    );
    let past = Press::new(
        Icon::new(Shape::Clock)
            .color(theme::TEXT)
            .edge(20.0)
            .padding(GRID),
        want(Intent::Go(Go::Pane(Pane::History))),
    );
    Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(
            Flex::column()
                .cross_axis_alignment(CrossAxisAlignment::Start)
                .with_child(name)
                .with_child(state)
                .expand_width(),
            1.0,
        )
        .with_child(past)
        .with_child(more)
        .padding(Insets::uniform_xy(GRID * 2.0, GRID))
        .background(theme::SURFACE)
        .border(theme::LINE, 0.0)
}

fn tool(
    sign: Shape,
    act: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    Press::new(
        Icon::new(sign)
            .color(theme::QUIET)
            .edge(20.0)
            .padding(GRID * 0.75),
        act,
    )
}

fn composer() -> impl Widget<AppState> {
    let choose = |ctx: &mut EventCtx, _: &mut AppState, _: &Env| {
        let options = FileDialogOptions::new().multi_selection();
        ctx.submit_command(commands::SHOW_OPEN_PANEL.with(options));
    };
    let tools = Flex::row()
        .must_fill_main_axis(true)
        .with_child(tool(Shape::Smile, |_, _, _| {}))
        .with_child(tool(Shape::Paperclip, choose))
        .padding(Insets::new(GRID, GRID / 2.0, GRID, 0.0));
    let words = text_box::multiline(|env| say!(env, ComposeText::Placeholder))
        .on_enter(want(Intent::Talk(TalkIntent::Send)))
        .takes_pictures()
        .bare()
        .expand()
        .lens(AppState::words)
        .controller(Changed::new(
            |state: &AppState| &state.words,
            Intent::Talk(TalkIntent::Typed),
        ));
    let send = Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(
            text::quiet(|_, env| say!(env, ComposeText::EnterHint)).expand_width(),
            1.0,
        )
        .with_child(button::primary(
            |_, env| say!(env, ComposeText::Send),
            want(Intent::Talk(TalkIntent::Send)),
        ))
        .padding(Insets::new(GRID * 1.5, 0.0, GRID * 1.5, GRID));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(tools)
        .with_child(words.fix_height(theme::COMPOSER_HEIGHT))
        .with_child(send)
        .background(theme::SURFACE)
}
