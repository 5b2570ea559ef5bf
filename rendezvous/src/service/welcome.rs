//! What a device is told when it is in: the membership that peers believe, the newest card, revocations, this week's key.

use super::devices::parsed;
use super::{Answer, Caller, Context, Outcome, Service, promised};
use crate::sessions::SessionChange;
use crate::store::StoreError;
use crate::store::accounts::{AccountRow, MembershipRow};
use crate::store::counters::Counter;
use hutong_common::id::AccountId;
use hutong_common::labels;
use hutong_common::limits::{
    DISCOVERY_KEY_LIFETIME_MS, MEMBERSHIP_LIFETIME_MS, MEMBERSHIP_RENEW_BELOW_MS,
};
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::signed::{Membership, Signed};

impl Service {
    /// Signs the connection in. Its device was found in the account's card, or has just been put there.
    pub(super) fn welcome(
        &self,
        caller: &mut Caller,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let row = promised(cx.tx.account(account)?, "accounts")?;
        let card = promised(cx.tx.card(account)?, "cards")?;
        let membership = promised(cx.tx.membership(account)?, "memberships")?;
        let until_ms = parsed(&card)?
            .live_device(&caller.key(), cx.now_ms)
            .map_or(cx.now_ms, |device| device.until_ms);
        let (discovery_key, discovery_key_before) = self.discovery_keys(cx.now_ms);
        let welcome = Welcome {
            account,
            profile: row.profile(),
            login: row.login,
            server_name: self.policy.server_name.clone(),
            now_ms: cx.now_ms,
            membership: membership.membership,
            card: card.card,
            revocations: promised(cx.tx.revocation_list()?, "revocation_list")?,
            discovery_key,
            discovery_key_before,
        };
        let pushes = if self.presence.is_online(account) {
            self.away_after_welcome(account, caller.device(), cx.tx)?
        } else {
            self.presence_changed(account, true, cx.tx)?
        };
        cx.tx.set_last_seen(account, cx.now_ms)?;
        caller.away = self
            .presence
            .away(account)
            .remove(&caller.device())
            .unwrap_or_default();
        let own = caller.sign_in(account, until_ms);
        Ok(Outcome {
            session: Some(SessionChange::Begin {
                account,
                device: own.device,
                at_ms: cx.now_ms,
                exporters: caller.exporters(),
            }),
            ..Outcome::of(Reply::Welcome(Box::new(welcome))).pushing(pushes)
        })
    }

    /// Makes the membership anew.
    pub(super) fn renew_membership(
        &self,
        account: AccountId,
        row: &AccountRow,
        cx: &mut Context<'_>,
    ) -> Result<Signed, StoreError> {
        let serial = cx.tx.next(Counter::MembershipSerial, cx.now_ms)?;
        let not_after_ms = cx.now_ms + MEMBERSHIP_LIFETIME_MS;
        let membership = Membership {
            server_id: self.server_id(),
            account_id: account,
            login: row.login.clone(),
            account_pk: row.account_pk,
            account_gen: row.account_gen,
            role: row.role(),
            serial,
            not_before_ms: cx.now_ms,
            not_after_ms,
        };
        let membership = Signed::new(&membership, &self.key);
        let renewed = MembershipRow {
            not_after_ms,
            membership: membership.clone(),
        };
        cx.tx.set_membership(account, &renewed)?;
        Ok(membership)
    }

    /// Makes the membership anew when little of it is left.
    pub(super) fn refresh_membership(
        &self,
        account: AccountId,
        row: &AccountRow,
        cx: &mut Context<'_>,
    ) -> Result<Option<Signed>, StoreError> {
        let before = promised(cx.tx.membership(account)?, "memberships")?;
        if before.not_after_ms.saturating_sub(cx.now_ms) >= MEMBERSHIP_RENEW_BELOW_MS {
            return Ok(None);
        }
        self.renew_membership(account, row, cx).map(Some)
    }

    /// This week's key for mDNS tags, and last week's. Derived, so that neither is stored or lost.
    fn discovery_keys(&self, now_ms: u64) -> ([u8; 32], [u8; 32]) {
        let week = now_ms / DISCOVERY_KEY_LIFETIME_MS;
        let key = |week: u64| {
            let mut material = [0; 40];
            material[..32].copy_from_slice(self.key.seed());
            material[32..].copy_from_slice(&week.to_be_bytes());
            blake3::derive_key(labels::DISCOVERY_KEY, &material)
        };
        (key(week), key(week.saturating_sub(1)))
    }
}
