//! Friends, each with a tick.

use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::AppState;
use crate::model::groups::address;
use crate::model::people::Face;
use crate::say;
use crate::selectors::INTENT;
use crate::theme::GRID;
use crate::widgets::press::Press;
use crate::widgets::{face, text};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{Either, Flex, List, Scroll};
use druid::{Data, Insets, Lens, WidgetExt};
use hutong_common::id::GroupId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::done::Relation;

/// Height of the list, in pixels.
const HEIGHT: f64 = 180.0;

/// Somebody who can be picked.
#[derive(Clone, PartialEq, Data, Lens)]
struct Pick {
    face: Face,
    is_picked: bool,
}

/// Friends who can be brought into a group, by name; those who are in it already are left out.
fn rows(state: &AppState, group: Option<GroupId>) -> Vector<Pick> {
    let group = group.and_then(|group| state.groups.get(&address(group)));
    let is_in = |login: &str| group.is_some_and(|group| group.member(login).is_some());
    let can_come = |relation| matches!(relation, Relation::Friend | Relation::Classmate);
    let people = state.people.values();
    let mut rows: Vec<Pick> = people
        .filter(|contact| can_come(contact.relation) && !is_in(&contact.login))
        .map(|contact| Pick {
            face: contact.face(),
            is_picked: state.group_form.picked.contains(&contact.login),
        })
        .collect();
    rows.sort_by_cached_key(|row| row.face.name.to_lowercase());
    rows.into()
}

/// The list of them.
pub(super) fn friends(group: Option<GroupId>) -> impl Widget<AppState> {
    let list = Scroll::new(List::new(row)).vertical().expand_width();
    let list = list.lens(druid::lens::Map::new(
        move |state: &AppState| rows(state, group),
        |_: &mut AppState, _| (),
    ));
    let nobody = text::hint(move |_: &AppState, env| {
        if group.is_some() {
            say!(env, GroupsText::NobodyLeft)
        } else {
            say!(env, GroupsText::NoFriends)
        }
    });
    Either::new(
        move |state: &AppState, _| rows(state, group).is_empty(),
        nobody,
        list.fix_height(HEIGHT),
    )
}

fn row() -> impl Widget<Pick> {
    let name = text::who(|pick: &Pick| (pick.face.name.to_string(), pick.face.login.to_string()));
    let tick = text::body(|pick: &Pick, _| if pick.is_picked { "☑" } else { "☐" }.to_owned());
    let row = Flex::row()
        .must_fill_main_axis(true)
        .with_child(tick)
        .with_spacer(GRID / 2.0)
        .with_child(face::widget(28.0).lens(Pick::face))
        .with_spacer(GRID)
        .with_flex_child(name, 1.0)
        .padding(Insets::uniform_xy(GRID / 2.0, GRID / 2.0));
    Press::new(row, |ctx, pick: &mut Pick, _| {
        let pick = GroupIntent::Pick(pick.face.login.clone());
        ctx.submit_command(INTENT.with(Intent::Group(pick)));
    })
}
