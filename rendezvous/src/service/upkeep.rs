//! What time does by itself: a new database is laid out, expired things go, memberships of those who stay are renewed.

use super::audit::AuditAct;
use super::{Addressed, Context, Service};
use crate::sessions::Recipient;
use crate::store::counters::Counter;
use crate::store::expiries::ExpiryRow;
use crate::store::{StoreError, Tx};
use hutong_common::limits::{LAST_SEEN_STEP_MS, SWEEP_MAX};
use hutong_common::push::Push;

impl Service {
    /// A database without accounts gets the code of its first admin, and an empty list of revocations.
    pub(super) fn prepare(&self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if cx.tx.revocation_list()?.is_none() {
            Self::make_owner_code(cx)?;
            self.sign_revocations(cx)?;
        }
        cx.tx.raise(Counter::Clock, cx.now_ms)
    }

    /// Takes the time as it is now for right, whatever the database has seen: a person says so, once.
    ///
    /// # Errors
    /// When the store fails.
    pub fn accept_clock(&self, off_ms: u64, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let detail = format!("{} s", off_ms / 1000);
        cx.tx.set_clock(cx.now_ms)?;
        self.note(AuditAct::ClockAccepted, &detail, cx)
    }

    /// The newest time that the database has seen, Unix milliseconds; 0 when it is new. Ask before [`Service::open`]:
    /// a clock that is behind, or far ahead, is not to be trusted.
    ///
    /// # Errors
    /// When the store fails.
    pub fn last_seen_ms(tx: &Tx) -> Result<u64, StoreError> {
        tx.last(Counter::Clock)
    }

    /// To be called every [`hutong_common::limits::TICK_INTERVAL_MS`] with a writing transaction.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tick(&self, cx: &mut Context<'_>) -> Result<Vec<Addressed>, StoreError> {
        cx.tx.begin_request();
        cx.tx.raise(Counter::Clock, cx.now_ms)?;
        self.write_audit(cx)?;
        self.forget_tickets(cx.now_ms);
        let mut pushes = self.sweep(cx)?;
        pushes.extend(self.hands_of_the_gone(cx)?);
        for account in self.presence.online() {
            // A session that ends with this batch may still be there.
            let Some(row) = cx.tx.account(account)? else {
                continue;
            };
            if cx.tx.bar(account)?.is_some() {
                continue;
            }
            let seen_ms = cx.tx.last_seen(account)?.unwrap_or(0);
            if cx.now_ms.saturating_sub(seen_ms) >= LAST_SEEN_STEP_MS {
                cx.tx.set_last_seen(account, cx.now_ms)?;
            }
            if let Some(membership) = self.refresh_membership(account, &row, cx)? {
                pushes.push((Recipient::Account(account), Push::Membership(membership)));
            }
        }
        Ok(pushes)
    }

    fn sweep(&self, cx: &mut Context<'_>) -> Result<Vec<Addressed>, StoreError> {
        let mut list_changed = false;
        for due in cx.tx.take_due(cx.now_ms, SWEEP_MAX)? {
            match due {
                ExpiryRow::Mail {
                    recipient,
                    sender,
                    env_id,
                } => Self::expire_mail(recipient, (sender, env_id), cx)?,
                ExpiryRow::Receipt { sender, row } => cx.tx.remove_receipt(sender, row)?,
                ExpiryRow::Login { account } => Self::free_login(account, cx)?,
                ExpiryRow::GroupRequest { request } => cx.tx.remove_group_request(request)?,
                ExpiryRow::Revocation { account } => {
                    list_changed |= Self::forget_revocation(account, cx)?;
                }
            }
        }
        if !list_changed {
            return Ok(Vec::new());
        }
        let list = self.sign_revocations(cx)?;
        Ok(vec![(Recipient::Everyone, Push::Revocations(list))])
    }
}
