//! The running client: the pure core with its shell of threads, sockets and files, behind one handle.
//!
//! Every face starts an [`Engine`], gives it [`Command`]s and listens to its [`Event`]s. Two threads: the core's, which
//! alone writes the home's database, and the network's. Faces hold no state of their own that matters.

mod audience;
mod clock;
mod discovery;
mod doctor;
mod driver;
mod endpoint;
mod files;
mod home;
mod links;
mod mux;
mod net;
mod peer_link;
mod pictures;
mod relays;
mod server_link;
#[cfg(test)]
mod tests;
mod threads;
pub mod wrap;

use crate::api::done::kind_name;
use crate::api::{Command, Done, Event, Failure};
use crate::core::CoreConfig;
use crate::store::StoreError;
use audience::{ListenerId, Queued, ReplyTo};
use clock::Clock;
use driver::{Driver, Inputs, Orders, Work};
pub use endpoint::{bind as bind_link, transport as link_transport};
use home::{Folders, Home};
use hutong_common::limits::{
    COMMANDS_WAITING_MAX, INPUT_QUEUE_MAX, LABEL_BYTES_MAX, OUTPUT_QUEUE_MAX,
};
use hutong_common::opaque::Stretch;
use hutong_common::refusal::Refusal;
use hutong_common::signed::DeviceKind;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Whether and where direct links are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Udp {
    /// Not at all.
    Off,
    /// On this port; 0 for any that is free.
    Port(u16),
}

/// How an engine is started.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Folder of this client, made when missing.
    pub home: PathBuf,
    /// Where accepted files go when no folder is named; `downloads` in the home when left out.
    pub downloads: Option<PathBuf>,
    /// Direct links.
    pub udp: Udp,
    /// The only address to be used; all when left out.
    pub bind: Option<IpAddr>,
    /// Announce and listen by mDNS.
    pub mdns: bool,
    /// Addresses at which any contact's device may be tried.
    pub static_peers: Vec<SocketAddr>,
    /// Added to this computer's clock, in seconds.
    pub clock_offset_s: i64,
    /// Limit of file transfers in each direction, in bytes per second.
    pub max_rate_bytes: Option<u64>,
    /// Keys may lie unprotected in the home.
    pub plain_keys: bool,
    /// Invite link or `HOST:PORT` of a preset file.
    pub preset: Option<String>,
    /// Whoever does not say otherwise signs in as at a shared seat.
    pub seat: bool,
    /// The session of a shared seat ends when this engine stops, not only at sign-out and after its hours. For programs
    /// that somebody sits before; a single command leaves the session to the next one.
    pub holds_session: bool,
    /// This program had an engine on this home until just now, and its disk failed: the session that it held goes on,
    /// where that of a program that was killed is over.
    pub resumes_session: bool,
    /// What this computer is called in the list of the account's devices; cut to fit.
    pub device_label: String,
    /// How passwords are stretched.
    pub stretch: Stretch,
    /// How relayed sessions are wrapped; programs leave it as it is.
    pub wrap: Arc<dyn wrap::Wrap>,
}

impl EngineConfig {
    /// A client in `home` with everything as most people want it.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            downloads: None,
            udp: Udp::Port(0),
            bind: None,
            mdns: true,
            static_peers: Vec::new(),
            clock_offset_s: 0,
            max_rate_bytes: None,
            plain_keys: false,
            preset: None,
            seat: false,
            holds_session: false,
            resumes_session: false,
            device_label: String::new(),
            stretch: Stretch::default(),
            wrap: Arc::new(wrap::Des),
        }
    }

    /// Where a face may keep files that exist only to be sent, as pasted pictures. They go when the home is wiped.
    pub fn outbox(&self) -> PathBuf {
        home::outbox(&self.home)
    }
}

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another engine runs on this home.
    #[error("another program runs on this home")]
    HomeLocked,
    /// The home cannot be used.
    #[error("the home {path} cannot be used")]
    Home {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The UDP port cannot be bound.
    #[error("the UDP port cannot be bound")]
    Udp(#[source] io::Error),
    /// The system gives no threads.
    #[error("the system gives no threads")]
    Threads(#[source] io::Error),
}

/// What a listener hears, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The answer to one of its own commands.
    Answer {
        /// The command's tag, as the listener chose it.
        tag: u64,
        /// The outcome.
        result: Result<Done, Failure>,
    },
    /// Something happened.
    Event(Event),
}

/// The engine has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine has stopped")]
pub struct Stopped;

/// A running engine; clones are the same one. It ends when it is stopped or the last clone and asker are gone.
#[derive(Clone, Debug)]
pub struct Engine {
    work: mpsc::Sender<Work>,
    /// Never used: its end tells the driver that nobody is left.
    handle: mpsc::Sender<Infallible>,
    permits: Arc<Semaphore>,
    last_listener: Arc<AtomicU64>,
    holds_session: bool,
}

impl Engine {
    /// Opens the home and starts. The stream hears everything from the first event on.
    ///
    /// # Errors
    /// [`StartError`], with nothing left running.
    pub fn start(config: EngineConfig) -> Result<(Self, EventStream), StartError> {
        let home = Home::open(&config.home)?;
        let store = home.open_store()?;
        home.tidy(&store)?;
        let socket = match config.udp {
            Udp::Off => None,
            Udp::Port(port) => Some(endpoint::bind(config.bind, port).map_err(StartError::Udp)?),
        };
        let (work, work_queue) = mpsc::channel(INPUT_QUEUE_MAX);
        let (deeds, deed_queue) = mpsc::channel(OUTPUT_QUEUE_MAX);
        let (handle, handles) = mpsc::channel(1);
        let clock = Clock::start(config.clock_offset_s);
        let inputs = Inputs::new(work.clone());
        let mut driver = Driver::open(
            (store, home.folders().clone()),
            core_config(&config, home.folders()),
            clock,
            deeds,
        )?;
        let engine = Self {
            work,
            handle,
            permits: Arc::new(Semaphore::new(COMMANDS_WAITING_MAX)),
            last_listener: Arc::default(),
            holds_session: config.holds_session,
        };
        let (stream, id, queue) = engine.new_listener();
        driver.add_listener(id, queue);
        let net = threads::start_net(
            threads::transfers(&config, home.folders(), (inputs, clock)),
            (&config, socket),
            deed_queue,
        )?;
        let orders = Orders {
            work: work_queue,
            handles,
        };
        threads::start_core(driver, orders, (net, home)).map_err(StartError::Threads)?;
        Ok((engine, stream))
    }

    /// Carries out a command. Its answer may come before or after events that it causes; an [`Asker`] keeps the order.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn run(&self, command: Command) -> Result<Done, Failure> {
        let stopped = Failure::Refused(Refusal::ShuttingDown);
        let Ok(_permit) = self.permits.acquire().await else {
            return Err(stopped);
        };
        let (reply, answer) = oneshot::channel();
        let work = Work::Command(command, ReplyTo::Once(reply));
        if self.work.send(work).await.is_err() {
            return Err(stopped);
        }
        answer.await.unwrap_or(Err(stopped))
    }

    /// One more listener, for everything from now on.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn listen(&self) -> Result<EventStream, Stopped> {
        let (stream, id, queue) = self.new_listener();
        let work = Work::Listen(id, queue);
        self.work.send(work).await.map_err(|_| Stopped)?;
        Ok(stream)
    }

    /// Waits, within a bound, until messages under way are on another disk than ours, closes all connections politely
    /// and frees the home. What was not handed over is safely on disk, except at a shared seat whose session this engine
    /// holds: there the session ends, and nothing stays.
    pub async fn stop(&self) {
        if self.holds_session
            && let Ok(Done::Whoami(whoami)) = self.run(Command::Whoami).await
            && whoami.signed_in.kind == kind_name(DeviceKind::Seat)
            && let Err(failure) = self.run(Command::Logout).await
        {
            tracing::warn!(%failure, "the session at this seat did not end");
        }
        let (waiting, ended) = oneshot::channel();
        if self.work.send(Work::Stop(waiting)).await.is_ok() {
            // Nothing is ever sent: the other end is dropped when the home is free.
            ended.await.ok();
        }
    }

    fn new_listener(&self) -> (EventStream, ListenerId, mpsc::Sender<Queued>) {
        let id = ListenerId(self.last_listener.fetch_add(1, Ordering::Relaxed));
        let (queue, told) = mpsc::channel(audience::QUEUE);
        let asker = Asker {
            work: self.work.clone(),
            _handle: self.handle.clone(),
            listener: id,
            permits: Arc::new(Semaphore::new(COMMANDS_WAITING_MAX)),
        };
        (EventStream { told, asker }, id, queue)
    }
}

/// What one listener hears. It holds the engine: dropping it is part of letting go.
#[derive(Debug)]
pub struct EventStream {
    told: mpsc::Receiver<Queued>,
    asker: Asker,
}

impl EventStream {
    /// The next answer or event; none when the engine has stopped. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Told> {
        self.told.recv().await.map(|queued| queued.told)
    }

    /// A handle for commands whose answers come through this stream, before any event that follows from them.
    pub fn asker(&self) -> Asker {
        self.asker.clone()
    }
}

/// Gives commands whose answers go into a listener's stream; clones do the same.
#[derive(Clone, Debug)]
pub struct Asker {
    work: mpsc::Sender<Work>,
    _handle: mpsc::Sender<Infallible>,
    listener: ListenerId,
    permits: Arc<Semaphore>,
}

impl Asker {
    /// Hands in a command; its answer carries `tag`. Waits while too many answers have not been read.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn ask(&self, tag: u64, command: Command) -> Result<(), Stopped> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let reply = ReplyTo::Ordered {
            listener: self.listener,
            tag,
            permit: permit.map_err(|_| Stopped)?,
        };
        let work = Work::Command(command, reply);
        self.work.send(work).await.map_err(|_| Stopped)
    }
}

fn core_config(config: &EngineConfig, home: &Folders) -> CoreConfig {
    let label = &config.device_label;
    let end = (0..=LABEL_BYTES_MAX.min(label.len()))
        .rev()
        .find(|at| label.is_char_boundary(*at));
    let downloads = config.downloads.clone();
    CoreConfig {
        home: home.root().to_owned(),
        downloads: downloads.unwrap_or_else(|| home.downloads()),
        preset: config.preset.clone(),
        device_label: label.get(..end.unwrap_or(0)).unwrap_or_default().to_owned(),
        stretch: config.stretch,
        static_peers: config.static_peers.clone(),
        plain_keys: config.plain_keys,
        mdns: config.mdns,
        seat: config.seat,
        holds_session: config.holds_session,
        resumes_session: config.resumes_session,
    }
}
