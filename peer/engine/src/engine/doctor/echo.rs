//! Packets to the rendezvous and back, from a socket of their own: a few small ones, then many large ones at once.

use super::knock::resolve;
use crate::api::doctor::Packets;
use crate::core::io::Echoed;
use hutong_common::check::{CheckKind, CheckPacket, CheckToken, PACKET_BYTES};
use hutong_common::limits::{
    CHECK_ANSWER_MS, CHECK_LARGE_BYTES, CHECK_LARGE_PACKETS, CHECK_PAUSE_MS, CHECK_SMALL_PACKETS,
};
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep, timeout};

/// Sends them and counts what comes back; without a socket nothing does.
pub(super) async fn echo(host: &str, port: u16, token: CheckToken, burst: bool) -> Echoed {
    let found = resolve(host).await.first().copied();
    let opened = async {
        let to = SocketAddr::new(found?.ip(), port);
        Some((fresh_socket(to).await.ok()?, to))
    };
    let Some((socket, to)) = opened.await else {
        return Echoed::default();
    };
    let mut echoes = Echoes {
        socket,
        to,
        token,
        sent: BTreeMap::new(),
        shortest: None,
    };
    let pause = Duration::from_millis(CHECK_PAUSE_MS);
    let small = echoes
        .send(0..CHECK_SMALL_PACKETS, PACKET_BYTES, pause)
        .await;
    let is_worth_more = burst && small.arrived > 0;
    let numbers = CHECK_SMALL_PACKETS..CHECK_SMALL_PACKETS + CHECK_LARGE_PACKETS;
    let large = if is_worth_more {
        Some(
            echoes
                .send(numbers, CHECK_LARGE_BYTES, Duration::ZERO)
                .await,
        )
    } else {
        None
    };
    let rtt_us = echoes
        .shortest
        .map(|rtt| u64::try_from(rtt.as_micros()).unwrap_or(u64::MAX));
    Echoed {
        small,
        large,
        rtt_us,
    }
}

/// A socket for packets to this address that nobody knows yet.
pub(super) async fn fresh_socket(to: SocketAddr) -> io::Result<UdpSocket> {
    match to {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).await,
    }
}

struct Echoes {
    socket: UdpSocket,
    to: SocketAddr,
    token: CheckToken,
    /// Packets under way.
    sent: BTreeMap<u8, Instant>,
    shortest: Option<Duration>,
}

impl Echoes {
    async fn send(&mut self, numbers: Range<u8>, len: usize, pause: Duration) -> Packets {
        self.sent.clear();
        let mut packets = Packets::default();
        for number in numbers {
            let packet = CheckPacket {
                kind: CheckKind::Echo,
                token: self.token,
                number,
            };
            self.sent.insert(number, Instant::now());
            packets.sent += 1;
            // One that cannot leave is one that does not come back.
            self.socket.send_to(&packet.encode(len), self.to).await.ok();
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
        let limit = Duration::from_millis(CHECK_ANSWER_MS);
        let end = Instant::now() + limit;
        let mut buffer = [0; CHECK_LARGE_BYTES];
        while !self.sent.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(received) = timeout(left, self.socket.recv_from(&mut buffer)).await else {
                break;
            };
            // An error is about an earlier packet.
            let Ok((len, _)) = received else { continue };
            packets.arrived += u32::from(self.came_back(buffer.get(..len).unwrap_or_default()));
        }
        packets
    }

    /// Whether a packet is one of ours that was not counted yet.
    fn came_back(&mut self, packet: &[u8]) -> bool {
        let ours = CheckPacket::decode(packet)
            .filter(|packet| packet.kind == CheckKind::Echoed && packet.token == self.token);
        let Some(sent_at) = ours.and_then(|packet| self.sent.remove(&packet.number)) else {
            return false;
        };
        // Of small ones only the first wait for nothing but the network.
        let took = sent_at.elapsed();
        self.shortest = Some(self.shortest.map_or(took, |known| known.min(took)));
        true
    }
}
