//! One row of the lists: a face, a name, the last words, and what waits.

use crate::input::Intent;
use crate::input::intent::Go;
use crate::model::home::ListRow;
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::badge::Badge;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::{face, text};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, SizedBox};
use druid::{Insets, WidgetExt};
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;

/// What a row looks like.
pub(super) fn row() -> impl Widget<ListRow> {
    let words = Flex::column()
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
        .with_flex_child(words, 1.0)
        .padding(Insets::uniform_xy(GRID * 1.5, GRID * 1.25));
    Press::new(row, |ctx, row: &mut ListRow, _| {
        ctx.submit_command(INTENT.with(Intent::Go(Go::Chat(row.login.clone()))));
    })
    .chosen_when(|row| row.chosen)
    .ring_when(|row| row.pointed)
    .radius(0.0)
}
