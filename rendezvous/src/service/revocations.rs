//! What is no longer believed, signed by the server as one list that peers pass on.

use super::devices::parsed;
use super::{Addressed, Context, Service, promised};
use crate::sessions::Recipient;
use crate::store::StoreError;
use crate::store::counters::Counter;
use crate::store::devices::{GoneRow, RevocationRow};
use crate::store::expiries::ExpiryRow;
use hutong_common::bounded::List;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{OWN_DEVICES_MAX, REVOCATION_LIFETIME_MS, REVOCATIONS_MAX};
use hutong_common::push::Push;
use hutong_common::signed::{Revocation, Revocations, Signed};

impl Service {
    /// Puts a device on the list. The device's row says already that it is gone.
    pub(super) fn revoke(
        &self,
        (account, device): (AccountId, DeviceId),
        until_ms: u64,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut row = cx.tx.revocation(account)?.unwrap_or_default();
        // Peers do not believe an expired device anyway, so those that last longest keep their place.
        row.gone
            .retain(|gone| gone.until_ms > cx.now_ms && gone.device != device);
        row.gone.push(GoneRow { device, until_ms });
        row.gone
            .sort_by_key(|gone| std::cmp::Reverse(gone.until_ms));
        let left_out = row.gone.split_off(row.gone.len().min(OWN_DEVICES_MAX));
        if !left_out.is_empty() {
            // Whoever is in no newer card is void with the older ones.
            let card = parsed(&promised(cx.tx.card(account)?, "cards")?)?;
            let is_in = |gone: &GoneRow| card.devices.iter().any(|d| d.id() == gone.device);
            if !left_out.iter().any(is_in) {
                row.min_card_version = row.min_card_version.max(card.version);
            }
        }
        self.publish(account, row, cx)
    }

    /// Makes memberships of an account below `min_serial` void.
    pub(super) fn revoke_memberships(
        &self,
        account: AccountId,
        min_serial: u64,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut row = cx.tx.revocation(account)?.unwrap_or_default();
        row.min_serial = row.min_serial.max(min_serial);
        self.publish(account, row, cx)
    }

    /// Makes everything void that was signed with the account's lost key: the newest membership is the first that counts.
    pub(super) fn revoke_generation(
        &self,
        account: AccountId,
        min_card_version: u64,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut row = cx.tx.revocation(account)?.unwrap_or_default();
        row.min_serial = cx.tx.last(Counter::MembershipSerial)?;
        row.min_card_version = min_card_version;
        self.publish(account, row, cx)
    }

    /// Puts what is no longer believed about an account on the list, for as long as anybody could believe it.
    fn publish(
        &self,
        account: AccountId,
        row: RevocationRow,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let at_ms = cx.now_ms;
        cx.tx
            .set_revocation(account, &RevocationRow { at_ms, ..row })?;
        let ends = ExpiryRow::Revocation { account };
        cx.tx.set_expiry(at_ms + REVOCATION_LIFETIME_MS, &ends)?;
        let list = self.sign_revocations(cx)?;
        Ok(vec![(Recipient::Everyone, Push::Revocations(list))])
    }

    /// Signs the list as it is now.
    pub(super) fn sign_revocations(&self, cx: &mut Context<'_>) -> Result<Signed, StoreError> {
        let mut rows = cx.tx.revocations()?;
        while rows.len() > REVOCATIONS_MAX {
            let oldest = rows
                .iter()
                .enumerate()
                .min_by_key(|(_, (_, row))| row.at_ms);
            let Some(at) = oldest.map(|(at, _)| at) else {
                break;
            };
            let (account, _) = rows.remove(at);
            cx.tx.remove_revocation(account)?;
        }
        let entries = rows.into_iter().map(|(account, row)| Revocation {
            account_id: account,
            min_serial: row.min_serial,
            min_card_version: row.min_card_version,
            gone: List::truncated(row.gone.into_iter().map(|gone| gone.device)),
            at_ms: row.at_ms,
        });
        let revocations = Revocations {
            server_id: self.server_id(),
            version: cx.tx.next(Counter::RevocationsVersion, cx.now_ms)?,
            issued_ms: cx.now_ms,
            entries: List::truncated(entries),
        };
        let list = Signed::new(&revocations, &self.key);
        cx.tx.set_revocation_list(list.clone())?;
        Ok(list)
    }

    /// Takes an account off the list once nothing of it is that new; says whether the list changed.
    pub(super) fn forget_revocation(
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let is_old = cx
            .tx
            .revocation(account)?
            .is_some_and(|row| row.at_ms + REVOCATION_LIFETIME_MS <= cx.now_ms);
        if is_old {
            cx.tx.remove_revocation(account)?;
        }
        Ok(is_old)
    }
}
