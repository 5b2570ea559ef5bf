//! One row of the lists: a face, a name, the last words, and what waits.

use crate::input::Intent;
use crate::input::intent::{Go, PrefsIntent};
use crate::model::AppState;
use crate::model::home::ListRow;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::badge::Badge;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::{face, text};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{Controller, CrossAxisAlignment, Either, Flex, SizedBox};
use druid::{Insets, Menu, MenuItem, WidgetExt};
use hutong_common::text::Lang;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::people::PeopleText;

/// What a row looks like.
pub(super) fn row() -> impl Widget<ListRow> {
    let lines = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(
            Flex::row()
                .with_flex_child(
                    text::strong(|row: &ListRow, _| row.title.to_string()).expand_width(),
                    1.0,
                )
                .with_child(Either::new(
                    |row: &ListRow, _| row.is_muted,
                    Icon::new(Shape::BellOff).color(theme::QUIET).edge(14.0),
                    SizedBox::empty(),
                ))
                .with_child(Either::new(
                    |_, env| env.get(theme::IS_TIGHT),
                    SizedBox::empty(),
                    text::quiet(|row: &ListRow, _| row.when.to_string()),
                )),
        )
        .with_spacer(2.0)
        .with_child(
            Flex::row()
                .with_child(Either::new(
                    |row: &ListRow, _| row.is_draft,
                    text::alarm(|_, env| say!(env, HomeText::Draft)),
                    SizedBox::empty(),
                ))
                .with_child(Either::new(
                    |row: &ListRow, _| row.names_me,
                    text::alarm(|_, env| say!(env, GroupsText::NamesMe)),
                    SizedBox::empty(),
                ))
                .with_flex_child(
                    text::quiet(|row: &ListRow, _| row.preview.to_string()).expand_width(),
                    1.0,
                )
                .with_child(Either::new(
                    |row: &ListRow, _| row.is_muted && !row.names_me,
                    Badge::quiet().lens(ListRow::unread),
                    Badge::default().lens(ListRow::unread),
                )),
        );
    let row = Flex::row()
        .must_fill_main_axis(true)
        .with_child(Either::new(
            |_, env| env.get(theme::IS_TIGHT),
            face::present(26.0),
            face::present(40.0),
        ))
        .with_spacer(GRID * 1.25)
        .with_flex_child(lines, 1.0)
        .padding(Insets::uniform_xy(GRID * 1.5, GRID * 1.25));
    let row = Press::new(row, |ctx, row: &mut ListRow, _| {
        ctx.submit_command(INTENT.with(Intent::Go(Go::Chat(row.login.clone()))));
    })
    .chosen_when(|row| row.chosen)
    .ring_when(|row| row.pointed)
    .radius(0.0);
    row.controller(OnMenu)
}

/// The right button opens the menu of a conversation: notices of it or none.
struct OnMenu;

impl<W: Widget<ListRow>> Controller<ListRow, W> for OnMenu {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        row: &mut ListRow,
        env: &Env,
    ) {
        if let Event::MouseDown(mouse) = event
            && mouse.button.is_right()
        {
            ctx.set_handled();
            ctx.show_context_menu(menu(row, words::lang(env)), ctx.to_window(mouse.pos));
            return;
        }
        child.event(ctx, event, row, env);
    }
}

fn menu(row: &ListRow, lang: Lang) -> Menu<AppState> {
    let word = if row.is_muted {
        PeopleText::UnmuteNow
    } else {
        PeopleText::MuteNow
    };
    let mute = Intent::Prefs(PrefsIntent::Mute(row.login.clone(), !row.is_muted));
    Menu::empty().entry(MenuItem::new(word.say(lang)).command(INTENT.with(mute)))
}
