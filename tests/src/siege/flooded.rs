//! A rendezvous under a flood: on loopback, whose connections are not counted per address, or in a network of its own,
//! with the attacker at a dozen addresses. Honest clients live meanwhile, and its memory is watched.

use super::floods::{self, Attack, Flood, Tally};
use super::good::{self, Member, Waits};
use crate::driver::{
    ControlPort, Deadline, Memory, Namespace, Network, Programs, Rendezvous, Stage,
};
use anyhow::{Context, ensure};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::Builder;

/// Addresses of the attacker: enough to take every place for strangers at once.
const SOURCES: u8 = 12;
/// The first of them.
const FIRST_SOURCE: u8 = 101;
/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// What is left to do after the end is done in this time.
const REST: Duration = Duration::from_secs(60);

/// Where it takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// On this machine's loopback.
    Loopback,
    /// In a network of three machines.
    Network,
}

/// What came of a flood.
#[derive(Debug)]
pub struct Flooded {
    /// Connections that the attacker tried, and those that came to nothing.
    pub tried: (u64, u64),
    /// The most memory that the rendezvous held.
    pub peak_bytes: u64,
    /// How the honest clients fared.
    pub waits: Waits,
}

/// Somewhere to open sockets, and whence.
#[derive(Clone, Debug)]
struct Place {
    namespace: Option<String>,
}

impl Place {
    /// Does `work` there, in a thread of its own.
    fn start<T: Send + 'static, F: Future<Output = anyhow::Result<T>>>(
        &self,
        work: impl FnOnce() -> F + Send + 'static,
    ) -> JoinHandle<anyhow::Result<T>> {
        let namespace = self.namespace.clone();
        thread::spawn(move || {
            if let Some(name) = namespace {
                Namespace::enter(&name)?;
            }
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(work())
        })
    }
}

fn joined<T>(thread: JoinHandle<anyhow::Result<T>>) -> anyhow::Result<T> {
    thread
        .join()
        .map_err(|_| anyhow::anyhow!("a thread panicked"))?
}

/// A rendezvous, and the places of both sides. The network is kept while it is used.
struct Field {
    server: Rendezvous,
    port: ControlPort,
    good: Place,
    evil: Place,
    sources: Vec<Ipv4Addr>,
    _network: Option<Network>,
}

impl Field {
    fn new(stage: &Stage, ground: Ground) -> anyhow::Result<Self> {
        let (data, programs) = (stage.path("rendezvous"), stage.programs());
        let start = |programs: &Programs, listen: &str| {
            Rendezvous::start(programs, &data, listen, &["--no-mdns"])
        };
        match ground {
            Ground::Loopback => {
                let server = start(programs, "127.0.0.1:0")?;
                let here = Place { namespace: None };
                Ok(Self {
                    port: server.port()?,
                    server,
                    good: here.clone(),
                    evil: here,
                    sources: Vec::new(),
                    _network: None,
                })
            }
            Ground::Network => {
                let network = Network::of(3)?;
                let [host, good, evil] = network.machines() else {
                    anyhow::bail!("three machines were asked for")
                };
                let addresses = FIRST_SOURCE..FIRST_SOURCE + SOURCES;
                let sources: Vec<_> = addresses
                    .map(|last| Ipv4Addr::new(10, 77, 0, last))
                    .collect();
                for source in &sources {
                    evil.add_address(*source)?;
                }
                let server = start(&programs.within(host.name()), "10.77.0.1:7440")?;
                let place = |machine: &Namespace| Place {
                    namespace: Some(machine.name().to_owned()),
                };
                Ok(Self {
                    port: server.port()?,
                    server,
                    good: place(good),
                    evil: place(evil),
                    sources,
                    _network: Some(network),
                })
            }
        }
    }
}

/// Floods a new rendezvous for `time`, with so many honest clients.
///
/// # Errors
/// When it ends or panics, or nobody could get ready.
pub fn flood(
    (flood, ground): (Flood, Ground),
    time: Duration,
    people: usize,
) -> anyhow::Result<Flooded> {
    let stage = Stage::empty()?;
    let field = Field::new(&stage, ground)?;
    let port = field.port;
    let members = joined(field.good.start(move || good::gather(port, people)))?;
    let attack = |end| Attack {
        to: port,
        sources: field.sources.clone(),
        end,
    };
    let evil = if flood.needs_accounts() {
        let attack = attack(Deadline::after(REST));
        joined(
            field
                .evil
                .start(move || async move { floods::enlist(&attack).await }),
        )?
    } else {
        Vec::new()
    };
    let end = Deadline::after(time);
    let (attack, tally) = (attack(end), Arc::new(Tally::default()));
    let counted = Arc::clone(&tally);
    let flooding = field.evil.start(move || async move {
        floods::run(attack, flood, evil, counted).await;
        Ok(())
    });
    let (done, is_done) = channel();
    let living = field.good.start(move || live(port, members, (end, done)));
    let mut peak_bytes = 0;
    while is_done.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        let memory = Memory::of(field.server.id()).context("the rendezvous under the flood")?;
        peak_bytes = peak_bytes.max(memory.peak_bytes);
    }
    let waits = joined(living)?;
    joined(flooding)?;
    let log = std::fs::read_to_string(field.server.data().with_extension("log"))?;
    ensure!(!log.contains("panicked"), "the rendezvous panicked:\n{log}");
    Ok(Flooded {
        tried: tally.counts(),
        peak_bytes,
        waits,
    })
}

/// Says when it is over.
async fn live(
    port: ControlPort,
    members: Vec<Member>,
    (end, done): (Deadline, Sender<()>),
) -> anyhow::Result<Waits> {
    let waits = good::live(port, members, end).await;
    drop(done);
    waits
}
