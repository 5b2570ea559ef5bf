//! Below the conversation: tools, what is typed, and the button that sends it.

use super::{home::want, offer};
use crate::input::Intent;
use crate::input::intent::{EmojiIntent, Go, TalkIntent};
use crate::model::AppState;
use crate::model::compose::Spot;
use crate::model::groups::{Group, Silence, address};
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::changed::Changed;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::text_box::Length;
use crate::widgets::{button, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{Controller, CrossAxisAlignment, Either, Flex, ViewSwitcher};
use druid::{FileDialogOptions, Insets, WidgetExt, commands};
use hutong_common::limits::{TEXT_BYTES_MAX, TEXT_NEARLY_FULL_BYTES_MAX};
use hutong_common::text::Lang;
use hutong_common::text::desktop::compose::ComposeText;
use hutong_common::text::desktop::groups::GroupsText;

/// A character of the longest kind may find no room any more.
const LETTER_BYTES: usize = 4;

/// Everything below the conversation.
pub(super) fn below() -> impl Widget<AppState> {
    // Of two widgets in an `Either`, the box would keep the keys that a dialog above it wants.
    ViewSwitcher::new(
        |state: &AppState, _| state.silence().is_some(),
        |is_silent, _, _| {
            if *is_silent {
                silence().boxed()
            } else {
                speaks().boxed()
            }
        },
    )
}

fn speaks() -> impl Widget<AppState> {
    let choose = |ctx: &mut EventCtx, _: &mut AppState, _: &Env| {
        let options = FileDialogOptions::new().multi_selection();
        ctx.submit_command(commands::SHOW_OPEN_PANEL.with(options));
    };
    let tools = Flex::row()
        .must_fill_main_axis(true)
        .with_child(tool(
            Shape::Smile,
            want(Intent::Talk(TalkIntent::Emoji(EmojiIntent::Switch))),
        ))
        .with_child(tool(Shape::Paperclip, choose))
        .padding(Insets::new(GRID, GRID / 2.0, GRID, 0.0));
    let words = text_box::multiline(|env| say!(env, ComposeText::Placeholder))
        .on_enter(want(Intent::Talk(TalkIntent::Send)))
        .longest(Length::Bytes(TEXT_BYTES_MAX))
        .at(Spot::Composer)
        .takes_pictures()
        .bare()
        .expand()
        .lens(AppState::words)
        .controller(Changed::new(
            |state: &AppState| &state.words,
            Intent::Talk(TalkIntent::Typed),
        ))
        .controller(offer::Keys);
    let typed = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(words.fix_height(theme::COMPOSER_HEIGHT))
        .with_child(send());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(tools)
        .with_child(typed.controller(Beside))
        .background(theme::SURFACE)
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

fn send() -> impl Widget<AppState> {
    let hint = text::quiet(|state: &AppState, env| {
        if state.open_group().is_some_and(Group::asks_only) {
            say!(env, GroupsText::AsksOnly)
        } else {
            say!(env, ComposeText::EnterHint)
        }
    });
    let room =
        text::alarm(|state: &AppState, env| room_left(&state.words, crate::words::lang(env)));
    let beside = Either::new(
        |state: &AppState, _| is_nearly_full(&state.words),
        room.expand_width(),
        hint.expand_width(),
    );
    let button = button::primary(
        |_: &AppState, env| say!(env, ComposeText::Send),
        |ctx, _, _| {
            ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Send)));
            ctx.submit_command(INTENT.with(Intent::Go(Go::Spot(Spot::Composer))));
        },
    );
    let button = button.disabled_if(|state: &AppState, _| state.words.trim().is_empty());
    Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(beside, 1.0)
        .with_child(button)
        .padding(Insets::new(GRID * 1.5, 0.0, GRID * 1.5, GRID))
}

/// What stands there instead when one may not speak.
fn silence() -> impl Widget<AppState> {
    let why = text::body(|state: &AppState, env| match state.silence() {
        Some(Silence::NotIn) => say!(env, GroupsText::NotIn),
        Some(Silence::Muted(until_ms)) => {
            let until = crate::moment::full(until_ms);
            say!(env, GroupsText::Muted { until: &until })
        }
        Some(Silence::AdminsOnly) => say!(env, GroupsText::AdminsOnly),
        Some(Silence::Private) => {
            let class = state.kept_apart().map(|group| address(group.id));
            let name = class.map(|with| state.contact(&with).shown().clone());
            say!(
                env,
                GroupsText::PrivateSilent {
                    name: &name.unwrap_or_default()
                }
            )
        }
        Some(Silence::Exam) => say!(env, GroupsText::ExamSilent),
        Some(Silence::Everybody) => say!(env, GroupsText::Silent),
        Some(Silence::Announcements) => say!(env, GroupsText::LanSilent),
        None => String::new(),
    });
    why.with_text_alignment(druid::TextAlignment::Center)
        .padding(GRID * 3.0)
        .expand_width()
        .background(theme::SURFACE)
}

fn is_nearly_full(words: &str) -> bool {
    words.len() + TEXT_NEARLY_FULL_BYTES_MAX > TEXT_BYTES_MAX
}

/// In letters of the language, as nobody counts bytes.
fn room_left(words: &str, lang: Lang) -> String {
    let bytes = TEXT_BYTES_MAX.saturating_sub(words.len());
    let letters = match lang {
        Lang::Zh => bytes / '字'.len_utf8(),
        Lang::En => bytes,
    };
    if bytes < LETTER_BYTES {
        ComposeText::Full.say(lang)
    } else {
        ComposeText::RoomLeft { count: &letters }.say(lang)
    }
}

/// A click on what lies beside the emoji puts them away.
struct Beside;

impl<W: Widget<AppState>> Controller<AppState, W> for Beside {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        if let (Event::MouseDown(_), Some(_)) = (event, &state.picker) {
            let close = EmojiIntent::Close;
            ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Emoji(close))));
        }
        child.event(ctx, event, state, env);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_may_follow_is_told_only_near_the_end_and_in_letters() {
        assert!(!is_nearly_full("hello"));
        let nearly = "字".repeat((TEXT_BYTES_MAX - 300) / 3);
        assert!(is_nearly_full(&nearly));
        assert!(
            room_left(&nearly, Lang::Zh).contains("约 100 个字"),
            "{}",
            room_left(&nearly, Lang::Zh)
        );
        let full = "a".repeat(TEXT_BYTES_MAX);
        assert_eq!(room_left(&full, Lang::En), ComposeText::Full.say(Lang::En));
    }
}
