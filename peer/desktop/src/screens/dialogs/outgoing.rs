//! What is about to be sent, when it should be looked at before: a picture of the clipboard, many files, a very large one.

use super::super::home::want;
use crate::input::Intent;
use crate::input::intent::TalkIntent;
use crate::model::AppState;
use crate::model::compose::Outgoing;
use crate::say;
use crate::theme::GRID;
use crate::widgets::{button, picture_view, text};
use druid::WidgetExt;
use druid::widget::prelude::*;
use hutong_common::harmless;
use hutong_common::text::bytes;
use hutong_common::text::desktop::compose::ComposeText;
use std::path::PathBuf;
use std::sync::Arc;

/// Height of a picture that is about to be sent, in pixels.
const PREVIEW_HEIGHT: f64 = 240.0;
/// So many names of files are shown.
const NAMES: usize = 6;

/// What is about to be sent: a picture as it is, files by their names.
pub(super) fn question(outgoing: &Outgoing) -> impl Widget<AppState> + use<> {
    let (with, what) = (outgoing.with.clone(), outgoing.clone());
    let preview = match outgoing.paths.front().filter(|_| outgoing.is_picture) {
        Some(path) => {
            let picture = picture_view::large(Arc::new(path.clone()));
            picture.center().fix_height(PREVIEW_HEIGHT).boxed()
        }
        None => text::hint(move |_, env| names(&names_of(&what), env)).boxed(),
    };
    let (count, size, is_picture) = (
        outgoing.paths.len(),
        bytes(outgoing.size),
        outgoing.is_picture,
    );
    super::question(
        move |state: &AppState, env| {
            let contact = state.contact(&with);
            say!(
                env,
                ComposeText::SendTitle {
                    name: &harmless::name(contact.shown())
                }
            )
        },
        (
            move |env| {
                if is_picture {
                    say!(env, ComposeText::SendPicture)
                } else {
                    say!(
                        env,
                        ComposeText::SendFiles {
                            count: &count,
                            size: &size
                        }
                    )
                }
            },
            preview.padding((0.0, GRID)),
        ),
        button::primary(
            |_, env| say!(env, ComposeText::Send),
            want(Intent::Talk(TalkIntent::Confirm)),
        )
        .first(),
    )
}

fn names_of(outgoing: &Outgoing) -> Vec<String> {
    let name = |path: &PathBuf| {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy();
        harmless::name(&name).into_owned()
    };
    outgoing.paths.iter().map(name).collect()
}

/// The first of them, one a line.
fn names(names: &[String], env: &Env) -> String {
    let mut lines: Vec<String> = names.iter().take(NAMES).cloned().collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 {
        lines.push(say!(env, ComposeText::SendMore { count: &more }));
    }
    lines.join("\n")
}
