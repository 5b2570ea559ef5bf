//! Whether a message is from whom it says, for us, and from somebody who may write to us.
//!
//! A link proves its device now. Mail was taken from a device when that counted: a seat may be gone from the newest card
//! since, or have signed out. So mail brings the card of that time along, signed by the account, and the rendezvous says
//! when it took it: it takes nothing from a device that does not count.

use super::Core;
use crate::core::Context;
use crate::store::messages::Way;
use hutong_common::id::AccountId;
use hutong_common::message::{INNER_VERSION, Inner, To};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{Card, CardDevice, Membership, Signed};

/// How a message came.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// Over a link whose device was checked.
    Link,
    /// Left at the rendezvous at that time, with the card of its writer.
    Mail {
        /// When, Unix milliseconds.
        at_ms: u64,
        /// As it came.
        card: &'a Signed,
    },
}

impl Source<'_> {
    /// As it is kept.
    pub(super) const fn way(self) -> Way {
        match self {
            Self::Link => Way::Direct,
            Self::Mail { .. } => Way::Mail,
        }
    }

    /// When it was left at the rendezvous, Unix milliseconds.
    pub(super) const fn left_at(self) -> Option<u64> {
        match self {
            Self::Link => None,
            Self::Mail { at_ms, .. } => Some(at_ms),
        }
    }
}

impl Core {
    /// The message of `sender`, who is a contact or, for copies of what another own device wrote, oneself.
    pub(super) fn judge_message(
        &self,
        sender: AccountId,
        signed: &Signed,
        source: Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Inner, Refusal> {
        let own = self.own_proof(sender);
        let (membership, card) = match &own {
            Some((membership, card)) => (membership, card),
            None => {
                let contact = self.roster.contact(sender).ok_or(Refusal::NotContacts)?;
                (&contact.membership, &contact.card)
            }
        };
        let claimed: Inner = signed.peek_unverified().map_err(|_| Refusal::Malformed)?;
        let device = self
            .writer(&claimed, card, source, cx)
            .ok_or(Refusal::NotAllowed)?;
        let inner: Inner = signed
            .verify(&device.device_pk)
            .map_err(|_| Refusal::NotAllowed)?;
        if inner.version != INNER_VERSION {
            return Err(Refusal::Version);
        }
        let To::Account(to) = inner.to else {
            return Err(Refusal::NotMember);
        };
        let is_for_us = (Some(to) == self.session.my_account()) != own.is_some();
        if Some(inner.server_id) != self.session.server_id()
            || !is_for_us
            || inner.sender_account != sender
            || inner.seq == 0
        {
            return Err(Refusal::Malformed);
        }
        let is_gone = match source {
            Source::Link => self.is_revoked(membership, card, Some(&device.device_pk)),
            Source::Mail { at_ms, .. } => {
                self.is_revoked(membership, card, None)
                    || self.was_revoked(card, &device.device_pk, at_ms)
            }
        };
        if is_gone || !self.is_member(membership, cx) {
            return Err(Refusal::Expired);
        }
        Ok(inner)
    }

    pub(in crate::core) fn own_proof(&self, sender: AccountId) -> Option<(Membership, Card)> {
        let me = self.session.me().filter(|me| me.account == sender)?;
        let membership = me.membership.peek_unverified().ok()?;
        Some((membership, me.card.peek_unverified().ok()?))
    }

    /// The device that says it wrote this, as the account said that it counts: in the newest card, or in that of the mail.
    fn writer(
        &self,
        claimed: &Inner,
        newest: &Card,
        source: Source<'_>,
        cx: &Context<'_>,
    ) -> Option<CardDevice> {
        let at_ms = match source {
            Source::Link => self.now_ms(cx),
            Source::Mail { at_ms, .. } => at_ms,
        };
        let listed = |card: &Card| {
            let mut devices = card.devices.iter();
            let device = devices.find(|device| device.id() == claimed.sender_device)?;
            device.is_live(at_ms).then(|| device.clone())
        };
        let brought = || {
            let Source::Mail { card, .. } = source else {
                return None;
            };
            let card: Card = card.verify(&newest.account_pk).ok()?;
            let is_same = card.server_id == newest.server_id
                && card.account_id == newest.account_id
                && card.account_gen == newest.account_gen;
            listed(&card).filter(|_| is_same)
        };
        listed(newest).or_else(brought)
    }
}
