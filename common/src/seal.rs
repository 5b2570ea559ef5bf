//! Mail: a signed message and its sender's card, sealed once for everybody and unlocked by one small key per recipient.
//!
//! The engine seals what goes through the rendezvous to people who are away, and opens what waited there; the
//! rendezvous only stores it. Each sealing draws a fresh content key, so the constant nonce is used once. Opening says
//! nothing about who wrote: the caller verifies both signed objects like any others.

use crate::bounded::{Bytes, List};
use crate::codec;
use crate::entropy::{Entropy, SeededEntropy};
use crate::id::{AccountId, MsgId, ServerId};
use crate::labels;
use crate::limits::{
    MAIL_BODY_BYTES_MAX, MAIL_PADDING_LARGE_BYTES, MAIL_PADDING_SMALL_BYTES,
    MAIL_PADDING_SMALL_UP_TO_BYTES, MAIL_RECIPIENTS_MAX,
};
use crate::rpc::mail::{Envelope, SealedKey};
use crate::signed::Signed;
use crate::vault::SealSeed;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use hpke::aead::ChaCha20Poly1305 as SealAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use hpke::{single_shot_open, single_shot_seal_with_rng};
use zeroize::Zeroizing;

const CONTENT_KEY_BYTES: usize = 32;
const LENGTH_BYTES: usize = 4;
/// The content key belongs to one sealing, so its only nonce may be constant.
const NONCE: [u8; 12] = [0; 12];

/// Why mail cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The message and card, or the recipients, are more than one mail carries.
    #[error("too large for one mail")]
    TooLarge,
    /// A recipient's seal key is no sound X25519 key.
    #[error("the seal key of account {0} is unusable")]
    RecipientKey(AccountId),
    /// The key is sealed to another account.
    #[error("sealed to another account")]
    OtherAccount,
    /// The key is sealed to a seal seed that is not, or no longer, here.
    #[error("sealed to seal key {0}, which is not here")]
    UnknownSealKey(u32),
    /// The key or the body was made for something else, or changed since.
    #[error("the mail does not open")]
    Broken,
    /// The body opens, but its contents are not laid out as they must be.
    #[error("the mail is malformed")]
    Malformed,
}

/// One mail's name; every part of it is bound to the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailName {
    /// The rendezvous where it waits.
    pub server: ServerId,
    /// The id of the message, which names its envelope too.
    pub env_id: MsgId,
}

/// The seal key of a recipient, from the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealKey {
    /// Its number.
    pub no: u32,
    /// The X25519 public key.
    pub pk: [u8; 32],
}

impl SealKey {
    /// Whether anything can be sealed to it. To a point of low order (RFC 7748, section 6.1) nothing can, and one such key
    /// among the recipients of a mail keeps it from all of them.
    pub fn is_sound(&self) -> bool {
        let lock = Lock {
            name: MailName {
                server: ServerId([0; 32]),
                env_id: MsgId([0; 16]),
            },
            account: AccountId(0),
            seal_no: self.no,
            body_hash: [0; 32],
        };
        // What is sealed is no secret, so neither is the randomness.
        let mut entropy = SeededEntropy::from_number(0);
        lock.seal(self, &[0; CONTENT_KEY_BYTES], &mut entropy)
            .is_some()
    }
}

/// Seals `message` and the sender's `card` to `recipients`.
pub fn seal_mail(
    name: MailName,
    message: &Signed,
    card: &Signed,
    recipients: &[(AccountId, SealKey)],
    entropy: &mut dyn Entropy,
) -> Result<Envelope, SealError> {
    // Before the work, not after it: each recipient costs two X25519 operations.
    if recipients.len() > MAIL_RECIPIENTS_MAX {
        return Err(SealError::TooLarge);
    }
    let content_key = Zeroizing::new(entropy.array());
    let body_ct = body_cipher(&content_key)
        .encrypt(
            &NONCE.into(),
            Payload {
                msg: &padded(message, card),
                aad: &body_associated_data(name),
            },
        )
        .map_err(|_| SealError::TooLarge)?;
    let body_ct = Bytes::new(body_ct).map_err(|_| SealError::TooLarge)?;
    let body_hash = *blake3::hash(&body_ct).as_bytes();
    let keys: Vec<_> = recipients
        .iter()
        .map(|&(account, key)| {
            let lock = Lock {
                name,
                account,
                seal_no: key.no,
                body_hash,
            };
            lock.seal(&key, &content_key, entropy)
                .ok_or(SealError::RecipientKey(account))
        })
        .collect::<Result<_, _>>()?;
    let recipients = List::new(keys).map_err(|_| SealError::TooLarge)?;
    Ok(Envelope {
        env_id: name.env_id,
        body_ct,
        recipients,
    })
}

/// Opens a mail for `account`, which keeps `seals`: the message and its sender's card, neither of them verified yet.
pub fn open_mail(
    name: MailName,
    account: AccountId,
    body_ct: &[u8],
    key: &SealedKey,
    seals: &[SealSeed],
) -> Result<(Signed, Signed), SealError> {
    if body_ct.len() > MAIL_BODY_BYTES_MAX {
        return Err(SealError::TooLarge);
    }
    if key.account != account {
        return Err(SealError::OtherAccount);
    }
    let seal = seals
        .iter()
        .find(|seal| seal.no == key.seal_no)
        .ok_or(SealError::UnknownSealKey(key.seal_no))?;
    let lock = Lock {
        name,
        account,
        seal_no: key.seal_no,
        body_hash: *blake3::hash(body_ct).as_bytes(),
    };
    let content_key = lock.open(key, seal).ok_or(SealError::Broken)?;
    let plain = body_cipher(&content_key)
        .decrypt(
            &NONCE.into(),
            Payload {
                msg: body_ct,
                aad: &body_associated_data(name),
            },
        )
        .map_err(|_| SealError::Broken)?;
    read_body(&plain)
}

fn body_cipher(content_key: &[u8; CONTENT_KEY_BYTES]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(content_key.into())
}

fn body_associated_data(name: MailName) -> Vec<u8> {
    [labels::MAIL_BODY.as_bytes(), &name.env_id.0].concat()
}

/// Everything that a sealed content key is bound to.
struct Lock {
    name: MailName,
    account: AccountId,
    seal_no: u32,
    body_hash: [u8; 32],
}

impl Lock {
    /// `server_id ‖ env_id ‖ account:u64be ‖ seal_no:u32be ‖ BLAKE3(body_ct)`.
    fn associated_data(&self) -> Vec<u8> {
        let (account, seal_no) = (self.account.0.to_be_bytes(), self.seal_no.to_be_bytes());
        [
            &self.name.server.0[..],
            &self.name.env_id.0,
            &account,
            &seal_no,
            &self.body_hash,
        ]
        .concat()
    }

    fn seal(
        &self,
        key: &SealKey,
        content_key: &[u8; CONTENT_KEY_BYTES],
        entropy: &mut dyn Entropy,
    ) -> Option<SealedKey> {
        let (enc, sealed) = single_shot_seal_with_rng::<SealAead, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &<X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key.pk).ok()?,
            labels::MAIL_SEAL.as_bytes(),
            content_key,
            &self.associated_data(),
            &mut entropy.rng(),
        )
        .ok()?;
        let (key_ct, key_tag) = sealed.split_first_chunk::<CONTENT_KEY_BYTES>()?;
        Some(SealedKey {
            account: self.account,
            seal_no: self.seal_no,
            enc: enc.to_bytes().into(),
            key_ct: *key_ct,
            key_tag: key_tag.try_into().ok()?,
        })
    }

    fn open(&self, key: &SealedKey, seal: &SealSeed) -> Option<Zeroizing<[u8; CONTENT_KEY_BYTES]>> {
        let opened = single_shot_open::<SealAead, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &seal.private(),
            &<X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&key.enc).ok()?,
            labels::MAIL_SEAL.as_bytes(),
            &[&key.key_ct[..], &key.key_tag].concat(),
            &self.associated_data(),
        )
        .ok()?;
        Zeroizing::new(opened)
            .as_slice()
            .try_into()
            .ok()
            .map(Zeroizing::new)
    }
}

/// `bytes` rounded up to the steps behind which the length of a message hides.
const fn padded_len(bytes: usize) -> usize {
    let step = if bytes <= MAIL_PADDING_SMALL_UP_TO_BYTES {
        MAIL_PADDING_SMALL_BYTES
    } else {
        MAIL_PADDING_LARGE_BYTES
    };
    bytes.next_multiple_of(step)
}

/// `len:u32be ‖ message ‖ card ‖ zeros`.
fn padded(message: &Signed, card: &Signed) -> Vec<u8> {
    let objects = [codec::encode(message), codec::encode(card)].concat();
    let mut plain = codec::frame(&objects);
    plain.resize(padded_len(plain.len()), 0);
    plain
}

/// The message and the card in an opened body, which its sender wrote as he liked.
///
/// # Errors
/// [`SealError::Malformed`] when it is not laid out as it must be.
pub fn read_body(plain: &[u8]) -> Result<(Signed, Signed), SealError> {
    unpadded(plain).ok_or(SealError::Malformed)
}

fn unpadded(plain: &[u8]) -> Option<(Signed, Signed)> {
    let (len, rest) = plain.split_first_chunk::<LENGTH_BYTES>()?;
    let (objects, padding) = rest.split_at_checked(u32::from_be_bytes(*len) as usize)?;
    if plain.len() != padded_len(LENGTH_BYTES + objects.len())
        || padding.iter().any(|byte| *byte != 0)
    {
        return None;
    }
    let (message, rest) = codec::decode_prefix(objects).ok()?;
    Some((message, codec::decode(rest).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PublicKey;
    use crate::identity::KeyPair;
    use crate::limits::SIGNED_BYTES_MAX;
    use crate::signed::{Card, SignedBody};
    use serde::{Deserialize, Serialize};

    const NAME: MailName = MailName {
        server: ServerId([1; 32]),
        env_id: MsgId([2; 16]),
    };
    const TAG_BYTES: usize = 16;
    const LIN: AccountId = AccountId(10_001);
    const WANG: AccountId = AccountId(10_002);

    /// A message of any size.
    #[derive(Serialize, Deserialize)]
    struct Note(Bytes<{ 256 * 1024 }>);

    impl SignedBody for Note {
        const CONTEXT: &'static str = "test";
    }

    fn note(bytes: usize) -> Signed {
        Signed::new(
            &Note(Bytes::new(vec![7; bytes]).unwrap()),
            &KeyPair::from_seed([3; 32]),
        )
    }

    fn card() -> Signed {
        let card = Card {
            server_id: NAME.server,
            account_id: AccountId(10_003),
            account_pk: PublicKey([4; 32]),
            account_gen: 1,
            version: 1,
            seal_no: 1,
            seal_pk: [5; 32],
            devices: List::default(),
            issued_ms: 1,
        };
        Signed::new(&card, &KeyPair::from_seed([4; 32]))
    }

    fn seed(no: u32) -> SealSeed {
        SealSeed {
            no,
            seed: [u8::try_from(no).unwrap(); 32],
        }
    }

    fn key_of(seal: &SealSeed) -> SealKey {
        SealKey {
            no: seal.no,
            pk: seal.public(),
        }
    }

    fn sealed(bytes: usize) -> Envelope {
        let recipients = [(LIN, key_of(&seed(1))), (WANG, key_of(&seed(2)))];
        seal_mail(
            NAME,
            &note(bytes),
            &card(),
            &recipients,
            &mut SeededEntropy::from_number(1),
        )
        .unwrap()
    }

    #[test]
    fn every_recipient_opens_the_same_mail() {
        let mail = sealed(100);
        let both = (note(100), card());
        assert_eq!(
            open_mail(NAME, LIN, &mail.body_ct, &mail.recipients[0], &[seed(1)]).as_ref(),
            Ok(&both)
        );
        assert_eq!(
            open_mail(
                NAME,
                WANG,
                &mail.body_ct,
                &mail.recipients[1],
                &[seed(1), seed(2)]
            )
            .as_ref(),
            Ok(&both)
        );
        let wire = codec::encode(&mail);
        assert_eq!(codec::decode::<Envelope>(&wire), Ok(mail));
    }

    #[test]
    fn sealing_is_repeatable_with_the_same_randomness_only() {
        assert_eq!(sealed(100), sealed(100));
        let other = seal_mail(
            NAME,
            &note(100),
            &card(),
            &[],
            &mut SeededEntropy::from_number(2),
        )
        .unwrap();
        assert_ne!(other.body_ct, sealed(100).body_ct);
    }

    #[test]
    fn lengths_hide_behind_the_padding_steps() {
        for (bytes, padded) in [
            (1, 256),
            (256, 256),
            (257, 512),
            (4096, 4096),
            (4097, 8192),
            (8193, 12_288),
        ] {
            assert_eq!(padded_len(bytes), padded, "{bytes}");
        }
        let overhead = padded(&note(0), &card()).len();
        for bytes in [0, 1, 300, 3_000, 10_000] {
            let mail = sealed(bytes);
            assert!(mail.body_ct.len() >= bytes + overhead.min(256));
            assert_eq!(
                mail.body_ct.len() - TAG_BYTES,
                padded_len(mail.body_ct.len() - TAG_BYTES),
                "{bytes}"
            );
        }
        assert_eq!(sealed(1).body_ct.len(), sealed(2).body_ct.len());
    }

    #[test]
    fn the_largest_signed_message_fits_and_more_is_refused() {
        let open =
            |mail: Envelope| open_mail(NAME, LIN, &mail.body_ct, &mail.recipients[0], &[seed(1)]);
        assert!(open(sealed(SIGNED_BYTES_MAX - 8)).is_ok());
        let mut entropy = SeededEntropy::from_number(1);
        let large = seal_mail(NAME, &note(200 * 1024), &card(), &[], &mut entropy);
        assert_eq!(large, Err(SealError::TooLarge));
        let many = vec![(LIN, key_of(&seed(1))); MAIL_RECIPIENTS_MAX + 1];
        assert_eq!(
            seal_mail(NAME, &note(1), &card(), &many, &mut entropy),
            Err(SealError::TooLarge)
        );
        let mail = sealed(1);
        let body = vec![0; MAIL_BODY_BYTES_MAX + 1];
        assert_eq!(
            open_mail(NAME, LIN, &body, &mail.recipients[0], &[seed(1)]),
            Err(SealError::TooLarge)
        );
    }

    #[test]
    fn a_mail_opens_under_its_own_name_and_recipient_only() {
        let mail = sealed(100);
        let (lin, wang) = (&mail.recipients[0], &mail.recipients[1]);
        let open = |name, account, key| open_mail(name, account, &mail.body_ct, key, &[seed(1)]);
        assert!(open(NAME, LIN, lin).is_ok());
        assert_eq!(
            open(
                MailName {
                    server: ServerId([9; 32]),
                    ..NAME
                },
                LIN,
                lin
            ),
            Err(SealError::Broken)
        );
        assert_eq!(
            open(
                MailName {
                    env_id: MsgId([9; 16]),
                    ..NAME
                },
                LIN,
                lin
            ),
            Err(SealError::Broken)
        );
        assert_eq!(open(NAME, LIN, wang), Err(SealError::OtherAccount));
        assert_eq!(open(NAME, WANG, wang), Err(SealError::UnknownSealKey(2)));
        let relabelled = SealedKey {
            account: WANG,
            ..*lin
        };
        assert_eq!(open(NAME, WANG, &relabelled), Err(SealError::Broken));
        let renumbered = SealedKey { seal_no: 3, ..*lin };
        let misnamed = SealSeed {
            no: 3,
            seed: seed(1).seed,
        };
        assert_eq!(
            open_mail(NAME, LIN, &mail.body_ct, &renumbered, &[misnamed]),
            Err(SealError::Broken)
        );
        let other_seed = SealSeed {
            no: 1,
            seed: [9; 32],
        };
        assert_eq!(
            open_mail(NAME, LIN, &mail.body_ct, lin, &[other_seed]),
            Err(SealError::Broken)
        );
    }

    #[test]
    fn no_byte_can_be_changed() {
        let mail = sealed(100);
        for at in 0..mail.body_ct.len() {
            let mut body_ct = mail.body_ct.to_vec();
            body_ct[at] ^= 1;
            let opened = open_mail(NAME, LIN, &body_ct, &mail.recipients[0], &[seed(1)]);
            assert_eq!(opened, Err(SealError::Broken), "body byte {at}");
        }
        for at in 0..32 + CONTENT_KEY_BYTES + TAG_BYTES {
            let mut key = mail.recipients[0];
            match at {
                0..32 => key.enc[at] ^= 1,
                32..64 => key.key_ct[at - 32] ^= 1,
                _ => key.key_tag[at - 64] ^= 1,
            }
            let opened = open_mail(NAME, LIN, &mail.body_ct, &key, &[seed(1)]);
            assert_eq!(opened, Err(SealError::Broken), "key byte {at}");
        }
        assert_eq!(
            open_mail(NAME, LIN, &[], &mail.recipients[0], &[seed(1)]),
            Err(SealError::Broken)
        );
    }

    #[test]
    fn a_recipient_key_that_leads_nowhere_is_named() {
        let recipients = [(WANG, SealKey { no: 1, pk: [0; 32] })];
        let refused = seal_mail(
            NAME,
            &note(1),
            &card(),
            &recipients,
            &mut SeededEntropy::from_number(1),
        );
        assert_eq!(refused, Err(SealError::RecipientKey(WANG)));
    }

    #[test]
    fn a_key_is_sound_if_mail_can_be_sealed_to_it() {
        let order_8 = data_encoding::HEXLOWER
            .decode(b"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
            .unwrap();
        let mut one = [0; 32];
        one[0] = 1;
        for pk in [[0; 32], one, order_8.try_into().unwrap()] {
            assert!(!SealKey { no: 1, pk }.is_sound(), "{pk:?}");
        }
        assert!(key_of(&seed(1)).is_sound());
    }

    #[test]
    fn contents_laid_out_in_any_other_way_are_refused() {
        let plain = padded(&note(100), &card());
        assert_eq!(unpadded(&plain), Some((note(100), card())));
        let len = u32::from_be_bytes(plain[..4].try_into().unwrap());
        let with_len = |len: u32| [&len.to_be_bytes()[..], &plain[4..]].concat();
        let mut dirty = plain.clone();
        *dirty.last_mut().unwrap() = 1;
        let wrong = [
            vec![],
            vec![0; 3],
            vec![0; 256],
            dirty,
            with_len(len - 1),
            with_len(len + 1),
            with_len(u32::MAX),
            [&plain[..], &[0; 256]].concat(),
            plain[..plain.len() - 1].to_vec(),
        ];
        for (case, wrong) in wrong.iter().enumerate() {
            assert_eq!(unpadded(wrong), None, "case {case}");
        }
    }

    #[test]
    fn hpke_answers_as_rfc_9180_says() {
        // A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence number 0.
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let private = hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
        let enc = hex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
        let opened = single_shot_open::<SealAead, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &<X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&private).unwrap(),
            &<X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&enc).unwrap(),
            &hex("4f6465206f6e2061204772656369616e2055726e"),
            &hex(
                "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
            ),
            b"Count-0",
        );
        assert_eq!(opened.unwrap(), b"Beauty is truth, truth beauty");
    }
}
