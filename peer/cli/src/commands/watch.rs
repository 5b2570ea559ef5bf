//! `hutong watch`: prints what happens, beside a running engine or with its own, until interrupted.

use super::{Exit, Reached, Stop, reach_or_own};
use crate::agent;
use crate::dialog::Dialog;
use crate::host::Setting;
use crate::platform;
use crate::render::Screen;
use std::sync::Arc;

/// Watches until interrupted. With an engine of its own, other commands can talk to it.
pub(super) async fn watch(setting: &Setting, screen: &mut Screen) -> Result<Exit, Stop> {
    let lang = screen.lang;
    match reach_or_own(setting, lang).await? {
        Reached::Beside(mut dialog) => {
            dialog.watch().await??;
            let outcome = until_interrupted(&mut dialog, screen).await;
            dialog.close().await;
            outcome
        }
        Reached::Own(host, ear) => {
            let host = Arc::new(host);
            let mut dialog = Dialog::own(Arc::clone(&host), ear, lang);
            let outcome = tokio::select! {
                outcome = until_interrupted(&mut dialog, screen) => outcome,
                () = agent::open_to_others(&setting.home, &host, lang) => Ok(Exit::Done),
            };
            dialog.close().await;
            outcome
        }
    }
}

async fn until_interrupted(dialog: &mut Dialog, screen: &mut Screen) -> Result<Exit, Stop> {
    let interrupted = platform::interrupted();
    tokio::pin!(interrupted);
    loop {
        tokio::select! {
            () = &mut interrupted => return Ok(Exit::Done),
            event = dialog.event() => screen.event(&event?),
        }
    }
}
