//! Files between disks and links: hashing what is offered, serving what is asked, fetching what was accepted.
//!
//! Owned by the network's thread. Disks are only touched on blocking threads; whether a peer may have a file, and from
//! whom one is fetched, the core has decided before.

mod fetch;
mod pace;
mod serve;
mod streams;

pub(super) use pace::Pace;
pub(super) use streams::Streams;

use super::clock::Clock;
use super::driver::Inputs;
use crate::core::io::{
    CommandId, Fetch, FileInput, FileOutput, Hashed, Input, LinkId, StreamId, Target,
};
use crate::files::hash::hash;
use crate::files::part;
use fetch::Download;
use hutong_common::codec;
use hutong_common::direct::{FileAnswer, FileGet};
use hutong_common::id::FileId;
use hutong_common::limits::FILE_STALL_TIMEOUT_MS;
use hutong_common::refusal::Refusal;
use quinn::VarInt;
use serve::Upload;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// How long the other side of a transfer may do nothing.
const STALL: Duration = Duration::from_millis(FILE_STALL_TIMEOUT_MS);

/// What every transfer needs.
#[derive(Clone, Debug)]
pub(super) struct Transfers {
    pub(super) inputs: Inputs,
    pub(super) clock: Clock,
    /// Hash trees of offered files.
    pub(super) offers: PathBuf,
    /// Notes on unfinished downloads.
    pub(super) parts: PathBuf,
    /// Limits of both directions.
    pub(super) sending: Pace,
    pub(super) receiving: Pace,
}

/// All transfers.
#[derive(Debug)]
pub(super) struct Files {
    transfers: Transfers,
    streams: Streams,
    running: BTreeMap<FileId, Running>,
    /// How to end each upload.
    serving: BTreeMap<StreamId, Arc<Notify>>,
}

/// A download's task, and how to end it.
#[derive(Debug)]
struct Running {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

/// The number of a refusal, which is also the code of a stream that ends for that reason.
fn close_code(why: Refusal) -> VarInt {
    let bytes = codec::encode(&why);
    VarInt::from_u32(bytes.first().copied().map_or(0, u32::from))
}

/// The head of an answer on a file stream.
fn answer_frame(answer: &FileAnswer) -> Vec<u8> {
    codec::frame(&codec::encode(answer))
}

impl Files {
    pub(super) const fn new(transfers: Transfers, streams: Streams) -> Self {
        Self {
            transfers,
            streams,
            running: BTreeMap::new(),
            serving: BTreeMap::new(),
        }
    }

    /// Does what the core decided; `connection` finds a link's own.
    pub(super) fn perform(
        &mut self,
        output: FileOutput,
        connection: impl FnOnce(LinkId) -> Option<quinn::Connection>,
    ) {
        match output {
            FileOutput::Hash { command, path } => self.hash(command, path),
            FileOutput::Serve {
                stream,
                source,
                get,
            } => self.serve(stream, source, get),
            FileOutput::Refuse { stream, why } => self.refuse(stream, why),
            FileOutput::StopServe { stream } => self.stop_serve(stream),
            FileOutput::Prepare(target) => self.prepare(*target),
            FileOutput::Fetch(fetch) => {
                let connection = connection(fetch.link);
                self.fetch(*fetch, connection);
            }
            FileOutput::StopFetch { file, forget } => self.stop_fetch(file, forget),
        }
    }

    fn hash(&self, command: CommandId, path: PathBuf) {
        let Transfers { inputs, offers, .. } = self.transfers.clone();
        tokio::spawn(async move {
            let hashing = tokio::task::spawn_blocking(move || hash(&path, &offers, command.0));
            match hashing.await {
                Ok(result) => {
                    let hashed = FileInput::Hashed { command, result };
                    inputs.send(Input::File(hashed)).await;
                }
                Err(error) => tracing::error!(%error, "a file could not be hashed"),
            }
        });
    }

    fn serve(&mut self, stream: StreamId, source: Hashed, get: FileGet) {
        // Whose upload has ended holds its own no more.
        self.serving.retain(|_, stop| Arc::strong_count(stop) > 1);
        let stop = Arc::<Notify>::default();
        self.serving.insert(stream, Arc::clone(&stop));
        let upload = Upload {
            transfers: self.transfers.clone(),
            stream,
            sent: 0,
            reported_ms: 0,
            stop,
        };
        let send = self.streams.claim(stream);
        tokio::spawn(upload.run(source, get, send));
    }

    fn stop_serve(&mut self, stream: StreamId) {
        if let Some(stop) = self.serving.remove(&stream) {
            stop.notify_one();
        }
    }

    fn prepare(&mut self, target: Target) {
        let before = self.end(target.file);
        let Transfers { inputs, parts, .. } = self.transfers.clone();
        tokio::spawn(async move {
            if let Some(before) = before {
                before.await.ok();
            }
            let file = target.file;
            match tokio::task::spawn_blocking(move || part::prepare(&target, &parts)).await {
                Ok(result) => {
                    let prepared = FileInput::Prepared { file, result };
                    inputs.send(Input::File(prepared)).await;
                }
                Err(error) => tracing::error!(%error, "a target folder could not be looked at"),
            }
        });
    }

    fn refuse(&self, stream: StreamId, why: Refusal) {
        let Some(mut send) = self.streams.claim(stream) else {
            return;
        };
        tokio::spawn(async move {
            // Whoever does not wait for the answer does not need it.
            if send.write_all(&answer_frame(&Err(why))).await.is_ok() && send.finish().is_ok() {
                send.stopped().await.ok();
            }
        });
    }

    fn fetch(&mut self, fetch: Fetch, connection: Option<quinn::Connection>) {
        self.running
            .retain(|_, running| !running.task.is_finished());
        let file = fetch.target.file;
        let before = self.end(file);
        let stop = Arc::<Notify>::default();
        let download = Download {
            transfers: self.transfers.clone(),
            fetch,
            stop: Arc::clone(&stop),
        };
        let task = tokio::spawn(async move {
            // Two writers on one part file would spoil it.
            if let Some(before) = before {
                before.await.ok();
            }
            download.run(connection).await;
        });
        self.running.insert(file, Running { stop, task });
    }

    fn stop_fetch(&mut self, file: FileId, forget: bool) {
        if !forget {
            // It stays here until it has ended: whoever writes next must wait for it.
            if let Some(running) = self.running.get(&file) {
                running.stop.notify_one();
            }
            return;
        }
        let before = self.end(file);
        let parts = self.transfers.parts.clone();
        tokio::spawn(async move {
            if let Some(before) = before {
                before.await.ok();
            }
            if let Err(error) =
                tokio::task::spawn_blocking(move || part::forget(file, &parts)).await
            {
                tracing::error!(%error, "a download could not be forgotten");
            }
        });
    }

    /// Ends all downloads; `done` is told when none writes any more.
    pub(super) fn let_go(
        &mut self,
        others: impl Future<Output = ()> + Send + 'static,
        done: oneshot::Sender<()>,
    ) {
        let running = std::mem::take(&mut self.running);
        for running in running.values() {
            running.stop.notify_one();
        }
        tokio::spawn(async move {
            for running in running.into_values() {
                running.task.await.ok();
            }
            others.await;
            // Whoever no longer waits has gone on.
            done.send(()).ok();
        });
    }

    fn end(&mut self, file: FileId) -> Option<JoinHandle<()>> {
        let running = self.running.remove(&file)?;
        running.stop.notify_one();
        Some(running.task)
    }
}
