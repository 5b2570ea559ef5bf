//! The legs of relayed sessions: who joined waits for the other end, and then their bytes are copied, blindly.
//!
//! Called by `server.rs` with a socket that wants to join. Whether it may is the service's decision; here nothing is known of
//! a session but its number, and nothing is computed per byte. The task of the end that joined first serves both. A session
//! ends with either leg, with its silence, when the service says so, and when the rendezvous stops.

mod copy;
mod rate;

pub(crate) use rate::Rates;

use crate::clock;
use crate::connection::Shared;
use crate::platform;
use crate::slots::Slot;
use copy::Meter;
use hutong_common::id::RelaySession;
use hutong_common::limits::RELAY_JOIN_TIMEOUT_MS;
use hutong_common::relay_join::{ANSWER_BYTES, JOIN_BYTES, Join, UNAVAILABLE};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;
use tracing::debug;

/// One end that has joined.
#[derive(Debug)]
struct Leg {
    stream: TcpStream,
    _slot: Slot,
}

/// Where two ends of a session meet.
#[derive(Debug)]
struct Place {
    /// The way to the end that waits here; none once the other has come.
    waiting: Option<oneshot::Sender<Leg>>,
    ended: Arc<Notify>,
}

/// Who came first to a place.
struct Waiting {
    leg: Leg,
    other: oneshot::Receiver<Leg>,
    ended: Arc<Notify>,
}

/// All places, and how fast the sessions are.
#[derive(Debug)]
pub(crate) struct Legs {
    places: Mutex<BTreeMap<RelaySession, Place>>,
    rates: Rates,
}

impl Legs {
    /// None yet.
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            places: Mutex::default(),
            rates,
        }
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<RelaySession, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a leg to the one that waits for it, or says how to wait for the other.
    fn meet(&self, session: RelaySession, leg: Leg) -> Option<Waiting> {
        match self.places().entry(session) {
            Entry::Vacant(place) => {
                let (waiting, other) = oneshot::channel();
                let ended = Arc::<Notify>::default();
                place.insert(Place {
                    waiting: Some(waiting),
                    ended: Arc::clone(&ended),
                });
                Some(Waiting { leg, other, ended })
            }
            Entry::Occupied(mut place) => {
                if let Some(waiting) = place.get_mut().waiting.take()
                    && waiting.send(leg).is_err()
                {
                    debug!("the other end of a relayed session has just gone");
                }
                None
            }
        }
    }

    /// Ends a session from outside.
    pub(crate) fn end(&self, session: RelaySession) {
        if let Some(place) = self.places().get(&session) {
            place.ended.notify_one();
        }
    }

    fn forget(&self, session: RelaySession) {
        self.places().remove(&session);
    }
}

/// Answers a join, and serves its session if it is the first of both ends.
pub(crate) async fn serve(
    mut stream: TcpStream,
    join: &[u8; JOIN_BYTES],
    slot: Slot,
    shared: Shared,
) {
    let join = Join::decode(join);
    let answer = join.and_then(|join| {
        let answer = shared.service.join_relay(&join, clock::now_ms())?;
        Some((join.session, answer))
    });
    let Some((session, answer)) = answer else {
        debug!("a relay join is refused");
        return log_end(refuse(&mut stream).await);
    };
    slot.signed_in();
    let leg = Leg {
        stream,
        _slot: slot,
    };
    if let Some(waiting) = told(leg, &answer, (session, &shared.legs)).await {
        // What ended before this leg was at its place could not be told to it.
        if shared.service.is_granted(session) {
            wait_and_copy(waiting, &shared).await;
        }
        shared.legs.forget(session);
        shared.service.leave_relay(session);
    }
}

async fn refuse(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&UNAVAILABLE).await?;
    stream.shutdown().await
}

/// Brings a leg to its place and tells it so. Whoever was there before serves both; a leg that breaks ends the session there.
async fn told(
    mut leg: Leg,
    answer: &[u8; ANSWER_BYTES],
    (session, legs): (RelaySession, &Legs),
) -> Option<Waiting> {
    let told = async {
        leg.stream.set_nodelay(true)?;
        platform::prepare_leg(&leg.stream)?;
        leg.stream.write_all(answer).await
    };
    log_end(told.await);
    legs.meet(session, leg)
}

async fn wait_and_copy(waiting: Waiting, shared: &Shared) {
    let mut stopped = shared.stopped.clone();
    tokio::select! {
        () = waiting.ended.notified() => debug!("a relayed session ends for another one"),
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = run(waiting.leg, waiting.other, shared) => {}
    }
}

async fn run(leg: Leg, other: oneshot::Receiver<Leg>, shared: &Shared) {
    let within = Duration::from_millis(RELAY_JOIN_TIMEOUT_MS);
    let Ok(Ok(other)) = timeout(within, other).await else {
        return debug!("the other end of a relayed session did not come");
    };
    let count = |bytes| shared.service.count_relayed(bytes);
    let meter = Meter::new(&shared.legs.rates, &count);
    log_end(copy::both_ways(leg.stream, other.stream, &meter).await);
}

fn log_end(ended: io::Result<()>) {
    if let Err(error) = ended {
        debug!(%error, "a leg of a relayed session broke");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slots::Slots;
    use std::net::{IpAddr, Ipv4Addr};
    use tokio::net::TcpListener;

    const SESSION: RelaySession = RelaySession([7; 16]);

    async fn leg() -> Leg {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let listener = TcpListener::bind((here, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        Leg {
            stream: TcpStream::connect(address).await.unwrap(),
            _slot: Slots::new(1).take(here).unwrap(),
        }
    }

    #[tokio::test]
    async fn the_second_leg_comes_to_the_first_and_a_place_is_used_once() {
        let legs = Legs::new(Rates::from((0, 0)));
        let first = legs.meet(SESSION, leg().await).unwrap();
        let second = leg().await;
        let address = second.stream.local_addr().unwrap();
        assert!(legs.meet(SESSION, second).is_none());
        let met = first.other.await.unwrap();
        assert_eq!(met.stream.local_addr().unwrap(), address);
        assert!(legs.meet(SESSION, leg().await).is_none(), "no third one");
        legs.forget(SESSION);
        assert!(legs.meet(SESSION, leg().await).is_some());
    }

    #[tokio::test]
    async fn whoever_waits_hears_that_the_session_has_ended() {
        let legs = Legs::new(Rates::from((0, 0)));
        let waiting = legs.meet(SESSION, leg().await).unwrap();
        legs.end(RelaySession([8; 16]));
        legs.end(SESSION);
        // Told before it listens, it hears it all the same.
        waiting.ended.notified().await;
        drop(waiting);
        assert!(
            legs.meet(SESSION, leg().await).is_none(),
            "the other end has gone, and so has its place"
        );
    }
}
