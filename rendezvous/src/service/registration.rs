//! Registration: a login, an account number set aside, and then everything of the account at once.

use super::accounts::RoleName;
use super::audit::AuditAct;
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
use hutong_common::limits::{ACCOUNT_ID_FIRST, DAY_MS, HOUR_MS};
use hutong_common::name::{DisplayName, Login};
use hutong_common::refusal::Refusal;
use hutong_common::role_words::are_reserved;
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

impl Admission {
    /// Only an owner may be called like a teacher from the first day.
    fn allows(&self, login: &Login, name: &DisplayName) -> Result<(), Refusal> {
        let is_owner = matches!(self, Self::Owner);
        let is_free = is_owner || !are_reserved(login, name);
        is_free.then_some(()).ok_or(Refusal::NameReserved)
    }
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
        self.charge(&self.registration_from(caller), cx.now_ms)?;
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
            is_reset: false,
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
        if let Some(device) = cx.tx.device(caller.device())? {
            return self.register_again(caller, (&device, &finish), cx);
        }
        self.takes_new_data()?;
        let begun = caller.registering.as_ref().ok_or(Refusal::Malformed)?;
        let (login, account) = (begun.login.clone(), begun.account);
        if begun.is_reset {
            return self.reset_finish(caller, account, finish, cx);
        }
        if cx.tx.account_of(&login)?.is_some() {
            return Err(Refusal::NameTaken.into());
        }
        let admission = self.admission(&login, &finish, cx)?;
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
            self.charge(&[self.a_registration()], cx.now_ms)?;
        }
        let role = admit(admission, cx)?;
        let row = AccountRow::new(login, finish.account_pk, cx.now_ms)
            .with_profile(finish.profile)
            .with_role(role);
        cx.tx.insert_account(account, &row)?;
        let noted = (AuditAct::Registered, RoleName::from(role).name());
        self.note_about((account, &row), noted, cx)?;
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
        let pushes = self.enter_everybody((account, &row), cx)?;
        let mut welcomed = self.welcome(caller, account, cx)?;
        welcomed.pushes.extend(pushes);
        Ok(welcomed)
    }

    /// The same device again, after a crash between commit and answer.
    fn register_again(
        &self,
        caller: &mut Caller,
        (device, finish): (&DeviceRow, &RegisterFinish),
        cx: &mut Context<'_>,
    ) -> Answer {
        Self::check_bar(device.account, cx.tx)?;
        match cx.tx.card(device.account)? {
            Some(row) if row.card == finish.card && !device.revoked => {
                self.welcome(caller, device.account, cx)
            }
            Some(_) | None => Err(Refusal::AlreadyDone.into()),
        }
    }

    const fn a_registration(&self) -> Charge {
        let limits = self.policy.profile.limits();
        Charge {
            limit: Limit::Registrations,
            subject: Subject::Everybody,
            rate: Rate::per(limits.registrations_a_day, DAY_MS),
        }
    }

    fn registration_from(&self, caller: &Caller) -> Vec<Charge> {
        let ip = caller.address();
        if ip.is_loopback() {
            return Vec::new();
        }
        let limits = self.policy.profile.limits();
        vec![Charge {
            limit: Limit::RegistrationsPerIp,
            subject: Subject::Address(address(ip)),
            rate: Rate::per(limits.registrations_per_ip_an_hour, HOUR_MS),
        }]
    }

    fn admission(
        &self,
        login: &Login,
        finish: &RegisterFinish,
        cx: &Context<'_>,
    ) -> Result<Admission, Stop> {
        let admission = self.admission_by(finish.code.as_deref(), cx)?;
        admission.allows(login, &finish.profile.name)?;
        Ok(admission)
    }

    fn admission_by(&self, code: Option<&str>, cx: &Context<'_>) -> Result<Admission, Stop> {
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

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, welcome};
    use crate::policy::{Policy, Registration};
    use crate::service::Service;
    use hutong_common::id::AccountId;
    use hutong_common::limits::DAY_MS;
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::accounts::Welcome;
    use hutong_common::signed::{DeviceKind, Membership, Role};

    const OWN: DeviceKind = DeviceKind::Own;

    fn role(scene: &Scene, welcome: &Welcome) -> Role {
        let server = scene.service.server_id().public_key();
        let membership: Membership = welcome.membership.verify(&server).unwrap();
        membership.role
    }

    #[test]
    fn accounts_are_numbered_from_10001() {
        let mut scene = Scene::new();
        assert_eq!(scene.register("lin").account, AccountId(10_001));
        assert_eq!(scene.register("mei").account, AccountId(10_002));
        let mut scene = scene.restart();
        assert_eq!(scene.register("bo").account, AccountId(10_003));
    }

    #[test]
    fn two_registrations_under_way_get_two_numbers() {
        let mut scene = Scene::new();
        let (one, _) = scene.begin_registration("lin", (OWN, None)).unwrap();
        let (other, _) = scene.begin_registration("mei", (OWN, None)).unwrap();
        assert_ne!(one.account, other.account);
    }

    #[test]
    fn a_taken_name_is_refused_at_the_start_and_at_the_finish() {
        let mut scene = Scene::new();
        let (mut late, finish) = scene.begin_registration("lin", (OWN, None)).unwrap();
        scene.register("lin");
        assert_eq!(scene.ask(&mut late, finish), Err(Refusal::NameTaken));
        let again = scene.try_register("lin", (OWN, None)).map(drop);
        assert_eq!(again, Err(Refusal::NameTaken));
    }

    #[test]
    fn a_registration_sent_again_after_a_crash_is_welcome() {
        let mut scene = Scene::new();
        let (mut lin, finish) = scene.begin_registration("lin", (OWN, None)).unwrap();
        welcome(scene.ask(&mut lin, finish.clone())).unwrap();
        let mut scene = scene.restart();
        scene.reconnect(&mut lin);
        let again = welcome(scene.ask(&mut lin, finish)).unwrap();
        assert_eq!(again.account, lin.account);
    }

    #[test]
    fn a_registration_that_was_not_committed_never_happened() {
        let mut scene = Scene::new();
        let (mut lin, finish) = scene.begin_registration("lin", (OWN, None)).unwrap();
        assert!(scene.ask_and_die(&mut lin, finish).reply.is_ok());
        let mut scene = scene.restart();
        assert_eq!(scene.resume(&mut lin), Err(Refusal::NotSignedIn));
        assert_eq!(scene.register("lin").account, AccountId(10_001));
    }

    #[test]
    fn a_device_with_an_account_registers_no_other() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let (_, finish) = scene.begin_registration("mei", (OWN, None)).unwrap();
        scene.reconnect(&mut lin);
        assert_eq!(scene.ask(&mut lin, finish), Err(Refusal::AlreadyDone));
    }

    #[test]
    fn the_owner_code_makes_one_admin() {
        let mut scene = Scene::new();
        let code = scene.with(|_, cx| Service::owner_code(cx.tx)).unwrap();
        let code = code.unwrap();
        let (_, first) = scene.try_register("lin", (OWN, Some(&code))).unwrap();
        assert_eq!(role(&scene, &first), Role::Admin);
        let second = scene.try_register("mei", (OWN, Some(&code))).map(drop);
        assert_eq!(second, Err(Refusal::InviteNeeded));
        let mut scene = scene.restart();
        assert_eq!(
            scene.with(|_, cx| Service::owner_code(cx.tx)).unwrap(),
            None
        );
    }

    #[test]
    fn by_policy_an_invitation_is_needed_and_is_used_up() {
        let mut scene = Scene::with_policy(Policy {
            registration: Registration::Invite,
            ..Policy::default()
        });
        let uninvited = scene.try_register("lin", (OWN, None)).map(drop);
        assert_eq!(uninvited, Err(Refusal::InviteNeeded));
        let code = scene
            .with(|_, cx| Service::make_invite(1, DAY_MS, cx))
            .unwrap();
        let (_, invited) = scene.try_register("lin", (OWN, Some(&code))).unwrap();
        assert_eq!(role(&scene, &invited), Role::Member);
        let used = scene.try_register("mei", (OWN, Some(&code))).map(drop);
        assert_eq!(used, Err(Refusal::InviteNeeded));
        let old = scene
            .with(|_, cx| Service::make_invite(5, DAY_MS, cx))
            .unwrap();
        scene.days_pass(1);
        let late = scene.try_register("mei", (OWN, Some(&old))).map(drop);
        assert_eq!(late, Err(Refusal::InviteNeeded));
    }

    #[test]
    fn while_space_is_low_nobody_registers() {
        let mut scene = Scene::new();
        scene.service.set_space_low(true);
        let refused = scene.try_register("lin", (OWN, None)).map(drop);
        assert_eq!(refused, Err(Refusal::ServerFull));
    }
}
