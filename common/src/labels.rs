//! Every string that separates one use of a key or hash from another, in one place so that no two are alike.
//!
//! Used by the cryptographic files of this package and nobody else. Each constant is part of the protocol: changing
//! one changes what is on the wires and on disks. What varies (ids, counters, texts) goes into the key material or the
//! associated data, never into a label.

/// BLAKE3 `derive_key`: the account's signing seed, from the account seed.
pub const ACCOUNT_SIGN: &str = "hutong/account-sign/1";
/// BLAKE3 `derive_key`: input keying material of an X25519 seal key, from a seal seed.
pub const ACCOUNT_SEAL: &str = "hutong/account-seal/1";
/// BLAKE3 `derive_key`: a device's id, from its public key.
pub const DEVICE_ID: &str = "hutong/device-id/1";
/// BLAKE3 `derive_key`: a file's id, from the offering device and message.
pub const FILE_ID: &str = "hutong/file-id/1";
/// BLAKE3 `derive_key`: what people compare of a server's key.
pub const FINGERPRINT: &str = "hutong/fingerprint/1";
/// BLAKE3 `derive_key`: the digits that two people compare of their account keys.
pub const SAFETY: &str = "hutong/safety/1";
/// BLAKE3 `derive_key`: a week's key for mDNS tags, from the server's seed and the number of the week.
pub const DISCOVERY_KEY: &str = "hutong/discovery-key/1";
/// BLAKE3 `derive_key`: the key of the rendezvous' audit chain, from the server's seed.
pub const AUDIT: &str = "hutong/audit/1";
/// BLAKE3 `derive_key` of the vault's key, from OPAQUE's export key; also opens the vault's associated data.
pub const VAULT: &str = "hutong/vault/1";

/// Signature context of a membership.
pub const MEMBERSHIP: &str = "hutong/membership/1";
/// Signature context of a card.
pub const CARD: &str = "hutong/card/1";
/// Signature context of the revocation list.
pub const REVOCATIONS: &str = "hutong/revocations/1";
/// Signature context of a message.
pub const MESSAGE: &str = "hutong/message/1";
/// Signature context of a group's sheet.
pub const GROUP: &str = "hutong/group/1";
/// Signature context of a receipt.
pub const RECEIPT: &str = "hutong/receipt/1";
/// Signature context of a confirmation.
pub const CONFIRMATION: &str = "hutong/confirmation/1";

/// BLAKE3 `derive_key`: what the keys of one direction of a relayed session come from.
pub const RELAY_TRAFFIC: &str = "hutong/relay/traffic/1";
/// BLAKE3 `derive_key`: the keys of an epoch, from that.
pub const RELAY_EPOCH: &str = "hutong/relay/epoch/1";
/// BLAKE3 `derive_key`: what the keys of the next epoch come from.
pub const RELAY_NEXT: &str = "hutong/relay/next/1";
/// Opens what the tag of a frame of a relayed session is a keyed hash of.
pub const RELAY_FRAME: &str = "hutong/relay/frame/1";
/// Opens what proves that one end of a relayed session may join it.
pub const RELAY_JOIN: &str = "hutong/relay/join/1";
/// Opens what proves that it has joined.
pub const RELAY_JOINED: &str = "hutong/relay/joined/1";

/// Opens what the tag of a device's mDNS announcement is a keyed hash of.
pub const MDNS_TAG: &str = "hutong/mdns/1";

/// Opens the associated data of a mail body.
pub const MAIL_BODY: &str = "hutong/body/1";
/// HPKE `info` of the key of a mail body.
pub const MAIL_SEAL: &str = "hutong/seal/1";

/// Opens OPAQUE's context; the channel's exporter follows.
pub const OPAQUE: &str = "hutong/opaque/1";
/// TLS exporter that binds an OPAQUE run to its connection.
pub const EXPORTER_OPAQUE: &str = "EXPORTER-hutong-opaque";
/// TLS exporter that binds the tickets of relayed sessions to the connection over which they went.
pub const EXPORTER_RELAY: &str = "EXPORTER-hutong-relay";
/// TLS exporter for the probes of one direction of a link; its context is the role of who sends them.
pub const EXPORTER_PROBE: &str = "EXPORTER-hutong-probe";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_labels_are_alike() {
        let labels = [
            ACCOUNT_SIGN,
            ACCOUNT_SEAL,
            DEVICE_ID,
            FILE_ID,
            FINGERPRINT,
            SAFETY,
            DISCOVERY_KEY,
            AUDIT,
            VAULT,
            MEMBERSHIP,
            CARD,
            REVOCATIONS,
            MESSAGE,
            GROUP,
            RECEIPT,
            CONFIRMATION,
            RELAY_TRAFFIC,
            RELAY_EPOCH,
            RELAY_NEXT,
            RELAY_FRAME,
            RELAY_JOIN,
            RELAY_JOINED,
            MDNS_TAG,
            MAIL_BODY,
            MAIL_SEAL,
            OPAQUE,
            EXPORTER_OPAQUE,
            EXPORTER_RELAY,
            EXPORTER_PROBE,
        ];
        assert_eq!(BTreeSet::from(labels).len(), labels.len());
    }
}
