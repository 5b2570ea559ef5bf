//! What comes in at the control port: told apart by its first byte, and led through the handshake.
//!
//! Called by `server.rs` for every accepted socket. A TLS record begins with 22, a relay join with `H`; anything else
//! fails the handshake. Nothing is said to a stranger before it has shown a key, and nobody who negotiated another
//! protocol gets further.

use crate::relay_join;
use hutong_common::id::PublicKey;
use hutong_common::limits::{HANDSHAKE_TIMEOUT_MS, RELAY_JOIN_TIMEOUT_MS};
use hutong_common::relay_join::MAGIC;
use hutong_common::tls::{ALPN_CONTROL, Exporters, TlsError, peer_key, require_alpn};
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Why somebody was turned away before the first frame.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejected {
    #[error("the handshake took too long")]
    Slow,
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the stream broke: {0}")]
    Stream(#[from] io::Error),
}

/// A client after its handshake.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) stream: TlsStream<TcpStream>,
    /// The key that it proved to hold.
    pub(crate) key: PublicKey,
    /// What binds its OPAQUE runs and its tickets to this connection.
    pub(crate) exporters: Exporters,
}

/// The client that comes in over `socket`, or none when it was something else and has been answered.
pub(crate) async fn accept(
    socket: TcpStream,
    acceptor: &TlsAcceptor,
) -> Result<Option<Accepted>, Rejected> {
    let handshake_timeout = Duration::from_millis(HANDSHAKE_TIMEOUT_MS);
    let mut first = [0];
    let peeked = timeout(handshake_timeout, socket.peek(&mut first)).await;
    if peeked.map_err(|_| Rejected::Slow)?? == 0 {
        return Ok(None);
    }
    if MAGIC.starts_with(&first) {
        relay_join::refuse(socket, Duration::from_millis(RELAY_JOIN_TIMEOUT_MS)).await?;
        return Ok(None);
    }
    socket.set_nodelay(true)?;
    let stream = timeout(handshake_timeout, acceptor.accept(socket)).await;
    let stream = stream.map_err(|_| Rejected::Slow)??;
    let (_, tls) = stream.get_ref();
    require_alpn(tls.alpn_protocol(), ALPN_CONTROL)?;
    let key = peer_key(tls.peer_certificates())?;
    let exporters = Exporters::of(tls)?;
    Ok(Some(Accepted {
        stream,
        key,
        exporters,
    }))
}
