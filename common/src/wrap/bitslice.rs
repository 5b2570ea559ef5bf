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

/// The same of the numbers of the lanes, each bit in a lane of its own.
const LANES: [[u64; 8]; 3] = [
    [0, !0, 0, !0, 0, !0, 0, !0],
    [0, 0, !0, !0, 0, 0, !0, !0],
    [0, 0, 0, 0, !0, !0, !0, !0],
];

/// Into which half the first permutation puts each bit of each byte of a block, and where in it. The lowest bit of a byte comes
/// first here, and last in the standard. The last permutation is the inverse of this one, of the halves exchanged.
const PLACES: [[(usize, usize); 8]; 8] = {
    let mut places = [[(0, 0); 8]; 8];
    let mut to = 0;
    while to < 64 {
        let from = IP[to] as usize - 1;
        places[from / 8][7 - from % 8] = (to / 32, to % 32);
        to += 1;
    }
    places
};

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

/// Left and right, each bit of all blocks in a vector.
type Halves<V> = [[V; 32]; 2];
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
        let (mut counter, mut halves) = (first, [[V::splat(0); 32]; 2]);
        for blocks in batch.chunks_exact_mut(count) {
            self.encrypt(counter, &mut halves);
            transpose(&mut halves, blocks);
            counter = counter.wrapping_add(count as u64);
        }
    }

    /// Encrypts `first` and the counters that follow, but for what comes after the last round.
    #[inline(always)]
    fn encrypt<V: Lanes>(&self, first: u64, halves: &mut Halves<V>) {
        count(first, halves);
        let [left, right] = halves;
        let (rounds, _) = self.0.as_chunks::<2>();
        for [odd, even] in rounds {
            round(left, right, odd);
            round(right, left, even);
        }
    }
}

fn all_or_none(bit: u64) -> u64 {
    (bit & 1).wrapping_neg()
}

/// Sets the bits of the counters from `first` on, which ends in zeros. Lanes count fastest: finished vectors lie in memory in
/// the order of their counters.
#[inline(always)]
fn count<V: Lanes>(first: u64, halves: &mut Halves<V>) {
    for at in 0..32 {
        halves[0][at] = V::splat(all_or_none(first >> (64 - IP[at])));
        halves[1][at] = V::splat(all_or_none(first >> (64 - IP[32 + at])));
    }
    // Those that are not the same for all blocks.
    let lane_bits = V::COUNT.trailing_zeros() as usize;
    for bit in 0..lane_bits {
        let (half, at) = PLACES[7][bit];
        halves[half][at] = V::load(&LANES[bit]);
    }
    for (bit, pattern) in (lane_bits..).zip(COUNTING) {
        let (half, at) = PLACES[7 - bit / 8][bit % 8];
        halves[half][at] = V::splat(pattern);
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

/// Exchanges the halves and writes the words whose bits they hold: transposed, in each lane, by swapping ever smaller squares
/// of bits.
#[inline(always)]
fn transpose<V: Lanes>(halves: &mut Halves<V>, words: &mut [u64]) {
    // A macro, so that every vector is at a place that is known when this is compiled.
    macro_rules! each {
        ($($number:literal)*) => {
            $(swap_large::<V, $number>(halves);)*
            $(swap_small::<V, $number>(halves, words);)*
        };
    }
    each!(0 1 2 3 4 5 6 7);
}

/// The squares of whole bytes, in the vectors of one bit of each byte.
#[inline(always)]
fn swap_large<V: Lanes, const BIT: usize>(halves: &mut Halves<V>) {
    let mut rows = [V::splat(0); 8];
    for byte in 0..8 {
        let (half, at) = PLACES[byte][BIT];
        rows[byte] = halves[1 - half][at];
    }
    swap_squares::<V, 32>(&mut rows, 4, 0x0000_0000_ffff_ffff);
    swap_squares::<V, 16>(&mut rows, 2, 0x0000_ffff_0000_ffff);
    swap_squares::<V, 8>(&mut rows, 1, 0x00ff_00ff_00ff_00ff);
    for byte in 0..8 {
        let (half, at) = PLACES[byte][BIT];
        halves[1 - half][at] = rows[byte];
    }
}

/// The squares within bytes, in the vectors of one byte; they are finished then.
#[inline(always)]
fn swap_small<V: Lanes, const BYTE: usize>(halves: &Halves<V>, words: &mut [u64]) {
    let mut rows = [V::splat(0); 8];
    for bit in 0..8 {
        let (half, at) = PLACES[BYTE][bit];
        rows[bit] = halves[1 - half][at];
    }
    swap_squares::<V, 4>(&mut rows, 4, 0x0f0f_0f0f_0f0f_0f0f);
    swap_squares::<V, 2>(&mut rows, 2, 0x3333_3333_3333_3333);
    swap_squares::<V, 1>(&mut rows, 1, 0x5555_5555_5555_5555);
    for bit in 0..8 {
        rows[bit].store(&mut words[(8 * BYTE + bit) * V::COUNT..]);
    }
}

/// Swaps the upper right with the lower left square of `SIDE` bits in each larger square; its rows lie `apart` here.
#[inline(always)]
fn swap_squares<V: Lanes, const SIDE: i32>(rows: &mut [V; 8], apart: usize, low: u64) {
    let low = V::splat(low);
    for upper in 0..8 {
        if upper & apart == 0 {
            let lower = upper | apart;
            let swapped = rows[upper].shift_right(SIDE).xor(rows[lower]).and(low);
            rows[lower] = rows[lower].xor(swapped);
            rows[upper] = rows[upper].xor(swapped.shift_left(SIDE));
        }
    }
}
