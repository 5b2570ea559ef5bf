//! Chance, drawn from the seed of a run: every choice of the network, the generator and the faults comes from here.

use hutong_common::entropy::{Entropy, SeededEntropy};
use std::ops::Range;

/// A repeatable source of choices.
#[derive(Debug)]
pub struct Dice(SeededEntropy);

impl Dice {
    /// The choices that belong to a seed; `purpose` keeps users of one seed apart.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_be_bytes());
        hasher.update(purpose.as_bytes());
        Self(SeededEntropy::from_seed(hasher.finalize().into()))
    }

    /// A number from the range, which must not be empty.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        let source: &mut dyn Entropy = &mut self.0;
        let drawn = u64::from_be_bytes(source.array());
        range.start + drawn % (range.end - range.start)
    }

    /// An index below `len`, which must not be 0.
    pub fn index(&mut self, len: usize) -> usize {
        self.within(0..len as u64) as usize
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.within(0..100) < percent
    }
}
