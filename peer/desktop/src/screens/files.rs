//! The file manager: what came, what went, and how far it is.

use crate::input::Intent;
use crate::input::intent::TalkIntent;
use crate::model::AppState;
use crate::model::chat::RowAct;
use crate::model::people::{People, shown_of};
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::pane::{self, Card};
use crate::widgets::{button, text};
use crate::{harmless, say};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, ProgressBar, SizedBox, ViewSwitcher};
use hutong_common::text::bytes;
use hutong_common::text::desktop::files::FilesText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::command::Direction;
use hutong_engine::api::event::{File, FileState};

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

fn act(
    what: impl Fn(&File) -> Option<RowAct> + 'static,
) -> impl Fn(&mut EventCtx, &mut Known, &Env) {
    move |ctx, (_, file), _| {
        if let Some(act) = what(file) {
            ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Row(act))));
        }
    }
}

fn name((_, file): &Known, _: &Env) -> String {
    harmless::name(&file.name).into_owned()
}

fn state_words(file: &File, env: &Env) -> String {
    let incoming = file.direction == Direction::Incoming;
    match file.state {
        FileState::Offered if incoming => say!(env, FilesText::WaitsForYou),
        FileState::Offered => say!(env, FilesText::WaitsForThem),
        FileState::Waiting => say!(env, FilesText::Waiting),
        FileState::Running => {
            let percent = file.done.saturating_mul(100) / file.size.max(1);
            let rate = file
                .rate
                .map(|rate| format!(" · {}/s", bytes(rate)))
                .unwrap_or_default();
            format!("{percent} %{rate}")
        }
        FileState::Paused => say!(env, FilesText::Paused),
        FileState::Verified if incoming => say!(env, FilesText::Received),
        FileState::Verified => say!(env, FilesText::Sent),
        FileState::Failed => say!(env, FilesText::Failed),
        FileState::Declined => say!(env, FilesText::Declined),
    }
}

/// From whom or to whom, and how far it is.
fn about((people, file): &Known, env: &Env) -> String {
    let login = match file.direction {
        Direction::Incoming => &file.from,
        Direction::Outgoing => &file.to,
    };
    let name = shown_of(people, login, login);
    let name = if name == *login {
        name
    } else {
        format!("{name} ({login})")
    };
    let word = match file.direction {
        Direction::Incoming => say!(env, FilesText::From { name: &name }),
        Direction::Outgoing => say!(env, FilesText::To { name: &name }),
    };
    format!("{word} · {} · {}", bytes(file.size), state_words(file, env))
}

fn row() -> impl Widget<Known> {
    let bar = ProgressBar::new()
        .expand_width()
        .lens(druid::lens::Map::new(
            |(_, file): &Known| file.done as f64 / file.size.max(1) as f64,
            |_: &mut Known, _| (),
        ));
    let moving = |(_, file): &Known, _: &Env| {
        matches!(
            file.state,
            FileState::Running | FileState::Paused | FileState::Waiting
        )
    };
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::strong(name).of_file())
        .with_child(text::quiet(about))
        .with_child(Either::new(
            moving,
            bar.padding((0.0, GRID / 2.0)),
            SizedBox::empty(),
        ));
    let buttons = ViewSwitcher::new(
        |(_, file): &Known, _| (file.state as u8, file.direction == Direction::Incoming),
        |_, (_, file), _| buttons(file),
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

/// What can be done with a file now.
fn buttons(file: &File) -> Box<dyn Widget<Known>> {
    let incoming = file.direction == Direction::Incoming;
    let cancel = || {
        button::plain(
            |_, env| say!(env, FilesText::Cancel),
            act(|file| Some(RowAct::Cancel(file.file))),
        )
    };
    match file.state {
        FileState::Offered if incoming => Flex::row()
            .with_child(button::plain(
                |_, env| say!(env, FilesText::Decline),
                act(|file| Some(RowAct::Decline(file.file))),
            ))
            .with_spacer(GRID)
            .with_child(button::primary(
                |_, env| say!(env, FilesText::Accept),
                act(|file| Some(RowAct::Accept(file.file))),
            ))
            .boxed(),
        FileState::Offered | FileState::Waiting => cancel().boxed(),
        FileState::Running => Flex::row()
            .with_child(button::plain(
                |_, env| say!(env, FilesText::Pause),
                act(|file| Some(RowAct::Pause(file.file))),
            ))
            .with_spacer(GRID)
            .with_child(cancel())
            .boxed(),
        FileState::Paused => Flex::row()
            .with_child(button::plain(
                |_, env| say!(env, FilesText::Resume),
                act(|file| Some(RowAct::Resume(file.file))),
            ))
            .with_spacer(GRID)
            .with_child(cancel())
            .boxed(),
        FileState::Verified if incoming => Flex::row()
            .with_child(button::plain(
                |_, env| say!(env, FilesText::ShowInFolder),
                act(|file| file.saved_as.clone().map(RowAct::Reveal)),
            ))
            .with_spacer(GRID)
            .with_child(button::plain(
                |_, env| say!(env, FilesText::Open),
                act(|file| {
                    // What may run is only shown, never opened.
                    file.saved_as.clone().map(|path| {
                        if file.executable {
                            RowAct::Reveal(path)
                        } else {
                            RowAct::Open(path)
                        }
                    })
                }),
            ))
            .boxed(),
        FileState::Verified | FileState::Failed | FileState::Declined => SizedBox::empty().boxed(),
    }
}
