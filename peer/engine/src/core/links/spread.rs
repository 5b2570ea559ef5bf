//! What everybody should soon know travels from link to link: that a device counts no longer, and our own newer card.
//!
//! The rendezvous tells it to whoever is connected to it; this is for those who are not. A list is long and changes
//! often, so links hear only its number, some seconds later, and whoever lacks it is sent it.

use super::{Core, send};
use crate::core::Context;
use crate::core::io::LinkId;
use crate::core::timers::Timer;
use crate::store::chat::Chat;
use hutong_common::direct::{Direct, Knows};
use hutong_common::id::AccountId;
use hutong_common::limits::REVOCATIONS_SPREAD_MS;
use hutong_common::signed::Signed;

impl Core {
    /// A newer list is here.
    pub(in crate::core) fn spread_revocations(&mut self, cx: &Context<'_>) {
        let at_ms = cx.now.mono_ms + REVOCATIONS_SPREAD_MS;
        self.timers.set_earlier(Timer::Spread, at_ms);
    }

    pub(in crate::core) fn tell_revocations_version(&self, cx: &mut Context<'_>) {
        for link in self.checked_links() {
            self.say_what_we_know(link, cx);
        }
    }

    fn say_what_we_know(&self, link: LinkId, cx: &mut Context<'_>) {
        let revocations_version = self.revocations_version();
        send(
            link,
            Direct::Knows(Knows {
                revocations_version,
            }),
            cx,
        );
    }

    /// The other side says which list it has: the one with the newer list sends it.
    pub(super) fn other_knows(&self, link: LinkId, version: u64, cx: &mut Context<'_>) {
        let ours = self.revocations_version();
        if version > ours {
            self.say_what_we_know(link, cx);
        } else if version < ours
            && let Some(network) = &self.session.network
        {
            send(link, Direct::Revocations(network.revocations.clone()), cx);
        }
    }

    /// Sends the newest sheet of a group before a message in it, once: the other side may not have heard of it.
    pub(in crate::core) fn show_sheet(&mut self, link: LinkId, chat: Chat, cx: &mut Context<'_>) {
        let Some(group) = chat.group() else {
            return;
        };
        let newest = self.groups.signed(group);
        let known = self.links.links.get_mut(&link);
        let (Some((epoch, sheet)), Some(link_state)) = (newest, known) else {
            return;
        };
        if link_state.sheets.insert(group, epoch) != Some(epoch) {
            send(link, Direct::Sheet(sheet.clone()), cx);
        }
    }

    /// Our own card changed.
    pub(in crate::core) fn show_card(&self, card: &Signed, cx: &mut Context<'_>) {
        for link in self.checked_links() {
            send(link, Direct::Card(card.clone()), cx);
        }
    }

    /// Those to whom a link stands.
    pub(in crate::core) fn linked_peers(&self) -> Vec<AccountId> {
        self.links.live.keys().copied().collect()
    }

    /// Links on whose other end is a contact, as far as was checked.
    fn checked_links(&self) -> Vec<LinkId> {
        let links = self.links.links.iter();
        let is_checked = |peer: Option<_>| peer.is_some_and(|peer| self.roster.get(peer).is_some());
        links
            .filter(|(_, link)| is_checked(link.peer))
            .map(|(id, _)| *id)
            .collect()
    }
}
