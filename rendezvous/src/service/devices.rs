//! Devices of an account: a new one enrols, a known one resumes, and one that signs out is gone for good.

use super::cards::Owner;
use super::{Answer, Caller, Context, Outcome, Service, SignedIn, promised};
use crate::store::accounts::CardRow;
use crate::store::devices::DeviceRow;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Enrol;
use hutong_common::signed::{Card, DeviceKind, SignedError};

impl Service {
    pub(super) fn enrol(&self, caller: &mut Caller, enrol: Enrol, cx: &mut Context<'_>) -> Answer {
        let account = caller.proved(cx.now_ms)?;
        let stored = promised(cx.tx.card(account)?, "cards")?;
        if let Some(device) = cx.tx.device(caller.device())? {
            // The same enrolment again, after a crash between commit and answer.
            let is_again =
                device.account == account && !device.revoked && stored.card == enrol.card;
            return if is_again {
                self.welcome(caller, account, cx)
            } else {
                Err(Refusal::AlreadyDone.into())
            };
        }
        if stored.version != enrol.replaces {
            return Err(Refusal::Conflict.into());
        }
        let row = promised(cx.tx.account(account)?, "accounts")?;
        let owner = Owner {
            server: self.server_id(),
            account,
            account_pk: row.account_pk,
            account_gen: row.account_gen,
        };
        let before = parsed(&stored)?;
        let revoked = revoked_devices(cx.tx, &before)?;
        let state = (&before, revoked.as_slice(), cx.now_ms);
        let card = owner.adding(&enrol.card, caller.key(), state)?;

        let newest = CardRow {
            version: card.version,
            card: enrol.card,
        };
        cx.tx.set_card(account, &newest)?;
        cx.tx
            .set_device(caller.device(), &DeviceRow::new(account))?;
        self.refresh_membership(account, &row, cx)?;
        let changed = self.contact_changed(account, cx.tx)?;
        let mut outcome = self.welcome(caller, account, cx)?;
        outcome.pushes.extend(changed);
        Ok(outcome)
    }

    pub(super) fn resume(&self, caller: &mut Caller, n: u64, cx: &mut Context<'_>) -> Answer {
        let device = cx.tx.device(caller.device())?;
        let device = device
            .filter(|device| !device.revoked)
            .ok_or(Refusal::NotSignedIn)?;
        let card = parsed(&promised(cx.tx.card(device.account)?, "cards")?)?;
        if card.live_device(&caller.key(), cx.now_ms).is_none() {
            return Err(Refusal::Expired.into());
        }
        if n <= device.resumed {
            return Err(Refusal::Cloned.into());
        }
        let row = promised(cx.tx.account(device.account)?, "accounts")?;

        let resumed = DeviceRow {
            resumed: n,
            ..device
        };
        cx.tx.set_device(caller.device(), &resumed)?;
        self.refresh_membership(device.account, &row, cx)?;
        self.welcome(caller, device.account, cx)
    }

    pub(super) fn sign_out(&self, own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let device = promised(cx.tx.device(own.device)?, "devices")?;

        let gone = DeviceRow {
            revoked: true,
            ..device
        };
        cx.tx.set_device(own.device, &gone)?;
        let pushes = self.revoke((own.account, own.device), own.until_ms, cx)?;
        Ok(Outcome::done().pushing(pushes).closing())
    }
}

/// A card that was verified before it was stored.
pub(super) fn parsed(row: &CardRow) -> Result<Card, StoreError> {
    row.card
        .peek_unverified()
        .map_err(|_: SignedError| StoreError::Row { table: "cards" })
}

fn revoked_devices(tx: &Tx, card: &Card) -> Result<Vec<DeviceId>, StoreError> {
    let mut revoked = Vec::new();
    for device in card.devices.iter().map(|device| device.id()) {
        if tx.device(device)?.is_some_and(|row| row.revoked) {
            revoked.push(device);
        }
    }
    Ok(revoked)
}

/// The own computers of an account that count now. Mail and receipts wait for all of them.
pub(super) fn own_computers(
    tx: &Tx,
    account: AccountId,
    now_ms: u64,
) -> Result<Vec<DeviceId>, StoreError> {
    let card = parsed(&promised(tx.card(account)?, "cards")?)?;
    let revoked = revoked_devices(tx, &card)?;
    let own = card
        .devices
        .iter()
        .filter(|device| device.kind == DeviceKind::Own && device.is_live(now_ms));
    Ok(own
        .map(|device| device.id())
        .filter(|device| !revoked.contains(device))
        .collect())
}
