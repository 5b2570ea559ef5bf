//! Announcing something, and who knows it: the numbers change while one looks.

use super::{answers, is_busy, name_of, page, wish, word};
use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::AppState;
use crate::model::groups::{Group, GroupForm, GroupWish, address};
use crate::say;
use crate::screens::dialogs::back;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::press::Press;
use crate::widgets::tick::tick;
use crate::widgets::{button, text, text_box};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{
    CrossAxisAlignment, Either, Flex, List, MainAxisAlignment, Painter, Scroll, SizedBox,
};
use druid::{ArcStr, Color, Data, Insets, Key, WidgetExt};
use hutong_common::harmless;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::limits::ANNOUNCEMENT_BYTES_MAX;
use hutong_common::message::LAN;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::announcement::{ProofPerson, ProofShown};

/// The words, for whom they are unless that is known, and how they are to be shown.
pub(super) fn write(group: Option<GroupId>) -> impl Widget<AppState> {
    let title = text::title(move |state: &AppState, env| match group {
        Some(group) => {
            let name = name_of(state, group);
            say!(env, GroupsText::AnnounceTitle { name: &name })
        }
        None => say!(env, GroupsText::AnnounceTo),
    });
    let audience = if group.is_some() {
        SizedBox::empty().boxed()
    } else {
        audience().boxed()
    };
    let announce = button::primary(
        |_: &AppState, env| say!(env, GroupsText::Announce),
        |ctx, state: &mut AppState, _| {
            if let Some(to) = state.group_form.to {
                let announce = GroupIntent::Do(GroupWish::Announce(to));
                ctx.submit_command(INTENT.with(Intent::Group(announce)));
            }
        },
    );
    let typed = text_box::multiline(|env| say!(env, GroupsText::AnnounceHint))
        .longest(text_box::Length::Bytes(ANNOUNCEMENT_BYTES_MAX))
        .first()
        .expand_width()
        .lens(GroupForm::text)
        .lens(AppState::group_form);
    page()
        .with_child(title)
        .with_spacer(GRID * 2.0)
        .with_child(typed.fix_height(GRID * 14.0))
        .with_spacer(GRID)
        .with_child(audience)
        .with_child(tick(
            |env| say!(env, GroupsText::AskToConfirm),
            |state: &AppState| state.group_form.is_confirm,
            |_| Intent::Group(GroupIntent::Confirm),
        ))
        .with_child(tick(
            |env| say!(env, GroupsText::InLargeLetters),
            |state: &AppState| state.group_form.is_large,
            |_| Intent::Group(GroupIntent::Large),
        ))
        .with_child(answers(
            announce.disabled_if(|state: &AppState, _| is_busy(state)),
        ))
}

/// Everybody to whom one may announce something, one of them chosen.
fn audience() -> impl Widget<AppState> {
    let rows = List::new(|| {
        let name = text::body(|row: &Audience, _| row.name.to_string());
        let row = name.padding(Insets::uniform_xy(GRID, GRID / 2.0));
        Press::new(row.expand_width(), |ctx, row: &mut Audience, _| {
            ctx.submit_command(INTENT.with(Intent::Group(GroupIntent::To(row.group))));
        })
        .chosen_when(|row| row.is_chosen)
    });
    let rows = rows.lens(druid::lens::Map::new(audiences, |_: &mut AppState, _| ()));
    page()
        .with_child(text::quiet(|_, env| say!(env, GroupsText::AnnounceToWhom)))
        .with_child(Scroll::new(rows).vertical().fix_height(AUDIENCE_HEIGHT))
        .with_spacer(GRID)
}

/// Somebody to whom one may announce something.
#[derive(Clone, PartialEq, Data)]
struct Audience {
    #[data(same_fn = "PartialEq::eq")]
    group: GroupId,
    name: ArcStr,
    is_chosen: bool,
}

fn audiences(state: &AppState) -> Vector<Audience> {
    let row = |group: GroupId| {
        let held = state.groups.get(&address(group));
        let count = held.map_or(0, |held| held.members().len());
        let name = if group == LAN {
            GroupsText::ToLan.say(state.prefs.lang)
        } else if held.is_some_and(Group::is_everybody) {
            GroupsText::ToEverybody { count: &count }.say(state.prefs.lang)
        } else {
            format!("{} ({count})", name_of(state, group))
        };
        Audience {
            group,
            name: name.into(),
            is_chosen: state.group_form.to == Some(group),
        }
    };
    state.audiences().into_iter().map(row).collect()
}

/// Of the list of those to whom one may announce something, in pixels.
const AUDIENCE_HEIGHT: f64 = 112.0;

/// What stands above a list of so many.
type Head = fn(usize, &Env) -> String;
/// One list of the proof.
type Step = fn(&ProofShown) -> &Vec<ProofPerson>;

/// Who knows it.
pub(super) fn proof(group: GroupId, message: MsgId) -> impl Widget<AppState> {
    let lists: [(Head, Step); 6] = [
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
    column.add_child(bar());
    for (head, list) in lists {
        column.add_child(step(head, list));
    }
    column
        .with_child(word())
        .with_spacer(GRID * 2.0)
        .with_child(deeds(group, message))
}

/// How far it is, at a glance: who confirmed it, who saw it, who has it, and the rest.
fn bar() -> impl Widget<AppState> {
    Painter::new(|ctx, state: &AppState, env| {
        let Some(proof) = shown(state).filter(|proof| proof.total > 0) else {
            return;
        };
        let parts: [(usize, Key<Color>); 3] = [
            (proof.confirmed.len(), theme::PRESENT),
            (proof.shown.len(), theme::ACCENT),
            (proof.delivered.len(), theme::AWAY),
        ];
        let all = ctx.size().to_rect();
        ctx.fill(
            all.to_rounded_rect(all.height() / 2.0),
            &env.get(theme::LINE),
        );
        ctx.clip(all.to_rounded_rect(all.height() / 2.0));
        let mut part = all;
        part.x1 = all.x0;
        for (count, color) in parts {
            part.x0 = part.x1;
            part.x1 = part.x0 + all.width() * count as f64 / proof.total as f64;
            ctx.fill(part, &env.get(color));
        }
    })
    .fix_height(GRID)
    .expand_width()
    .padding((0.0, GRID / 2.0))
}

fn shown(state: &AppState) -> Option<&ProofShown> {
    state.group_form.proof.as_deref()
}

/// How many did what was asked, of how many.
fn reached(proof: &ProofShown) -> (usize, usize) {
    let seen = if proof.confirm { 0 } else { proof.shown.len() };
    (proof.confirmed.len() + seen, proof.total)
}

fn step(head: Head, list: Step) -> impl Widget<AppState> {
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
