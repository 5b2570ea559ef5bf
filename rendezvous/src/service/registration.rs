//! Registration: a login, an account number set aside, and then everything of the account at once.

use super::caller::Registering;
use super::cards::Owner;
use super::limiter::{Charge, Limit, Rate, Subject, address};
use super::{Answer, Caller, Context, Outcome, Service, Stop};
use crate::policy::Registration;
use crate::store::StoreError;
use crate::store::accounts::{AccountRow, CardRow, CredentialRow};
use crate::store::counters::Counter;
use crate::store::devices::DeviceRow;
use hutong_common::id::AccountId;
use hutong_common::identity;
use hutong_common::limits::{
    ACCOUNT_ID_FIRST, DAY_MS, HOUR_MS, REGISTRATIONS_A_DAY_MAX, REGISTRATIONS_PER_IP_AN_HOUR_MAX,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::{OpaqueBytes, RegisterFinish, RegisterStart, RegisterStarted};
use hutong_common::signed::Role;
use std::sync::atomic::Ordering;

/// What lets somebody register.
enum Admission {
    Everybody,
    Owner,
    Invited(String),
}

impl Service {
    pub(super) fn register_start(
        &self,
        caller: &mut Caller,
        start: &RegisterStart,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.takes_new_data()?;
        if cx.tx.device(caller.device())?.is_some() {
            return Err(Refusal::AlreadyDone.into());
        }
        self.charge(&registration_from(caller), cx.now_ms)?;
        if cx.tx.account_of(&start.login)?.is_some() {
            return Err(Refusal::NameTaken.into());
        }
        let opaque = self
            .opaque
            .register_start(start.login.as_str(), &start.opaque)
            .map_err(|_| Refusal::Malformed)?;
        let account = self.reserve(cx)?;
        caller.registering = Some(Registering {
            login: start.login.clone(),
            account,
        });
        Ok(Outcome::of(Reply::RegisterStarted(RegisterStarted {
            account,
            opaque: OpaqueBytes::new(opaque).map_err(|_| Refusal::Malformed)?,
        })))
    }

    /// The next account number, higher than any given out by the store or by this run.
    fn reserve(&self, cx: &Context<'_>) -> Result<AccountId, StoreError> {
        let stored = cx.tx.last(Counter::Account)?.max(ACCOUNT_ID_FIRST - 1);
        let mut reserved = stored;
        // Readers run side by side: each takes the number after the last one taken.
        let taken = self
            .reserved
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                reserved = last.max(stored).saturating_add(1);
                Some(reserved)
            });
        debug_assert!(taken.is_ok(), "the closure always yields a number");
        Ok(AccountId(reserved))
    }

    pub(super) fn register_finish(
        &self,
        caller: &mut Caller,
        finish: RegisterFinish,
        cx: &mut Context<'_>,
    ) -> Answer {
        // The same device again, after a crash between commit and answer.
        if let Some(device) = cx.tx.device(caller.device())? {
            let stored = cx.tx.card(device.account)?;
            return match stored {
                Some(row) if row.card == finish.card && !device.revoked => {
                    self.welcome(caller, device.account, cx)
                }
                Some(_) | None => Err(Refusal::AlreadyDone.into()),
            };
        }
        self.takes_new_data()?;
        let Some(Registering { login, account }) = &caller.registering else {
            return Err(Refusal::Malformed.into());
        };
        let (login, account) = (login.clone(), *account);
        if cx.tx.account_of(&login)?.is_some() {
            return Err(Refusal::NameTaken.into());
        }
        let admission = self.admission(finish.code.as_deref(), cx)?;
        if identity::is_weak(&finish.account_pk) {
            return Err(Refusal::Malformed.into());
        }
        let owner = Owner {
            server: self.server_id(),
            account,
            account_pk: finish.account_pk,
            account_gen: 1,
        };
        let card = owner.first(&finish.card, caller.key(), cx.now_ms)?;
        let record = self
            .opaque
            .register_finish(&finish.opaque)
            .map_err(|_| Refusal::Malformed)?;
        if !self.is_lab() {
            self.charge(&[A_REGISTRATION], cx.now_ms)?;
        }

        let role = admit(admission, cx)?;
        let row = AccountRow::new(login, finish.account_pk, cx.now_ms)
            .with_profile(finish.profile)
            .with_role(role);
        cx.tx.insert_account(account, &row)?;
        let credential = CredentialRow {
            record: record.to_vec(),
            vault: finish.vault.into_vec(),
            changed_ms: cx.now_ms,
        };
        cx.tx.set_credential(account, &credential)?;
        let newest = CardRow {
            version: card.version,
            card: finish.card,
        };
        cx.tx.set_card(account, &newest)?;
        cx.tx
            .set_device(caller.device(), &DeviceRow::new(account))?;
        self.renew_membership(account, &row, cx)?;
        self.welcome(caller, account, cx)
    }

    fn admission(&self, code: Option<&str>, cx: &Context<'_>) -> Result<Admission, Stop> {
        let Some(code) = code else {
            return match self.policy.registration {
                Registration::Open => Ok(Admission::Everybody),
                Registration::Invite => Err(Refusal::InviteNeeded.into()),
            };
        };
        // Hashes are compared, so the time tells nothing of the code.
        let owner_code = cx.tx.owner_code()?;
        if owner_code
            .is_some_and(|owner| blake3::hash(owner.as_bytes()) == blake3::hash(code.as_bytes()))
        {
            return Ok(Admission::Owner);
        }
        match cx.tx.invite(code)? {
            Some(invite) if invite.uses_left > 0 && cx.now_ms < invite.until_ms => {
                Ok(Admission::Invited(code.to_owned()))
            }
            Some(_) | None => Err(Refusal::InviteNeeded.into()),
        }
    }
}

/// Uses the admission up.
fn admit(admission: Admission, cx: &mut Context<'_>) -> Result<Role, StoreError> {
    match admission {
        Admission::Everybody => Ok(Role::Member),
        Admission::Owner => {
            cx.tx.remove_owner_code()?;
            Ok(Role::Admin)
        }
        Admission::Invited(code) => {
            cx.tx.use_invite(&code)?;
            Ok(Role::Member)
        }
    }
}

const A_REGISTRATION: Charge = Charge {
    limit: Limit::Registrations,
    subject: Subject::Everybody,
    rate: Rate::per(REGISTRATIONS_A_DAY_MAX, DAY_MS),
};

fn registration_from(caller: &Caller) -> Vec<Charge> {
    let ip = caller.address();
    if ip.is_loopback() {
        return Vec::new();
    }
    vec![Charge {
        limit: Limit::RegistrationsPerIp,
        subject: Subject::Address(address(ip)),
        rate: Rate::per(REGISTRATIONS_PER_IP_AN_HOUR_MAX, HOUR_MS),
    }]
}
