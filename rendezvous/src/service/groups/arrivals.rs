//! Who comes into a large group is told to its members together: told one by one, a class of a thousand that fills up would
//! fetch a thousand sheets a thousand times.
//!
//! The first arrival is told at once, the next ones after a pause that grows with the group, so that what a second costs the
//! rendezvous stays the same. Whoever comes in is told at once, and so is everybody of any other change. What waits is kept in
//! memory: a client that missed it has the newest sheet when it signs in.

use super::{Edit, changed};
use crate::service::{Addressed, Context, Service};
use crate::store::groups::GroupRow;
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{ARRIVALS_PAUSE_PER_MEMBER_MS, TOLD_AT_ONCE_MAX};
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

/// When a group's members were told last, and whether somebody has come in since.
#[derive(Clone, Copy, Debug)]
struct Told {
    at_ms: u64,
    waits: bool,
}

/// Large groups into which somebody came lately.
#[derive(Debug, Default)]
pub(in crate::service) struct Arrivals(BTreeMap<GroupId, Told>);

const fn pause_ms(members: usize) -> u64 {
    (members as u64).saturating_mul(ARRIVALS_PAUSE_PER_MEMBER_MS)
}

/// Whether an edit does nothing but let people in. Asked before it is written.
pub(super) fn is_arrival(group: GroupId, edit: &Edit, tx: &Tx) -> Result<bool, StoreError> {
    let is_plain = edit.gone.is_empty() && edit.picture.is_none() && !edit.members.is_empty();
    let before: Option<GroupRow> = tx.group(group)?;
    if !is_plain || before.as_ref() != Some(&edit.row) {
        return Ok(false);
    }
    for (account, _) in &edit.members {
        if tx.group_member(group, *account)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Service {
    fn arrivals(&self) -> MutexGuard<'_, Arrivals> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all members of a group are told of its new sheet now; else they are when the pause is over.
    pub(super) fn tells_all(
        &self,
        (group, members): (GroupId, usize),
        is_arrival: bool,
        now_ms: u64,
    ) -> bool {
        let mut arrivals = self.arrivals();
        if members <= TOLD_AT_ONCE_MAX {
            arrivals.0.remove(&group);
            return true;
        }
        let told = arrivals.0.get_mut(&group);
        match told {
            Some(told) if is_arrival && now_ms.saturating_sub(told.at_ms) < pause_ms(members) => {
                told.waits = true;
                false
            }
            Some(_) | None => {
                let (at_ms, waits) = (now_ms, false);
                arrivals.0.insert(group, Told { at_ms, waits });
                true
            }
        }
    }

    /// Whether members of a group wait to be told: ask for [`Service::tell_arrivals`] again and again while it is so.
    pub fn arrivals_wait(&self) -> bool {
        self.arrivals().0.values().any(|told| told.waits)
    }

    /// Tells members who came in, where the pause is over. To be called every
    /// [`hutong_common::limits::ARRIVALS_INTERVAL_MS`] while somebody waits; only reads.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tell_arrivals(&self, cx: &Context<'_>) -> Result<Vec<Addressed>, StoreError> {
        let mut arrivals = self.arrivals();
        let mut pushes = Vec::new();
        let known: Vec<(GroupId, Told)> =
            arrivals.0.iter().map(|(of, told)| (*of, *told)).collect();
        for (group, told) in known {
            let members = cx.tx.group_members(group)?;
            if cx.now_ms.saturating_sub(told.at_ms) < pause_ms(members.len()) {
                continue;
            }
            let Some(row) = cx.tx.group(group)?.filter(|_| told.waits) else {
                arrivals.0.remove(&group);
                continue;
            };
            let (at_ms, waits) = (cx.now_ms, false);
            arrivals.0.insert(group, Told { at_ms, waits });
            let accounts = members
                .into_iter()
                .map(|(account, _): (AccountId, _)| account);
            pushes.extend(accounts.map(|account| changed(account, group, row.epoch)));
        }
        Ok(pushes)
    }
}
