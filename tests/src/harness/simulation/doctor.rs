//! Checks of the network, on computers with one cable each: what the simulated network lets pass is what is seen.

use super::Simulation;
use crate::harness::network::Place;
use hutong_common::check::{CheckKind, CheckPacket, CheckToken, PACKET_BYTES};
use hutong_common::limits::{CHECK_KNOCKS, CHECK_LISTEN_MS, CHECK_SMALL_PACKETS};
use hutong_engine::api::doctor::{InterfaceKind, Packets, TcpAnswer};
use hutong_engine::core::io::{Adapter, CheckId, DoctorInput, DoctorOutput, Echoed, Input, Looked};
use std::net::SocketAddr;

/// How long somebody is looked for who does not answer.
const LOOK_US: u64 = 3_000_000;
/// How long packets are waited for that do not come back.
const ECHO_US: u64 = 1_000_000;

impl Simulation {
    pub(super) fn perform_doctor(&mut self, who: usize, output: DoctorOutput) {
        let (takes_us, input) = match output {
            DoctorOutput::Look {
                check,
                hosts,
                knock,
                ..
            } => self.look_around(who, (check, &hosts), knock),
            DoctorOutput::Echo {
                check, host, token, ..
            } => {
                let echoed = self.echo(who, &host, token);
                (ECHO_US, DoctorInput::Echoed { check, echoed })
            }
            DoctorOutput::Knock { check, to, .. } => {
                let heard = self.heard(who, &to);
                (CHECK_LISTEN_MS * 1_000, DoctorInput::Heard { check, heard })
            }
        };
        self.input_later(who, takes_us, Input::Doctor(input));
    }

    fn server_at(&self, host: &str) -> Option<Place> {
        self.addresses.get(host).copied().map(Place::Server)
    }

    fn look_around(
        &self,
        who: usize,
        (check, hosts): (CheckId, &[String]),
        knock: bool,
    ) -> (u64, DoctorInput) {
        let here = Place::Client(who);
        let server = hosts.first().and_then(|host| self.server_at(host));
        let answers = server.is_some_and(|there| self.network.reaches(here, there));
        let tcp = if answers {
            TcpAnswer::Right
        } else {
            TcpAnswer::TimedOut
        };
        let looked = Looked {
            adapters: vec![Adapter {
                name: "eth0".to_owned(),
                kind: InterfaceKind::Real,
                ip: here.ip(),
                prefix: 8,
            }],
            server: server.map(Place::address),
            way: Some(here.ip()),
            tcp: knock.then_some(tcp),
        };
        let takes_us = if answers { 1_000 } else { LOOK_US };
        (takes_us, DoctorInput::Looked { check, looked })
    }

    /// The real service decides what goes back.
    fn echo(&self, who: usize, host: &str, token: CheckToken) -> Echoed {
        let here = Place::Client(who);
        let passes = |there| self.network.udp_passes(here, there);
        let server = self
            .addresses
            .get(host)
            .map(|server| &self.servers[*server]);
        let is_open = self.server_at(host).is_some_and(passes);
        let mut arrived = 0;
        for number in 0..CHECK_SMALL_PACKETS {
            let packet = CheckPacket {
                kind: CheckKind::Echo,
                token,
                number,
            };
            let asked = packet.encode(PACKET_BYTES);
            let back =
                server.and_then(|server| server.echo(&asked, here.ip(), self.schedule.now_us()));
            arrived += u32::from(is_open && back.is_some());
        }
        Echoed {
            small: Packets {
                sent: u32::from(CHECK_SMALL_PACKETS),
                arrived,
            },
            large: None,
            rtt_us: None,
        }
    }

    /// Both sides knock: what passes is heard on both.
    fn heard(&self, who: usize, to: &[SocketAddr]) -> Packets {
        let here = Place::Client(who);
        let mut others = self
            .clients
            .iter()
            .enumerate()
            .filter(|(_, other)| other.udp);
        let hears = others.any(|(other, _)| {
            let there = Place::Client(other);
            to.contains(&there.address()) && self.network.udp_passes(here, there)
        });
        let sent = u32::from(CHECK_KNOCKS);
        Packets {
            sent,
            arrived: if hears { sent } else { 0 },
        }
    }
}
