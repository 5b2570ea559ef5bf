//! Hostile bytes at the UDP port of a client: noise and mutated first packets of QUIC, strangers who speak QUIC, and the
//! friend's own device in evil hands.

use crate::hostile::{self, Inputs};
use anyhow::Context;
use hutong_common::codec;
use hutong_common::direct::{Direct, Hello};
use hutong_common::entropy::OsEntropy;
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::signed::Card;
use hutong_common::tls::{ALPN_PEER, SERVER_NAME, client_config};
use hutong_engine::store::Store;
use hutong_engine::store::home::{ACCOUNT, DEVICE};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connection, Endpoint};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// An attacker does not wait longer for anything.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest payload that a network without fragments carries.
const DATAGRAM_BYTES: usize = 1_400;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Datagrams that are none of QUIC, or nearly first packets of it.
    Datagrams,
    /// Somebody with a key that nobody knows.
    Stranger,
    /// Whoever holds the device of a friend.
    Friend,
}

/// Every stage.
pub const STAGES: [Stage; 3] = [Stage::Datagrams, Stage::Stranger, Stage::Friend];

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Datagrams => "client port, datagrams",
            Self::Stranger => "client port, QUIC of a stranger",
            Self::Friend => "client port, QUIC of a friend's device",
        })
    }
}

/// The device of a friend, as whoever has its home holds it, and the client that it knows.
#[derive(Debug)]
pub struct Stolen {
    /// The device's key.
    pub key: KeyPair,
    /// What it says first.
    pub hello: Hello,
    /// The key of the victim's device.
    pub victim: PublicKey,
}

impl Stolen {
    /// Reads the home of a client that does not run.
    ///
    /// # Errors
    /// When nobody is signed in there, or has no contact.
    pub fn from_home(home: &Path) -> anyhow::Result<Self> {
        let store = Store::open(&home.join("home.redb"))?;
        let mut tx = store.begin();
        let device = tx.single(DEVICE)?.context("a device")?;
        let account = tx.single(ACCOUNT)?.context("an account")?;
        let contacts = tx.contacts()?;
        let (_, victim) = contacts.first().context("a contact")?;
        let card: Card = victim.card.peek_unverified()?;
        Ok(Self {
            key: KeyPair::from_seed(device.seed),
            hello: Hello {
                membership: account.membership,
                card: account.card,
                revocations_version: 0,
            },
            victim: card.devices.first().context("a device")?.device_pk,
        })
    }
}

fn quic(key: &KeyPair, pin: PublicKey) -> anyhow::Result<ClientConfig> {
    let crypto = QuicClientConfig::try_from(client_config(key, pin, ALPN_PEER))?;
    Ok(ClientConfig::new(Arc::new(crypto)))
}

fn endpoint() -> anyhow::Result<Endpoint> {
    Ok(Endpoint::client((Ipv4Addr::LOCALHOST, 0).into())?)
}

/// A connection under any key, as long as the victim shows its own.
///
/// # Errors
/// When the victim turns it away.
pub async fn dial(
    from: &Endpoint,
    key: &KeyPair,
    to: (SocketAddr, PublicKey),
) -> anyhow::Result<Connection> {
    let dialling = from.connect_with(quic(key, to.1)?, to.0, SERVER_NAME)?;
    Ok(timeout(PATIENCE, dialling).await??)
}

/// Sends `count` hostile inputs.
///
/// # Errors
/// When not even honest connections succeed.
pub async fn attack(
    to: SocketAddr,
    stolen: &Stolen,
    (stage, count): (Stage, u64),
) -> anyhow::Result<()> {
    match stage {
        Stage::Datagrams => datagrams(to, stolen, count).await,
        Stage::Stranger => {
            let key = KeyPair::generate(&mut OsEntropy);
            talk((to, stolen.victim), (&key, None), count).await
        }
        Stage::Friend => {
            talk(
                (to, stolen.victim),
                (&stolen.key, Some(&stolen.hello)),
                count,
            )
            .await
        }
    }
}

/// The first packet of a real dial.
async fn initial(stolen: &Stolen) -> anyhow::Result<Vec<u8>> {
    let deaf = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let from = endpoint()?;
    let config = quic(&stolen.key, stolen.victim)?;
    let dialling = from.connect_with(config, deaf.local_addr()?, SERVER_NAME)?;
    let mut packet = vec![0; 2_048];
    let (len, _) = timeout(PATIENCE, deaf.recv_from(&mut packet)).await??;
    drop(dialling);
    packet.truncate(len);
    Ok(packet)
}

async fn datagrams(to: SocketAddr, stolen: &Stolen, count: u64) -> anyhow::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut inputs = Inputs::new(vec![initial(stolen).await?], (1, count));
    for _ in 0..count {
        let mut packet = inputs.next_bytes();
        packet.truncate(DATAGRAM_BYTES);
        socket.send_to(&packet, to).await?;
        // Whatever is answered is looked at by nobody, and leaves room in the queue.
        while socket.try_recv(&mut [0; 2_048]).is_ok() {}
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// One mutated frame on a connection of its own, and a mutated request beside every fourth: a link ends at its first bad
/// frame, and what comes behind one is read by nobody. A friend says a true Hello first.
async fn talk(
    to: (SocketAddr, PublicKey),
    (key, hello): (&KeyPair, Option<&Hello>),
    count: u64,
) -> anyhow::Result<()> {
    let frames = hostile::named("direct_frame").context("a reader of frames")?;
    let heads = hostile::named("file_request").context("a reader of requests")?;
    let mut seeds = (frames.seeds)();
    if let Some(hello) = hello {
        seeds.push(codec::encode(&Direct::Hello(hello.clone())));
    }
    let mut frames = Inputs::new(seeds, (2, count));
    let mut heads = Inputs::new((heads.seeds)(), (3, count));
    let from = endpoint()?;
    for number in 0..count {
        let connection = dial(&from, key, to).await?;
        let (mut send, _recv) = connection.open_bi().await?;
        let mut said = Vec::new();
        if let Some(hello) = hello {
            let hello = codec::encode(&Direct::Hello(hello.clone()));
            said.extend(codec::frame(&hello));
        }
        said.extend(codec::frame(&frames.next_bytes()));
        send.write_all(&said).await?;
        if number.is_multiple_of(4) {
            ask_for_file(&connection, &codec::frame(&heads.next_bytes())).await;
        }
        // It is over for the victim once it has read all of this, or enough of it.
        let _ = send.finish();
        let ended = timeout(PATIENCE, connection.closed()).await;
        ended.context("the victim does not end the link")?;
    }
    timeout(PATIENCE, from.wait_idle()).await.ok();
    Ok(())
}

/// The victim may have had enough of us at any moment.
async fn ask_for_file(connection: &Connection, head: &[u8]) {
    if let Ok(Ok((mut send, _recv))) = timeout(PATIENCE, connection.open_bi()).await {
        let _ = send.write_all(head).await;
        let _ = send.finish();
    }
}
