//! How far one's own message got for whom in the group.

use crate::model::AppState;
use crate::model::chat::{Body, Heard, Row};
use crate::say;
use crate::screens::dialogs::back;
use crate::theme::GRID;
use crate::widgets::{button, text};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, SizedBox};
use druid::{ArcStr, UnitPoint, WidgetExt};
use hutong_common::harmless;
use hutong_common::id::MsgId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::event::DeliveryState;

/// How far it got, in as many steps as matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Read,
    Have,
    Waits,
    Failed,
}

const STEPS: [Step; 4] = [Step::Read, Step::Have, Step::Waits, Step::Failed];

const fn step(state: DeliveryState) -> Step {
    match state {
        DeliveryState::Shown => Step::Read,
        DeliveryState::Delivered => Step::Have,
        DeliveryState::Queued | DeliveryState::InFlight | DeliveryState::LeftAtServer => {
            Step::Waits
        }
        DeliveryState::Failed => Step::Failed,
    }
}

fn row_of(state: &AppState, message: MsgId) -> Option<&Row> {
    let open = state.open.as_ref()?;
    open.rows.iter().find(|row| row.id == message)
}

fn heard(state: &AppState, message: MsgId) -> Option<&Heard> {
    row_of(state, message)?.heard.as_deref()
}

/// Names of those for whom it got there.
fn names(state: &AppState, message: MsgId, wanted: Step) -> Vec<String> {
    let heard = heard(state, message).into_iter().flatten();
    let there = heard.filter(|(_, far)| step(**far) == wanted);
    there.map(|(login, _)| name(state, login)).collect()
}

fn name(state: &AppState, login: &ArcStr) -> String {
    harmless::name(&state.name_of(login)).into_owned()
}

/// Names of those who have the file that it offers.
fn had_by(state: &AppState, message: MsgId) -> Vec<String> {
    let file = row_of(state, message).and_then(|row| match &row.body {
        Body::File(card) => state.files.get(&card.file),
        Body::Text(_) | Body::Unknown | Body::Change(_) => None,
    });
    let logins = file.map(|file| file.had_by.as_slice()).unwrap_or_default();
    logins
        .iter()
        .map(|login| name(state, &login.as_str().into()))
        .collect()
}

/// A head and the names below it; nothing when there is nobody.
fn section(
    names: impl Fn(&AppState) -> Vec<String> + Clone + 'static,
    head: impl Fn(&Env, &usize) -> String + 'static,
) -> impl Widget<AppState> {
    let (count, listed) = (names.clone(), names.clone());
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::strong(move |state: &AppState, env| {
            head(env, &count(state).len())
        }))
        .with_spacer(GRID / 2.0)
        .with_child(text::body(move |state: &AppState, _| {
            listed(state).join("、")
        }))
        .with_spacer(GRID * 1.5);
    Either::new(
        move |state: &AppState, _| names(state).is_empty(),
        SizedBox::empty(),
        column,
    )
}

/// The list.
pub(super) fn page(message: MsgId) -> impl Widget<AppState> {
    let mut column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(|_, env| say!(env, GroupsText::HeardTitle)))
        .with_spacer(GRID * 2.0);
    for at in STEPS {
        column.add_child(section(
            move |state: &AppState| names(state, message, at),
            move |env, count| match at {
                Step::Read => say!(env, GroupsText::HeardRead { count }),
                Step::Have => say!(env, GroupsText::HeardHave { count }),
                Step::Waits => say!(env, GroupsText::HeardWaits { count }),
                Step::Failed => say!(env, GroupsText::HeardFailed { count }),
            },
        ));
    }
    column
        .with_child(section(
            move |state: &AppState| had_by(state, message),
            |env, count| say!(env, GroupsText::HeardFile { count }),
        ))
        .with_child(Either::new(
            move |state: &AppState, _| heard(state, message).is_none_or(Heard::is_empty),
            text::hint(|_, env| say!(env, GroupsText::HeardNobody)),
            SizedBox::empty(),
        ))
        .with_child(
            button::plain(|_, env| say!(env, PeopleText::Close), back())
                .first()
                .align_horizontal(UnitPoint::RIGHT),
        )
}
