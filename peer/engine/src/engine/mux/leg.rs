//! Our end of a relayed session: its TCP connection to the rendezvous, from the join to the last byte.
//!
//! What QUIC sends goes in frames under DES, which protects nothing that is not protected already: inside is the same encrypted
//! connection as over a direct way. A frame that is not what the other end wrote, silence, or nothing to carry for a minute ends
//! the session; the core is told once when the other end is there, and once when it is over.

use super::Mux;
use super::queue::{Received, split};
use crate::core::io::{Input, RelayInput, RelayJoin};
use crate::engine::driver::Inputs;
use crate::engine::wrap::{Open, Seal, Wrap};
use crate::platform;
use bytes::Bytes;
use hutong_common::id::RelaySession;
use hutong_common::limits::{
    LINK_CLOSE_TIMEOUT_MS, RELAY_FRAME_BYTES_MAX, RELAY_JOIN_TIMEOUT_MS, RELAY_PING_MS,
    RELAY_SILENCE_MS, RELAY_UNUSED_MS, RELAY_USER_TIMEOUT_MS,
};
use hutong_common::relay_join::{ANSWER_BYTES, JoinKey};
use hutong_common::wrap::frames::{FrameError, FrameKind, LEN_BYTES, frame_len};
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// Bytes read at once.
const READ_BYTES: usize = 3 * RELAY_FRAME_BYTES_MAX;

/// Why a session is over. For the log only.
#[derive(Debug, thiserror::Error)]
pub(in crate::engine) enum LegError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the rendezvous does not let us join")]
    NotJoined,
    #[error("nothing comes from the other end")]
    Silent,
    #[error("nothing was carried for a while")]
    Unused,
    #[error("the other end has closed it")]
    Closed,
    #[error("its connection ended")]
    Ended,
    #[error("too slow")]
    Slow(#[from] tokio::time::error::Elapsed),
}

/// What both halves of a session note.
#[derive(Debug)]
struct Pulse {
    begun: Instant,
    /// When anything came last, and when a packet was carried last, in milliseconds since then.
    heard_ms: AtomicU64,
    used_ms: AtomicU64,
    /// The other end asked whether we are there.
    owes_pong: AtomicBool,
}

impl Pulse {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn age_ms(&self, of: &AtomicU64) -> u64 {
        self.now_ms().saturating_sub(of.load(Ordering::Relaxed))
    }
}

/// A session on its way, or open.
#[derive(Debug)]
pub(in crate::engine) struct Leg {
    pub(in crate::engine) mux: Mux,
    pub(in crate::engine) inputs: Inputs,
    /// The only own address to be used.
    pub(in crate::engine) bind: Option<IpAddr>,
    pub(in crate::engine) wrap: Arc<dyn Wrap>,
    /// Ends it.
    pub(in crate::engine) leave: Arc<Notify>,
}

impl Leg {
    /// Joins, carries packets until it is over, and tells the core.
    pub(in crate::engine) async fn run(self, join: Box<RelayJoin>) -> RelaySession {
        let session = join.session;
        let filled = self.mux.0.state().legs.open(session);
        let ended = tokio::select! {
            ended = self.live(*join, &filled) => ended,
            () = self.leave.notified() => Ok(()),
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a relayed session ended");
        }
        self.mux.close_leg(session);
        let down = RelayInput::Down { session };
        self.inputs.send(Input::Relay(down)).await;
        session
    }

    async fn live(&self, join: RelayJoin, filled: &Notify) -> Result<(), LegError> {
        let limit = Duration::from_millis(RELAY_JOIN_TIMEOUT_MS);
        let stream = timeout(limit, self.join(&join.host, &join.key)).await??;
        let (reader, writer) = stream.into_split();
        let pulse = Pulse {
            begun: Instant::now(),
            heard_ms: AtomicU64::new(0),
            used_ms: AtomicU64::new(0),
            owes_pong: AtomicBool::new(false),
        };
        let (sealer, opener) = self.wrap.ends(&join.secret, join.role);
        let session = join.session;
        tokio::select! {
            written = self.write(session, (writer, sealer), filled, &pulse) => written.map(|never| match never {}),
            read = self.read(session, (reader, opener), filled, &pulse) => read.map(|never| match never {}),
            over = watch(&pulse) => Err(over),
        }
    }

    async fn join(&self, host: &str, key: &JoinKey) -> Result<TcpStream, LegError> {
        let mut last = LegError::NotJoined;
        for address in tokio::net::lookup_host(host).await? {
            match self.connect(address).await {
                Ok(mut stream) => {
                    stream.write_all(&key.join().encode()).await?;
                    let mut answer = [0; ANSWER_BYTES];
                    stream.read_exact(&mut answer).await?;
                    let is_joined = key.is_joined(&answer);
                    return is_joined.then_some(stream).ok_or(LegError::NotJoined);
                }
                Err(error) => last = error.into(),
            }
        }
        Err(last)
    }

    async fn connect(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let socket = match to {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        if let Some(own) = self.bind.filter(|own| own.is_ipv4() == to.is_ipv4()) {
            socket.bind(SocketAddr::new(own, 0))?;
        }
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        let limit = Duration::from_millis(RELAY_USER_TIMEOUT_MS);
        if let Err(error) = platform::limit_unacknowledged(&stream, limit) {
            tracing::debug!(%error, "the system does not watch over this connection");
        }
        Ok(stream)
    }

    async fn write(
        &self,
        session: RelaySession,
        (mut writer, mut sealer): (OwnedWriteHalf, Box<dyn Seal>),
        filled: &Notify,
        pulse: &Pulse,
    ) -> Result<Infallible, LegError> {
        let mut bytes = Vec::new();
        let mut pings = interval(Duration::from_millis(RELAY_PING_MS));
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            bytes.clear();
            let payloads = self.mux.0.state().legs.take(session);
            if !payloads.is_empty() {
                pulse.used_ms.store(pulse.now_ms(), Ordering::Relaxed);
            }
            for payload in payloads {
                sealer.seal(FrameKind::Datagram, &payload, &mut bytes)?;
            }
            if pulse.owes_pong.swap(false, Ordering::Relaxed) {
                sealer.seal(FrameKind::Pong, &[], &mut bytes)?;
            }
            if bytes.is_empty() {
                tokio::select! {
                    // QUIC goes on sending: one large write costs less than several small ones.
                    () = filled.notified() => yield_now().await,
                    _ = pings.tick() => sealer.seal(FrameKind::Ping, &[], &mut bytes)?,
                }
            }
            if bytes.is_empty() {
                continue;
            }
            writer.write_all(&bytes).await?;
        }
    }

    async fn read(
        &self,
        session: RelaySession,
        (mut reader, mut opener): (OwnedReadHalf, Box<dyn Open>),
        filled: &Notify,
        pulse: &Pulse,
    ) -> Result<Infallible, LegError> {
        let mut buffer = vec![0; READ_BYTES];
        let (mut begin, mut end) = (0, 0);
        let mut is_up = false;
        loop {
            while let Some(frame) = next_frame(&mut buffer, (begin, end))? {
                begin += LEN_BYTES + frame.len();
                let (kind, payload) = opener.open(frame)?;
                match kind {
                    FrameKind::Datagram => {
                        pulse.used_ms.store(pulse.now_ms(), Ordering::Relaxed);
                        self.mux.receive_relayed(session, payload);
                    }
                    FrameKind::Ping => {
                        pulse.owes_pong.store(true, Ordering::Relaxed);
                        filled.notify_one();
                    }
                    FrameKind::Close => return Err(LegError::Closed),
                    FrameKind::Pad | FrameKind::Pong => {}
                }
                if !std::mem::replace(&mut is_up, true) {
                    let up = RelayInput::Up { session };
                    self.inputs.send(Input::Relay(up)).await;
                }
            }
            if begin > 0 {
                buffer.copy_within(begin..end, 0);
                (begin, end) = (0, end - begin);
            }
            self.mux.room_for_relayed().await;
            let room = buffer.get_mut(end..).unwrap_or_default();
            let count = reader.read(room).await?;
            if count == 0 {
                return Err(LegError::Ended);
            }
            end += count;
            pulse.heard_ms.store(pulse.now_ms(), Ordering::Relaxed);
        }
    }
}

/// The first whole frame of what was read, without its length.
fn next_frame(
    buffer: &mut [u8],
    (begin, end): (usize, usize),
) -> Result<Option<&mut [u8]>, FrameError> {
    let read = buffer.get_mut(begin..end).unwrap_or_default();
    let Some((len, rest)) = read.split_first_chunk_mut::<LEN_BYTES>() else {
        return Ok(None);
    };
    let len = frame_len(*len)?;
    Ok(rest.get_mut(..len))
}

/// Ends with the reason for which a session is of no use any more.
async fn watch(pulse: &Pulse) -> LegError {
    let mut looks = interval(Duration::from_millis(RELAY_PING_MS));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        if pulse.age_ms(&pulse.heard_ms) >= silence_ms(pulse) {
            return LegError::Silent;
        }
        if pulse.age_ms(&pulse.used_ms) >= RELAY_UNUSED_MS {
            return LegError::Unused;
        }
    }
}

/// The other end may take its time to join; once it was heard it has to be heard again.
fn silence_ms(pulse: &Pulse) -> u64 {
    if pulse.heard_ms.load(Ordering::Relaxed) == 0 {
        RELAY_JOIN_TIMEOUT_MS
    } else {
        RELAY_SILENCE_MS
    }
}

impl Mux {
    /// A session is over: nothing goes over it any more.
    fn close_leg(&self, session: RelaySession) {
        let now_us = self.0.now_us();
        let mut state = self.0.state();
        state.legs.close(session);
        state.table.detach(session, now_us);
        drop(state);
        self.0.due.notify_one();
    }

    /// Packets came over a session.
    fn receive_relayed(&self, session: RelaySession, payload: &[u8]) {
        let Some((packets, stride)) = split(payload) else {
            return;
        };
        let now_us = self.0.now_us();
        let mut state = self.0.state();
        let mut under = Vec::with_capacity(1);
        state.table.receive_relayed(session, now_us, &mut under);
        let packets = Bytes::copy_from_slice(packets);
        for under in under {
            state.received.add(Received {
                under,
                packets: packets.clone(),
                stride,
                ecn: None,
            });
        }
    }

    /// Waits until QUIC has taken enough of what came by relay.
    async fn room_for_relayed(&self) {
        loop {
            let room = {
                let state = self.0.state();
                if !state.received.is_full() {
                    return;
                }
                state.received.room()
            };
            // A wake-up between the look and the wait is made up for by the pause.
            timeout(
                Duration::from_millis(LINK_CLOSE_TIMEOUT_MS),
                room.notified(),
            )
            .await
            .ok();
        }
    }
}
