//! A running rendezvous: everything is opened and bound first, so that what is ready is really so; then it serves
//! until it is told to stop, and stops in good order.
//!
//! Called by `commands.rs`. Whatever can refuse to start does so in [`Server::bind`], in the order of the data folder's
//! lock, keys, clock, addresses. What goes wrong later is logged and ends one connection at most.

use crate::addresses;
use crate::admin::{self, Answer, Desk, Refused};
use crate::announce::{Announced, Announcement};
use crate::clock::context;
use crate::config::Config;
use crate::connection::{self, Shared};
use crate::control::{self, Incoming};
use crate::database::{Database, Unavailable};
use crate::failure::{Failure, NotCarriedOut};
use crate::http;
use crate::invites::Inviting;
use crate::listen::listen;
use crate::opened::Opened;
use crate::platform::{self, StopSignals};
use crate::relay::{self, Legs, Rates};
use crate::self_check::{self, Finding, Surroundings};
use crate::service::accounts::Effects;
use crate::service::audit::AuditAct;
use crate::service::{Context, Service};
use crate::sessions::Sessions;
use crate::slots::{Slot, Slots};
use crate::udp_check;
use crate::writer::Writer;
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::Fingerprint;
use hutong_common::invite::Invite;
use hutong_common::limits::{ACCEPT_PAUSE_MS, ARRIVALS_INTERVAL_MS, SHUTDOWN_DRAIN_MS};
use hutong_common::tls::{ALPN_CONTROL, server_config};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

/// What others need to know of a rendezvous that is ready.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// Where a program on this computer connects.
    pub(crate) control: SocketAddr,
    pub(crate) http: Option<SocketAddr>,
    pub(crate) invite: Invite,
    pub(crate) fingerprint: Fingerprint,
    /// Whether clients on this network find it by themselves.
    pub(crate) announced: bool,
    /// What makes an admin of whoever registers with it, while there is none.
    pub(crate) owner_code: Option<String>,
}

/// A rendezvous that is ready, and serves once [`serve_until`](Self::serve_until) is called.
pub(crate) struct Server {
    ready: Ready,
    control: TcpListener,
    http: Option<TcpListener>,
    admin: Option<admin::Listener>,
    acceptor: TlsAcceptor,
    inviting: Inviting,
    database: Arc<Database>,
    service: Arc<Service>,
    sessions: Arc<Sessions>,
    announcement: Option<Announcement>,
    udp_check: Option<UdpSocket>,
    /// Strangers' connections from one address.
    per_ip: usize,
    rates: Rates,
}

impl Server {
    /// Opens and binds everything.
    pub(crate) async fn bind(config: Config, accept_clock: bool) -> Result<Self, Failure> {
        platform::raise_open_files();
        let folder = config.data_folder()?;
        let made = platform::create_private_folder(&folder);
        made.map_err(|error| Failure::file(&folder, error))?;
        let Opened {
            key,
            database,
            service,
            sessions,
        } = Opened::open(&config, &folder, accept_clock)?;
        let (server, acceptor) = (service.server_id(), server_config(&key, ALPN_CONTROL));
        database.write(|tx| {
            let entropy = &mut OsEntropy;
            let cx = &mut context(tx, entropy);
            service.note(AuditAct::Started, "", cx)?;
            Ok::<_, Unavailable>(service.make_everybody(cx)?)
        })?;
        let owner_code = database.read(|tx| Ok::<_, Unavailable>(Service::owner_code(tx)?))?;

        let control = listen(config.listen)?;
        let bound = control.local_addr()?;
        let http = config.http.map(listen).transpose()?;
        let inviting = Inviting {
            server,
            name: config.name_for(server),
            hosts: config.hosts_or(|| addresses::hosts(bound)),
        };
        let announcement = config.mdns.then(|| announce(&inviting, bound)).flatten();
        let udp_check = udp_check::bind(bound, announcement.is_some(), &service);
        let ready = Ready {
            control: addresses::local(bound),
            http: http
                .as_ref()
                .map(TcpListener::local_addr)
                .transpose()?
                .map(addresses::local),
            invite: inviting.plain().map_err(|fault| NotCarriedOut::Refused {
                fault: fault.to_string(),
            })?,
            fingerprint: Fingerprint::of(server),
            announced: announcement.is_some(),
            owner_code,
        };
        Ok(Self {
            ready,
            control,
            http,
            admin: admin_listener(&folder),
            acceptor: TlsAcceptor::from(acceptor),
            inviting,
            database,
            service,
            sessions,
            announcement,
            udp_check,
            per_ip: config.profile.limits().anonymous_connections_per_ip,
            rates: config.relay_rates().into(),
        })
    }

    /// What others need to know.
    pub(crate) const fn ready(&self) -> &Ready {
        &self.ready
    }

    /// What is not as it should be about this computer.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let bound = self.control.local_addr();
        bound.map_or_else(
            |_| Vec::new(),
            |bound| self_check::at_start(bound, &self.database),
        )
    }

    /// What is looked at while it serves, and where it is noted that somebody has come from another computer.
    fn surroundings(&self) -> io::Result<(Surroundings, Arc<AtomicBool>)> {
        let visited = Arc::<AtomicBool>::default();
        let surroundings = Surroundings {
            server: self.service.server_id(),
            bound: self.control.local_addr()?,
            visited: Arc::clone(&visited),
            announced: self.announcement.as_ref().and_then(Announcement::hear),
        };
        Ok((surroundings, visited))
    }

    /// Serves until the first signal, says so, and takes leave of everybody; a second one ends it at once. What it finds
    /// about its surroundings meanwhile goes to `found`.
    pub(crate) async fn serve_until(
        self,
        mut stop: StopSignals,
        stopping: impl FnOnce(),
        found: impl Fn(&Finding) + Send + Sync + 'static,
    ) -> Result<(), Failure> {
        let (surroundings, visited) = self.surroundings()?;
        let (database, service, sessions) = (self.database, self.service, self.sessions);
        let (writer, thread) = Writer::start(
            Arc::clone(&database),
            Arc::clone(&service),
            Arc::clone(&sessions),
        )?;
        let (leave, stopped) = watch::channel(false);
        let mut sides = JoinSet::new();
        if let Some(http) = self.http {
            sides.spawn(serve_http(http, Arc::clone(&database), writer.clone()));
        }
        if let Some(admin) = self.admin {
            let desk = Desk::new(Arc::clone(&service), self.inviting);
            let shared = (writer.clone(), Arc::clone(&database));
            sides.spawn(serve_admin(admin, desk, shared));
        }
        if let Some(socket) = self.udp_check {
            sides.spawn(udp_check::serve(socket, Arc::clone(&service)));
        }
        sides.spawn(self_check::watch(surroundings, found));
        sides.spawn(writer.clone().tick());
        sides.spawn(tell_arrivals(writer.clone(), Arc::clone(&service)));
        let stores = (database, service, sessions);
        let legs = Legs::new(self.rates);
        let shared = Shared::new(stores, (writer, stopped), (legs, visited));
        let mut clients = JoinSet::new();
        let served = tokio::select! {
            () = stop.next() => {
                stopping();
                Ok(())
            }
            () = shared.writer.gone() => Err(Failure::WriterGone),
            () = accept(&self.control, &self.acceptor, (&shared, self.per_ip), &mut clients) => Ok(()),
        };
        drop(self.control);
        leave.send_replace(true);
        let drained = async {
            if let Some(announcement) = self.announcement {
                announcement.take_back().await;
            }
            while clients.join_next().await.is_some() {}
            sides.shutdown().await;
            // With the last way to it the writer ends, after what is queued.
            note_stop(shared).await;
            spawn_blocking(|| thread.join()).await
        };
        tokio::select! {
            drained = timeout(Duration::from_millis(SHUTDOWN_DRAIN_MS), drained) => {
                if drained.is_err() {
                    warn!("not everybody could be told in time");
                }
                served
            }
            () = stop.next() => served.and(Err(Failure::CutShort)),
        }
    }
}

async fn note_stop(shared: Shared) {
    let Shared {
        writer, service, ..
    } = shared;
    let noted = writer.change(move |cx| {
        service.note(AuditAct::Stopped, "", cx)?;
        Ok(((), Effects::default()))
    });
    if noted.await.is_none() {
        warn!("the stop could not be noted");
    }
}

/// Tells members of large groups who came in, a little later and together.
async fn tell_arrivals(writer: Writer, service: Arc<Service>) {
    let mut looks = interval(Duration::from_millis(ARRIVALS_INTERVAL_MS));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        if !service.arrivals_wait() {
            continue;
        }
        // In the thread that writes: what it has not committed yet would be told too early, and not again.
        let service = Arc::clone(&service);
        let told = writer.change(move |cx| {
            let pushes = service.tell_arrivals(cx)?;
            let endings = Vec::new();
            Ok(((), Effects { pushes, endings }))
        });
        if told.await.is_none() {
            debug!("who came in is not told");
        }
    }
}

/// A folder whose socket cannot be had, such as one with too long a path, costs the commands and not the server.
fn admin_listener(folder: &Path) -> Option<admin::Listener> {
    match admin::listen(folder) {
        Ok(listener) => Some(listener),
        Err(error) => {
            warn!(%error, "commands cannot reach this rendezvous while it runs");
            None
        }
    }
}

/// Nobody else can be reached at a loopback address, so it is not announced.
fn announce(inviting: &Inviting, bound: SocketAddr) -> Option<Announcement> {
    if bound.ip().is_loopback() {
        return None;
    }
    Announcement::start(Announced {
        server: inviting.server,
        name: &inviting.name,
        port: bound.port(),
        address: Some(bound.ip()).filter(|ip| !ip.is_unspecified()),
    })
}

/// Accepts clients for ever, each in a task of its own.
async fn accept(
    control: &TcpListener,
    acceptor: &TlsAcceptor,
    (shared, per_ip): (&Shared, usize),
    clients: &mut JoinSet<()>,
) {
    let slots = Slots::new(per_ip);
    loop {
        tokio::select! {
            accepted = control.accept() => match accepted {
                Ok((socket, peer)) => {
                    if let Some(slot) = slots.take(peer.ip()) {
                        clients.spawn(serve_client((socket, peer), slot, acceptor.clone(), shared.clone()));
                    } else {
                        debug!("turned away for want of places");
                    }
                }
                Err(error) => {
                    warn!(%error, "could not accept a connection");
                    sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                }
            },
            Some(_) = clients.join_next() => {}
        }
    }
}

async fn serve_client(
    (socket, peer): (TcpStream, SocketAddr),
    slot: Slot,
    acceptor: TlsAcceptor,
    mut shared: Shared,
) {
    let local = socket.local_addr().map(|local| local.ip());
    if local.is_ok_and(|local| self_check::is_from_elsewhere(local, peer.ip())) {
        shared.visited.store(true, Ordering::Relaxed);
    }
    let evicted = slot.evicted();
    let accepted = tokio::select! {
        accepted = control::accept(socket, &acceptor) => accepted,
        () = evicted.notified() => return debug!(%peer, "gives its place to somebody else"),
        _ = shared.stopped.wait_for(|stopped| *stopped) => return,
    };
    match accepted {
        Ok(Incoming::Client(accepted)) => connection::serve(*accepted, peer, slot, shared).await,
        Ok(Incoming::Join(socket, join)) => relay::serve(socket, &join, slot, shared).await,
        Ok(Incoming::Stranger) => {}
        Err(error) => debug!(%peer, %error, "turned away"),
    }
}

async fn serve_http(listener: TcpListener, database: Arc<Database>, writer: Writer) {
    let probe: http::Probe = Arc::new(move || !writer.is_gone() && database.answers());
    if let Err(error) = http::serve(listener, probe).await {
        warn!(%error, "the health pages are gone");
    }
}

/// Questions that only read need no commit, and are answered while the disk is full.
async fn serve_admin(listener: admin::Listener, desk: Desk, shared: (Writer, Arc<Database>)) {
    let (desk, shared) = (&desk, &shared);
    listener
        .serve(async |asked| {
            let (desk, (writer, database)) = (desk.clone(), shared);
            let answered = if asked.is_read_only() {
                let database = Arc::clone(database);
                let read = move || {
                    database.read(|tx| desk.answer(asked, &mut context(tx, &mut OsEntropy)))
                };
                let read = spawn_blocking(read).await;
                read.ok().and_then(Result::ok).map(|(answer, _)| answer)
            } else {
                let changed = move |cx: &mut Context<'_>| desk.answer(asked, cx);
                writer.change(changed).await
            };
            answered.unwrap_or(Answer::Refused(Refused::NotStored))
        })
        .await;
}
