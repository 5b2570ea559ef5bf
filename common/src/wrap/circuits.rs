//! The eight boxes of DES as circuits of `and`, `or`, `xor` and `andn`, which run on any [`Lanes`].
//!
//! The circuits themselves stand in `generated.rs`, as lists of gates; here is what makes functions of them. Called by
//! `bitslice.rs`.
//!
//! [`Lanes`]: super::lanes::Lanes

/// A function from the six bits of a box, and ones everywhere, to its four; the first bit of the standard first.
macro_rules! circuit {
    ($name:ident ($($input:ident)*) -> ($($output:ident)*):
     $($gate:ident = $left:ident $operation:ident $right:ident;)*) => {
        #[inline(always)]
        pub(in crate::wrap) fn $name<V: $crate::wrap::lanes::Lanes>([$($input),*]: [V; 7]) -> [V; 4] {
            $(let $gate = $left.$operation($right);)*
            [$($output),*]
        }
    };
}

mod generated;

pub(super) use generated::{s1, s2, s3, s4, s5, s6, s7, s8};

#[cfg(test)]
mod tests {
    use super::generated::GATES;
    use super::*;
    use crate::wrap::standard::truth_table;

    #[test]
    fn every_circuit_answers_all_64_inputs_as_the_standard_does() {
        // Bit `i` of each word belongs to the input `i`, whose highest bit is the first of the standard.
        let bit = |shift: u64| (0..64).fold(0, |word, input| word | (input >> shift & 1) << input);
        let input: [u64; 7] = [bit(5), bit(4), bit(3), bit(2), bit(1), bit(0), !0];
        let boxes = [s1, s2, s3, s4, s5, s6, s7, s8];
        for (number, circuit) in boxes.into_iter().enumerate() {
            let expected = [0, 1, 2, 3].map(|output| truth_table(number, output));
            assert_eq!(circuit(input), expected, "S{}", number + 1);
        }
    }

    #[test]
    fn the_truth_tables_number_bits_as_the_standard_does() {
        // FIPS 46-3 takes S1 as its example: 011011 is row 1, column 13, where 5 stands.
        let bits = [0, 1, 2, 3].map(|output| truth_table(0, output) >> 0b01_1011 & 1);
        assert_eq!(bits, [0, 1, 0, 1]);
    }

    #[test]
    fn the_circuits_have_as_many_gates_as_they_say() {
        let text = include_str!("circuits/generated.rs");
        let circuits = text.split("circuit! {").skip(1);
        let counts: Vec<usize> = circuits
            .map(|circuit| circuit.matches(" = ").count())
            .collect();
        assert_eq!(counts, GATES);
        let sum: usize = GATES.iter().sum();
        assert!(text.contains(&format!("the eight boxes, {sum} gates.")));
    }
}
