//! Under which addresses others reach a listener of this computer, for invite links and for people to read.
//!
//! Called by `server.rs` and `admin.rs`. A guess: who stands behind a name or another address says so in the settings.

use hutong_common::limits::INVITE_HOSTS_MAX;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address at which a program on this computer reaches the listener.
pub(crate) fn local(bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() {
        SocketAddr::from((Ipv4Addr::LOCALHOST, bound.port()))
    } else {
        bound
    }
}

/// `host:port` of the listener, best first; loopback only when there is nothing else.
pub(crate) fn hosts(bound: SocketAddr) -> Vec<String> {
    if !bound.ip().is_unspecified() {
        return vec![bound.to_string()];
    }
    let mut addresses: Vec<IpAddr> = of_this_computer()
        .into_iter()
        .filter(|ip| is_reachable(*ip) && (ip.is_ipv4() || bound.is_ipv6()))
        .collect();
    // Numbers that people can type come first; the rest of the order only has to be the same at every start.
    addresses.sort();
    addresses.dedup();
    addresses.truncate(INVITE_HOSTS_MAX);
    if addresses.is_empty() {
        return vec![local(bound).to_string()];
    }
    addresses
        .into_iter()
        .map(|ip| SocketAddr::new(ip, bound.port()).to_string())
        .collect()
}

/// All addresses of this computer, loopback included.
pub(crate) fn of_this_computer() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let addresses = interfaces.into_iter().map(|interface| interface.ip());
    addresses.collect()
}

/// Link-local addresses mean nothing without their interface, and loopback is each computer's own.
pub(crate) const fn is_reachable(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_at_one_address_is_reached_there_and_nowhere_else() {
        let bound = "127.0.0.1:7440".parse().unwrap();
        assert_eq!(hosts(bound), ["127.0.0.1:7440"]);
        assert_eq!(local(bound), bound);
    }

    #[test]
    fn a_listener_at_every_address_is_reached_at_some() {
        for bound in ["0.0.0.0:7440", "[::]:7440"] {
            let bound: SocketAddr = bound.parse().unwrap();
            let hosts = hosts(bound);
            assert!((1..=INVITE_HOSTS_MAX).contains(&hosts.len()));
            for host in hosts {
                let host: SocketAddr = host.parse().unwrap();
                assert!(host.port() == 7440 && !host.ip().is_unspecified());
                assert!(host.is_ipv4() || bound.is_ipv6());
            }
            assert_eq!(local(bound).to_string(), "127.0.0.1:7440");
        }
    }
}
