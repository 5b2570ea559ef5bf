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

/// Frames or streams on one connection.
const FRAMES_PER_CONNECTION: usize = 16;
/// An attacker does not wait longer for anything.
const PATIENCE: Duration = Duration::from_secs(10);
/// A stranger is turned away within this time; a little is waited for its end.
const FAREWELL: Duration = Duration::from_millis(50);
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

/// Mutated frames on the first stream and mutated requests on further ones. A friend says a true Hello first.
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
    let (from, mut left) = (endpoint()?, count);
    while left > 0 {
        // A victim that is full turns one away: the next one comes.
        let Ok(connection) = dial(&from, key, to).await else {
            left -= 1;
            continue;
        };
        let said = say(&connection, hello, (&mut frames, &mut heads), left).await;
        left = left.saturating_sub(said);
        // It is ended by the victim, or by us.
        let _ = timeout(FAREWELL, connection.closed()).await;
        connection.close(0u32.into(), b"");
    }
    timeout(PATIENCE, from.wait_idle()).await.ok();
    Ok(())
}

/// How many inputs were said, at least one.
async fn say(
    connection: &Connection,
    hello: Option<&Hello>,
    (frames, heads): (&mut Inputs, &mut Inputs),
    left: u64,
) -> u64 {
    let Ok((mut send, _recv)) = connection.open_bi().await else {
        return 1;
    };
    if let Some(hello) = hello {
        let hello = codec::encode(&Direct::Hello(hello.clone()));
        if send.write_all(&codec::frame(&hello)).await.is_err() {
            return 1;
        }
    }
    let mut said = 0;
    for turn in 0..FRAMES_PER_CONNECTION {
        if said >= left {
            break;
        }
        said += 1;
        let sent = if turn % 4 == 3 {
            ask_for_file(connection, &codec::frame(&heads.next_bytes())).await
        } else {
            send.write_all(&codec::frame(&frames.next_bytes()))
                .await
                .is_ok()
        };
        if !sent {
            break;
        }
    }
    said.max(1)
}

async fn ask_for_file(connection: &Connection, head: &[u8]) -> bool {
    let Ok(Ok((mut send, _recv))) = timeout(FAREWELL, connection.open_bi()).await else {
        return false;
    };
    let written = send.write_all(head).await.is_ok();
    let _ = send.finish();
    written
}
