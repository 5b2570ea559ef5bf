//! Raised hands: in the order in which they went up, told to the admins of the group.
//!
//! They are kept in memory only and end with this run of the program. A hand goes down by itself when its member leaves the
//! group, or is not connected for [`HAND_KEPT_MS`].

use super::inside;
use crate::service::{Addressed, Answer, Context, Outcome, Service, SignedIn};
use crate::sessions::Recipient;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::List;
use hutong_common::group::GroupRole;
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::HAND_KEPT_MS;
use hutong_common::push::{HandsChanged, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::classroom::{Hand, HandAsk, HandDeed};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

#[derive(Clone, Copy, Debug)]
struct Raised {
    hand: Hand,
    /// Since when its member was found not to be connected.
    gone_ms: Option<u64>,
}

/// All raised hands; a group without any is not in it.
#[derive(Debug, Default)]
pub(in crate::service) struct RaisedHands(BTreeMap<GroupId, Vec<Raised>>);

impl RaisedHands {
    fn in_group(&self, group: GroupId) -> impl Iterator<Item = Hand> {
        let raised = self.0.get(&group).into_iter().flatten();
        raised.map(|raised| raised.hand)
    }

    /// Raises a hand at the end of the row; says whether it was down.
    fn raise(&mut self, group: GroupId, hand: Hand) -> bool {
        let is_down = self
            .in_group(group)
            .all(|known| known.account != hand.account);
        if is_down {
            let gone_ms = None;
            let raised = Raised { hand, gone_ms };
            self.0.entry(group).or_default().push(raised);
        }
        is_down
    }

    /// Keeps those hands of a group that are to stay; says whose went down.
    fn keep(
        &mut self,
        group: GroupId,
        mut stays: impl FnMut(&mut Raised) -> bool,
    ) -> Vec<AccountId> {
        let mut lowered = Vec::new();
        if let Some(raised) = self.0.get_mut(&group) {
            raised.retain_mut(|raised| {
                let stays = stays(raised);
                lowered.extend((!stays).then_some(raised.hand.account));
                stays
            });
            if raised.is_empty() {
                self.0.remove(&group);
            }
        }
        lowered
    }
}

impl Service {
    fn raised(&self) -> MutexGuard<'_, RaisedHands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::service) fn hand(
        &self,
        own: SignedIn,
        HandAsk { group, deed }: HandAsk,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (_, me) = inside(own.account, group, cx.tx)?;
        let whose = match deed {
            HandDeed::Raise | HandDeed::Lower => Some(own.account),
            HandDeed::LowerOf(account) => Some(account),
            HandDeed::LowerAll => None,
        };
        if whose != Some(own.account) && me.role < GroupRole::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        let changed = if deed == HandDeed::Raise {
            let (account, at_ms) = (own.account, cx.now_ms);
            let is_new = self.raised().raise(group, Hand { account, at_ms });
            if is_new { vec![account] } else { Vec::new() }
        } else {
            let is_other = |raised: &mut Raised| whose.is_some_and(|of| raised.hand.account != of);
            self.raised().keep(group, is_other)
        };
        let pushes = hands_changed(group, changed, cx.tx)?;
        Ok(Outcome::done().pushing(pushes))
    }

    pub(in crate::service) fn list_hands(
        &self,
        own: SignedIn,
        group: GroupId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (_, me) = inside(own.account, group, cx.tx)?;
        let sees = |hand: &Hand| me.role >= GroupRole::Admin || hand.account == own.account;
        let hands = List::truncated(self.raised().in_group(group).filter(sees));
        Ok(Outcome::of(Reply::Hands(hands)))
    }

    /// Lowers the hands of those who are out of a group, or of everybody where it is dissolved. Its sheet tells the others.
    pub(super) fn hands_leave(&self, group: GroupId, gone: Option<&[AccountId]>) {
        let stays =
            |raised: &mut Raised| gone.is_some_and(|gone| !gone.contains(&raised.hand.account));
        self.raised().keep(group, stays);
    }

    /// Lowers the hands of those who did not come back.
    pub(in crate::service) fn hands_of_the_gone(
        &self,
        cx: &Context<'_>,
    ) -> Result<Vec<Addressed>, StoreError> {
        let mut hands = self.raised();
        let groups: Vec<GroupId> = hands.0.keys().copied().collect();
        let mut pushes = Vec::new();
        for group in groups {
            let lowered = hands.keep(group, |raised| {
                if self.presence.is_online(raised.hand.account) {
                    raised.gone_ms = None;
                    return true;
                }
                let gone_ms = *raised.gone_ms.get_or_insert(cx.now_ms);
                cx.now_ms.saturating_sub(gone_ms) < HAND_KEPT_MS
            });
            pushes.extend(hands_changed(group, lowered, cx.tx)?);
        }
        Ok(pushes)
    }
}

/// The admins are told, and those whose hands they are.
fn hands_changed(
    group: GroupId,
    changed: Vec<AccountId>,
    tx: &Tx,
) -> Result<Vec<Addressed>, StoreError> {
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let mut told: BTreeSet<AccountId> = changed.into_iter().collect();
    let members = tx.group_members(group)?.into_iter();
    told.extend(
        members
            .filter(|(_, member)| member.role >= GroupRole::Admin)
            .map(|(account, _)| account),
    );
    let push = |account| {
        let push = Push::HandsChanged(HandsChanged { group });
        (Recipient::Account(account), push)
    };
    Ok(told.into_iter().map(push).collect())
}
