//! The frame once one is in: the rail, the lists, and the large part beside them.

mod row;

use crate::input::Intent;
use crate::input::intent::{Go, GroupIntent, OwnIntent, PeopleIntent, PrefsIntent};
use crate::model::compose::Spot;
use crate::model::home::{Pane, Tab};
use crate::model::{AppState, Banner, Dialog, GroupPage, Link, Remedy, Search};
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::badge::Badge;
use crate::widgets::changed::Changed;
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::press::Press;
use crate::widgets::{button, face, text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{
    Controller, CrossAxisAlignment, Either, Flex, List, Painter, Scroll, SizedBox, ViewSwitcher,
};
use druid::{Insets, KbKey, WidgetExt};
use hutong_common::text::Lang;
use hutong_common::text::desktop::failure::WarningText;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::settings::SettingsText;

pub(super) fn want<T>(intent: Intent) -> impl Fn(&mut EventCtx, &mut T, &Env) {
    move |ctx, _, _| ctx.submit_command(INTENT.with(intent.clone()))
}

/// The whole screen.
pub(super) fn screen() -> impl Widget<AppState> {
    let pane = ViewSwitcher::new(
        |state: &AppState, _| state.pane,
        |pane, _, _| match pane {
            Pane::Chat => super::chat::pane().boxed(),
            Pane::Requests => super::requests::pane().boxed(),
            Pane::Files => super::files::pane().boxed(),
            Pane::Profile => super::profile::pane().boxed(),
            Pane::Devices => super::devices::pane().boxed(),
            Pane::Settings => super::settings::pane().boxed(),
            Pane::History => super::past::pane().boxed(),
        },
    );
    let beside = Flex::column()
        .with_child(
            List::new(banner)
                .with_spacing(2.0)
                .lens(druid::lens::Map::new(AppState::shown_banners, |_, _| ())),
        )
        .with_flex_child(pane.expand(), 1.0);
    let home = Flex::row()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(rail())
        .with_child(lists())
        .with_child(line())
        .with_flex_child(beside, 1.0)
        .expand();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(super::presenting::bar())
        .with_flex_child(home, 1.0)
}

/// A line between two columns.
fn line() -> impl Widget<AppState> {
    Painter::new(|ctx, _: &AppState, env| {
        let rect = ctx.size().to_rect();
        ctx.fill(rect, &env.get(theme::LINE));
    })
    .fix_width(1.0)
    .expand_height()
}

fn banner() -> impl Widget<Banner> {
    let away = Press::new(
        Icon::new(Shape::Close)
            .color(theme::ON_ALARM)
            .edge(16.0)
            .padding(GRID / 2.0),
        |ctx, banner: &mut Banner, _| {
            ctx.submit_command(INTENT.with(Intent::Go(Go::PutAway(banner.code))));
        },
    );
    let words = text::label(
        |banner: &Banner, env| banner.words(words::lang(env)),
        theme::BODY,
        theme::ON_ALARM,
    )
    .with_line_break_mode(druid::widget::LineBreaking::WordWrap);
    Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(words.expand_width(), 1.0)
        .with_spacer(GRID)
        .with_child(remedy())
        .with_child(away)
        .padding(GRID)
        .background(theme::ALARM)
}

/// What can be done about a warning.
fn remedy() -> impl Widget<Banner> {
    let press = button::plain(
        |banner: &Banner, env| match banner.remedy() {
            Some(Remedy::Compare(_)) => say!(env, WarningText::Compare),
            Some(Remedy::Unlock) => say!(env, WarningText::Unlock),
            None => String::new(),
        },
        |ctx, banner: &mut Banner, _| {
            let intent = match banner.remedy() {
                Some(Remedy::Compare(who)) => Intent::People(PeopleIntent::Safety(who)),
                Some(Remedy::Unlock) => Intent::Own(OwnIntent::AskUnlock),
                None => return,
            };
            ctx.submit_command(INTENT.with(intent));
        },
    );
    Either::new(
        |banner: &Banner, _| banner.remedy().is_some(),
        press,
        SizedBox::empty(),
    )
}

fn rail() -> impl Widget<AppState> {
    let own = Press::new(
        face::widget(40.0).lens(druid::lens::Map::new(AppState::own_face, |_, _| ())),
        want(Intent::Go(Go::Pane(Pane::Profile))),
    )
    .radius(20.0);
    let places = Flex::column()
        .with_child(own.padding(Insets::new(0.0, GRID * 2.0, 0.0, GRID * 2.0)))
        .with_child(place(
            Shape::Chats,
            HomeText::Chats,
            Go::Tab(Tab::Chats),
            |state| {
                (
                    state.pane == Pane::Chat && state.tab == Tab::Chats,
                    state.unread(),
                )
            },
        ))
        .with_child(place(
            Shape::People,
            HomeText::Friends,
            Go::Tab(Tab::Friends),
            |state| (state.pane == Pane::Chat && state.tab == Tab::Friends, 0),
        ))
        .with_child(place(
            Shape::Group,
            HomeText::Groups,
            Go::Tab(Tab::Groups),
            |state| (state.pane == Pane::Chat && state.tab == Tab::Groups, 0),
        ))
        .with_child(place(
            Shape::Bell,
            HomeText::Requests,
            Go::Pane(Pane::Requests),
            |state| (state.pane == Pane::Requests, state.open_requests() as u64),
        ))
        .with_child(place(
            Shape::Folder,
            HomeText::Files,
            Go::Pane(Pane::Files),
            |state| (state.pane == Pane::Files, 0),
        ));
    // Where there is no room for all of them, the settings stay in reach.
    Flex::column()
        .with_flex_child(Scroll::new(places).vertical().expand_height(), 1.0)
        .with_child(link_state())
        .with_child(place(
            Shape::Gear,
            HomeText::Settings,
            Go::Pane(Pane::Settings),
            |state| (state.pane == Pane::Settings, 0),
        ))
        .with_spacer(GRID)
        .fix_width(theme::RAIL_WIDTH)
        .expand_height()
        .background(theme::RAIL)
}

/// A place on the rail: whether one is there, and what waits there.
fn place(
    sign: Shape,
    name: HomeText<'static>,
    go: Go,
    facts: fn(&AppState) -> (bool, u64),
) -> impl Widget<AppState> {
    let label = text::label(
        move |_: &AppState, env: &Env| name.say(words::lang(env)),
        theme::SMALL,
        theme::ON_RAIL,
    );
    let column = Flex::column()
        .with_child(Icon::new(sign).color(theme::ON_RAIL).edge(22.0))
        .with_spacer(2.0)
        .with_child(label)
        .padding(Insets::uniform_xy(0.0, GRID))
        .expand_width();
    let press = Press::new(column, want(Intent::Go(go)))
        .chosen_when(move |state| facts(state).0)
        .grounds(None, theme::RAIL_OVER)
        .chosen_ground(theme::RAIL_CHOSEN);
    let count = move || {
        druid::lens::Map::new(
            move |state: &AppState| facts(state).1,
            |_: &mut AppState, _| (),
        )
    };
    // What waits in muted conversations waits quietly.
    let badge = Either::new(
        move |state: &AppState, _| facts(state).1 == state.unread() && state.calling() == 0,
        Badge::quiet().lens(count()),
        Badge::default().lens(count()),
    );
    druid::widget::ZStack::new(press.padding(Insets::uniform_xy(GRID / 2.0, 2.0))).with_child(
        badge,
        druid::Vec2::new(1.0, 1.0),
        druid::Vec2::ZERO,
        druid::UnitPoint::TOP_RIGHT,
        druid::Vec2::new(-GRID, 4.0),
    )
}

fn link_state() -> impl Widget<AppState> {
    Painter::new(|ctx, state: &AppState, env| {
        let color = match state.link {
            Link::Online => theme::PRESENT,
            Link::Unknown | Link::Offline => theme::AWAY,
        };
        let middle = ctx.size().to_rect().center();
        ctx.fill(druid::kurbo::Circle::new(middle, 5.0), &env.get(color));
    })
    .fix_height(24.0)
    .expand_width()
}

fn lists() -> impl Widget<AppState> {
    let search = text_box::line(|env| say!(env, HomeText::SearchHint))
        .at(Spot::Search)
        .on_enter(want(Intent::Go(Go::Pointed)))
        .on_escape(|ctx, _, _| ctx.submit_command(INTENT.with(Intent::Go(Go::Back))))
        .lens(AppState::search)
        .controller(Changed::new(
            |state: &AppState| &state.search,
            Intent::Go(Go::Search),
        ))
        .controller(Arrows);
    let add = Press::new(
        Icon::new(Shape::PersonAdd)
            .color(theme::TEXT)
            .edge(20.0)
            .padding(GRID),
        want(Intent::Go(Go::Dialog(Dialog::AddFriend(Search::default())))),
    );
    let bar = Flex::row()
        .with_flex_child(search.expand_width(), 1.0)
        .with_spacer(GRID / 2.0)
        .with_child(announce())
        .with_child(add)
        .padding(Insets::new(GRID * 1.5, GRID * 1.5, GRID, GRID));
    let rows = Scroll::new(List::new(row::row).lens(AppState::list))
        .vertical()
        .expand_height();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(bar)
        .with_child(Either::new(
            |state: &AppState, _| state.link == Link::Offline,
            offline(),
            SizedBox::empty(),
        ))
        .with_flex_child(
            Either::new(|state: &AppState, _| state.list.is_empty(), empty(), rows),
            1.0,
        )
        .fix_width(theme::LISTS_WIDTH)
        .background(theme::PANEL)
}

/// Whoever may announce something does it from here; others do not see it.
fn announce() -> impl Widget<AppState> {
    let sign = Icon::new(Shape::Megaphone).color(theme::TEXT).edge(20.0);
    let page = GroupPage::Announce(None);
    let press = Press::new(
        sign.padding(GRID),
        want(Intent::Group(GroupIntent::Page(page))),
    );
    let is_able = |state: &AppState, _: &Env| state.announces();
    Either::new(is_able, press, SizedBox::empty())
}

/// Up and down in the search box walk over the rows below it.
struct Arrows;

impl<W: Widget<AppState>> Controller<AppState, W> for Arrows {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        if let Event::KeyDown(key) = event
            && matches!(key.key, KbKey::ArrowDown | KbKey::ArrowUp)
        {
            let down = key.key == KbKey::ArrowDown;
            ctx.submit_command(INTENT.with(Intent::Go(Go::Point { down })));
            ctx.set_handled();
            return;
        }
        child.event(ctx, event, state, env);
    }
}

fn offline() -> impl Widget<AppState> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::alarm(|_, env| say!(env, HomeText::ServerOffline)))
        .with_child(Either::new(
            |state: &AppState, _| state.class_rests,
            super::class::again().padding((0.0, GRID / 2.0)),
            SizedBox::empty(),
        ))
        .padding(Insets::uniform_xy(GRID * 1.5, GRID / 2.0))
}

fn empty() -> impl Widget<AppState> {
    Flex::column()
        .with_spacer(GRID * 6.0)
        .with_child(text::strong(|state: &AppState, env| {
            match (state.search.is_empty(), state.tab) {
                (true, Tab::Chats | Tab::Friends) if state.prefs.is_presenting => {
                    say!(env, SettingsText::PresentingEmpty)
                }
                (false, _) => say!(env, HomeText::NothingFound),
                (true, Tab::Chats) => say!(env, HomeText::NoChats),
                (true, Tab::Friends) => say!(env, HomeText::NoFriends),
                (true, Tab::Groups) => say!(env, GroupsText::NoGroups),
            }
        }))
        .with_spacer(GRID)
        .with_child(
            text::hint(|state: &AppState, env| match state.tab {
                Tab::Chats | Tab::Friends if state.prefs.is_presenting => String::new(),
                Tab::Groups => say!(env, GroupsText::NoGroupsHint),
                Tab::Chats | Tab::Friends => say!(env, HomeText::NoFriendsHint),
            })
            .padding(Insets::uniform_xy(GRID * 3.0, 0.0)),
        )
        .expand()
}

/// 中文 / English.
pub(super) fn lang_switch() -> impl Widget<AppState> {
    button::link(
        |state: &AppState, _| match state.prefs.lang {
            Lang::En => "中文".to_owned(),
            Lang::Zh => "English".to_owned(),
        },
        |ctx, state: &mut AppState, _| {
            let other = match state.prefs.lang {
                Lang::En => Lang::Zh,
                Lang::Zh => Lang::En,
            };
            ctx.submit_command(INTENT.with(Intent::Prefs(PrefsIntent::Lang(other))));
        },
    )
}
