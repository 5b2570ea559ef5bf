//! Values of tables: one version byte, then postcard. A row that changes gets the next version and a conversion.
//!
//! Rows are types of their own, apart from those of the wire: the wire may grow without touching what lies on disks.

use super::StoreError;
use hutong_common::codec;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of every row that this program writes.
const VERSION: u8 = 1;

/// What can lie in a table.
pub(crate) trait Row: Serialize + DeserializeOwned {}
impl<T: Serialize + DeserializeOwned> Row for T {}

pub(super) fn to_bytes<R: Row>(row: &R) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&codec::encode(row));
    bytes
}

pub(super) fn from_bytes<R: Row>(table: &'static str, bytes: &[u8]) -> Result<R, StoreError> {
    match bytes.split_first() {
        Some((&VERSION, body)) => codec::decode(body).map_err(|_| StoreError::Row { table }),
        Some(_) | None => Err(StoreError::Row { table }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_another_version_or_with_a_tail_is_not_guessed_at() {
        let bytes = to_bytes(&7u64);
        assert_eq!(from_bytes::<u64>("t", &bytes).unwrap(), 7);
        let newer = [&[VERSION + 1], &bytes[1..]].concat();
        let longer = [&bytes[..], &[0]].concat();
        for bad in [&newer[..], &longer[..], &[]] {
            assert!(from_bytes::<u64>("t", bad).is_err());
        }
    }
}
