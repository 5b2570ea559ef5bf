//! Vectors of bits, as wide as an instruction set has them: the few operations that bitsliced DES is made of.
//!
//! Called by `bitslice.rs` alone. With the entries in `path.rs` the only `unsafe` code of the project: operations of an
//! instruction set cannot be called without it, and the compiler does not find them by itself. Always holds: vectors other
//! than `u64` are used only below an entry for whose instruction set the processor was asked; memory is reached through
//! slices whose lengths are checked.

/// Some lanes of 64 bits each.
pub(super) trait Lanes: Copy {
    /// How many; a power of two up to 8.
    const COUNT: usize;
    /// The first `COUNT` of these; panics if there are fewer.
    fn load(from: &[u64]) -> Self;
    /// The other way.
    fn store(self, to: &mut [u64]);
    /// The same in every lane.
    fn splat(bits: u64) -> Self;
    /// The same in every pair of lanes, which one load does on every processor; `pair` holds it twice.
    fn splat_pair(pair: &[u64; 2]) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    /// `other` without what is set here.
    fn andn(self, other: Self) -> Self;
    /// Each lane to the left.
    fn shift_left(self, bits: i32) -> Self;
    /// Each lane to the right.
    fn shift_right(self, bits: i32) -> Self;
}

impl Lanes for u64 {
    const COUNT: usize = 1;

    #[inline(always)]
    fn load(from: &[u64]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn store(self, to: &mut [u64]) {
        to[0] = self;
    }

    #[inline(always)]
    fn splat(bits: u64) -> Self {
        bits
    }

    #[inline(always)]
    fn splat_pair(pair: &[u64; 2]) -> Self {
        pair[0]
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn andn(self, other: Self) -> Self {
        !self & other
    }

    #[inline(always)]
    fn shift_left(self, bits: i32) -> Self {
        self << bits
    }

    #[inline(always)]
    fn shift_right(self, bits: i32) -> Self {
        self >> bits
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "operations of an instruction set cannot be called without it"
)]
mod x86 {
    use super::Lanes;
    use std::arch::x86_64::*;

    /// The operations of an instruction set under our names.
    macro_rules! lanes {
        ($vector:ty, $count:literal, $load:expr, $store:expr, $splat:ident, $splat_pair:expr,
         $and:ident, $or:ident, $xor:ident, $andn:ident, $left:ident, $right:ident) => {
            impl Lanes for $vector {
                const COUNT: usize = $count;

                #[inline(always)]
                fn load(from: &[u64]) -> Self {
                    let from = from[..$count].as_ptr();
                    // SAFETY: so many words are readable there, and the load asks for no alignment.
                    unsafe { $load(from.cast()) }
                }

                #[inline(always)]
                fn store(self, to: &mut [u64]) {
                    let to = to[..$count].as_mut_ptr();
                    // SAFETY: so many words are writable there, and the store asks for no alignment.
                    unsafe { $store(to.cast(), self) }
                }

                #[inline(always)]
                fn splat(bits: u64) -> Self {
                    // SAFETY: the processor has the instruction set, as for all operations below.
                    unsafe { $splat(bits.cast_signed()) }
                }

                #[inline(always)]
                fn splat_pair(pair: &[u64; 2]) -> Self {
                    // SAFETY: two words are readable there, and a load asks for no alignment.
                    unsafe { $splat_pair(pair) }
                }

                #[inline(always)]
                fn and(self, other: Self) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $and(self, other) }
                }

                #[inline(always)]
                fn or(self, other: Self) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $or(self, other) }
                }

                #[inline(always)]
                fn xor(self, other: Self) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $xor(self, other) }
                }

                #[inline(always)]
                fn andn(self, other: Self) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $andn(self, other) }
                }

                #[inline(always)]
                fn shift_left(self, bits: i32) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $left(self, _mm_cvtsi32_si128(bits)) }
                }

                #[inline(always)]
                fn shift_right(self, bits: i32) -> Self {
                    // SAFETY: see `splat`.
                    unsafe { $right(self, _mm_cvtsi32_si128(bits)) }
                }
            }
        };
    }

    lanes!(
        __m128i,
        2,
        _mm_loadu_si128,
        _mm_storeu_si128,
        _mm_set1_epi64x,
        |pair: &[u64; 2]| _mm_loadu_si128(pair.as_ptr().cast()),
        _mm_and_si128,
        _mm_or_si128,
        _mm_xor_si128,
        _mm_andnot_si128,
        _mm_sll_epi64,
        _mm_srl_epi64
    );
    lanes!(
        __m256i,
        4,
        _mm256_loadu_si256,
        _mm256_storeu_si256,
        _mm256_set1_epi64x,
        |pair: &[u64; 2]| _mm256_broadcastsi128_si256(_mm_loadu_si128(pair.as_ptr().cast())),
        _mm256_and_si256,
        _mm256_or_si256,
        _mm256_xor_si256,
        _mm256_andnot_si256,
        _mm256_sll_epi64,
        _mm256_srl_epi64
    );
    lanes!(
        __m512i,
        8,
        _mm512_loadu_si512,
        _mm512_storeu_si512,
        _mm512_set1_epi64,
        // Operations of this set take one word from memory as the same in every lane, at no cost.
        |pair: &[u64; 2]| _mm512_set1_epi64(pair[0].cast_signed()),
        _mm512_and_si512,
        _mm512_or_si512,
        _mm512_xor_si512,
        _mm512_andnot_si512,
        _mm512_sll_epi64,
        _mm512_srl_epi64
    );
}
