//! The file manager: what came, what went, and how far it is.

use crate::input::Intent;
use crate::input::intent::TalkIntent;
use crate::model::AppState;
use crate::model::chat::RowAct;
use crate::say;
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::pane::{self, Card};
use crate::widgets::{button, text};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, ProgressBar, SizedBox, ViewSwitcher};
use hutong_common::text::bytes;
use hutong_common::text::desktop::files::FilesText;
use hutong_common::text::desktop::home::HomeText;
use hutong_engine::api::command::Direction;
use hutong_engine::api::event::{File, FileState};

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let rows = List::new(row).lens(AppState::file_list);
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
) -> impl Fn(&mut EventCtx, &mut Card<File>, &Env) {
    move |ctx, file, _| {
        if let Some(act) = what(file) {
            ctx.submit_command(INTENT.with(Intent::Talk(TalkIntent::Row(act))));
        }
    }
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

fn row() -> impl Widget<Card<File>> {
    let who = text::quiet(|file: &Card<File>, env| {
        let (other, word) = match file.direction {
            Direction::Incoming => (&file.from, say!(env, FilesText::From { name: &file.from })),
            Direction::Outgoing => (&file.to, say!(env, FilesText::To { name: &file.to })),
        };
        let _ = other;
        format!("{word} · {} · {}", bytes(file.size), state_words(file, env))
    });
    let bar = ProgressBar::new()
        .expand_width()
        .lens(druid::lens::Map::new(
            |file: &Card<File>| file.done as f64 / file.size.max(1) as f64,
            |_: &mut Card<File>, _| (),
        ));
    let moving = |file: &Card<File>, _: &Env| {
        matches!(
            file.state,
            FileState::Running | FileState::Paused | FileState::Waiting
        )
    };
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::strong(|file: &Card<File>, _| file.name.clone()))
        .with_child(who)
        .with_child(Either::new(
            moving,
            bar.padding((0.0, GRID / 2.0)),
            SizedBox::empty(),
        ));
    let buttons = ViewSwitcher::new(
        |file: &Card<File>, _| (file.state as u8, file.direction == Direction::Incoming),
        |_, file, _| buttons(file),
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
fn buttons(file: &File) -> Box<dyn Widget<Card<File>>> {
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
