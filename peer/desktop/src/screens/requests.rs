//! Requests to be friends, in both directions, the newest first.

use crate::input::Intent;
use crate::input::intent::{Go, PeopleIntent};
use crate::model::{AppState, Dialog, Search};
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::pane::{self, Card};
use crate::widgets::{button, text};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, SizedBox};
use hutong_common::id::RequestId;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::done::RequestRow;

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let add = button::primary(
        |_, env| say!(env, HomeText::AddFriend),
        super::home::want(Intent::Go(Go::Dialog(Dialog::AddFriend(Search::default())))),
    );
    let rows = List::new(row).lens(AppState::requests);
    let empty = pane::empty(
        Shape::Bell,
        |env| say!(env, PeopleText::NoRequests),
        |env| say!(env, PeopleText::NoRequestsHint),
    );
    pane::with_head(
        |env| say!(env, HomeText::Requests),
        add,
        Either::new(
            |state: &AppState, _| state.requests.is_empty(),
            empty,
            pane::scrolled(rows),
        ),
    )
}

fn is_open(row: &RequestRow) -> bool {
    row.direction == "in" && row.state == "pending"
}

fn row() -> impl Widget<Card<RequestRow>> {
    let who = text::strong(|row: &Card<RequestRow>, env| {
        if row.direction == "in" {
            say!(env, PeopleText::From { name: &row.from })
        } else {
            say!(env, PeopleText::To { name: &row.to })
        }
    });
    let words = text::body(|row: &Card<RequestRow>, _| row.text.clone());
    let when = text::quiet(|row: &Card<RequestRow>, env| {
        let at = crate::moment::full(row.at_ms);
        let state = match row.state {
            "accepted" => say!(env, PeopleText::StateAccepted),
            "declined" => say!(env, PeopleText::StateDeclined),
            _ => say!(env, PeopleText::StatePending),
        };
        format!("{at} · {state}")
    });
    let answer = |act: fn(RequestId) -> PeopleIntent| {
        move |ctx: &mut EventCtx, row: &mut Card<RequestRow>, _: &Env| {
            ctx.submit_command(INTENT.with(Intent::People(act(row.request))));
        }
    };
    let buttons = Flex::row()
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Decline),
            answer(PeopleIntent::Decline),
        ))
        .with_spacer(GRID)
        .with_child(button::primary(
            |_, env| say!(env, PeopleText::Accept),
            answer(PeopleIntent::Accept),
        ));
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(who)
        .with_child(Either::new(
            |row: &Card<RequestRow>, _| row.text.is_empty(),
            SizedBox::empty(),
            words,
        ))
        .with_child(when);
    let sign = Icon::new(Shape::PersonAdd).color(theme::QUIET).edge(28.0);
    pane::card(
        Flex::row()
            .must_fill_main_axis(true)
            .with_child(sign)
            .with_spacer(GRID * 1.5)
            .with_flex_child(column.expand_width(), 1.0)
            .with_child(Either::new(
                |row, _| is_open(row),
                buttons,
                SizedBox::empty(),
            )),
    )
}
