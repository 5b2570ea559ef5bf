//! The engine as the faces of this computer start it, and one listener of it as a conversation hears it.
//!
//! The only file that says how a home and its preset become an engine's configuration.

use crate::conversation::Listener;
use crate::home::Preset;
use crate::platform;
use hutong_common::limits::FAREWELL_TIMEOUT_MS;
use hutong_engine::api::{Command, Failure};
use hutong_engine::engine::{Engine, EngineConfig, EventStream, StartError, Told};
use std::path::Path;
use std::time::Duration;

/// How an engine on this home runs when nothing but its preset says otherwise.
pub fn config(home: &Path, preset: Preset) -> EngineConfig {
    let default = EngineConfig::new(home);
    EngineConfig {
        preset: preset.server,
        seat: preset.seat.unwrap_or(default.seat),
        device_label: platform::computer_name(),
        ..default
    }
}

/// Starts an engine of this process; the stream hears everything from the first event on.
///
/// # Errors
/// [`Failure::HomeLocked`] beside another engine, else [`Failure::Storage`].
pub fn start(config: &EngineConfig) -> Result<(Engine, EventStream), Failure> {
    Engine::start(config.clone()).map_err(|error| match error {
        StartError::HomeLocked => Failure::HomeLocked,
        StartError::Home { .. }
        | StartError::Store(_)
        | StartError::Udp(_)
        | StartError::Threads(_) => Failure::Storage {
            detail: format!("{:#}", anyhow::Error::from(error)),
        },
    })
}

/// Hands over what waits in the outbox, or leaves it on disk when that takes too long.
pub async fn farewell(engine: &Engine) {
    let stopped = tokio::time::timeout(Duration::from_millis(FAREWELL_TIMEOUT_MS), engine.stop());
    if stopped.await.is_err() {
        tracing::warn!("the engine did not stop in time");
    }
}

impl Listener for EventStream {
    async fn ask(&mut self, tag: u64, command: Command) {
        if self.asker().ask(tag, command).await.is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    async fn next(&mut self) -> Option<Told> {
        Self::next(self).await
    }
}
