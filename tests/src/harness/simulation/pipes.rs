//! Parcels on their way: arrival, silence, broken and closed connections, for control and direct links alike.

use super::super::network::Place;
use super::super::pipe::{Kind, Parcel, Pipe, PipeId};
use super::{Happening, Simulation};
use hutong_common::limits::LINK_IDLE_TIMEOUT_MS;
use hutong_engine::core::io::{Input, LinkInput, ServerDown, ServerInput};

impl Simulation {
    /// Opens a connection: the near end knows after a round trip, the far end half a round trip later.
    pub(super) fn open(&mut self, kind: Kind, ends: [(Place, u64); 2]) -> PipeId {
        let id = self.number();
        self.pipes.insert(id, Pipe::new(kind, ends));
        let (near_us, far_us) = (2 * self.network.latency_us(), self.network.latency_us());
        self.put(id, 0, near_us, Parcel::Open);
        self.put(id, 1, near_us + far_us, Parcel::Open);
        id
    }

    /// Sends a frame from `side` to the other.
    pub(super) fn send(&mut self, id: PipeId, side: usize, frame: Vec<u8>) {
        let delay_us = self.network.latency_us();
        self.put(id, 1 - side, delay_us, Parcel::Frame(frame));
    }

    /// Closes `side` of a connection once what was sent has left.
    pub(super) fn hang_up(&mut self, id: PipeId, side: usize) {
        let delay_us = self.network.latency_us();
        let Some(pipe) = self.pipes.get_mut(&id) else {
            return;
        };
        pipe.ends[side].open = false;
        pipe.flows[side].clear();
        let server = pipe.ends[side].place;
        self.put(id, 1 - side, delay_us, Parcel::Gone);
        if let Place::Server(server) = server {
            self.server_lost(server, id);
        }
    }

    fn put(&mut self, id: PipeId, side: usize, delay_us: u64, parcel: Parcel) {
        let at_us = self.schedule.now_us() + delay_us;
        if let Some(pipe) = self.pipes.get_mut(&id) {
            let at_us = pipe.send(side, at_us, parcel);
            self.schedule.at(at_us, Happening::Arrival(id, side));
        }
    }

    pub(super) fn arrive(&mut self, id: PipeId, side: usize) {
        let now_us = self.schedule.now_us();
        let Some(pipe) = self.pipes.get_mut(&id) else {
            return;
        };
        if pipe.stuck_since_us.is_some() {
            return;
        }
        let Some(parcel) = pipe.take(side, now_us) else {
            return;
        };
        let (end, kind) = (pipe.ends[side], pipe.kind.clone());
        if !end.open {
            return;
        }
        if matches!(parcel, Parcel::Gone) {
            self.lose(id, side);
            self.pipes.remove(&id);
            return;
        }
        self.overhear(id, side, &parcel);
        match end.place {
            Place::Server(server) => self.arrive_at_server(server, id, parcel),
            Place::Client(who) => self.arrive_at_client(who, (&kind, side), parcel),
        }
    }

    fn arrive_at_client(&mut self, who: usize, (kind, side): (&Kind, usize), parcel: Parcel) {
        let input = match kind {
            Kind::Control { .. } => Self::control_input(kind, &self.servers, parcel),
            Kind::Link {
                names,
                keys,
                places,
                over,
            } => {
                let there = 1 - side;
                Self::link_input(names[side], (keys[there], places[there], *over), parcel)
            }
        };
        if let Some(input) = input {
            self.input(who, input);
        }
    }

    /// Tells `side` that the connection is gone.
    fn lose(&mut self, id: PipeId, side: usize) {
        let Some(pipe) = self.pipes.get_mut(&id) else {
            return;
        };
        let end = pipe.ends[side];
        pipe.ends[side].open = false;
        let kind = pipe.kind.clone();
        let who = match end.place {
            Place::Server(server) => {
                self.server_lost(server, id);
                return;
            }
            Place::Client(who) if self.lives(who, end.life) => who,
            Place::Client(_) => return,
        };
        let input = match kind {
            Kind::Control { attempt, .. } => Input::Server(ServerInput::Down {
                attempt,
                why: ServerDown::Unreachable,
            }),
            Kind::Link { names, .. } => Input::Link(LinkInput::Down { link: names[side] }),
        };
        if let Some(program) = &mut self.clients[who].program {
            let gone = program.links.iter().filter(|(_, pipe)| **pipe == id);
            for link in gone.map(|(link, _)| *link).collect::<Vec<_>>() {
                program.links.remove(&link);
                program.paths.remove(&link);
            }
            program.control = program.control.filter(|pipe| *pipe != id);
        }
        self.input(who, input);
    }

    /// Breaks a connection; what was under way is lost.
    pub(super) fn break_pipe(&mut self, id: PipeId) {
        for side in 0..2 {
            if self.pipes.get(&id).is_some_and(|pipe| pipe.ends[side].open) {
                self.lose(id, side);
            }
        }
        self.pipes.remove(&id);
    }

    /// A computer's program died: control connections are reset at once, links fall silent.
    pub(super) fn sever(&mut self, place: Place) {
        let pipes: Vec<PipeId> = self.pipes.keys().copied().collect();
        for id in pipes {
            let Some(pipe) = self.pipes.get_mut(&id) else {
                continue;
            };
            let Some(side) = pipe.side_of(place).filter(|side| pipe.ends[*side].open) else {
                continue;
            };
            pipe.ends[side].open = false;
            pipe.flows[side].clear();
            // What a dying program sent last may or may not have left the computer.
            if self.dice.chance(50) {
                pipe.flows[1 - side].clear();
            }
            let delay_us = match pipe.kind {
                Kind::Control { .. } => self.network.latency_us(),
                Kind::Link { .. } => LINK_IDLE_TIMEOUT_MS * 1000,
            };
            self.put(id, 1 - side, delay_us, Parcel::Gone);
        }
    }

    /// After a switch of the network: connections over a way that is gone are stuck, the others go on.
    pub fn network_changed(&mut self) {
        self.relays_after_change();
        self.unstick();
    }

    /// Looks anew at which connections get through.
    pub(super) fn unstick(&mut self) {
        let now_us = self.schedule.now_us();
        let passing = self.pipes.iter();
        let passing: Vec<bool> = passing.map(|(_, pipe)| self.passes(pipe)).collect();
        for ((id, pipe), passes) in self.pipes.iter_mut().zip(passing) {
            match (passes, pipe.stuck_since_us) {
                (false, None) => {
                    pipe.stuck_since_us = Some(now_us);
                    let patience_us = pipe.patience_us();
                    self.schedule.after(patience_us, Happening::Silence(*id));
                }
                (true, Some(_)) => {
                    pipe.stuck_since_us = None;
                    for side in 0..2 {
                        for (at_us, _) in &pipe.flows[side] {
                            let delay_us = self.network.latency_us();
                            let at_us = (*at_us).max(now_us + delay_us);
                            self.schedule.at(at_us, Happening::Arrival(*id, side));
                        }
                    }
                }
                (true, None) | (false, Some(_)) => {}
            }
        }
    }

    pub(super) fn silence(&mut self, id: PipeId) {
        let now_us = self.schedule.now_us();
        let is_dead = self.pipes.get(&id).is_some_and(|pipe| {
            pipe.stuck_since_us
                .is_some_and(|since_us| since_us + pipe.patience_us() <= now_us)
        });
        if is_dead {
            self.break_pipe(id);
        }
    }

    /// Breaks the control connection of a client, as a switch that restarts does.
    pub fn drop_control(&mut self, who: usize) {
        let control = self.clients[who]
            .program
            .as_ref()
            .and_then(|program| program.control);
        if let Some(id) = control {
            self.break_pipe(id);
        }
    }
}
