//! The rules of a class: read by all its members, chosen by its admins.

use super::super::{answers, does, of_group};
use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::AppState;
use crate::model::front::{Front, Rule, rules};
use crate::model::groups::{GroupForm, GroupWish, address};
use crate::screens::home::want;
use crate::theme::{self, GRID};
use crate::widgets::press::Press;
use crate::widgets::{text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, SizedBox};
use druid::{Insets, WidgetExt};
use hutong_common::id::GroupId;
use hutong_common::limits::FILE_BYTES_MAX;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::policy::{ModeName, PolicyShown, PrivateChatName};
use std::sync::Arc;

const MIB: u64 = 1 << 20;

/// Sentences for these rules, what the class is doing first.
fn sentences(policy: Option<&PolicyShown>, env: &Env) -> Vec<String> {
    policy.map_or_else(Vec::new, |policy| rules(policy).say(words::lang(env)))
}

/// The rules as every member of a class reads them on its card; what it is doing stands out while that is an exam.
pub(in super::super) fn told(group: GroupId) -> impl Widget<AppState> {
    let of = move |state: &AppState| {
        let sheet = of_group(group, |group| group.sheet.clone())(state).flatten();
        sheet.and_then(|sheet| sheet.policy.clone())
    };
    let first = move |state: &AppState, env: &Env| {
        let said = sentences(of(state).as_ref(), env);
        said.first().cloned().unwrap_or_default()
    };
    let rest = text::body(move |state: &AppState, env| {
        let said = sentences(of(state).as_ref(), env);
        said.get(1..).unwrap_or_default().join("\n")
    });
    let is_exam = move |state: &AppState, _: &Env| {
        of(state).is_some_and(|policy| policy.mode == ModeName::Exam)
    };
    let is_quiet = move |state: &AppState, _: &Env| {
        let with = address(group);
        state
            .groups
            .get(&with)
            .is_some_and(|group| state.is_quiet_in(group))
    };
    let quiet = text::hint(|_: &AppState, env| say!(env, GroupsText::QuietNow));
    let lines = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(Either::new(is_exam, text::alarm(first), text::body(first)))
        .with_child(rest)
        .with_child(Either::new(is_quiet, quiet, SizedBox::empty()))
        .padding(GRID)
        .expand_width()
        .background(theme::PANEL)
        .rounded(GRID / 2.0);
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::quiet(|_, env| say!(env, GroupsText::Rules)))
        .with_spacer(GRID / 2.0)
        .with_child(lines)
        .with_spacer(GRID * 1.5);
    Either::new(
        move |state: &AppState, _| of(state).is_some(),
        column,
        SizedBox::empty(),
    )
}

fn choice(name: GroupsText<'static>, rule: Rule) -> impl Widget<AppState> {
    let label = text::body(move |_: &AppState, env| name.say(words::lang(env)))
        .padding(Insets::uniform_xy(GRID, GRID * 0.75));
    Press::new(label, want(Intent::Group(GroupIntent::Rule(rule)))).chosen_when(
        move |state: &AppState| {
            let rules = state.group_form.rules.as_deref();
            rules.is_some_and(|rules| rule.is_of(rules))
        },
    )
}

/// What is chosen, and from what.
fn row(
    name: GroupsText<'static>,
    choices: impl IntoIterator<Item = (GroupsText<'static>, Rule)>,
) -> impl Widget<AppState> {
    let mut row = Flex::row();
    for (name, rule) in choices {
        row.add_child(choice(name, rule));
    }
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::quiet(move |_: &AppState, env| {
            name.say(words::lang(env))
        }))
        .with_child(row)
        .with_spacer(GRID)
}

fn may(rule: impl Fn(bool) -> Rule) -> [(GroupsText<'static>, Rule); 2] {
    [
        (GroupsText::MembersMay, rule(true)),
        (GroupsText::AdminsMay, rule(false)),
    ]
}

/// The rules, to be chosen; what the class would be doing is said before it is.
pub(super) fn page(group: GroupId) -> impl Widget<AppState> {
    let deed = GroupWish::Front(group, Front::Rules);
    let meaning = text::body(|state: &AppState, env| {
        let rules = state.group_form.rules.clone().map(Arc::unwrap_or_clone);
        let said = sentences(rules.as_ref(), env);
        said.first().cloned().unwrap_or_default()
    });
    let quiet = text_box::line(|env| say!(env, GroupsText::QuietHint))
        .on_enter(super::wish(deed.clone()))
        .expand_width()
        .lens(GroupForm::text)
        .lens(AppState::group_form);
    super::page()
        .with_child(super::title(group, GroupsText::Rules))
        .with_spacer(GRID * 2.0)
        .with_child(row(
            GroupsText::Mode,
            [
                (GroupsText::ModeFree, Rule::Mode(ModeName::Free)),
                (GroupsText::ModeLesson, Rule::Mode(ModeName::Lesson)),
                (GroupsText::ModeExam, Rule::Mode(ModeName::Exam)),
            ],
        ))
        .with_child(meaning)
        .with_spacer(GRID * 1.5)
        .with_child(row(
            GroupsText::PrivateChats,
            [
                (GroupsText::ShortFree, Rule::Chat(PrivateChatName::On)),
                (GroupsText::ShortAdmins, Rule::Chat(PrivateChatName::Admins)),
                (GroupsText::ChatsOff, Rule::Chat(PrivateChatName::Off)),
            ],
        ))
        .with_child(row(GroupsText::MakeGroups, may(Rule::Groups)))
        .with_child(row(GroupsText::SendFiles, may(Rule::Files)))
        .with_child(row(
            GroupsText::Largest,
            [
                (GroupsText::Up10, Rule::Largest(10 * MIB)),
                (GroupsText::Up100, Rule::Largest(100 * MIB)),
                (GroupsText::Up1000, Rule::Largest(1024 * MIB)),
                (GroupsText::UpAny, Rule::Largest(FILE_BYTES_MAX)),
            ],
        ))
        .with_child(text::quiet(|_, env| say!(env, GroupsText::Quiet)))
        .with_spacer(GRID / 2.0)
        .with_child(quiet)
        .with_child(answers(does(GroupsText::Save, deed)))
}
