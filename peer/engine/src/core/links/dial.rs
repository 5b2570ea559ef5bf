//! When to dial and where: contacts with a recent conversation, new contacts, and whoever a message or file waits for.
//!
//! Dials end in a checked Hello or at their time limit; an account that did not answer is tried again, ever more rarely,
//! as long as the link is wanted.

use super::Core;
use crate::api::PathWhy;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome};
use crate::core::io::{LinkId, LinkOutput, Output};
use crate::core::timers::Timer;
use crate::paths::PeerAddr;
use crate::store::StoreError;
use hutong_common::id::{AccountId, DeviceId, PublicKey, RelaySession};
use hutong_common::limits::{
    DIAL_TIMEOUT_MS, DIALS_MAX, DIALS_PER_DEVICE_MAX, LINKS_MAX, RECENT_CONVERSATION_MS,
    REDIAL_DELAY_MS_MAX, REDIAL_DELAY_MS_MIN, RETRY_JITTER_PERCENT,
};
use hutong_common::rpc::presence::Introduction;
use hutong_common::rpc::{Reply, Request};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// One attempt.
#[derive(Debug)]
struct Dial {
    account: AccountId,
    device: DeviceId,
    to: PeerAddr,
}

/// The attempts.
#[derive(Debug, Default)]
pub(super) struct Dialling {
    last: u64,
    dials: BTreeMap<LinkId, Dial>,
    /// Accounts about whose addresses the rendezvous was asked.
    asking: BTreeSet<AccountId>,
    failures: BTreeMap<AccountId, u32>,
    /// Where devices may be reached, as the rendezvous or they themselves said last.
    pub(super) heard: BTreeMap<(AccountId, DeviceId), Vec<SocketAddr>>,
    pub(super) tags: super::candidates::Tags,
}

impl Dialling {
    /// Devices of an account that are said to be there.
    pub(super) fn devices_there(&self, account: AccountId) -> Vec<DeviceId> {
        let heard = self.heard.keys();
        let of_account = heard.filter(|(of, _)| *of == account);
        of_account.map(|(_, device)| *device).collect()
    }
}

impl Core {
    pub(super) fn dialled_account(&self, link: LinkId) -> Option<AccountId> {
        Some(self.links.dialling.dials.get(&link)?.account)
    }

    /// Whether a dial to the account is under way or being prepared.
    pub(in crate::core) fn is_dialling(&self, account: AccountId) -> bool {
        let dialling = &self.links.dialling;
        dialling.asking.contains(&account)
            || dialling.dials.values().any(|dial| dial.account == account)
            || self.links.relays.is_coming(account)
    }

    /// Whether there is a reason to keep a link: talk of late, or something that waits.
    pub(in crate::core) fn is_link_wanted(
        &self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        if self.has_reason_to_dial(account) || self.transfers.wants_link(account) {
            return Ok(true);
        }
        let active_ms = cx.tx.conversation(account)?.active_ms;
        let is_recent = active_ms.saturating_add(RECENT_CONVERSATION_MS) > self.now_ms(cx);
        Ok(is_recent && self.roster.is_online(account))
    }

    /// Begins to dial every device of a contact, unless that is under way or there are links enough.
    pub(in crate::core) fn want_link(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let has_udp = self.session.udp_port().is_some();
        let possible = (has_udp || self.session.is_online())
            && self.session.keys().is_some()
            && self.roster.get(account).is_some()
            && !self.has_link(account)
            && !self.is_dialling(account)
            && !self.timers.is_set(Timer::Redial(account))
            && self.links.live.len() < LINKS_MAX;
        if !possible {
            return Ok(());
        }
        if self.session.is_online() && self.roster.is_online(account) {
            self.links.dialling.asking.insert(account);
            self.ask(Asked::Introduce(account), Request::Introduce(account), cx);
            self.relay_later(account, cx);
        }
        self.dial_known(account, cx)
    }

    /// Dials where the devices of a contact were seen, heard of, or are said to be by a person.
    pub(super) fn dial_known(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(contact) = self.roster.get(account) else {
            return Ok(());
        };
        let now_ms = self.now_ms(cx);
        let devices: Vec<DeviceId> = contact
            .card
            .devices
            .iter()
            .filter(|device| device.is_live(now_ms))
            .map(hutong_common::signed::CardDevice::id)
            .collect();
        let answered_at = contact.row.answered_at.clone();
        for device in devices {
            let mut to = self.config.static_peers.clone();
            to.extend(self.found_at(account, device, cx));
            to.extend(answered_at.get(&device));
            self.dial(account, device, &to, cx);
        }
        Ok(())
    }

    /// Dials a device at some addresses.
    fn dial(
        &mut self,
        account: AccountId,
        device: DeviceId,
        to: &[SocketAddr],
        cx: &mut Context<'_>,
    ) {
        if self.session.udp_port().is_none() || self.link_to_device(account, device).is_some() {
            return;
        }
        let Some(pin) = self.pin_of(account, device, cx) else {
            return;
        };
        for &to in to {
            let dials = &self.links.dialling.dials;
            let of_device = dials.values().filter(|dial| dial.device == device);
            if of_device.count() < DIALS_PER_DEVICE_MAX && dials.len() < DIALS_MAX {
                self.begin_dial((account, device, pin), PeerAddr::Direct(to), cx);
            }
        }
    }

    /// Dials a device over a session of which it is the other end.
    pub(super) fn dial_over(
        &mut self,
        account: AccountId,
        device: DeviceId,
        session: RelaySession,
        cx: &mut Context<'_>,
    ) {
        if let Some(pin) = self.pin_of(account, device, cx) {
            self.begin_dial((account, device, pin), PeerAddr::Relay(session), cx);
        }
    }

    fn begin_dial(
        &mut self,
        (account, device, pin): (AccountId, DeviceId, PublicKey),
        to: PeerAddr,
        cx: &mut Context<'_>,
    ) {
        let dialling = &mut self.links.dialling;
        let mut dials = dialling.dials.values();
        if dials.any(|dial| dial.device == device && dial.to == to) {
            return;
        }
        dialling.last += 1;
        let link = LinkId::Dialled(dialling.last);
        let dial = Dial {
            account,
            device,
            to,
        };
        dialling.dials.insert(link, dial);
        self.timers
            .set(Timer::Hello(link), cx.now.mono_ms + DIAL_TIMEOUT_MS);
        cx.out
            .push(Output::Link(LinkOutput::Dial { link, pin, to }));
    }

    pub(super) fn pin_of(
        &self,
        account: AccountId,
        device: DeviceId,
        cx: &Context<'_>,
    ) -> Option<PublicKey> {
        let contact = self.roster.get(account)?;
        let entry = contact.device(device)?;
        let holds = entry.is_live(self.now_ms(cx)) && self.is_member(&contact.membership, cx);
        let revoked = self.is_revoked(&contact.membership, &contact.card, Some(&entry.device_pk));
        (holds && !revoked).then_some(entry.device_pk)
    }

    pub(in crate::core) fn introduced(
        &mut self,
        account: AccountId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.links.dialling.asking.remove(&account);
        if let Ok(Reply::Introductions(introductions)) = outcome {
            let heard = &mut self.links.dialling.heard;
            heard.retain(|(of, _), _| *of != account);
            for introduction in introductions.iter().filter(|one| one.account == account) {
                self.dial_introduced(introduction, cx)?;
            }
        }
        self.dials_ended(account, cx)
    }

    /// Dials where the rendezvous says that a contact's device is.
    pub(in crate::core) fn dial_introduced(
        &mut self,
        introduction: &Introduction,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Introduction {
            account,
            device,
            candidates,
        } = introduction;
        // Where a stranger is, nobody here wants to know.
        let Some(known) = self.roster.get(*account) else {
            return Ok(());
        };
        if known.device(*device).is_none() {
            // The device is newer than the card that we hold.
            self.fetch_contact(*account, cx);
            return Ok(());
        }
        let to: Vec<SocketAddr> = candidates
            .iter()
            .copied()
            .filter(|to| self.is_sensible(*to))
            .collect();
        self.dial(*account, *device, &to, cx);
        let why = if self.session.udp_port().is_none() {
            Some(PathWhy::UdpOffHere)
        } else {
            to.is_empty().then_some(PathWhy::UdpOffThere)
        };
        self.links.dialling.heard.insert((*account, *device), to);
        match why {
            Some(why) => self.want_relay((*account, *device), why, cx),
            None => {
                self.relay_later(*account, cx);
                Ok(())
            }
        }
    }

    /// A Hello was checked. If we dialled that link, our other dials to the device are not needed; if the other side
    /// did, ours go on: were both sides to give up their own, none would be left.
    pub(super) fn dial_succeeded(
        &mut self,
        (account, device): (AccountId, DeviceId),
        was_dialled: bool,
        cx: &mut Context<'_>,
    ) {
        self.links.dialling.failures.remove(&account);
        self.timers.cancel(Timer::Redial(account));
        if was_dialled {
            self.drop_dials(|dial| dial.device == device, cx);
        }
    }

    pub(super) fn stop_dialling(&mut self, account: AccountId, cx: &mut Context<'_>) {
        self.timers.cancel(Timer::Redial(account));
        let dialling = &mut self.links.dialling;
        dialling.failures.remove(&account);
        dialling.heard.retain(|(of, _), _| *of != account);
        self.drop_dials(|dial| dial.account == account, cx);
    }

    /// Ends dials; those whose link has a checked peer are links now and stay.
    fn drop_dials(&mut self, which: impl Fn(&Dial) -> bool, cx: &mut Context<'_>) {
        let ended: Vec<LinkId> = self
            .links
            .dialling
            .dials
            .iter()
            .filter(|(_, dial)| which(dial))
            .map(|(link, _)| *link)
            .collect();
        for link in ended {
            self.links.dialling.dials.remove(&link);
            if self.peer_of(link).is_none() {
                self.timers.cancel(Timer::Hello(link));
                self.links.links.remove(&link);
                super::close(link, cx);
            }
        }
    }

    /// A dial came to nothing.
    pub(super) fn dial_failed(
        &mut self,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match self.links.dialling.dials.remove(&link) {
            Some(dial) => self.dials_ended(dial.account, cx),
            None => Ok(()),
        }
    }

    /// When no dial or link is left, messages stop waiting for one, and the next try is set.
    pub(super) fn dials_ended(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.is_dialling(account) || self.has_link(account) {
            return Ok(());
        }
        let failures = self.links.dialling.failures.entry(account).or_default();
        *failures = failures.saturating_add(1);
        let doubled = REDIAL_DELAY_MS_MIN << (*failures - 1).min(16);
        let delay_ms = cx.jittered(doubled.min(REDIAL_DELAY_MS_MAX), RETRY_JITTER_PERCENT);
        self.timers
            .set(Timer::Redial(account), cx.now.mono_ms + delay_ms);
        self.pump(account, cx)
    }

    /// The pause after a dial that came to nothing is over.
    pub(in crate::core) fn redial(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let is_possible = self.roster.is_online(account) || !self.session.is_online();
        if is_possible && self.is_link_wanted(account, cx)? {
            self.want_link(account, cx)?;
        }
        Ok(())
    }
}
