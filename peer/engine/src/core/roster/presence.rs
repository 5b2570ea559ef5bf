//! Who is there and by which way: the rendezvous' word on who is connected, together with our own links.

use super::Core;
use crate::api::Path;
use crate::api::event::{Event, Presence as PresenceEvent};
use crate::core::Context;
use crate::store::StoreError;
use hutong_common::id::{AccountId, DeviceId};
use std::net::SocketAddr;

/// What is told of who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    pub(super) online: bool,
    pub(super) away: bool,
    pub(super) path: Path,
}

impl Core {
    pub(in crate::core) fn presence_pushed(
        &mut self,
        account: AccountId,
        online: bool,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(contact) = self.roster.contacts.get_mut(&account) else {
            return Ok(());
        };
        let came = online && !contact.online;
        contact.online = online;
        contact.away &= online;
        self.tell_presence(account, cx);
        if came {
            if self.is_link_wanted(account, cx)? {
                self.want_link(account, cx)?;
            }
            self.pump(account, cx)?;
        }
        Ok(())
    }

    /// The rendezvous is gone, and with it its word on who is there.
    pub(in crate::core) fn server_lost(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.stop_mail(cx);
        let accounts: Vec<AccountId> = self.roster.contacts.keys().copied().collect();
        for account in accounts {
            if let Some(contact) = self.roster.contacts.get_mut(&account) {
                contact.online = false;
            }
            self.tell_presence(account, cx);
        }
        Ok(())
    }

    /// How a message to somebody would go now.
    pub(in crate::core) fn presence_of(&self, account: AccountId) -> (bool, Path) {
        let by_link = self.path_to(account);
        let path = match by_link {
            Some((path, _)) => path,
            None if self.session.is_online() => Path::Mail,
            None => Path::None,
        };
        let online = by_link.is_some() || self.roster.is_online(account);
        (online, path)
    }

    /// The rendezvous says whether a contact is away.
    pub(in crate::core) fn away_told(
        &mut self,
        account: AccountId,
        away: bool,
        cx: &mut Context<'_>,
    ) {
        if let Some(contact) = self.roster.contacts.get_mut(&account) {
            contact.away = away;
            self.tell_presence(account, cx);
        }
    }

    /// Whether somebody who is there is away, as far as the rendezvous told.
    pub(super) fn is_away(&self, account: AccountId, online: bool) -> bool {
        let contact = self.roster.contacts.get(&account);
        online && contact.is_some_and(|contact| contact.away)
    }

    /// Tells who is there and by which way, when that changed.
    pub(in crate::core) fn tell_presence(&mut self, account: AccountId, cx: &mut Context<'_>) {
        let (online, path) = self.presence_of(account);
        let away = self.is_away(account, online);
        let now = Presence { online, away, path };
        let rtt_us = self.round_trip_us(account);
        let why = self.path_to(account).and_then(|(_, why)| why);
        let remark = self.roster.remark_of(account);
        let Some(contact) = self.roster.contacts.get_mut(&account) else {
            return;
        };
        if contact.told == Some(now) || (contact.told.is_none() && !online) {
            return;
        }
        contact.told = Some(now);
        cx.event(Event::Presence(PresenceEvent {
            user: contact.row.login.to_string(),
            remark,
            online,
            away,
            path,
            rtt_us,
            why,
        }));
    }

    /// Of somebody who is about to be no contact any more, nothing more is seen.
    pub(super) fn tell_gone(&mut self, account: AccountId, cx: &mut Context<'_>) {
        if let Some(contact) = self.roster.contacts.get_mut(&account) {
            contact.online = false;
            self.tell_presence(account, cx);
        }
    }

    /// Where a device of a contact answered, for the next dial.
    pub(in crate::core) fn remember_answer(
        &mut self,
        account: AccountId,
        device: DeviceId,
        at: SocketAddr,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(contact) = self.roster.contacts.get_mut(&account) else {
            return Ok(());
        };
        if contact.row.answered_at.insert(device, at) == Some(at) {
            return Ok(());
        }
        let card = &contact.card;
        contact
            .row
            .answered_at
            .retain(|known, _| card.devices.iter().any(|device| device.id() == *known));
        cx.tx.put_contact(account, &contact.row)
    }
}
