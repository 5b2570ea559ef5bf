//! The rendezvous looks at itself: what of its computer and its network would keep people from it or end badly.
//!
//! What is seen is judged here, purely; `look` looks, and `render` says what was found and what to do. Nothing of it keeps the
//! rendezvous from serving. Called by `server.rs` at the start and while it serves.

mod look;

pub(crate) use look::{Surroundings, at_start, watch};

use hutong_common::id::ServerId;
use hutong_common::limits::{FREE_SPACE_BYTES_MIN, OLDEST_CLOCK_MS};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// This computer has no address at which another one could reach it.
    NoNetwork,
    /// So little space is left on the disk that no mail and no registration is taken.
    LittleSpace { free_bytes: u64 },
    /// The clock says a time before this program was made.
    ClockOld { now_ms: u64 },
    /// Another computer announces a rendezvous with the same key.
    AnotherNode { at: SocketAddr },
    /// For a while nobody has come from another computer.
    NobodyCame { port: u16 },
}

/// What this computer is like when it starts.
#[derive(Clone, Debug)]
struct Seen {
    /// Whether others shall come at whatever address there is.
    listens_everywhere: bool,
    /// Addresses at which others may.
    addresses: BTreeSet<IpAddr>,
    /// None where the system does not tell.
    free_bytes: Option<u64>,
    now_ms: u64,
}

impl Seen {
    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.listens_everywhere && self.addresses.is_empty() {
            findings.push(Finding::NoNetwork);
        }
        if let Some(free_bytes) = self.free_bytes.filter(|free| *free < FREE_SPACE_BYTES_MIN) {
            findings.push(Finding::LittleSpace { free_bytes });
        }
        if self.now_ms < OLDEST_CLOCK_MS {
            let now_ms = self.now_ms;
            findings.push(Finding::ClockOld { now_ms });
        }
        findings
    }
}

/// A rendezvous that somebody announces.
#[derive(Clone, Debug)]
struct Announced {
    server: Option<ServerId>,
    port: u16,
    addresses: BTreeSet<IpAddr>,
}

impl Announced {
    /// Where another one than `own` is that has its key: at another port, or at an address that is none of ours. Both
    /// announce the same name, so the addresses of one record may be of both.
    fn another(&self, own: ServerId, port: u16, ours: &BTreeSet<IpAddr>) -> Option<SocketAddr> {
        if self.server != Some(own) {
            return None;
        }
        let mut addresses = self.addresses.iter();
        let elsewhere = addresses.find(|ip| !ours.contains(ip) || self.port != port);
        elsewhere.map(|ip| SocketAddr::new(*ip, self.port))
    }
}

/// Whether a connection comes from another computer: from here, both ends have the same address.
pub(crate) fn is_from_elsewhere(local: IpAddr, peer: IpAddr) -> bool {
    let peer = peer.to_canonical();
    !peer.is_loopback() && peer != local.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: ServerId = ServerId([7; 32]);

    fn ips(texts: &[&str]) -> BTreeSet<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn seen() -> Seen {
        Seen {
            listens_everywhere: true,
            addresses: ips(&["10.0.0.1"]),
            free_bytes: Some(FREE_SPACE_BYTES_MIN),
            now_ms: OLDEST_CLOCK_MS,
        }
    }

    #[test]
    fn a_computer_with_a_network_space_and_a_clock_has_nothing_to_say() {
        assert_eq!(seen().findings(), []);
        let told_nothing = Seen {
            free_bytes: None,
            ..seen()
        };
        assert_eq!(told_nothing.findings(), []);
        let meant_for_itself = Seen {
            listens_everywhere: false,
            addresses: ips(&[]),
            ..seen()
        };
        assert_eq!(meant_for_itself.findings(), []);
    }

    #[test]
    fn all_that_is_wrong_is_found() {
        let (free_bytes, now_ms) = (FREE_SPACE_BYTES_MIN - 1, OLDEST_CLOCK_MS - 1);
        let wrong = Seen {
            listens_everywhere: true,
            addresses: ips(&[]),
            free_bytes: Some(free_bytes),
            now_ms,
        };
        let expected = [
            Finding::NoNetwork,
            Finding::LittleSpace { free_bytes },
            Finding::ClockOld { now_ms },
        ];
        assert_eq!(wrong.findings(), expected);
    }

    /// A data folder was copied to a new computer, and the old one was still running: clients went now here, now there.
    #[test]
    fn another_computer_with_the_same_key_is_noticed_and_the_own_announcement_is_not() {
        let ours = ips(&["10.0.0.1", "fe80::1"]);
        let announced = |server: ServerId, port, addresses: &[&str]| Announced {
            server: Some(server),
            port,
            addresses: ips(addresses),
        };
        let judge = |announced: Announced| announced.another(OWN, 7440, &ours);
        assert_eq!(judge(announced(OWN, 7440, &["10.0.0.1", "fe80::1"])), None);
        assert_eq!(
            judge(announced(ServerId([8; 32]), 7440, &["10.0.0.2"])),
            None
        );
        let both = judge(announced(OWN, 7440, &["10.0.0.1", "10.0.0.2"]));
        assert_eq!(both, "10.0.0.2:7440".parse().ok());
        let beside = judge(announced(OWN, 7441, &["10.0.0.1"]));
        assert_eq!(beside, "10.0.0.1:7441".parse().ok());
        let nameless = Announced {
            server: None,
            ..announced(OWN, 7440, &["10.0.0.2"])
        };
        assert_eq!(judge(nameless), None);
    }

    #[test]
    fn whoever_comes_by_an_address_of_this_computer_is_no_visitor() {
        let come = |local: &str, peer: &str| {
            is_from_elsewhere(local.parse().unwrap(), peer.parse().unwrap())
        };
        assert!(come("10.0.0.1", "10.0.0.2"));
        assert!(come("::ffff:10.0.0.1", "10.0.0.2"));
        assert!(!come("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(!come("127.0.0.1", "127.0.0.1"));
        assert!(!come("::1", "::1"));
        assert!(!come("::ffff:127.0.0.1", "::ffff:127.0.0.1"));
    }
}
