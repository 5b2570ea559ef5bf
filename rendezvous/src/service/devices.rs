//! Devices of an account: a new one enrols, a known one resumes, and one that signs out is gone for good.

use super::cards::Owner;
use super::limiter::{Charge, Limit, Rate, Subject};
use super::{Answer, Caller, Context, Outcome, Service, SignedIn, promised};
use crate::store::accounts::CardRow;
use crate::store::devices::DeviceRow;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{ENROLMENTS_AN_HOUR_MAX, HOUR_MS};
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
        Self::check_bar(device.account, cx.tx)?;
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

const fn an_enrolment(account: AccountId) -> Charge {
    Charge {
        limit: Limit::Enrolments,
        subject: Subject::Account(account.0),
        rate: Rate::per(ENROLMENTS_AN_HOUR_MAX, HOUR_MS),
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
    use super::super::scene::{Client, Scene, welcome};
    use hutong_common::identity::device_id;
    use hutong_common::limits::{
        DEVICES_MAX, ENROLMENTS_AN_HOUR_MAX, HOUR_MS, PASSWORD_PROOF_LIFETIME_MS, SEAT_LIFETIME_MS,
    };
    use hutong_common::push::Push;
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
        scene
            .prove_password(&mut lin, super::super::scene::PASSWORD)
            .unwrap();
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
        scene
            .prove_password(&mut other, super::super::scene::PASSWORD)
            .unwrap();
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
        scene
            .prove_password(&mut second, super::super::scene::PASSWORD)
            .unwrap();
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
}
