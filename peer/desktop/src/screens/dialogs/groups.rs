//! Everything that is asked about groups.

mod announce;
mod card;
mod front;
mod heard;
mod member;
mod picks;

use super::super::home::want;
use super::{back, question};
use crate::input::Intent;
use crate::input::intent::{Go, GroupIntent};
use crate::model::compose::Spot;
use crate::model::groups::{Group, GroupForm, GroupWish, address};
use crate::model::home::Pane;
use crate::model::{AppState, Dialog, GroupPage, Search};
use crate::theme::GRID;
use crate::widgets::press::Press;
use crate::widgets::tick::tick;
use crate::widgets::{button, layers, text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{
    CrossAxisAlignment, Either, Flex, MainAxisAlignment, Scroll, SizedBox, ViewSwitcher,
};
use druid::{ArcStr, Insets, WidgetExt};
use hutong_common::harmless;
use hutong_common::id::GroupId;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::group::GroupFound;

/// The dialog for it.
pub(super) fn of(page: &GroupPage) -> Box<dyn Widget<AppState>> {
    match page.clone() {
        GroupPage::New => narrow(new()),
        GroupPage::Join => narrow(join()),
        GroupPage::Card(group) => wide(card::card(group)),
        GroupPage::Member(group, login) => narrow(member::member(group, login)),
        GroupPage::Rename(group) => narrow(rename(group)),
        GroupPage::Notice(group) => narrow(notice(group)),
        GroupPage::Invite(group) => narrow(invite(group)),
        GroupPage::Sure(wish) => narrow(sure(wish)),
        GroupPage::Heard(message) => narrow(heard::page(message)),
        GroupPage::Announce(group) => narrow(announce::write(group)),
        GroupPage::Proof(group, message) => wide(announce::proof(group, message)),
        GroupPage::Front(group, page) => wide(front::of(group, page)),
    }
}

fn narrow(page: impl Widget<AppState> + 'static) -> Box<dyn Widget<AppState>> {
    layers::dialog(Scroll::new(page).vertical(), back()).boxed()
}

fn wide(page: impl Widget<AppState> + 'static) -> Box<dyn Widget<AppState>> {
    layers::wide(Scroll::new(page).vertical(), back()).boxed()
}

fn to<T>(page: GroupPage) -> impl Fn(&mut EventCtx, &mut T, &Env) {
    want(Intent::Group(GroupIntent::Page(page)))
}

fn wish<T>(wish: GroupWish) -> impl Fn(&mut EventCtx, &mut T, &Env) {
    want(Intent::Group(GroupIntent::Do(wish)))
}

/// Reads something of this group.
fn of_group<R>(group: GroupId, read: impl Fn(&Group) -> R) -> impl Fn(&AppState) -> Option<R> {
    let with = address(group);
    move |state: &AppState| state.groups.get(&with).map(&read)
}

/// What a group is called.
fn name_of(state: &AppState, group: GroupId) -> ArcStr {
    state.contact(&address(group)).shown().clone()
}

/// The three ways to somebody to talk with; `at` is the number of the open one.
pub(super) fn ways(at: usize) -> impl Widget<AppState> {
    let way = |number: usize, name: GroupsText<'static>, intent: Intent| {
        let label = text::body(move |_: &AppState, env| name.say(words::lang(env)))
            .padding(Insets::uniform_xy(GRID * 1.5, GRID * 0.75));
        Press::new(label, want(intent)).chosen_when(move |_| number == at)
    };
    let add = Dialog::AddFriend(Search::default());
    Flex::row()
        .with_child(way(0, GroupsText::TabFriend, Intent::Go(Go::Dialog(add))))
        .with_spacer(GRID / 2.0)
        .with_child(way(
            1,
            GroupsText::TabJoin,
            Intent::Group(GroupIntent::Page(GroupPage::Join)),
        ))
        .with_spacer(GRID / 2.0)
        .with_child(way(
            2,
            GroupsText::TabNew,
            Intent::Group(GroupIntent::Page(GroupPage::New)),
        ))
}

/// What came of what one did, or why nothing did.
fn word() -> impl Widget<AppState> {
    let said = text::body(|state: &AppState, _| {
        let word = state.group_form.word.as_ref();
        word.map(ToString::to_string).unwrap_or_default()
    });
    Either::new(
        |state: &AppState, _| state.group_form.word.is_some(),
        said.padding((0.0, GRID)),
        SizedBox::empty(),
    )
}

/// What one can do, at the right, below what came of it.
fn answers(yes: impl Widget<AppState> + 'static) -> impl Widget<AppState> {
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Cancel),
            back(),
        ))
        .with_spacer(GRID)
        .with_child(yes);
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(word())
        .with_spacer(GRID)
        .with_child(buttons)
}

fn is_busy(state: &AppState) -> bool {
    state.group_form.waits > 0
}

/// The button that does what the dialog is for; it waits while that is under way.
fn does(name: GroupsText<'static>, deed: GroupWish) -> impl Widget<AppState> {
    button::primary(
        move |_: &AppState, env| name.say(words::lang(env)),
        wish(deed),
    )
    .disabled_if(|state: &AppState, _| is_busy(state))
}

/// One line that is typed, which `Enter` takes.
fn typed(hint: GroupsText<'static>, deed: GroupWish) -> impl Widget<AppState> {
    text_box::line(move |env| hint.say(words::lang(env)))
        .first()
        .on_enter(wish(deed))
        .expand_width()
        .lens(GroupForm::text)
        .lens(AppState::group_form)
}

fn page() -> Flex<AppState> {
    Flex::column().cross_axis_alignment(CrossAxisAlignment::Fill)
}

fn new() -> impl Widget<AppState> {
    let class = tick(
        |env| say!(env, GroupsText::IsClass),
        |state: &AppState| state.group_form.is_class,
        |_| Intent::Group(GroupIntent::Class),
    );
    page()
        .with_child(ways(2))
        .with_spacer(GRID * 2.0)
        .with_child(typed(GroupsText::NewName, GroupWish::Make))
        .with_spacer(GRID)
        .with_child(text::quiet(|_, env| say!(env, GroupsText::NewMembers)))
        .with_spacer(GRID / 2.0)
        .with_child(picks::friends(None))
        .with_spacer(GRID)
        .with_child(class)
        .with_child(answers(does(GroupsText::Make, GroupWish::Make)))
}

fn join() -> impl Widget<AppState> {
    let find = button::plain(|_, env| say!(env, PeopleText::Find), wish(GroupWish::Find));
    let find = Flex::row()
        .with_flex_child(typed(GroupsText::Number, GroupWish::Find), 1.0)
        .with_spacer(GRID)
        .with_child(find.disabled_if(|state: &AppState, _| is_busy(state)));
    let found = ViewSwitcher::new(
        |state: &AppState, _| {
            let found = state.group_form.found.as_ref();
            found.map(|found| (found.group.0, found.standing.to_owned()))
        },
        |_, state, _| match &state.group_form.found {
            Some(found) => found_card(found).boxed(),
            None => SizedBox::empty().boxed(),
        },
    );
    page()
        .with_child(ways(1))
        .with_spacer(GRID * 2.0)
        .with_child(find)
        .with_spacer(GRID)
        .with_child(found)
        .with_child(word())
}

/// A group that was found, and what can be done about it.
fn found_card(found: &GroupFound) -> impl Widget<AppState> + use<> {
    let group = found.group;
    let (name, members) = (harmless::name(&found.name).into_owned(), found.members);
    let head = text::strong(move |_: &AppState, env| {
        let members = say!(env, GroupsText::MembersCount { count: &members });
        format!("{name} ({group}) · {members}")
    });
    let says =
        |said: GroupsText<'static>| text::body(move |_: &AppState, env| said.say(words::lang(env)));
    let column = page().with_child(head).with_spacer(GRID);
    match found.standing {
        "member" => column
            .with_child(says(GroupsText::YouAreIn))
            .with_spacer(GRID)
            .with_child(button::primary(
                |_, env| say!(env, GroupsText::Open),
                want(Intent::Go(Go::Chat(address(group)))),
            )),
        "invited" => column
            .with_child(says(GroupsText::YouAreInvited))
            .with_spacer(GRID)
            .with_child(button::primary(
                |_, env| say!(env, GroupsText::ToRequests),
                |ctx, _, _| {
                    ctx.submit_command(crate::selectors::INTENT.with(Intent::Go(Go::Back)));
                    let requests = Intent::Go(Go::Pane(Pane::Requests));
                    ctx.submit_command(crate::selectors::INTENT.with(requests));
                },
            )),
        "applied" => column.with_child(says(GroupsText::YouApplied)),
        _ => {
            let greeting = text_box::line(|env| say!(env, PeopleText::AddGreeting))
                .at(Spot::Greeting)
                .on_enter(wish(GroupWish::Apply(group)))
                .lens(GroupForm::greeting)
                .lens(AppState::group_form);
            column
                .with_child(greeting)
                .with_spacer(GRID)
                .with_child(does(GroupsText::Apply, GroupWish::Apply(group)))
        }
    }
}

fn rename(group: GroupId) -> impl Widget<AppState> {
    let deed = GroupWish::Rename(group);
    page()
        .with_child(text::title(|_, env| say!(env, GroupsText::RenameTitle)))
        .with_spacer(GRID * 2.0)
        .with_child(typed(GroupsText::NewName, deed.clone()))
        .with_child(answers(does(GroupsText::Save, deed)))
}

fn notice(group: GroupId) -> impl Widget<AppState> {
    let words = text_box::multiline(|env| say!(env, GroupsText::NoticeHint))
        .longest(text_box::Length::Bytes(
            hutong_common::limits::NOTICE_BYTES_MAX,
        ))
        .first()
        .expand_width()
        .lens(GroupForm::text)
        .lens(AppState::group_form);
    page()
        .with_child(text::title(|_, env| say!(env, GroupsText::NoticeTitle)))
        .with_spacer(GRID * 2.0)
        .with_child(words.fix_height(GRID * 16.0))
        .with_child(answers(does(GroupsText::Save, GroupWish::Notice(group))))
}

fn invite(group: GroupId) -> impl Widget<AppState> {
    let yes = button::primary(
        |state: &AppState, env| {
            let count = state.group_form.picked.len();
            say!(env, GroupsText::InviteYes { count: &count })
        },
        wish(GroupWish::Invite(group)),
    );
    let yes =
        yes.disabled_if(|state: &AppState, _| is_busy(state) || state.group_form.picked.is_empty());
    page()
        .with_child(text::title(move |state: &AppState, env| {
            let name = name_of(state, group);
            say!(env, GroupsText::InviteTitle { name: &name })
        }))
        .with_spacer(GRID * 2.0)
        .with_child(picks::friends(Some(group)))
        .with_child(answers(yes))
}

/// What cannot be taken back is asked about.
fn sure(deed: GroupWish) -> impl Widget<AppState> {
    let (asked, what) = (deed.clone(), deed.clone());
    let title = move |state: &AppState, env: &Env| {
        let name = asked
            .group()
            .map(|group| name_of(state, group))
            .unwrap_or_default();
        match &asked {
            GroupWish::Dissolve(_) => say!(env, GroupsText::DissolveTitle { name: &name }),
            GroupWish::Kick(_, login) => say!(
                env,
                GroupsText::KickTitle {
                    name: &state.name_of(login)
                }
            ),
            GroupWish::HandOver(_, login) => {
                say!(
                    env,
                    GroupsText::HandOverTitle {
                        name: &state.name_of(login)
                    }
                )
            }
            GroupWish::Leave(_)
            | GroupWish::Make
            | GroupWish::Find
            | GroupWish::Apply(_)
            | GroupWish::Rename(_)
            | GroupWish::Notice(_)
            | GroupWish::Invite(_)
            | GroupWish::Floor(..)
            | GroupWish::Front(..)
            | GroupWish::Announce(_)
            | GroupWish::AnnounceAgain(..)
            | GroupWish::Mute(..)
            | GroupWish::Role(..) => say!(env, GroupsText::LeaveTitle { name: &name }),
        }
    };
    let (meaning, yes) = match what {
        GroupWish::Dissolve(_) => (GroupsText::DissolveText, GroupsText::Dissolve),
        GroupWish::Kick(..) => (GroupsText::KickText, GroupsText::Kick),
        GroupWish::HandOver(..) => (GroupsText::HandOverText, GroupsText::HandOver),
        GroupWish::Leave(_)
        | GroupWish::Make
        | GroupWish::Find
        | GroupWish::Apply(_)
        | GroupWish::Rename(_)
        | GroupWish::Notice(_)
        | GroupWish::Invite(_)
        | GroupWish::Floor(..)
        | GroupWish::Front(..)
        | GroupWish::Announce(_)
        | GroupWish::AnnounceAgain(..)
        | GroupWish::Mute(..)
        | GroupWish::Role(..) => (GroupsText::LeaveText, GroupsText::Leave),
    };
    question(
        title,
        (move |env| meaning.say(words::lang(env)), word()),
        button::danger(move |_, env| yes.say(words::lang(env)), wish(deed)).first(),
    )
}
