//! Accounts as whoever runs the rendezvous sees and changes them: a person at the program's commands, not a client.
//!
//! Called by `admin/desk.rs`, beside a running server and without one. A login never changes, and a number is never
//! given out again: a deleted account leaves a bar behind, and its login to others only when nobody can believe its
//! last membership any more. What others notice waits for the commit, as with any request.

mod facts;

pub use facts::{
    AccountDetails, AccountFacts, AccountPage, DeviceFacts, DeviceState, KindName, MailFacts,
    RoleName, StateName,
};

use super::audit::AuditAct;
use super::devices::parsed;
use super::friends::acquaintances_of;
use super::{Addressed, Caller, Context, Service, Stop, promised};
use crate::sessions::Recipient;
use crate::store::accounts::AccountRow;
use crate::store::bars::BarRow;
use crate::store::devices::DeviceRow;
use crate::store::expiries::ExpiryRow;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::LOGIN_KEPT_MS;
use hutong_common::name::{DisplayName, Login};
use hutong_common::push::{ContactChanged, Hint, Presence, Push};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{CardDevice, Membership, Role, SignedError};

/// What others notice of a command once it is committed.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// What to tell them.
    pub pushes: Vec<Addressed>,
    /// Whose sessions end.
    pub endings: Vec<Recipient>,
}

/// What a command came to: the account as it is now, and whether anything is different.
pub type Managed = (AccountFacts, bool, Effects);

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// Nobody has this login.
    #[error("no such account")]
    NoAccount,
    /// The account has no such device.
    #[error("no such device")]
    NoDevice,
    /// Several devices of the account begin like that.
    #[error("more than one device begins like that")]
    SeveralDevices,
    /// No group has this number.
    #[error("no such group")]
    NoGroup,
    /// The rendezvous made no such announcement, or it is long gone.
    #[error("no such announcement")]
    NoBulletin,
    /// There is nobody whom it could be told.
    #[error("nobody to tell")]
    Nobody,
    /// Little space is left.
    #[error("little space is left")]
    SpaceLow,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Service {
    /// Refuses an account that is locked or deleted. For the deleted one, as for a device that is no longer known.
    pub(super) fn check_bar(account: AccountId, tx: &Tx) -> Result<(), Stop> {
        match tx.bar(account)? {
            None => Ok(()),
            Some(BarRow::Locked { .. }) => Err(Refusal::LockedNeedsCode.into()),
            Some(BarRow::Deleted { .. }) => Err(Refusal::NotSignedIn.into()),
        }
    }

    /// The same for whomever a connection has shown to be, by its session or by a password.
    pub(super) fn check_callers_bar(caller: &Caller, tx: &Tx) -> Result<(), Stop> {
        caller
            .shown_account()
            .map_or(Ok(()), |account| Self::check_bar(account, tx))
    }

    /// Changes the name that others see.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn rename_account(
        &self,
        login: &Login,
        name: DisplayName,
        cx: &mut Context<'_>,
    ) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        if row.name == name {
            return self.unchanged(account, cx);
        }
        let row = row.with_name(name);
        self.note_about((account, &row), (AuditAct::Renamed, ""), cx)?;
        cx.tx.set_account(account, &row)?;
        let pushes = self.contact_changed(account, cx.tx)?;
        self.changed(account, (pushes, Vec::new()), cx)
    }

    /// Keeps an account out until it is unlocked: no sign-in, no session, and no peer believes its membership.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn lock_account(&self, login: &Login, cx: &mut Context<'_>) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        if cx.tx.bar(account)?.is_some() {
            return self.unchanged(account, cx);
        }
        self.note_about((account, &row), (AuditAct::Locked, ""), cx)?;
        let since_ms = cx.now_ms;
        cx.tx.set_bar(account, &BarRow::Locked { since_ms })?;
        let serial = serial_of(account, cx.tx)?.saturating_add(1);
        let pushes = self.revoke_memberships(account, serial, cx)?;
        let endings = vec![Recipient::Account(account)];
        self.changed(account, (pushes, endings), cx)
    }

    /// Lets a locked account in again.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn unlock_account(&self, login: &Login, cx: &mut Context<'_>) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        if cx.tx.bar(account)?.is_none() {
            return self.unchanged(account, cx);
        }
        self.note_about((account, &row), (AuditAct::Unlocked, ""), cx)?;
        cx.tx.lift_bar(account)?;
        self.renew_membership(account, &row, cx)?;
        let pushes = self.contact_changed(account, cx.tx)?;
        self.changed(account, (pushes, Vec::new()), cx)
    }

    /// Makes an account a member, teacher or admin, also in its classes. Of lesser rights than before, its older membership is void.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn set_role(
        &self,
        login: &Login,
        role: Role,
        cx: &mut Context<'_>,
    ) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        let before = row.role();
        if before == role {
            return self.unchanged(account, cx);
        }
        let row = row.with_role(role);
        let noted = (AuditAct::RoleSet, RoleName::from(role).name());
        self.note_about((account, &row), noted, cx)?;
        cx.tx.set_account(account, &row)?;
        if role == Role::Admin {
            // The code is for the first admin.
            cx.tx.remove_owner_code()?;
        }
        let mut pushes = self.role_reaches_classes(account, role, cx)?;
        if cx.tx.bar(account)?.is_some() {
            // Its membership is void; unlocking makes the new one.
            return self.changed(account, (pushes, Vec::new()), cx);
        }
        let membership = self.renew_membership(account, &row, cx)?;
        pushes.push((Recipient::Account(account), Push::Membership(membership)));
        pushes.extend(self.contact_changed(account, cx.tx)?);
        if rank(role) < rank(before) {
            let serial = serial_of(account, cx.tx)?;
            pushes.extend(self.revoke_memberships(account, serial, cx)?);
        }
        self.changed(account, (pushes, Vec::new()), cx)
    }

    /// Deletes an account for good: its friends lose it, its mail goes, nothing of it is believed.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn delete_account(&self, login: &Login, cx: &mut Context<'_>) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        let facts = AccountFacts {
            state: StateName::Deleted,
            online: false,
            ..self.facts(account, &row, cx)?
        };
        self.note_about((account, &row), (AuditAct::Deleted, ""), cx)?;
        let mut pushes = Vec::new();
        for contact in acquaintances_of(account, cx.tx)? {
            let gone = Presence {
                account,
                online: false,
            };
            let to = Recipient::Account(contact);
            pushes.push((to, Push::ContactChanged(ContactChanged { account })));
            pushes.push((to, Push::Presence(gone)));
        }
        let devices = parsed(&promised(cx.tx.card(account)?, "cards")?)?.devices;
        for device in devices.iter() {
            remove(account, device.id(), cx)?;
        }
        for (friend, _) in cx.tx.friends(account)? {
            cx.tx.remove_friends(account, friend)?;
        }
        for blocked in cx.tx.blocked_by(account)? {
            cx.tx.remove_block(account, blocked)?;
        }
        for other in cx.tx.remove_requests(account)? {
            let hint = Push::FriendRequestsChanged(Hint {});
            pushes.push((Recipient::Account(other), hint));
        }
        pushes.extend(self.leave_all_groups(account, cx)?);
        cx.tx.remove_all_mail(account)?;
        cx.tx.remove_bulletin_steps(account)?;
        cx.tx.set_avatar(account, Vec::new())?;
        cx.tx.remove_account(account)?;
        let at_ms = cx.now_ms;
        let login = row.login;
        cx.tx.set_bar(account, &BarRow::Deleted { at_ms, login })?;
        cx.tx
            .set_expiry(at_ms + LOGIN_KEPT_MS, &ExpiryRow::Login { account })?;
        pushes.extend(self.revoke_memberships(account, u64::MAX, cx)?);
        let endings = vec![Recipient::Account(account)];
        Ok((facts, true, Effects { pushes, endings }))
    }

    /// Removes a device, named by the first digits of its id: it is revoked, and its connection ends.
    ///
    /// # Errors
    /// When there is no such account or device, several, or the store fails.
    pub fn remove_device(
        &self,
        login: &Login,
        device: &str,
        cx: &mut Context<'_>,
    ) -> Result<Managed, NotDone> {
        let (account, row) = known(login, cx.tx)?;
        let wanted = device.to_ascii_lowercase();
        let devices = parsed(&promised(cx.tx.card(account)?, "cards")?)?.devices;
        let mut named: Vec<&CardDevice> = Vec::new();
        for device in devices.iter() {
            let is_gone = cx.tx.device(device.id())?.is_none_or(|row| row.revoked);
            if !is_gone && device.id().to_string().starts_with(&wanted) {
                named.push(device);
            }
        }
        let device = match named[..] {
            [] => return Err(NotDone::NoDevice),
            [device] => device,
            [..] => return Err(NotDone::SeveralDevices),
        };
        let id = device.id();
        let noted = (AuditAct::DeviceRemoved, &*id.to_string());
        self.note_about((account, &row), noted, cx)?;
        remove(account, id, cx)?;
        let pushes = self.revoke((account, id), device.until_ms, cx)?;
        let endings = vec![Recipient::Device(account, id)];
        self.changed(account, (pushes, endings), cx)
    }

    /// Gives a deleted account's login to whoever wants it next.
    pub(super) fn free_login(account: AccountId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        match cx.tx.bar(account)? {
            Some(BarRow::Deleted { login, .. }) if cx.tx.account_of(&login)? == Some(account) => {
                cx.tx.free_login(&login)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn changed(
        &self,
        account: AccountId,
        (pushes, endings): (Vec<Addressed>, Vec<Recipient>),
        cx: &Context<'_>,
    ) -> Result<Managed, NotDone> {
        let (facts, ..) = self.unchanged(account, cx)?;
        Ok((facts, true, Effects { pushes, endings }))
    }

    fn unchanged(&self, account: AccountId, cx: &Context<'_>) -> Result<Managed, NotDone> {
        let row = promised(cx.tx.account(account)?, "accounts")?;
        let facts = self.facts(account, &row, cx)?;
        Ok((facts, false, Effects::default()))
    }
}

/// The account of this login.
fn known(login: &Login, tx: &Tx) -> Result<(AccountId, AccountRow), NotDone> {
    let account = tx.account_of(login)?.ok_or(NotDone::NoAccount)?;
    let row = tx.account(account)?.ok_or(NotDone::NoAccount)?;
    Ok((account, row))
}

/// Marks a device as one that never comes back.
fn remove(account: AccountId, device: DeviceId, cx: &mut Context<'_>) -> Result<(), StoreError> {
    let row = cx.tx.device(device)?;
    let row = row.unwrap_or_else(|| DeviceRow::new(account));
    let gone = DeviceRow {
        revoked: true,
        ..row
    };
    cx.tx.set_device(device, &gone)
}

fn serial_of(account: AccountId, tx: &Tx) -> Result<u64, StoreError> {
    let row = promised(tx.membership(account)?, "memberships")?;
    let membership: Membership =
        row.membership
            .peek_unverified()
            .map_err(|_: SignedError| StoreError::Row {
                table: "memberships",
            })?;
    Ok(membership.serial)
}

const fn rank(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Teacher => 1,
        Role::Admin => 2,
    }
}

#[cfg(test)]
mod tests;
