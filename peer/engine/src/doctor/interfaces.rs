//! Which adapter is real: judged by the name that the system or its maker gives it, and by its flags.
//!
//! A name that is not known counts as real: a VPN that is missed costs an advice, a card that is called a VPN would give
//! a wrong one.

use crate::api::doctor::InterfaceKind;
use std::net::IpAddr;

/// How names of tunnels begin on Unix.
const TUNNELS: &[&str] = &[
    "tun",
    "tap",
    "wg",
    "ppp",
    "utun",
    "ipsec",
    "gpd",
    "zt",
    "tailscale",
    "nebula",
    "cscotun",
];
/// How names of adapters for machines and containers begin on Unix.
const VIRTUAL: &[&str] = &[
    "docker", "br-", "virbr", "veth", "vmnet", "vboxnet", "vnet", "lxc", "lxd", "podman", "cni",
    "flannel", "cali", "dummy", "awdl", "llw", "anpi", "bridge",
];
/// What makers of tunnels call them, on any system.
const TUNNEL_WORDS: &[&str] = &[
    "vpn",
    "wireguard",
    "wintun",
    "tap-windows",
    "tailscale",
    "zerotier",
    "hamachi",
    "radmin",
    "anyconnect",
    "sangfor",
    "easyconnect",
    "clash",
    "mihomo",
    "sing-tun",
    "fortinet",
    "globalprotect",
];
/// What makers of virtual machines call their adapters.
const VIRTUAL_WORDS: &[&str] = &[
    "vethernet",
    "hyper-v",
    "vmware",
    "virtualbox",
    "wsl",
    "npcap",
];

/// What an adapter is.
pub fn kind(name: &str, ip: IpAddr, is_point_to_point: bool) -> InterfaceKind {
    let name = name.to_lowercase();
    let begins = |stems: &[&str]| stems.iter().any(|stem| is_numbered(&name, stem));
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if ip.is_loopback() {
        InterfaceKind::Loopback
    } else if says(VIRTUAL_WORDS) || begins(VIRTUAL) {
        InterfaceKind::Virtual
    } else if is_point_to_point || says(TUNNEL_WORDS) || begins(TUNNELS) {
        InterfaceKind::Vpn
    } else {
        InterfaceKind::Real
    }
}

/// Whether a name is the stem with a number or a suffix of its own, and not a word that happens to begin so.
fn is_numbered(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| {
        stem.ends_with('-') || !rest.starts_with(char::is_alphabetic) || stem.len() > 3
    })
}

/// Whether `other` is on the network of an adapter with this address and prefix.
pub fn is_on_link(own: IpAddr, prefix: u8, other: IpAddr) -> bool {
    match (own, other.to_canonical()) {
        (IpAddr::V4(own), IpAddr::V4(other)) => {
            let mask = u32::MAX
                .checked_shl(32 - u32::from(prefix.min(32)))
                .unwrap_or(0);
            own.to_bits() & mask == other.to_bits() & mask
        }
        (IpAddr::V6(own), IpAddr::V6(other)) => {
            let mask = u128::MAX
                .checked_shl(128 - u32::from(prefix.min(128)))
                .unwrap_or(0);
            own.to_bits() & mask == other.to_bits() & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adapters_are_told_apart_by_name_and_flag() {
        let home: IpAddr = "192.168.1.5".parse().unwrap();
        for (name, point_to_point, expected) in [
            ("eth0", false, InterfaceKind::Real),
            ("enp3s0", false, InterfaceKind::Real),
            ("wlan0", false, InterfaceKind::Real),
            ("以太网", false, InterfaceKind::Real),
            ("WLAN", false, InterfaceKind::Real),
            ("Wi-Fi 2", false, InterfaceKind::Real),
            ("tun0", false, InterfaceKind::Vpn),
            ("tunnel", true, InterfaceKind::Vpn),
            ("ppp0", true, InterfaceKind::Vpn),
            ("wg0", false, InterfaceKind::Vpn),
            ("utun4", true, InterfaceKind::Vpn),
            (
                "Sangfor SSL VPN CS Support System VNIC",
                false,
                InterfaceKind::Vpn,
            ),
            ("ZeroTier One [a09acf0233]", false, InterfaceKind::Vpn),
            ("docker0", false, InterfaceKind::Virtual),
            ("br-0a1b2c", false, InterfaceKind::Virtual),
            ("vEthernet (WSL)", false, InterfaceKind::Virtual),
            (
                "VMware Network Adapter VMnet8",
                false,
                InterfaceKind::Virtual,
            ),
        ] {
            assert_eq!(kind(name, home, point_to_point), expected, "{name}");
        }
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(kind("lo", here, false), InterfaceKind::Loopback);
    }

    #[test]
    fn an_address_is_on_a_network_by_its_prefix() {
        for (own, prefix, other, expected) in [
            ("192.168.1.5", 24, "192.168.1.9", true),
            ("192.168.1.5", 24, "192.168.2.9", false),
            ("192.168.1.5", 24, "::ffff:192.168.1.9", true),
            ("10.0.0.1", 0, "192.168.2.9", true),
            ("10.0.0.1", 32, "10.0.0.2", false),
            ("fd00::1", 64, "fd00::2", true),
            ("fd00::1", 64, "fd01::2", false),
            ("fd00::1", 64, "10.0.0.2", false),
        ] {
            let (own, other) = (own.parse().unwrap(), other.parse().unwrap());
            assert_eq!(
                is_on_link(own, prefix, other),
                expected,
                "{own}/{prefix} {other}"
            );
        }
    }
}
