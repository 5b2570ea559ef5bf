//! What can be done with a member of a group.

use super::card::{is_admin, is_owner, rows};
use super::{page, word};
use crate::input::Intent;
use crate::input::intent::{Go, GroupIntent, PeopleIntent};
use crate::model::groups::GroupWish;
use crate::model::{AppState, GroupPage};
use crate::screens::home::want;
use crate::theme::GRID;
use crate::widgets::{button, text};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{SizedBox, ViewSwitcher};
use druid::{ArcStr, Data, WidgetExt};
use hutong_common::id::GroupId;
use hutong_common::limits::{MINUTE_MS, MUTE_MS_MAX};
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::done::Relation;
use hutong_engine::api::group::RoleName;

/// What can be done with a member.
pub(super) fn member(group: GroupId, login: ArcStr) -> impl Widget<AppState> {
    let name = login.clone();
    let head = text::title(move |state: &AppState, env| {
        let name = state.name_of(&name);
        say!(env, GroupsText::Actions { name: &name })
    });
    let deeds = ViewSwitcher::new(
        move |state: &AppState, _| {
            let rows = rows(state, group);
            rows.into_iter()
                .find(|row| row.face.login == login)
                .map(|row| Powers {
                    role: row.role,
                    is_muted: row.muted_until_ms.is_some(),
                    is_admin: is_admin(state, group),
                    is_owner: is_owner(state, group),
                    is_contact: is_contact(state.contact(&login).relation),
                    login: login.clone(),
                })
        },
        move |powers, _, _| match powers {
            Some(powers) => column(group, powers).boxed(),
            None => SizedBox::empty().boxed(),
        },
    );
    page()
        .with_child(head)
        .with_spacer(GRID)
        .with_child(deeds)
        .with_child(word())
}

const fn is_contact(relation: Relation) -> bool {
    matches!(relation, Relation::Friend | Relation::Classmate)
}

/// What decides what can be done with a member.
#[derive(Clone, PartialEq, Data)]
struct Powers {
    login: ArcStr,
    #[data(same_fn = "PartialEq::eq")]
    role: RoleName,
    is_muted: bool,
    is_admin: bool,
    is_owner: bool,
    is_contact: bool,
}

/// A word and what it does, in the order in which they stand.
fn powers_of(group: GroupId, powers: &Powers) -> Vec<(GroupsText<'static>, GroupIntent)> {
    let now = GroupIntent::Do;
    let asks = |wish| GroupIntent::Page(GroupPage::Sure(wish));
    let login = || powers.login.clone();
    let is_below = powers.is_admin && powers.role == RoleName::Member || powers.is_owner;
    let mut deeds = Vec::new();
    if is_below && powers.is_muted {
        deeds.push((GroupsText::Unmute, now(GroupWish::Mute(group, login(), 0))));
    } else if is_below {
        let longest = MUTE_MS_MAX / MINUTE_MS;
        for (name, minutes) in [
            (GroupsText::Mute10, 10),
            (GroupsText::Mute60, 60),
            (GroupsText::MuteLong, longest),
        ] {
            deeds.push((name, now(GroupWish::Mute(group, login(), minutes))));
        }
    }
    if powers.is_owner {
        let (name, role) = if powers.role == RoleName::Member {
            (GroupsText::MakeAdmin, RoleName::Admin)
        } else {
            (GroupsText::MakeMember, RoleName::Member)
        };
        deeds.push((name, now(GroupWish::Role(group, login(), role))));
        deeds.push((
            GroupsText::HandOver,
            asks(GroupWish::HandOver(group, login())),
        ));
    }
    if is_below {
        deeds.push((GroupsText::Kick, asks(GroupWish::Kick(group, login()))));
    }
    deeds
}

fn column(group: GroupId, powers: &Powers) -> impl Widget<AppState> + use<> {
    let mut column = page();
    if powers.is_contact {
        let chat = want(Intent::Go(Go::Chat(powers.login.clone())));
        column.add_child(button::primary(
            |_: &AppState, env| say!(env, PeopleText::SendMessage),
            chat,
        ));
        column.add_spacer(GRID);
    }
    let show = want(Intent::People(PeopleIntent::Show(powers.login.clone())));
    column.add_child(button::plain(
        |_: &AppState, env| say!(env, GroupsText::TheirCard),
        show,
    ));
    for (name, deed) in powers_of(group, powers) {
        column.add_spacer(GRID);
        let label = move |_: &AppState, env: &Env| name.say(words::lang(env));
        column.add_child(button::plain(label, want(Intent::Group(deed))));
    }
    column
}
