//! The engine as the faces of this package start and hear it: the command line's flags on one side, its answers on the other.
//!
//! The only file that names how an engine is configured.

use crate::agent::conversation::{Listener, Told};
use crate::args::{EngineFlags, Udp};
use crate::home::Preset;
use crate::platform;
use hutong_engine::api::{Command, Failure};
use hutong_engine::engine::{self, Asker, Engine, EngineConfig, EventStream, StartError};
use std::path::PathBuf;

/// How an engine of this process runs.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) home: PathBuf,
    /// What a preset file says.
    pub(crate) preset: Preset,
    /// Somebody sits before this program: a session at a shared seat ends with it.
    pub(crate) holds_session: bool,
    pub(crate) flags: EngineFlags,
}

impl Setting {
    fn config(&self) -> EngineConfig {
        let flags = &self.flags;
        let udp = flags.udp.map(|udp| match udp {
            Udp::Off => engine::Udp::Off,
            Udp::Port(port) => engine::Udp::Port(port),
        });
        let default = EngineConfig::new(&self.home);
        EngineConfig {
            udp: udp.unwrap_or(default.udp),
            bind: flags.bind,
            mdns: !flags.no_mdns,
            static_peers: flags.static_peer.clone(),
            clock_offset_s: flags.clock_offset.unwrap_or_default(),
            max_rate_bytes: flags.max_rate,
            plain_keys: flags.plain_keys,
            preset: self.preset.server.clone(),
            seat: self.preset.seat.unwrap_or(default.seat),
            holds_session: self.holds_session,
            device_label: platform::computer_name(),
            ..default
        }
    }
}

/// An engine of this process.
#[derive(Debug)]
pub(crate) struct Host(Engine);

impl Host {
    /// Starts one; the ear hears everything from the first event on.
    pub(crate) fn start(setting: &Setting) -> Result<(Self, Ear), Failure> {
        let (engine, stream) = Engine::start(setting.config()).map_err(|error| match error {
            StartError::HomeLocked => Failure::HomeLocked,
            StartError::Home { .. }
            | StartError::Store(_)
            | StartError::Udp(_)
            | StartError::Threads(_) => Failure::Storage {
                detail: format!("{:#}", anyhow::Error::from(error)),
            },
        })?;
        Ok((Self(engine), Ear::of(stream)))
    }

    /// One more ear, for everything from now on; `None` when the engine has stopped.
    pub(crate) async fn listen(&self) -> Option<Ear> {
        self.0.listen().await.ok().map(Ear::of)
    }

    /// Hands over what it can, and frees the home.
    pub(crate) async fn stop(&self) {
        self.0.stop().await;
    }
}

/// One listener of an engine.
#[derive(Debug)]
pub(crate) struct Ear {
    stream: EventStream,
    asker: Asker,
}

impl Ear {
    fn of(stream: EventStream) -> Self {
        Self {
            asker: stream.asker(),
            stream,
        }
    }
}

impl Listener for Ear {
    async fn ask(&mut self, tag: u64, command: Command) {
        if self.asker.ask(tag, command).await.is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    async fn next(&mut self) -> Option<Told> {
        self.stream.next().await.map(|told| match told {
            engine::Told::Answer { tag, result } => Told::Answer(tag, result),
            engine::Told::Event(event) => Told::Event(event),
        })
    }
}
