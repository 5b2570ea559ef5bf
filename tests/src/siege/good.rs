//! Honest clients during a flood, and how long they wait.

use crate::driver::{ControlPort, Deadline, LightClient, Stopwatch};
use anyhow::Context;
use hutong_common::bounded::{Bytes, List};
use hutong_common::entropy::{Entropy, OsEntropy};
use hutong_common::id::{AccountId, MsgId};
use hutong_common::identity::KeyPair;
use hutong_common::rpc::mail::{Envelope, SealedKey};
use hutong_common::rpc::{Reply, Request};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

/// One does something this often.
const PACE: Duration = Duration::from_millis(250);
/// Every so many turns somebody leaves, and comes back by a new connection: often, so that a short flood sees it too.
const TURNS_PER_VISIT: usize = 3;
/// Whoever waits longer was not served.
const PATIENCE: Duration = Duration::from_secs(10);
/// An ordinary message, padded.
const MAIL_BYTES: usize = 512;

/// How long everybody waited.
#[derive(Debug, Default)]
pub struct Waits {
    /// For the answers to pings and mail.
    pub answers: Vec<Duration>,
    /// For connection, handshake and sign-in, however many tries they took.
    pub returns: Vec<Duration>,
    /// Tries that came to nothing before one was let in.
    pub retries: usize,
    /// What was not answered in time, or refused.
    pub failures: Vec<String>,
}

impl Waits {
    fn add(&mut self, more: Self) {
        self.answers.extend(more.answers);
        self.returns.extend(more.returns);
        self.retries += more.retries;
        self.failures.extend(more.failures);
    }
}

/// The wait that so many in a hundred do not exceed.
pub fn percentile(waits: &[Duration], percent: usize) -> Duration {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().saturating_sub(1);
    sorted
        .get(last * percent / 100)
        .copied()
        .unwrap_or_default()
}

/// Somebody with an account.
#[derive(Debug)]
pub struct Member {
    key: KeyPair,
    account: AccountId,
    resumes: u64,
}

impl Member {
    /// Registers; the connection is closed again.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn register(client: LightClient, key: KeyPair, login: &str) -> anyhow::Result<Self> {
        let mut client = client;
        let account = client.register(login).await?.account;
        Ok(Self {
            key,
            account,
            resumes: 0,
        })
    }

    /// The key of its device.
    pub const fn key(&self) -> &KeyPair {
        &self.key
    }

    /// Signs in on a new connection.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn resume(&mut self, client: &mut LightClient) -> anyhow::Result<()> {
        self.resumes += 1;
        client.resume(self.resumes).await.map(drop)
    }

    /// Mail to oneself, for which nobody's leave is needed.
    ///
    /// # Panics
    /// When it is larger than any mail.
    pub fn mail(&self, bytes: usize) -> Request {
        let random: [u8; 16] = (&mut OsEntropy as &mut dyn Entropy).array();
        let key = SealedKey {
            account: self.account,
            seal_no: 1,
            enc: [1; 32],
            key_ct: [2; 32],
            key_tag: [3; 16],
        };
        Request::SendMail(Box::new(Envelope {
            env_id: MsgId(random),
            body_ct: Bytes::new(vec![7; bytes]).expect("a mail of this size"),
            recipients: List::truncated([key]),
        }))
    }
}

/// `count` people who register before anything happens.
///
/// # Errors
/// When they are not let in.
pub async fn gather(to: ControlPort, count: usize) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for number in 0..count {
        let key = KeyPair::generate(&mut OsEntropy);
        let client = LightClient::connect(to, &key).await?;
        members.push(Member::register(client, key, &format!("good{number}")).await?);
    }
    Ok(members)
}

/// They live until `end`: connected, pinging, leaving mail, and coming back now and then.
///
/// # Errors
/// When a task of it breaks.
pub async fn live(to: ControlPort, members: Vec<Member>, end: Deadline) -> anyhow::Result<Waits> {
    let mut all = JoinSet::new();
    let (count, mut first) = (u32::try_from(members.len())?, Duration::ZERO);
    for member in members {
        all.spawn(one(to, member, (first, end)));
        first += PACE / count;
    }
    let mut waits = Waits::default();
    while let Some(one) = all.join_next().await {
        waits.add(one?);
    }
    Ok(waits)
}

/// They do not all come in the same instant: that alone would be a flood from one address.
async fn one(to: ControlPort, mut member: Member, (first, end): (Duration, Deadline)) -> Waits {
    sleep(first).await;
    let mut waits = Waits::default();
    let mut pace = interval(PACE);
    while end.left().is_some() {
        if let Err(error) = visit(to, &mut member, (&mut waits, &mut pace, end)).await {
            waits.failures.push(format!("{error:#}"));
            pace.tick().await;
        }
    }
    waits
}

async fn come(to: ControlPort, member: &mut Member) -> anyhow::Result<LightClient> {
    let mut client = LightClient::connect(to, &member.key).await?;
    member.resume(&mut client).await?;
    Ok(client)
}

async fn visit(
    to: ControlPort,
    member: &mut Member,
    (waits, pace, end): (&mut Waits, &mut tokio::time::Interval, Deadline),
) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    let retries = &mut waits.retries;
    // A connection may be dropped for a newer one: the clients that people have try again, too.
    let coming = async {
        loop {
            match come(to, member).await {
                Ok(client) => return client,
                Err(_) => *retries += 1,
            }
            sleep(PACE).await;
        }
    };
    let mut client = timeout(PATIENCE, coming)
        .await
        .context("nobody lets one in")?;
    waits.returns.push(watch.elapsed());
    for turn in 0..TURNS_PER_VISIT {
        pace.tick().await;
        if end.left().is_none() {
            break;
        }
        let request = if turn == 0 {
            member.mail(MAIL_BYTES)
        } else {
            Request::Ping
        };
        let watch = Stopwatch::start();
        let answer = timeout(PATIENCE, client.done(request)).await;
        if let Reply::MailStored(stored) = answer.context("no answer")?? {
            let refused = stored.recipients.iter().find_map(|(_, refused)| *refused);
            anyhow::ensure!(refused.is_none(), "mail refused: {refused:?}");
        }
        waits.answers.push(watch.elapsed());
    }
    Ok(())
}
