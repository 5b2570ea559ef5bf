//! Which cards the rendezvous takes: signed by the account, about itself, with exactly one device more or less.
//!
//! Pure checks; peers check the same signatures again and believe nothing that the rendezvous adds.

use hutong_common::id::{AccountId, DeviceId, PublicKey, ServerId};
use hutong_common::limits::{
    CARD_CLOCK_SLACK_MS, OWN_DEVICE_LIFETIME_MS, OWN_DEVICES_MAX, SEAT_LIFETIME_MS, SEATS_MAX,
};
use hutong_common::refusal::Refusal;
use hutong_common::seal::SealKey;
use hutong_common::signed::{Card, CardDevice, DeviceKind, Signed};

/// Whose card it must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    pub(super) server: ServerId,
    pub(super) account: AccountId,
    pub(super) account_pk: PublicKey,
    pub(super) account_gen: u32,
}

impl Owner {
    fn read(&self, card: &Signed) -> Result<Card, Refusal> {
        let card: Card = card
            .verify(&self.account_pk)
            .map_err(|_| Refusal::Malformed)?;
        let is_own = card.server_id == self.server
            && card.account_id == self.account
            && card.account_pk == self.account_pk
            && card.account_gen == self.account_gen;
        let seal = SealKey {
            no: card.seal_no,
            pk: card.seal_pk,
        };
        if is_own && seal.is_sound() {
            Ok(card)
        } else {
            Err(Refusal::Malformed)
        }
    }

    /// The first card of an account: this connection's key is its only device.
    pub(super) fn first(
        &self,
        card: &Signed,
        key: PublicKey,
        now_ms: u64,
    ) -> Result<Card, Refusal> {
        let card = self.read(card)?;
        check_version(&card, 0, now_ms)?;
        match &card.devices[..] {
            [only] if only.device_pk == key => check_times(only, now_ms).map(|()| card),
            _ => Err(Refusal::Malformed),
        }
    }

    /// A card that adds this connection's key to `before`, and drops at most what no longer counts.
    pub(super) fn adding(
        &self,
        card: &Signed,
        key: PublicKey,
        (before, revoked, now_ms): (&Card, &[DeviceId], u64),
    ) -> Result<Card, Refusal> {
        let card = self.following(card, before, now_ms)?;
        if (card.seal_no, card.seal_pk) != (before.seal_no, before.seal_pk) {
            return Err(Refusal::Malformed);
        }
        let is_known = |device: &&CardDevice| before.devices.contains(device);
        let added: Vec<&CardDevice> = card.devices.iter().filter(|d| !is_known(d)).collect();
        match added[..] {
            [new] if new.device_pk == key && !has_key(&before.devices, key) => {
                check_times(new, now_ms)?;
            }
            _ => return Err(Refusal::Malformed),
        }
        let counts = |d: &CardDevice| d.is_live(now_ms) && !revoked.contains(&d.id());
        if before
            .devices
            .iter()
            .any(|d| counts(d) && !card.devices.contains(d))
        {
            return Err(Refusal::NotAllowed);
        }
        let live = |kind| {
            let of_kind = card.devices.iter().filter(|d| d.kind == kind && counts(d));
            of_kind.count()
        };
        if live(DeviceKind::Own) > OWN_DEVICES_MAX || live(DeviceKind::Seat) > SEATS_MAX {
            return Err(Refusal::TooManyDevices);
        }
        Ok(card)
    }

    /// A card that drops `device` from `before`, and at most what no longer counts; mail is sealed to a new key from then
    /// on, which the device does not have.
    pub(super) fn removing(
        &self,
        card: &Signed,
        device: DeviceId,
        (before, revoked, now_ms): (&Card, &[DeviceId], u64),
    ) -> Result<Card, Refusal> {
        let card = self.following(card, before, now_ms)?;
        let is_next_seal =
            Some(card.seal_no) == before.seal_no.checked_add(1) && card.seal_pk != before.seal_pk;
        let adds = card.devices.iter().any(|d| !before.devices.contains(d));
        let keeps_it = card.devices.iter().any(|d| d.id() == device);
        if !is_next_seal || adds || keeps_it {
            return Err(Refusal::Malformed);
        }
        let may_go =
            |d: &CardDevice| d.id() == device || !d.is_live(now_ms) || revoked.contains(&d.id());
        let dropped = |d: &&CardDevice| !card.devices.contains(d);
        if before.devices.iter().filter(dropped).all(may_go) {
            Ok(card)
        } else {
            Err(Refusal::NotAllowed)
        }
    }

    /// A card that may come after `before`.
    fn following(&self, card: &Signed, before: &Card, now_ms: u64) -> Result<Card, Refusal> {
        let card = self.read(card)?;
        if card.version <= before.version {
            return Err(Refusal::Conflict);
        }
        check_version(&card, before.version, now_ms)?;
        Ok(card)
    }
}

fn has_key(devices: &[CardDevice], key: PublicKey) -> bool {
    devices.iter().any(|device| device.device_pk == key)
}

/// A version is the next one or the time. Whoever jumps to the last number there is leaves none for the next device.
fn check_version(card: &Card, before: u64, now_ms: u64) -> Result<(), Refusal> {
    let highest = before
        .saturating_add(1)
        .max(now_ms.saturating_add(CARD_CLOCK_SLACK_MS));
    if card.version > highest {
        Err(Refusal::Malformed)
    } else {
        Ok(())
    }
}

fn check_times(device: &CardDevice, now_ms: u64) -> Result<(), Refusal> {
    let lifetime_ms = match device.kind {
        DeviceKind::Own => OWN_DEVICE_LIFETIME_MS,
        DeviceKind::Seat => SEAT_LIFETIME_MS,
    };
    if !device.is_live(now_ms) {
        Err(Refusal::Expired)
    } else if device.until_ms > now_ms + lifetime_ms + CARD_CLOCK_SLACK_MS {
        Err(Refusal::Malformed)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::bounded::{List, Text};
    use hutong_common::identity::KeyPair;

    const T: u64 = 1_790_000_000_000;

    fn owner(account: &KeyPair) -> Owner {
        Owner {
            server: ServerId([1; 32]),
            account: AccountId(10_001),
            account_pk: account.public(),
            account_gen: 1,
        }
    }

    fn device(seed: u8, kind: DeviceKind, until_ms: u64) -> CardDevice {
        CardDevice {
            device_pk: KeyPair::from_seed([seed; 32]).public(),
            label: Text::new("PC").unwrap(),
            kind,
            added_ms: T,
            until_ms,
        }
    }

    fn card(owner: &Owner, version: u64, devices: Vec<CardDevice>) -> Card {
        Card {
            server_id: owner.server,
            account_id: owner.account,
            account_pk: owner.account_pk,
            account_gen: owner.account_gen,
            version,
            seal_no: 1,
            seal_pk: [2; 32],
            devices: List::new(devices).unwrap(),
            issued_ms: T,
        }
    }

    const LATER: u64 = T + 1_000_000;

    #[test]
    fn a_sixth_own_computer_replaces_only_one_that_no_longer_counts() {
        let key = KeyPair::from_seed([99; 32]);
        let owner = owner(&key);
        let own = |seed| device(seed, DeviceKind::Own, LATER);
        let five: Vec<CardDevice> = (1..=5).map(own).collect();
        let before = card(&owner, 1, five.clone());
        let new = own(6);
        let judge = |devices: Vec<CardDevice>, revoked: &[DeviceId], now_ms| {
            let signed = Signed::new(&card(&owner, 2, devices), &key);
            owner
                .adding(&signed, new.device_pk, (&before, revoked, now_ms))
                .map(|card| card.devices.len())
        };
        let six = [five.clone(), vec![new.clone()]].concat();
        assert_eq!(judge(six.clone(), &[], T), Err(Refusal::TooManyDevices));
        let replaced = [five[1..].to_vec(), vec![new.clone()]].concat();
        assert_eq!(judge(replaced.clone(), &[], T), Err(Refusal::NotAllowed));
        assert_eq!(judge(replaced, &[five[0].id()], T), Ok(5));
        assert_eq!(judge(six, &[five[0].id()], T), Ok(6));
    }

    #[test]
    fn a_card_of_another_account_key_version_or_seal_key_is_refused() {
        let key = KeyPair::from_seed([99; 32]);
        let owner = owner(&key);
        let old = device(1, DeviceKind::Own, LATER);
        let new = device(2, DeviceKind::Own, LATER);
        let before = card(&owner, 5, vec![old.clone()]);
        let judge = |card: &Card, signer: &KeyPair| {
            let signed = Signed::new(card, signer);
            owner
                .adding(&signed, new.device_pk, (&before, &[], T))
                .map(drop)
        };
        let good = card(&owner, 6, vec![old.clone(), new.clone()]);
        assert_eq!(judge(&good, &key), Ok(()));
        let stranger = KeyPair::from_seed([98; 32]);
        assert_eq!(judge(&good, &stranger), Err(Refusal::Malformed));
        let stale = card(&owner, 5, vec![old.clone(), new.clone()]);
        assert_eq!(judge(&stale, &key), Err(Refusal::Conflict));
        let resealed = Card {
            seal_pk: [3; 32],
            ..good.clone()
        };
        assert_eq!(judge(&resealed, &key), Err(Refusal::Malformed));
        let other = Card {
            account_id: AccountId(10_002),
            ..good
        };
        assert_eq!(judge(&other, &key), Err(Refusal::Malformed));
        let two = card(
            &owner,
            6,
            vec![old.clone(), new.clone(), device(3, DeviceKind::Own, LATER)],
        );
        assert_eq!(judge(&two, &key), Err(Refusal::Malformed));
        let none = card(&owner, 6, vec![old]);
        assert_eq!(judge(&none, &key), Err(Refusal::Malformed));
    }

    /// A member's own program gave the account a seal key that is none. Whoever sealed to all members sealed to nobody, and the
    /// mail of the whole group was lost.
    #[test]
    fn a_card_with_a_seal_key_to_which_nothing_can_be_sealed_is_refused() {
        let key = KeyPair::from_seed([99; 32]);
        let owner = owner(&key);
        let only = device(1, DeviceKind::Own, LATER);
        let first = |card: &Card| {
            let signed = Signed::new(card, &key);
            owner.first(&signed, only.device_pk, T).map(drop)
        };
        let good = card(&owner, 1, vec![only.clone()]);
        assert_eq!(first(&good), Ok(()));
        let odd = Card {
            seal_pk: [0; 32],
            ..good
        };
        assert_eq!(first(&odd), Err(Refusal::Malformed));
    }

    #[test]
    fn a_card_that_removes_a_device_drops_nothing_else_and_seals_to_another_key() {
        let key = KeyPair::from_seed([99; 32]);
        let owner = owner(&key);
        let own = |seed| device(seed, DeviceKind::Own, LATER);
        let ended = device(4, DeviceKind::Seat, T);
        let before = card(&owner, 5, vec![own(1), own(2), own(3), ended.clone()]);
        let lost = own(2).id();
        let judge = |devices: Vec<CardDevice>, seal: (u32, u8), revoked: &[DeviceId]| {
            let after = Card {
                seal_no: seal.0,
                seal_pk: [seal.1; 32],
                ..card(&owner, 6, devices)
            };
            let signed = Signed::new(&after, &key);
            owner
                .removing(&signed, lost, (&before, revoked, T))
                .map(drop)
        };
        let rest = vec![own(1), own(3)];
        assert_eq!(judge(rest.clone(), (2, 3), &[]), Ok(()));
        let with_ended = [rest.clone(), vec![ended]].concat();
        assert_eq!(judge(with_ended, (2, 3), &[]), Ok(()));
        assert_eq!(judge(vec![own(1)], (2, 3), &[]), Err(Refusal::NotAllowed));
        assert_eq!(judge(vec![own(1)], (2, 3), &[own(3).id()]), Ok(()));
        let malformed = Err(Refusal::Malformed);
        for seal in [(1, 2), (2, 2), (1, 3), (3, 3), (u32::MAX, 3)] {
            assert_eq!(judge(rest.clone(), seal, &[]), malformed, "{seal:?}");
        }
        let kept = vec![own(1), own(2), own(3)];
        assert_eq!(judge(kept, (2, 3), &[]), malformed);
        let added = vec![own(1), own(3), own(5)];
        assert_eq!(judge(added, (2, 3), &[]), malformed);
    }

    /// A card of version `u64::MAX` was stored, and no device could ever be added or removed again.
    #[test]
    fn a_version_does_not_run_away_from_the_clock() {
        let key = KeyPair::from_seed([99; 32]);
        let owner = owner(&key);
        let new = device(2, DeviceKind::Own, LATER);
        let ahead = T + CARD_CLOCK_SLACK_MS;
        let first = |version| {
            let signed = Signed::new(&card(&owner, version, vec![new.clone()]), &key);
            owner.first(&signed, new.device_pk, T).map(drop)
        };
        assert_eq!(first(ahead), Ok(()));
        assert_eq!(first(ahead + 1), Err(Refusal::Malformed));
        assert_eq!(first(u64::MAX), Err(Refusal::Malformed));
        let adding = |before: u64, version| {
            let old = device(1, DeviceKind::Own, LATER);
            let before = card(&owner, before, vec![old.clone()]);
            let signed = Signed::new(&card(&owner, version, vec![old, new.clone()]), &key);
            let added = owner.adding(&signed, new.device_pk, (&before, &[], T));
            added.map(drop)
        };
        assert_eq!(adding(1, u64::MAX), Err(Refusal::Malformed));
        assert_eq!(adding(ahead, ahead + 1), Ok(()));
        assert_eq!(adding(ahead, ahead + 2), Err(Refusal::Malformed));
    }

    #[test]
    fn a_device_neither_lasts_too_long_nor_has_ended() {
        let seat = |until_ms| check_times(&device(1, DeviceKind::Seat, until_ms), T);
        assert_eq!(seat(T), Err(Refusal::Expired));
        assert_eq!(seat(T + SEAT_LIFETIME_MS), Ok(()));
        let beyond = T + SEAT_LIFETIME_MS + CARD_CLOCK_SLACK_MS + 1;
        assert_eq!(seat(beyond), Err(Refusal::Malformed));
    }
}
