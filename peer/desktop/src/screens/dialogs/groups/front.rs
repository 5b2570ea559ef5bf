//! What is in front of a class: its code in large letters, who is there, and raised hands. Its rules have a file of their own.

mod rules;

pub(super) use rules::told as rules_told;

use super::{name_of, of_group, page, wish, word};
use crate::attendance;
use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::AppState;
use crate::model::front::{Front, FrontPage};
use crate::model::groups::GroupWish;
use crate::screens::dialogs::back;
use crate::screens::home::want;
use crate::selectors::INTENT;
use crate::theme::GRID;
use crate::widgets::{button, text};
use crate::{moment, say, words};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, MainAxisAlignment, SizedBox};
use druid::{Application, ArcStr, Data, Insets, WidgetExt};
use hutong_common::harmless;
use hutong_common::id::GroupId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::groups::GroupText;

/// The dialog for it.
pub(super) fn of(group: GroupId, page: FrontPage) -> Box<dyn Widget<AppState>> {
    match page {
        FrontPage::Rules => rules::page(group).boxed(),
        FrontPage::Hands => hands(group).boxed(),
        FrontPage::Attendance => present(group).boxed(),
        FrontPage::Code => code(group).boxed(),
    }
}

fn does(group: GroupId, name: GroupsText<'static>, deed: Front) -> impl Widget<AppState> {
    button::plain(
        move |_: &AppState, env| name.say(words::lang(env)),
        wish(GroupWish::Front(group, deed)),
    )
}

fn close() -> impl Widget<AppState> {
    button::primary(|_, env| say!(env, PeopleText::Close), back()).first()
}

/// Buttons at the right.
fn buttons() -> Flex<AppState> {
    Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
}

fn title(group: GroupId, name: GroupsText<'static>) -> impl Widget<AppState> {
    text::title(move |state: &AppState, env| {
        format!("{} · {}", name_of(state, group), name.say(words::lang(env)))
    })
}

/// The code, for a whole room to read.
fn code(group: GroupId) -> impl Widget<AppState> {
    let shown = |state: &AppState| {
        let code = state.group_form.code.as_ref();
        code.and_then(|shown| shown.code.clone())
    };
    let large = text::huge(move |state: &AppState, env| {
        shown(state).unwrap_or_else(|| say!(env, GroupsText::NoCode))
    });
    let copy = button::plain(
        |_: &AppState, env| say!(env, GroupsText::Copy),
        move |ctx, state: &mut AppState, _| {
            if let Some(code) = shown(state) {
                Application::global().clipboard().put_string(code);
                ctx.submit_command(INTENT.with(Intent::Group(GroupIntent::CodeCopied)));
            }
        },
    );
    let with_code = buttons()
        .with_child(does(group, GroupsText::CodeOff, Front::NoCode))
        .with_spacer(GRID)
        .with_child(does(group, GroupsText::CodeNew, Front::NewCode))
        .with_spacer(GRID)
        .with_child(copy)
        .with_spacer(GRID)
        .with_child(close());
    let without = buttons()
        .with_child(close())
        .with_spacer(GRID)
        .with_child(does(group, GroupsText::CodeMake, Front::NewCode));
    page()
        .with_child(title(group, GroupsText::Code))
        .with_spacer(GRID * 2.0)
        .with_child(text::body(|_, env| say!(env, GroupsText::CodeHow)))
        .with_spacer(GRID * 2.0)
        .with_child(large.align_horizontal(druid::UnitPoint::CENTER))
        .with_spacer(GRID * 2.0)
        .with_child(word())
        .with_child(Either::new(
            move |state, _| shown(state).is_some(),
            with_code,
            without,
        ))
}

/// Somebody in a list: the name, and what is said of them.
#[derive(Clone, PartialEq, Data)]
struct Line {
    login: ArcStr,
    name: ArcStr,
    about: ArcStr,
    is_loud: bool,
}

fn line() -> Flex<Line> {
    let name = text::who(|line: &Line| (line.name.to_string(), line.login.to_string()));
    let about = Either::new(
        |line: &Line, _| line.is_loud,
        text::alarm(|line: &Line, _| line.about.to_string()),
        text::quiet(|line: &Line, _| line.about.to_string()),
    );
    Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(name.expand_width(), 1.0)
        .with_spacer(GRID)
        .with_child(about)
}

/// Those who are missing first: they are what one looks for.
fn attendees(state: &AppState) -> Vector<Line> {
    let lang = state.prefs.lang;
    let list = state.group_form.attendance.as_ref();
    let members = list.map(|list| list.members.as_slice()).unwrap_or_default();
    let line = |member| {
        let since = attendance::since(member, state);
        let about = match &since {
            None => GroupText::Missing.say(lang),
            Some((since, seat)) => GroupsText::Since { since, seat }.say(lang),
        };
        Line {
            login: member.login.as_str().into(),
            name: attendance::name(member, state).into(),
            about: about.into(),
            is_loud: since.is_none(),
        }
    };
    let mut lines: Vec<Line> = members.iter().map(line).collect();
    lines.sort_by_cached_key(|line| (!line.is_loud, line.name.to_lowercase()));
    lines.into()
}

fn present(group: GroupId) -> impl Widget<AppState> {
    let head = text::body(
        move |state: &AppState, env| match &state.group_form.attendance {
            Some(list) => say!(
                env,
                GroupsText::Present {
                    present: &list.present,
                    missing: &list.missing,
                    at: &moment::time_of_day(list.at_ms, &state.zone)
                }
            ),
            None => say!(env, GroupsText::Asking),
        },
    );
    let list = List::new(|| line().padding(Insets::uniform_xy(GRID / 2.0, GRID / 2.0)));
    let list = list.lens(druid::lens::Map::new(attendees, |_: &mut AppState, _| ()));
    let save = button::plain(
        |_: &AppState, env| say!(env, GroupsText::SaveTable),
        want(Intent::Group(GroupIntent::SaveAttendance)),
    );
    let buttons = buttons()
        .with_child(does(group, GroupsText::AskAgain, Front::Attendance))
        .with_spacer(GRID)
        .with_child(save.disabled_if(|state: &AppState, _| state.group_form.attendance.is_none()))
        .with_spacer(GRID)
        .with_child(close());
    page()
        .with_child(title(group, GroupsText::Attendance))
        .with_spacer(GRID)
        .with_child(head)
        .with_child(word())
        .with_spacer(GRID)
        .with_child(buttons)
        .with_spacer(GRID)
        .with_child(list)
}

/// Raised hands in their order.
fn raised(state: &AppState, group: GroupId) -> Vector<Line> {
    let hands = of_group(group, |group| group.hands.clone())(state).unwrap_or_default();
    let lines = hands.iter().zip(1..).map(|(hand, place): (_, u32)| Line {
        login: hand.login.as_str().into(),
        name: format!("{place}. {}", harmless::name(&hand.name)).into(),
        about: moment::time_of_day(hand.at_ms, &state.zone).into(),
        is_loud: false,
    });
    lines.collect()
}

fn hands(group: GroupId) -> impl Widget<AppState> {
    let row = move || {
        let lower = button::link(
            |_: &Line, env| say!(env, GroupsText::Lower),
            move |ctx, line: &mut Line, _| {
                let deed = GroupWish::Front(group, Front::Lower(line.login.clone()));
                ctx.submit_command(INTENT.with(Intent::Group(GroupIntent::Do(deed))));
            },
        );
        line()
            .with_child(lower)
            .padding(Insets::uniform_xy(GRID / 2.0, 0.0))
    };
    let list = List::new(row).lens(druid::lens::Map::new(
        move |state: &AppState| raised(state, group),
        |_: &mut AppState, _| (),
    ));
    let nobody = text::hint(|_: &AppState, env| say!(env, GroupsText::NoHands));
    let all = Either::new(
        move |state: &AppState, _| raised(state, group).is_empty(),
        SizedBox::empty(),
        does(group, GroupsText::LowerAll, Front::LowerAll),
    );
    page()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(title(group, GroupsText::Hands))
        .with_spacer(GRID)
        .with_child(word())
        .with_child(Either::new(
            move |state: &AppState, _| raised(state, group).is_empty(),
            nobody,
            list,
        ))
        .with_spacer(GRID * 2.0)
        .with_child(
            buttons()
                .with_child(all)
                .with_spacer(GRID)
                .with_child(close()),
        )
}
