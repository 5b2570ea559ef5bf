//! Requests to be friends and into groups, in both directions, the newest first: those that wait, and below them those that were answered.

use crate::input::Intent;
use crate::input::intent::{Go, PeopleIntent};
use crate::model::people::{People, shown_of};
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
use hutong_common::harmless;
use hutong_common::id::RequestId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::done::RequestRow;
use hutong_engine::api::event::RequestKind;

/// A request beside the people it may be about.
type Asked = (People, Card<RequestRow>);

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let add = button::primary(
        |_, env| say!(env, HomeText::AddFriend),
        super::home::want(Intent::Go(Go::Dialog(Dialog::AddFriend(Search::default())))),
    );
    let open = List::new(row).lens(pane::beside_people(|state| &state.requests));
    let answered = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(text::strong(|_, env| say!(env, PeopleText::Answered)))
        .with_spacer(GRID)
        .with_child(List::new(row).lens(pane::beside_people(|state| &state.answered)));
    let rows = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(open)
        .with_child(Either::new(
            |state: &AppState, _| state.answered.is_empty(),
            SizedBox::empty(),
            answered,
        ));
    let empty = pane::empty(
        Shape::Bell,
        |env| say!(env, PeopleText::NoRequests),
        |env| say!(env, PeopleText::NoRequestsHint),
    );
    pane::with_head(
        |env| say!(env, HomeText::Requests),
        add,
        Either::new(
            |state: &AppState, _| state.requests.is_empty() && state.answered.is_empty(),
            empty,
            pane::scrolled(rows),
        ),
    )
}

fn is_incoming(row: &RequestRow) -> bool {
    row.direction == "in"
}

/// What the other is called, and the login.
fn other((people, row): &Asked) -> (String, String) {
    let login = if is_incoming(row) { &row.from } else { &row.to };
    (shown_of(people, login, &row.name), login.clone())
}

/// Who asked whom, when, and what came of it.
fn state((_, row): &Asked, env: &Env) -> String {
    let group = harmless::name(row.group_name.as_deref().unwrap_or_default());
    let group = &group;
    let asked = match (row.kind, is_incoming(row)) {
        (RequestKind::Friend, true) => say!(env, PeopleText::AsksYou),
        (RequestKind::Friend, false) => say!(env, PeopleText::YouAsked),
        (RequestKind::GroupInvite, true) => say!(env, GroupsText::InvitesYou { group }),
        (RequestKind::GroupInvite, false) => say!(env, GroupsText::YouInvited { group }),
        (RequestKind::GroupApply, true) => say!(env, GroupsText::AppliesTo { group }),
        (RequestKind::GroupApply, false) => say!(env, GroupsText::YouAppliedTo { group }),
    };
    let at = crate::moment::full(row.at_ms);
    let came = match row.state {
        "accepted" => say!(env, PeopleText::StateAccepted),
        "declined" => say!(env, PeopleText::StateDeclined),
        _ if is_incoming(row) => return format!("{asked} · {at}"),
        _ => say!(env, PeopleText::StatePending),
    };
    format!("{asked} · {at} · {came}")
}

fn row() -> impl Widget<Asked> {
    let answer = |act: fn(RequestId) -> PeopleIntent| {
        move |ctx: &mut EventCtx, (_, row): &mut Asked, _: &Env| {
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
        .with_child(text::who(other))
        .with_child(Either::new(
            |(_, row): &Asked, _| row.text.is_empty(),
            SizedBox::empty(),
            text::body(|(_, row): &Asked, _| row.text.clone()),
        ))
        .with_child(text::quiet(state));
    let sign = |shape| Icon::new(shape).color(theme::QUIET).edge(28.0);
    let sign = Either::new(
        |(_, row): &Asked, _| row.kind == RequestKind::Friend,
        sign(Shape::PersonAdd),
        sign(Shape::Group),
    );
    pane::card(
        Flex::row()
            .must_fill_main_axis(true)
            .with_child(sign)
            .with_spacer(GRID * 1.5)
            .with_flex_child(column.expand_width(), 1.0)
            .with_child(Either::new(
                |(_, row): &Asked, _| is_incoming(row) && row.state == "pending",
                buttons,
                SizedBox::empty(),
            )),
    )
}
