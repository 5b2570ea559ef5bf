//! Direct links to contacts' devices: which stand, who is on the other end, and which one is used.
//!
//! A link counts only after both Hellos were checked ([`hello`]); a refusal looks like a busy computer: the link is
//! closed without a word. When to dial and where is in [`dial`], the addresses themselves in [`candidates`], sessions over the
//! rendezvous in [`relay`], what travels from link to link in [`spread`], what ends them from our side in [`lapse`].

pub(super) mod candidates;
pub(super) mod dial;
mod hello;
mod lapse;
pub(super) mod relay;
mod spread;
mod ways;

use super::io::{LinkId, LinkInput, LinkOutput, Output, StreamId};
use super::timers::Timer;
use super::{Context, Core};
use crate::paths::PeerAddr;
use crate::paths::link::PathNow;
use crate::store::StoreError;
use dial::Dialling;
use hutong_common::direct::{Direct, FileGet};
use hutong_common::id::{AccountId, DeviceId, GroupId, PublicKey};
use hutong_common::identity;
use hutong_common::limits::{
    DIAL_TIMEOUT_MS, FILE_STREAMS_PER_LINK_MAX, HELLO_TIMEOUT_MS, LINKS_MAX, SPARE_LINK_MS,
};
use hutong_common::refusal::Refusal;
use hutong_common::signed::Membership;
use relay::Relays;
use std::collections::{BTreeMap, BTreeSet};

/// A QUIC connection that stands.
#[derive(Debug)]
struct Link {
    key: PublicKey,
    remote: PeerAddr,
    /// By which way its packets go.
    path: PathNow,
    /// Who was dialled; none for a link that the other side dialled.
    dialled: Option<AccountId>,
    /// Who it is, once the Hello was checked.
    peer: Option<AccountId>,
    /// Files asked for before its Hello: each stream comes on its own, and may overtake the first one.
    early: Vec<(StreamId, FileGet)>,
    /// The newest sheets that were sent over it, by their epochs.
    sheets: BTreeMap<GroupId, u64>,
    rtt_us: Option<u64>,
    /// Since when, monotonic.
    since_ms: u64,
}

impl Link {
    fn device(&self) -> DeviceId {
        identity::device_id(&self.key)
    }
}

/// All links and dials.
#[derive(Debug, Default)]
pub(super) struct Links {
    links: BTreeMap<LinkId, Link>,
    dialling: Dialling,
    relays: Relays,
    /// Links with a checked peer, per account.
    live: BTreeMap<AccountId, BTreeSet<LinkId>>,
}

impl Core {
    pub(super) fn on_link(
        &mut self,
        input: LinkInput,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match input {
            LinkInput::Up { link, key, remote } => {
                self.link_up((link, key), remote, cx);
                Ok(())
            }
            LinkInput::Frame { link, frame } => self.on_frame(link, frame, cx),
            LinkInput::RoundTrip { link, rtt_us } => {
                if let Some(link) = self.links.links.get_mut(&link) {
                    link.rtt_us = Some(rtt_us);
                }
                Ok(())
            }
            LinkInput::Path { link, now } => self.path_changed(link, now, cx),
            LinkInput::Down { link } => self.link_down(link, cx),
        }
    }

    fn link_up(
        &mut self,
        (link, key): (LinkId, PublicKey),
        remote: PeerAddr,
        cx: &mut Context<'_>,
    ) {
        let dialled = self.dialled_account(link);
        let is_ours = matches!(link, LinkId::Accepted(_)) || dialled.is_some();
        if !is_ours || self.session.me().is_none() || self.links.links.len() >= 2 * LINKS_MAX {
            close(link, cx);
            return;
        }
        self.timers
            .set_earlier(Timer::Hello(link), cx.now.mono_ms + HELLO_TIMEOUT_MS);
        self.links.links.insert(
            link,
            Link {
                key,
                remote,
                path: match remote {
                    PeerAddr::Direct(_) => PathNow::Direct,
                    PeerAddr::Relay(_) => PathNow::Relay,
                },
                dialled,
                peer: None,
                early: Vec::new(),
                sheets: BTreeMap::new(),
                rtt_us: None,
                since_ms: cx.now.mono_ms,
            },
        );
        if dialled.is_some() {
            self.say_hello(link, cx);
        }
    }

    fn on_frame(
        &mut self,
        link: LinkId,
        frame: Direct,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(known) = self.links.links.get(&link) else {
            return Ok(());
        };
        let Some(account) = known.peer else {
            return self.first_frame(link, frame, cx);
        };
        if self.roster.get(account).is_none() {
            return self.refuse_link(link, Refusal::NotContacts, cx);
        }
        match frame {
            Direct::Hello(_) => self.refuse_link(link, Refusal::Malformed, cx),
            Direct::Deliver(message) => self.delivered_directly(link, account, message, cx),
            Direct::Stored(receipt) => {
                let key = known.key;
                self.stored_directly(account, &receipt, &key, cx)
            }
            Direct::Refused(refused) => self.refused_directly(account, refused, cx),
            Direct::Shown(shown) => self.shown_upto(account, shown.upto, cx),
            Direct::Card(card) => self.take_card(account, &card, cx),
            Direct::Revocations(list) => self.take_revocations(list, cx),
            Direct::FileDeclined(file) => self.file_declined(account, file, cx),
            Direct::Knows(knows) => {
                self.other_knows(link, knows.revocations_version, cx);
                Ok(())
            }
            Direct::FilePaused(file) => self.file_paused(account, file, cx),
            Direct::FileResumed(file) => self.file_resumed(account, file, cx),
            Direct::FileVerified(file) => self.file_verified(account, file, cx),
            Direct::Sheet(sheet) => self.sheet_shown(sheet, cx),
            Direct::Confirmed(confirmed) => self.confirmed_directly(&confirmed, cx),
            Direct::HandedOn(handed) => self.handed_on(&handed, cx),
            Direct::Candidates(candidates) => {
                self.candidates_told(link, &candidates, cx);
                Ok(())
            }
            Direct::Unknown(kind, _) => {
                tracing::debug!(kind, "a frame of a newer program");
                Ok(())
            }
        }
    }

    /// Before a Hello nothing else is heard.
    fn first_frame(
        &mut self,
        link: LinkId,
        frame: Direct,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match frame {
            Direct::Hello(hello) => self.on_hello(link, &hello, cx),
            Direct::Deliver(_)
            | Direct::Stored(_)
            | Direct::Refused(_)
            | Direct::Shown(_)
            | Direct::Card(_)
            | Direct::Revocations(_)
            | Direct::FileDeclined(_)
            | Direct::Knows(_)
            | Direct::FilePaused(_)
            | Direct::FileResumed(_)
            | Direct::FileVerified(_)
            | Direct::Sheet(_)
            | Direct::Confirmed(_)
            | Direct::HandedOn(_)
            | Direct::Candidates(_)
            | Direct::Unknown(..) => self.refuse_link(link, Refusal::Malformed, cx),
        }
    }

    fn refuse_link(
        &mut self,
        link: LinkId,
        why: Refusal,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        tracing::debug!(?link, %why, "a link is refused");
        close(link, cx);
        self.link_down(link, cx)
    }

    /// A link or dial is no more.
    pub(super) fn link_down(
        &mut self,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.timers.cancel(Timer::Hello(link));
        self.timers.cancel(Timer::Spare(link));
        let peer = self.links.links.remove(&link).and_then(|gone| gone.peer);
        let Some(account) = peer else {
            return self.dial_failed(link, cx);
        };
        if let Some(live) = self.links.live.get_mut(&account) {
            live.remove(&link);
            if live.is_empty() {
                self.links.live.remove(&account);
            }
        }
        self.outbox.link_gone(account, link);
        self.tell_presence(account, cx);
        self.dials_ended(account, cx)
    }

    /// Closes every link to an account, and stops dialling it.
    pub(super) fn close_links_of(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.stop_dialling(account, cx);
        self.close_relays_of(account, cx);
        for link in self.links.live.remove(&account).unwrap_or_default() {
            self.links.links.remove(&link);
            self.outbox.link_gone(account, link);
            close(link, cx);
        }
        self.tell_presence(account, cx);
        Ok(())
    }

    /// The shell closes all links; none of them is of use any more.
    pub(super) fn forget_links(&mut self) {
        for link in std::mem::take(&mut self.links.links).into_keys() {
            self.timers.cancel(Timer::Hello(link));
            self.timers.cancel(Timer::Spare(link));
        }
        self.links = Links::default();
    }

    /// If both sides dialled at once, the link dialled by the smaller device id is used; the other may end. Of several
    /// dialled by one side, each side may prefer another: the smaller device id ends those that it does not use, and the
    /// other side waits for that before it ends one.
    fn retire_spare(&mut self, account: AccountId, device: DeviceId, cx: &Context<'_>) {
        let Some(preferred) = self.preferred(account, device) else {
            return;
        };
        let we_choose = self.session.my_device().is_some_and(|own| own < device);
        let delay_ms = if we_choose {
            SPARE_LINK_MS
        } else {
            2 * SPARE_LINK_MS
        };
        for (&link, known) in &self.links.links {
            if link != preferred && known.peer == Some(account) && known.device() == device {
                self.timers
                    .set(Timer::Spare(link), cx.now.mono_ms + delay_ms);
            }
        }
    }

    /// A link that was one too many ends, unless it is the one that is used by now.
    pub(super) fn spare_overdue(
        &mut self,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let of = self.links.links.get(&link);
        let of = of.and_then(|known| Some((known.peer?, known.device())));
        if of.is_some_and(|(account, device)| self.preferred(account, device) == Some(link)) {
            return Ok(());
        }
        self.link_overdue(link, cx)
    }

    fn preferred(&self, account: AccountId, device: DeviceId) -> Option<LinkId> {
        let we_dial = self.session.my_device()? < device;
        let live = self.links.live.get(&account)?.iter();
        let of_device: Vec<(LinkId, u64)> = live
            .filter_map(|link| Some((*link, self.links.links.get(link)?)))
            .filter(|(_, known)| known.device() == device)
            .map(|(link, known)| (link, known.since_ms))
            .collect();
        // Nobody dials who has a link: a link that is older than one dial is dead, or soon will be.
        let newest_ms = of_device.iter().map(|(_, since_ms)| *since_ms).max()?;
        let together = of_device
            .iter()
            .filter(|(_, since_ms)| since_ms + DIAL_TIMEOUT_MS >= newest_ms);
        let best = |link: &LinkId| (matches!(link, LinkId::Dialled(_)) == we_dial, *link);
        together.map(|(link, _)| *link).max_by_key(best)
    }

    /// One link to each device of the account that has one.
    pub(super) fn links_to(&self, account: AccountId) -> Vec<LinkId> {
        let devices: BTreeSet<DeviceId> = self
            .links
            .live
            .get(&account)
            .into_iter()
            .flatten()
            .filter_map(|link| self.links.links.get(link))
            .map(Link::device)
            .collect();
        devices
            .into_iter()
            .filter_map(|device| self.preferred(account, device))
            .collect()
    }

    /// The link to one device.
    pub(super) fn link_to_device(&self, account: AccountId, device: DeviceId) -> Option<LinkId> {
        self.preferred(account, device)
    }

    pub(super) fn has_link(&self, account: AccountId) -> bool {
        self.links.live.contains_key(&account)
    }

    /// Who is on the other end of a link, once that is checked.
    pub(super) fn peer_of(&self, link: LinkId) -> Option<AccountId> {
        self.links.links.get(&link)?.peer
    }

    /// Which device is on the other end of a link, once that is checked.
    pub(super) fn device_of(&self, link: LinkId) -> Option<DeviceId> {
        let link = self.links.links.get(&link)?;
        link.peer.map(|_| link.device())
    }

    /// Keeps what is asked on a link whose Hello was not checked yet: a stranger is told nothing, and what a contact asks is
    /// answered after it. Says whether the link is such a one.
    pub(super) fn keep_early(&mut self, link: LinkId, stream: StreamId, get: &FileGet) -> bool {
        let Some(known) = self.links.links.get_mut(&link) else {
            return false;
        };
        let is_early = known.peer.is_none();
        if is_early && known.early.len() < FILE_STREAMS_PER_LINK_MAX as usize {
            known.early.push((stream, get.clone()));
        }
        is_early
    }

    /// Its Hello did not come, or it was not needed beside another one.
    pub(super) fn link_overdue(
        &mut self,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        close(link, cx);
        self.link_down(link, cx)
    }

    /// Whether `membership` of a link's peer still holds is asked anew at every Hello; here only who may speak.
    pub(super) fn is_member(&self, membership: &Membership, cx: &Context<'_>) -> bool {
        membership.is_accepted(self.now_ms(cx))
    }
}

/// Sends a frame.
pub(super) fn send(link: LinkId, frame: Direct, cx: &mut Context<'_>) {
    let frame = Box::new(frame);
    cx.out.push(Output::Link(LinkOutput::Send { link, frame }));
}

fn close(link: LinkId, cx: &mut Context<'_>) {
    cx.out.push(Output::Link(LinkOutput::Close { link }));
}

#[cfg(test)]
mod tests;
