//! One QUIC stream and nothing around it.
//!
//! The files are read and written in parts of 1 MiB by a thread of their own, a few parts ahead, and what was received
//! is synced before it counts as done, as a file of ours is.

use super::{Load, Said, Way, await_go, runtime, say};
use crate::content::PART_BYTES;
use anyhow::{Context, ensure};
use bytes::{Bytes, BytesMut};
use hutong_common::entropy::OsEntropy;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::tls::{ALPN_PEER, SERVER_NAME, client_config, server_config};
use hutong_engine::engine::{bind_link, link_transport};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{
    ClientConfig, Connection, Endpoint, EndpointConfig, RecvStream, SendStream, ServerConfig,
    TokioRuntime, TransportConfig,
};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Parts that wait between the thread of the disk and that of the network.
const PARTS_AHEAD: usize = 4;
/// Packets taken off a stream at a time.
const PACKETS: usize = 256;

fn transport(way: Way) -> TransportConfig {
    match way {
        Way::Quic | Way::Tcp => link_transport(),
        Way::QuicDefaults => TransportConfig::default(),
    }
}

fn socket() -> std::io::Result<std::net::UdpSocket> {
    bind_link(Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), 0)
}

/// An endpoint that accepts, and the key that it shows; must be called inside a runtime.
pub(super) fn listen(way: Way) -> anyhow::Result<(Endpoint, ServerId)> {
    let key = KeyPair::generate(&mut OsEntropy);
    let crypto = QuicServerConfig::try_from(server_config(&key, ALPN_PEER))?;
    let mut config = ServerConfig::with_crypto(Arc::new(crypto));
    config.transport_config(Arc::new(transport(way)));
    let runtime = Arc::new(TokioRuntime);
    let endpoint = Endpoint::new(EndpointConfig::default(), Some(config), socket()?, runtime)?;
    Ok((endpoint, ServerId(key.public().0)))
}

/// The first connection that comes.
pub(super) async fn accept(endpoint: &Endpoint) -> anyhow::Result<Connection> {
    Ok(endpoint.accept().await.context("nobody came")?.await?)
}

/// A connection to whoever holds the key; must be called inside a runtime.
pub(super) async fn dial(
    way: Way,
    (to, pin): (SocketAddr, ServerId),
) -> anyhow::Result<(Endpoint, Connection)> {
    let key = KeyPair::generate(&mut OsEntropy);
    let crypto = QuicClientConfig::try_from(client_config(&key, pin.public_key(), ALPN_PEER))?;
    let mut config = ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport(way)));
    let runtime = Arc::new(TokioRuntime);
    let endpoint = Endpoint::new(EndpointConfig::default(), None, socket()?, runtime)?;
    let connection = endpoint.connect_with(config, to, SERVER_NAME)?.await?;
    Ok((endpoint, connection))
}

pub(super) fn take(way: Way, into: Option<&Path>) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let (endpoint, key) = listen(way)?;
        say(&Said::listening(endpoint.local_addr()?, Some(key)))?;
        let connection = accept(&endpoint).await?;
        let (_, recv) = connection.accept_bi().await?;
        let bytes = match into {
            None => count(recv).await?,
            Some(path) => write_to(recv, path).await?,
        };
        say(&Said::done(bytes))?;
        connection.closed().await;
        Ok(())
    })
}

async fn count(mut recv: RecvStream) -> anyhow::Result<u64> {
    let (mut packets, mut bytes) = (vec![Bytes::new(); PACKETS], 0);
    while let Some(count) = recv.read_chunks(&mut packets).await? {
        let taken = packets.iter_mut().take(count).map(std::mem::take);
        bytes += taken.map(|packet| packet.len() as u64).sum::<u64>();
    }
    Ok(bytes)
}

async fn write_to(mut recv: RecvStream, path: &Path) -> anyhow::Result<u64> {
    let mut file = File::create(path)?;
    let (parts, mut queue) = mpsc::channel::<BytesMut>(PARTS_AHEAD);
    let writing = tokio::task::spawn_blocking(move || {
        let mut bytes = 0;
        while let Some(part) = queue.blocking_recv() {
            file.write_all(&part)?;
            bytes += part.len() as u64;
        }
        file.sync_all()?;
        Ok::<_, std::io::Error>(bytes)
    });
    let (mut packets, mut part) = (vec![Bytes::new(); PACKETS], BytesMut::new());
    while let Some(count) = recv.read_chunks(&mut packets).await? {
        for packet in packets.iter_mut().take(count).map(std::mem::take) {
            if part.len() + packet.len() > PART_BYTES {
                let full = std::mem::replace(&mut part, BytesMut::with_capacity(PART_BYTES));
                parts.send(full).await?;
            }
            part.extend_from_slice(&packet);
        }
    }
    parts.send(part).await?;
    drop(parts);
    Ok(writing.await??)
}

pub(super) fn give(way: Way, to: (SocketAddr, ServerId), load: &Load) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let (endpoint, connection) = dial(way, to).await?;
        let (mut send, _) = connection.open_bi().await?;
        say(&Said::default())?;
        await_go()?;
        match load.file() {
            None => fill(&mut send, load.bytes).await?,
            Some(path) => read_from(&mut send, path).await?,
        }
        send.finish()?;
        send.stopped().await?;
        say(&Said::done(load.bytes))?;
        connection.close(0_u32.into(), b"");
        endpoint.wait_idle().await;
        Ok(())
    })
}

async fn fill(send: &mut SendStream, bytes: u64) -> anyhow::Result<()> {
    let part = Bytes::from(vec![7; PART_BYTES]);
    let mut left = bytes;
    while left > 0 {
        let count = usize::try_from(left).map_or(PART_BYTES, |left| left.min(PART_BYTES));
        send.write_chunk(part.slice(..count)).await?;
        left -= count as u64;
    }
    Ok(())
}

async fn read_from(send: &mut SendStream, path: &Path) -> anyhow::Result<()> {
    let mut file = File::open(path)?;
    let (parts, mut queue) = mpsc::channel(PARTS_AHEAD);
    let reading = tokio::task::spawn_blocking(move || {
        loop {
            let mut part = vec![0; PART_BYTES];
            let count = file.read(&mut part)?;
            part.truncate(count);
            if count == 0 || parts.blocking_send(Bytes::from(part)).is_err() {
                return Ok::<_, std::io::Error>(());
            }
        }
    });
    while let Some(part) = queue.recv().await {
        ensure!(!part.is_empty(), "an empty part ends nothing");
        send.write_chunk(part).await?;
    }
    Ok(reading.await??)
}
