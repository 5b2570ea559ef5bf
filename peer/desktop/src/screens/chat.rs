//! The open conversation: who it is, what was said, and what is typed.

use super::home::want;
use super::ways::way;
use super::{composer, emoji, offer};
use crate::input::Intent;
use crate::input::intent::{Go, GroupIntent};
use crate::model::chat::RowAct;
use crate::model::front::{Front, FrontPage};
use crate::model::groups::{Group, GroupWish};
use crate::model::home::Pane;
use crate::model::{AppState, GroupPage};
use crate::say;
use crate::selectors::ROW_ACT;
use crate::theme::{self, GRID};
use crate::widgets::chat_view::ChatView;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::{button, text};
use druid::piet::StrokeStyle;
use druid::widget::prelude::*;
use druid::widget::{
    CrossAxisAlignment, Either, Flex, Maybe, Painter, SizedBox, ViewSwitcher, ZStack,
};
use druid::{Insets, UnitPoint, WidgetExt};
use hutong_common::harmless;
use hutong_common::id::GroupId;
use hutong_common::text::desktop::compose::ComposeText;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::groups::GroupText;
use hutong_engine::api::group::GroupMember;
use hutong_engine::api::policy::ModeName;

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let rows = Maybe::new(ChatView::new::<AppState>, SizedBox::empty).lens(AppState::open);
    let rows = ZStack::new(rows.expand()).with_aligned_child(drop_here(), UnitPoint::TOP_LEFT);
    let said = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head())
        .with_flex_child(rows, 1.0);
    // Over the head as well: with large texts in a small window there is no other room.
    let said = ZStack::new(said)
        .with_aligned_child(emoji::popup(), UnitPoint::BOTTOM_LEFT)
        .with_aligned_child(offer::popup(), UnitPoint::BOTTOM_LEFT);
    let talk = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_flex_child(said, 1.0)
        .with_child(composer::below());
    Either::new(|state: &AppState, _| state.open.is_some(), talk, nobody())
}

fn nobody() -> impl Widget<AppState> {
    Flex::column()
        .with_child(Icon::new(Shape::Chats).color(theme::LINE).edge(96.0))
        .with_spacer(GRID * 2.0)
        .with_child(text::title(|_, env| say!(env, HomeText::ChooseChat)))
        .with_spacer(GRID)
        .with_child(text::hint(|_, env| say!(env, HomeText::ChooseChatHint)).fix_width(360.0))
        .center()
        .background(theme::CANVAS)
}

fn head() -> impl Widget<AppState> {
    let name = text::heading(|state: &AppState, _| match &state.open {
        Some(open) => state
            .contact(&open.with)
            .face()
            .titled(state.prefs.lang)
            .to_string(),
        None => String::new(),
    });
    let state = text::quiet(|state: &AppState, env| {
        let Some(contact) = state.open.as_ref().map(|open| state.contact(&open.with)) else {
            return String::new();
        };
        if let Some(group) = state.open_group() {
            return about(state, group, env);
        }
        let there = match (contact.online, contact.away) {
            (true, true) => say!(env, HomeText::Away),
            (true, false) => say!(env, HomeText::Online),
            (false, _) => say!(env, HomeText::Offline),
        };
        format!("{there} · {}", way(&contact, env))
    });
    let past = Press::new(
        Icon::new(Shape::Clock)
            .color(theme::TEXT)
            .edge(20.0)
            .padding(GRID),
        want(Intent::Go(Go::Pane(Pane::History))),
    );
    Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(
            Flex::column()
                .cross_axis_alignment(CrossAxisAlignment::Start)
                .with_child(name)
                .with_child(state)
                .expand_width(),
            1.0,
        )
        .with_child(hand())
        .with_child(past)
        .with_child(more())
        .padding(Insets::uniform_xy(GRID * 2.0, GRID))
        .background(theme::SURFACE)
        .border(theme::LINE, 0.0)
}

/// The card of the other or of the group; what is announced on the LAN has none.
fn more() -> impl Widget<AppState> {
    let more = Press::new(
        Icon::new(Shape::More)
            .color(theme::TEXT)
            .edge(20.0)
            .padding(GRID),
        |ctx, state: &mut AppState, _| {
            if let Some(open) = &state.open {
                let show = RowAct::Person(open.with.clone());
                ctx.submit_command(ROW_ACT.with(show));
            }
        },
    );
    Either::new(
        |state: &AppState, _| state.open_group().is_some_and(Group::is_lan),
        SizedBox::empty(),
        more,
    )
}

/// In a class: one's hand goes up or down, and its admins see how many are up.
fn hand() -> impl Widget<AppState> {
    let of = |state: &AppState| {
        let group = state
            .open_group()
            .filter(|group| group.is_ours && group.is_class())?;
        let is_up = group.has_hand(state.own_login());
        Some((group.id.0, group.is_admin(), is_up, group.hands.len()))
    };
    ViewSwitcher::new(
        move |state: &AppState, _| of(state),
        |of, _, _| match *of {
            None => SizedBox::empty().boxed(),
            Some((group, true, _, count)) => {
                let page = GroupPage::Front(GroupId(group), FrontPage::Hands);
                button::plain(
                    move |_: &AppState, env| say!(env, GroupsText::HandsUp { count: &count }),
                    want(Intent::Group(GroupIntent::Page(page))),
                )
                .boxed()
            }
            Some((group, false, is_up, _)) => {
                let wish = GroupWish::Front(GroupId(group), Front::Hand(!is_up));
                button::plain(
                    move |_: &AppState, env| {
                        if is_up {
                            say!(env, GroupsText::LowerHand)
                        } else {
                            say!(env, GroupsText::RaiseHand)
                        }
                    },
                    want(Intent::Group(GroupIntent::Do(wish))),
                )
                .boxed()
            }
        },
    )
}

/// How many are in a group and there, and what its admins want everybody to read.
fn about(state: &AppState, group: &Group, env: &Env) -> String {
    if group.is_lan() {
        return say!(env, GroupsText::LanAbout);
    }
    let Some(sheet) = group.sheet.as_ref().filter(|_| group.is_ours) else {
        return say!(env, GroupText::Left);
    };
    let is_there = |member: &&GroupMember| {
        *member.login == *state.own_login() || state.contact(&member.login.as_str().into()).online
    };
    let online = sheet.members.iter().filter(is_there).count();
    let there = say!(
        env,
        GroupsText::MembersOnline {
            count: &sheet.members.len(),
            online: &online
        }
    );
    let mode = match group.mode() {
        ModeName::Free => String::new(),
        ModeName::Lesson => format!("{} · ", say!(env, GroupsText::InLesson)),
        ModeName::Exam => format!("{} · ", say!(env, GroupsText::InExam)),
    };
    let quiet = if state.is_quiet_in(group) {
        format!("{} · ", say!(env, GroupsText::InQuiet))
    } else {
        String::new()
    };
    if sheet.notice.is_empty() {
        format!("{mode}{quiet}{there}")
    } else {
        format!("{mode}{quiet}{there} · {}", harmless::name(&sheet.notice))
    }
}

/// What is seen while something is dragged over the window.
fn drop_here() -> impl Widget<AppState> {
    let card = || {
        let words = text::title(|state: &AppState, env| {
            let name = state
                .open
                .as_ref()
                .map(|open| harmless::name(&open.face.name).into_owned());
            say!(
                env,
                ComposeText::DropHere {
                    name: &name.unwrap_or_default()
                }
            )
        });
        Flex::column()
            .with_child(Icon::new(Shape::Paperclip).color(theme::ACCENT).edge(48.0))
            .with_spacer(GRID * 2.0)
            .with_child(words)
            .with_spacer(GRID)
            .with_child(text::hint(|_, env| say!(env, ComposeText::DropHint)))
            .padding(GRID * 4.0)
            .center()
            .background(landing())
            .expand()
    };
    ViewSwitcher::new(
        |state: &AppState, _| state.is_dragged_over,
        move |over, _, _| {
            if *over {
                card().boxed()
            } else {
                SizedBox::empty().boxed()
            }
        },
    )
}

/// The ground on which things may be dropped.
fn landing() -> Painter<AppState> {
    Painter::new(|ctx, _: &AppState, env| {
        let rect = ctx.size().to_rect();
        ctx.fill(rect, &env.get(theme::SURFACE).with_alpha(0.94));
        let edge = rect.inset(-GRID * 2.0).to_rounded_rect(GRID * 1.5);
        let dashes = StrokeStyle::new().dash_pattern(&[8.0, 6.0]);
        ctx.stroke_styled(edge, &env.get(theme::ACCENT), 2.0, &dashes);
    })
}
