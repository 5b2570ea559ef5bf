//! What QUIC asks of its socket: a packet goes by the ways of its link, and what came by any way comes up.

use super::queue::Received;
use super::{Mux, Shared};
use crate::engine::server_link::unmapped;
use crate::paths::probe::PROBE_MAGIC;
use crate::paths::table::{Sending, Virtual};
use hutong_common::check::FIRST_BYTE as CHECK_MAGIC;
use quinn::udp::{RecvMeta, Transmit};
use quinn::{AsyncUdpSocket, UdpPoller};
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// What the system may glue together into one received buffer, at most.
const RECEIVE_SEGMENTS: usize = 64;
/// Packets that QUIC hands over at once where there is no UDP socket: as many as it makes in one go.
const RELAY_SEGMENTS: usize = 10;
/// Of a packet of QUIC this bit is set (RFC 9000, 17.2 and 17.3.1), and of no other packet on the socket.
const QUIC_BIT: u8 = 0x40;

impl Shared {
    fn send_direct(
        &self,
        (to, local): (SocketAddr, Option<IpAddr>),
        packet: &Transmit<'_>,
    ) -> io::Result<()> {
        let Some(udp) = &self.udp else {
            return Ok(());
        };
        let transmit = Transmit {
            destination: self.mapped(to),
            src_ip: local,
            ecn: packet.ecn,
            contents: packet.contents,
            segment_size: packet.segment_size,
        };
        match udp.try_send(&transmit) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error),
            // As any other packet that is lost on its way.
            Err(error) => {
                tracing::trace!(%error, "a packet did not leave");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Where a link's packets go another way than before, the last ones go it, too.
    pub(super) fn send_again(&self) {
        let now_us = self.now_us();
        let mut guard = self.state();
        let state = &mut *guard;
        let mut directly = Vec::new();
        for (name, packets) in state.last.on_new_ways(&state.table) {
            let Sending { direct, relay, .. } = state.table.send(name, now_us);
            for packet in packets {
                if let Some(session) = relay {
                    state.legs.send(session, &packet, None);
                }
                directly.extend(direct.map(|to| (to, packet)));
            }
        }
        drop(guard);
        for (to, contents) in directly {
            let packet = Transmit {
                destination: to.0,
                ecn: None,
                contents: &contents,
                segment_size: None,
                src_ip: None,
            };
            // What does not leave now is lost as it was before.
            drop(self.send_direct(to, &packet));
        }
    }

    /// What UDP brought, with everything that is not QUIC's taken out.
    fn receive_udp(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        metas: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let Some(udp) = &self.udp else {
            return Poll::Pending;
        };
        loop {
            let count = match udp.poll_recv(cx, bufs, metas) {
                Poll::Ready(Ok(count)) => count,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            };
            let mut is_any = false;
            for (buf, meta) in bufs.iter_mut().zip(metas.iter_mut()).take(count) {
                self.sort(buf, meta);
                is_any |= meta.len > 0;
            }
            if is_any {
                return Poll::Ready(Ok(count));
            }
        }
    }

    /// Keeps QUIC's packets in a buffer, under the virtual address of whoever sent them.
    fn sort(&self, buf: &mut [u8], meta: &mut RecvMeta) {
        let now_us = self.now_us();
        let from = unmapped(meta.addr);
        let (stride, mut at, mut kept) = (meta.stride.max(1), 0, 0);
        let mut answers = Vec::new();
        let mut state = self.state();
        while at < meta.len {
            let end = (at + stride).min(meta.len);
            match buf.get(at) {
                Some(first) if first & QUIC_BIT != 0 => {
                    buf.copy_within(at..end, kept);
                    kept += end - at;
                }
                Some(&PROBE_MAGIC) => {
                    let packet = buf.get(at..end).unwrap_or_default();
                    answers.extend(state.table.probe(packet, from, now_us));
                    self.due.notify_one();
                }
                Some(&CHECK_MAGIC) => self.knocks.received(buf.get(at..end).unwrap_or_default()),
                Some(_) | None => {}
            }
            at = end;
        }
        meta.len = kept;
        if kept > 0 {
            let mut under = Vec::with_capacity(1);
            state.table.receive(from, meta.dst_ip, now_us, &mut under);
            let (last, others) = under
                .split_last()
                .map_or((None, &[][..]), |(last, others)| (Some(last), others));
            let packets = buf.get(..kept).unwrap_or_default();
            for other in others {
                state.received.add_copy(*other, (packets, stride), meta.ecn);
            }
            meta.dst_ip = None;
            match last {
                Some(name) => meta.addr = name.address(),
                None => meta.len = 0,
            }
        }
        drop(state);
        for answer in answers {
            self.send_probe(from, &answer);
        }
    }

    /// What came by relay, and what came up under a second address.
    fn receive_queued(
        &self,
        cx: &Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        metas: &mut [RecvMeta],
    ) -> usize {
        let mut state = self.state();
        let mut count = 0;
        for (buf, meta) in bufs.iter_mut().zip(metas.iter_mut()) {
            let Some(Received {
                under,
                packets,
                stride,
                ecn,
            }) = state.received.take(buf.len())
            else {
                break;
            };
            if let Some(room) = buf.get_mut(..packets.len()) {
                room.copy_from_slice(&packets);
            }
            *meta = RecvMeta::default();
            (meta.addr, meta.len) = (under.address(), packets.len());
            (meta.stride, meta.ecn) = (stride, ecn);
            count += 1;
        }
        state.received.wake_with(cx.waker());
        count
    }
}

impl AsyncUdpSocket for Mux {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        match &self.0.udp {
            Some(udp) => Arc::clone(udp).create_io_poller(),
            None => Box::pin(NeverFull),
        }
    }

    /// Only a full UDP socket makes QUIC wait: a session's queue drops what it has no room for.
    fn try_send(&self, packet: &Transmit<'_>) -> io::Result<()> {
        let Some(name) = Virtual::of(packet.destination) else {
            return Ok(());
        };
        let now_us = self.0.now_us();
        let mut state = self.0.state();
        let Sending {
            direct,
            relay,
            is_due,
        } = state.table.send(name, now_us);
        if let Some(outlook) = state.table.outlook(name) {
            state.last.note(name, outlook, packet);
        }
        if let Some(session) = relay {
            state
                .legs
                .send(session, packet.contents, packet.segment_size);
        }
        drop(state);
        if is_due {
            self.0.due.notify_one();
        }
        match direct {
            Some(direct) => match self.0.send_direct(direct, packet) {
                // It is on its way by relay, and would be so twice.
                Err(_) if relay.is_some() => Ok(()),
                sent => sent,
            },
            None => Ok(()),
        }
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        metas: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.0.state();
        let udp_first = state.udp_first;
        state.udp_first = !udp_first;
        drop(state);
        if udp_first {
            let received = self.0.receive_udp(cx, bufs, metas);
            if received.is_ready() {
                return received;
            }
        }
        let count = self.0.receive_queued(cx, bufs, metas);
        if count > 0 {
            return Poll::Ready(Ok(count));
        }
        if udp_first {
            return Poll::Pending;
        }
        self.0.receive_udp(cx, bufs, metas)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        // QUIC only looks at the family, which is that of virtual addresses.
        Ok(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 1))
    }

    fn max_transmit_segments(&self) -> usize {
        let udp = self.0.udp.as_ref();
        udp.map_or(RELAY_SEGMENTS, |udp| udp.max_transmit_segments())
    }

    fn max_receive_segments(&self) -> usize {
        RECEIVE_SEGMENTS
    }

    fn may_fragment(&self) -> bool {
        self.0.udp.as_ref().is_some_and(|udp| udp.may_fragment())
    }
}

/// Without UDP nothing makes QUIC wait.
#[derive(Debug)]
struct NeverFull;

impl UdpPoller for NeverFull {
    fn poll_writable(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
