//! What the local network shows: the addresses of this computer, and announcements by mDNS in both directions.
//!
//! Owned by the network's thread. All of it is a hint of where to dial, never of who is there. The same hint is passed
//! to the core once, and what is remembered for that is bounded.

use super::driver::Inputs;
use crate::core::io::{Found, Input};
use hutong_common::entropy::{Entropy, OsEntropy};
use hutong_common::id::ServerId;
use hutong_common::limits::{
    INTERFACES_POLL_MS, MDNS_ADDRESSES_MAX, MDNS_PEERS_MAX, SERVER_NAME_BYTES_MAX,
};
use hutong_common::mdns::{
    CLIENT_SERVICE, RENDEZVOUS_SERVICE, TXT_NAME, TXT_SERVER, TXT_TAG, TXT_VERSION, VERSION,
};
use hutong_common::name::is_deceptive;
use mdns_sd::{IfKind, ResolvedService, ServiceDaemon, ServiceEvent, ServiceInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The announcements of this client, and the ears for others'.
#[derive(Debug)]
pub(super) struct Discovery {
    mdns: Option<Mdns>,
}

struct Mdns {
    daemon: ServiceDaemon,
    port: Option<u16>,
    bind: Option<IpAddr>,
    /// Full name of what is announced now.
    announced: Option<String>,
}

impl std::fmt::Debug for Mdns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mdns")
            .field("announced", &self.announced)
            .finish_non_exhaustive()
    }
}

/// What the network is listened to for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Whether mDNS is used at all.
    pub(super) mdns: bool,
    /// Our UDP port.
    pub(super) port: Option<u16>,
    /// The only address to be used, when there is one.
    pub(super) bind: Option<IpAddr>,
}

impl Discovery {
    /// Begins to watch and listen; must be called inside a runtime.
    pub(super) fn start(inputs: &Inputs, scope: Scope) -> Self {
        tokio::spawn(watch_interfaces(inputs.clone(), scope));
        if !scope.mdns {
            return Self { mdns: None };
        }
        let started = ServiceDaemon::new().and_then(|daemon| {
            if let Some(ip) = scope.bind {
                daemon.disable_interface(IfKind::All)?;
                daemon.enable_interface(IfKind::Addr(ip))?;
            }
            for (service, read) in [
                (CLIENT_SERVICE, found_peer as Read),
                (RENDEZVOUS_SERVICE, found_rendezvous as Read),
            ] {
                let events = daemon.browse(service)?;
                tokio::spawn(listen(events, read, inputs.clone()));
            }
            Ok(daemon)
        });
        let mdns = started
            .inspect_err(|error| tracing::warn!(%error, "mDNS is not available"))
            .ok()
            .map(|daemon| Mdns {
                daemon,
                port: scope.port,
                bind: scope.bind,
                announced: None,
            });
        Self { mdns }
    }

    /// Announces this tag instead of what was announced before.
    pub(super) fn announce(&mut self, tag: Option<[u8; 8]>) {
        if let Some(mdns) = &mut self.mdns
            && let Err(error) = mdns.announce(tag)
        {
            tracing::warn!(%error, "this client cannot be announced");
        }
    }

    /// Takes the announcement back.
    pub(super) async fn close(&mut self) {
        let Some(mdns) = self.mdns.take() else {
            return;
        };
        if let Some(name) = &mdns.announced
            && let Ok(done) = mdns.daemon.unregister(name)
        {
            done.recv_async().await.ok();
        }
        mdns.daemon.shutdown().ok();
    }
}

impl Mdns {
    fn announce(&mut self, tag: Option<[u8; 8]>) -> Result<(), mdns_sd::Error> {
        if let Some(name) = self.announced.take() {
            self.daemon.unregister(&name)?;
        }
        let (Some(tag), Some(port)) = (tag, self.port) else {
            return Ok(());
        };
        // Names that tell nothing and change with every announcement.
        let [instance, host] = [(); 2].map(|()| random_name());
        let properties = [(TXT_VERSION, VERSION), (TXT_TAG, &tag_text(tag))];
        let address = self.bind.map_or_else(String::new, |ip| ip.to_string());
        let host = format!("{host}.local.");
        let mut info = ServiceInfo::new(
            CLIENT_SERVICE,
            &instance,
            &host,
            &*address,
            port,
            &properties[..],
        )?;
        if self.bind.is_none() {
            info = info.enable_addr_auto();
        }
        self.announced = Some(info.get_fullname().to_owned());
        self.daemon.register(info)
    }
}

fn random_name() -> String {
    let entropy: &mut dyn Entropy = &mut OsEntropy;
    tag_text(entropy.array())
}

fn tag_text(tag: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(tag))
}

fn read_tag(text: &str) -> Option<[u8; 8]> {
    let is_hex = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let tag = u64::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
    Some(tag.to_be_bytes())
}

type Read = fn(&ResolvedService) -> Option<Found>;

/// Passes on what is new, remembering a bounded part of it.
async fn listen(events: mdns_sd::Receiver<ServiceEvent>, read: Read, inputs: Inputs) {
    let mut known = BTreeMap::new();
    while let Ok(event) = events.recv_async().await {
        if let ServiceEvent::ServiceRemoved(_, name) = &event {
            known.remove(name);
        }
        let ServiceEvent::ServiceResolved(service) = event else {
            continue;
        };
        let Some(found) = read(&service) else {
            continue;
        };
        let name = service.get_fullname().to_owned();
        if known.get(&name) == Some(&found) {
            continue;
        }
        if known.len() >= MDNS_PEERS_MAX {
            known.pop_first();
        }
        known.insert(name, found.clone());
        inputs.send(Input::Found(found)).await;
    }
}

fn found_peer(service: &ResolvedService) -> Option<Found> {
    let tag = read_tag(text(service, TXT_TAG)?)?;
    let addresses = addresses(service)?;
    Some(Found::Peer { tag, addresses })
}

fn found_rendezvous(service: &ResolvedService) -> Option<Found> {
    let server: ServerId = text(service, TXT_SERVER)?.parse().ok()?;
    let name = text(service, TXT_NAME).unwrap_or_default();
    let is_fit = name.len() <= SERVER_NAME_BYTES_MAX && !name.contains(is_deceptive);
    Some(Found::Rendezvous {
        server,
        name: if is_fit {
            name.to_owned()
        } else {
            String::new()
        },
        addresses: addresses(service)?,
    })
}

fn text<'a>(service: &'a ResolvedService, key: &str) -> Option<&'a str> {
    let speaks_ours = service.get_property_val_str(TXT_VERSION) == Some(VERSION);
    service.get_property_val_str(key).filter(|_| speaks_ours)
}

fn addresses(service: &ResolvedService) -> Option<Vec<SocketAddr>> {
    let all: BTreeSet<IpAddr> = service
        .get_addresses()
        .iter()
        .map(mdns_sd::ScopedIp::to_ip_addr)
        .filter(is_reachable)
        .collect();
    let port = service.get_port();
    let dialled = all.into_iter().map(|ip| SocketAddr::new(ip, port));
    let dialled: Vec<SocketAddr> = dialled.take(MDNS_ADDRESSES_MAX).collect();
    if dialled.is_empty() || port == 0 {
        None
    } else {
        Some(dialled)
    }
}

/// Whether another computer could use this address. Link-local IPv6 is left out: it comes with the wrong scope.
const fn is_reachable(ip: &IpAddr) -> bool {
    !ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast() && !is_scoped(ip)
}

const fn is_scoped(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(_) => false,
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

async fn watch_interfaces(inputs: Inputs, scope: Scope) {
    let mut known = None;
    loop {
        let now = interfaces(scope.bind);
        if known.as_ref() != Some(&now) {
            let addresses = Input::Addresses {
                udp_port: scope.port,
                interfaces: now.iter().copied().collect(),
            };
            inputs.send(addresses).await;
            known = Some(now);
        }
        tokio::time::sleep(Duration::from_millis(INTERFACES_POLL_MS)).await;
    }
}

/// Addresses under which other computers may reach this one; loopback only when there is nothing else.
fn interfaces(bind: Option<IpAddr>) -> BTreeSet<IpAddr> {
    if let Some(ip) = bind.filter(|ip| !ip.is_unspecified()) {
        return BTreeSet::from([ip]);
    }
    let all = if_addrs::get_if_addrs()
        .inspect_err(|error| tracing::warn!(%error, "the network interfaces cannot be listed"))
        .unwrap_or_default();
    // Without its cable an interface keeps its address, which nobody reaches.
    let works = |one: &&if_addrs::Interface| one.is_oper_up() || one.is_loopback();
    let (reachable, rest): (BTreeSet<IpAddr>, BTreeSet<IpAddr>) = all
        .iter()
        .filter(works)
        .map(|one| one.ip())
        .partition(is_reachable);
    if reachable.is_empty() {
        rest.into_iter().filter(IpAddr::is_loopback).collect()
    } else {
        reachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_back_and_nothing_else_is_one() {
        let tag = [0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff];
        assert_eq!(read_tag(&tag_text(tag)), Some(tag));
        for wrong in [
            "",
            "0",
            "+123456789abcdef",
            "00010203fcfdfeff0",
            "00010203fcfdfefg",
        ] {
            assert_eq!(read_tag(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn only_addresses_of_other_computers_are_dialled() {
        for (ip, expected) in [
            ("192.168.1.2", true),
            ("169.254.3.4", true),
            ("fd00::1", true),
            ("127.0.0.1", false),
            ("::1", false),
            ("0.0.0.0", false),
            ("224.0.0.251", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_reachable(&ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn a_bound_client_has_one_address_and_every_client_has_some() {
        let ip = "10.1.2.3".parse().unwrap();
        assert_eq!(interfaces(Some(ip)), BTreeSet::from([ip]));
        assert!(!interfaces(None).is_empty());
    }
}
