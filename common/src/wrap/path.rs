//! Which way the keystream is made on this computer, and the entries of the instruction sets.
//!
//! Chosen once: the widest vectors that the processor has, unless the variable `HUTONG_DES` of the environment wants
//! those of ordinary registers (`portable`) or the crate `des` (`reference`). What was chosen must make the keystream of the
//! reference; if it does not, the reference is used. Called by `wrap.rs`.
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        unsafe_code,
        reason = "what is compiled for an instruction set is called only where the processor was asked for it"
    )
)]

use super::bitslice::{BATCH_BLOCKS, Batch, Schedule};
use des::Des;
use des::cipher::{BlockCipherEncrypt, KeyInit};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m128i, __m256i, __m512i};
use std::sync::OnceLock;

/// The variable of the environment that forces a path.
pub const VARIABLE: &str = "HUTONG_DES";

/// Key and first counters of the test that a path must pass; the counters run over in it.
const TEST_KEY: [u8; 8] = [0x13, 0x34, 0x57, 0x79, 0x9b, 0xbc, 0xdf, 0xf1];
const TEST_COUNTERS: [u64; 2] = [0x0123_4567_89ab_cc00, (BATCH_BLOCKS as u64).wrapping_neg()];

/// A way to make the keystream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// The crate `des`, block by block.
    Reference,
    /// Bitsliced, 64 blocks at once in ordinary registers.
    Portable,
    /// Bitsliced, 128 blocks at once; every x86-64 processor has it.
    Sse2,
    /// Bitsliced, 256 blocks at once.
    Avx2,
    /// Bitsliced, 512 blocks at once.
    Avx512,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The path in use.
    pub path: Path,
    /// The path that should have been used and made a wrong keystream; worth a warning in the log.
    pub wrong: Option<Path>,
}

impl Path {
    /// All, the fastest last.
    pub const ALL: [Self; 5] = [
        Self::Reference,
        Self::Portable,
        Self::Sse2,
        Self::Avx2,
        Self::Avx512,
    ];

    /// Whether this processor can.
    pub fn is_available(self) -> bool {
        match self {
            Self::Reference | Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Sse2 | Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Those that this processor can, the fastest last.
    pub fn available() -> impl DoubleEndedIterator<Item = Self> {
        Self::ALL.into_iter().filter(|path| path.is_available())
    }
}

/// The path in use. The first call chooses and tests it, which takes about a millisecond.
pub fn choice() -> Choice {
    static CHOICE: OnceLock<Choice> = OnceLock::new();
    *CHOICE.get_or_init(|| {
        let path = wanted(&std::env::var(VARIABLE).unwrap_or_default());
        tested(path, |path, first, batch| {
            Cipher::new(path, TEST_KEY).fill(first, batch);
        })
    })
}

/// What the variable asks for; whatever is not one of its two values means the fastest.
fn wanted(variable: &str) -> Path {
    match variable {
        "reference" => Path::Reference,
        "portable" => Path::Portable,
        _ => Path::available().next_back().unwrap_or(Path::Portable),
    }
}

/// `path` if `fill` makes the keystream of the reference there.
fn tested(path: Path, fill: impl Fn(Path, u64, &mut Batch)) -> Choice {
    let is_right = |first: &u64| {
        let [made, expected] = [path, Path::Reference].map(|path| {
            let mut batch = [0; BATCH_BLOCKS];
            fill(path, *first, &mut batch);
            batch
        });
        made == expected
    };
    let is_right = TEST_COUNTERS.iter().all(is_right);
    Choice {
        path: if is_right { path } else { Path::Reference },
        wrong: (!is_right).then_some(path),
    }
}

/// How a bitsliced path makes a batch.
type Fill = fn(&Schedule, u64, &mut Batch);

/// A key made ready for a path.
pub(super) enum Cipher {
    Reference(Des),
    Bitsliced(Box<Schedule>, Fill),
}

impl Cipher {
    /// For the portable path if this processor lacks the one that is asked for.
    pub(super) fn new(path: Path, key: [u8; 8]) -> Self {
        let bitsliced = |fill| Self::Bitsliced(Box::new(Schedule::new(key)), fill);
        match path {
            Path::Reference => Self::Reference(Des::new(&key.into())),
            #[cfg(target_arch = "x86_64")]
            Path::Sse2 => bitsliced(Schedule::fill::<__m128i>),
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 if path.is_available() => bitsliced(|schedule, first, batch| {
                // SAFETY: the processor was asked for it.
                unsafe { avx2(schedule, first, batch) }
            }),
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 if path.is_available() => bitsliced(|schedule, first, batch| {
                // SAFETY: the processor was asked for it.
                unsafe { avx512(schedule, first, batch) }
            }),
            Path::Portable | Path::Avx2 | Path::Avx512 => bitsliced(Schedule::fill::<u64>),
            #[cfg(not(target_arch = "x86_64"))]
            Path::Sse2 => bitsliced(Schedule::fill::<u64>),
        }
    }

    /// The keystream of the counters `first`, a multiple of [`BATCH_BLOCKS`], and those that follow.
    pub(super) fn fill(&self, first: u64, batch: &mut Batch) {
        match self {
            Self::Reference(des) => {
                for (counter, block) in (0..).zip(batch) {
                    let mut bytes = first.wrapping_add(counter).to_be_bytes().into();
                    des.encrypt_block(&mut bytes);
                    *block = u64::from_le_bytes(bytes.into());
                }
            }
            Self::Bitsliced(schedule, fill) => fill(schedule, first, batch),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(schedule: &Schedule, first: u64, batch: &mut Batch) {
    schedule.fill::<__m256i>(first, batch);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn avx512(schedule: &Schedule, first: u64, batch: &mut Batch) {
    schedule.fill::<__m512i>(first, batch);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_forces_a_path_and_all_else_means_the_fastest() {
        assert_eq!(wanted("reference"), Path::Reference);
        assert_eq!(wanted("portable"), Path::Portable);
        for other in ["", "avx2", "Portable"] {
            assert_eq!(Some(wanted(other)), Path::available().next_back());
        }
    }

    #[test]
    fn every_path_of_this_processor_passes_the_test_at_first_use() {
        for path in Path::available() {
            let choice = tested(path, |path, first, batch| {
                Cipher::new(path, TEST_KEY).fill(first, batch);
            });
            assert_eq!(choice, Choice { path, wrong: None });
        }
    }

    #[test]
    fn a_path_with_one_wrong_bit_is_not_used_and_is_named() {
        for block in [0, 255, 511] {
            let choice = tested(Path::Portable, |path, first, batch| {
                Cipher::new(Path::Reference, TEST_KEY).fill(first, batch);
                batch[block] ^= u64::from(path != Path::Reference) << 63;
            });
            assert_eq!(choice.path, Path::Reference);
            assert_eq!(choice.wrong, Some(Path::Portable));
        }
    }

    #[test]
    fn a_path_that_the_processor_lacks_is_made_up_for() {
        for path in Path::ALL {
            let [mut made, mut expected] = [[0; BATCH_BLOCKS]; 2];
            Cipher::new(path, TEST_KEY).fill(0, &mut made);
            Cipher::new(Path::Reference, TEST_KEY).fill(0, &mut expected);
            assert!(made == expected, "{path:?}");
        }
    }
}
