//! By which way packets to somebody go, as the socket tells it.

use super::Core;
use crate::api::{Path, PathWhy};
use crate::core::Context;
use crate::core::io::LinkId;
use crate::paths::link::PathNow;
use crate::store::StoreError;
use crate::store::messages::Way;
use hutong_common::id::{AccountId, DeviceId};

impl Core {
    /// A link goes by another way than before.
    pub(super) fn path_changed(
        &mut self,
        link: LinkId,
        now: PathNow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(known) = self.links.links.get_mut(&link) else {
            return Ok(());
        };
        known.path = now;
        let (Some(account), device) = (known.peer, known.device()) else {
            return Ok(());
        };
        if needs_relay(now) {
            self.want_relay((account, device), PathWhy::Silent, cx)?;
        }
        self.tell_presence(account, cx);
        // What waits for an answer on this link may wait for longer than it takes by another way.
        self.pump(account, cx)
    }

    pub(super) fn is_silent(&self, link: LinkId) -> bool {
        let known = self.links.links.get(&link);
        known.is_some_and(|known| needs_relay(known.path))
    }

    /// By which way packets to an account go now, and why not directly; none without a link that answers.
    pub(in crate::core) fn path_to(&self, account: AccountId) -> Option<(Path, Option<PathWhy>)> {
        let links = self.links_to(account);
        let known = links.iter().filter_map(|link| self.links.links.get(link));
        let answering = known.filter(|known| known.path != PathNow::Silent);
        let best = answering.min_by_key(|known| known.path == PathNow::Relay)?;
        Some(match best.path {
            PathNow::Direct | PathNow::Doubtful | PathNow::Silent => (Path::Direct, None),
            PathNow::Relay => (Path::Relay, Some(self.why_relayed(best.device()))),
        })
    }

    /// By which way something reaches an account that goes over a link.
    pub(in crate::core) fn way_to(&self, account: AccountId) -> Way {
        match self.path_to(account) {
            Some((Path::Relay, _)) => Way::Relay,
            Some((Path::Direct | Path::Mail | Path::None, _)) | None => Way::Direct,
        }
    }

    /// By which way a link's packets go now.
    pub(in crate::core) fn way_of(&self, link: LinkId) -> Way {
        match self.links.links.get(&link).map(|known| known.path) {
            Some(PathNow::Relay) => Way::Relay,
            Some(PathNow::Direct | PathNow::Doubtful | PathNow::Silent) | None => Way::Direct,
        }
    }

    /// The best round-trip time to an account.
    pub(in crate::core) fn round_trip_us(&self, account: AccountId) -> Option<u64> {
        self.links_to(account)
            .iter()
            .filter_map(|link| self.links.links.get(link)?.rtt_us)
            .min()
    }

    /// All links to one device.
    pub(super) fn links_of_device(
        &self,
        account: AccountId,
        device: DeviceId,
    ) -> impl Iterator<Item = LinkId> {
        let live = self.links.live.get(&account).into_iter().flatten();
        live.copied().filter(move |link| {
            let known = self.links.links.get(link);
            known.is_some_and(|known| known.device() == device)
        })
    }
}

/// Whether a link that goes by this way wants the help of a relay.
pub(super) const fn needs_relay(path: PathNow) -> bool {
    match path {
        PathNow::Doubtful | PathNow::Silent => true,
        PathNow::Direct | PathNow::Relay => false,
    }
}
