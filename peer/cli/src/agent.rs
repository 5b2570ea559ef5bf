//! `hutong agent`: a program drives one engine by JSON lines on standard input and output.
//!
//! Called by `commands`. Standard output carries lines for the program and nothing else; the agent never prompts.

use crate::platform;
use hutong_common::text::Lang;
use hutong_engine::engine::{Engine, EventStream};
use hutong_host::conversation::{Manner, converse};
use hutong_host::{farewell, local};
use std::path::Path;

/// Talks until the program has finished or is gone, then stops the engine politely.
pub(crate) async fn run((engine, ear): (Engine, EventStream), home: &Path, lang: Lang) {
    let talk = async {
        let manner = Manner::watching(lang);
        if let Err(error) = converse(ear, tokio::io::stdin(), tokio::io::stdout(), manner).await {
            tracing::debug!(%error, "the program left");
        }
    };
    tokio::select! {
        () = talk => {}
        () = platform::interrupted() => {}
        () = local::open_to_others(home, &engine, Manner::quiet(lang)) => {}
    }
    farewell(&engine).await;
}
