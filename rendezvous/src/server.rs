//! A running rendezvous: everything is opened and bound first, so that what is ready is really so; then it serves
//! until it is told to stop, and stops in good order.
//!
//! Called by `commands.rs`. Whatever can refuse to start does so in [`Server::bind`], in the order of the data folder's
//! lock, keys, clock, addresses. What goes wrong later is logged and ends one connection at most.

use crate::addresses;
use crate::admin::{self, Answer, Ask};
use crate::announce::{Announced, Announcement};
use crate::clock::{self, context};
use crate::config::Config;
use crate::connection::{self, Shared};
use crate::control;
use crate::database::{Database, Unavailable};
use crate::failure::Failure;
use crate::http;
use crate::invites::{Inviting, NotInvited};
use crate::keys::Keys;
use crate::listen::listen;
use crate::platform;
use crate::service::{Service, ServiceConfig};
use crate::sessions::Sessions;
use crate::slots::{Slot, Slots};
use crate::writer::Writer;
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::Fingerprint;
use hutong_common::invite::Invite;
use hutong_common::limits::{ACCEPT_PAUSE_MS, CLOCK_JUMP_MAX_MS, SHUTDOWN_DRAIN_MS};
use hutong_common::refusal::Refusal;
use hutong_common::tls::{ALPN_CONTROL, server_config};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
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
}

impl Server {
    /// Opens and binds everything.
    pub(crate) async fn bind(config: Config, accept_clock: bool) -> Result<Self, Failure> {
        let folder = config.data_folder()?;
        let made = platform::create_private_folder(&folder);
        made.map_err(|error| Failure::file(&folder, error))?;
        let database = Arc::new(Database::open(&folder)?);
        let is_new = last_seen_ms(&database)? == 0;
        let keys = Keys::open(&folder, is_new, &mut OsEntropy)?;
        let (server, acceptor) = (keys.server_id(), server_config(&keys.server, ALPN_CONTROL));
        check_clock(&database, accept_clock)?;
        let sessions = Arc::new(Sessions::default());
        let service = ServiceConfig {
            key: keys.server,
            opaque: keys.opaque,
            policy: config.policy(server),
            presence: Arc::clone(&sessions) as _,
        };
        let service = database.write(|tx| {
            let opened = Service::open(service, &mut context(tx, &mut OsEntropy));
            Ok::<_, Unavailable>(opened?)
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
        let ready = Ready {
            control: addresses::local(bound),
            http: http
                .as_ref()
                .map(TcpListener::local_addr)
                .transpose()?
                .map(addresses::local),
            invite: inviting.plain().map_err(|fault| Failure::Refused {
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
            service: Arc::new(service),
            sessions,
            announcement,
        })
    }

    /// What others need to know.
    pub(crate) const fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Serves until `stop` returns, then takes leave of everybody.
    pub(crate) async fn serve_until(
        self,
        stop: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        let (database, service, sessions) = (self.database, self.service, self.sessions);
        let (writer, thread) = Writer::start(
            Arc::clone(&database),
            Arc::clone(&service),
            Arc::clone(&sessions),
        )?;
        let (stopping, stopped) = watch::channel(false);
        let mut sides = JoinSet::new();
        if let Some(http) = self.http {
            sides.spawn(serve_http(http, Arc::clone(&database)));
        }
        if let Some(admin) = self.admin {
            sides.spawn(serve_admin(admin, self.inviting, writer.clone()));
        }
        sides.spawn(writer.clone().tick());
        let shared = Shared {
            database,
            service,
            sessions,
            writer,
            stopped,
        };
        let mut clients = JoinSet::new();
        let asked = tokio::select! {
            asked = stop => asked,
            () = accept(&self.control, &self.acceptor, &shared, &mut clients) => Ok(()),
        };
        drop(self.control);
        stopping.send_replace(true);
        let drained = async {
            if let Some(announcement) = self.announcement {
                announcement.take_back().await;
            }
            while clients.join_next().await.is_some() {}
            sides.shutdown().await;
            // With the last way to it the writer ends, after what is queued.
            drop(shared);
            spawn_blocking(|| thread.join()).await
        };
        if timeout(Duration::from_millis(SHUTDOWN_DRAIN_MS), drained)
            .await
            .is_err()
        {
            warn!("not everybody could be told in time");
        }
        asked
    }
}

/// When something was last written, Unix milliseconds; 0 in a new database.
fn last_seen_ms(database: &Database) -> Result<u64, Failure> {
    Ok(database.read(|tx| Ok::<_, Unavailable>(Service::last_seen_ms(tx)?))?)
}

/// A clock that went back would sign what is older than what it signed before; one far ahead would let everything expire.
fn check_clock(database: &Database, accept_clock: bool) -> Result<(), Failure> {
    let last_ms = last_seen_ms(database)?;
    let now_ms = clock::now_ms();
    if accept_clock || last_ms == 0 {
        Ok(())
    } else if now_ms < last_ms {
        Err(Failure::ClockBehind {
            by_ms: last_ms - now_ms,
        })
    } else if now_ms - last_ms > CLOCK_JUMP_MAX_MS {
        Err(Failure::ClockAhead {
            by_ms: now_ms - last_ms,
        })
    } else {
        Ok(())
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
    shared: &Shared,
    clients: &mut JoinSet<()>,
) {
    let slots = Slots::default();
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
    let accepted = tokio::select! {
        accepted = control::accept(socket, &acceptor) => accepted,
        _ = shared.stopped.wait_for(|stopped| *stopped) => return,
    };
    match accepted {
        Ok(Some(accepted)) => connection::serve(accepted, peer, slot, shared).await,
        Ok(None) => {}
        Err(error) => debug!(%peer, %error, "turned away"),
    }
}

async fn serve_http(listener: TcpListener, database: Arc<Database>) {
    let probe: http::Probe = Arc::new(move || database.answers());
    if let Err(error) = http::serve(listener, probe).await {
        warn!(%error, "the health pages are gone");
    }
}

async fn serve_admin(listener: admin::Listener, inviting: Inviting, writer: Writer) {
    let (inviting, writer) = (&inviting, &writer);
    listener
        .serve(async |asked| answer(asked, inviting.clone(), writer).await)
        .await;
}

async fn answer(asked: Ask, inviting: Inviting, writer: &Writer) -> Answer {
    match asked {
        Ask::Invite(wanted) => {
            let made = writer.change(move |cx| match inviting.invite(&wanted, cx) {
                Ok(link) => Ok(Answer::Invite(link.to_string())),
                Err(NotInvited::Link(fault)) => Ok(Answer::Refused(fault.to_string())),
                Err(NotInvited::Unavailable(fault)) => Err(fault),
            });
            made.await
                .unwrap_or_else(|| Answer::Refused(Refusal::NoSpace.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::counters::Counter;
    use hutong_common::limits::{DAY_MS, HOUR_MS};

    /// What a start says on a database that last saw the time `last_seen_ms`.
    fn started_after(last_seen_ms: u64, accept_clock: bool) -> Result<(), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path())?;
        database.write(|tx| Ok::<_, Unavailable>(tx.raise(Counter::Clock, last_seen_ms)?))?;
        check_clock(&database, accept_clock)
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_refused_unless_a_person_says_so() {
        let now_ms = clock::now_ms();
        let behind = started_after(now_ms + HOUR_MS, false);
        assert!(matches!(behind, Err(Failure::ClockBehind { by_ms }) if by_ms <= HOUR_MS));
        let ahead = started_after(now_ms - CLOCK_JUMP_MAX_MS - DAY_MS, false);
        assert!(matches!(ahead, Err(Failure::ClockAhead { by_ms }) if by_ms >= CLOCK_JUMP_MAX_MS));
        for right in [0, 1, now_ms - CLOCK_JUMP_MAX_MS + HOUR_MS] {
            let accepted = started_after(right, right == 1);
            assert!(accepted.is_ok(), "{accepted:?}");
        }
        assert!(started_after(now_ms + HOUR_MS, true).is_ok());
    }
}
