//! TLS connections with raw public keys, and nothing behind the handshake but one byte.

use super::{Said, runtime, say};
use hutong_common::entropy::OsEntropy;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::tls::{ALPN_CONTROL, server_config};
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Serves until it is killed.
pub(super) fn greet() -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let key = KeyPair::generate(&mut OsEntropy);
        let acceptor = TlsAcceptor::from(server_config(&key, ALPN_CONTROL));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let id = ServerId(key.public().0);
        say(&Said::listening(listener.local_addr()?, Some(id)))?;
        loop {
            let (socket, _) = listener.accept().await?;
            let acceptor = acceptor.clone();
            // Whoever breaks off is not missed.
            tokio::spawn(async move { greet_one(socket, acceptor).await.ok() });
        }
    })
}

async fn greet_one(socket: TcpStream, acceptor: TlsAcceptor) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut stream = acceptor.accept(socket).await?;
    let mut byte = [0];
    while stream.read(&mut byte).await? > 0 {
        stream.write_all(&byte).await?;
        stream.flush().await?;
    }
    Ok(())
}
