//! Whose word is believed: memberships by the pinned rendezvous, cards by the account's key, never an older one again.
//!
//! Used for contacts told by the rendezvous, for the Hello of a peer, and for the card that comes with mail.

use super::Core;
use crate::api::event::ContactChange;
use crate::core::Context;
use crate::store::StoreError;
use hutong_common::id::{AccountId, PublicKey};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{Card, Membership, Signed};
use std::cmp::Ordering;

impl Core {
    /// The checks that need no acquaintance: signatures, windows, and that the two belong together. What is known byte for
    /// byte was signed when it was taken in; in a class that is nearly everything that is told.
    pub(in crate::core) fn judge_proof(
        &self,
        membership: &Signed,
        card: &Signed,
        cx: &Context<'_>,
    ) -> Result<(Membership, Card), Refusal> {
        let server = self.session.server_id().ok_or(Refusal::NotSignedIn)?;
        let claimed: Card = card.peek_unverified().map_err(|_| Refusal::Malformed)?;
        let known = self.roster.contacts.get(&claimed.account_id);
        let known = known.filter(|known| {
            known.row.card == *card
                && known.row.membership == *membership
                && known.membership.server_id == server
        });
        let (membership, card) = match known {
            Some(known) => (known.membership.clone(), claimed),
            None => {
                let card: Card = card
                    .verify(&claimed.account_pk)
                    .map_err(|_| Refusal::NotAllowed)?;
                let membership: Membership = membership
                    .verify(&server.public_key())
                    .map_err(|_| Refusal::NotAllowed)?;
                (membership, card)
            }
        };
        let belong_together = membership.server_id == server
            && card.server_id == server
            && membership.account_id == card.account_id
            && membership.account_pk == card.account_pk
            && membership.account_gen == card.account_gen;
        if !belong_together {
            return Err(Refusal::NotAllowed);
        }
        if !membership.is_accepted(self.now_ms(cx)) {
            return Err(Refusal::Expired);
        }
        Ok((membership, card))
    }

    /// Whether the rendezvous took back the membership, the card or the device.
    pub(in crate::core) fn is_revoked(
        &self,
        membership: &Membership,
        card: &Card,
        device: Option<&PublicKey>,
    ) -> bool {
        let Some(list) = self.revocations() else {
            return false;
        };
        list.entries
            .iter()
            .filter(|entry| entry.account_id == card.account_id)
            .any(|entry| {
                let gone = |key| {
                    entry
                        .gone
                        .contains(&hutong_common::identity::device_id(key))
                };
                membership.serial < entry.min_serial
                    || card.version < entry.min_card_version
                    || device.is_some_and(gone)
            })
    }

    /// Whether a device was taken back before the rendezvous took mail from it. Mail of a device that signs out afterwards
    /// is as good as it was: that the device still counted then is the word of the rendezvous, like the time itself.
    pub(in crate::core) fn was_revoked(
        &self,
        card: &Card,
        device: &PublicKey,
        deposited_ms: u64,
    ) -> bool {
        let id = hutong_common::identity::device_id(device);
        self.revocations().is_some_and(|list| {
            list.entries.iter().any(|entry| {
                entry.account_id == card.account_id
                    && entry.gone.contains(&id)
                    && entry.at_ms < deposited_ms
            })
        })
    }

    /// Takes a contact's membership and card in when they are newer than what is known. `Ok(Err)` when they contradict it.
    pub(in crate::core) fn take_proof(
        &mut self,
        membership: &Signed,
        card: &Signed,
        cx: &mut Context<'_>,
    ) -> Result<Result<AccountId, Refusal>, StoreError> {
        let (new_membership, new_card) = match self.judge_proof(membership, card, cx) {
            Ok(judged) => judged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let account = new_membership.account_id;
        let Some(known) = self.roster.contacts.get_mut(&account) else {
            return Ok(Err(Refusal::NotContacts));
        };
        let age = match age(&known.membership, &known.card, &new_membership, &new_card) {
            Ok(age) => age,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if age == Ordering::Equal && known.row.card.body() != card.body() {
            tracing::warn!(%account, version = new_card.version, "two cards of one version");
            return Ok(Err(Refusal::Conflict));
        }
        let key_changed = new_card.account_gen > known.card.account_gen;
        let key_before = known.membership.account_pk;
        let role_before = known.membership.role;
        let mut changed = false;
        if age == Ordering::Greater {
            known.row.card = card.clone();
            known.card = new_card;
            changed = true;
        }
        // The word on a new key belongs to it, whatever its number.
        if key_changed || new_membership.serial > known.membership.serial {
            known.row.membership = membership.clone();
            known.membership = new_membership;
            changed = true;
        }
        let role_changed = known.membership.role != role_before;
        if changed {
            cx.tx.put_contact(account, &known.row)?;
            self.links_forget_tags();
        }
        if key_changed {
            self.key_changed(account, key_before, cx)?;
        }
        if role_changed {
            self.tell_contact(account, ContactChange::Changed, cx);
        }
        if changed {
            self.drop_void_links(cx)?;
        }
        Ok(Ok(account))
    }

    /// Takes a newer card of a contact whose membership is known, as mail brings it; an older one changes nothing.
    pub(in crate::core) fn take_card(
        &mut self,
        account: AccountId,
        card: &Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(known) = self.roster.contacts.get(&account) else {
            return Ok(());
        };
        if known.row.card == *card {
            return Ok(());
        }
        let membership = known.row.membership.clone();
        if let Err(why) = self.take_proof(&membership, card, cx)? {
            tracing::debug!(%account, %why, "a card is not taken");
        }
        Ok(())
    }
}

/// Whether the new card is newer than the known one; another account key counts only with a higher generation.
fn age(
    known_membership: &Membership,
    known: &Card,
    new_membership: &Membership,
    new: &Card,
) -> Result<Ordering, Refusal> {
    match new.account_gen.cmp(&known.account_gen) {
        Ordering::Less => Err(Refusal::NotAllowed),
        Ordering::Greater => Ok(Ordering::Greater),
        Ordering::Equal
            if new_membership.account_pk != known_membership.account_pk
                || new_membership.login != known_membership.login =>
        {
            Err(Refusal::NotAllowed)
        }
        Ordering::Equal => Ok(new.version.cmp(&known.version)),
    }
}
