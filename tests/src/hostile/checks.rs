//! UDP packets of checks, as anybody on the network can send them.

use hutong_common::check::{CheckKind, CheckPacket, CheckToken, PACKET_BYTES};

/// One of each kind, short and long.
pub(super) fn honest() -> Vec<Vec<u8>> {
    let kinds = [CheckKind::Echo, CheckKind::Echoed, CheckKind::Knock];
    let packets = kinds.into_iter().map(|kind| CheckPacket {
        kind,
        token: CheckToken([7; 16]),
        number: 3,
    });
    packets
        .flat_map(|packet| [packet.encode(0), packet.encode(1_200)])
        .collect()
}

/// What is read is what stands in front, and nothing shorter is a packet.
pub(super) fn packet(bytes: &[u8]) {
    if let Some(read) = CheckPacket::decode(bytes) {
        assert_eq!(Some(&*read.encode(0)), bytes.get(..PACKET_BYTES));
        assert_eq!(read.encode(bytes.len()).len(), bytes.len());
    }
}
