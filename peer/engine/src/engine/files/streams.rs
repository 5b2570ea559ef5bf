//! File streams that peers opened and the core has not judged yet.
//!
//! Shared by the links' tasks, which put them here, and the network's thread, which takes them when the core has
//! answered. Their number is bounded by what QUIC lets a peer open on each link.

use crate::core::io::{FileInput, Input, LinkId, StreamId};
use crate::engine::driver::Inputs;
use hutong_common::codec::{self, FRAME_HEADER_BYTES};
use hutong_common::direct::FileGet;
use hutong_common::limits::{FRAME_ANONYMOUS_BYTES_MAX, HELLO_TIMEOUT_MS};
use quinn::{RecvStream, SendStream};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    streams: BTreeMap<StreamId, (LinkId, SendStream)>,
}

/// The streams that wait; clones are the same ones.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Streams(Arc<Mutex<Waiting>>);

impl Streams {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a stream that a peer opened, reads what it asks for, and passes that to the core.
    pub(in crate::engine) fn take(
        &self,
        link: LinkId,
        inputs: &Inputs,
        send: SendStream,
        mut recv: RecvStream,
    ) {
        let (streams, inputs) = (self.clone(), inputs.clone());
        tokio::spawn(async move {
            let limit = Duration::from_millis(HELLO_TIMEOUT_MS);
            // A stream that asks nothing, or nonsense, is dropped, and thereby reset.
            if let Ok(Ok(get)) = tokio::time::timeout(limit, read_head::<FileGet>(&mut recv)).await
            {
                let stream = streams.put(link, send);
                let asked = FileInput::Asked { stream, link, get };
                inputs.send(Input::File(asked)).await;
            }
        });
    }

    fn put(&self, link: LinkId, send: SendStream) -> StreamId {
        let mut waiting = self.waiting();
        waiting.last += 1;
        let stream = StreamId(waiting.last);
        waiting.streams.insert(stream, (link, send));
        stream
    }

    /// Takes a stream out; none when its link is gone.
    pub(super) fn claim(&self, stream: StreamId) -> Option<SendStream> {
        self.waiting().streams.remove(&stream).map(|(_, send)| send)
    }

    /// Drops the streams of a link that is gone.
    pub(in crate::engine) fn forget(&self, link: LinkId) {
        self.waiting().streams.retain(|_, (of, _)| *of != link);
    }
}

/// The first frame of a file stream, in either direction.
pub(super) async fn read_head<T: DeserializeOwned>(recv: &mut RecvStream) -> io::Result<T> {
    let mut header = [0; FRAME_HEADER_BYTES];
    recv.read_exact(&mut header)
        .await
        .map_err(io::Error::other)?;
    let len = codec::frame_len(header, FRAME_ANONYMOUS_BYTES_MAX).map_err(io::Error::other)?;
    let mut body = vec![0; len];
    recv.read_exact(&mut body).await.map_err(io::Error::other)?;
    codec::decode(&body).map_err(io::Error::other)
}
