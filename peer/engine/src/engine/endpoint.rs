//! The QUIC endpoint: one UDP socket for every link, dialled or accepted.
//!
//! Nothing here decides who may connect: a dialler pins the key it wants, and the core checks everybody's Hello. Below it is
//! [`Mux`], so all addresses that QUIC sees here are virtual ones.

use super::mux::Mux;
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{
    FILE_STREAMS_PER_LINK_MAX, INCOMING_BUFFER_BYTES, INCOMING_HANDSHAKES_MAX,
    LINK_CLOSE_TIMEOUT_MS, LINK_IDLE_TIMEOUT_MS, LINK_KEEP_ALIVE_MS, LINK_SEND_BYTES,
    LINK_WINDOW_BYTES, MTU_BYTES_MAX, SOCKET_BUFFER_BYTES, STREAM_WINDOW_BYTES,
};
use hutong_common::tls::{self, ALPN_PEER, SERVER_NAME};
use quinn::congestion::BbrConfig;
use quinn::crypto::rustls::{NoInitialCipherSuite, QuicClientConfig, QuicServerConfig};
use quinn::{
    ClientConfig, ConnectError, Connecting, EndpointConfig, IdleTimeout, MtuDiscoveryConfig,
    ServerConfig, TokioRuntime, TransportConfig, VarInt,
};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Reordering of packets that is not taken for loss: more than one path, and Wi-Fi, reorder a lot.
const PACKET_THRESHOLD: u32 = 128;
/// The same in round-trip times.
const TIME_THRESHOLD: f32 = 2.0;

/// The endpoint; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    quinn: quinn::Endpoint,
    transport: Arc<TransportConfig>,
}

impl Endpoint {
    /// Must be called inside a runtime.
    pub(super) fn new(mux: &Mux) -> io::Result<Self> {
        let mut config = EndpointConfig::default();
        // Packets must be told from probes of paths by their first bits.
        config.grease_quic_bit(false);
        let (socket, runtime) = (Arc::new(mux.clone()), Arc::new(TokioRuntime));
        let quinn = quinn::Endpoint::new_with_abstract_socket(config, None, socket, runtime)?;
        Ok(Self {
            quinn,
            transport: Arc::new(transport()),
        })
    }

    /// Accepts links under this key from now on; none: nobody's.
    pub(super) fn listen(&self, key: Option<&KeyPair>) -> Result<(), NoInitialCipherSuite> {
        let config = key.map(|key| self.server_config(key)).transpose()?;
        self.quinn.set_server_config(config);
        Ok(())
    }

    fn server_config(&self, key: &KeyPair) -> Result<ServerConfig, NoInitialCipherSuite> {
        let crypto = QuicServerConfig::try_from(tls::server_config(key, ALPN_PEER))?;
        let mut config = ServerConfig::with_crypto(Arc::new(crypto));
        config
            .transport_config(Arc::clone(&self.transport))
            .migration(false)
            .max_incoming(INCOMING_HANDSHAKES_MAX)
            .incoming_buffer_size(INCOMING_BUFFER_BYTES)
            .incoming_buffer_size_total(INCOMING_BUFFER_BYTES * INCOMING_HANDSHAKES_MAX as u64);
        config.validation_token.sent(0);
        Ok(config)
    }

    /// Begins a handshake that succeeds only with the holder of `pin`.
    pub(super) fn dial(
        &self,
        key: &KeyPair,
        pin: PublicKey,
        to: SocketAddr,
    ) -> Result<Connecting, DialError> {
        let crypto = QuicClientConfig::try_from(tls::client_config(key, pin, ALPN_PEER))?;
        let mut config = ClientConfig::new(Arc::new(crypto));
        config.transport_config(Arc::clone(&self.transport));
        Ok(self.quinn.connect_with(config, to, SERVER_NAME)?)
    }

    pub(super) async fn accept(&self) -> Option<quinn::Incoming> {
        self.quinn.accept().await
    }

    /// Closes what is left and waits until the other sides were told; one that does not answer is not waited for.
    pub(super) async fn close(&self) {
        self.quinn.close(VarInt::from_u32(0), b"");
        let limit = Duration::from_millis(LINK_CLOSE_TIMEOUT_MS);
        timeout(limit, self.quinn.wait_idle()).await.ok();
    }
}

/// A dial that did not even begin.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    /// TLS cannot protect QUIC's first packets.
    #[error(transparent)]
    Crypto(#[from] NoInitialCipherSuite),
    /// The address cannot be dialled from this socket.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

/// A UDP socket on `ip`, by default on every address of both families.
///
/// # Errors
/// When the port is taken or the address is not ours.
pub fn bind(ip: Option<IpAddr>, port: u16) -> io::Result<UdpSocket> {
    match ip {
        Some(ip) => bind_to(SocketAddr::new(ip, port)),
        None => bind_to(SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port))
            .or_else(|_| bind_to(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port))),
    }
}

fn bind_to(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(address.ip() != IpAddr::V6(Ipv6Addr::UNSPECIFIED))?;
    }
    socket.bind(&address.into())?;
    for raised in [
        socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES),
        socket.set_send_buffer_size(SOCKET_BUFFER_BYTES),
    ] {
        if let Err(error) = raised {
            tracing::debug!(%error, "the system keeps its buffers small");
        }
    }
    Ok(socket.into())
}

/// How every link behaves: windows, packet sizes, congestion.
pub fn transport() -> TransportConfig {
    let mut mtu = MtuDiscoveryConfig::default();
    mtu.upper_bound(MTU_BYTES_MAX);
    let idle = u32::try_from(LINK_IDLE_TIMEOUT_MS).unwrap_or(u32::MAX);
    let mut config = TransportConfig::default();
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(1 + FILE_STREAMS_PER_LINK_MAX))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None)
        .stream_receive_window(VarInt::from_u32(STREAM_WINDOW_BYTES))
        .receive_window(VarInt::from_u32(LINK_WINDOW_BYTES))
        .send_window(LINK_SEND_BYTES)
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(idle))))
        .keep_alive_interval(Some(Duration::from_millis(LINK_KEEP_ALIVE_MS)))
        .mtu_discovery_config(Some(mtu))
        .packet_threshold(PACKET_THRESHOLD)
        .time_threshold(TIME_THRESHOLD)
        .congestion_controller_factory(Arc::new(BbrConfig::default()));
    config
}
