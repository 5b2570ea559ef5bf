//! Why messages failed: the code that was told with the event, for whoever looks later.

use super::chat::Chat;
use super::messages::{Place, key};
use super::tables::FAILURES;
use super::{StoreError, Tx};

/// What failed.
#[derive(Clone, Copy, Debug)]
pub enum Failed {
    /// An own message.
    Message(Chat, Place),
}

impl Failed {
    fn key(self) -> Vec<u8> {
        match self {
            Self::Message(chat, place) => [&b"m"[..], &key(chat, place)].concat(),
        }
    }
}

impl Tx {
    /// Why something failed.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn failure(&mut self, of: Failed) -> Result<Option<String>, StoreError> {
        self.row(FAILURES, &of.key())
    }

    /// Notes why something failed, or that it did not after all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn set_failure(&mut self, of: Failed, code: Option<&str>) -> Result<(), StoreError> {
        match code {
            Some(code) => self.put_row(FAILURES, &of.key(), &code),
            None => self.remove(FAILURES, &of.key()).map(|_| ()),
        }
    }
}
