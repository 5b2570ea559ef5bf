//! What a command tells about accounts: read from the store, shown by the program, and passed on as JSON in between.

use super::super::devices::parsed;
use super::super::{Context, Service, promised};
use super::{NotDone, known};
use crate::store::StoreError;
use crate::store::accounts::AccountRow;
use crate::store::bars::BarRow;
use crate::store::mail::FROM_ALL;
use hutong_common::id::AccountId;
use hutong_common::limits::ACCOUNT_PAGE_MAX;
use hutong_common::name::{DisplayName, Login};
use hutong_common::signed::{CardDevice, DeviceKind, Role};
use serde::{Deserialize, Serialize};

/// A role by the name that programs see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Anybody.
    Member,
    /// May announce and reset.
    Teacher,
    /// May do everything.
    Admin,
}

impl RoleName {
    /// The name that programs see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Teacher => "teacher",
            Self::Admin => "admin",
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Member,
            Role::Teacher => Self::Teacher,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Member => Self::Member,
            RoleName::Teacher => Self::Teacher,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Whether an account may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// It may.
    Active,
    /// Not until it is unlocked.
    Locked,
    /// Never again.
    Deleted,
}

/// One account in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// Its number.
    pub account: AccountId,
    /// Its login, which never changes.
    pub login: Login,
    /// The name that others see.
    pub name: DisplayName,
    /// What it may do.
    pub role: RoleName,
    /// Whether it may come in.
    pub state: StateName,
    /// Devices that count now.
    pub devices: usize,
    /// Whether one of them is connected.
    pub online: bool,
    /// When it was registered, Unix milliseconds.
    pub created_ms: u64,
    /// When it was here last, to the hour, Unix milliseconds.
    pub last_seen_ms: Option<u64>,
}

/// Some accounts, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// Those of this page that were asked for.
    pub accounts: Vec<AccountFacts>,
    /// Where the next page begins, if there is one.
    pub after: Option<AccountId>,
}

/// Everything about one account that the rendezvous knows and an admin may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDetails {
    /// As in a list.
    #[serde(flatten)]
    pub facts: AccountFacts,
    /// When it was locked, Unix milliseconds.
    pub locked_ms: Option<u64>,
    /// How many friends it has.
    pub friends: usize,
    /// How much mail waits for it.
    pub mail: MailFacts,
    /// Its devices, those that count no longer included.
    pub device_list: Vec<DeviceFacts>,
}

/// Mail that waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFacts {
    /// How many messages.
    pub messages: u64,
    /// Their sealed size.
    pub bytes: u64,
}

/// One device of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceFacts {
    /// Its id.
    pub device: String,
    /// What its person called it.
    pub label: String,
    /// An own computer or a shared seat.
    pub kind: KindName,
    /// Whether it still counts.
    pub state: DeviceState,
    /// When it was added, Unix milliseconds.
    pub added_ms: u64,
    /// When it ends by itself, Unix milliseconds.
    pub until_ms: u64,
}

/// A kind of device by the name that programs see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindName {
    /// Its person's own computer.
    Own,
    /// A shared seat.
    Seat,
}

/// Whether a device still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It does.
    Live,
    /// Its time is over.
    Expired,
    /// It signed out or was removed.
    Removed,
}

impl Service {
    /// A page of accounts above `after`, those of which login or name contain `part`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list_accounts(
        &self,
        after: AccountId,
        part: &str,
        cx: &Context<'_>,
    ) -> Result<AccountPage, StoreError> {
        let part = part.to_lowercase();
        let rows = cx.tx.accounts_after(after, ACCOUNT_PAGE_MAX)?;
        let is_full = rows.len() == ACCOUNT_PAGE_MAX;
        let after = rows.last().map(|(account, _)| *account).filter(|_| is_full);
        let mut accounts = Vec::new();
        for (account, row) in &rows {
            let is_meant = [row.login.as_str(), row.name.as_str()]
                .iter()
                .any(|text| text.to_lowercase().contains(&part));
            if is_meant {
                accounts.push(self.facts(*account, row, cx)?);
            }
        }
        Ok(AccountPage { accounts, after })
    }

    /// Everything about one account.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn show_account(&self, login: &Login, cx: &Context<'_>) -> Result<AccountDetails, NotDone> {
        let tx = &*cx.tx;
        let (account, row) = known(login, tx)?;
        let waiting = tx.outstanding(account, FROM_ALL)?;
        let devices = parsed(&promised(tx.card(account)?, "cards")?)?.devices;
        let mut device_list = Vec::with_capacity(devices.len());
        for device in devices.iter() {
            device_list.push(DeviceFacts {
                device: device.id().to_string(),
                label: device.label.to_string(),
                kind: match device.kind {
                    DeviceKind::Own => KindName::Own,
                    DeviceKind::Seat => KindName::Seat,
                },
                state: state_of(device, cx)?,
                added_ms: device.added_ms,
                until_ms: device.until_ms,
            });
        }
        let facts = self.facts(account, &row, cx)?;
        Ok(AccountDetails {
            locked_ms: match tx.bar(account)? {
                Some(BarRow::Locked { since_ms }) => Some(since_ms),
                Some(BarRow::Deleted { .. }) | None => None,
            },
            friends: tx.friends(account)?.len(),
            mail: MailFacts {
                messages: waiting.count,
                bytes: waiting.bytes,
            },
            device_list,
            facts,
        })
    }

    /// What a list says of one account.
    pub(super) fn facts(
        &self,
        account: AccountId,
        row: &AccountRow,
        cx: &Context<'_>,
    ) -> Result<AccountFacts, StoreError> {
        let mut live = 0;
        for device in parsed(&promised(cx.tx.card(account)?, "cards")?)?
            .devices
            .iter()
        {
            live += usize::from(state_of(device, cx)? == DeviceState::Live);
        }
        let state = match cx.tx.bar(account)? {
            None => StateName::Active,
            Some(BarRow::Locked { .. }) => StateName::Locked,
            Some(BarRow::Deleted { .. }) => StateName::Deleted,
        };
        Ok(AccountFacts {
            account,
            login: row.login.clone(),
            name: row.name.clone(),
            role: row.role().into(),
            state,
            devices: live,
            online: state == StateName::Active && self.presence.is_online(account),
            created_ms: row.created_ms,
            last_seen_ms: cx.tx.last_seen(account)?,
        })
    }
}

fn state_of(device: &CardDevice, cx: &Context<'_>) -> Result<DeviceState, StoreError> {
    let is_gone = cx.tx.device(device.id())?.is_none_or(|row| row.revoked);
    Ok(if is_gone {
        DeviceState::Removed
    } else if device.is_live(cx.now_ms) {
        DeviceState::Live
    } else {
        DeviceState::Expired
    })
}
