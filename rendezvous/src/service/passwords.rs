//! Passwords without ever seeing one: the two halves of a sign-in and of a password change.
//!
//! A start counts as a wrong guess until its finish proves the password. A login that does not exist is answered like
//! any other, and no proof will pass.

use super::caller::SigningIn;
use super::devices::{parsed, revoked_devices};
use super::limiter::{Charge, Limit, Rate, Subject, address};
use super::{Answer, Caller, Context, Outcome, Service, Stop, promised};
use crate::store::accounts::CredentialRow;
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::{GUESSES_PER_LOGIN_AN_HOUR_MAX, HOUR_MS, MINUTE_MS};
use hutong_common::name::Login;
use hutong_common::opaque::{Parties, RECORD_BYTES, SignInAttempt};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::{
    OpaqueBytes, PasswordFinish, PasswordStart, PasswordStarted, SignInFinish, SignInStart,
    SignInStarted, SignedIn as SignedInReply, VaultBytes,
};

impl Service {
    pub(super) fn sign_in_start(
        &self,
        caller: &mut Caller,
        start: SignInStart,
        cx: &mut Context<'_>,
    ) -> Answer {
        let charges = self.guess(caller, &start.login);
        if let Err(too_fast) = self.charge(&charges, cx.now_ms) {
            self.note_refusal(&start.login, caller.address(), cx)?;
            return Err(too_fast.into());
        }
        let account = cx.tx.account_of(&start.login)?;
        let credential = match account {
            Some(account) => cx.tx.credential(account)?,
            None => None,
        };
        let record: Option<&[u8; RECORD_BYTES]> = credential
            .as_ref()
            .and_then(|row| row.record.as_slice().try_into().ok());
        let parties = Parties {
            login: start.login.as_str(),
            server: self.server_id(),
        };
        let attempt = SignInAttempt {
            message: &start.opaque,
            exporter: &caller.exporters().opaque,
        };
        let (state, answer) = self
            .opaque
            .sign_in_start(parties, record, attempt, cx.entropy)
            .map_err(|_| Refusal::Malformed)?;
        caller.signing_in = Some(SigningIn {
            account,
            state,
            charges,
            record: credential.as_ref().map_or([0; 32], CredentialRow::hash),
        });
        Ok(Outcome::of(Reply::SignInStarted(SignInStarted {
            opaque: OpaqueBytes::new(answer).map_err(|_| Refusal::Malformed)?,
        })))
    }

    pub(super) fn sign_in_finish(
        &self,
        caller: &mut Caller,
        finish: &SignInFinish,
        cx: &mut Context<'_>,
    ) -> Answer {
        let attempt = caller.signing_in.take().ok_or(Refusal::Malformed)?;
        let proved = self.opaque.sign_in_finish(attempt.state, &finish.opaque);
        let (Ok(()), Some(account)) = (proved, attempt.account) else {
            return Err(Refusal::WrongLoginOrPassword.into());
        };
        if caller.session().is_some_and(|own| own.account != account) {
            return Err(Refusal::NotAllowed.into());
        }
        self.refund(&attempt.charges);
        Self::check_bar(account, cx.tx)?;
        let credential = promised(cx.tx.credential(account)?, "credentials")?;
        let card = promised(cx.tx.card(account)?, "cards")?;
        let gone = revoked_devices(cx.tx, &parsed(&card)?)?;
        caller.prove_password(account, attempt.record, cx.now_ms);
        Ok(Outcome::of(Reply::SignedIn(Box::new(SignedInReply {
            account,
            vault: VaultBytes::new(credential.vault).map_err(|_| Refusal::TooLarge)?,
            card: card.card,
            now_ms: cx.now_ms,
            gone: List::truncated(gone),
        }))))
    }

    pub(super) fn password_start(
        &self,
        caller: &Caller,
        start: &PasswordStart,
        cx: &mut Context<'_>,
    ) -> Answer {
        let own = caller.signed_in()?;
        Self::proved(caller, cx)?;
        let account = promised(cx.tx.account(own.account)?, "accounts")?;
        let opaque = self
            .opaque
            .register_start(account.login.as_str(), &start.opaque)
            .map_err(|_| Refusal::Malformed)?;
        Ok(Outcome::of(Reply::PasswordStarted(PasswordStarted {
            opaque: OpaqueBytes::new(opaque).map_err(|_| Refusal::Malformed)?,
        })))
    }

    pub(super) fn password_finish(
        &self,
        caller: &Caller,
        finish: &PasswordFinish,
        cx: &mut Context<'_>,
    ) -> Answer {
        let own = caller.signed_in()?;
        Self::proved(caller, cx)?;
        let card = promised(cx.tx.card(own.account)?, "cards")?;
        if card.version != finish.card_version {
            return Err(Refusal::Conflict.into());
        }
        let record = self
            .opaque
            .register_finish(&finish.opaque)
            .map_err(|_| Refusal::Malformed)?;

        let credential = CredentialRow {
            record: record.to_vec(),
            vault: finish.vault.to_vec(),
            changed_ms: cx.now_ms,
        };
        cx.tx.set_credential(own.account, &credential)?;
        Ok(Outcome::done())
    }

    /// The account whose password was proved here a short while ago, if that is its password still, and what proves it:
    /// whoever changes the password shuts out everybody who proved the old one.
    pub(super) fn proved(
        caller: &Caller,
        cx: &Context<'_>,
    ) -> Result<(AccountId, CredentialRow), Stop> {
        let (account, record) = caller.proved(cx.now_ms)?;
        let credential = promised(cx.tx.credential(account)?, "credentials")?;
        if credential.hash() == record {
            Ok((account, credential))
        } else {
            Err(Refusal::PasswordNeeded.into())
        }
    }

    /// What one guess counts against. Per login whether it exists or not, so that the limit tells nothing.
    pub(super) fn guess(&self, caller: &Caller, login: &Login) -> Vec<Charge> {
        let ip = caller.address();
        let (login, from) = (login_hash(login), address(ip));
        let limits = self.policy.profile.limits();
        let mut charges = Vec::new();
        if limits.slows_accounts {
            charges.push(Charge {
                limit: Limit::GuessesPerLogin,
                subject: Subject::Login(login),
                rate: Rate::per(GUESSES_PER_LOGIN_AN_HOUR_MAX, HOUR_MS),
            });
        }
        if !ip.is_loopback() {
            let at = Subject::LoginAt(login, from);
            charges.extend([
                Charge {
                    limit: Limit::GuessesPerLoginAndIpAMinute,
                    subject: at,
                    rate: Rate::per(limits.guesses_per_login_and_ip_a_minute, MINUTE_MS),
                },
                Charge {
                    limit: Limit::GuessesPerLoginAndIpAnHour,
                    subject: at,
                    rate: Rate::per(limits.guesses_per_login_and_ip_an_hour, HOUR_MS),
                },
                Charge {
                    limit: Limit::GuessesPerIp,
                    subject: Subject::Address(from),
                    rate: Rate::per(limits.guesses_per_ip_a_minute, MINUTE_MS),
                },
            ]);
        }
        charges
    }
}

fn login_hash(login: &Login) -> u64 {
    let hash = blake3::hash(login.as_str().as_bytes());
    hash.as_bytes()
        .first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::super::scene::{PASSWORD, Scene};
    use hutong_common::bounded::Bytes;
    use hutong_common::limits::{GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX, MINUTE_MS};
    use hutong_common::name::Login;
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::accounts::{PasswordFinish, PasswordStart};
    use hutong_common::rpc::{Reply, Request};
    use hutong_common::signed::DeviceKind;

    #[test]
    fn a_wrong_password_and_an_unknown_login_are_answered_alike() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.reconnect(&mut lin);
        let wrong = scene.prove_password(&mut lin, "battery staple").map(drop);
        lin.login = Login::new("nobody").unwrap();
        let unknown = scene.prove_password(&mut lin, PASSWORD).map(drop);
        assert_eq!(wrong, Err(Refusal::WrongLoginOrPassword));
        assert_eq!(unknown, wrong);
    }

    #[test]
    fn guesses_from_one_address_are_slowed_down_and_right_ones_are_not_counted() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.connect_from("10.0.0.9:40000");
        let mut prove = |scene: &mut Scene, password| {
            scene.reconnect(&mut lin);
            scene.prove_password(&mut lin, password).map(drop)
        };
        for _ in 0..2 * GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX {
            assert_eq!(prove(&mut scene, PASSWORD), Ok(()));
        }
        for _ in 0..GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX {
            let wrong = prove(&mut scene, "battery staple");
            assert_eq!(wrong, Err(Refusal::WrongLoginOrPassword));
        }
        assert!(matches!(
            prove(&mut scene, PASSWORD),
            Err(Refusal::TooFast { .. })
        ));
        scene.connect_from("10.0.0.10:40000");
        assert_eq!(prove(&mut scene, PASSWORD), Ok(()));
        scene.now_ms += MINUTE_MS;
        scene.connect_from("10.0.0.9:40000");
        assert_eq!(prove(&mut scene, PASSWORD), Ok(()));
    }

    #[test]
    fn a_password_is_changed_only_after_the_old_one_was_proved() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let unproved = scene.new_password(&mut lin, "battery staple").map(drop);
        assert_eq!(unproved, Err(Refusal::PasswordNeeded));
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        lin.card.version -= 1;
        let stale = scene.new_password(&mut lin, "battery staple").unwrap();
        assert_eq!(scene.ask(&mut lin, stale), Err(Refusal::Conflict));
        lin.card.version += 1;
        let finish = scene.new_password(&mut lin, "battery staple").unwrap();
        assert_eq!(scene.ask(&mut lin, finish), Ok(Reply::Done));
        let old = scene.prove_password(&mut lin, PASSWORD).map(drop);
        assert_eq!(old, Err(Refusal::WrongLoginOrPassword));
        assert!(scene.prove_password(&mut lin, "battery staple").is_ok());
    }

    /// A thief with Lin's laptop, and an account of his own, proved his own password on a connection under Lin's
    /// device key, resumed Lin's session there, and could then replace Lin's password and vault.
    #[test]
    fn the_password_of_another_account_changes_nothing_of_ones_own() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        scene.register("thief");
        let mut laptop = scene.twin(&lin);
        laptop.login = Login::new("thief").unwrap();
        scene.prove_password(&mut laptop, PASSWORD).unwrap();
        let resumed = scene.ask(&mut laptop, Request::Resume { n: 1 });
        assert!(matches!(resumed, Ok(Reply::Welcome(_))));
        let start = PasswordStart {
            opaque: Bytes::default(),
        };
        let finish = PasswordFinish {
            opaque: Bytes::default(),
            vault: Bytes::default(),
            card_version: lin.card.version,
        };
        for request in [
            Request::PasswordStart(start),
            Request::PasswordFinish(finish),
        ] {
            let refused = scene.ask(&mut laptop, request);
            assert_eq!(refused, Err(Refusal::PasswordNeeded));
        }
    }

    /// Somebody who watched the old password being typed proves it, waits for the change, and takes the account all the same.
    #[test]
    fn a_new_password_shuts_out_whoever_proved_the_old_one() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let mut thief = scene.new_device("lin");
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let finish = scene.new_password(&mut lin, "battery staple").unwrap();
        assert_eq!(scene.ask(&mut lin, finish.clone()), Ok(Reply::Done));
        assert_eq!(scene.ask(&mut lin, finish), Err(Refusal::PasswordNeeded));
        let enrol = scene.enrolment(&thief, DeviceKind::Own);
        assert_eq!(scene.ask(&mut thief, enrol), Err(Refusal::PasswordNeeded));
        let remove = scene.removal(&mut thief, lin.caller.device());
        assert_eq!(scene.ask(&mut thief, remove), Err(Refusal::PasswordNeeded));
    }

    #[test]
    fn the_proof_of_a_password_ages() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        scene.now_ms += 6 * MINUTE_MS;
        let start = Request::PasswordStart(PasswordStart {
            opaque: Bytes::default(),
        });
        assert_eq!(scene.ask(&mut lin, start), Err(Refusal::PasswordNeeded));
    }
}
