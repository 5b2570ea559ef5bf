//! Bitsliced DES in counter mode: vector `i` holds bit `i` of many blocks, so that one operation works on all of them.
//!
//! Called by `path.rs` with a kind of [`Lanes`]. A batch begins at a multiple of its own length, so the low bits of its
//! counters are the same patterns every time and nothing has to be transposed on the way in. Encrypts only: that is all
//! that counter mode needs. All of it is inlined into the entry of an instruction set, hence the plain loops: what a closure
//! or an iterator does to vectors may be compiled without that set, and is many times slower then.

use super::circuits;
use super::lanes::Lanes;
use super::standard::{E, IP, P, PC1, PC2, SHIFTS};

/// Blocks that are made at once: what the widest vectors hold.
pub(super) const BATCH_BLOCKS: usize = 512;
/// So many blocks, the bytes of each from the lowest to the highest of its word.
pub(super) type Batch = [u64; BATCH_BLOCKS];

/// Bit `n` of 64 numbers that follow each other, for the lowest six.
const COUNTING: [u64; 6] = [
    0xaaaa_aaaa_aaaa_aaaa,
    0xcccc_cccc_cccc_cccc,
    0xf0f0_f0f0_f0f0_f0f0,
    0xff00_ff00_ff00_ff00,
    0xffff_0000_ffff_0000,
    0xffff_ffff_0000_0000,
];

/// To which bit of a round's result each bit of the boxes' output goes, from 0.
const P_INVERSE: [usize; 32] = {
    let mut inverse = [0; 32];
    let mut bit = 0;
    while bit < 32 {
        inverse[P[bit] as usize - 1] = bit;
        bit += 1;
    }
    inverse
};

/// A round's key, each bit as a pair of words of nothing else.
type RoundKey = [[u64; 2]; 48];

/// The keys of the sixteen rounds.
pub(super) struct Schedule([RoundKey; 16]);

impl Schedule {
    /// The lowest bit of each byte, its parity, is not looked at.
    pub(super) fn new(key: [u8; 8]) -> Self {
        let key = u64::from_be_bytes(key);
        let mut halves = PC1.map(|bit| key >> (64 - bit) & 1);
        let rounds = SHIFTS.map(|shift| {
            let (c, d) = halves.split_at_mut(28);
            c.rotate_left(usize::from(shift));
            d.rotate_left(usize::from(shift));
            PC2.map(|bit| [all_or_none(halves[usize::from(bit) - 1]); 2])
        });
        Self(rounds)
    }

    /// The keystream of the counters `first`, a multiple of [`BATCH_BLOCKS`], and those that follow.
    #[inline(always)]
    pub(super) fn fill<V: Lanes>(&self, first: u64, batch: &mut Batch) {
        let count = 64 * V::COUNT;
        let mut counter = first;
        for blocks in batch.chunks_exact_mut(count) {
            let mut bits = self.encrypt::<V>(counter);
            transpose(&mut bits);
            for (number, to) in blocks.chunks_exact_mut(V::COUNT).enumerate() {
                bits[number].store(to);
            }
            counter = counter.wrapping_add(count as u64);
        }
    }

    /// `first` and the counters that follow, encrypted; vector `i` holds bit `i` of [`Batch`]'s words.
    #[inline(always)]
    fn encrypt<V: Lanes>(&self, first: u64) -> [V; 64] {
        let mut left = [V::splat(0); 32];
        let mut right = left;
        for bit in 0..32 {
            left[bit] = counters(first, 64 - usize::from(IP[bit]));
            right[bit] = counters(first, 64 - usize::from(IP[32 + bit]));
        }
        let (rounds, _) = self.0.as_chunks::<2>();
        for [odd, even] in rounds {
            round(&mut left, &right, odd);
            round(&mut right, &left, even);
        }
        let mut bits = [V::splat(0); 64];
        for bit in 0..32 {
            bits[place(IP[bit])] = right[bit];
            bits[place(IP[32 + bit])] = left[bit];
        }
        bits
    }
}

fn all_or_none(bit: u64) -> u64 {
    (bit & 1).wrapping_neg()
}

/// Where a bit of the standard, from 1, lies in a word whose lowest byte is the block's first.
const fn place(bit: u8) -> usize {
    (bit as usize - 1) ^ 7
}

/// Bit `bit`, from the lowest, of the counters from `first` on, which ends in zeros. Lanes count fastest: finished vectors
/// lie in memory in the order of their counters.
#[inline(always)]
fn counters<V: Lanes>(first: u64, bit: usize) -> V {
    let lane_bits = V::COUNT.trailing_zeros() as usize;
    if bit < lane_bits {
        let mut lanes = [0; 8];
        for (number, lane) in (0..).zip(&mut lanes) {
            *lane = all_or_none(number >> bit);
        }
        V::load(&lanes)
    } else if bit < lane_bits + COUNTING.len() {
        V::splat(COUNTING[bit - lane_bits])
    } else {
        V::splat(all_or_none(first >> bit))
    }
}

/// `left ^= f(right, key)`.
#[inline(always)]
fn round<V: Lanes>(left: &mut [V; 32], right: &[V; 32], key: &RoundKey) {
    // A macro, since a function that takes a circuit would be compiled without the vectors of its caller.
    macro_rules! substitute {
        ($($number:literal $circuit:ident),*) => {
            $(add::<V, $number>(left, circuits::$circuit(mixed::<V, $number>(right, key)));)*
        };
    }
    substitute!(0 s1, 1 s2, 2 s3, 3 s4, 4 s5, 5 s6, 6 s7, 7 s8);
}

/// What a box is given: its bits with those of the key, and ones.
#[inline(always)]
fn mixed<V: Lanes, const BOX: usize>(right: &[V; 32], key: &RoundKey) -> [V; 7] {
    let mut input = [V::splat(!0); 7];
    for bit in 0..6 {
        let from = usize::from(E[6 * BOX + bit]) - 1;
        input[bit] = right[from].xor(V::splat_pair(&key[6 * BOX + bit]));
    }
    input
}

/// Puts where it belongs what a box answered.
#[inline(always)]
fn add<V: Lanes, const BOX: usize>(left: &mut [V; 32], output: [V; 4]) {
    for bit in 0..4 {
        let to = P_INVERSE[4 * BOX + bit];
        left[to] = left[to].xor(output[bit]);
    }
}

/// Bit `i` of vector `k` becomes bit `k` of vector `i`, in each lane, by swapping ever smaller squares.
#[inline(always)]
fn transpose<V: Lanes>(rows: &mut [V; 64]) {
    swap_squares::<V, 32>(rows, 0x0000_0000_ffff_ffff);
    swap_squares::<V, 16>(rows, 0x0000_ffff_0000_ffff);
    swap_squares::<V, 8>(rows, 0x00ff_00ff_00ff_00ff);
    swap_squares::<V, 4>(rows, 0x0f0f_0f0f_0f0f_0f0f);
    swap_squares::<V, 2>(rows, 0x3333_3333_3333_3333);
    swap_squares::<V, 1>(rows, 0x5555_5555_5555_5555);
}

/// Swaps the upper right with the lower left square of `SIDE` bits in each larger square.
#[inline(always)]
fn swap_squares<V: Lanes, const SIDE: usize>(rows: &mut [V; 64], low: u64) {
    let (low, shift) = (V::splat(low), SIDE as i32);
    for upper in 0..64 {
        if upper & SIDE == 0 {
            let lower = upper | SIDE;
            let swapped = rows[upper].shift_right(shift).xor(rows[lower]).and(low);
            rows[lower] = rows[lower].xor(swapped);
            rows[upper] = rows[upper].xor(swapped.shift_left(shift));
        }
    }
}
