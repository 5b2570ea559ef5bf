//! `hutong watch`: prints what happens, beside a running engine or with its own, until interrupted.

use super::{Exit, Reached, Stop, reach_or_own};
use crate::dialog::Dialog;
use crate::platform;
use crate::render::Screen;
use hutong_engine::engine::EngineConfig;
use hutong_host::conversation::Manner;
use hutong_host::local;

/// Watches until interrupted. With an engine of its own, other commands can talk to it.
pub(super) async fn watch(config: &EngineConfig, screen: &mut Screen) -> Result<Exit, Stop> {
    let lang = screen.lang;
    match reach_or_own(config, lang).await? {
        Reached::Beside(mut dialog) => {
            dialog.watch().await??;
            let outcome = until_interrupted(&mut dialog, screen).await;
            dialog.close().await;
            outcome
        }
        Reached::Own(engine, ear) => {
            let mut dialog = Dialog::own((engine.clone(), ear), lang);
            let outcome = tokio::select! {
                outcome = until_interrupted(&mut dialog, screen) => outcome,
                () = local::open_to_others(&config.home, &engine, Manner::quiet(lang)) => Ok(Exit::Done),
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
