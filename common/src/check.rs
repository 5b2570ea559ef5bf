//! The UDP packets of a check: `2 ‖ kind ‖ token[16] ‖ number ‖ anything`.
//!
//! The first byte tells them from QUIC, whose packets have one of the two upper bits set, and from probes of paths, which
//! begin with 1. A token is granted by the rendezvous over its control connection; a packet without one is nobody's.

use std::fmt;

/// What a check's packets carry, so that nobody else's count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct CheckToken(pub [u8; 16]);

impl fmt::Debug for CheckToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckToken")
    }
}

/// First byte of every packet of a check.
pub const FIRST_BYTE: u8 = 2;
/// The shortest packet.
pub const PACKET_BYTES: usize = 3 + 16;

/// What a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// To be sent back by the rendezvous.
    Echo,
    /// Sent back.
    Echoed,
    /// To the other side of a check between two devices.
    Knock,
}

impl CheckKind {
    const fn number(self) -> u8 {
        match self {
            Self::Echo => 0,
            Self::Echoed => 1,
            Self::Knock => 2,
        }
    }
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckPacket {
    /// What for.
    pub kind: CheckKind,
    /// Of which check.
    pub token: CheckToken,
    /// Each packet of a check has a number of its own.
    pub number: u8,
}

impl CheckPacket {
    /// Its bytes, filled with zeros up to `len`.
    pub fn encode(&self, len: usize) -> Vec<u8> {
        let mut bytes = vec![FIRST_BYTE, self.kind.number()];
        bytes.extend_from_slice(&self.token.0);
        bytes.push(self.number);
        bytes.resize(len.max(PACKET_BYTES), 0);
        bytes
    }

    /// Reads a packet; none when it is no such one.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (head, _) = bytes.split_first_chunk::<PACKET_BYTES>()?;
        let [FIRST_BYTE, kind, token @ .., number] = head else {
            return None;
        };
        let kind = match kind {
            0 => CheckKind::Echo,
            1 => CheckKind::Echoed,
            2 => CheckKind::Knock,
            _ => return None,
        };
        Some(Self {
            kind,
            token: CheckToken(*token),
            number: *number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_reads_back_and_nothing_else_is_one() {
        for kind in [CheckKind::Echo, CheckKind::Echoed, CheckKind::Knock] {
            let packet = CheckPacket {
                kind,
                token: CheckToken([7; 16]),
                number: 9,
            };
            for len in [0, PACKET_BYTES, 1_200] {
                let bytes = packet.encode(len);
                assert_eq!(bytes.len(), len.max(PACKET_BYTES));
                assert_eq!(CheckPacket::decode(&bytes), Some(packet));
                for end in 0..PACKET_BYTES {
                    assert_eq!(CheckPacket::decode(&bytes[..end]), None);
                }
            }
        }
        let mut wrong = [0; PACKET_BYTES];
        assert_eq!(CheckPacket::decode(&wrong), None);
        wrong[..2].copy_from_slice(&[FIRST_BYTE, 3]);
        assert_eq!(CheckPacket::decode(&wrong), None);
    }

    /// QUIC sets one of the two upper bits of each first byte.
    #[test]
    fn no_packet_is_taken_for_quic() {
        assert_eq!(FIRST_BYTE & 0b1100_0000, 0);
    }
}
