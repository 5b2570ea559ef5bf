//! Whether a message is from whom it says, for us, and from somebody who may write to us.
//!
//! A link proves its device now. Mail was taken from a device when that counted: a seat may be gone from the newest card
//! since, or have signed out. So mail brings the card of that time along, signed by the account, and the rendezvous says
//! when it took it: it takes nothing from a device that does not count.

use super::Core;
use crate::core::Context;
use crate::store::StoreError;
use crate::store::messages::Way;
use hutong_common::group::Audience;
use hutong_common::id::{AccountId, PublicKey};
use hutong_common::identity::device_id;
use hutong_common::message::{Content, GroupAddress, INNER_VERSION, Inner, SERVER, To};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::GroupEpoch;
use hutong_common::signed::{Card, CardDevice, Membership, Role, Signed};

/// How a message came.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// Over a link whose device was checked.
    Link(Way),
    /// Left at the rendezvous at that time, with the card of its writer.
    Mail {
        /// When, Unix milliseconds.
        at_ms: u64,
        /// As it came.
        card: &'a Signed,
        /// The group in which its writer was heard then, by the newest sheet of the rendezvous.
        group: Option<GroupEpoch>,
        /// Who its writer was when we saw him last, if he is none whom we know now.
        pinned: Option<&'a Proof>,
    },
}

/// What proves an account.
pub(super) type Proof = (Membership, Card);

impl<'a> Source<'a> {
    /// As it is kept.
    pub(super) const fn way(self) -> Way {
        match self {
            Self::Link(way) => way,
            Self::Mail { .. } => Way::Mail,
        }
    }

    /// Whether the rendezvous took it as mail of a group.
    const fn is_for_group(self) -> bool {
        match self {
            Self::Link(_) => false,
            Self::Mail { group, .. } => group.is_some(),
        }
    }

    /// Who the writer was when we saw him last.
    const fn pinned(self) -> Option<&'a Proof> {
        match self {
            Self::Link(_) => None,
            Self::Mail { pinned, .. } => pinned,
        }
    }

    /// The epoch of the sheet by which the rendezvous let it through.
    fn epoch(self) -> Option<u64> {
        match self {
            Self::Link(_) => None,
            Self::Mail { group, .. } => group.map(|stamp| stamp.epoch),
        }
    }

    /// When it was left at the rendezvous, Unix milliseconds.
    pub(super) const fn left_at(self) -> Option<u64> {
        match self {
            Self::Link(_) => None,
            Self::Mail { at_ms, .. } => Some(at_ms),
        }
    }
}

impl Core {
    /// The message of `sender`, who is a contact, a member of the group that it is for or, for copies of what another own
    /// device wrote, oneself.
    pub(super) fn judge_message(
        &self,
        sender: AccountId,
        signed: &Signed,
        source: Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Inner, Refusal> {
        if sender == SERVER {
            return self.judge_bulletin(signed, source, cx);
        }
        let claimed: Inner = signed.peek_unverified().map_err(|_| Refusal::Malformed)?;
        let own = self.own_proof(sender);
        let (membership, card) = match own {
            Some((membership, card)) => (membership, card),
            None => self.proof_of(sender, claimed.to, source)?,
        };
        let device = self
            .writer(&claimed, card, source, cx)
            .ok_or(Refusal::NotAllowed)?;
        let inner: Inner = signed
            .verify(&device.device_pk)
            .map_err(|_| Refusal::NotAllowed)?;
        if inner.version != INNER_VERSION {
            return Err(Refusal::Version);
        }
        if Some(inner.server_id) != self.session.server_id()
            || !self.is_for_us(inner.to, own.is_some(), source)
            || inner.sender_account != sender
            || inner.seq == 0
        {
            return Err(Refusal::Malformed);
        }
        let is_gone = match source {
            Source::Link(_) => self.is_revoked(membership, card, Some(&device.device_pk)),
            Source::Mail { at_ms, .. } => {
                self.is_revoked(membership, card, None)
                    || self.was_revoked(card, &device.device_pk, at_ms)
            }
        };
        if is_gone || !self.is_member(membership, cx) {
            return Err(Refusal::Expired);
        }
        Self::judge_content(&inner, membership)?;
        if let To::Group(address) = inner.to {
            self.judge_voice(sender, address, source, cx)?;
        }
        self.judge_by_rules(&inner, source)?;
        Ok(inner)
    }

    /// What proves a sender who may write there. Whoever left a group is heard with what he said in it before.
    fn proof_of<'a>(
        &'a self,
        sender: AccountId,
        to: To,
        source: Source<'a>,
    ) -> Result<(&'a Membership, &'a Card), Refusal> {
        let contact = match to {
            To::Account(_) => self.roster.contact(sender).ok_or(Refusal::NotContacts)?,
            To::Group(_) | To::Everyone => match (self.roster.get(sender), source.pinned()) {
                (Some(contact), _) => contact,
                (None, Some((membership, card))) if to != To::Everyone => {
                    return Ok((membership, card));
                }
                (None, _) => return Err(Refusal::NotMember),
            },
        };
        Ok((&contact.membership, &contact.card))
    }

    /// Who somebody was whom we do not know any more.
    pub(super) fn pinned(
        &self,
        sender: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<Option<Proof>, StoreError> {
        if self.roster.knows(sender) || self.roster.is_blocked(sender) {
            return Ok(None);
        }
        let Some(pin) = cx.tx.pin(sender)? else {
            return Ok(None);
        };
        let proof = (pin.membership.peek_unverified(), pin.card.peek_unverified());
        Ok(match proof {
            (Ok(membership), Ok(card)) => Some((membership, card)),
            (Err(_), _) | (_, Err(_)) => None,
        })
    }

    /// Whether that is for us, by the way by which such a thing comes.
    fn is_for_us(&self, to: To, is_own: bool, source: Source<'_>) -> bool {
        match to {
            // What the rendezvous let through as mail of a group was not judged as one person's word to another.
            To::Account(_) if source.is_for_group() => false,
            To::Account(to) => (Some(to) == self.session.my_account()) != is_own,
            To::Group(_) => true,
            // The rendezvous has no part in it.
            To::Everyone => matches!(source, Source::Link(_)),
        }
    }

    /// What the rendezvous itself announces, to all or to a group: its own key says so, and it brings that itself, as mail.
    fn judge_bulletin(
        &self,
        signed: &Signed,
        source: Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Inner, Refusal> {
        let server = self.session.server_id().ok_or(Refusal::NotSignedIn)?;
        let key = PublicKey(server.0);
        let inner: Inner = signed.verify(&key).map_err(|_| Refusal::NotAllowed)?;
        if inner.version != INNER_VERSION {
            return Err(Refusal::Version);
        }
        let is_announcement = matches!(inner.content, Content::Announcement(_));
        let is_its_own = inner.server_id == server
            && inner.sender_account == SERVER
            && inner.sender_device == device_id(&key);
        if !is_announcement || !is_its_own || matches!(source, Source::Link(_)) {
            return Err(Refusal::NotAllowed);
        }
        match inner.to {
            To::Everyone => Ok(inner),
            To::Group(address) => {
                self.judge_voice(SERVER, address, source, cx)?;
                Ok(inner)
            }
            To::Account(_) => Err(Refusal::Malformed),
        }
    }

    /// What the rules of classes let its writer say.
    fn judge_by_rules(&self, inner: &Inner, source: Source<'_>) -> Result<(), Refusal> {
        let (sender, content) = (inner.sender_account, &inner.content);
        match inner.to {
            To::Group(address) => {
                // By which rules older mail was left, nobody knows any more.
                let ours = self.groups.get(address.group).map(|sheet| sheet.epoch);
                let is_current = source.epoch().is_none_or(|epoch| ours == Some(epoch));
                let judged =
                    is_current.then(|| self.rules_let_say_in(address.group, sender, content));
                judged.unwrap_or(Ok(()))
            }
            // Of mail, the rendezvous judged it when it was left.
            To::Account(to) if matches!(source, Source::Link(_)) => {
                self.rules_let_say((sender, to), content)
            }
            To::Account(_) | To::Everyone => Ok(()),
        }
    }

    /// Only teachers and admins of the rendezvous announce, whatever they are in a group; nothing else is for everybody.
    fn judge_content(inner: &Inner, membership: &Membership) -> Result<(), Refusal> {
        let is_announcement = matches!(inner.content, Content::Announcement(_));
        if is_announcement && membership.role == Role::Member {
            return Err(Refusal::NotAllowed);
        }
        let is_for_everyone = inner.to == To::Everyone;
        let is_plain = !is_for_everyone || is_announcement;
        is_plain.then_some(()).ok_or(Refusal::NotAllowed)
    }

    /// Whether we hear `sender` in a group: by our newest sheet now; of mail, the rendezvous said it when it was left.
    fn judge_voice(
        &self,
        sender: AccountId,
        address: GroupAddress,
        source: Source<'_>,
        cx: &Context<'_>,
    ) -> Result<(), Refusal> {
        let me = self.session.my_account().ok_or(Refusal::NotSignedIn)?;
        let known = self.groups.get(address.group);
        let is_behind = known.is_none_or(|sheet| sheet.epoch < address.epoch);
        if is_behind && matches!(source, Source::Link(_)) {
            // We have not heard what the writer knows of the group, perhaps not even that it is ours: by mail it is judged by
            // who has.
            return Err(Refusal::Busy { retry_ms: 0 });
        }
        let sheet = known.ok_or(Refusal::NotMember)?;
        match source {
            Source::Mail { group, .. } => {
                // Whoever came later does not hear what was said before. Epochs are never behind the time.
                let joined_ms = sheet.member(me).map(|member| member.joined_ms);
                let was_there = |stamp: GroupEpoch| joined_ms.is_some_and(|at| at <= stamp.epoch);
                let stamp = group.filter(|stamp| stamp.group == address.group);
                let is_for_us = stamp.is_some_and(was_there);
                is_for_us.then_some(()).ok_or(Refusal::NotMember)
            }
            Source::Link(_) => {
                let audience: Audience = sheet.hears(sender, self.now_ms(cx))?;
                let hears = sheet.is_heard_by(audience, me) || sender == me;
                hears.then_some(()).ok_or(Refusal::NotAllowed)
            }
        }
    }

    pub(in crate::core) fn own_proof(&self, sender: AccountId) -> Option<&Proof> {
        self.session.me().filter(|me| me.account == sender)?;
        self.session.proof()
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
            Source::Link(_) => self.now_ms(cx),
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
