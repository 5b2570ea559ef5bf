//! What ends a link from our side while its connection stands: the other's device or membership is no longer good.

use super::Link;
use crate::core::io::LinkId;
use crate::core::timers::Timer;
use crate::core::{Context, Core};
use crate::store::StoreError;
use hutong_common::refusal::Refusal;

impl Core {
    /// Closes links whose device or membership was taken back, or is in its account's card no longer.
    pub(in crate::core) fn drop_void_links(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let now_ms = self.now_ms(cx);
        let is_void = |link: &Link| {
            link.peer
                .and_then(|peer| self.roster.get(peer))
                .is_some_and(|contact| {
                    contact.card.live_device(&link.key, now_ms).is_none()
                        || !contact.membership.is_accepted(now_ms)
                        || self.is_revoked(&contact.membership, &contact.card, Some(&link.key))
                })
        };
        let links = &self.links.links;
        let void: Vec<LinkId> = links
            .iter()
            .filter(|(_, link)| is_void(link))
            .map(|(id, _)| *id)
            .collect();
        for link in void {
            self.refuse_link(link, Refusal::Expired, cx)?;
        }
        Ok(())
    }

    /// Closes links whose time is over, and looks again when that of the next one is.
    pub(in crate::core) fn links_lapse(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.drop_void_links(cx)?;
        let now_ms = self.now_ms(cx);
        let ends = self.links.links.values().filter_map(|link| {
            let contact = self.roster.get(link.peer?)?;
            let device = contact.card.live_device(&link.key, now_ms)?;
            Some(device.until_ms.min(contact.membership.ends_ms()))
        });
        if let Some(next_ms) = ends.min() {
            let rest_ms = next_ms.saturating_sub(now_ms).max(1);
            let at_ms = cx.now.mono_ms.saturating_add(rest_ms);
            self.timers.set(Timer::Lapse, at_ms);
        }
        Ok(())
    }
}
