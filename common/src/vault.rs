//! What only an account's person may know, and the box in which the rendezvous keeps it without being able to look.
//!
//! A client opens the vault with the export key of a password just typed (`opaque.rs`), signs a card with the account
//! key and drops the vault again; the seal seeds stay on the device to open mail (`seal.rs`). The account seed is
//! wiped on drop and must never be written to a device's disk.

use crate::entropy::Entropy;
use crate::id::ServerId;
use crate::identity::KeyPair;
use crate::labels;
use crate::limits::{SEAL_SEEDS_MAX, VAULT_BYTES_MAX};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use hpke::kem::X25519HkdfSha256;
use hpke::{Kem, Serializable};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const SEED_BYTES: usize = 32;
const SEAL_SEED_BYTES: usize = 4 + SEED_BYTES;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const SEALED_BYTES_MAX: usize =
    NONCE_BYTES + SEED_BYTES + SEAL_SEEDS_MAX * SEAL_SEED_BYTES + TAG_BYTES;

const _: () = assert!(
    SEALED_BYTES_MAX <= VAULT_BYTES_MAX,
    "the rendezvous takes the largest vault"
);

/// A vault that this export key, server and login do not open, or that holds something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vault does not open")]
pub struct VaultError;

/// The root of an account's signing key.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct AccountSeed([u8; SEED_BYTES]);

impl AccountSeed {
    /// A new account's seed.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.array())
    }

    /// The key that signs the account's card.
    pub fn key_pair(&self) -> KeyPair {
        KeyPair::from_seed(blake3::derive_key(labels::ACCOUNT_SIGN, &self.0))
    }
}

impl fmt::Debug for AccountSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountSeed")
    }
}

/// One numbered seal key of an account. Serialisable because devices keep it at rest, unlike the account seed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
pub struct SealSeed {
    /// Grows by one with every new key of the account.
    pub no: u32,
    /// The key's root.
    pub seed: [u8; SEED_BYTES],
}

impl SealSeed {
    /// The key to which mail is sealed.
    pub fn public(&self) -> [u8; 32] {
        self.pair().1.to_bytes().into()
    }

    pub(crate) fn private(&self) -> <X25519HkdfSha256 as Kem>::PrivateKey {
        self.pair().0
    }

    fn pair(
        &self,
    ) -> (
        <X25519HkdfSha256 as Kem>::PrivateKey,
        <X25519HkdfSha256 as Kem>::PublicKey,
    ) {
        X25519HkdfSha256::derive_keypair(&*Zeroizing::new(blake3::derive_key(
            labels::ACCOUNT_SEAL,
            &self.seed,
        )))
    }
}

impl fmt::Debug for SealSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealSeed")
            .field("no", &self.no)
            .finish_non_exhaustive()
    }
}

/// The secrets of one account. There is always a current seal seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vault {
    account_seed: AccountSeed,
    current: SealSeed,
    /// Oldest first.
    earlier: Vec<SealSeed>,
}

impl Vault {
    /// The secrets of a new account.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self::generate_after(0, entropy)
    }

    /// The secrets of an account that lost its own: its seal keys are numbered from there on.
    pub fn generate_after(seal_no: u32, entropy: &mut dyn Entropy) -> Self {
        let account_seed = AccountSeed::generate(entropy);
        Self {
            account_seed,
            current: SealSeed {
                no: seal_no.saturating_add(1),
                seed: entropy.array(),
            },
            earlier: Vec::new(),
        }
    }

    /// The root of the account's signing key.
    pub const fn account_seed(&self) -> &AccountSeed {
        &self.account_seed
    }

    /// The seal seed that belongs into the next card.
    pub const fn current_seal(&self) -> &SealSeed {
        &self.current
    }

    /// Every seal seed kept, oldest first.
    pub fn seal_seeds(&self) -> impl Iterator<Item = &SealSeed> {
        self.earlier.iter().chain([&self.current])
    }

    /// Makes a new seal key the current one, as removing a device demands, and forgets the oldest beyond the bound.
    pub fn rotate_seal(&mut self, entropy: &mut dyn Entropy) {
        let next = SealSeed {
            no: self.current.no.saturating_add(1),
            seed: entropy.array(),
        };
        self.earlier
            .push(std::mem::replace(&mut self.current, next));
        if self.earlier.len() >= SEAL_SEEDS_MAX {
            self.earlier.remove(0);
        }
    }

    /// `account_seed ‖ (no:u32be ‖ seed)…`, oldest first.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(SEALED_BYTES_MAX));
        bytes.extend_from_slice(&self.account_seed.0);
        for seal in self.seal_seeds() {
            bytes.extend_from_slice(&seal.no.to_be_bytes());
            bytes.extend_from_slice(&seal.seed);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (account, seals) = bytes.split_first_chunk::<SEED_BYTES>()?;
        let (seals, []) = seals.as_chunks::<SEAL_SEED_BYTES>() else {
            return None;
        };
        let mut earlier = seals
            .iter()
            .map(|bytes| {
                let (no, seed) = bytes.split_first_chunk::<4>()?;
                Some(SealSeed {
                    no: u32::from_be_bytes(*no),
                    seed: seed.try_into().ok()?,
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let rising = earlier
            .iter()
            .zip(earlier.iter().skip(1))
            .all(|(before, after)| before.no < after.no);
        if !rising || earlier.len() > SEAL_SEEDS_MAX {
            return None;
        }
        Some(Self {
            account_seed: AccountSeed(*account),
            current: earlier.pop()?,
            earlier,
        })
    }
}

fn cipher(export_key: &[u8; 64]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new((&*Zeroizing::new(blake3::derive_key(labels::VAULT, export_key))).into())
}

/// `label ‖ server_id ‖ login`: a vault cannot be given to another account or server.
fn associated_data(server: ServerId, login: &str) -> Vec<u8> {
    [labels::VAULT.as_bytes(), &server.0, login.as_bytes()].concat()
}

/// Locks `vault` for the person who can compute `export_key`: `nonce[12] ‖ ciphertext ‖ tag[16]`.
pub fn seal_vault(
    vault: &Vault,
    export_key: &[u8; 64],
    server: ServerId,
    login: &str,
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = entropy.array();
    let payload = Payload {
        msg: &vault.to_bytes(),
        aad: &associated_data(server, login),
    };
    let sealed = cipher(export_key)
        .encrypt(&nonce.into(), payload)
        .unwrap_or_else(|_| unreachable!("a vault is far below the cipher's length limit"));
    [&nonce[..], &sealed].concat()
}

/// Unlocks what [`seal_vault`] made.
pub fn open_vault(
    sealed: &[u8],
    export_key: &[u8; 64],
    server: ServerId,
    login: &str,
) -> Result<Vault, VaultError> {
    if sealed.len() > VAULT_BYTES_MAX {
        return Err(VaultError);
    }
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(VaultError)?;
    let payload = Payload {
        msg: ciphertext,
        aad: &associated_data(server, login),
    };
    let opened = cipher(export_key)
        .decrypt(&(*nonce).into(), payload)
        .map_err(|_| VaultError)?;
    Vault::from_bytes(&Zeroizing::new(opened)).ok_or(VaultError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use data_encoding::HEXLOWER;

    const SERVER: ServerId = ServerId([4; 32]);
    const KEY: [u8; 64] = [5; 64];

    fn vault() -> (Vault, SeededEntropy) {
        let mut entropy = SeededEntropy::from_number(1);
        (Vault::generate(&mut entropy), entropy)
    }

    #[test]
    fn seal_keys_are_derived_as_rfc_9180_says() {
        // A.1.1 (DHKEM(X25519, HKDF-SHA256)): the recipient's ikm and public key.
        let ikm = HEXLOWER
            .decode(b"6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037")
            .unwrap();
        let (_, public) = X25519HkdfSha256::derive_keypair(&ikm);
        let expected = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
        assert_eq!(HEXLOWER.encode(&public.to_bytes()), expected);
    }

    #[test]
    fn keys_come_from_the_labelled_derivations() {
        let (vault, _) = vault();
        let signing = blake3::derive_key("hutong/account-sign/1", &vault.account_seed.0);
        assert_eq!(
            vault.account_seed().key_pair().public(),
            KeyPair::from_seed(signing).public()
        );
        let ikm = blake3::derive_key("hutong/account-seal/1", &vault.current.seed);
        let (_, public) = X25519HkdfSha256::derive_keypair(&ikm);
        assert_eq!(vault.current_seal().public()[..], public.to_bytes()[..]);
    }

    #[test]
    fn a_vault_survives_the_box_at_every_size() {
        let (mut vault, mut entropy) = vault();
        for seals in [1, 2, 3, 3] {
            assert_eq!(vault.seal_seeds().count(), seals);
            let sealed = seal_vault(&vault, &KEY, SERVER, "lin", &mut entropy);
            assert_eq!(
                sealed.len(),
                NONCE_BYTES + SEED_BYTES + seals * SEAL_SEED_BYTES + TAG_BYTES
            );
            assert_eq!(
                open_vault(&sealed, &KEY, SERVER, "lin").as_ref(),
                Ok(&vault)
            );
            vault.rotate_seal(&mut entropy);
        }
        assert_eq!(
            vault.seal_seeds().map(|seal| seal.no).collect::<Vec<_>>(),
            [3, 4, 5]
        );
    }

    #[test]
    fn nothing_else_opens_the_box() {
        let (vault, mut entropy) = vault();
        let sealed = seal_vault(&vault, &KEY, SERVER, "lin", &mut entropy);
        assert_eq!(
            open_vault(&sealed, &[6; 64], SERVER, "lin"),
            Err(VaultError)
        );
        assert_eq!(
            open_vault(&sealed, &KEY, ServerId([5; 32]), "lin"),
            Err(VaultError)
        );
        assert_eq!(open_vault(&sealed, &KEY, SERVER, "lim"), Err(VaultError));
        for at in 0..sealed.len() {
            let mut wrong = sealed.clone();
            wrong[at] ^= 1;
            assert_eq!(
                open_vault(&wrong, &KEY, SERVER, "lin"),
                Err(VaultError),
                "byte {at}"
            );
            assert_eq!(
                open_vault(&sealed[..at], &KEY, SERVER, "lin"),
                Err(VaultError),
                "cut at {at}"
            );
        }
        assert_eq!(
            open_vault(&[0; VAULT_BYTES_MAX + 1], &KEY, SERVER, "lin"),
            Err(VaultError)
        );
    }

    #[test]
    fn contents_of_another_shape_are_refused() {
        let seal = |no: u32| [&no.to_be_bytes()[..], &[7; 32]].concat();
        let account = vec![1; 32];
        assert!(Vault::from_bytes(&[account.clone(), seal(1), seal(2)].concat()).is_some());
        for wrong in [
            vec![],
            account.clone(),
            [account.clone(), vec![0; SEAL_SEED_BYTES - 1]].concat(),
            [account.clone(), seal(2), seal(1)].concat(),
            [account.clone(), seal(1), seal(1)].concat(),
            [account, seal(1), seal(2), seal(3), seal(4)].concat(),
        ] {
            assert_eq!(Vault::from_bytes(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let (vault, _) = vault();
        assert_eq!(
            format!("{vault:?}"),
            "Vault { account_seed: AccountSeed, current: SealSeed { no: 1, .. }, earlier: [] }"
        );
    }
}
