//! One download: asks a link for what is missing, and checks and writes what comes.
//!
//! This task reads from the network, a blocking thread verifies and writes; between them lie a few pieces. However it
//! ends, what was verified is kept and noted, unless the core wants it forgotten.

use super::streams::read_head;
use super::{Pace, STALL, Transfers, close_code};
use crate::core::io::{Fetch, FetchEnd, FileInput, Input};
use crate::files::groups::Groups;
use crate::files::part::{Found, Part};
use crate::files::receive::receive;
use bytes::Bytes;
use hutong_common::bounded::List;
use hutong_common::codec;
use hutong_common::direct::{FileAnswer, FileGet};
use hutong_common::limits::{FILE_BATCHES_MAX, MTU_BYTES_MAX, PROGRESS_INTERVAL_MS};
use hutong_common::refusal::Refusal;
use quinn::{Connection, ReadError, RecvStream};
use std::io::{self, Read};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// One download.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) transfers: Transfers,
    pub(super) fetch: Fetch,
    pub(super) stop: Arc<Notify>,
}

impl Download {
    /// Tells the core how it ended, unless the core ended it.
    pub(super) async fn run(self, connection: Option<Connection>) {
        // The thread that writes sees the end of its queue when it is stopped; it must be waited for.
        let (stopped, result) = match connection {
            Some(connection) => self.fetch(&connection).await,
            None => (false, Err(FetchEnd::Interrupted)),
        };
        if !stopped {
            let fetched = FileInput::Fetched {
                file: self.fetch.target.file,
                result,
            };
            self.transfers.inputs.send(Input::File(fetched)).await;
        }
    }

    async fn fetch(&self, connection: &Connection) -> (bool, Result<PathBuf, FetchEnd>) {
        let (fetch, parts) = (self.fetch.clone(), self.transfers.parts.clone());
        let opening = spawn_blocking(move || Part::open(&fetch.target, &parts));
        let mut part = match opening.await.map_err(failed).flatten() {
            Ok(Found::Part(part)) => part,
            Ok(Found::Finished(path)) => return (false, Ok(path)),
            Err(end) => return (false, Err(end)),
        };
        self.progress()(part.done());
        loop {
            let missing = part.missing();
            if missing.ranges().is_empty() {
                let name = self.fetch.target.name.clone();
                let finishing = spawn_blocking(move || part.finish(&name));
                return (false, finishing.await.map_err(failed).flatten());
            }
            let before = part.done();
            let round = self.round(connection, part, missing).await;
            part = match round {
                Round::Complete(back) if back.done() > before || back.size() == 0 => back,
                // A stream that ends well and brings nothing would be asked for ever.
                Round::Complete(_) => return (false, Err(FetchEnd::Damaged)),
                Round::Ended(end) => return (false, Err(end)),
                Round::Stopped => return (true, Err(FetchEnd::Interrupted)),
            };
        }
    }

    /// One request on a stream of its own.
    async fn round(&self, connection: &Connection, mut part: Part, missing: Groups) -> Round {
        let asked = List::truncated(missing.ranges().iter().copied());
        let Some(asked_groups) = Groups::new(&asked, u64::MAX) else {
            return Round::Ended(FetchEnd::Unwritable);
        };
        let get = FileGet {
            ranges: asked,
            ..self.fetch.get.clone()
        };
        let mut recv = match tokio::select! {
            begun = ask(connection, &get) => begun,
            () = self.stop.notified() => return Round::Stopped,
        } {
            Ok(recv) => recv,
            Err(end) => return Round::Ended(end),
        };
        let (pieces, queue) = mpsc::channel(FILE_BATCHES_MAX);
        let progress = self.progress();
        let clock = self.transfers.clock;
        let writing = spawn_blocking(move || {
            let encoded = Pieces::new(queue);
            let end = receive(
                &mut part,
                &asked_groups,
                encoded,
                || clock.mono_ms(),
                progress,
            );
            (part, end)
        });
        let pump = pump(&mut recv, pieces, &self.transfers.receiving);
        let (stopped, network) = tokio::select! {
            network = pump => (false, network),
            () = self.stop.notified() => (true, Ok(())),
        };
        match writing.await {
            Ok(_) if stopped => Round::Stopped,
            Ok((part, Ok(()))) => Round::Complete(part),
            // The writer only sees that the stream ended early; the network knows why.
            Ok((_, Err(FetchEnd::Interrupted))) => {
                Round::Ended(network.err().unwrap_or(FetchEnd::Interrupted))
            }
            Ok((_, Err(end))) => Round::Ended(end),
            Err(error) => Round::Ended(failed(error)),
        }
    }

    /// Reports verified bytes, now and then; a report that finds no room is left out.
    fn progress(&self) -> impl FnMut(u64) + Send + use<> {
        let (inputs, clock, file) = (
            self.transfers.inputs.clone(),
            self.transfers.clock,
            self.fetch.target.file,
        );
        let mut reported_ms = None;
        move |done| {
            let now_ms = clock.mono_ms();
            if reported_ms.is_none_or(|at_ms| now_ms >= at_ms + PROGRESS_INTERVAL_MS) {
                reported_ms = Some(now_ms);
                inputs.offer(Input::File(FileInput::Progress { file, done }));
            }
        }
    }
}

enum Round {
    /// Everything that was asked for came.
    Complete(Part),
    Ended(FetchEnd),
    /// The core does not want to hear of it any more.
    Stopped,
}

fn failed(error: tokio::task::JoinError) -> FetchEnd {
    tracing::error!(%error, "a download's thread failed");
    FetchEnd::Unwritable
}

fn broken(error: impl std::fmt::Display) -> FetchEnd {
    tracing::debug!(%error, "a download is interrupted");
    FetchEnd::Interrupted
}

async fn ask(connection: &Connection, get: &FileGet) -> Result<RecvStream, FetchEnd> {
    let asking = async {
        let (mut send, mut recv) = connection.open_bi().await.map_err(broken)?;
        let head = codec::frame(&codec::encode(get));
        send.write_all(&head).await.map_err(broken)?;
        send.finish().map_err(broken)?;
        match read_head::<FileAnswer>(&mut recv).await.map_err(broken)? {
            Ok(()) => Ok(recv),
            Err(why) => Err(FetchEnd::Refused(why)),
        }
    };
    timeout(STALL, asking).await.map_err(broken)?
}

/// Carries the stream into the queue until it ends or the writer wants no more. Takes all packets that are there at a
/// time: waking the other thread for each of them would cost more than the rest.
async fn pump(
    recv: &mut RecvStream,
    pieces: mpsc::Sender<Vec<Bytes>>,
    pace: &Pace,
) -> Result<(), FetchEnd> {
    let mut packets = vec![Bytes::new(); pace.piece_bytes().div_ceil(MTU_BYTES_MAX.into())];
    loop {
        let read = timeout(STALL, recv.read_chunks(&mut packets));
        match read.await.map_err(broken)? {
            Ok(Some(count)) => {
                let piece: Vec<Bytes> = packets.iter_mut().take(count).map(mem::take).collect();
                pace.wait_for(piece.iter().map(Bytes::len).sum()).await;
                if pieces.send(piece).await.is_err() {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(ReadError::Reset(code)) if code == close_code(Refusal::FileChanged) => {
                return Err(FetchEnd::Refused(Refusal::FileChanged));
            }
            Err(error) => return Err(broken(error)),
        }
    }
}

/// The queue's bytes for a thread that reads.
struct Pieces {
    queue: mpsc::Receiver<Vec<Bytes>>,
    at_hand: std::vec::IntoIter<Bytes>,
    packet: Bytes,
}

impl Pieces {
    fn new(queue: mpsc::Receiver<Vec<Bytes>>) -> Self {
        Self {
            queue,
            at_hand: Vec::new().into_iter(),
            packet: Bytes::new(),
        }
    }

    /// The next packet; none when the stream has ended.
    fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.at_hand.next() {
                Some(packet) => return Some(packet),
                None => self.at_hand = self.queue.blocking_recv()?.into_iter(),
            }
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.packet.is_empty() {
            match self.next() {
                Some(packet) => self.packet = packet,
                None => return Ok(0),
            }
        }
        let taken = self.packet.split_to(self.packet.len().min(out.len()));
        if let Some(out) = out.get_mut(..taken.len()) {
            out.copy_from_slice(&taken);
        }
        Ok(taken.len())
    }
}
