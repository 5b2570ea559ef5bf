//! What is known at the end of a check, put together from its own answers and from what the client knows anyway.

use super::{Check, Core};
use crate::api::doctor::{
    Facts, Interface, InterfaceKind, MulticastFacts, Packets, PeerFacts, ServerFacts, TcpAnswer,
    UdpFacts,
};
use crate::core::Context;
use crate::core::io::Looked;
use crate::doctor::interfaces::is_on_link;
use hutong_common::limits::{CHECK_KNOCKS, DOCTOR_INTERFACES_MAX};
use hutong_common::rpc::doctor::PathChecked;
use std::net::IpAddr;

impl Core {
    pub(super) fn facts(&self, check: &Check, cx: &Context<'_>) -> Facts {
        let (clients, servers) = self.heard_by_multicast(cx);
        let looked = check.looked.as_ref();
        // The system's way of now: a connection may stand on one that was there before.
        let local = self.session.local_address().map(|local| local.ip());
        let way = looked.and_then(|looked| looked.way).or(local);
        Facts {
            interfaces: looked.map_or_else(Vec::new, |looked| interfaces(looked, way)),
            server: self.server_facts(check, cx),
            udp: self.udp_facts(check),
            multicast: MulticastFacts {
                on: self.config.mdns,
                clients,
                servers,
                announced: check.announced,
            },
            peer: self.peer_facts(check),
        }
    }

    fn server_facts(&self, check: &Check, cx: &Context<'_>) -> ServerFacts {
        let looked = check.looked.as_ref();
        let tcp = if self.session.is_online() && !check.is_silent {
            Some(TcpAnswer::Right)
        } else if check.hosts.is_empty() {
            None
        } else {
            looked
                .and_then(|looked| looked.tcp)
                .or(Some(TcpAnswer::TimedOut))
        };
        ServerFacts {
            state: Some(self.session.state()),
            address: self
                .session
                .host_online()
                .or_else(|| check.hosts.first().cloned()),
            tcp,
            silent: check.is_silent,
            rtt_ms: check.ping.known().copied(),
            clock_ahead_ms: self.session.clock.ahead_ms(cx.now),
            same_subnet: looked.and_then(|looked| Some(is_near(looked, looked.server?.ip()))),
            identity_twice: self.was_seen_twice(cx),
        }
    }

    fn udp_facts(&self, check: &Check) -> UdpFacts {
        let echoed = check.echo.known();
        UdpFacts {
            port: self.session.udp_port(),
            small: echoed.map(|echoed| echoed.small),
            large: echoed.and_then(|echoed| echoed.large),
            rtt_us: echoed.and_then(|echoed| echoed.rtt_us),
        }
    }

    fn peer_facts(&self, check: &Check) -> Option<PeerFacts> {
        let between = check.between.as_ref()?;
        let account = between.account;
        let (linked, path) = self.presence_of(account);
        // A link to somebody who is gone stands for a minute: the rendezvous knows it at once.
        let told = self.session.is_online() && !check.is_silent;
        let online = if told {
            self.roster.is_online(account)
        } else {
            linked
        };
        let looked = check.looked.as_ref();
        let mut candidates = between.candidates.iter();
        let is_near = looked.map(|looked| candidates.any(|one| is_near(looked, one.ip())));
        let report = between.report.known();
        let heard = |report: &PathChecked| Packets {
            sent: u32::from(CHECK_KNOCKS),
            arrived: u32::from(report.heard),
        };
        Some(PeerFacts {
            login: self.roster.get(account)?.row.login.to_string(),
            online,
            path,
            rtt_us: self.round_trip_us(account),
            same_subnet: is_near.filter(|_| !between.candidates.is_empty()),
            here: between.heard.known().copied(),
            there: report.map(heard),
            udp_there: report.and_then(|report| report.udp),
        })
    }
}

/// Whether an address is on a network of this computer.
fn is_near(looked: &Looked, ip: IpAddr) -> bool {
    let mut adapters = looked.adapters.iter();
    adapters.any(|own| is_on_link(own.ip, own.prefix, ip))
}

/// Adapters with all their addresses, in the order of the system.
fn interfaces(looked: &Looked, way: Option<IpAddr>) -> Vec<Interface> {
    let mut shown: Vec<Interface> = Vec::new();
    for adapter in &looked.adapters {
        let to_server = way == Some(adapter.ip);
        if let Some(known) = shown.iter_mut().find(|one| one.name == adapter.name) {
            known.addresses.push(adapter.ip);
            known.to_server |= to_server;
        } else if shown.len() < DOCTOR_INTERFACES_MAX {
            shown.push(Interface {
                name: adapter.name.clone(),
                kind: adapter.kind,
                addresses: vec![adapter.ip],
                to_server,
            });
        }
    }
    // What carries nothing of interest comes last.
    shown.sort_by_key(|one| one.kind == InterfaceKind::Loopback);
    shown
}
