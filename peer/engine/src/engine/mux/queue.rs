//! Packets that wait: for a session's TCP connection on their way out, and for QUIC on their way in. Both are bounded; what finds
//! no room is dropped, as on any network.

use super::Ecn;
use crate::paths::table::Virtual;
use bytes::Bytes;
use hutong_common::id::RelaySession;
use hutong_common::limits::{RELAY_QUEUE_BYTES_MAX, RELAY_RECEIVED_BYTES_MAX, RELAY_WRITE_BYTES};
use hutong_common::wrap::frames::PAYLOAD_BYTES_MAX;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;
use tokio::sync::Notify;

/// Bytes of the packets' length in front of them.
pub(super) const STRIDE_BYTES: usize = 2;

/// Packets of one size, the last one perhaps shorter, as a frame of a session holds them: `stride:u16be ‖ packets`.
pub(super) fn join(packets: &[u8], stride: u16) -> Vec<u8> {
    let mut payload = Vec::with_capacity(STRIDE_BYTES + packets.len());
    payload.extend(stride.to_be_bytes());
    payload.extend_from_slice(packets);
    payload
}

/// The packets in such a payload, and their size; none when it holds none.
pub(super) fn split(payload: &[u8]) -> Option<(&[u8], usize)> {
    let (stride, packets) = payload.split_first_chunk::<STRIDE_BYTES>()?;
    let stride = usize::from(u16::from_be_bytes(*stride));
    (stride > 0 && !packets.is_empty()).then_some((packets, stride))
}

/// Whether more packets may go into a frame that waits: few large frames cost less than many small ones. Only the last packet of a
/// frame may be a shorter one.
fn may_follow(packets: &[u8], (last, stride): (&[u8], u16)) -> bool {
    split(last).is_some_and(|(before, size)| {
        size == usize::from(stride)
            && before.len().is_multiple_of(size)
            && last.len() + packets.len() <= PAYLOAD_BYTES_MAX
    })
}

/// What one session's TCP connection has to send.
#[derive(Debug, Default)]
struct Leg {
    payloads: VecDeque<Vec<u8>>,
    bytes: usize,
    filled: Arc<Notify>,
}

/// The sessions that are open at this end.
#[derive(Debug, Default)]
pub(super) struct Legs(BTreeMap<RelaySession, Leg>);

impl Legs {
    /// A session begins; told when it has something to send.
    pub(super) fn open(&mut self, session: RelaySession) -> Arc<Notify> {
        let leg = self.0.entry(session).or_default();
        Arc::clone(&leg.filled)
    }

    pub(super) fn close(&mut self, session: RelaySession) {
        self.0.remove(&session);
    }

    pub(super) fn is_open(&self, session: RelaySession) -> bool {
        self.0.contains_key(&session)
    }

    pub(super) fn send(&mut self, session: RelaySession, packets: &[u8], stride: Option<usize>) {
        let Some(leg) = self.0.get_mut(&session) else {
            return;
        };
        let stride = stride.unwrap_or(packets.len()).max(1);
        let Ok(stride16) = u16::try_from(stride) else {
            return;
        };
        let per_frame = (PAYLOAD_BYTES_MAX - STRIDE_BYTES) / stride * stride;
        for packets in packets.chunks(per_frame.max(1)) {
            if leg.bytes >= RELAY_QUEUE_BYTES_MAX {
                return;
            }
            leg.bytes += packets.len();
            match leg.payloads.back_mut() {
                Some(last) if may_follow(packets, (last, stride16)) => {
                    last.extend_from_slice(packets);
                }
                Some(_) | None => leg.payloads.push_back(join(packets, stride16)),
            }
        }
        leg.filled.notify_one();
    }

    /// What is to be written next, up to a bound.
    pub(super) fn take(&mut self, session: RelaySession) -> Vec<Vec<u8>> {
        let mut taken = Vec::new();
        if let Some(leg) = self.0.get_mut(&session) {
            let mut bytes = 0;
            while bytes < RELAY_WRITE_BYTES
                && let Some(payload) = leg.payloads.pop_front()
            {
                bytes += payload.len();
                leg.bytes = leg.bytes.saturating_sub(payload.len() - STRIDE_BYTES);
                taken.push(payload);
            }
        }
        taken
    }
}

/// Packets that came in and wait for QUIC.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) under: Virtual,
    pub(super) packets: Bytes,
    pub(super) stride: usize,
    pub(super) ecn: Ecn,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct ReceivedQueue {
    queue: VecDeque<Received>,
    bytes: usize,
    waker: Option<Waker>,
    room: Arc<Notify>,
}

impl ReceivedQueue {
    pub(super) fn add(&mut self, received: Received) {
        self.bytes += received.packets.len();
        self.queue.push_back(received);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// A packet that came up under another address too.
    pub(super) fn add_copy(&mut self, under: Virtual, (packets, stride): (&[u8], usize), ecn: Ecn) {
        if self.is_full() {
            return;
        }
        let packets = Bytes::copy_from_slice(packets);
        self.add(Received {
            under,
            packets,
            stride,
            ecn,
        });
    }

    /// The next one that fits into so many bytes; what does not is dropped.
    pub(super) fn take(&mut self, room: usize) -> Option<Received> {
        while let Some(received) = self.queue.pop_front() {
            self.bytes -= received.packets.len();
            if !self.is_full() {
                self.room.notify_waiters();
            }
            if received.packets.len() <= room {
                return Some(received);
            }
        }
        None
    }

    pub(super) const fn is_full(&self) -> bool {
        self.bytes >= RELAY_RECEIVED_BYTES_MAX
    }

    /// Told when there is room again.
    pub(super) fn room(&self) -> Arc<Notify> {
        Arc::clone(&self.room)
    }

    pub(super) fn wake_with(&mut self, waker: &Waker) {
        self.waker = Some(waker.clone());
    }
}
