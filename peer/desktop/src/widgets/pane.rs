//! The parts that all large panes are made of: a head, cards below one another, and what is shown when there are none.

use super::icon::{Icon, Shape};
use super::text;
use crate::model::AppState;
use crate::model::people::People;
use crate::theme::{self, GRID};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Flex, Scroll};
use druid::{Insets, Lens, WidgetExt};
use std::ops::Deref;
use std::sync::Arc;

/// Widest that lines of cards become, in pixels at 100 %.
const WIDEST: f64 = 760.0;

/// Something of the engine's in a list of druid's.
#[derive(Debug)]
pub struct Card<T>(Arc<T>);

impl<T> Clone for Card<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> From<T> for Card<T> {
    fn from(held: T) -> Self {
        Self(Arc::new(held))
    }
}

impl<T> Deref for Card<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: PartialEq> PartialEq for Card<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: PartialEq + 'static> Data for Card<T> {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// Rows, each beside the people it may be about.
pub fn beside_people<T>(
    rows: fn(&AppState) -> &Vector<Card<T>>,
) -> impl Lens<AppState, (People, Vector<Card<T>>)> {
    druid::lens::Map::new(
        move |state: &AppState| (state.people.clone(), rows(state).clone()),
        |_, _| (),
    )
}

/// A pane with its name, something to press beside it, and what it is about.
pub fn with_head<T: Data>(
    name: impl Fn(&Env) -> String + 'static,
    beside: impl Widget<T> + 'static,
    content: impl Widget<T> + 'static,
) -> impl Widget<T> {
    let head = Flex::row()
        .must_fill_main_axis(true)
        .with_flex_child(
            text::title(move |_: &T, env: &Env| name(env)).expand_width(),
            1.0,
        )
        .with_child(beside)
        .padding(Insets::uniform_xy(GRID * 3.0, GRID * 1.5))
        .background(theme::SURFACE);
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head)
        .with_flex_child(content.expand(), 1.0)
        .background(theme::CANVAS)
}

/// A column of cards that can be scrolled.
pub fn scrolled<T: Data>(rows: impl Widget<T> + 'static) -> impl Widget<T> {
    let page = rows.padding(Insets::uniform_xy(GRID * 3.0, GRID * 2.0));
    Scroll::new(page).vertical().expand()
}

/// One card.
pub fn card<T: Data>(content: impl Widget<T> + 'static) -> impl Widget<T> {
    content
        .padding(Insets::uniform_xy(GRID * 2.0, GRID * 1.5))
        .background(theme::SURFACE)
        .rounded(GRID)
        .padding(Insets::new(0.0, 0.0, 0.0, GRID))
}

/// A card with a name above its lines.
pub fn section<T: Data>(
    name: impl Fn(&Env) -> String + 'static,
    lines: impl Widget<T> + 'static,
) -> impl Widget<T> {
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::strong(move |_: &T, env: &Env| name(env)))
        .with_spacer(GRID)
        .with_child(lines);
    card(column.expand_width())
}

/// What is shown instead of nothing.
pub fn empty<T: Data>(
    sign: Shape,
    what: impl Fn(&Env) -> String + 'static,
    hint: impl Fn(&Env) -> String + 'static,
) -> impl Widget<T> {
    Flex::column()
        .with_child(Icon::new(sign).color(theme::QUIET).edge(64.0))
        .with_spacer(GRID * 2.0)
        .with_child(text::title(move |_: &T, env: &Env| what(env)))
        .with_spacer(GRID)
        .with_child(text::hint(move |_: &T, env: &Env| hint(env)).fix_width(WIDEST / 2.0))
        .center()
}
