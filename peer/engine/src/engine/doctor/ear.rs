//! The socket of the links with an ear for the packets of checks. QUIC gets every datagram all the same, and drops those.

use super::Knocks;
use hutong_common::check::FIRST_BYTE;
use quinn::udp::{RecvMeta, Transmit};
use quinn::{AsyncUdpSocket, UdpPoller};
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A socket, and who hears of packets of checks.
#[derive(Debug)]
pub(in crate::engine) struct Ear {
    pub(in crate::engine) socket: Arc<dyn AsyncUdpSocket>,
    pub(in crate::engine) knocks: Knocks,
}

impl Ear {
    fn listen(&self, bufs: &[IoSliceMut<'_>], metas: &[RecvMeta]) {
        for (buf, meta) in bufs.iter().zip(metas) {
            let received = buf.get(..meta.len).unwrap_or_default();
            // The system hands over what came from one address in one piece.
            let datagrams = received.chunks(meta.stride.max(1));
            for datagram in datagrams.filter(|one| one.first() == Some(&FIRST_BYTE)) {
                self.knocks.received(datagram);
            }
        }
    }
}

impl AsyncUdpSocket for Ear {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        Arc::clone(&self.socket).create_io_poller()
    }

    fn try_send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        self.socket.try_send(transmit)
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let polled = self.socket.poll_recv(cx, bufs, meta);
        if let Poll::Ready(Ok(count)) = polled {
            self.listen(bufs, meta.get(..count).unwrap_or_default());
        }
        polled
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    fn max_transmit_segments(&self) -> usize {
        self.socket.max_transmit_segments()
    }

    fn max_receive_segments(&self) -> usize {
        self.socket.max_receive_segments()
    }

    fn may_fragment(&self) -> bool {
        self.socket.may_fragment()
    }
}
