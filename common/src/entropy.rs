//! Where randomness comes from: an argument of every function that needs some.
//!
//! Shells pass [`OsEntropy`]; simulations and tests pass [`SeededEntropy`], which makes every key, nonce and transcript
//! of a run repeatable. The cryptographic crates want generators of two different generations; each operation gets its
//! own, seeded with 32 fresh bytes. Nothing in this package draws randomness in any other way.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::fmt;
use zeroize::Zeroizing;

/// A source of bytes that nobody can guess.
pub trait Entropy: Send {
    /// Overwrites all of `out`.
    fn fill(&mut self, out: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A generator for one operation of `hpke`.
    pub(crate) fn rng(&mut self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(*Zeroizing::new(self.array()))
    }

    /// A generator for one operation of `opaque-ke`, which speaks an older generation of the traits.
    pub(crate) fn rng_06(&mut self) -> rand_chacha_06::ChaCha20Rng {
        use rand_chacha_06::rand_core::SeedableRng;
        rand_chacha_06::ChaCha20Rng::from_seed(*Zeroizing::new(self.array()))
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        // Going on with predictable keys would be worse than stopping, and no caller could do better.
        getrandom::fill(out)
            .unwrap_or_else(|error| panic!("the operating system gives no randomness: {error}"));
    }
}

/// A repeatable stream (ChaCha20) for simulations and tests.
pub struct SeededEntropy(ChaCha20Rng);

impl SeededEntropy {
    /// The stream that belongs to a number, such as a simulation's seed.
    pub fn from_number(number: u64) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        Self::from_seed(seed)
    }

    /// The stream that belongs to 32 bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ChaCha20Rng::from_seed(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(mut source: impl Entropy) -> [u8; 40] {
        let source: &mut dyn Entropy = &mut source;
        source.array()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
        assert_eq!(
            draw(SeededEntropy::from_number(7)),
            draw(SeededEntropy::from_number(7))
        );
        assert_ne!(
            draw(SeededEntropy::from_number(7)),
            draw(SeededEntropy::from_number(8))
        );
        assert_ne!(draw(OsEntropy), draw(OsEntropy));
    }

    #[test]
    fn the_stream_is_chacha20_of_the_seed() {
        // RFC 8439, A.1, test vector 1: the key stream of the all-zero key and nonce.
        let expected =
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d";
        assert_eq!(
            data_encoding::HEXLOWER.encode(&draw(SeededEntropy::from_seed([0; 32]))),
            expected
        );
    }

    #[test]
    fn every_operation_gets_a_generator_of_its_own() {
        let mut source = SeededEntropy::from_number(1);
        let source: &mut dyn Entropy = &mut source;
        assert_ne!(source.rng().next_u64(), source.rng().next_u64());
        use rand_chacha_06::rand_core::RngCore;
        assert_ne!(source.rng_06().next_u64(), source.rng_06().next_u64());
    }
}
