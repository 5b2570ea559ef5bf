//! Control connections: dialling a rendezvous, and what arrives at either end.

use super::super::network::Place;
use super::super::pipe::{Kind, Parcel, PipeId};
use super::super::server::Server;
use super::Simulation;
use hutong_common::codec;
use hutong_common::identity::KeyPair;
use hutong_common::limits::SERVER_CONNECT_TIMEOUT_MS;
use hutong_common::rpc::{ClientFrame, ServerFrame};
use hutong_common::tls::Exporters;
use hutong_engine::core::io::{Attempt, Input, ServerDown, ServerInput, ServerOutput};
use std::net::SocketAddr;

/// From where control connections come.
const CLIENT_PORT: u16 = 50_000;

impl Simulation {
    pub(super) fn perform_server(&mut self, who: usize, output: ServerOutput) {
        match output {
            ServerOutput::Connect {
                attempt,
                hosts,
                pin,
                key_seed,
            } => {
                self.disconnect(who);
                let key = KeyPair::from_seed(key_seed.0);
                match self.dial_server(who, &hosts) {
                    Ok((server, _)) if pin.is_some_and(|pin| pin != self.servers[server].id()) => {
                        let found = Some(self.servers[server].id());
                        let why = ServerDown::WrongKey { found };
                        self.attempt_failed(who, (attempt, 1_000), why);
                    }
                    Ok((server, host)) => self.connect(who, (server, host), (attempt, &key)),
                    Err(delay_us) => {
                        let why = ServerDown::Unreachable;
                        self.attempt_failed(who, (attempt, delay_us), why);
                    }
                }
            }
            ServerOutput::Ask {
                attempt,
                id,
                request,
            } => {
                let control = self.clients[who]
                    .program
                    .as_ref()
                    .and_then(|program| program.control);
                let current =
                    control.filter(|pipe| match self.pipes.get(pipe).map(|pipe| &pipe.kind) {
                        Some(Kind::Control { attempt: now, .. }) => *now == attempt,
                        Some(Kind::Link { .. }) | None => false,
                    });
                if let Some(pipe) = current {
                    let frame = ClientFrame {
                        id,
                        request: *request,
                    };
                    self.send(pipe, 0, codec::encode(&frame));
                }
            }
            ServerOutput::Disconnect => self.disconnect(who),
        }
    }

    fn disconnect(&mut self, who: usize) {
        let program = self.clients[who].program.as_mut();
        if let Some(pipe) = program.and_then(|program| program.control.take()) {
            self.hang_up(pipe, 0);
        }
    }

    /// The first host that answers, or how long it takes to know that none does, in microseconds.
    fn dial_server(&self, who: usize, hosts: &[String]) -> Result<(usize, String), u64> {
        let place = self.clients[who].place;
        let mut delay_us = 1_000;
        for host in hosts {
            match self.addresses.get(host) {
                Some(server) if self.network.reaches(place, Place::Server(*server)) => {
                    if self.servers[*server].is_running() {
                        return Ok((*server, host.clone()));
                    }
                }
                Some(_) | None => delay_us = SERVER_CONNECT_TIMEOUT_MS * 1000,
            }
        }
        Err(delay_us)
    }

    fn attempt_failed(&mut self, who: usize, (attempt, delay_us): (Attempt, u64), why: ServerDown) {
        let down = Input::Server(ServerInput::Down { attempt, why });
        self.input_later(who, delay_us, down);
    }

    fn connect(
        &mut self,
        who: usize,
        (server, host): (usize, String),
        (attempt, key): (Attempt, &KeyPair),
    ) {
        let number = self.number().to_be_bytes();
        let exported = |label: &str| {
            let mut exporter = blake3::Hasher::new();
            exporter.update(label.as_bytes());
            exporter.update(&key.public().0);
            exporter.update(&number);
            exporter.finalize().into()
        };
        let kind = Kind::Control {
            attempt,
            host,
            key: key.public(),
            exporters: Exporters {
                opaque: exported("opaque"),
                relay: exported("relay"),
            },
            server,
            local: SocketAddr::new(self.clients[who].place.ip(), CLIENT_PORT),
        };
        let (here, there) = (self.clients[who].place, Place::Server(server));
        let ends = [
            (here, self.clients[who].life),
            (there, self.servers[server].life),
        ];
        let pipe = self.open(kind, ends);
        if let Some(program) = &mut self.clients[who].program {
            program.control = Some(pipe);
        }
    }

    pub(super) fn control_input(kind: &Kind, servers: &[Server], parcel: Parcel) -> Option<Input> {
        let Kind::Control {
            attempt,
            host,
            exporters,
            server,
            local,
            ..
        } = kind
        else {
            return None;
        };
        let attempt = *attempt;
        let input = match parcel {
            Parcel::Open => ServerInput::Up {
                attempt,
                server: servers[*server].id(),
                exporters: *exporters,
                local: *local,
                host: host.clone(),
            },
            Parcel::Frame(frame) => {
                match codec::decode(&frame).expect("the service writes whole frames") {
                    ServerFrame::Reply { id, result } => ServerInput::Reply {
                        attempt,
                        id,
                        result,
                    },
                    ServerFrame::Push(push) => ServerInput::Push { attempt, push },
                }
            }
            Parcel::Gone => return None,
        };
        Some(Input::Server(input))
    }

    pub(super) fn arrive_at_server(&mut self, server: usize, id: PipeId, parcel: Parcel) {
        match parcel {
            Parcel::Open => {
                let Some(pipe) = self.pipes.get(&id) else {
                    return;
                };
                if let Kind::Control {
                    key,
                    exporters,
                    local,
                    ..
                } = pipe.kind
                {
                    self.servers[server].connected(id, key, (exporters, local));
                }
            }
            Parcel::Frame(frame) => self.hand_to_server(server, id, frame),
            Parcel::Gone => {}
        }
    }

    /// A connection of a rendezvous ended.
    pub(super) fn server_lost(&mut self, server: usize, id: PipeId) {
        let now_us = self.schedule.now_us();
        let said = self.servers[server].disconnected(id, now_us);
        self.say(said);
    }
}
