//! Sealed mail: left for contacts or oneself, fetched in order, and dropped when every own computer has it.
//!
//! An account that has only shared seats keeps its mail for its whole lifetime, as its archive.

use super::devices::own_computers;
use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::sessions::Recipient;
use crate::store::expiries::ExpiryRow;
use crate::store::mail::{DepositRow, FROM_ALL, MailRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::{Bytes, List};
use hutong_common::id::{AccountId, DeviceId, MailRow as RowId, MsgId};
use hutong_common::limits::{
    MAIL_BYTES_PER_PAIR_MAX, MAIL_EVICTIONS_MAX, MAIL_LIFETIME_MS, MAIL_PAGE_BYTES_MAX,
    MAIL_PAGE_MAX, MAIL_PER_PAIR_MAX, MAIL_PER_RECIPIENT_MAX, MAIL_QUOTA_RETRY_MS,
    MESSAGE_INTERVAL_MS, MESSAGES_BURST_MAX,
};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::mail::{Envelope, MailPage, MailPageAsk, MailStored, Mailed, SealedKey};
use std::collections::BTreeSet;

const FULL: Refusal = Refusal::QuotaFull {
    retry_ms: MAIL_QUOTA_RETRY_MS,
};

/// What is to be done for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Store,
    StoredBefore,
    Refused(Refusal),
}

impl Service {
    pub(super) fn send_mail(
        &self,
        own: SignedIn,
        envelope: &Envelope,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.takes_new_data()?;
        let accounts: BTreeSet<AccountId> =
            envelope.recipients.iter().map(|key| key.account).collect();
        if accounts.is_empty() || accounts.len() < envelope.recipients.len() {
            return Err(Refusal::Malformed.into());
        }
        if !self.is_lab() {
            self.charge(&[a_message(own.account)], cx.now_ms)?;
        }
        let mut verdicts = Vec::with_capacity(envelope.recipients.len());
        for key in envelope.recipients.iter() {
            verdicts.push((key, self.judge(own.account, key.account, envelope, cx.tx)?));
        }

        let body = *blake3::hash(&envelope.body_ct).as_bytes();
        let mut pushes = Vec::new();
        let mut results = Vec::with_capacity(verdicts.len());
        for (key, verdict) in verdicts {
            let refusal = match verdict {
                Verdict::Refused(refusal) => Some(refusal),
                Verdict::StoredBefore => None,
                Verdict::Store => {
                    self.deposit(own, (envelope, body, key), cx)?;
                    let to = Recipient::OtherDevices(key.account, own.device);
                    pushes.push((to, Push::MailWaiting(Hint {})));
                    None
                }
            };
            results.push((key.account, refusal));
        }
        Ok(Outcome::of(Reply::MailStored(MailStored {
            env_id: envelope.env_id,
            recipients: List::truncated(results),
        }))
        .pushing(pushes))
    }

    fn judge(
        &self,
        sender: AccountId,
        recipient: AccountId,
        envelope: &Envelope,
        tx: &Tx,
    ) -> Result<Verdict, StoreError> {
        let is_allowed = sender == recipient || Standing::of(tx, sender, recipient)?.is_contact();
        if !is_allowed {
            return Ok(Verdict::Refused(Refusal::NotContacts));
        }
        if tx.deposit(recipient, sender, envelope.env_id)?.is_some() {
            return Ok(Verdict::StoredBefore);
        }
        let bytes = envelope.body_ct.len() as u64;
        let from_us = tx.outstanding(recipient, sender)?;
        if from_us.count >= MAIL_PER_PAIR_MAX || from_us.bytes + bytes > MAIL_BYTES_PER_PAIR_MAX {
            return Ok(Verdict::Refused(FULL));
        }
        if self.is_full(recipient, bytes, tx)? && tx.oldest_read_mail(recipient)?.is_none() {
            return Ok(Verdict::Refused(FULL));
        }
        Ok(Verdict::Store)
    }

    fn is_full(&self, recipient: AccountId, bytes: u64, tx: &Tx) -> Result<bool, StoreError> {
        let all = tx.outstanding(recipient, FROM_ALL)?;
        Ok(all.count >= MAIL_PER_RECIPIENT_MAX
            || all.bytes + bytes > self.policy.mail_bytes_per_recipient)
    }

    fn deposit(
        &self,
        own: SignedIn,
        (envelope, body, key): (&Envelope, [u8; 32], &SealedKey),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let recipient = key.account;
        let bytes = envelope.body_ct.len() as u64;
        // The device that leaves a copy for its own account has that message already.
        let acknowledged = if recipient == own.account {
            vec![own.device]
        } else {
            Vec::new()
        };
        let row = if is_settled(recipient, &acknowledged, cx)? {
            None
        } else {
            self.make_room(recipient, bytes, cx)?;
            cx.tx.hold_body(body, &envelope.body_ct)?;
            let mail = MailRow {
                sender: own.account,
                env_id: envelope.env_id,
                deposited_ms: cx.now_ms,
                body,
                bytes,
                seal_no: key.seal_no,
                enc: key.enc,
                key_ct: key.key_ct,
                key_tag: key.key_tag,
                acknowledged,
            };
            Some(cx.tx.insert_mail(recipient, &mail)?)
        };
        let deposit = DepositRow {
            row,
            told_fate: false,
            told_shown: false,
        };
        let name = (own.account, envelope.env_id);
        cx.tx.set_deposit(recipient, name, &deposit)?;
        let ends = ExpiryRow::Mail {
            recipient,
            sender: own.account,
            env_id: envelope.env_id,
        };
        cx.tx.set_expiry(cx.now_ms + MAIL_LIFETIME_MS, &ends)
    }

    /// Drops the oldest mail that was read, until the new one fits.
    fn make_room(
        &self,
        recipient: AccountId,
        bytes: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for _ in 0..MAIL_EVICTIONS_MAX {
            if !self.is_full(recipient, bytes, cx.tx)? {
                break;
            }
            let Some((row, mail)) = cx.tx.oldest_read_mail(recipient)? else {
                break;
            };
            cx.tx.remove_mail(recipient, row.0, &mail)?;
        }
        Ok(())
    }

    pub(super) fn mail(&self, own: SignedIn, ask: MailPageAsk, cx: &mut Context<'_>) -> Answer {
        let mut page = Vec::new();
        let mut page_bytes = 0;
        let mut after = ask.after;
        let more = 'page: loop {
            let rows = cx.tx.mail_after(own.account, after, MAIL_PAGE_MAX)?;
            let is_end = rows.len() < MAIL_PAGE_MAX;
            for (row, mail) in rows {
                after = row;
                if mail.acknowledged.contains(&own.device) {
                    continue;
                }
                let body = promised(cx.tx.body(mail.body)?, "bodies")?.body_ct;
                page_bytes += body.len();
                let is_full = page.len() == MAIL_PAGE_MAX || page_bytes > MAIL_PAGE_BYTES_MAX;
                if is_full && !page.is_empty() {
                    break 'page true;
                }
                page.push(mailed(own.account, (row, mail), body));
            }
            if is_end {
                break false;
            }
        };
        Ok(Outcome::of(Reply::Mail(MailPage {
            mail: List::truncated(page),
            more,
        })))
    }

    /// Forgets a deposit, with its mail if that was never fetched by everybody.
    pub(super) fn expire_mail(
        recipient: AccountId,
        (sender, env_id): (AccountId, MsgId),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let deposit = cx.tx.deposit(recipient, sender, env_id)?;
        if let Some(row) = deposit.and_then(|deposit| deposit.row)
            && let Some(mail) = cx.tx.mail(recipient, row)?
        {
            cx.tx.remove_mail(recipient, row, &mail)?;
        }
        cx.tx.remove_deposit(recipient, (sender, env_id))
    }
}

/// Whether the account has own computers and all of them acknowledged.
pub(super) fn is_settled(
    account: AccountId,
    acknowledged: &[DeviceId],
    cx: &Context<'_>,
) -> Result<bool, StoreError> {
    let own = own_computers(cx.tx, account, cx.now_ms)?;
    Ok(!own.is_empty() && own.iter().all(|device| acknowledged.contains(device)))
}

fn mailed(account: AccountId, (row, mail): (RowId, MailRow), body: Vec<u8>) -> Mailed {
    Mailed {
        row,
        env_id: mail.env_id,
        sender: mail.sender,
        deposited_ms: mail.deposited_ms,
        // Bodies were within the bound when they came.
        body_ct: Bytes::new(body).unwrap_or_default(),
        key: SealedKey {
            account,
            seal_no: mail.seal_no,
            enc: mail.enc,
            key_ct: mail.key_ct,
            key_tag: mail.key_tag,
        },
    }
}

const fn a_message(account: AccountId) -> Charge {
    Charge {
        limit: Limit::Messages,
        subject: Subject::Account(account.0),
        rate: Rate::burst(MESSAGES_BURST_MAX, MESSAGE_INTERVAL_MS),
    }
}
