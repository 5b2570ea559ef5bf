//! Relayed sessions: asked for where no direct way answers, joined when somebody else asked, and given to the links that need
//! them. The rendezvous is believed in nothing but where the bytes go: who is on the other end, the link inside proves.

use super::Core;
use super::ways::needs_relay;
use crate::api::PathWhy;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome};
use crate::core::io::{LinkId, LinkOutput, Output, RelayInput, RelayJoin, RelayOutput};
use crate::core::timers::Timer;
use crate::store::StoreError;
use hutong_common::id::{AccountId, DeviceId, RelaySession};
use hutong_common::limits::{LINKS_MAX, RELAY_AFTER_MS, RELAY_OPENS_MAX, RELAY_OPENS_WITHIN_MS};
use hutong_common::relay_join::JoinKey;
use hutong_common::rpc::friends::Relation;
use hutong_common::rpc::relay::{RelayAsk, RelayInvited, RelayTicket};
use hutong_common::rpc::{Reply, Request};
use hutong_common::wrap::frames::{Role, Secret};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A session that was granted.
#[derive(Clone, Copy, Debug)]
struct Relayed {
    account: AccountId,
    device: DeviceId,
    role: Role,
    /// Whether the other end is there.
    is_up: bool,
}

/// All sessions of this device.
#[derive(Debug, Default)]
pub(super) struct Relays {
    sessions: BTreeMap<RelaySession, Relayed>,
    asking: BTreeSet<(AccountId, DeviceId)>,
    /// When sessions to a device were asked for, lately.
    asked_ms: BTreeMap<DeviceId, VecDeque<u64>>,
    /// Why a device was last reached by relay.
    why: BTreeMap<DeviceId, PathWhy>,
}

impl Relays {
    /// Whether a session to somebody is on its way.
    pub(super) fn is_coming(&self, account: AccountId) -> bool {
        let mut sessions = self.sessions.values();
        self.asking.iter().any(|(of, _)| *of == account)
            || sessions.any(|one| one.account == account && !one.is_up)
    }

    fn with(&self, device: DeviceId) -> Option<(RelaySession, Relayed)> {
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|(_, one)| one.device == device)?;
        Some((*found.0, *found.1))
    }

    /// Whether one more may be asked for; notes it.
    fn may_ask(&mut self, device: DeviceId, now_ms: u64) -> bool {
        self.asked_ms.retain(|_, times| {
            times.retain(|at_ms| at_ms + RELAY_OPENS_WITHIN_MS > now_ms);
            !times.is_empty()
        });
        let times = self.asked_ms.entry(device).or_default();
        let may = times.len() < RELAY_OPENS_MAX;
        if may {
            times.push_back(now_ms);
        }
        may
    }
}

impl Core {
    /// The relay is thought of when direct dials have had their time.
    pub(super) fn relay_later(&mut self, account: AccountId, cx: &Context<'_>) {
        let at_ms = cx.now.mono_ms + RELAY_AFTER_MS;
        self.timers.set_earlier(Timer::Relay(account), at_ms);
    }

    /// Direct dials have had their time: devices that are there and did not answer are reached by relay.
    pub(in crate::core) fn relay_due(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut devices = self.links.dialling.devices_there(account);
        devices.extend(
            self.links_to(account)
                .iter()
                .filter_map(|link| self.device_of(*link)),
        );
        for device in devices {
            let link = self.link_to_device(account, device);
            let why = match link {
                Some(_) => PathWhy::Silent,
                None => PathWhy::NoAnswer,
            };
            self.want_relay((account, device), why, cx)?;
        }
        Ok(())
    }

    /// The rendezvous is there again: what waited for a relay gets one.
    pub(in crate::core) fn relay_again(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let links = self.links.links.values();
        let silent = links.filter(|link| needs_relay(link.path));
        let silent: Vec<(AccountId, DeviceId)> = silent
            .filter_map(|link| Some((link.peer?, link.device())))
            .collect();
        for device in silent {
            self.want_relay(device, PathWhy::Silent, cx)?;
        }
        Ok(())
    }

    /// Asks for a session with a device, unless there is one, or a link that needs none. Sessions are for friends and for private
    /// words and files: a whole class that is busy for a moment asks for none.
    pub(super) fn want_relay(
        &mut self,
        (account, device): (AccountId, DeviceId),
        why: PathWhy,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let link = self.link_to_device(account, device);
        let is_needed = link.is_none_or(|link| self.is_silent(link));
        let Some(contact) = self.roster.get(account) else {
            return Ok(());
        };
        let is_friend = contact.row.relation == Relation::Friend;
        if !is_needed || !self.session.is_online() {
            return Ok(());
        }
        if !is_friend && !self.is_link_wanted(account, cx)? {
            return Ok(());
        }
        let relays = &mut self.links.relays;
        relays.why.insert(device, why);
        if let Some((session, one)) = relays.with(device) {
            if one.is_up {
                self.use_relay(session, cx);
            }
            return Ok(());
        }
        if relays.asking.contains(&(account, device)) {
            return Ok(());
        }
        if relays.sessions.len() >= LINKS_MAX || !relays.may_ask(device, cx.now.mono_ms) {
            self.relay_again_later(account, cx);
        } else {
            relays.asking.insert((account, device));
            let ask = RelayAsk { account, device };
            self.ask(Asked::Relay(ask), Request::RelayOpen(ask), cx);
        }
        Ok(())
    }

    pub(in crate::core) fn relay_granted(
        &mut self,
        ask: RelayAsk,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let RelayAsk { account, device } = ask;
        self.links.relays.asking.remove(&(account, device));
        match outcome {
            Ok(Reply::RelayTicket(ticket)) => self.join_relay((account, device), ticket, cx),
            Ok(_) | Err(_) => {
                self.relay_again_later(account, cx);
                self.dials_ended(account, cx)
            }
        }
    }

    /// There is no session now: one is asked for again when that may help.
    fn relay_again_later(&mut self, account: AccountId, cx: &Context<'_>) {
        let at_ms = cx.now.mono_ms + RELAY_OPENS_WITHIN_MS / RELAY_OPENS_MAX as u64;
        self.timers.set_earlier(Timer::Relay(account), at_ms);
    }

    /// Somebody wants a session with us; who is no contact of ours waits for nothing.
    pub(in crate::core) fn relay_invited(
        &mut self,
        invited: RelayInvited,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let RelayInvited {
            account,
            device,
            ticket,
        } = invited;
        if self.pin_of(account, device, cx).is_none() {
            tracing::debug!(%account, "a session with nobody we know is not joined");
            return Ok(());
        }
        if self.links.relays.sessions.len() >= 2 * LINKS_MAX {
            return Ok(());
        }
        self.join_relay((account, device), ticket, cx)
    }

    fn join_relay(
        &mut self,
        (account, device): (AccountId, DeviceId),
        ticket: RelayTicket,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (Some(exporter), Some(host)) = (self.session.relay_exporter(), self.session.host())
        else {
            return Ok(());
        };
        let (session, role) = (ticket.session, ticket.role);
        let relays = &mut self.links.relays;
        if relays.sessions.contains_key(&session) {
            return Ok(());
        }
        // The rendezvous has one session for a pair: the one before is over, whether or not we know it.
        let before = relays.with(device).map(|(session, _)| session);
        relays.sessions.insert(
            session,
            Relayed {
                account,
                device,
                role,
                is_up: false,
            },
        );
        let join = RelayJoin {
            session,
            role,
            secret: Secret::new(session, ticket.secret),
            key: JoinKey::new(&exporter, session, role),
            host,
        };
        cx.out
            .push(Output::Relay(RelayOutput::Join(Box::new(join))));
        match before {
            Some(before) => self.leave_relay(before, cx),
            None => Ok(()),
        }
    }

    fn leave_relay(
        &mut self,
        session: RelaySession,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        cx.out.push(Output::Relay(RelayOutput::Leave { session }));
        self.relay_down(session, cx)
    }

    pub(in crate::core) fn on_relay(
        &mut self,
        input: RelayInput,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match input {
            RelayInput::Up { session } => {
                if let Some(one) = self.links.relays.sessions.get_mut(&session) {
                    one.is_up = true;
                    self.use_relay(session, cx);
                }
                Ok(())
            }
            RelayInput::Down { session } => self.relay_down(session, cx),
        }
    }

    fn relay_down(
        &mut self,
        session: RelaySession,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(gone) = self.links.relays.sessions.remove(&session) else {
            return Ok(());
        };
        let Relayed {
            account, device, ..
        } = gone;
        // A link that went by it may have said so before, when the session still seemed to be up.
        let link = self.link_to_device(account, device);
        if link.is_some_and(|link| self.is_silent(link)) {
            self.want_relay((account, device), PathWhy::Silent, cx)?;
        }
        self.dials_ended(account, cx)
    }

    /// Gives a session to the links of its device; where there is none, whoever opened the session dials over it.
    fn use_relay(&mut self, session: RelaySession, cx: &mut Context<'_>) {
        let Some(&one) = self.links.relays.sessions.get(&session) else {
            return;
        };
        let links: Vec<LinkId> = self.links_of_device(one.account, one.device).collect();
        for link in &links {
            let link = *link;
            cx.out
                .push(Output::Link(LinkOutput::Attach { link, session }));
        }
        if links.is_empty() && one.role == Role::Opener {
            self.dial_over(one.account, one.device, session, cx);
        }
    }

    /// A link that just came to be takes the session that its device has.
    pub(super) fn relay_for_link(&self, link: LinkId, device: DeviceId, cx: &mut Context<'_>) {
        if let Some((session, one)) = self.links.relays.with(device)
            && one.is_up
        {
            cx.out
                .push(Output::Link(LinkOutput::Attach { link, session }));
        }
    }

    /// Why the packets of a link go by relay.
    pub(super) fn why_relayed(&self, device: DeviceId) -> PathWhy {
        let why = self.links.relays.why.get(&device);
        why.copied().unwrap_or(PathWhy::NoAnswer)
    }

    /// Nothing is relayed to or from somebody any more.
    pub(super) fn close_relays_of(&mut self, account: AccountId, cx: &mut Context<'_>) {
        self.timers.cancel(Timer::Relay(account));
        let relays = &mut self.links.relays;
        relays.asking.retain(|(of, _)| *of != account);
        relays.sessions.retain(|session, one| {
            let session = *session;
            if one.account == account {
                cx.out.push(Output::Relay(RelayOutput::Leave { session }));
            }
            one.account != account
        });
    }
}

#[cfg(test)]
mod tests;
