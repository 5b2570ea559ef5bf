//! Bytes through a relayed session of the rendezvous: how fast, and what they cost it.
//!
//! At first both ends are plain sockets of this process, without the wrap and the connection inside: what is measured is the
//! rendezvous alone. Beside it stands a plain TCP relay that copies as many between the same ends. Then real programs send a
//! file by relay ([`whole`]), and keep one while the network changes ([`flips`]).

mod flips;
mod pair;
mod whole;

use super::figures::{Measure, Who};
use super::peer::Peer;
use super::{Bench, usage};
use crate::driver::{ControlPort, LightClient, Network, Rendezvous, Stopwatch};
use anyhow::{Context, bail, ensure};
use hutong_common::entropy::OsEntropy;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::identity::{KeyPair, device_id};
use hutong_common::relay_join::{ANSWER_BYTES, JoinKey};
use hutong_common::rpc::relay::{RelayAsk, RelayTicket};
use hutong_common::rpc::{Reply, Request};
use hutong_common::tls::Exporters;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tokio::runtime::Builder;

/// Both ends write and read so much at once.
const PART_BYTES: usize = 256 * 1024;
/// No limits of speed.
const PROFILE: &str = "profile = \"lab\"\n";

/// One who is connected to the rendezvous.
struct End {
    client: LightClient,
    account: AccountId,
    device: DeviceId,
}

impl End {
    async fn register(port: ControlPort, login: &str) -> anyhow::Result<Self> {
        let key = KeyPair::generate(&mut OsEntropy);
        let mut client = LightClient::connect(port, &key).await?;
        let account = client.register(login).await?.account;
        let device = device_id(&key.public());
        Ok(Self {
            client,
            account,
            device,
        })
    }

    /// The ticket for a session with `other`: of a new one, or of that which `other` has just opened.
    async fn ticket(&mut self, (account, device): (AccountId, DeviceId)) -> anyhow::Result<Ticket> {
        let ask = Request::RelayOpen(RelayAsk { account, device });
        let Reply::RelayTicket(RelayTicket { session, role, .. }) = self.client.done(ask).await?
        else {
            bail!("not the answer to this request");
        };
        let exporters = Exporters::of(self.client.socket().get_ref().1)?;
        Ok(Ticket(JoinKey::new(&exporters.relay, session, role)))
    }

    const fn name(&self) -> (AccountId, DeviceId) {
        (self.account, self.device)
    }
}

struct Ticket(JoinKey);

impl Ticket {
    fn join(&self, at: SocketAddr) -> anyhow::Result<TcpStream> {
        let mut leg = TcpStream::connect(at)?;
        leg.write_all(&self.0.join().encode())?;
        let mut answer = [0; ANSWER_BYTES];
        leg.read_exact(&mut answer)?;
        ensure!(self.0.is_joined(&answer), "the join is refused");
        Ok(leg)
    }
}

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    alone(bench)?;
    whole::measure(bench)?;
    match Network::without_walls() {
        Some(reason) => bench.table.skipped(bench.name, &reason),
        None => flips::measure(bench)?,
    }
    Ok(())
}

/// The rendezvous alone.
fn alone(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let stage = bench.stage()?;
    let config = stage.path("rendezvous.toml");
    std::fs::write(&config, PROFILE)?;
    let config = config.to_str().context("a folder with a readable name")?;
    let options = ["--no-mdns", "--config", config];
    let data = stage.path("rendezvous");
    // With a class of everybody, so that both know each other.
    let server = Rendezvous::as_it_is(stage.programs(), &data, "127.0.0.1:0", &options)?;
    let port = server.port()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut alice, mut bob) = runtime.block_on(async {
        let alice = End::register(port, "alice").await?;
        anyhow::Ok((alice, End::register(port, "bob").await?))
    })?;
    let plain = Peer::start(&stage, &[&"relay"])?;
    let (beside, _) = plain.listens()?;
    for run in bench.runs() {
        bench.begins(run);
        let tickets = runtime.block_on(async {
            let one = alice.ticket(bob.name()).await?;
            anyhow::Ok([one, bob.ticket(alice.name()).await?])
        })?;
        let legs = [
            tickets[0].join(port.address)?,
            tickets[1].join(port.address)?,
        ];
        carry(
            bench,
            legs,
            (Who::Hutong, &|| Ok(usage::of(server.id())?.cpu)),
        )?;
        let legs = [TcpStream::connect(beside)?, TcpStream::connect(beside)?];
        carry(bench, legs, (Who::TcpRelay, &|| Ok(plain.usage()?.cpu)))?;
    }
    Ok(())
}

/// What a relay has used of a CPU so far.
type Cpu<'a> = &'a dyn Fn() -> anyhow::Result<Duration>;

/// Sends as many bytes as a file has from one end to the other.
fn carry(
    bench: &mut Bench<'_>,
    [mut one, mut other]: [TcpStream; 2],
    (who, cpu): (Who, Cpu<'_>),
) -> anyhow::Result<()> {
    let bytes = bench.options.size;
    let (before, watch) = (cpu()?, Stopwatch::start());
    let sender = std::thread::spawn(move || {
        let part = vec![7; PART_BYTES];
        let mut left = bytes;
        while left > 0 {
            let next = left.min(PART_BYTES as u64);
            one.write_all(part.get(..next as usize).unwrap_or_default())?;
            left -= next;
        }
        Ok::<_, std::io::Error>(one)
    });
    let mut part = vec![0; PART_BYTES];
    let mut left = bytes;
    while left > 0 {
        let read = other.read(&mut part)? as u64;
        ensure!(read > 0, "the relay ends it");
        left = left.saturating_sub(read);
    }
    let seconds = watch.elapsed().as_secs_f64();
    let used = cpu()?.saturating_sub(before).as_secs_f64();
    let sent = sender.join().map_err(|_| anyhow::anyhow!("the sender"))?;
    drop(sent?);
    let gibibytes = bytes as f64 / f64::from(1 << 30);
    bench.note(Measure::RelaySpeed, who, bytes as f64 / 1e6 / seconds);
    bench.note(Measure::RelayCpu, who, used * 1e3 / gibibytes);
    Ok(())
}
