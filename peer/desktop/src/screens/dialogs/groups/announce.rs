//! Announcing something to a group, and who knows it: the numbers change while one looks.

use super::{answers, does, name_of, page, wish, word};
use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::AppState;
use crate::model::groups::{GroupForm, GroupWish};
use crate::screens::dialogs::back;
use crate::screens::home::want;
use crate::theme::GRID;
use crate::widgets::press::Press;
use crate::widgets::{button, text, text_box};
use crate::{say, words};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, MainAxisAlignment, SizedBox};
use hutong_common::harmless;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::limits::ANNOUNCEMENT_BYTES_MAX;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::announcement::{ProofPerson, ProofShown};

/// The words, and how they are to be shown.
pub(super) fn write(group: GroupId) -> impl Widget<AppState> {
    let typed = text_box::multiline(|env| say!(env, GroupsText::AnnounceHint))
        .longest(text_box::Length::Bytes(ANNOUNCEMENT_BYTES_MAX))
        .first()
        .expand_width()
        .lens(GroupForm::text)
        .lens(AppState::group_form);
    page()
        .with_child(text::title(move |state: &AppState, env| {
            let name = name_of(state, group);
            say!(env, GroupsText::AnnounceTitle { name: &name })
        }))
        .with_spacer(GRID * 2.0)
        .with_child(typed.fix_height(GRID * 16.0))
        .with_spacer(GRID)
        .with_child(choice(
            GroupsText::AskToConfirm,
            |form| form.is_confirm,
            GroupIntent::Confirm,
        ))
        .with_child(choice(
            GroupsText::InLargeLetters,
            |form| form.is_large,
            GroupIntent::Large,
        ))
        .with_child(answers(does(
            GroupsText::Announce,
            GroupWish::Announce(group),
        )))
}

fn choice(
    name: GroupsText<'static>,
    is_on: fn(&GroupForm) -> bool,
    intent: GroupIntent,
) -> impl Widget<AppState> {
    let said = text::body(move |state: &AppState, env| {
        let sign = if is_on(&state.group_form) {
            "☑"
        } else {
            "☐"
        };
        format!("{sign}  {}", name.say(words::lang(env)))
    });
    Press::new(said.padding(GRID / 2.0), want(Intent::Group(intent)))
}

/// What stands above a list of so many.
type Head = fn(usize, &Env) -> String;
/// One list of the proof.
type List = fn(&ProofShown) -> &Vec<ProofPerson>;

/// Who knows it.
pub(super) fn proof(group: GroupId, message: MsgId) -> impl Widget<AppState> {
    let lists: [(Head, List); 6] = [
        (
            |count, env| say!(env, GroupsText::ProofConfirmed { count: &count }),
            |proof| &proof.confirmed,
        ),
        (
            |count, env| say!(env, GroupsText::ProofShown { count: &count }),
            |proof| &proof.shown,
        ),
        (
            |count, env| say!(env, GroupsText::ProofDelivered { count: &count }),
            |proof| &proof.delivered,
        ),
        (
            |count, env| say!(env, GroupsText::ProofWaiting { count: &count }),
            |proof| &proof.waiting,
        ),
        (
            |count, env| say!(env, GroupsText::ProofOffline { count: &count }),
            |proof| &proof.offline,
        ),
        (
            |count, env| say!(env, GroupsText::ProofUnreachable { count: &count }),
            |proof| &proof.unreachable,
        ),
    ];
    let mut column = page()
        .with_child(text::title(|_: &AppState, env| {
            say!(env, GroupsText::ProofTitle)
        }))
        .with_spacer(GRID)
        .with_child(text::body(|state: &AppState, _| {
            shown(state)
                .map(|proof| proof.text.clone())
                .unwrap_or_default()
        }))
        .with_spacer(GRID)
        .with_child(text::huge(|state: &AppState, env| {
            let proof = shown(state);
            let (done, all) = proof.map(reached).unwrap_or_default();
            say!(
                env,
                GroupsText::ProofDone {
                    done: &done,
                    all: &all
                }
            )
        }));
    for (head, list) in lists {
        column.add_child(step(head, list));
    }
    column
        .with_child(word())
        .with_spacer(GRID * 2.0)
        .with_child(deeds(group, message))
}

fn shown(state: &AppState) -> Option<&ProofShown> {
    state.group_form.proof.as_deref()
}

/// How many did what was asked, of how many.
fn reached(proof: &ProofShown) -> (usize, usize) {
    let seen = if proof.confirm { 0 } else { proof.shown.len() };
    (proof.confirmed.len() + seen, proof.total)
}

fn step(head: Head, list: List) -> impl Widget<AppState> {
    let people = move |state: &AppState| shown(state).map(list).cloned().unwrap_or_default();
    let count = move |state: &AppState| people(state).len();
    let names = move |state: &AppState, _: &Env| {
        let people = people(state);
        let names = people.iter().map(|person| {
            let name = state.name_of(&person.login.as_str().into());
            harmless::name(&name).into_owned()
        });
        names.collect::<Vec<_>>().join(" · ")
    };
    let told = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_spacer(GRID)
        .with_child(text::strong(move |state: &AppState, env| {
            head(count(state), env)
        }))
        .with_child(text::body(names));
    Either::new(
        move |state: &AppState, _| count(state) > 0,
        told,
        SizedBox::empty(),
    )
}

fn deeds(group: GroupId, message: MsgId) -> impl Widget<AppState> {
    let again = button::plain(
        |_: &AppState, env| say!(env, GroupsText::AnnounceAgain),
        wish(GroupWish::AnnounceAgain(group, message)),
    )
    .disabled_if(|state: &AppState, _| {
        let (done, all) = shown(state).map(reached).unwrap_or_default();
        done == all
    });
    Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(again)
        .with_spacer(GRID)
        .with_child(
            button::primary(|_: &AppState, env| say!(env, PeopleText::Close), back()).first(),
        )
}
