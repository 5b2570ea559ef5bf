//! The safety number of two people: digits that both see alike exactly when each holds the other's true account key.
//!
//! They compare it face to face or on the phone; whoever stands between them with keys of his own makes it differ.
//! BLAKE3 `derive_key` of `server_id ‖ (account:u64be ‖ account_pk) ‖ (account:u64be ‖ account_pk)`, the smaller account
//! first, gives 60 bytes; every five of them, as a big-endian number modulo 100 000, are one group of five digits.

use crate::id::{AccountId, PublicKey, ServerId};
use crate::labels;
use std::fmt;

const GROUPS: usize = 12;
const GROUP_BYTES: usize = 5;
const GROUP_VALUES: u64 = 100_000;

/// Twelve groups of five digits: about 199 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SafetyNumber([u32; GROUPS]);

impl SafetyNumber {
    /// The number of two accounts of one rendezvous, in any order.
    pub fn of(
        server: ServerId,
        one: (AccountId, PublicKey),
        other: (AccountId, PublicKey),
    ) -> Self {
        let (first, second) = if one.0 <= other.0 {
            (one, other)
        } else {
            (other, one)
        };
        let mut hasher = blake3::Hasher::new_derive_key(labels::SAFETY);
        hasher.update(&server.0);
        for (account, key) in [first, second] {
            hasher.update(&account.0.to_be_bytes()).update(&key.0);
        }
        let mut bytes = [0; GROUPS * GROUP_BYTES];
        hasher.finalize_xof().fill(&mut bytes);
        let mut groups = [0; GROUPS];
        let (chunks, _) = bytes.as_chunks::<GROUP_BYTES>();
        for (group, chunk) in groups.iter_mut().zip(chunks) {
            let number = chunk
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte));
            *group = (number % GROUP_VALUES) as u32;
        }
        Self(groups)
    }
}

impl fmt::Display for SafetyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, group) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            write!(f, "{gap}{group:05}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: ServerId = ServerId([1; 32]);
    const LIN: (AccountId, PublicKey) = (AccountId(10_001), PublicKey([2; 32]));
    const WANG: (AccountId, PublicKey) = (AccountId(10_002), PublicKey([3; 32]));

    #[test]
    fn both_see_twelve_groups_of_five_digits_and_the_same_ones() {
        let shown = SafetyNumber::of(SERVER, LIN, WANG).to_string();
        assert_eq!(shown, SafetyNumber::of(SERVER, WANG, LIN).to_string());
        let groups: Vec<&str> = shown.split(' ').collect();
        assert_eq!(groups.len(), 12);
        let is_five_digits =
            |group: &&str| group.len() == 5 && group.bytes().all(|b| b.is_ascii_digit());
        assert!(groups.iter().all(is_five_digits), "{shown}");
    }

    #[test]
    fn whatever_differs_makes_another_number() {
        let number = SafetyNumber::of(SERVER, LIN, WANG);
        let another_key = (WANG.0, PublicKey([4; 32]));
        let another_account = (AccountId(10_003), WANG.1);
        let swapped = ((LIN.0, WANG.1), (WANG.0, LIN.1));
        for other in [
            SafetyNumber::of(ServerId([9; 32]), LIN, WANG),
            SafetyNumber::of(SERVER, LIN, another_key),
            SafetyNumber::of(SERVER, LIN, another_account),
            SafetyNumber::of(SERVER, swapped.0, swapped.1),
        ] {
            assert_ne!(other, number);
        }
    }
}
