//! Packets between two computers: sent from a fresh socket, and counted where they come in at the socket of the links.
//!
//! That socket hands over every datagram that begins with [`FIRST_BYTE`](hutong_common::check::FIRST_BYTE); only those
//! of a check that is listened for count, each number once.

use super::echo::fresh_socket;
use crate::api::doctor::Packets;
use hutong_common::check::{CheckKind, CheckPacket, CheckToken, PACKET_BYTES};
use hutong_common::limits::{
    CHECK_KNOCK_PAUSE_MS, CHECK_KNOCKS, CHECK_LISTEN_MS, CHECKS_HOSTED_MAX, DOCTOR_CHECKS_MAX,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// Numbers of the packets that came in, by check.
type Heard = BTreeMap<CheckToken, BTreeSet<u8>>;

/// The checks that are listened for; clones are the same one.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Knocks(Arc<Mutex<Heard>>);

impl Knocks {
    /// A datagram came in at the socket of the links.
    pub(in crate::engine) fn received(&self, datagram: &[u8]) {
        let knock = CheckPacket::decode(datagram)
            .filter(|packet| packet.kind == CheckKind::Knock && packet.number < CHECK_KNOCKS);
        if let Some(packet) = knock
            && let Some(numbers) = self.heard().get_mut(&packet.token)
        {
            numbers.insert(packet.number);
        }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self, token: CheckToken) {
        let mut heard = self.heard();
        if heard.len() < CHECKS_HOSTED_MAX + DOCTOR_CHECKS_MAX {
            heard.insert(token, BTreeSet::new());
        }
    }

    fn end(&self, token: CheckToken) -> Packets {
        let numbers = self.heard().remove(&token).unwrap_or_default();
        Packets {
            sent: u32::from(CHECK_KNOCKS),
            arrived: u32::try_from(numbers.len()).unwrap_or(u32::MAX),
        }
    }

    /// Knocks and listens, for as long as one check takes.
    pub(super) async fn knock(&self, token: CheckToken, to: Vec<SocketAddr>) -> Packets {
        self.listen(token);
        let end = Instant::now() + Duration::from_millis(CHECK_LISTEN_MS);
        let mut sockets = Vec::new();
        for address in to {
            // Each address is knocked at from a socket of its own family.
            if let Ok(socket) = fresh_socket(address).await {
                sockets.push((socket, address));
            }
        }
        for number in 0..CHECK_KNOCKS {
            let packet = CheckPacket {
                kind: CheckKind::Knock,
                token,
                number,
            };
            for (socket, address) in &sockets {
                socket
                    .send_to(&packet.encode(PACKET_BYTES), address)
                    .await
                    .ok();
            }
            sleep(Duration::from_millis(CHECK_KNOCK_PAUSE_MS)).await;
        }
        sleep_until(end).await;
        self.end(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datagram(token: u8, kind: CheckKind, number: u8) -> Vec<u8> {
        let token = CheckToken([token; 16]);
        CheckPacket {
            kind,
            token,
            number,
        }
        .encode(PACKET_BYTES)
    }

    #[test]
    fn only_knocks_of_a_check_that_is_listened_for_count_and_each_once() {
        let knocks = Knocks::default();
        let token = CheckToken([1; 16]);
        knocks.received(&datagram(1, CheckKind::Knock, 0));
        assert_eq!(knocks.end(token).arrived, 0);
        knocks.listen(token);
        for (token, kind, number) in [
            (1, CheckKind::Knock, 0),
            (1, CheckKind::Knock, 0),
            (1, CheckKind::Knock, CHECK_KNOCKS - 1),
            (1, CheckKind::Knock, CHECK_KNOCKS),
            (1, CheckKind::Echoed, 1),
            (2, CheckKind::Knock, 1),
        ] {
            knocks.received(&datagram(token, kind, number));
        }
        knocks.received(b"");
        assert_eq!(knocks.end(token).arrived, 2);
        assert!(knocks.heard().is_empty());
    }

    #[test]
    fn what_is_listened_for_is_bounded() {
        let knocks = Knocks::default();
        for token in 0..100 {
            knocks.listen(CheckToken([token; 16]));
        }
        assert_eq!(knocks.heard().len(), CHECKS_HOSTED_MAX + DOCTOR_CHECKS_MAX);
    }
}
