//! Who of a group is there, since when and where: for its admins, from what is connected now.

use super::inside;
use crate::service::devices::parsed;
use crate::service::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::group::GroupRole;
use hutong_common::id::{AccountId, GroupId};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::classroom::{Attendee, Seat};

impl Service {
    pub(in crate::service) fn attendance(
        &self,
        own: SignedIn,
        group: GroupId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (_, me) = inside(own.account, group, cx.tx)?;
        if me.role < GroupRole::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        let mut attendees = Vec::new();
        for (account, _) in cx.tx.group_members(group)? {
            // Whoever blocks somebody is not seen by him, in a group either.
            let seat = if cx.tx.blocks(account, own.account)? {
                None
            } else {
                self.seat_of(account, cx)?
            };
            attendees.push(Attendee { account, seat });
        }
        let attendance = List::truncated(attendees);
        Ok(Outcome::of(Reply::Attendance(attendance)))
    }

    fn seat_of(&self, account: AccountId, cx: &Context<'_>) -> Result<Option<Seat>, StoreError> {
        let connected = self.presence.since(account);
        let newest = connected.iter().max_by_key(|(_, since_ms)| **since_ms);
        let (Some((newest, _)), Some(since_ms)) = (newest, connected.values().min()) else {
            return Ok(None);
        };
        let card = parsed(&promised(cx.tx.card(account)?, "cards")?)?;
        let device = card.devices.iter().find(|device| device.id() == *newest);
        Ok(device.map(|device| Seat {
            since_ms: *since_ms,
            label: device.label.clone(),
            kind: device.kind,
        }))
    }
}
