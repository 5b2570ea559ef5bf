//! One client from its handshake to its end: frames in, requests to the service, answers and pushes out.
//!
//! Called by `server.rs` with an accepted client. Before sign-in requests are handled strictly one at a time; after it
//! up to [`REQUESTS_IN_FLIGHT_MAX`] wait for their commits together, fewer large ones, in the order sent. A request that only reads waits
//! for those before it, so it sees what they did. Answers leave in the order of the requests.

use crate::client::{Answer, Client};
use crate::control::Accepted;
use crate::database::Database;
use crate::frame_memory::{FrameMemory, Reserved};
use crate::frames::{Expected, FrameError, read_frame};
use crate::mailbox::{PushQueue, Pushes, mailbox};
use crate::relay::Legs;
use crate::service::{ConnectionInfo, Service};
use crate::sessions::{ConnectionId, Mailbox, Sessions};
use crate::slots::{Slot, given_up};
use crate::writer::Writer;
use hutong_common::codec;
use hutong_common::entropy::{Entropy, OsEntropy};
use hutong_common::limits::{
    ANONYMOUS_REQUESTS_MAX, FIRST_REQUEST_TIMEOUT_MS, FRAME_ANONYMOUS_BYTES_MAX, FRAME_BYTES_MAX,
    FRAME_TIMEOUT_MS, REQUEST_BYTES_PER_PLACE, REQUESTS_IN_FLIGHT_MAX, SHUTDOWN_RETRY_MS_MAX,
    SHUTDOWN_RETRY_MS_MIN, SILENCE_MAX_MS,
};
use hutong_common::push::{Push, ShuttingDown};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{ClientFrame, Request, ServerFrame};
use std::io;
use std::mem::take;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::debug;

/// What every connection uses.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) database: Arc<Database>,
    pub(crate) service: Arc<Service>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) writer: Writer,
    pub(crate) memory: FrameMemory,
    pub(crate) legs: Arc<Legs>,
    /// Whether somebody has come from another computer.
    pub(crate) visited: Arc<AtomicBool>,
    /// True once the rendezvous is stopping.
    pub(crate) stopped: watch::Receiver<bool>,
}

/// An answer that leaves when it is there.
struct Pending {
    id: u32,
    answer: oneshot::Receiver<Answer>,
    /// Given back when the answer has left.
    _places: Option<OwnedSemaphorePermit>,
    /// The memory of its request's frame.
    _memory: Reserved,
}

/// Serves a client until one side ends it.
pub(crate) async fn serve(accepted: Accepted, remote: SocketAddr, slot: Slot, shared: Shared) {
    static CONNECTIONS: AtomicU64 = AtomicU64::new(1);
    let id = ConnectionId(CONNECTIONS.fetch_add(1, Ordering::Relaxed));
    let (key, exporters) = (accepted.key, accepted.exporters);
    let caller = shared.service.connect(ConnectionInfo {
        key,
        exporters,
        remote,
    });
    let (queue, pushes) = mailbox();
    let mailbox: Arc<dyn Mailbox> = Arc::clone(&queue) as _;
    let client = Arc::new(Client::new(caller, id, mailbox));
    let (read, write) = tokio::io::split(accepted.stream);
    let (answers, pending) = mpsc::channel(REQUESTS_IN_FLIGHT_MAX);
    let stopped = shared.stopped.clone();
    let requests = Requests {
        client: Arc::clone(&client),
        slot,
        shared: shared.clone(),
        answers,
        places: Arc::new(Semaphore::new(REQUESTS_IN_FLIGHT_MAX)),
    };
    let evicted = requests.slot.evicted();
    let mut writing = pin!(write_frames(write, pending, pushes));
    tokio::select! {
        written = &mut writing => log_end(written.err()),
        is_polite = read_until_stopped(requests, read, (&queue, &evicted), stopped) => if is_polite {
            let rest = timeout(Duration::from_millis(FRAME_TIMEOUT_MS), writing).await;
            log_end(rest.map_err(io::Error::from).and_then(|rest| rest).err());
        }
    }
    shared.writer.leave(client).await;
}

fn log_end(error: Option<io::Error>) {
    if let Some(error) = error {
        debug!(%error, "a connection broke");
    }
}

/// Says whether what was asked shall still be answered. Whoever gives up its place gets no answer any more: a sign-in under
/// way would be told that it came in, and lose its connection at once.
async fn read_until_stopped(
    mut requests: Requests,
    stream: impl AsyncRead + Unpin,
    (queue, evicted): (&PushQueue, &Notify),
    mut stopped: watch::Receiver<bool>,
) -> bool {
    let client = Arc::clone(&requests.client);
    let given_up = given_up(evicted, || client.session().is_some());
    tokio::select! {
        read = requests.read_all(stream) => {
            if let Err(error) = read {
                debug!(%error, "a client was given up");
            }
        }
        () = queue.closed() => {}
        () = given_up => {
            debug!("gives its place to somebody else");
            return false;
        }
        _ = stopped.wait_for(|stopped| *stopped) => {
            queue.offer(&Push::ShuttingDown(ShuttingDown { retry_ms: random_retry_ms() }));
        }
    }
    true
}

/// Somewhere between the bounds, so that not everybody comes back at once.
fn random_retry_ms() -> u64 {
    let entropy: &mut dyn Entropy = &mut OsEntropy;
    let random = u64::from_be_bytes(entropy.array());
    SHUTDOWN_RETRY_MS_MIN + random % (SHUTDOWN_RETRY_MS_MAX - SHUTDOWN_RETRY_MS_MIN)
}

/// How many of a client's places a request of so many bytes takes.
fn places_for(bytes: usize) -> u32 {
    (1 + bytes / REQUEST_BYTES_PER_PLACE).min(REQUESTS_IN_FLIGHT_MAX) as u32
}

/// A request's id, and the memory of its frame.
type Asked = (u32, Reserved);

/// The requests of one client, on their way to the service.
struct Requests {
    client: Arc<Client>,
    slot: Slot,
    shared: Shared,
    answers: mpsc::Sender<Pending>,
    places: Arc<Semaphore>,
}

impl Requests {
    /// Takes requests until the client has no more.
    async fn read_all(&mut self, mut stream: impl AsyncRead + Unpin) -> Result<(), FrameError> {
        let mut within_ms = FIRST_REQUEST_TIMEOUT_MS;
        let (mut signed_in, mut not_understood) = (false, 0);
        loop {
            let bytes_max = if signed_in {
                FRAME_BYTES_MAX
            } else {
                FRAME_ANONYMOUS_BYTES_MAX
            };
            let expected = Expected {
                bytes_max,
                within: Duration::from_millis(within_ms),
                whole_within: Duration::from_millis(FRAME_TIMEOUT_MS),
            };
            let memory = &self.shared.memory;
            let Some((frame, reserved)) = read_frame(&mut stream, expected, memory).await? else {
                return Ok(());
            };
            within_ms = SILENCE_MAX_MS;
            let (id, request) = ClientFrame::decode(&frame)?;
            let places = places_for(frame.len());
            drop(frame);
            match request {
                Ok(request) => self.take((id, reserved), request, places).await,
                Err(_) => {
                    not_understood += 1;
                    self.refuse((id, reserved), Refusal::Version).await;
                }
            }
            if signed_in {
                continue;
            }
            self.all_answered().await;
            signed_in = self.client.session().is_some();
            if signed_in {
                self.slot.signed_in();
            } else if not_understood > ANONYMOUS_REQUESTS_MAX {
                return Ok(());
            }
        }
    }

    async fn take(&self, id: Asked, request: Request, places: u32) {
        if Service::is_read_only(&request) {
            let places = self.all_answered().await;
            let (answer, answered) = oneshot::channel();
            let (client, shared) = (Arc::clone(&self.client), self.shared.clone());
            spawn_blocking(move || shared.read(&client, request, answer));
            self.send(id, answered, places).await;
        } else {
            let places = self.free(places).await;
            let client = Arc::clone(&self.client);
            let answered = self.shared.writer.request(client, request).await;
            self.send(id, answered, places).await;
        }
    }

    async fn refuse(&self, id: Asked, refusal: Refusal) {
        let place = self.free(1).await;
        let (answer, answered) = oneshot::channel();
        let _ = answer.send(Answer::refused(refusal));
        self.send(id, answered, place).await;
    }

    /// Returns once every answer has left.
    async fn all_answered(&self) -> Option<OwnedSemaphorePermit> {
        self.free(REQUESTS_IN_FLIGHT_MAX as u32).await
    }

    async fn free(&self, places: u32) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places)
            .acquire_many_owned(places)
            .await
            .ok()
    }

    async fn send(
        &self,
        (id, memory): Asked,
        answer: oneshot::Receiver<Answer>,
        places: Option<OwnedSemaphorePermit>,
    ) {
        let pending = Pending {
            id,
            answer,
            _places: places,
            _memory: memory,
        };
        if self.answers.send(pending).await.is_err() {
            debug!("nobody is left to answer");
        }
    }
}

impl Shared {
    pub(crate) fn new(
        (database, service, sessions): (Arc<Database>, Arc<Service>, Arc<Sessions>),
        (writer, stopped): (Writer, watch::Receiver<bool>),
        (legs, visited): (Legs, Arc<AtomicBool>),
    ) -> Self {
        Self {
            database,
            service,
            sessions,
            writer,
            memory: FrameMemory::default(),
            legs: Arc::new(legs),
            visited,
            stopped,
        }
    }

    fn read(&self, client: &Client, request: Request, answer: oneshot::Sender<Answer>) {
        let read = self
            .database
            .read(|tx| client.handle(&self.service, request, tx));
        // Nobody to answer any more is no reason to do anything else.
        let send = |made| drop(answer.send(made));
        match read {
            Ok(mut outcome) => {
                let ended = take(&mut outcome.relays_ended);
                ended.into_iter().for_each(|session| self.legs.end(session));
                client.perform(outcome, &self.sessions, send);
            }
            Err(fault) => send(fault.into()),
        }
    }
}

/// Sends answers in the order of their requests, and pushes in between, until there are no more requests.
async fn write_frames(
    mut stream: impl AsyncWrite + Unpin,
    mut pending: mpsc::Receiver<Pending>,
    mut pushes: Pushes,
) -> io::Result<()> {
    loop {
        let next = tokio::select! {
            biased;
            next = pending.recv() => next,
            push = pushes.next() => {
                write(&mut stream, &push).await?;
                continue;
            }
        };
        let Some(mut next) = next else { break };
        let answer = loop {
            tokio::select! {
                biased;
                answer = &mut next.answer => break answer.unwrap_or(Answer::not_stored()),
                push = pushes.next() => write(&mut stream, &push).await?,
            }
        };
        let frame = framed(ServerFrame::Reply {
            id: next.id,
            result: answer.result,
        });
        write(&mut stream, &frame).await?;
        if answer.close {
            break;
        }
    }
    while let Some(push) = pushes.waiting() {
        write(&mut stream, &push).await?;
    }
    stream.shutdown().await
}

/// A frame alone: while it is taken, slowly perhaps, it is kept once and not in three forms.
fn framed(frame: ServerFrame) -> Vec<u8> {
    let payload = codec::encode(&frame);
    drop(frame);
    codec::frame(&payload)
}

/// A client that takes nothing for too long is gone.
async fn write(stream: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> io::Result<()> {
    let written = async {
        stream.write_all(frame).await?;
        stream.flush().await
    };
    timeout(Duration::from_millis(SILENCE_MAX_MS), written).await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::limits::MAIL_BODY_BYTES_MAX;

    /// Honest clients waited 800 ms while a hundred accounts left their largest mails: 64 of each were in the queue.
    #[test]
    fn a_large_mail_takes_the_places_of_many_small_requests() {
        assert_eq!(places_for(0), 1);
        assert_eq!(places_for(REQUEST_BYTES_PER_PLACE - 1), 1);
        let large = places_for(MAIL_BODY_BYTES_MAX) as usize;
        assert!(REQUESTS_IN_FLIGHT_MAX / large <= 4, "{large}");
        assert_eq!(places_for(FRAME_BYTES_MAX) as usize, REQUESTS_IN_FLIGHT_MAX);
    }
}
