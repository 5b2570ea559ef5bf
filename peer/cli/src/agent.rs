//! `hutong agent`: a program drives one engine by JSON lines on standard input and output.
//!
//! Called by `commands`. Standard output carries lines for the program and nothing else; the agent never prompts.

pub(crate) mod conversation;
mod lines;
pub(crate) mod request;
pub(crate) mod wording;

pub(crate) use lines::{Heard, Lines};

use crate::{host, local, platform};
use conversation::{Manner, converse};
use hutong_common::text::Lang;
use hutong_engine::engine::{Engine, EventStream};
use std::path::Path;

/// Talks until the program has finished or is gone, then stops the engine politely.
pub(crate) async fn run((engine, ear): (Engine, EventStream), home: &Path, lang: Lang) {
    let talk = async {
        let manner = Manner {
            lang,
            is_watching: true,
        };
        if let Err(error) = converse(ear, tokio::io::stdin(), tokio::io::stdout(), manner).await {
            tracing::debug!(%error, "the program left");
        }
    };
    tokio::select! {
        () = talk => {}
        () = platform::interrupted() => {}
        () = local::open_to_others(home, &engine, lang) => {}
    }
    host::farewell(&engine).await;
}
