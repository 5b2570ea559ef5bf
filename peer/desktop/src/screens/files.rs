//! The file manager: what came, what went, and how far it is.

use crate::input::Intent;
use crate::input::intent::TalkIntent;
use crate::model::AppState;
use crate::model::chat::FileCard;
use crate::model::people::{People, shown_of};
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::deeds::{self, Deed};
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::pane::{self, Card};
use crate::widgets::{button, text};
use crate::words;
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, ProgressBar, SizedBox, ViewSwitcher};
use hutong_common::harmless;
use hutong_common::text::desktop::files::FilesText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::command::Direction;
use hutong_engine::api::event::File;

/// A file beside the people it may come from or go to.
type Known = (People, Card<File>);

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let rows = List::new(row).lens(pane::beside_people(|state| &state.file_list));
    let empty = pane::empty(
        Shape::Folder,
        |env| say!(env, FilesText::NoFiles),
        |env| say!(env, FilesText::NoFilesHint),
    );
    pane::with_head(
        |env| say!(env, HomeText::Files),
        SizedBox::empty(),
        Either::new(
            |state: &AppState, _| state.file_list.is_empty(),
            empty,
            pane::scrolled(rows),
        ),
    )
}

fn name((_, file): &Known, _: &Env) -> String {
    harmless::name(&file.name).into_owned()
}

fn is_mine(file: &File) -> bool {
    file.direction == Direction::Outgoing
}

/// From whom or to whom, and how far it is.
fn about((people, file): &Known, env: &Env) -> String {
    let login = if is_mine(file) { &file.to } else { &file.from };
    let mut name = shown_of(people, login, login);
    if name != *login {
        name = format!("{name} ({login})");
    }
    let who = if is_mine(file) {
        say!(env, FilesText::To { name: &name })
    } else {
        say!(env, FilesText::From { name: &name })
    };
    let card = FileCard::of(file);
    let state = deeds::state_words(&card, is_mine(file), words::lang(env));
    format!("{who} · {state}")
}

fn row() -> impl Widget<Known> {
    let progress = |file: &File| deeds::progress(&FileCard::of(file));
    let bar = ProgressBar::new()
        .expand_width()
        .lens(druid::lens::Map::new(
            move |(_, file): &Known| progress(file).unwrap_or_default(),
            |_: &mut Known, _| (),
        ));
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::strong(name).of_file())
        .with_child(text::quiet(about))
        .with_child(Either::new(
            move |(_, file): &Known, _| progress(file).is_some(),
            bar.padding((0.0, GRID / 2.0)),
            SizedBox::empty(),
        ));
    let buttons = ViewSwitcher::new(
        |(_, file): &Known, _| key(&deeds_of(file)),
        |_, (_, file), _| buttons(deeds_of(file)).boxed(),
    );
    pane::card(
        Flex::row()
            .must_fill_main_axis(true)
            .with_child(Icon::new(Shape::Folder).color(theme::QUIET).edge(28.0))
            .with_spacer(GRID * 1.5)
            .with_flex_child(column.expand_width(), 1.0)
            .with_child(buttons),
    )
}

fn deeds_of(file: &File) -> Vec<Deed> {
    deeds::deeds(&FileCard::of(file), is_mine(file))
}

/// Other deeds have another one.
fn key(deeds: &[Deed]) -> u64 {
    deeds
        .iter()
        .fold(0, |key, deed| key * 16 + *deed as u64 + 1)
}

/// What can be done with a file now, the first at the right.
fn buttons(deeds: Vec<Deed>) -> impl Widget<Known> {
    let button = |deed: Deed| {
        let word = move |_: &Known, env: &Env| deed.word(words::lang(env));
        let act = move |ctx: &mut EventCtx, (_, file): &mut Known, _: &Env| {
            if let Some(act) = deed.act(&FileCard::of(file)) {
                ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Row(act))));
            }
        };
        if deed.is_first() {
            button::primary(word, act)
        } else {
            button::plain(word, act)
        }
    };
    deeds.into_iter().rev().fold(Flex::row(), |row, deed| {
        row.with_spacer(GRID).with_child(button(deed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_deeds_make_other_buttons() {
        let all = [
            vec![],
            vec![Deed::Accept],
            vec![Deed::Cancel],
            vec![Deed::Accept, Deed::Decline],
            vec![Deed::Decline, Deed::Accept],
        ];
        let keys: std::collections::BTreeSet<u64> = all.iter().map(|deeds| key(deeds)).collect();
        assert_eq!(keys.len(), all.len());
    }
}
