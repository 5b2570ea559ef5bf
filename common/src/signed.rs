//! Objects that carry a signature, and the four of them that say who is who.
//!
//! Received bytes are verified before they are parsed, and stored and forwarded unchanged: nothing is ever encoded
//! anew to check it. Which key must have signed is the caller's knowledge, never the object's own claim. A body
//! changes by becoming a new kind with a new context, never by changing its fields.

use crate::bounded::{Bytes, List, Text, array64};
use crate::codec;
use crate::id::{AccountId, DeviceId, MsgId, PublicKey, ServerId};
use crate::identity::{self, KeyPair};
use crate::labels;
use crate::limits::{
    DEVICES_MAX, LABEL_BYTES_MAX, OWN_DEVICES_MAX, REVOCATIONS_BYTES_MAX, REVOCATIONS_MAX,
    SIGNED_BYTES_MAX,
};
use crate::limits::{MEMBERSHIP_EARLY_MS, MEMBERSHIP_LATE_MS};
use crate::name::Login;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why a signed object is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedError {
    /// Not signed by this key for this use.
    #[error("the signature does not hold")]
    Signature,
    /// The body is not one value of its kind.
    #[error("the signed body is malformed")]
    Malformed,
    /// The body exceeds what its kind may have.
    #[error("the signed body is too large")]
    TooLarge,
}

/// What can be signed: one encoding, one context.
pub trait SignedBody: Serialize + DeserializeOwned {
    /// The label that its signatures cover.
    const CONTEXT: &'static str;
    /// Largest encoding in bytes.
    const BYTES_MAX: usize = SIGNED_BYTES_MAX;
}

/// Bytes and a signature over them, exactly as they were received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    body: Bytes<REVOCATIONS_BYTES_MAX>,
    #[serde(with = "array64")]
    signature: [u8; 64],
}

impl Signed {
    /// Signs `body` with `key`.
    pub fn new<T: SignedBody>(body: &T, key: &KeyPair) -> Self {
        let bytes = codec::encode(body);
        let signature = key.sign(T::CONTEXT, &bytes);
        let body = Bytes::new(bytes)
            .unwrap_or_else(|_| unreachable!("the bounds of its fields keep a body smaller"));
        Self { body, signature }
    }

    /// The body, if `key` signed it as a `T`.
    pub fn verify<T: SignedBody>(&self, key: &PublicKey) -> Result<T, SignedError> {
        if self.body.len() > T::BYTES_MAX {
            return Err(SignedError::TooLarge);
        }
        identity::verify(key, T::CONTEXT, &self.body, &self.signature)
            .map_err(|_| SignedError::Signature)?;
        self.parse()
    }

    /// The body without asking who signed it: only to learn whose key to [`verify`](Self::verify) with, or to read
    /// what this program verified before it stored it.
    pub fn peek_unverified<T: SignedBody>(&self) -> Result<T, SignedError> {
        if self.body.len() > T::BYTES_MAX {
            return Err(SignedError::TooLarge);
        }
        self.parse()
    }

    fn parse<T: SignedBody>(&self) -> Result<T, SignedError> {
        codec::decode(&self.body).map_err(|_| SignedError::Malformed)
    }

    /// The signed bytes, to compare two objects that claim the same version.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// What an account may do at its rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Chat, and found groups.
    Member,
    /// Also announce, and help members who forgot their password.
    Teacher,
    /// Also run the rendezvous.
    Admin,
}

/// The server's word that an account belongs to it: binds number, login and account key for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The rendezvous that says so.
    pub server_id: ServerId,
    /// The account's number.
    pub account_id: AccountId,
    /// The account's login, canonical.
    pub login: Login,
    /// The key that signs the account's card.
    pub account_pk: PublicKey,
    /// Raised whenever the account key is replaced.
    pub account_gen: u32,
    /// What the account may do.
    pub role: Role,
    /// Later memberships of the account have higher ones.
    pub serial: u64,
    /// Start of validity, Unix milliseconds.
    pub not_before_ms: u64,
    /// End of validity, Unix milliseconds.
    pub not_after_ms: u64,
}

impl SignedBody for Membership {
    const CONTEXT: &'static str = labels::MEMBERSHIP;
}

impl Membership {
    /// From when on peers believe it no more.
    pub const fn ends_ms(&self) -> u64 {
        self.not_after_ms
            .saturating_add(MEMBERSHIP_LATE_MS)
            .saturating_add(1)
    }

    /// Whether peers believe it at `now_ms`: with room for wrong clocks before, and for an absent rendezvous after.
    pub const fn is_accepted(&self, now_ms: u64) -> bool {
        self.not_before_ms.saturating_sub(MEMBERSHIP_EARLY_MS) <= now_ms && now_ms < self.ends_ms()
    }
}

/// How a device belongs to its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DeviceKind {
    /// A computer of one's own.
    Own,
    /// A shared one that forgets everything.
    Seat,
}

/// One device in a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDevice {
    /// The key that it shows in TLS and signs messages with.
    pub device_pk: PublicKey,
    /// What its person calls it.
    pub label: Text<LABEL_BYTES_MAX>,
    /// Whether it stays.
    pub kind: DeviceKind,
    /// When it was added, Unix milliseconds.
    pub added_ms: u64,
    /// From when on it counts as absent, Unix milliseconds.
    pub until_ms: u64,
}

impl CardDevice {
    /// The device's id.
    pub fn id(&self) -> DeviceId {
        identity::device_id(&self.device_pk)
    }

    /// Whether it counts at `now_ms`.
    pub const fn is_live(&self, now_ms: u64) -> bool {
        now_ms < self.until_ms
    }
}

/// The account's own word on its devices and its seal key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The rendezvous where the card counts.
    pub server_id: ServerId,
    /// The account's number.
    pub account_id: AccountId,
    /// The key that signs this card, as in the membership.
    pub account_pk: PublicKey,
    /// The generation of that key.
    pub account_gen: u32,
    /// Later cards of the account have higher ones.
    pub version: u64,
    /// Number of the seal key.
    pub seal_no: u32,
    /// The X25519 key to which the account's mail is sealed.
    pub seal_pk: [u8; 32],
    /// The account's devices.
    pub devices: List<CardDevice, DEVICES_MAX>,
    /// When it was signed, Unix milliseconds.
    pub issued_ms: u64,
}

impl SignedBody for Card {
    const CONTEXT: &'static str = labels::CARD;
}

impl Card {
    /// The device that holds `key`, unless it is absent or past its time at `now_ms`.
    pub fn live_device(&self, key: &PublicKey, now_ms: u64) -> Option<&CardDevice> {
        self.devices
            .iter()
            .find(|device| device.device_pk == *key && device.is_live(now_ms))
    }
}

/// What is no longer believed about one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// The account.
    pub account_id: AccountId,
    /// Memberships below this serial are void.
    pub min_serial: u64,
    /// Cards below this version are void.
    pub min_card_version: u64,
    /// Devices that are void in any card.
    pub gone: List<DeviceId, OWN_DEVICES_MAX>,
    /// When it was decided, Unix milliseconds.
    pub at_ms: u64,
}

/// The server's list of what is no longer believed, one entry per account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocations {
    /// The rendezvous that says so.
    pub server_id: ServerId,
    /// Later lists have higher ones.
    pub version: u64,
    /// When it was signed, Unix milliseconds.
    pub issued_ms: u64,
    /// The entries, kept for 30 days.
    pub entries: List<Revocation, REVOCATIONS_MAX>,
}

impl SignedBody for Revocations {
    const CONTEXT: &'static str = labels::REVOCATIONS;
    const BYTES_MAX: usize = REVOCATIONS_BYTES_MAX;
}

/// A device's word that it has stored a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptBody {
    /// The rendezvous at which both sides met.
    pub server_id: ServerId,
    /// The device that sent the message.
    pub sender_device: DeviceId,
    /// The message.
    pub msg_id: MsgId,
    /// When it was stored, Unix milliseconds.
    pub stored_ms: u64,
}

impl SignedBody for ReceiptBody {
    const CONTEXT: &'static str = labels::RECEIPT;
}

/// A person's word, by one of his devices, that he has read an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationBody {
    /// The rendezvous at which both sides met.
    pub server_id: ServerId,
    /// The device that announced it.
    pub sender_device: DeviceId,
    /// The announcement.
    pub msg_id: MsgId,
    /// When it was confirmed, Unix milliseconds.
    pub confirmed_ms: u64,
}

impl SignedBody for ConfirmationBody {
    const CONTEXT: &'static str = labels::CONFIRMATION;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> ReceiptBody {
        ReceiptBody {
            server_id: ServerId([1; 32]),
            sender_device: DeviceId([2; 16]),
            msg_id: MsgId([3; 16]),
            stored_ms: 4,
        }
    }

    fn key() -> KeyPair {
        KeyPair::from_seed([8; 32])
    }

    /// The signature over bytes that need not be a value.
    fn signed_bytes(context: &'static str, bytes: Vec<u8>) -> Signed {
        let signature = key().sign(context, &bytes);
        Signed {
            body: Bytes::new(bytes).unwrap(),
            signature,
        }
    }

    #[test]
    fn an_object_is_believed_after_a_trip_over_the_wire() {
        let signed = Signed::new(&receipt(), &key());
        let wire = codec::encode(&signed);
        let received: Signed = codec::decode(&wire).unwrap();
        assert_eq!(received, signed);
        assert_eq!(received.verify(&key().public()), Ok(receipt()));
        assert_eq!(received.peek_unverified(), Ok(receipt()));
        assert_eq!(received.body(), codec::encode(&receipt()));
    }

    #[test]
    fn no_byte_can_be_changed() {
        let wire = codec::encode(&Signed::new(&receipt(), &key()));
        for at in 0..wire.len() {
            let mut wrong = wire.clone();
            wrong[at] ^= 1;
            let refused = codec::decode::<Signed>(&wrong).map_or(true, |signed| {
                signed.verify::<ReceiptBody>(&key().public()).is_err()
            });
            assert!(refused, "byte {at}");
        }
    }

    #[test]
    fn another_signer_or_another_kind_is_refused() {
        let signed = Signed::new(&receipt(), &key());
        let other = KeyPair::from_seed([9; 32]).public();
        assert_eq!(
            signed.verify::<ReceiptBody>(&other),
            Err(SignedError::Signature)
        );
        let as_card = signed_bytes(labels::CARD, codec::encode(&receipt()));
        assert_eq!(
            as_card.verify::<ReceiptBody>(&key().public()),
            Err(SignedError::Signature)
        );
    }

    #[test]
    fn the_signature_is_judged_before_the_body_is_read() {
        let mut garbage = signed_bytes(labels::RECEIPT, vec![0xff; 9]);
        assert_eq!(
            garbage.verify::<ReceiptBody>(&key().public()),
            Err(SignedError::Malformed)
        );
        garbage.signature[0] ^= 1;
        assert_eq!(
            garbage.verify::<ReceiptBody>(&key().public()),
            Err(SignedError::Signature)
        );
        let mut trailing = codec::encode(&receipt());
        trailing.push(0);
        let trailing = signed_bytes(labels::RECEIPT, trailing);
        assert_eq!(
            trailing.verify::<ReceiptBody>(&key().public()),
            Err(SignedError::Malformed)
        );
        assert_eq!(
            trailing.peek_unverified::<ReceiptBody>(),
            Err(SignedError::Malformed)
        );
        let large = signed_bytes(labels::RECEIPT, vec![0; SIGNED_BYTES_MAX + 1]);
        assert_eq!(
            large.verify::<ReceiptBody>(&key().public()),
            Err(SignedError::TooLarge)
        );
        assert_eq!(
            large.peek_unverified::<ReceiptBody>(),
            Err(SignedError::TooLarge)
        );
    }

    #[test]
    fn bytes_that_an_honest_encoder_would_not_write_are_kept_and_verified_as_they_are() {
        // postcard reads 4 as `84 00` too; the signature is over what was sent, so both are objects of their own.
        let mut longer = codec::encode(&receipt());
        let last = longer.pop().unwrap();
        longer.extend([last | 0x80, 0]);
        let signed = signed_bytes(labels::RECEIPT, longer.clone());
        assert_eq!(signed.verify(&key().public()), Ok(receipt()));
        assert_eq!(signed.body(), longer);
    }

    #[test]
    fn the_largest_revocation_list_fits() {
        let entry = Revocation {
            account_id: AccountId(u64::MAX),
            min_serial: u64::MAX,
            min_card_version: u64::MAX,
            gone: List::new(vec![DeviceId([0xff; 16]); OWN_DEVICES_MAX]).unwrap(),
            at_ms: u64::MAX,
        };
        let list = Revocations {
            server_id: ServerId([1; 32]),
            version: u64::MAX,
            issued_ms: u64::MAX,
            entries: List::new(vec![entry; REVOCATIONS_MAX]).unwrap(),
        };
        assert_eq!(Signed::new(&list, &key()).verify(&key().public()), Ok(list));
    }

    #[test]
    fn a_membership_is_accepted_two_days_early_and_two_weeks_late() {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        let membership = Membership {
            server_id: ServerId([1; 32]),
            account_id: AccountId(10_001),
            login: Login::new("lin").unwrap(),
            account_pk: PublicKey([2; 32]),
            account_gen: 1,
            role: Role::Member,
            serial: 1,
            not_before_ms: 100 * DAY_MS,
            not_after_ms: 114 * DAY_MS,
        };
        for (now_ms, accepted) in [
            (98 * DAY_MS - 1, false),
            (98 * DAY_MS, true),
            (128 * DAY_MS, true),
            (128 * DAY_MS + 1, false),
        ] {
            assert_eq!(membership.is_accepted(now_ms), accepted, "{now_ms}");
        }
    }

    #[test]
    fn a_card_knows_a_device_until_its_time_is_over() {
        let device = CardDevice {
            device_pk: key().public(),
            label: Text::new("lab 7").unwrap(),
            kind: DeviceKind::Seat,
            added_ms: 100,
            until_ms: 200,
        };
        let card = Card {
            server_id: ServerId([1; 32]),
            account_id: AccountId(10_001),
            account_pk: PublicKey([2; 32]),
            account_gen: 1,
            version: 1,
            seal_no: 1,
            seal_pk: [3; 32],
            devices: List::new(vec![device.clone()]).unwrap(),
            issued_ms: 100,
        };
        assert_eq!(card.live_device(&device.device_pk, 199), Some(&device));
        assert_eq!(card.live_device(&device.device_pk, 200), None);
        assert_eq!(card.live_device(&card.account_pk, 150), None);
        assert_eq!(device.id(), identity::device_id(&device.device_pk));
    }
}
