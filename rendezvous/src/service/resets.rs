//! A forgotten password: a one-time code lets its person register anew under the same login.
//!
//! Nobody can open the vault any more, so the account gets another key and the next generation: contacts are told. Number,
//! name, role and friends stay; every device goes, and mail that was sealed to the lost key is given up by the new one.

use super::accounts::NotDone;
use super::audit::AuditAct;
use super::caller::Registering;
use super::cards::Owner;
use super::devices::parsed;
use super::invites::draw;
use super::{Answer, Caller, Context, Outcome, Service, Stop, promised};
use crate::sessions::Recipient;
use crate::store::accounts::{AccountRow, CardRow, CredentialRow};
use crate::store::devices::DeviceRow;
use crate::store::invites::ResetRow;
use hutong_common::id::AccountId;
use hutong_common::identity;
use hutong_common::limits::RESET_CODE_LIFETIME_MS;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::{OpaqueBytes, RegisterFinish, ResetStart, ResetStarted};
use hutong_common::signed::{Card, Signed};

impl Service {
    /// A code with which the person of this account registers anew. It takes the place of an earlier one.
    ///
    /// # Errors
    /// When there is no such account, or the store fails.
    pub fn make_reset_code(&self, login: &Login, cx: &mut Context<'_>) -> Result<String, NotDone> {
        let account = cx.tx.account_of(login)?.ok_or(NotDone::NoAccount)?;
        let row = cx.tx.account(account)?.ok_or(NotDone::NoAccount)?;
        let code = draw(cx.entropy);
        let reset = ResetRow {
            code: hash(&code),
            until_ms: cx.now_ms.saturating_add(RESET_CODE_LIFETIME_MS),
        };
        cx.tx.set_reset(account, &reset)?;
        self.note_about((account, &row), (AuditAct::ResetCodeMade, ""), cx)?;
        Ok(code)
    }

    /// Whether the code is the account's. Without one, its login is simply taken.
    fn check_reset_code(account: AccountId, code: &str, cx: &Context<'_>) -> Result<(), Stop> {
        match cx.tx.reset(account)? {
            Some(reset) if reset.code == hash(code) => {
                if cx.now_ms < reset.until_ms {
                    Ok(())
                } else {
                    Err(Refusal::Expired.into())
                }
            }
            Some(_) | None => Err(Refusal::NameTaken.into()),
        }
    }

    pub(super) fn reset_start(
        &self,
        caller: &mut Caller,
        start: &ResetStart,
        cx: &mut Context<'_>,
    ) -> Answer {
        if cx.tx.device(caller.device())?.is_some() {
            return Err(Refusal::AlreadyDone.into());
        }
        let charges = self.guess(caller, &start.login);
        self.charge(&charges, cx.now_ms)?;
        let account = cx.tx.account_of(&start.login)?.ok_or(Refusal::NotFound)?;
        Self::check_reset_code(account, &start.code, cx)?;
        self.refund(&charges);
        let opaque = self
            .opaque
            .register_start(start.login.as_str(), &start.opaque)
            .map_err(|_| Refusal::Malformed)?;
        let card = promised(cx.tx.card(account)?, "cards")?.card;
        caller.registering = Some(Registering {
            login: start.login.clone(),
            account,
            is_reset: true,
        });
        Ok(Outcome::of(Reply::ResetStarted(Box::new(ResetStarted {
            account,
            opaque: OpaqueBytes::new(opaque).map_err(|_| Refusal::Malformed)?,
            card,
        }))))
    }

    pub(super) fn reset_finish(
        &self,
        caller: &mut Caller,
        account: AccountId,
        finish: RegisterFinish,
        cx: &mut Context<'_>,
    ) -> Answer {
        Self::check_reset_code(account, finish.code.as_deref().unwrap_or_default(), cx)?;
        let before = promised(cx.tx.account(account)?, "accounts")?;
        let old = parsed(&promised(cx.tx.card(account)?, "cards")?)?;
        let row = before.under_new_key(finish.account_pk);
        let card =
            self.first_of_next_generation(caller, (account, &row), (&finish.card, &old), cx)?;
        let record = self
            .opaque
            .register_finish(&finish.opaque)
            .map_err(|_| Refusal::Malformed)?;

        cx.tx.set_account(account, &row)?;
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
        let mut endings = Vec::new();
        for device in old.devices.iter().map(|device| device.id()) {
            let gone = DeviceRow {
                revoked: true,
                ..promised(cx.tx.device(device)?, "devices")?
            };
            cx.tx.set_device(device, &gone)?;
            endings.push(Recipient::Device(account, device));
        }
        cx.tx
            .set_device(caller.device(), &DeviceRow::new(account))?;
        cx.tx.remove_reset(account)?;
        cx.tx.lift_bar(account)?;
        self.renew_membership(account, &row, cx)?;
        let mut pushes = self.revoke_generation(account, card.version, cx)?;
        pushes.extend(self.contact_changed(account, cx.tx)?);
        self.note_about((account, &row), (AuditAct::Reset, ""), cx)?;
        let mut outcome = self.welcome(caller, account, cx)?;
        outcome.pushes.extend(pushes);
        outcome.endings.extend(endings);
        Ok(outcome)
    }

    /// The card of the new key: its numbers go on where those of the lost one ended, so that nothing old passes for new.
    fn first_of_next_generation(
        &self,
        caller: &Caller,
        (account, row): (AccountId, &AccountRow),
        (signed, old): (&Signed, &Card),
        cx: &Context<'_>,
    ) -> Result<Card, Refusal> {
        if identity::is_weak(&row.account_pk) || row.account_pk == old.account_pk {
            return Err(Refusal::Malformed);
        }
        let owner = Owner {
            server: self.server_id(),
            account,
            account_pk: row.account_pk,
            account_gen: row.account_gen,
        };
        let card = owner.first(signed, caller.key(), cx.now_ms)?;
        if card.version <= old.version {
            return Err(Refusal::Conflict);
        }
        if Some(card.seal_no) == old.seal_no.checked_add(1) {
            Ok(card)
        } else {
            Err(Refusal::Malformed)
        }
    }
}

fn hash(code: &str) -> [u8; 32] {
    *blake3::hash(code.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use hutong_common::bounded::{Bytes, Text};
    use hutong_common::opaque::{RegistrationClient, Stretch, password_input};
    use hutong_common::rpc::Request;

    fn start(scene: &mut Scene, login: &str, code: &str) -> Request {
        let (_, message) = RegistrationClient::start(
            &password_input("battery staple"),
            Stretch::Identity,
            &mut scene.entropy,
        )
        .unwrap();
        Request::ResetStart(ResetStart {
            login: Login::new(login).unwrap(),
            opaque: Bytes::new(message).unwrap(),
            code: Text::new(code).unwrap(),
        })
    }

    #[test]
    fn only_the_newest_code_of_this_account_begins_a_reset_and_only_in_time() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        scene.register("mei");
        let code = |scene: &mut Scene, login: &str| {
            let login = Login::new(login).unwrap();
            let made = scene.with(|service, cx| service.make_reset_code(&login, cx));
            made.unwrap()
        };
        let earlier = code(&mut scene, "lin");
        let (lins, meis) = (code(&mut scene, "lin"), code(&mut scene, "mei"));
        let ask = |scene: &mut Scene, code: &str| {
            let mut stranger = scene.new_device("mei");
            let start = start(scene, "lin", code);
            scene.ask(&mut stranger, start)
        };
        for wrong in ["", "guess", &earlier, &meis] {
            assert_eq!(ask(&mut scene, wrong), Err(Refusal::NameTaken), "{wrong}");
        }
        let Ok(Reply::ResetStarted(started)) = ask(&mut scene, &lins) else {
            panic!("the code is right");
        };
        assert_eq!(started.account, lin.account);
        scene.now_ms += RESET_CODE_LIFETIME_MS;
        assert_eq!(ask(&mut scene, &lins), Err(Refusal::Expired));
    }
}
