//! Rows and queries of mail: bodies stored once, a row per recipient, what is outstanding, and receipts for senders.
//!
//! A body lies under its hash and counts the rows that need it, so that two sealings of one message never mix.

use super::counters::Counter;
use super::tables::{BODIES, DEPOSITS, MAIL, MAIL_GROUPS, OUTSTANDING, RECEIPTS, RECEIPTS_READ};
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, MailRow as RowId, MsgId};
use hutong_common::limits::MAIL_SWEEP_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::mail::MailFate;
use hutong_common::signed::Signed;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BodyRow {
    pub(crate) body_ct: Vec<u8>,
    /// Rows that need it.
    pub(crate) rows: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MailRow {
    pub(crate) sender: AccountId,
    pub(crate) env_id: MsgId,
    pub(crate) deposited_ms: u64,
    pub(crate) body: [u8; 32],
    pub(crate) bytes: u64,
    pub(crate) seal_no: u32,
    pub(crate) enc: [u8; 32],
    pub(crate) key_ct: [u8; 32],
    pub(crate) key_tag: [u8; 16],
    /// Devices of the recipient that need it no more.
    pub(crate) acknowledged: Vec<DeviceId>,
}

/// Outlives the row, so that mail that was fetched and dropped is not taken a second time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct DepositRow {
    /// The row, while it is there.
    pub(crate) row: Option<u64>,
    /// The sender was told that it is stored, or unusable.
    pub(crate) told_fate: bool,
    /// The sender was told that it was looked at.
    pub(crate) told_shown: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutstandingRow {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReceiptRow {
    pub(crate) env_id: MsgId,
    pub(crate) recipient: AccountId,
    pub(crate) fate: FateRow,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum FateRow {
    /// With the receipt as it came.
    Stored(Signed),
    Shown,
    Unusable(Refusal),
    /// With the confirmation as it came.
    Confirmed(Signed),
}

impl From<MailFate> for FateRow {
    fn from(fate: MailFate) -> Self {
        match fate {
            MailFate::Stored(receipt) => Self::Stored(receipt),
            MailFate::Shown => Self::Shown,
            MailFate::Unusable(why) => Self::Unusable(why),
            MailFate::Confirmed(confirmation) => Self::Confirmed(confirmation),
        }
    }
}

impl From<FateRow> for MailFate {
    fn from(fate: FateRow) -> Self {
        match fate {
            FateRow::Stored(receipt) => Self::Stored(receipt),
            FateRow::Shown => Self::Shown,
            FateRow::Unusable(why) => Self::Unusable(why),
            FateRow::Confirmed(confirmation) => Self::Confirmed(confirmation),
        }
    }
}

/// The sender in the key of what is outstanding from everybody.
pub(crate) const FROM_ALL: AccountId = AccountId(0);

impl Tx {
    pub(crate) fn body(&self, body: [u8; 32]) -> Result<Option<BodyRow>, StoreError> {
        self.get(BODIES, body)
    }

    /// Counts one more row that needs the body.
    pub(crate) fn hold_body(&mut self, body: [u8; 32], body_ct: &[u8]) -> Result<(), StoreError> {
        let mut row = self.get(BODIES, body)?.unwrap_or_else(|| BodyRow {
            body_ct: body_ct.to_vec(),
            rows: 0,
        });
        row.rows = row.rows.saturating_add(1);
        self.put(BODIES, body, &row)
    }

    fn release_body(&mut self, body: [u8; 32]) -> Result<(), StoreError> {
        match self.get(BODIES, body)? {
            Some(row) if row.rows > 1 => {
                let rows = row.rows - 1;
                self.put(BODIES, body, &BodyRow { rows, ..row })
            }
            Some(_) | None => self.remove(BODIES, body).map(drop),
        }
    }

    pub(crate) fn mail(
        &self,
        recipient: AccountId,
        row: u64,
    ) -> Result<Option<MailRow>, StoreError> {
        self.get(MAIL, (recipient.0, row))
    }

    /// Mail of `recipient` after a row, oldest first.
    pub(crate) fn mail_after(
        &self,
        recipient: AccountId,
        after: RowId,
        limit: usize,
    ) -> Result<Vec<(RowId, MailRow)>, StoreError> {
        let Some(first) = after.0.checked_add(1) else {
            return Ok(Vec::new());
        };
        let range = (recipient.0, first)..=(recipient.0, u64::MAX);
        let rows = self.range(MAIL, range, (Direction::Forward, limit))?;
        Ok(rows
            .into_iter()
            .map(|((_, row), mail)| (RowId(row), mail))
            .collect())
    }

    /// Adds mail behind all that the recipient has, and counts it as outstanding.
    pub(crate) fn insert_mail(
        &mut self,
        recipient: AccountId,
        mail: &MailRow,
    ) -> Result<u64, StoreError> {
        let row = self.next(Counter::MailRow, mail.deposited_ms)?;
        self.put(MAIL, (recipient.0, row), mail)?;
        let is_unread = mail.acknowledged.is_empty();
        self.count_mail(recipient, FROM_ALL, mail.bytes, true)?;
        if is_unread {
            self.count_mail(recipient, mail.sender, mail.bytes, true)?;
        }
        Ok(row)
    }

    /// Notes that a device needs the mail no more. The first one ends what its sender has outstanding.
    pub(crate) fn acknowledge_mail(
        &mut self,
        recipient: AccountId,
        row: u64,
        (mut mail, device): (MailRow, DeviceId),
    ) -> Result<MailRow, StoreError> {
        if mail.acknowledged.is_empty() {
            self.count_mail(recipient, mail.sender, mail.bytes, false)?;
        }
        if !mail.acknowledged.contains(&device) {
            mail.acknowledged.push(device);
            self.put(MAIL, (recipient.0, row), &mail)?;
        }
        Ok(mail)
    }

    /// Drops a row, and its body with the last one.
    pub(crate) fn remove_mail(
        &mut self,
        recipient: AccountId,
        row: u64,
        mail: &MailRow,
    ) -> Result<(), StoreError> {
        self.remove(MAIL, (recipient.0, row))?;
        self.remove(MAIL_GROUPS, (recipient.0, row))?;
        self.count_mail(recipient, FROM_ALL, mail.bytes, false)?;
        if mail.acknowledged.is_empty() {
            self.count_mail(recipient, mail.sender, mail.bytes, false)?;
        }
        if let Some(mut deposit) = self.deposit(recipient, mail.sender, mail.env_id)? {
            deposit.row = None;
            self.set_deposit(recipient, (mail.sender, mail.env_id), &deposit)?;
        }
        self.release_body(mail.body)
    }

    /// Drops all mail that waits for an account, and what became of mail that it sent.
    pub(crate) fn remove_all_mail(&mut self, account: AccountId) -> Result<(), StoreError> {
        loop {
            let mail = self.mail_after(account, RowId(0), MAIL_SWEEP_MAX)?;
            let receipts = self.receipts_after(account, 0, MAIL_SWEEP_MAX)?;
            if mail.is_empty() && receipts.is_empty() {
                return Ok(());
            }
            for (row, mail) in mail {
                self.remove_mail(account, row.0, &mail)?;
            }
            for (row, _) in receipts {
                self.remove_receipt(account, row)?;
            }
        }
    }

    /// The oldest mail that some device of the recipient has read already, if there is any among the oldest.
    pub(crate) fn oldest_read_mail(
        &self,
        recipient: AccountId,
    ) -> Result<Option<(RowId, MailRow)>, StoreError> {
        let oldest = self.mail_after(recipient, RowId(0), MAIL_SWEEP_MAX)?;
        Ok(oldest
            .into_iter()
            .find(|(_, mail)| !mail.acknowledged.is_empty()))
    }

    pub(crate) fn outstanding(
        &self,
        recipient: AccountId,
        sender: AccountId,
    ) -> Result<OutstandingRow, StoreError> {
        Ok(self
            .get(OUTSTANDING, (recipient.0, sender.0))?
            .unwrap_or_default())
    }

    fn count_mail(
        &mut self,
        recipient: AccountId,
        sender: AccountId,
        bytes: u64,
        is_more: bool,
    ) -> Result<(), StoreError> {
        let before = self.outstanding(recipient, sender)?;
        let after = if is_more {
            OutstandingRow {
                count: before.count.saturating_add(1),
                bytes: before.bytes.saturating_add(bytes),
            }
        } else {
            OutstandingRow {
                count: before.count.saturating_sub(1),
                bytes: before.bytes.saturating_sub(bytes),
            }
        };
        let key = (recipient.0, sender.0);
        if after.count == 0 {
            self.remove(OUTSTANDING, key).map(drop)
        } else {
            self.put(OUTSTANDING, key, &after)
        }
    }

    pub(crate) fn deposit(
        &self,
        recipient: AccountId,
        sender: AccountId,
        env_id: MsgId,
    ) -> Result<Option<DepositRow>, StoreError> {
        self.get(DEPOSITS, (recipient.0, sender.0, env_id.0))
    }

    pub(crate) fn set_deposit(
        &mut self,
        recipient: AccountId,
        (sender, env_id): (AccountId, MsgId),
        row: &DepositRow,
    ) -> Result<(), StoreError> {
        self.put(DEPOSITS, (recipient.0, sender.0, env_id.0), row)
    }

    pub(crate) fn remove_deposit(
        &mut self,
        recipient: AccountId,
        (sender, env_id): (AccountId, MsgId),
    ) -> Result<(), StoreError> {
        self.remove(DEPOSITS, (recipient.0, sender.0, env_id.0))
            .map(drop)
    }

    /// Receipts for `sender` after a row, in order.
    pub(crate) fn receipts_after(
        &self,
        sender: AccountId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ReceiptRow)>, StoreError> {
        let Some(first) = after.checked_add(1) else {
            return Ok(Vec::new());
        };
        let range = (sender.0, first)..=(sender.0, u64::MAX);
        let rows = self.range(RECEIPTS, range, (Direction::Forward, limit))?;
        Ok(rows
            .into_iter()
            .map(|((_, row), receipt)| (row, receipt))
            .collect())
    }

    pub(crate) fn insert_receipt(
        &mut self,
        sender: AccountId,
        receipt: &ReceiptRow,
        now_ms: u64,
    ) -> Result<u64, StoreError> {
        let row = self.next(Counter::ReceiptRow, now_ms)?;
        self.put(RECEIPTS, (sender.0, row), receipt)?;
        Ok(row)
    }

    pub(crate) fn remove_receipt(&mut self, sender: AccountId, row: u64) -> Result<(), StoreError> {
        self.remove(RECEIPTS, (sender.0, row)).map(drop)
    }

    /// Up to where a device of the sender has stored receipts.
    pub(crate) fn receipts_read(
        &self,
        sender: AccountId,
        device: DeviceId,
    ) -> Result<u64, StoreError> {
        Ok(self.get(RECEIPTS_READ, (sender.0, device.0))?.unwrap_or(0))
    }

    pub(crate) fn set_receipts_read(
        &mut self,
        sender: AccountId,
        device: DeviceId,
        row: u64,
    ) -> Result<(), StoreError> {
        self.put(RECEIPTS_READ, (sender.0, device.0), &row)
    }
}
