//! An account that the rendezvous invented, or that somebody keeps on his own: all its keys lie open, so it can sign
//! whatever a scenario needs.

use super::rogue::{Pen, Rogue};
use crate::harness::actor::Actor;
use crate::harness::computer::EPOCH_MS;
use hutong_common::bounded::{List, Text};
use hutong_common::direct::Hello;
use hutong_common::id::{AccountId, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{MEMBERSHIP_LIFETIME_MS, OWN_DEVICE_LIFETIME_MS};
use hutong_common::name::Login;
use hutong_common::rpc::accounts::{Profile, Sex};
use hutong_common::rpc::friends::{Contact, Relation};
use hutong_common::signed::{Card, CardDevice, DeviceKind, Membership, Role, Signed};
use hutong_common::vault::SealSeed;

/// An account with one device.
#[derive(Clone, Debug)]
pub struct Forged {
    /// What the rendezvous says of it.
    pub membership: Membership,
    /// What it says of itself.
    pub card: Card,
    /// Signs the card.
    pub account_key: KeyPair,
    /// Its device.
    pub device: KeyPair,
    server: KeyPair,
}

impl Forged {
    /// Somebody with this login and number, whom the owner of `server` vouches for.
    pub fn new(server: &KeyPair, login: &str, number: u8) -> Self {
        let account_key = KeyPair::from_seed([number; 32]);
        let device = KeyPair::from_seed([number ^ 0x55; 32]);
        let server_id = ServerId(server.public().0);
        let account_id = AccountId(20_000 + u64::from(number));
        let seal = SealSeed {
            no: 1,
            seed: [number ^ 0xaa; 32],
        };
        let membership = Membership {
            server_id,
            account_id,
            login: Login::new(login).expect("a login of a scenario"),
            account_pk: account_key.public(),
            account_gen: 1,
            role: Role::Member,
            serial: EPOCH_MS,
            not_before_ms: EPOCH_MS,
            not_after_ms: EPOCH_MS + MEMBERSHIP_LIFETIME_MS,
        };
        let card = Card {
            server_id,
            account_id,
            account_pk: account_key.public(),
            account_gen: 1,
            version: EPOCH_MS,
            seal_no: seal.no,
            seal_pk: seal.public(),
            devices: List::new(vec![device_entry(&device)]).expect("one device"),
            issued_ms: EPOCH_MS,
        };
        Self {
            membership,
            card,
            account_key,
            device,
            server: server.clone(),
        }
    }

    /// The same login and number as somebody real, under another account key.
    pub fn in_place_of(server: &KeyPair, contact: &Contact, number: u8) -> Self {
        let mut forged = Self::new(server, contact.login.as_str(), number);
        let real: Card = contact.card.peek_unverified().expect("a card");
        let vouched: Membership = contact.membership.peek_unverified().expect("a membership");
        forged.membership.account_id = contact.account;
        forged.membership.serial = vouched.serial + 1;
        forged.card.account_id = contact.account;
        forged.card.version = real.version + 1;
        forged
    }

    /// The generation of its account key.
    #[must_use]
    pub const fn of_generation(mut self, generation: u32) -> Self {
        self.membership.account_gen = generation;
        self.card.account_gen = generation;
        self
    }

    /// What the rendezvous signs.
    pub fn signed_membership(&self) -> Signed {
        Signed::new(&self.membership, &self.server)
    }

    /// What the account signs.
    pub fn signed_card(&self) -> Signed {
        Signed::new(&self.card, &self.account_key)
    }

    /// As the rendezvous would tell it.
    pub fn contact(&self) -> Contact {
        Contact {
            account: self.card.account_id,
            login: self.membership.login.clone(),
            relation: Relation::Friend,
            profile: Profile {
                name: self.membership.login.clone().into(),
                sex: Sex::Unsaid,
                signature: Text::default(),
            },
            membership: self.signed_membership(),
            card: self.signed_card(),
            since_ms: EPOCH_MS,
            online: true,
        }
    }

    /// Its computer.
    pub fn rogue(&self, near: &Actor) -> Rogue {
        let pen = Pen {
            server: self.card.server_id,
            account: self.card.account_id,
            device: self.device.clone(),
        };
        let hello = Hello {
            membership: self.signed_membership(),
            card: self.signed_card(),
            revocations_version: 0,
        };
        Rogue::new(near, pen, hello)
    }
}

/// A computer in a card.
pub fn device_entry(key: &KeyPair) -> CardDevice {
    CardDevice {
        device_pk: key.public(),
        label: Text::new("PC").expect("a short label"),
        kind: DeviceKind::Own,
        added_ms: EPOCH_MS,
        until_ms: EPOCH_MS + OWN_DEVICE_LIFETIME_MS,
    }
}
