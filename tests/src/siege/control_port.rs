//! Hostile bytes at the port of a rendezvous: before TLS, inside of it, and from somebody who has signed in.

use crate::driver::{ControlPort, LightClient};
use crate::hostile::{self, Inputs};
use anyhow::Context;
use hutong_common::codec;
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::KeyPair;
use hutong_common::tls::{ALPN_CONTROL, client_config, server_name};
use rustls::ClientConnection;
use std::fmt;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Attackers at once.
const ATTACKERS: u64 = 8;
/// Frames on one connection before sign-in: as many as are listened to.
const FRAMES_PER_CONNECTION: usize = 8;
/// An attacker does not wait longer for an end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where in a connection the bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Instead of TLS: noise, mutated relay joins and mutated first flights of TLS.
    BeforeTls,
    /// In mutated frames of somebody who has not signed in.
    BeforeSignIn,
    /// In a stream whose lengths are wrong as well.
    Unframed,
    /// In mutated frames of somebody who has signed in.
    SignedIn,
}

/// Every stage.
pub const STAGES: [Stage; 4] = [
    Stage::BeforeTls,
    Stage::BeforeSignIn,
    Stage::Unframed,
    Stage::SignedIn,
];

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeTls => "control port, instead of TLS",
            Self::BeforeSignIn => "control port, frames before sign-in",
            Self::Unframed => "control port, TLS without frames",
            Self::SignedIn => "control port, frames after sign-in",
        })
    }
}

/// The first flight of a real handshake.
pub fn client_hello(to: ControlPort) -> anyhow::Result<Vec<u8>> {
    let key = KeyPair::generate(&mut OsEntropy);
    let config = client_config(&key, to.server.public_key(), ALPN_CONTROL);
    let mut connection = ClientConnection::new(config, server_name())?;
    let mut bytes = Vec::new();
    connection.write_tls(&mut bytes)?;
    Ok(bytes)
}

/// Sends `count` hostile inputs at one stage, from several connections at once.
///
/// # Errors
/// When not even honest connections succeed.
pub async fn attack(to: ControlPort, stage: Stage, count: u64) -> anyhow::Result<()> {
    let mut attackers = JoinSet::new();
    for number in 0..ATTACKERS {
        let share = count / ATTACKERS + u64::from(number < count % ATTACKERS);
        attackers.spawn(one_attacker(to, stage, (number, share)));
    }
    while let Some(ended) = attackers.join_next().await {
        ended??;
    }
    Ok(())
}

async fn one_attacker(
    to: ControlPort,
    stage: Stage,
    (number, share): (u64, u64),
) -> anyhow::Result<()> {
    let frames = hostile::named("client_frame").context("a reader of frames")?;
    let joins = hostile::named("relay_join").context("a reader of joins")?;
    let seeds = match stage {
        Stage::BeforeTls => [(joins.seeds)(), vec![client_hello(to)?; 3]].concat(),
        Stage::BeforeSignIn | Stage::Unframed | Stage::SignedIn => (frames.seeds)(),
    };
    let mut inputs = Inputs::new(seeds, (number, share));
    match stage {
        Stage::BeforeTls => {
            for _ in 0..share {
                raw(to, &inputs.next_bytes()).await?;
            }
            Ok(())
        }
        Stage::BeforeSignIn | Stage::Unframed => strangers(to, stage, (share, inputs)).await,
        Stage::SignedIn => insider(to, share, inputs).await,
    }
}

/// Says `bytes`, closes, and waits until the other side does.
async fn raw(to: ControlPort, bytes: &[u8]) -> anyhow::Result<()> {
    let mut socket = TcpStream::connect(to.address).await?;
    let conversation = async {
        // The other side may have enough of it at any moment.
        let _ = socket.write_all(bytes).await;
        let _ = socket.shutdown().await;
        let _ = socket.read_to_end(&mut Vec::new()).await;
    };
    timeout(PATIENCE, conversation)
        .await
        .context("it does not end")
}

async fn strangers(
    to: ControlPort,
    stage: Stage,
    (share, mut inputs): (u64, Inputs),
) -> anyhow::Result<()> {
    let mut left = share;
    while left > 0 {
        let key = KeyPair::generate(&mut OsEntropy);
        let mut client = LightClient::connect(to, &key).await?;
        if stage == Stage::Unframed {
            // A stream without frames is read up to its first wrong length: one input is all of it.
            unframed(&mut client, &inputs.next_bytes()).await?;
            left -= 1;
            continue;
        }
        for _ in 0..FRAMES_PER_CONNECTION {
            left = left.saturating_sub(1);
            let is_answered = say(&mut client, &codec::frame(&inputs.next_bytes())).await?;
            if left == 0 || !is_answered {
                break;
            }
        }
    }
    Ok(())
}

/// Says `bytes` inside of TLS, closes, and waits until the other side does.
async fn unframed(client: &mut LightClient, bytes: &[u8]) -> anyhow::Result<()> {
    let conversation = async {
        // The other side may have enough of it at any moment.
        let _ = client.send_bytes(bytes).await;
        let _ = client.socket().shutdown().await;
        let _ = client.socket().read_to_end(&mut Vec::new()).await;
    };
    timeout(PATIENCE, conversation)
        .await
        .context("it does not end")
}

/// A new account on a device of its own.
async fn registered(to: ControlPort) -> anyhow::Result<(LightClient, KeyPair)> {
    let key = KeyPair::generate(&mut OsEntropy);
    let mut client = LightClient::connect(to, &key).await?;
    let name = blake3::hash(&key.public().0).to_hex();
    client.register(&format!("evil{}", &name[..16])).await?;
    Ok((client, key))
}

/// Somebody with an account: whenever the connection is ended he comes back.
async fn insider(to: ControlPort, share: u64, mut inputs: Inputs) -> anyhow::Result<()> {
    let (mut client, mut key) = registered(to).await?;
    let (mut left, mut resumes) = (share, 0);
    while left > 0 {
        while left > 0 {
            left -= 1;
            if !say(&mut client, &codec::frame(&inputs.next_bytes())).await? {
                break;
            }
        }
        client = LightClient::connect(to, &key).await?;
        resumes += 1;
        if client.resume(resumes).await.is_err() {
            // One of the mutated frames signed this device out, or counted far ahead.
            (client, key) = registered(to).await?;
            resumes = 0;
        }
    }
    Ok(())
}

/// Whether the connection lives after this frame, which is answered, or the connection ended.
async fn say(client: &mut LightClient, frame: &[u8]) -> anyhow::Result<bool> {
    if client.send_bytes(frame).await.is_err() {
        return Ok(false);
    }
    let answer = timeout(PATIENCE, client.receive()).await;
    Ok(answer.context("neither an answer nor an end")??.is_some())
}
