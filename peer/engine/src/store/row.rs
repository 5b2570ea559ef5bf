//! Values of tables: one version byte, then postcard. A struct that changes gets the next version and a conversion.

use super::tables::Table;
use super::{StoreError, Tx};
use hutong_common::codec;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of every row that this program writes.
const VERSION: u8 = 1;

/// The stored form of `row`.
pub fn to_bytes<T: Serialize>(row: &T) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&codec::encode(row));
    bytes
}

/// The row that [`to_bytes`] wrote.
///
/// # Errors
/// [`StoreError::Row`] when it is another version or no such row.
pub fn from_bytes<T: DeserializeOwned>(table: Table, bytes: &[u8]) -> Result<T, StoreError> {
    let unreadable = StoreError::Row {
        table: table.name(),
    };
    match bytes.split_first() {
        Some((&VERSION, body)) => codec::decode(body).map_err(|_| unreadable),
        Some(_) | None => Err(unreadable),
    }
}

impl Tx {
    /// The row at `key`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn row<T: DeserializeOwned>(
        &mut self,
        table: Table,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        self.get(table, key)?
            .map(|bytes| from_bytes(table, &bytes))
            .transpose()
    }

    /// Sets the row at `key`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_row<T: Serialize>(
        &mut self,
        table: Table,
        key: &[u8],
        row: &T,
    ) -> Result<(), StoreError> {
        self.put(table, key, &to_bytes(row))
    }

    /// Every row of a table with its key.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn rows<T: DeserializeOwned>(
        &mut self,
        table: Table,
    ) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
        self.all(table)?
            .into_iter()
            .map(|(key, bytes)| Ok((key, from_bytes(table, &bytes)?)))
            .collect()
    }
}
