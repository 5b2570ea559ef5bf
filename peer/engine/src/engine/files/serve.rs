//! One upload: a peer's file stream that the core has allowed.
//!
//! A blocking thread reads and proves, this task sends; between them lie a few batches. The stream yields to the
//! link's messages.

use super::{STALL, Transfers, answer_frame, close_code};
use crate::core::io::{FileInput, Hashed, Input, StreamId};
use crate::files::send::{Batch, Sending};
use bytes::Bytes;
use hutong_common::direct::FileGet;
use hutong_common::limits::{FILE_BATCHES_MAX, PROGRESS_INTERVAL_MS};
use hutong_common::refusal::Refusal;
use quinn::SendStream;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Below the messages, which have 0.
const PRIORITY: i32 = -1;

/// One upload.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) transfers: Transfers,
    pub(super) stream: StreamId,
    pub(super) sent: u64,
    pub(super) reported_ms: u64,
    pub(super) stop: Arc<Notify>,
}

impl Upload {
    pub(super) async fn run(mut self, source: Hashed, get: FileGet, send: Option<SendStream>) {
        let end = match send {
            Some(mut send) => {
                let stop = Arc::clone(&self.stop);
                let served = tokio::select! {
                    end = self.serve(source, get, &mut send) => Some(end),
                    () = stop.notified() => None,
                };
                let Some(end) = served else {
                    // What is not sent yet shall not be.
                    let stopped = Refusal::Busy { retry_ms: 0 };
                    send.reset(close_code(stopped)).ok();
                    return self.tell(Some(Err(stopped))).await;
                };
                end
            }
            None => Err(Refusal::Expired),
        };
        self.tell(Some(end)).await;
    }

    async fn tell(&self, end: Option<Result<(), Refusal>>) {
        let served = FileInput::Served {
            stream: self.stream,
            sent: self.sent,
            end,
        };
        self.transfers.inputs.send(Input::File(served)).await;
    }

    /// The other side's going away is `expired`: it will ask again when it wants the rest.
    async fn serve(
        &mut self,
        source: Hashed,
        get: FileGet,
        send: &mut SendStream,
    ) -> Result<(), Refusal> {
        send.set_priority(PRIORITY).map_err(gone)?;
        let offers = self.transfers.offers.clone();
        let opening = spawn_blocking(move || Sending::open(source, &get.ranges, &offers));
        let sending = match opening.await.map_err(failed)? {
            Ok(sending) => sending,
            Err(why) => {
                send.write_all(&answer_frame(&Err(why)))
                    .await
                    .map_err(gone)?;
                send.finish().map_err(gone)?;
                send.stopped().await.map_err(gone)?;
                return Err(why);
            }
        };
        send.write_all(&answer_frame(&Ok(()))).await.map_err(gone)?;
        let (batches, queue) = mpsc::channel(FILE_BATCHES_MAX);
        let reading =
            spawn_blocking(move || sending.run(|batch| batches.blocking_send(batch).is_ok()));
        let written = self.write(queue, send).await;
        let read = reading.await.map_err(failed)?;
        written?;
        if let Err(why) = read {
            send.reset(close_code(why)).map_err(gone)?;
            return Err(why);
        }
        send.finish().map_err(gone)?;
        match send.stopped().await.map_err(gone)? {
            None => Ok(()),
            Some(_) => Err(Refusal::Expired),
        }
    }

    async fn write(
        &mut self,
        mut queue: mpsc::Receiver<Batch>,
        send: &mut SendStream,
    ) -> Result<(), Refusal> {
        let pace = self.transfers.sending.clone();
        while let Some(Batch { mut bytes, done }) = queue.recv().await {
            while !bytes.is_empty() {
                let piece = bytes.split_to(bytes.len().min(pace.piece_bytes()));
                pace.wait_for(piece.len()).await;
                write_piece(send, piece).await?;
            }
            self.sent = done;
            let now_ms = self.transfers.clock.mono_ms();
            if now_ms.saturating_sub(self.reported_ms) >= PROGRESS_INTERVAL_MS {
                self.reported_ms = now_ms;
                self.tell(None).await;
            }
        }
        Ok(())
    }
}

/// A peer that takes nothing for a while must not keep a thread and an open file.
async fn write_piece(send: &mut SendStream, piece: Bytes) -> Result<(), Refusal> {
    let mut rest = [piece];
    while rest.iter().any(|piece| !piece.is_empty()) {
        let written = timeout(STALL, send.write_chunks(&mut rest));
        written.await.map_err(gone)?.map_err(gone)?;
    }
    Ok(())
}

fn gone(error: impl std::fmt::Display) -> Refusal {
    tracing::debug!(%error, "a file stream ended early");
    Refusal::Expired
}

fn failed(error: tokio::task::JoinError) -> Refusal {
    tracing::error!(%error, "an upload's thread failed");
    Refusal::Internal { incident: 0 }
}
