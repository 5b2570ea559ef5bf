//! Floods of a rendezvous: what many connections can do to it without a single byte out of place.
//!
//! All run until their end, as fast as one thread can, from as many addresses as they are given.

use super::control_port::client_hello;
use super::good::Member;
use crate::driver::{ControlPort, Deadline, LightClient};
use hutong_common::bounded::Bytes;
use hutong_common::codec::FRAME_HEADER_BYTES;
use hutong_common::entropy::OsEntropy;
use hutong_common::id::{MailRow, RelaySession};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{FRAME_ANONYMOUS_BYTES_MAX, FRAME_BYTES_MAX, MAIL_BODY_BYTES_MAX};
use hutong_common::name::Login;
use hutong_common::relay_join::JoinKey;
use hutong_common::rpc::Request;
use hutong_common::rpc::accounts::SignInFinish;
use hutong_common::rpc::mail::MailPageAsk;
use hutong_common::wrap::frames::Role;
use hutong_fixtures::newcomer::Newcomer;
use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

/// One kind of flood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flood {
    /// Connections that are dropped at once.
    Connects,
    /// First flights of TLS, left half way.
    HalfHellos,
    /// Joins of relayed sessions: half of them left half way, the others for sessions that there are not.
    RelayJoins,
    /// Passwords that are wrong.
    WrongSignIns,
    /// One byte a second: before TLS, instead of a frame, and inside of one.
    Trickle,
    /// The largest frames, all but their last byte, before and after sign-in.
    LargestFrames,
    /// The largest mails of many accounts, in whose answers nobody is interested.
    LargestMails,
    /// Full mailboxes, asked for again and again and never read.
    DeafReaders,
}

/// Every flood.
pub const ALL: [Flood; 8] = [
    Flood::Connects,
    Flood::HalfHellos,
    Flood::RelayJoins,
    Flood::WrongSignIns,
    Flood::Trickle,
    Flood::LargestFrames,
    Flood::LargestMails,
    Flood::DeafReaders,
];

impl fmt::Display for Flood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connects => "connects",
            Self::HalfHellos => "TLS hellos left half way",
            Self::RelayJoins => "false relay joins and halves of them",
            Self::WrongSignIns => "wrong sign-ins",
            Self::Trickle => "one byte a second",
            Self::LargestFrames => "largest frames, slowly",
            Self::LargestMails => "largest mails",
            Self::DeafReaders => "mailboxes never read",
        })
    }
}

/// Who floods what.
#[derive(Clone, Debug)]
pub struct Attack {
    /// The victim.
    pub to: ControlPort,
    /// The addresses that the connections come from.
    pub sources: Vec<Ipv4Addr>,
    /// When it is over.
    pub end: Deadline,
}

/// What was tried.
#[derive(Debug, Default)]
pub struct Tally {
    tried: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    /// Connections, and how many of them came to nothing.
    pub fn counts(&self) -> (u64, u64) {
        (
            self.tried.load(Ordering::Relaxed),
            self.refused.load(Ordering::Relaxed),
        )
    }
}

/// Accounts of an attacker who has many.
const ACCOUNTS: usize = 100;
/// Mail that one account may have waiting from itself.
const MAILS: usize = 50;
/// Nobody waits longer for an end.
const PATIENCE: Duration = Duration::from_secs(30);
/// A pause after a refusal, as an attacker makes it who wants his CPU for better things.
const PAUSE: Duration = Duration::from_millis(20);

impl Flood {
    /// Connections at once.
    const fn width(self) -> usize {
        match self {
            Self::Connects => 256,
            Self::WrongSignIns => 64,
            Self::HalfHellos | Self::RelayJoins | Self::Trickle | Self::LargestFrames => 1_000,
            Self::LargestMails | Self::DeafReaders => ACCOUNTS,
        }
    }

    /// Whether its attackers have accounts.
    pub const fn needs_accounts(self) -> bool {
        matches!(
            self,
            Self::LargestFrames | Self::LargestMails | Self::DeafReaders
        )
    }
}

/// The accounts of an attacker, made before the flood.
///
/// # Errors
/// When they are not let in.
pub async fn enlist(attack: &Attack) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for number in 0..ACCOUNTS {
        let key = KeyPair::generate(&mut OsEntropy);
        let client = LightClient::over(attack.connect(number).await?, attack.to, &key).await?;
        members.push(Member::register(client, key, &format!("evil{number}")).await?);
    }
    Ok(members)
}

/// Floods until the end.
pub async fn run(attack: Attack, flood: Flood, members: Vec<Member>, tally: Arc<Tally>) {
    let attack = Arc::new(attack);
    let mut members = members.into_iter();
    let mut tasks = JoinSet::new();
    for number in 0..flood.width() {
        let (attack, tally) = (Arc::clone(&attack), Arc::clone(&tally));
        let mut member = members.next();
        tasks.spawn(async move {
            while let Some(left) = attack.end.left() {
                tally.tried.fetch_add(1, Ordering::Relaxed);
                let one = attack.one(flood, number, member.as_mut());
                // What still holds on at the end is dropped.
                if let Ok(Err(_)) = timeout(left.min(PATIENCE), one).await {
                    tally.refused.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

impl Attack {
    async fn connect(&self, number: usize) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(source) = self.sources.get(number % self.sources.len().max(1)) {
            socket.bind((*source, 0).into())?;
        }
        socket.connect(self.to.address).await
    }

    async fn one(
        &self,
        flood: Flood,
        number: usize,
        member: Option<&mut Member>,
    ) -> anyhow::Result<()> {
        let mut socket = self.connect(number).await?;
        match flood {
            Flood::Connects => return Ok(()),
            Flood::HalfHellos => {
                let hello = client_hello(self.to)?;
                socket.write_all(&hello[..hello.len() / 2]).await?;
                return until_closed(&mut socket).await;
            }
            Flood::RelayJoins => {
                let session = RelaySession((number as u128).to_be_bytes());
                let join = JoinKey::new(&[7; 32], session, Role::Opener)
                    .join()
                    .encode();
                let len = if number.is_multiple_of(2) {
                    40
                } else {
                    join.len()
                };
                socket.write_all(&join[..len]).await?;
                return until_closed(&mut socket).await;
            }
            Flood::Trickle if number.is_multiple_of(3) => {
                return trickle(&mut socket, &client_hello(self.to)?).await;
            }
            Flood::Trickle | Flood::WrongSignIns | Flood::LargestFrames => {}
            Flood::LargestMails | Flood::DeafReaders => {}
        }
        let own = KeyPair::generate(&mut OsEntropy);
        let key = member.as_ref().map_or(&own, |member| member.key());
        let mut client = LightClient::over(socket, self.to, key).await?;
        let signed_in = match member {
            Some(member) => {
                member.resume(&mut client).await?;
                Some(member)
            }
            None => None,
        };
        match (flood, signed_in) {
            (Flood::WrongSignIns, _) => self.guess(&mut client, number).await,
            (Flood::Trickle, _) => {
                let head = (FRAME_ANONYMOUS_BYTES_MAX as u32).to_be_bytes();
                let known = if number % 3 == 1 { 0 } else { head.len() };
                client.send_bytes(&head[..known]).await?;
                let rest = [&head[known..], &[0; 64]].concat();
                trickle(client.socket(), &rest).await
            }
            (Flood::LargestMails, Some(member)) => mail(&mut client, member).await,
            (Flood::DeafReaders, Some(member)) => never_read(&mut client, member).await,
            (_, signed_in) => {
                let bytes = signed_in.map_or(FRAME_ANONYMOUS_BYTES_MAX, |_| FRAME_BYTES_MAX);
                nearly_whole(&mut client, bytes).await
            }
        }
    }

    /// As many guesses as the connection takes.
    async fn guess(&self, client: &mut LightClient, number: usize) -> anyhow::Result<()> {
        let login = format!("good{}", number % 50);
        loop {
            let newcomer = Newcomer {
                server: self.to.server,
                login: Login::new(&login).map_err(|rule| anyhow::anyhow!("{rule}"))?,
                password: "a guess".to_owned(),
            };
            let (_, start) = newcomer.sign_in(&mut OsEntropy)?;
            client.done(Request::SignInStart(start)).await?;
            let opaque = Bytes::new(vec![7; 64])?;
            let finish = Request::SignInFinish(SignInFinish { opaque });
            // That it is wrong is known.
            let _ = client.ask(finish).await?;
        }
    }
}

async fn until_closed(stream: &mut (impl AsyncReadExt + Unpin)) -> anyhow::Result<()> {
    let mut bytes = [0; 1_024];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

async fn trickle(
    stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin),
    bytes: &[u8],
) -> anyhow::Result<()> {
    let mut second = interval(Duration::from_secs(1));
    for byte in bytes {
        second.tick().await;
        stream.write_all(&[*byte]).await?;
        stream.flush().await?;
    }
    Ok(())
}

/// A frame without its last byte, held until the other side has enough.
async fn nearly_whole(client: &mut LightClient, bytes: usize) -> anyhow::Result<()> {
    let mut frame = vec![0; FRAME_HEADER_BYTES + bytes - 1];
    frame[..FRAME_HEADER_BYTES].copy_from_slice(&u32::try_from(bytes)?.to_be_bytes());
    client.send_bytes(&frame).await?;
    until_closed(client.socket()).await
}

/// One largest mail after the other, without looking at an answer.
async fn mail(client: &mut LightClient, member: &Member) -> anyhow::Result<()> {
    loop {
        client.tell(member.mail(MAIL_BODY_BYTES_MAX)).await?;
    }
}

/// Fills the own mailbox, then asks for it and looks away.
async fn never_read(client: &mut LightClient, member: &Member) -> anyhow::Result<()> {
    for _ in 0..MAILS {
        // More than fits is refused.
        let _ = client.ask(member.mail(MAIL_BODY_BYTES_MAX)).await?;
    }
    let after = MailRow(0);
    for _ in 0..MAILS {
        client.tell(Request::Mail(MailPageAsk { after })).await?;
    }
    std::future::pending().await
}
