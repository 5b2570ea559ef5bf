//! Ed25519 keys of servers, accounts and devices: signing, strict verification, and the ids made from them.
//!
//! Called wherever something is signed, judged or named by its key. A signature always covers its context, so one made
//! for one kind of object never passes for another; verification is `verify_strict`, so no signature has a second form.
//! Private halves are wiped on drop and never shown by `Debug`.

use crate::entropy::Entropy;
use crate::id::{BadId, DeviceId, FileId, MsgId, PublicKey, ServerId};
use crate::labels;
use data_encoding::BASE32_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// A signature that its key did not make over these bytes in this context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

/// The private and public half of an Ed25519 key.
#[derive(Clone)]
pub struct KeyPair {
    signing: SigningKey,
    public: PublicKey,
}

impl KeyPair {
    /// The key pair that belongs to `seed`.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(&Zeroizing::new(seed));
        let public = PublicKey(signing.verifying_key().to_bytes());
        Self { signing, public }
    }

    /// A new key pair.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self::from_seed(entropy.array())
    }

    /// The half that everybody may know.
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// The half that must be kept: what [`from_seed`](Self::from_seed) takes.
    pub fn seed(&self) -> &[u8; 32] {
        self.signing.as_bytes()
    }

    /// Signs `body` for the use named by `context`.
    pub fn sign(&self, context: &'static str, body: &[u8]) -> [u8; 64] {
        self.signing.sign(&signed_bytes(context, body)).to_bytes()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// `len(context):u8 ‖ context ‖ len(body):u32be ‖ body`: the two lengths leave one way to read the bytes.
fn signed_bytes(context: &'static str, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + context.len() + 4 + body.len());
    // Contexts are constants of `labels.rs`, bodies are bounded; neither comes near its length field.
    bytes.push(u8::try_from(context.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(context.as_bytes());
    bytes.extend_from_slice(&u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// Accepts `signature` only if `key` made it over `body` in `context`. Weak keys and malleable encodings are refused.
pub fn verify(
    key: &PublicKey,
    context: &'static str,
    body: &[u8],
    signature: &[u8; 64],
) -> Result<(), BadSignature> {
    let key = VerifyingKey::from_bytes(&key.0).map_err(|_| BadSignature)?;
    let signature = Signature::from_bytes(signature);
    key.verify_strict(&signed_bytes(context, body), &signature)
        .map_err(|_| BadSignature)
}

/// Whether `key` is no point of the curve or one of small order, under which anybody can "sign". Ask before pinning.
pub fn is_weak(key: &PublicKey) -> bool {
    VerifyingKey::from_bytes(&key.0).map_or(true, |key| key.is_weak())
}

fn first16(hash: [u8; 32]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

/// The id of the device that holds `key`.
pub fn device_id(key: &PublicKey) -> DeviceId {
    DeviceId(first16(blake3::derive_key(labels::DEVICE_ID, &key.0)))
}

/// The id of the file that `device` offered in `message`.
pub fn file_id(device: DeviceId, message: MsgId) -> FileId {
    let mut material = [0; 32];
    material[..16].copy_from_slice(&device.0);
    material[16..].copy_from_slice(&message.0);
    FileId(first16(blake3::derive_key(labels::FILE_ID, &material)))
}

/// What two people compare to be sure that they mean the same server: eight groups of four base32 letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 20]);

impl Fingerprint {
    /// The fingerprint of a server's key.
    pub fn of(server: ServerId) -> Self {
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&blake3::derive_key(labels::FINGERPRINT, &server.0)[..20]);
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in BASE32_NOPAD.encode(&self.0).chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}", letter.to_ascii_lowercase())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = BadId;
    /// As people type it: spaces and case do not matter.
    fn from_str(text: &str) -> Result<Self, BadId> {
        let letters: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let bytes = BASE32_NOPAD
            .decode(letters.as_bytes())
            .map_err(|_| BadId("fingerprint"))?;
        bytes.try_into().map(Self).map_err(|_| BadId("fingerprint"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use data_encoding::HEXLOWER;

    fn key_pair() -> KeyPair {
        KeyPair::generate(&mut SeededEntropy::from_number(1))
    }

    #[test]
    fn seeds_give_the_public_keys_of_rfc_8032() {
        let vectors = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            ),
        ];
        for (seed, public) in vectors {
            let seed: [u8; 32] = HEXLOWER
                .decode(seed.as_bytes())
                .unwrap()
                .try_into()
                .unwrap();
            let pair = KeyPair::from_seed(seed);
            assert_eq!(pair.public().to_string(), public);
            assert_eq!(pair.seed(), &seed);
        }
    }

    #[test]
    fn the_signed_bytes_are_laid_out_as_the_protocol_says() {
        assert_eq!(
            signed_bytes("ab", &[7, 8, 9]),
            [2, b'a', b'b', 0, 0, 0, 3, 7, 8, 9]
        );
    }

    #[test]
    fn a_signature_holds_for_its_key_context_and_body_only() {
        let pair = key_pair();
        let signature = pair.sign(labels::CARD, b"body");
        assert_eq!(
            verify(&pair.public(), labels::CARD, b"body", &signature),
            Ok(())
        );
        assert_eq!(
            verify(&pair.public(), labels::MESSAGE, b"body", &signature),
            Err(BadSignature)
        );
        assert_eq!(
            verify(&pair.public(), labels::CARD, b"bodz", &signature),
            Err(BadSignature)
        );
        assert_eq!(
            verify(
                &KeyPair::from_seed([3; 32]).public(),
                labels::CARD,
                b"body",
                &signature
            ),
            Err(BadSignature)
        );
        for at in 0..64 {
            let mut wrong = signature;
            wrong[at] ^= 1;
            assert_eq!(
                verify(&pair.public(), labels::CARD, b"body", &wrong),
                Err(BadSignature),
                "byte {at}"
            );
        }
    }

    #[test]
    fn keys_under_which_anybody_can_sign_are_weak() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let not_a_point = [2; 32];
        for key in [[0; 32], identity, not_a_point] {
            assert!(is_weak(&PublicKey(key)), "{key:?}");
        }
        assert!(!is_weak(&key_pair().public()));
        // R = A = the neutral element and s = 0 satisfy the plain equation for every message.
        let mut forged = [0; 64];
        forged[0] = 1;
        assert_eq!(
            verify(&PublicKey(identity), labels::CARD, b"anything", &forged),
            Err(BadSignature)
        );
    }

    #[test]
    fn ids_are_hashes_of_what_they_name() {
        let key = key_pair().public();
        assert_eq!(
            device_id(&key).0,
            blake3::derive_key("hutong/device-id/1", &key.0)[..16]
        );
        let (device, message) = (DeviceId([1; 16]), MsgId([2; 16]));
        let both = [[1; 16], [2; 16]].concat();
        assert_eq!(
            file_id(device, message).0,
            blake3::derive_key("hutong/file-id/1", &both)[..16]
        );
    }

    #[test]
    fn a_fingerprint_reads_back_however_it_was_typed() {
        let print = Fingerprint::of(ServerId([9; 32]));
        let shown = print.to_string();
        assert_eq!(shown.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
        assert_eq!(shown, shown.to_lowercase());
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace(' ', ""),
            format!("  {shown}\n"),
        ] {
            assert_eq!(typed.parse(), Ok(print), "{typed:?}");
        }
        for wrong in [
            "",
            "abcd",
            &shown[1..],
            &format!("{shown} abcd"),
            &shown.replace(' ', "-"),
            "é",
        ] {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let pair = key_pair();
        let shown = format!("{pair:?}");
        assert!(shown.contains(&pair.public().to_string()));
        assert!(!shown.contains(&HEXLOWER.encode(pair.seed())));
    }
}
