//! The account's devices as this one sees them: listing them, removing one, and the seal keys that follow from it.
//!
//! A removal makes a new seal key. The device that removes has it; the others keep their mail waiting at the rendezvous
//! until the password is typed there ([`Core::unlock`]). What was removed learns it from the list of revocations.

use super::Core;
use super::entry::Goal;
use super::exchange::{Step, Stop};
use crate::api::command::Secret;
use crate::api::done::Device;
use crate::api::event::{Event, WarningCode};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::CommandId;
use crate::store::StoreError;
use crate::store::home::{ACCOUNT, LOCKED, LockedRow};
use hutong_common::bounded::{Bytes, List};
use hutong_common::id::DeviceId;
use hutong_common::opaque::ExportKey;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{DeviceList, RemoveDevice};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{Card, CardDevice, DeviceKind, Signed};
use hutong_common::vault::{SealSeed, Vault};

/// What a password opened: the newest card, checked, and the account's secrets.
pub(super) struct Opened {
    pub(super) card: Card,
    pub(super) vault: Vault,
    /// Time at the rendezvous.
    pub(super) now_ms: u64,
    /// Devices of the card that count no longer.
    pub(super) gone: List<DeviceId, { hutong_common::limits::DEVICES_MAX }>,
}

impl Opened {
    /// The devices that belong into the next card.
    pub(super) fn remaining(&self) -> Vec<CardDevice> {
        let counts =
            |device: &&CardDevice| device.is_live(self.now_ms) && !self.gone.contains(&device.id());
        self.card.devices.iter().filter(counts).cloned().collect()
    }
}

/// What becomes ours once the rendezvous has taken it.
#[derive(Debug)]
pub(in crate::core) struct Rotated {
    card: Signed,
    seals: Vec<SealSeed>,
}

impl Core {
    /// `devices`.
    pub(in crate::core) fn devices(
        &mut self,
        command: CommandId,
        (remove, password): (Option<DeviceId>, Option<Secret>),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match (remove, password) {
            (None, _) => self.ask_signed_in(Asked::Devices(command), Request::Devices, cx),
            (Some(device), Some(password)) => {
                if self.session.my_device() == Some(device) {
                    cx.answer(command, Err(Failure::ThisDevice));
                    return Ok(());
                }
                let goal = Goal::RemoveDevice(device);
                self.begin_own_entry(command, (password, goal), cx)
            }
            (Some(_), None) => {
                cx.answer(command, Err(Refusal::PasswordNeeded.into()));
                Ok(())
            }
        }
    }

    pub(in crate::core) fn devices_listed(
        &self,
        command: CommandId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let listed = match outcome {
            Ok(Reply::Devices(list)) => self.device_list(&list),
            Ok(_) => Err(Setback::Nonsense.into()),
            Err(setback) => Err(setback.into()),
        };
        cx.answer(command, listed);
    }

    fn device_list(&self, list: &DeviceList) -> Result<Done, Failure> {
        let card = self.own_card(&list.card).ok_or(Refusal::Malformed)?;
        let me = self.session.my_device();
        let devices = card.devices.iter().map(|device| Device {
            device: device.id(),
            label: device.label.to_string(),
            kind: match device.kind {
                DeviceKind::Own => "own",
                DeviceKind::Seat => "seat",
            },
            added_ms: device.added_ms,
            until_ms: device.until_ms,
            this: Some(device.id()) == me,
            gone: !device.is_live(list.now_ms) || list.gone.contains(&device.id()),
        });
        Ok(Done::Devices {
            devices: devices.collect(),
        })
    }

    /// A card of our own account, if it is signed by it.
    fn own_card(&self, card: &Signed) -> Option<Card> {
        let row = self.session.account.as_ref()?;
        let (membership, _) = row.proof()?;
        let card: Card = card.verify(&membership.account_pk).ok()?;
        let is_ours = Some(card.server_id) == self.session.server_id()
            && card.account_id == row.account
            && card.account_gen == membership.account_gen;
        is_ours.then_some(card)
    }

    /// Signs the card without the device and with the next seal key, and hands both in.
    pub(super) fn remove_device(
        &mut self,
        device: DeviceId,
        mut opened: Opened,
        export: &ExportKey,
        cx: &mut Context<'_>,
    ) -> Result<(), Stop> {
        let seal = opened.vault.current_seal();
        if (seal.no, seal.public()) != (opened.card.seal_no, opened.card.seal_pk) {
            return Err(Refusal::Malformed.into());
        }
        if !opened.card.devices.iter().any(|known| known.id() == device) {
            return Err(Failure::NoSuchDevice.into());
        }
        let mut devices = opened.remaining();
        devices.retain(|kept| kept.id() != device);
        opened.vault.rotate_seal(cx.entropy);
        let seal = opened.vault.current_seal();
        let replaces = opened.card.version;
        let card = Card {
            version: opened.now_ms.max(replaces.saturating_add(1)),
            seal_no: seal.no,
            seal_pk: seal.public(),
            devices: List::new(devices)?,
            issued_ms: opened.now_ms,
            ..opened.card
        };
        let sealed = self.sealed(&opened.vault, export, cx)?;
        let card = Signed::new(&card, &opened.vault.account_seed().key_pair());
        let rotated = Rotated {
            card: card.clone(),
            seals: opened.vault.seal_seeds().cloned().collect(),
        };
        if let Some(entry) = &mut self.session.entry {
            entry.step = Step::Removing(Box::new(rotated));
        }
        let request = Request::RemoveDevice(Box::new(RemoveDevice {
            device,
            card,
            replaces,
            vault: Bytes::new(sealed)?,
        }));
        self.ask(Asked::Entry, request, cx);
        Ok(())
    }

    /// The rendezvous has taken the card: mail is sealed to the new key from now on.
    pub(super) fn device_removed(
        &mut self,
        rotated: Rotated,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.store_seals(rotated.seals, cx)?;
        self.own_card_changed(&rotated.card, cx)?;
        self.finish_entry(Done::Plain {}, cx)?;
        // Perhaps mail to the new key overtook the answer.
        self.fetch_mail_again(None, cx);
        Ok(())
    }

    /// `unlock`.
    pub(in crate::core) fn unlock(
        &mut self,
        command: CommandId,
        password: Secret,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.begin_own_entry(command, (password, Goal::Unlock), cx)
    }

    /// The seal keys are here: the command is answered when the mail that waited for them is, too.
    pub(super) fn unlocked(&mut self, cx: &mut Context<'_>) {
        let command = self.session.entry.take().map(|entry| entry.command);
        self.fetch_mail_again(command, cx);
    }

    /// Keeps what opens the account's mail; never less than before.
    pub(super) fn store_seals(
        &mut self,
        seals: Vec<SealSeed>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let newest = |seals: &[SealSeed]| seals.iter().map(|seal| seal.no).max();
        let Some(mut row) = self.session.device.clone() else {
            return Ok(());
        };
        if newest(&row.seals) > newest(&seals) {
            tracing::warn!("the vault is older than this device");
            return Ok(());
        }
        row.seals = seals;
        self.session.save_device(Some(row), cx.tx)?;
        self.look_for_locked_mail(cx)
    }

    /// A card of the own account, told by the rendezvous: only a newer one counts.
    pub(super) fn own_card_changed(
        &mut self,
        signed: &Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(card) = self.own_card(signed) else {
            tracing::warn!("a card of the own account does not hold");
            return Ok(());
        };
        let known = self.session.account.as_ref().and_then(|row| row.proof());
        if known.is_some_and(|(_, known)| known.version >= card.version) {
            return Ok(());
        }
        if let Some(row) = &mut self.session.account {
            row.change(|row| row.card = signed.clone());
            cx.tx.set_single(ACCOUNT, &**row)?;
        }
        self.show_card(signed, cx);
        self.look_for_locked_mail(cx)
    }

    /// Notes since when mail is sealed to a key that is not here, and tells it once in each run; forgets it when the key is.
    pub(super) fn look_for_locked_mail(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let card = self.session.me().map(|row| &row.card);
        let Some(card) = card.and_then(|card| card.peek_unverified::<Card>().ok()) else {
            return Ok(());
        };
        let opens = |seal: &SealSeed| (seal.no, seal.public()) == (card.seal_no, card.seal_pk);
        if self.session.seals().iter().any(opens) {
            self.session.locked = None;
            return cx.tx.remove_single(LOCKED);
        }
        let locked = *self.session.locked.get_or_insert(LockedRow {
            since_ms: card.issued_ms,
        });
        cx.tx.set_single(LOCKED, &locked)?;
        if self.session.told_locked.replace(card.seal_no) != Some(card.seal_no) {
            cx.event(Event::Warning {
                code: WarningCode::MailLocked,
                text: "mail is sealed to a key that is not here".to_owned(),
                who: None,
                since_ms: Some(locked.since_ms),
            });
        }
        Ok(())
    }
}
