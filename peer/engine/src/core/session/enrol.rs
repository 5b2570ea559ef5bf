//! This device in the account's card: the first card at a registration, one more device at a sign-in.
//!
//! The account's key exists only here, while a password has just been typed, and is wiped with the vault.

use super::Core;
use super::devices::Opened;
use super::entry::Goal;
use super::exchange::{Anew, Purpose, Step, Stop};
use crate::api::Failure;
use crate::api::command::Secret;
use crate::core::Context;
use crate::core::asks::Asked;
use crate::core::stretch::Exchange;
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{LABEL_BYTES_MAX, OWN_DEVICE_LIFETIME_MS, SEAT_LIFETIME_MS};
use hutong_common::opaque::{ExportKey, RegistrationClient, password_input};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::rpc::accounts::{Enrol, PasswordStart, RegisterFinish, SignedIn};
use hutong_common::signed::{Card, CardDevice, DeviceKind, Signed};
use hutong_common::vault::{Vault, open_vault};

impl Core {
    pub(super) fn register_finish(
        &mut self,
        anew: Anew,
        message: Vec<u8>,
        export: &ExportKey,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        // What is signed and sealed now follows what the lost key signed and sealed.
        let before = anew.after.map(|card| card.peek_unverified::<Card>());
        let before = before.transpose().map_err(|_| Refusal::Malformed)?;
        let (generation, version, seal_no) = before.map_or((0, 0, 0), |card| {
            (card.account_gen, card.version, card.seal_no)
        });
        let vault = Vault::generate_after(seal_no, cx.entropy);
        let sealed = self.sealed(&vault, export, cx)?;
        let account_key = vault.account_seed().key_pair();
        let now_ms = self.now_ms(cx);
        let card = Card {
            server_id: self.session.server_id().ok_or(Failure::NoServer)?,
            account_id: anew.account,
            account_pk: account_key.public(),
            account_gen: generation.saturating_add(1),
            version: now_ms.max(version.saturating_add(1)),
            seal_no: vault.current_seal().no,
            seal_pk: vault.current_seal().public(),
            devices: List::new(vec![self.this_device(now_ms)?])?,
            issued_ms: now_ms,
        };
        self.store_seals(vault.seal_seeds().cloned().collect(), cx)?;
        let goal = self.session.entry.as_ref().map(|entry| &entry.goal);
        let (profile, code) = match goal {
            Some(Goal::Register(profile, code)) => (profile, code.as_deref()),
            Some(Goal::Reset(profile, code)) => (profile, Some(code.as_str())),
            Some(Goal::SignIn | Goal::ChangePassword(_) | Goal::RemoveDevice(_) | Goal::Unlock)
            | None => return Ok(()),
        };
        let finish = RegisterFinish {
            profile: (**profile).clone(),
            opaque: Bytes::new(message)?,
            account_pk: account_key.public(),
            vault: Bytes::new(sealed)?,
            card: Signed::new(&card, &account_key),
            code: code.map(Text::new).transpose()?,
        };
        self.finish_with(Request::RegisterFinish(Box::new(finish)), cx);
        Ok(())
    }

    fn device_public(&self) -> Result<PublicKey, Failure> {
        let row = self.session.device.as_ref().ok_or(Failure::NotSignedIn)?;
        Ok(KeyPair::from_seed(row.seed).public())
    }

    fn this_device(&self, now_ms: u64) -> Result<CardDevice, Failure> {
        let entry = self.session.entry.as_ref().ok_or(Failure::TimedOut)?;
        let lifetime_ms = match entry.kind {
            DeviceKind::Own => OWN_DEVICE_LIFETIME_MS,
            DeviceKind::Seat => SEAT_LIFETIME_MS,
        };
        let mut label = self.config.device_label.clone();
        while label.len() > LABEL_BYTES_MAX {
            label.pop();
        }
        Ok(CardDevice {
            device_pk: self.device_public()?,
            label: Text::new(label).unwrap_or_default(),
            kind: entry.kind,
            added_ms: now_ms,
            until_ms: now_ms.saturating_add(lifetime_ms),
        })
    }

    pub(super) fn vault_opened(
        &mut self,
        signed_in: SignedIn,
        export: &ExportKey,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        let server = self.session.server_id().ok_or(Failure::NoServer)?;
        let entry = self.session.entry.as_ref().ok_or(Failure::TimedOut)?;
        let login = entry.login.as_str();
        let vault = open_vault(&signed_in.vault, export, server, login)
            .map_err(|_| Refusal::WrongLoginOrPassword)?;
        let account_key = vault.account_seed().key_pair();
        let card: Card = signed_in
            .card
            .verify(&account_key.public())
            .map_err(|_| Refusal::Malformed)?;
        if card.server_id != server || card.account_id != signed_in.account {
            return Err(Refusal::Malformed.into());
        }
        // What opens the account's mail is on disk before the account knows this device.
        let goal = entry.goal.clone();
        self.store_seals(vault.seal_seeds().cloned().collect(), cx)?;
        let opened = Opened {
            card,
            vault,
            now_ms: signed_in.now_ms,
            gone: signed_in.gone,
        };
        match goal {
            Goal::ChangePassword(new) => self.start_new_password(&new, opened, cx),
            Goal::RemoveDevice(device) => self.remove_device(device, opened, export, cx),
            Goal::Unlock => {
                self.own_card_changed(&signed_in.card, cx)?;
                self.unlocked(cx);
                Ok(())
            }
            Goal::Register(..) | Goal::Reset(..) | Goal::SignIn => self.enrol(&opened, cx),
        }
    }

    fn start_new_password(
        &mut self,
        new: &Secret,
        opened: Opened,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        let input = password_input(new.expose());
        let (client, message) = RegistrationClient::start(&input, self.config.stretch, cx.entropy)?;
        let exchange = Exchange::Registration(Box::new(client));
        let purpose = Purpose::ChangePassword(Box::new(opened.vault), opened.card.version);
        if let Some(entry) = &mut self.session.entry {
            entry.step = Step::Started(exchange, purpose);
        }
        let opaque = Bytes::new(message)?;
        let request = Request::PasswordStart(PasswordStart { opaque });
        self.ask(Asked::Entry, request, cx);
        Ok(())
    }

    /// Adds this device to the account's card, in the place of those that have ended or are gone.
    fn enrol(&mut self, opened: &Opened, cx: &mut Context<'_>) -> Result<(), Stop> {
        let (replaces, now_ms) = (opened.card.version, opened.now_ms);
        let mine = self.this_device(now_ms)?;
        if opened.card.live_device(&mine.device_pk, now_ms).is_some() {
            if let Some(entry) = &mut self.session.entry {
                entry.step = Step::Resuming;
            }
            return Ok(self.ask_resume(Asked::Entry, cx)?);
        }
        let mut devices = opened.remaining();
        devices.push(mine);
        let card = Card {
            devices: List::new(devices).map_err(|_| Refusal::TooManyDevices)?,
            version: now_ms.max(replaces.saturating_add(1)),
            issued_ms: now_ms,
            ..opened.card.clone()
        };
        let card = Signed::new(&card, &opened.vault.account_seed().key_pair());
        self.finish_with(Request::Enrol(Enrol { card, replaces }), cx);
        Ok(())
    }
}
