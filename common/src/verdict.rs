//! What the check of the network finds: a closed list of causes, most important first.
//!
//! The engine judges, faces show; the words of each stand in [`crate::text::doctor`]. Their codes are stable.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the causes once: their order, names and codes.
macro_rules! verdicts {
    ($($(#[$doc:meta])* $name:ident => $code:literal,)+) => {
        /// Why the network does not carry what it should; of several the first is the one to mend first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict {
            $($(#[$doc])* $name,)+
        }

        impl Verdict {
            /// All of them, most important first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable name that programs see.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The verdict of this stable name; none for one of a newer program.
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

verdicts! {
    /// The network's own page, where one signs in to it, answers in place of the rendezvous.
    CaptivePortal => "captive_portal",
    /// The way to the rendezvous leads through a VPN or virtual adapter, though a real one has an address.
    VpnPreferred => "vpn_preferred",
    /// The computer of the rendezvous is on this network and cannot be reached, though others are heard.
    NodeBehindIsolation => "node_behind_isolation",
    /// No rendezvous is known here.
    NoServer => "no_server",
    /// The rendezvous does not answer, or somebody else does in its place.
    ServerUnreachable => "server_unreachable",
    /// Another computer uses this device's key.
    SameIdentityTwice => "same_identity_twice",
    /// Whoever is asked about is not there.
    PeerOffline => "peer_offline",
    /// UDP is switched off in this program.
    UdpOff => "udp_off",
    /// No UDP packet comes back from the rendezvous.
    UdpBlocked => "udp_blocked",
    /// The same on the other side.
    UdpBlockedThere => "udp_blocked_there",
    /// Both sides have UDP, and neither hears the other.
    ClientIsolation => "client_isolation",
    /// What comes to this computer unasked is dropped.
    InboundFirewallHere => "inbound_firewall_here",
    /// What comes to the other computer unasked is dropped.
    InboundFirewallThere => "inbound_firewall_there",
    /// A few UDP packets pass, many do not.
    UdpThrottled => "udp_throttled",
    /// Nobody is heard by multicast, though others are there.
    MulticastFiltered => "multicast_filtered",
    /// This computer's clock is wrong.
    ClockOff => "clock_off",
    /// Nothing is wrong.
    AllWell => "all_well",
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom("a verdict of a newer program");
        Self::from_code(&code).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_found_by_its_code() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_code(verdict.code()), Some(*verdict));
        }
        assert_eq!(Verdict::from_code("newer"), None);
    }
}
