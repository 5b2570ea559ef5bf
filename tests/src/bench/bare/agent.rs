//! The agent, except that the frames of its relayed sessions are closed by nobody: the same bytes, as they are.
//!
//! For a comparison and nothing else. Two of these understand each other, and no program that people have understands them.

use super::runtime;
use hutong_common::text::Lang;
use hutong_common::wrap::frames::{FrameError, FrameKind, Role, Secret};
use hutong_engine::engine::wrap::{Open, Seal, Wrap};
use hutong_engine::engine::{EngineConfig, Udp};
use hutong_host::conversation::{Manner, converse};
use hutong_host::farewell;
use hutong_host::home::Preset;
use std::path::Path;
use std::sync::Arc;

/// As long as the tag of a frame.
const TAG: [u8; 16] = [0; 16];

#[derive(Debug)]
struct Nothing;

impl Wrap for Nothing {
    fn ends(&self, _: &Secret, _: Role) -> (Box<dyn Seal>, Box<dyn Open>) {
        (Box::new(Self), Box::new(Self))
    }
}

impl Seal for Nothing {
    fn seal(
        &mut self,
        kind: FrameKind,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), FrameError> {
        let len = u16::try_from(1 + payload.len() + TAG.len()).map_err(|_| FrameError::Length)?;
        out.extend(len.to_be_bytes());
        out.push(kind as u8);
        out.extend_from_slice(payload);
        out.extend(TAG);
        Ok(())
    }
}

impl Open for Nothing {
    fn open<'a>(&mut self, frame: &'a mut [u8]) -> Result<(FrameKind, &'a [u8]), FrameError> {
        let (kind, rest) = frame.split_first().ok_or(FrameError::Length)?;
        let kinds = [
            FrameKind::Pad,
            FrameKind::Datagram,
            FrameKind::Ping,
            FrameKind::Pong,
            FrameKind::Close,
        ];
        let kind = kinds.into_iter().find(|known| *known as u8 == *kind);
        let payload = rest.strip_suffix(&TAG).ok_or(FrameError::Tag)?;
        Ok((kind.ok_or(FrameError::Kind)?, payload))
    }
}

/// Talks on standard input and output as `hutong agent` does, until its input ends.
pub(super) fn run(home: &Path, has_udp: bool) -> anyhow::Result<()> {
    let udp = if has_udp { Udp::Port(0) } else { Udp::Off };
    let config = EngineConfig {
        udp,
        mdns: false,
        plain_keys: true,
        holds_session: true,
        wrap: Arc::new(Nothing),
        ..hutong_host::config(home, Preset::default())
    };
    runtime()?.block_on(async {
        let started = hutong_host::start(&config);
        let (engine, ear) = started.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
        converse(ear, input, output, Manner::watching(Lang::En)).await?;
        farewell(&engine).await;
        Ok(())
    })
}
