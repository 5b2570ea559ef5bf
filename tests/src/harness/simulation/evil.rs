//! Lies on their way to clients, rogues on the network, and the tape.

use super::super::evil::Recorded;
use super::super::network::Place;
use super::super::pipe::{Kind, Parcel, PipeId};
use super::{Dice, Simulation};
use hutong_common::codec;
use hutong_common::direct::{Direct, FileGet};
use hutong_common::identity::KeyPair;
use hutong_common::rpc::ServerFrame;
use hutong_engine::core::io::{FileInput, Found, Input, LinkId, StreamId};

impl Simulation {
    pub(super) fn say_or_lie(&mut self, pipe: PipeId, frame: Vec<u8>) {
        let there = self.pipes.get(&pipe).map(|pipe| pipe.ends[0].place);
        let Some(Place::Client(who)) = there else {
            return;
        };
        let honest = codec::decode(&frame).expect("the service writes whole frames");
        for said in self.lies.said(who, honest) {
            self.send(pipe, 1, codec::encode(&said));
        }
    }

    /// The rendezvous says something that nobody asked for.
    pub fn server_says(&mut self, who: usize, frame: &ServerFrame) {
        let control = self.clients[who].program.as_ref();
        let control = control.and_then(|program| program.control);
        let pipe = control.expect("a client that is connected");
        self.send(pipe, 1, codec::encode(frame));
    }

    pub(super) fn overhear(&mut self, id: PipeId, side: usize, parcel: &Parcel) {
        let Parcel::Frame(frame) = parcel else {
            return;
        };
        if let Some(heard) = self.ears.rogues.get_mut(&id).filter(|_| side == 0) {
            heard.push(codec::decode(frame).expect("cores write whole frames"));
        }
        let (Some(tape), Some(pipe)) = (&mut self.ears.tape, self.pipes.get(&id)) else {
            return;
        };
        let (here, there) = (pipe.ends[side].place, pipe.ends[1 - side].place);
        let frame = frame.clone();
        match (there, here) {
            (Place::Client(from), Place::Client(to)) => {
                tape.push(Recorded::Direct { from, to, frame });
            }
            (Place::Server(_), Place::Client(to)) => tape.push(Recorded::Said { to, frame }),
            (_, Place::Server(_)) => {}
        }
    }

    pub(in super::super) fn rogue_dials(
        &mut self,
        rogue: usize,
        victim: usize,
        key: &KeyPair,
    ) -> PipeId {
        let accepted = LinkId::Accepted(self.number());
        let program = self.clients[victim].program.as_ref();
        let theirs = program.and_then(|program| program.identity.as_ref());
        let theirs = theirs.expect("a client that is signed in").public();
        let places = [rogue, victim].map(|who| self.clients[who].place);
        let kind = Kind::Link {
            names: [LinkId::Dialled(0), accepted],
            keys: [key.public(), theirs],
            places,
            over: None,
        };
        let ends = [rogue, victim].map(|who| (self.clients[who].place, self.clients[who].life));
        let pipe = self.open(kind, ends);
        self.ears.rogues.insert(pipe, Vec::new());
        self.ears.victims.insert(pipe, (victim, accepted));
        if let Some(program) = &mut self.clients[victim].program {
            program.links.insert(accepted, pipe);
        }
        pipe
    }

    pub(in super::super) fn rogue_says(&mut self, pipe: PipeId, frame: &Direct) {
        self.send(pipe, 0, codec::encode(frame));
    }

    /// A link that was closed leads to nobody any more; its streams are refused like those of a stranger.
    pub(in super::super) fn rogue_asks(&mut self, pipe: PipeId, get: FileGet) -> Option<StreamId> {
        let (victim, link) = *self.ears.victims.get(&pipe)?;
        let stream = StreamId(self.number());
        self.input(victim, Input::File(FileInput::Asked { stream, link, get }));
        Some(stream)
    }

    /// Multicast reaches a client from somewhere.
    pub fn hears(&mut self, who: usize, found: Found) {
        self.input(who, Input::Found(found));
    }

    pub(in super::super) fn is_pipe_open(&self, pipe: PipeId) -> bool {
        let pipe = self.pipes.get(&pipe);
        pipe.is_some_and(|pipe| pipe.ends.iter().all(|end| end.open))
    }

    /// Lets everything on the tape arrive again, `times` over, in an order that the seed decides.
    pub fn replay(&mut self, tape: &[Recorded], times: usize, seed: u64) {
        let mut dice = Dice::new(seed, "replay");
        let mut again: Vec<&Recorded> = (0..times).flat_map(|_| tape).collect();
        while !again.is_empty() {
            let recorded = again.swap_remove(dice.index(again.len()));
            match recorded {
                Recorded::Direct { from, to, frame } => {
                    let places = [*from, *to].map(Place::Client);
                    let pipe = self.pipes.iter().find_map(|(id, pipe)| {
                        let here = pipe.side_of(places[1])?;
                        (pipe.ends[1 - here].place == places[0]).then_some((*id, 1 - here))
                    });
                    if let Some((pipe, side)) = pipe {
                        self.send(pipe, side, frame.clone());
                    }
                }
                Recorded::Said { to, frame } => {
                    let program = self.clients[*to].program.as_ref();
                    if let Some(pipe) = program.and_then(|program| program.control) {
                        self.send(pipe, 1, frame.clone());
                    }
                }
            }
        }
    }
}
