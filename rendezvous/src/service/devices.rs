//! Devices of an account: a new one enrols, a known one resumes, and one that signs out or is removed is gone for good.

use super::audit::AuditAct;
use super::cards::Owner;
use super::limiter::{Charge, Limit, Rate, Subject};
use super::{Addressed, Answer, Caller, Context, Outcome, Service, SignedIn, promised};
use crate::sessions::Recipient;
use crate::store::accounts::{CardRow, CredentialRow};
use crate::store::devices::DeviceRow;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::List;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{DEVICE_REMOVALS_AN_HOUR_MAX, ENROLMENTS_AN_HOUR_MAX, HOUR_MS};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::{DeviceList, Enrol, RemoveDevice};
use hutong_common::signed::{Card, DeviceKind, Signed, SignedError};

impl Service {
    pub(super) fn enrol(&self, caller: &mut Caller, enrol: Enrol, cx: &mut Context<'_>) -> Answer {
        let (account, _) = Self::proved(caller, cx)?;
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
        let owner = self.owner(account, cx.tx)?;
        let before = parsed(&stored)?;
        let revoked = revoked_devices(cx.tx, &before)?;
        let state = (&before, revoked.as_slice(), cx.now_ms);
        let card = owner.adding(&enrol.card, caller.key(), state)?;
        if !self.is_lab() {
            self.charge(&[an_enrolment(account)], cx.now_ms)?;
        }

        let newest = CardRow {
            version: card.version,
            card: enrol.card,
        };
        cx.tx.set_card(account, &newest)?;
        cx.tx
            .set_device(caller.device(), &DeviceRow::new(account))?;
        self.refresh_membership(account, &row, cx)?;
        let changed = self.card_changed((account, caller.device()), newest.card, cx)?;
        let mut outcome = self.welcome(caller, account, cx)?;
        outcome.pushes.extend(changed);
        Ok(outcome)
    }

    /// Whom a new card concerns: the contacts, and the other devices of the account.
    fn card_changed(
        &self,
        (account, by): (AccountId, DeviceId),
        card: Signed,
        cx: &Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut pushes = self.contact_changed(account, cx.tx)?;
        pushes.push((Recipient::OtherDevices(account, by), Push::OwnCard(card)));
        Ok(pushes)
    }

    pub(super) fn devices(own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let stored = promised(cx.tx.card(own.account)?, "cards")?;
        let gone = revoked_devices(cx.tx, &parsed(&stored)?)?;
        Ok(Outcome::of(Reply::Devices(Box::new(DeviceList {
            card: stored.card,
            now_ms: cx.now_ms,
            gone: List::truncated(gone),
        }))))
    }

    /// Another device leaves the account for good. The password allows it, also on a connection that is about to enrol: all
    /// computers of the account may be lost.
    pub(super) fn remove_own_device(
        &self,
        caller: &Caller,
        remove: RemoveDevice,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (account, credential) = Self::proved(caller, cx)?;
        if remove.device == caller.device() {
            return Err(Refusal::NotAllowed.into());
        }
        let stored = promised(cx.tx.card(account)?, "cards")?;
        if stored.version != remove.replaces {
            return Err(Refusal::Conflict.into());
        }
        let before = parsed(&stored)?;
        let ends = before.devices.iter().find(|d| d.id() == remove.device);
        let until_ms = ends.ok_or(Refusal::NotFound)?.until_ms;
        let owner = self.owner(account, cx.tx)?;
        let revoked = revoked_devices(cx.tx, &before)?;
        let state = (&before, revoked.as_slice(), cx.now_ms);
        let card = owner.removing(&remove.card, remove.device, state)?;
        let device = promised(cx.tx.device(remove.device)?, "devices")?;
        if !self.is_lab() {
            self.charge(&[a_removal(account)], cx.now_ms)?;
        }

        let newest = CardRow {
            version: card.version,
            card: remove.card,
        };
        cx.tx.set_card(account, &newest)?;
        let credential = CredentialRow {
            vault: remove.vault.into_vec(),
            ..credential
        };
        cx.tx.set_credential(account, &credential)?;
        let gone = DeviceRow {
            revoked: true,
            ..device
        };
        cx.tx.set_device(remove.device, &gone)?;
        let row = promised(cx.tx.account(account)?, "accounts")?;
        let noted = (AuditAct::DeviceRemoved, &*remove.device.to_string());
        self.note_about((account, &row), noted, cx)?;
        let mut pushes = self.revoke((account, remove.device), until_ms, cx)?;
        pushes.extend(self.card_changed((account, caller.device()), newest.card, cx)?);
        Ok(Outcome {
            endings: vec![Recipient::Device(account, remove.device)],
            ..Outcome::done().pushing(pushes)
        })
    }

    /// Whose cards are taken for an account.
    fn owner(&self, account: AccountId, tx: &Tx) -> Result<Owner, StoreError> {
        let row = promised(tx.account(account)?, "accounts")?;
        Ok(Owner {
            server: self.server_id(),
            account,
            account_pk: row.account_pk,
            account_gen: row.account_gen,
        })
    }

    pub(super) fn resume(&self, caller: &mut Caller, n: u64, cx: &mut Context<'_>) -> Answer {
        let device = cx.tx.device(caller.device())?;
        let device = device
            .filter(|device| !device.revoked)
            .ok_or(Refusal::NotSignedIn)?;
        Self::check_bar(device.account, cx.tx)?;
        let card = parsed(&promised(cx.tx.card(device.account)?, "cards")?)?;
        if card.live_device(&caller.key(), cx.now_ms).is_none() {
            return Err(Refusal::Expired.into());
        }
        if n <= device.resumed {
            // If the other home is connected, its person learns of this one.
            let other = Recipient::Device(device.account, caller.device());
            let pushes = vec![(other, Push::Cloned(Hint {}))];
            return Ok(Outcome::refused(Refusal::Cloned).pushing(pushes));
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

const fn an_enrolment(account: AccountId) -> Charge {
    Charge {
        limit: Limit::Enrolments,
        subject: Subject::Account(account.0),
        rate: Rate::per(ENROLMENTS_AN_HOUR_MAX, HOUR_MS),
    }
}

const fn a_removal(account: AccountId) -> Charge {
    Charge {
        limit: Limit::DeviceRemovals,
        subject: Subject::Account(account.0),
        rate: Rate::per(DEVICE_REMOVALS_AN_HOUR_MAX, HOUR_MS),
    }
}

/// A card that was verified before it was stored.
pub(super) fn parsed(row: &CardRow) -> Result<Card, StoreError> {
    row.card
        .peek_unverified()
        .map_err(|_: SignedError| StoreError::Row { table: "cards" })
}

pub(super) fn revoked_devices(tx: &Tx, card: &Card) -> Result<Vec<DeviceId>, StoreError> {
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

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, PASSWORD, Scene, welcome};
    use hutong_common::id::DeviceId;
    use hutong_common::identity::device_id;
    use hutong_common::limits::{
        DEVICE_REMOVALS_AN_HOUR_MAX, DEVICES_MAX, ENROLMENTS_AN_HOUR_MAX, HOUR_MS, OWN_DEVICES_MAX,
        PASSWORD_PROOF_LIFETIME_MS, SEAT_LIFETIME_MS,
    };
    use hutong_common::push::{Hint, Push};
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::accounts::Enrol;
    use hutong_common::rpc::{Reply, Request};
    use hutong_common::signed::{DeviceKind, Membership, Revocations};

    const OWN: DeviceKind = DeviceKind::Own;

    fn serial(scene: &Scene, membership: &hutong_common::signed::Signed) -> u64 {
        let server = scene.service.server_id().public_key();
        membership.verify::<Membership>(&server).unwrap().serial
    }

    #[test]
    fn a_second_computer_enrols_with_the_password_and_resumes_without() {
        let mut scene = Scene::new();
        scene.register("lin");
        let mut second = scene.sign_in("lin", OWN).unwrap();
        assert_eq!(second.card.devices.len(), 2);
        assert!(scene.resume(&mut second).is_ok());
        let mut scene = scene.restart();
        assert!(scene.resume(&mut second).is_ok());
    }

    #[test]
    fn a_number_that_was_used_before_means_a_copied_disk() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.resume(&mut lin).unwrap();
        let mut scene = scene.restart();
        for n in [0, 1] {
            scene.reconnect(&mut lin);
            let replayed = scene.ask(&mut lin, Request::Resume { n });
            assert_eq!(replayed, Err(Refusal::Cloned));
        }
        scene.reconnect(&mut lin);
        assert!(scene.ask(&mut lin, Request::Resume { n: 2 }).is_ok());
    }

    #[test]
    fn an_unknown_key_cannot_resume() {
        let mut scene = Scene::new();
        scene.register("lin");
        let mut second = scene.new_device("lin");
        assert_eq!(scene.resume(&mut second), Err(Refusal::NotSignedIn));
    }

    #[test]
    fn a_device_that_signed_out_is_revoked_for_everybody_and_cannot_resume() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        assert_eq!(scene.ask(&mut lin, Request::SignOut), Ok(Reply::Done));
        assert!(lin.is_closed());
        let server = scene.service.server_id().public_key();
        let told = mei.pushes().into_iter().find_map(|push| {
            let Push::Revocations(list) = push else {
                return None;
            };
            list.verify::<Revocations>(&server).ok()
        });
        let entries = told.unwrap().entries;
        assert_eq!(entries[0].account_id, lin.account);
        assert_eq!(entries[0].gone[0], device_id(&lin.key.public()));
        assert_eq!(scene.resume(&mut lin), Err(Refusal::NotSignedIn));
        let mut scene = scene.restart();
        assert_eq!(scene.resume(&mut lin), Err(Refusal::NotSignedIn));
    }

    #[test]
    fn a_key_that_signed_out_does_not_come_back_with_the_password() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.ask(&mut lin, Request::SignOut).unwrap();
        scene.reconnect(&mut lin);
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let enrol = scene.enrolment(&lin, OWN);
        assert_eq!(scene.ask(&mut lin, enrol), Err(Refusal::AlreadyDone));
        assert!(scene.sign_in("lin", OWN).is_ok());
    }

    #[test]
    fn of_two_enrolments_at_once_the_second_signs_again() {
        let mut scene = Scene::new();
        scene.register("lin");
        let (mut one, mut other) = (scene.new_device("lin"), scene.new_device("lin"));
        let (first, second) = (scene.enrolment(&one, OWN), scene.enrolment(&other, OWN));
        welcome(scene.ask(&mut one, first)).unwrap();
        assert_eq!(scene.ask(&mut other, second), Err(Refusal::Conflict));
        scene.prove_password(&mut other, PASSWORD).unwrap();
        let again = scene.enrolment(&other, OWN);
        let welcome = welcome(scene.ask(&mut other, again)).unwrap();
        let card: super::Card = welcome.card.peek_unverified().unwrap();
        assert_eq!(card.devices.len(), 3);
    }

    /// A program that added a device and signed it out again, for ever, filled the disk with rows that never go, and
    /// had the list of revocations signed and sent to everybody each time.
    #[test]
    fn an_account_adds_so_many_devices_an_hour() {
        let mut scene = Scene::new();
        scene.register("lin");
        for _ in 0..ENROLMENTS_AN_HOUR_MAX {
            let mut seat = scene.sign_in("lin", DeviceKind::Seat).unwrap();
            scene.ask(&mut seat, Request::SignOut).unwrap();
        }
        let one_more = scene.sign_in("lin", DeviceKind::Seat).map(drop);
        assert!(matches!(one_more, Err(Refusal::TooFast { .. })));
        scene.now_ms += HOUR_MS;
        assert!(scene.sign_in("lin", DeviceKind::Seat).is_ok());
    }

    /// Each computer that signed out kept its place in the card for a year, because nobody told the next one that it was
    /// gone: after some twenty of them the account could not sign in anywhere any more.
    #[test]
    fn a_computer_that_signed_out_leaves_its_place_to_the_next() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        for _ in 0..2 * DEVICES_MAX {
            scene.now_ms += HOUR_MS;
            scene.ask(&mut lin, Request::SignOut).unwrap();
            lin = scene.sign_in("lin", OWN).unwrap();
            assert_eq!(lin.card.devices.len(), 1);
        }
    }

    #[test]
    fn an_enrolment_sent_again_after_a_crash_is_welcome() {
        let mut scene = Scene::new();
        scene.register("lin");
        let mut second = scene.new_device("lin");
        let enrol = scene.enrolment(&second, OWN);
        welcome(scene.ask(&mut second, enrol.clone())).unwrap();
        scene.reconnect(&mut second);
        scene.prove_password(&mut second, PASSWORD).unwrap();
        assert!(scene.ask(&mut second, enrol).is_ok());
    }

    #[test]
    fn only_this_connections_own_key_enrols_and_only_soon_after_the_password() {
        let mut scene = Scene::new();
        scene.register("lin");
        let (mut one, other) = (scene.new_device("lin"), scene.new_device("lin"));
        let foreign = scene.enrolment(&other, OWN);
        assert_eq!(scene.ask(&mut one, foreign), Err(Refusal::Malformed));
        let late = scene.enrolment(&one, OWN);
        scene.now_ms += PASSWORD_PROOF_LIFETIME_MS + 1;
        assert_eq!(scene.ask(&mut one, late), Err(Refusal::PasswordNeeded));
    }

    #[test]
    fn the_password_of_one_account_enrols_nothing_into_another() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        scene.register("mei");
        let mut thief = scene.new_device("mei");
        let account_key = lin.vault.account_seed().key_pair();
        let Request::Enrol(enrol) = scene.enrolment(&thief, OWN) else {
            panic!("an enrolment");
        };
        let card: super::Card = enrol.card.peek_unverified().unwrap();
        let forged = Enrol {
            card: hutong_common::signed::Signed::new(&card, &account_key),
            ..enrol
        };
        let refused = scene.ask(&mut thief, Request::Enrol(forged));
        assert_eq!(refused, Err(Refusal::Malformed));
    }

    #[test]
    fn a_seat_ends_by_itself_even_while_it_is_connected() {
        let mut scene = Scene::new();
        scene.register("lin");
        let mut seat = scene.sign_in("lin", DeviceKind::Seat).unwrap();
        scene.now_ms += SEAT_LIFETIME_MS - HOUR_MS;
        assert!(scene.ask(&mut seat, Request::Ping).is_ok());
        scene.now_ms += HOUR_MS;
        assert_eq!(scene.ask(&mut seat, Request::Ping), Err(Refusal::Expired));
        assert!(seat.is_closed());
        assert_eq!(scene.resume(&mut seat), Err(Refusal::Expired));
    }

    #[test]
    fn a_membership_is_made_anew_only_when_little_of_it_is_left() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let resume = |scene: &mut Scene, lin: &mut Client| {
            let welcome = scene.resume(lin).unwrap();
            serial(scene, &welcome.membership)
        };
        let first = resume(&mut scene, &mut lin);
        scene.days_pass(4);
        assert_eq!(resume(&mut scene, &mut lin), first);
        scene.days_pass(1);
        let second = resume(&mut scene, &mut lin);
        assert_eq!(second, scene.now_ms);
        scene.days_pass(60);
        assert!(resume(&mut scene, &mut lin) > second);
    }

    #[test]
    fn whoever_stays_connected_is_sent_the_new_membership() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        scene.days_pass(5);
        let pushes = scene.with(|service, cx| service.tick(cx)).unwrap();
        scene.deliver(pushes);
        assert!(matches!(lin.pushes()[..], [Push::Membership(_)]));
        let pushes = scene.with(|service, cx| service.tick(cx)).unwrap();
        assert_eq!(pushes, []);
    }

    #[test]
    fn a_revocation_leaves_the_list_after_its_time() {
        let mut scene = Scene::new();
        let (mut lin, mei) = (scene.register("lin"), scene.register("mei"));
        scene.ask(&mut lin, Request::SignOut).unwrap();
        scene.disconnect(&lin);
        mei.pushes();
        scene.days_pass(31);
        let pushes = scene.with(|service, cx| service.tick(cx)).unwrap();
        let lists = pushes.into_iter().filter_map(|(_, push)| {
            let Push::Revocations(list) = push else {
                return None;
            };
            list.peek_unverified::<Revocations>().ok()
        });
        let lists: Vec<Revocations> = lists.collect();
        assert_eq!(lists.len(), 1);
        assert!(lists[0].entries.is_empty());
    }

    #[test]
    fn without_a_session_little_can_be_asked_and_not_for_long() {
        let mut scene = Scene::new();
        scene.register("lin");
        let mut second = scene.new_device("lin");
        let refused = scene.ask(&mut second, Request::FriendRequests);
        assert_eq!(refused, Err(Refusal::NotSignedIn));
        for _ in 0..5 {
            assert!(scene.ask(&mut second, Request::Ping).is_ok());
        }
        let refused = scene.ask(&mut second, Request::Ping);
        assert!(matches!(refused, Err(Refusal::TooFast { .. })));
        assert!(second.is_closed());
    }

    /// Lin at two computers, the second one lost.
    fn at_two_computers() -> (Scene, Client, Client) {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let lost = scene.sign_in("lin", OWN).unwrap();
        lin.card = lost.card.clone();
        (scene, lin, lost)
    }

    #[test]
    fn a_removed_device_is_cut_off_and_gone_for_everybody() {
        let (mut scene, mut lin, mut lost) = at_two_computers();
        let mut mei = scene.register("mei");
        scene.befriend(&mut lin, &mut mei);
        let device = lost.caller.device();
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let remove = scene.removal(&mut lin, device);
        assert_eq!(scene.ask(&mut lin, remove), Ok(Reply::Done));
        assert!(lost.is_closed() && !lin.is_closed());
        let server = scene.service.server_id().public_key();
        let pushes = mei.pushes();
        let told = pushes.iter().find_map(|push| {
            let Push::Revocations(list) = push else {
                return None;
            };
            list.verify::<Revocations>(&server).ok()
        });
        assert_eq!(told.unwrap().entries[0].gone[..], [device]);
        assert!(
            pushes
                .iter()
                .any(|push| matches!(push, Push::ContactChanged(_)))
        );
        let mut scene = scene.restart();
        assert_eq!(scene.resume(&mut lost), Err(Refusal::NotSignedIn));
        assert!(scene.resume(&mut lin).is_ok());
        let third = scene.sign_in("lin", OWN).unwrap();
        assert_eq!(third.card.devices.len(), 2);
        assert_eq!((third.card.seal_no, third.vault.current_seal().no), (2, 2));
        let Ok(Reply::Devices(list)) = scene.ask(&mut lin, Request::Devices) else {
            panic!("the devices are told");
        };
        assert!(list.gone.is_empty());
        assert_eq!(list.card.peek_unverified(), Ok(third.card));
    }

    #[test]
    fn a_device_is_removed_only_with_the_password_just_typed_and_never_by_itself() {
        let (mut scene, mut lin, mut lost) = at_two_computers();
        let device = lost.caller.device();
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let remove = scene.removal(&mut lin, device);
        assert_eq!(
            scene.ask(&mut lost, remove.clone()),
            Err(Refusal::NotAllowed),
            "it proved the password when it enrolled, but may only sign out"
        );
        scene.now_ms += PASSWORD_PROOF_LIFETIME_MS + 1;
        assert_eq!(scene.ask(&mut lin, remove), Err(Refusal::PasswordNeeded));
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let mine = lin.caller.device();
        let myself = scene.removal(&mut lin, mine);
        assert_eq!(scene.ask(&mut lin, myself), Err(Refusal::NotAllowed));
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let nobody = scene.removal(&mut lin, DeviceId([1; 16]));
        assert_eq!(scene.ask(&mut lin, nobody), Err(Refusal::NotFound));
        let mei = scene.register("mei");
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let stranger = scene.removal(&mut lin, mei.caller.device());
        assert_eq!(scene.ask(&mut lin, stranger), Err(Refusal::NotFound));
        assert!(scene.resume(&mut lost).is_ok());
    }

    /// Two removals at once, or a removal and a change of password: the vault of the second is sealed over what the first
    /// changed, and would have taken its place.
    #[test]
    fn a_removal_that_rests_on_something_older_is_signed_again() {
        let (mut scene, mut lin, lost) = at_two_computers();
        let mut third = scene.sign_in("lin", OWN).unwrap();
        let device = lost.caller.device();
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        scene.prove_password(&mut third, PASSWORD).unwrap();
        let (first, second) = (
            scene.removal(&mut lin, device),
            scene.removal(&mut third, device),
        );
        assert!(scene.ask(&mut lin, first).is_ok());
        assert_eq!(scene.ask(&mut third, second), Err(Refusal::Conflict));
        scene.prove_password(&mut third, PASSWORD).unwrap();
        let stale = scene.removal(&mut third, lin.caller.device());
        scene.prove_password(&mut lin, PASSWORD).unwrap();
        let finish = scene.new_password(&mut lin, "another staple").unwrap();
        assert_eq!(scene.ask(&mut lin, finish), Ok(Reply::Done));
        // Sealed under the old password, the vault would open for nobody any more.
        assert_eq!(scene.ask(&mut third, stale), Err(Refusal::PasswordNeeded));
    }

    #[test]
    fn an_account_removes_devices_only_so_often() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        for number in 0..=DEVICE_REMOVALS_AN_HOUR_MAX {
            let device = scene.sign_in("lin", OWN).unwrap().caller.device();
            scene.prove_password(&mut lin, PASSWORD).unwrap();
            let remove = scene.removal(&mut lin, device);
            let answer = scene.ask(&mut lin, remove);
            let is_limited = matches!(answer, Err(Refusal::TooFast { .. }));
            assert_eq!(
                is_limited,
                number == DEVICE_REMOVALS_AN_HOUR_MAX,
                "{answer:?}"
            );
        }
    }

    /// Six devices removed within a year: the list names five, and the sixth showed its old card to peers again.
    #[test]
    fn what_the_list_has_no_room_for_is_void_with_its_old_card() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        for _ in 0..=OWN_DEVICES_MAX {
            let device = scene.sign_in("lin", OWN).unwrap().caller.device();
            scene.prove_password(&mut lin, PASSWORD).unwrap();
            let remove = scene.removal(&mut lin, device);
            scene.ask(&mut lin, remove).unwrap();
            scene.now_ms += HOUR_MS;
        }
        let row = scene.with(|_, cx| cx.tx.revocation(lin.account)).unwrap();
        let row = row.unwrap();
        let card = scene.with(|_, cx| cx.tx.card(lin.account)).unwrap();
        assert_eq!(row.gone.len(), OWN_DEVICES_MAX);
        assert_eq!(row.min_card_version, card.unwrap().version);
    }

    #[test]
    fn all_computers_lost_one_is_removed_while_a_new_one_signs_in() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        for _ in 1..OWN_DEVICES_MAX {
            scene.sign_in("lin", OWN).unwrap();
        }
        let mut sixth = scene.new_device("lin");
        let enrol = scene.enrolment(&sixth, OWN);
        assert_eq!(scene.ask(&mut sixth, enrol), Err(Refusal::TooManyDevices));
        let remove = scene.removal(&mut sixth, lin.caller.device());
        assert_eq!(scene.ask(&mut sixth, remove), Ok(Reply::Done));
        scene.prove_password(&mut sixth, PASSWORD).unwrap();
        let enrol = scene.enrolment(&sixth, OWN);
        assert!(welcome(scene.ask(&mut sixth, enrol)).is_ok());
    }

    #[test]
    fn the_other_home_learns_of_a_copy_that_comes_too_late() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.resume(&mut lin).unwrap();
        let mut copy = scene.twin(&lin);
        assert_eq!(
            scene.ask(&mut copy, Request::Resume { n: 1 }),
            Err(Refusal::Cloned)
        );
        assert_eq!(lin.pushes(), [Push::Cloned(Hint {})]);
        assert!(!lin.is_closed());
    }
}
