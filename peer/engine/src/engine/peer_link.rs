//! One link to a peer, from the first packet to the last: its task.
//!
//! The first bidirectional stream, opened by the dialler, carries frames both ways; every further one is a file request.
//! What a frame says is not looked at here. A peer that breaks the framing, or says nothing at first, is left.

use super::driver::Inputs;
use super::files::Streams;
use super::mux::Mux;
use crate::core::io::{Input, LinkId, LinkInput};
use hutong_common::codec::{self, FRAME_HEADER_BYTES};
use hutong_common::direct::Direct;
use hutong_common::id::PublicKey;
use hutong_common::limits::{
    DIAL_TIMEOUT_MS, DIRECT_FRAME_BYTES_MAX, FRAME_TIMEOUT_MS, HELLO_TIMEOUT_MS,
    LINK_CLOSE_TIMEOUT_MS, ROUND_TRIP_CHANGE_PERCENT_MIN, ROUND_TRIP_REPORT_MS,
};
use hutong_common::tls::{self, ALPN_PEER};
use quinn::crypto::rustls::HandshakeData;
use quinn::{Connection, RecvStream, SendStream, VarInt};
use rustls::pki_types::CertificateDer;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

/// Who began.
#[derive(Debug)]
pub(super) enum Origin {
    Dialled(quinn::Connecting),
    Accepted(Box<quinn::Incoming>),
}

/// What the task of a link shares with the rest.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) link: LinkId,
    pub(super) inputs: Inputs,
    pub(super) streams: Streams,
    pub(super) mux: Mux,
    /// Set once the handshake is done.
    pub(super) connection: Arc<OnceLock<Connection>>,
    /// Ends the link without sending the rest.
    pub(super) kill: Arc<Notify>,
}

/// Why there is no link, or no longer one. For the log only.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    #[error(transparent)]
    Connection(#[from] quinn::ConnectionError),
    #[error(transparent)]
    Read(#[from] quinn::ReadExactError),
    #[error(transparent)]
    Codec(#[from] codec::CodecError),
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    #[error("its address was forgotten")]
    Forgotten,
    #[error("too slow")]
    Slow(#[from] tokio::time::error::Elapsed),
}

impl Link {
    pub(super) async fn run(self, origin: Origin, queue: mpsc::Receiver<Vec<u8>>) -> LinkId {
        let ended = tokio::select! {
            ended = self.live(origin, queue) => ended,
            () = self.kill.notified() => Ok(()),
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a link ended");
        }
        if let Some(connection) = self.connection.get() {
            connection.close(VarInt::from_u32(0), b"");
        }
        self.mux.remove(self.link);
        self.streams.forget(self.link);
        let down = LinkInput::Down { link: self.link };
        self.inputs.send(Input::Link(down)).await;
        self.link
    }

    async fn live(
        &self,
        origin: Origin,
        mut queue: mpsc::Receiver<Vec<u8>>,
    ) -> Result<(), LinkError> {
        let (connection, send, recv) = establish(origin).await?;
        let connection = self.connection.get_or_init(|| connection);
        let met = self.mux.met_at(connection.remote_address());
        let up = LinkInput::Up {
            link: self.link,
            key: proved_key(connection)?,
            remote: met.ok_or(LinkError::Forgotten)?,
        };
        self.inputs.send(Input::Link(up)).await;
        // A connection that closes ends the reader, and only after it has read what came before.
        tokio::select! {
            () = write_frames(&mut queue, send) => Ok(()),
            error = self.read_frames(recv) => Err(error),
            never = self.accept_requests(connection) => match never {},
            never = self.report_round_trips(connection) => match never {},
        }
    }

    async fn read_frames(&self, mut recv: RecvStream) -> LinkError {
        // The core closes a stranger whose Hello does not hold; one that says nothing is left here.
        let mut first = Some(Duration::from_millis(HELLO_TIMEOUT_MS));
        loop {
            let read = match first.take() {
                Some(limit) => timeout(limit, read_frame(&mut recv))
                    .await
                    .unwrap_or_else(|slow| Err(slow.into())),
                None => read_frame(&mut recv).await,
            };
            match read {
                Ok(frame) => {
                    let link = self.link;
                    let frame = LinkInput::Frame { link, frame };
                    self.inputs.send(Input::Link(frame)).await;
                }
                Err(error) => return error,
            }
        }
    }

    async fn accept_requests(&self, connection: &Connection) -> Infallible {
        while let Ok((send, recv)) = connection.accept_bi().await {
            self.streams.take(self.link, &self.inputs, send, recv);
        }
        std::future::pending().await
    }

    async fn report_round_trips(&self, connection: &Connection) -> Infallible {
        let mut reported_us = 0;
        loop {
            let rtt_us = u64::try_from(connection.rtt().as_micros()).unwrap_or(u64::MAX);
            let change = rtt_us.abs_diff(reported_us);
            if change > reported_us.saturating_mul(ROUND_TRIP_CHANGE_PERCENT_MIN) / 100 {
                reported_us = rtt_us;
                let link = self.link;
                let report = LinkInput::RoundTrip { link, rtt_us };
                self.inputs.send(Input::Link(report)).await;
            }
            tokio::time::sleep(Duration::from_millis(ROUND_TRIP_REPORT_MS)).await;
        }
    }
}

async fn establish(origin: Origin) -> Result<(Connection, SendStream, RecvStream), LinkError> {
    let limit = Duration::from_millis(DIAL_TIMEOUT_MS);
    let (connection, (send, recv)) = match origin {
        Origin::Dialled(connecting) => {
            let connection = timeout(limit, connecting).await??;
            let stream = connection.open_bi().await?;
            (connection, stream)
        }
        Origin::Accepted(incoming) => {
            let connection = timeout(limit, incoming.accept()?).await??;
            let first = Duration::from_millis(HELLO_TIMEOUT_MS);
            let stream = timeout(first, connection.accept_bi()).await??;
            (connection, stream)
        }
    };
    let data = connection
        .handshake_data()
        .and_then(|data| data.downcast::<HandshakeData>().ok());
    let protocol = data.and_then(|data| data.protocol);
    tls::require_alpn(protocol.as_deref(), ALPN_PEER)?;
    Ok((connection, send, recv))
}

fn proved_key(connection: &Connection) -> Result<PublicKey, LinkError> {
    let shown = connection
        .peer_identity()
        .and_then(|shown| shown.downcast::<Vec<CertificateDer<'static>>>().ok());
    Ok(tls::peer_key(shown.as_deref().map(Vec::as_slice))?)
}

/// Ends when the queue does and the rest was read by the other side, or when that takes too long.
async fn write_frames(queue: &mut mpsc::Receiver<Vec<u8>>, mut send: SendStream) {
    while let Some(frame) = queue.recv().await {
        if let Err(error) = send.write_all(&frame).await {
            tracing::debug!(%error, "a link cannot be written to");
            return std::future::pending().await;
        }
    }
    if send.finish().is_ok() {
        let limit = Duration::from_millis(LINK_CLOSE_TIMEOUT_MS);
        timeout(limit, send.stopped()).await.ok();
    }
}

async fn read_frame(recv: &mut RecvStream) -> Result<Direct, LinkError> {
    let mut header = [0; FRAME_HEADER_BYTES];
    recv.read_exact(&mut header).await?;
    let len = codec::frame_len(header, DIRECT_FRAME_BYTES_MAX)?;
    let mut body = vec![0; len];
    let limit = Duration::from_millis(FRAME_TIMEOUT_MS);
    timeout(limit, recv.read_exact(&mut body)).await??;
    Ok(codec::decode(&body)?)
}
