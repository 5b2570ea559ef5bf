//! Codes that let people register: invitations made by whoever runs the server, and the code of its first admin.

use super::{Context, Service};
use crate::store::invites::InviteRow;
use crate::store::{StoreError, Tx};
use data_encoding::BASE32_NOPAD;
use hutong_common::entropy::Entropy;

/// 120 bits: nobody guesses it, and it is 24 letters without padding.
const CODE_BYTES: usize = 15;

pub(super) fn draw(entropy: &mut dyn Entropy) -> String {
    let bytes: [u8; CODE_BYTES] = entropy.array();
    BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
}

impl Service {
    /// The code with which the first admin registers, while there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn owner_code(tx: &Tx) -> Result<Option<String>, StoreError> {
        tx.owner_code()
    }

    /// A new invitation, good for so many registrations during `lifetime_ms`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn make_invite(
        uses: u32,
        lifetime_ms: u64,
        cx: &mut Context<'_>,
    ) -> Result<String, StoreError> {
        let code = draw(cx.entropy);
        let row = InviteRow {
            uses_left: uses,
            until_ms: cx.now_ms.saturating_add(lifetime_ms),
        };
        cx.tx.set_invite(&code, &row)?;
        Ok(code)
    }

    pub(super) fn make_owner_code(cx: &mut Context<'_>) -> Result<(), StoreError> {
        let code = draw(cx.entropy);
        cx.tx.set_owner_code(&code)
    }
}
