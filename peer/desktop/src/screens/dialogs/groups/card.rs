//! A group's card: its number, its rules, and who is in it.

use super::{front, name_of, of_group, page, to, wish, word};
use crate::input::Intent;
use crate::input::intent::GroupIntent;
use crate::model::front::FrontPage;
use crate::model::groups::{Group, GroupWish, address};
use crate::model::people::{Face, Rank};
use crate::model::{AppState, GroupPage};
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::press::Press;
use crate::widgets::{button, face, text};
use crate::{moment, say, words};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, ViewSwitcher};
use druid::{Application, ArcStr, Data, Insets, Lens, WidgetExt};
use hutong_common::id::GroupId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::groups::GroupText;
use hutong_engine::api::group::{FloorName, RoleName};

/// A member in the list.
#[derive(Clone, PartialEq, Data, Lens)]
pub(super) struct MemberRow {
    pub(super) face: Face,
    #[data(same_fn = "PartialEq::eq")]
    group: GroupId,
    #[data(same_fn = "PartialEq::eq")]
    pub(super) role: RoleName,
    rank: Rank,
    is_online: bool,
    pub(super) muted_until_ms: Option<u64>,
    is_own: bool,
}

/// Those who lead it first, then those who are there, then by name.
pub(super) fn rows(state: &AppState, id: GroupId) -> Vector<MemberRow> {
    let group = state.groups.get(&address(id));
    let own = state.own_login();
    let row = |member: &hutong_engine::api::group::GroupMember| {
        let login: ArcStr = member.login.as_str().into();
        let is_own = member.login == own;
        MemberRow {
            face: if is_own {
                state.own_face()
            } else {
                state.contact(&login).face()
            },
            group: id,
            role: member.role,
            rank: Rank::named(member.server_role),
            is_online: is_own || state.contact(&login).online,
            muted_until_ms: member.muted_until_ms.filter(|until| *until > state.now_ms),
            is_own,
        }
    };
    let members = group.map(Group::members).unwrap_or_default();
    let mut rows: Vec<MemberRow> = members.iter().map(row).collect();
    rows.sort_by_cached_key(|row| {
        let role = std::cmp::Reverse(row.role);
        (role, !row.is_online, row.face.name.to_lowercase())
    });
    rows.into()
}

fn role_word(role: RoleName, env: &Env) -> String {
    match role {
        RoleName::Owner => say!(env, GroupText::RoleOwner),
        RoleName::Admin => say!(env, GroupText::RoleAdmin),
        RoleName::Member => say!(env, GroupText::RoleMember),
    }
}

/// What a member is, and whether they are there and may speak.
fn about(row: &MemberRow, env: &Env) -> String {
    let mut words: Vec<String> = row.rank.word(words::lang(env)).into_iter().collect();
    words.push(role_word(row.role, env));
    if row.is_own {
        words.push(say!(env, GroupsText::You));
    } else if row.is_online {
        words.push(say!(env, HomeText::Online));
    } else {
        words.push(say!(env, HomeText::Offline));
    }
    if let Some(until_ms) = row.muted_until_ms {
        let until = moment::full(until_ms);
        words.push(say!(env, GroupsText::MutedUntil { until: &until }));
    }
    words.join(" · ")
}

fn row() -> impl Widget<MemberRow> {
    let who = text::who(|row: &MemberRow| (row.face.name.to_string(), row.face.login.to_string()));
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(who)
        .with_child(text::quiet(about));
    let row = Flex::row()
        .must_fill_main_axis(true)
        .with_child(face::widget(32.0).lens(MemberRow::face))
        .with_spacer(GRID)
        .with_flex_child(column.expand_width(), 1.0)
        .padding(Insets::uniform_xy(GRID / 2.0, GRID / 2.0));
    Press::new(row, |ctx, row: &mut MemberRow, _| {
        if !row.is_own {
            let page = GroupPage::Member(row.group, row.face.login.clone());
            ctx.submit_command(INTENT.with(Intent::Group(GroupIntent::Page(page))));
        }
    })
}

/// The card.
pub(super) fn card(group: GroupId) -> impl Widget<AppState> {
    let members = List::new(row).lens(druid::lens::Map::new(
        move |state: &AppState| rows(state, group),
        |_: &mut AppState, _| (),
    ));
    page()
        .with_child(head(group))
        .with_spacer(GRID * 1.5)
        .with_child(notice(group))
        .with_child(front::rules_told(group))
        .with_child(floor(group))
        .with_child(word())
        .with_child(crate::screens::dialogs::mute(address(group)))
        .with_spacer(GRID / 2.0)
        .with_child(deeds(group))
        .with_child(in_front(group))
        .with_child(announce(group))
        .with_spacer(GRID)
        .with_child(members)
}

fn head(group: GroupId) -> impl Widget<AppState> {
    let face = druid::lens::Map::new(
        move |state: &AppState| state.contact(&address(group)).face(),
        |_: &mut AppState, _| (),
    );
    let copy = button::link(
        |_: &AppState, env| say!(env, GroupsText::Copy),
        move |ctx, _, _| {
            Application::global()
                .clipboard()
                .put_string(group.to_string());
            ctx.submit_command(INTENT.with(Intent::Group(GroupIntent::NumberCopied)));
        },
    );
    let number = Flex::row()
        .with_child(text::body(move |_: &AppState, env| {
            say!(env, GroupsText::Card { number: &group })
        }))
        .with_child(copy);
    let words = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::heading(move |state: &AppState, _| {
            name_of(state, group).to_string()
        }))
        .with_child(text::quiet(move |state: &AppState, env| {
            summary(state, group, env)
        }))
        .with_child(number)
        .with_child(text::hint(|_, env| say!(env, GroupsText::CopyHint)));
    Flex::row()
        .must_fill_main_axis(true)
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(face::widget(64.0).lens(face))
        .with_spacer(GRID * 2.0)
        .with_flex_child(words.expand_width(), 1.0)
}

/// What it is, and how many are in it and there.
fn summary(state: &AppState, group: GroupId, env: &Env) -> String {
    let rows = rows(state, group);
    let online = rows.iter().filter(|row| row.is_online).count();
    let is_class = of_group(group, Group::is_class)(state).unwrap_or_default();
    let kind = if is_class {
        say!(env, GroupText::KindClass)
    } else {
        say!(env, GroupText::KindGroup)
    };
    let there = say!(
        env,
        GroupsText::MembersOnline {
            count: &rows.len(),
            online: &online
        }
    );
    format!("{kind} · {there}")
}

fn notice(group: GroupId) -> impl Widget<AppState> {
    let words = move |state: &AppState| {
        let sheet = of_group(group, |group| group.sheet.clone())(state).flatten();
        sheet.map(|sheet| sheet.notice.clone()).unwrap_or_default()
    };
    let said = text::body(move |state: &AppState, env| {
        let words = words(state);
        if words.is_empty() {
            say!(env, GroupsText::NoNotice)
        } else {
            hutong_common::harmless::words(&words).into_owned()
        }
    });
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::quiet(|_, env| say!(env, GroupsText::Notice)))
        .with_spacer(GRID / 2.0)
        .with_child(
            said.padding(GRID)
                .expand_width()
                .background(theme::PANEL)
                .rounded(GRID / 2.0),
        )
        .with_spacer(GRID * 1.5)
}

/// Who may speak: admins choose, all read it.
fn floor(group: GroupId) -> impl Widget<AppState> {
    let of = move |state: &AppState| {
        let sheet = of_group(group, |group| group.sheet.clone())(state).flatten();
        sheet.map(|sheet| sheet.floor)
    };
    let choice = |floor: FloorName, name: GroupsText<'static>| {
        let label = text::body(move |_: &AppState, env| name.say(words::lang(env)))
            .padding(Insets::uniform_xy(GRID, GRID * 0.75));
        Press::new(label, wish(GroupWish::Floor(group, floor)))
            .chosen_when(move |state| of(state) == Some(floor))
    };
    let choices = Flex::row()
        .with_child(choice(FloorName::Free, GroupsText::ShortFree))
        .with_child(choice(FloorName::Questions, GroupsText::ShortQuestions))
        .with_child(choice(FloorName::Admins, GroupsText::ShortAdmins))
        .with_child(choice(FloorName::Silent, GroupsText::ShortSilent));
    let said = text::body(move |state: &AppState, env| match of(state) {
        Some(FloorName::Free) => say!(env, GroupText::FloorFree),
        Some(FloorName::Questions) => say!(env, GroupText::FloorQuestions),
        Some(FloorName::Admins) => say!(env, GroupText::FloorAdmins),
        Some(FloorName::Silent) => say!(env, GroupText::FloorSilent),
        None => String::new(),
    });
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::quiet(|_, env| say!(env, GroupsText::Floor)))
        .with_spacer(GRID / 2.0)
        .with_child(Either::new(
            move |state, _| is_admin(state, group),
            choices,
            said,
        ))
}

/// What admins do in front of it: hands and rules are of classes only.
fn in_front(group: GroupId) -> impl Widget<AppState> {
    ViewSwitcher::new(
        move |state: &AppState, _| {
            let is_class = of_group(group, Group::is_class)(state).unwrap_or_default();
            (is_admin(state, group), is_class)
        },
        move |(is_admin, is_class), _, _| {
            let mut row = Flex::row();
            for (name, page, is_for_groups) in [
                (GroupsText::Code, FrontPage::Code, true),
                (GroupsText::Attendance, FrontPage::Attendance, true),
                (GroupsText::Hands, FrontPage::Hands, false),
                (GroupsText::Rules, FrontPage::Rules, false),
            ] {
                if *is_admin && (*is_class || is_for_groups) {
                    let label = move |_: &AppState, env: &Env| name.say(words::lang(env));
                    row.add_child(button::plain(label, to(GroupPage::Front(group, page))));
                    row.add_spacer(GRID);
                }
            }
            row.padding(Insets::new(0.0, GRID, 0.0, 0.0)).boxed()
        },
    )
}

/// Whoever is a teacher or admin of the rendezvous announces in every group that he is in.
fn announce(group: GroupId) -> impl Widget<AppState> {
    let announces = move |state: &AppState, _: &Env| {
        let is_ours = of_group(group, |group| group.is_ours)(state).unwrap_or_default();
        is_ours && state.announces()
    };
    let button = button::plain(
        |_: &AppState, env| say!(env, GroupsText::Announce),
        to(GroupPage::Announce(Some(group))),
    );
    let row = Flex::row()
        .with_child(button)
        .padding(Insets::new(0.0, GRID, 0.0, 0.0));
    Either::new(announces, row, druid::widget::SizedBox::empty())
}

pub(super) fn is_admin(state: &AppState, group: GroupId) -> bool {
    of_group(group, Group::is_admin)(state).unwrap_or_default()
}

pub(super) fn is_owner(state: &AppState, group: GroupId) -> bool {
    of_group(group, Group::is_owner)(state).unwrap_or_default()
}

/// What whoever looks at it may do: everybody leaves, admins change, the owner ends it.
fn deeds(group: GroupId) -> impl Widget<AppState> {
    let powers = move |state: &AppState| {
        let is_ours = of_group(group, |group| group.is_ours)(state).unwrap_or_default();
        (is_ours, is_admin(state, group), is_owner(state, group))
    };
    ViewSwitcher::new(
        move |state: &AppState, _| powers(state),
        move |(is_ours, is_admin, is_owner), _, _| {
            let mut row = Flex::row().must_fill_main_axis(true);
            if *is_admin {
                for (name, page) in [
                    (GroupsText::Invite, GroupPage::Invite(group)),
                    (GroupsText::Rename, GroupPage::Rename(group)),
                    (GroupsText::EditNotice, GroupPage::Notice(group)),
                ] {
                    let label = move |_: &AppState, env: &Env| name.say(words::lang(env));
                    row.add_child(button::plain(label, to(page)));
                    row.add_spacer(GRID);
                }
            }
            row.add_flex_spacer(1.0);
            let (name, end) = if *is_owner {
                (GroupsText::Dissolve, GroupWish::Dissolve(group))
            } else {
                (GroupsText::Leave, GroupWish::Leave(group))
            };
            if *is_ours {
                let label = move |_: &AppState, env: &Env| name.say(words::lang(env));
                row.add_child(button::link(label, to(GroupPage::Sure(end))));
            }
            row.boxed()
        },
    )
}
