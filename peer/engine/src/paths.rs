//! Where a peer can be reached. One kind of address today; a relay session will be another.

use std::fmt;
use std::net::SocketAddr;

/// One way to a peer device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerAddr {
    /// UDP, computer to computer.
    Direct(SocketAddr),
}

impl fmt::Display for PeerAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(address) => address.fmt(f),
        }
    }
}
