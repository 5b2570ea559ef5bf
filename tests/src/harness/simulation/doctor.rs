//! Checks of the network, on computers with one cable each: what the simulated network lets pass is what is seen.

use super::Simulation;
use crate::harness::network::Place;
use hutong_engine::api::doctor::{InterfaceKind, TcpAnswer};
use hutong_engine::core::io::{Adapter, DoctorInput, DoctorOutput, Input, Looked};
use std::net::SocketAddr;

/// How long somebody is looked for who does not answer.
const LOOK_US: u64 = 3_000_000;

impl Simulation {
    pub(super) fn perform_doctor(&mut self, who: usize, output: DoctorOutput) {
        match output {
            DoctorOutput::Look {
                check,
                hosts,
                knock,
                ..
            } => {
                let here = Place::Client(who);
                let known = hosts.first().and_then(|host| self.addresses.get(host));
                let server = known.copied().map(Place::Server);
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
                    server: server.map(|there: Place| -> SocketAddr { there.address() }),
                    way: Some(here.ip()),
                    tcp: knock.then_some(tcp),
                };
                let takes_us = if answers { 1_000 } else { LOOK_US };
                let looked = DoctorInput::Looked { check, looked };
                self.input_later(who, takes_us, Input::Doctor(looked));
            }
        }
    }
}
