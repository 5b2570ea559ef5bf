//! What comes in at the control port: told apart by its first byte, and led through the handshake.
//!
//! Called by `server.rs` for every accepted socket. A TLS record begins with 22, a relay join with `H`; anything else
//! fails the handshake. Nothing is said to a stranger before it has shown a key, and nobody who negotiated another
//! protocol gets further.

use crate::relay_join;
use hutong_common::id::PublicKey;
use hutong_common::limits::{HANDSHAKE_TIMEOUT_MS, RELAY_JOIN_TIMEOUT_MS};
use hutong_common::relay_join::{JOIN_BYTES, MAGIC};
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

/// What came in.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A client.
    Client(Box<Accepted>),
    /// Somebody who wants to join a relayed session; not believed and not answered yet.
    Join(TcpStream, [u8; JOIN_BYTES]),
    /// Nobody of ours.
    Stranger,
}

/// Who comes in over `socket`.
pub(crate) async fn accept(
    mut socket: TcpStream,
    acceptor: &TlsAcceptor,
) -> Result<Incoming, Rejected> {
    let handshake_timeout = Duration::from_millis(HANDSHAKE_TIMEOUT_MS);
    let mut first = [0];
    let peeked = timeout(handshake_timeout, socket.peek(&mut first)).await;
    if peeked.map_err(|_| Rejected::Slow)?? == 0 {
        return Ok(Incoming::Stranger);
    }
    if MAGIC.starts_with(&first) {
        let within = Duration::from_millis(RELAY_JOIN_TIMEOUT_MS);
        let join = relay_join::read(&mut socket, within).await?;
        return Ok(join.map_or(Incoming::Stranger, |join| Incoming::Join(socket, join)));
    }
    socket.set_nodelay(true)?;
    let stream = timeout(handshake_timeout, acceptor.accept(socket)).await;
    let stream = stream.map_err(|_| Rejected::Slow)??;
    let (_, tls) = stream.get_ref();
    require_alpn(tls.alpn_protocol(), ALPN_CONTROL)?;
    let key = peer_key(tls.peer_certificates())?;
    let exporters = Exporters::of(tls)?;
    Ok(Incoming::Client(Box::new(Accepted {
        stream,
        key,
        exporters,
    })))
}
