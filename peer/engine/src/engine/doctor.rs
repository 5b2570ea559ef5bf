//! Looking at the network for a check: the adapters of this computer, the way to the rendezvous, and who answers there.
//!
//! Called by the network's thread with what the core wants to know; each question is a task of its own that ends within
//! a bound. Nothing here says what it means.

mod echo;
mod knock;
mod knocks;

use super::driver::Inputs;
use crate::core::io::{Adapter, DoctorInput, DoctorOutput, Input, Looked};
use crate::doctor::interfaces::kind;
use hutong_common::id::ServerId;
use if_addrs::IfAddr;
pub(super) use knocks::Knocks;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use tokio::task::JoinSet;

/// Does what checks need, and says so to the core.
#[derive(Debug)]
pub(super) struct Doctor {
    inputs: Inputs,
    knocks: Knocks,
}

impl Doctor {
    /// `knocks` hears what comes in at the socket of the links.
    pub(super) const fn new(inputs: Inputs, knocks: Knocks) -> Self {
        Self { inputs, knocks }
    }

    pub(super) fn perform(&self, output: DoctorOutput) {
        let (inputs, knocks) = (self.inputs.clone(), self.knocks.clone());
        tokio::spawn(async move {
            let done = match output {
                DoctorOutput::Look {
                    check,
                    hosts,
                    pin,
                    knock,
                } => DoctorInput::Looked {
                    check,
                    looked: look(hosts, pin, knock).await,
                },
                DoctorOutput::Echo {
                    check,
                    host,
                    port,
                    token,
                    burst,
                } => DoctorInput::Echoed {
                    check,
                    echoed: echo::echo(&host, port, token, burst).await,
                },
                DoctorOutput::Knock { check, token, to } => DoctorInput::Heard {
                    check,
                    heard: knocks.knock(token, to).await,
                },
            };
            inputs.send(Input::Doctor(done)).await;
        });
    }
}

async fn look(hosts: Vec<String>, pin: Option<ServerId>, knock: bool) -> Looked {
    let (server, tcp) = if knock {
        knock_at(hosts, pin).await
    } else {
        let found = match hosts.first() {
            Some(host) => knock::resolve(host).await.first().copied(),
            None => None,
        };
        (found, None)
    };
    Looked {
        adapters: adapters(),
        server,
        way: server.and_then(way_to),
        tcp,
    }
}

/// Knocks at all of them at once; the best answer counts.
async fn knock_at(
    hosts: Vec<String>,
    pin: Option<ServerId>,
) -> (Option<SocketAddr>, Option<crate::api::doctor::TcpAnswer>) {
    let mut knocks = JoinSet::new();
    for host in hosts {
        knocks.spawn(async move { knock::knock(&host, pin).await });
    }
    let answers = knocks.join_all().await;
    let best = answers.into_iter().min_by_key(|(_, answer)| *answer);
    best.map_or((None, None), |(server, answer)| (server, Some(answer)))
}

/// Every address of every adapter that works.
fn adapters() -> Vec<Adapter> {
    let all = if_addrs::get_if_addrs()
        .inspect_err(|error| tracing::warn!(%error, "the network interfaces cannot be listed"))
        .unwrap_or_default();
    let working = all
        .into_iter()
        .filter(|one| one.is_oper_up() || one.is_loopback() || one.is_p2p());
    working.map(adapter).collect()
}

fn adapter(one: if_addrs::Interface) -> Adapter {
    let prefix = match &one.addr {
        IfAddr::V4(v4) => v4.prefixlen,
        IfAddr::V6(v6) => v6.prefixlen,
    };
    Adapter {
        kind: kind(&one.name, one.ip(), one.is_p2p()),
        ip: one.ip(),
        prefix,
        name: one.name,
    }
}

/// Our own address on the way to `server`; nothing is sent.
fn way_to(server: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let local = || -> io::Result<SocketAddr> {
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect(server)?;
        socket.local_addr()
    };
    local().ok().map(|local| local.ip().to_canonical())
}

#[cfg(test)]
mod tests;
