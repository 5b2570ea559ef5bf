//! Where a peer can be reached, and by which ways the packets of a link go. All of it is pure: the socket is in
//! [`engine`](crate::engine), and the simulated network of the tests uses the same states.

mod allowance;
pub mod link;
pub mod probe;
pub mod table;
mod way;

use hutong_common::id::RelaySession;
use std::fmt;
use std::net::SocketAddr;

/// One way to a peer device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerAddr {
    /// UDP, computer to computer.
    Direct(SocketAddr),
    /// A session relayed by the rendezvous.
    Relay(RelaySession),
}

impl fmt::Display for PeerAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(address) => address.fmt(f),
            Self::Relay(_) => f.write_str("relay"),
        }
    }
}

/// Where the next packet of a link goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// To this address.
    pub direct: Option<SocketAddr>,
    /// Over this session.
    pub relay: Option<RelaySession>,
}

/// Where the next packet of a link goes, and what is to be expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Where it goes.
    pub route: Route,
    /// Whether one of these ways is not known to be silent.
    pub is_good: bool,
}

impl Outlook {
    /// Whether a packet may arrive now that was lost before.
    pub fn is_news_after(self, before: Self) -> bool {
        let is_new = |now: bool, same: bool| now && !same;
        is_new(
            self.route.direct.is_some(),
            self.route.direct == before.route.direct,
        ) || is_new(
            self.route.relay.is_some(),
            self.route.relay == before.route.relay,
        ) || is_new(self.is_good, before.is_good)
    }
}
