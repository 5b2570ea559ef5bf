//! `hutong agent`: a program drives one engine by JSON lines on standard input and output.
//!
//! Called by `commands`. Standard output carries lines for the program and nothing else; the agent never prompts.

pub(crate) mod conversation;
mod lines;
pub(crate) mod request;
pub(crate) mod wording;

pub(crate) use lines::{Heard, Lines};

use crate::host::{Ear, Host};
use crate::{local, platform};
use conversation::{Manner, converse};
use hutong_common::limits::FAREWELL_TIMEOUT_MS;
use hutong_common::text::Lang;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Talks until the program has finished or is gone, then stops the engine politely.
pub(crate) async fn run(host: Host, ear: Ear, home: &Path, lang: Lang) {
    let host = Arc::new(host);
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
        () = open_to_others(home, &host, lang) => {}
    }
    farewell(&host).await;
}

/// Lets other commands on this home talk to this engine; without a socket they are told that the home is locked.
pub(crate) async fn open_to_others(home: &Path, host: &Arc<Host>, lang: Lang) {
    match local::listen(home) {
        Ok(listener) => local::serve(listener, Arc::clone(host), lang).await,
        Err(error) => {
            tracing::warn!(%error, "other commands cannot reach this home");
            std::future::pending().await
        }
    }
}

/// Hands over what waits in the outbox, or leaves it on disk when that takes too long.
pub(crate) async fn farewell(host: &Host) {
    let stopped = tokio::time::timeout(Duration::from_millis(FAREWELL_TIMEOUT_MS), host.stop());
    if stopped.await.is_err() {
        tracing::warn!("the engine did not stop in time");
    }
}
