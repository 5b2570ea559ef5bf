//! Direct links: dialling, frames and farewells between clients.

use super::super::computer::Computer;
use super::super::network::Place;
use super::super::pipe::{Kind, Parcel};
use super::Simulation;
use hutong_common::codec;
use hutong_common::id::{PublicKey, RelaySession};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DIAL_TIMEOUT_MS, ROUND_TRIP_REPORT_MS};
use hutong_engine::core::io::{Input, LinkId, LinkInput, LinkOutput};
use hutong_engine::paths::PeerAddr;
use std::net::SocketAddr;

impl Simulation {
    pub(super) fn perform_link(&mut self, who: usize, output: LinkOutput) {
        match output {
            LinkOutput::Identity(seed) => {
                let identity = seed.map(|seed| KeyPair::from_seed(seed.0));
                let Some(program) = &mut self.clients[who].program else {
                    return;
                };
                program.identity = identity;
                let links: Vec<LinkId> = program.links.keys().copied().collect();
                for link in links {
                    self.close_link(who, link);
                }
                self.end_relays_of(who);
            }
            LinkOutput::Dial { link, pin, to } => self.dial(who, link, (pin, to)),
            LinkOutput::Send { link, frame } => {
                if let Some((pipe, side)) = self.link_end(who, link) {
                    self.send(pipe, side, codec::encode(&*frame));
                    self.note_sent(who, link);
                }
            }
            LinkOutput::Candidates { link, to } => self.try_candidates(who, link, &to),
            LinkOutput::Attach { link, session } => self.attach(who, link, session),
            LinkOutput::DoubtPaths => self.doubt_paths(who),
            LinkOutput::Close { link } => self.close_link(who, link),
        }
    }

    fn link_end(&self, who: usize, link: LinkId) -> Option<(u64, usize)> {
        let pipe = *self.clients[who].program.as_ref()?.links.get(&link)?;
        let side = self.pipes.get(&pipe)?.side_of(self.clients[who].place)?;
        Some((pipe, side))
    }

    fn close_link(&mut self, who: usize, link: LinkId) {
        if let Some((pipe, side)) = self.link_end(who, link) {
            self.hang_up(pipe, side);
            if let Some(program) = &mut self.clients[who].program {
                program.links.remove(&link);
                program.paths.remove(&link);
            }
            self.input(who, Input::Link(LinkInput::Down { link }));
        }
    }

    fn dial(&mut self, who: usize, link: LinkId, (pin, to): (PublicKey, PeerAddr)) {
        let there = match to {
            PeerAddr::Direct(address) => {
                self.ears.dials.push(address);
                self.listener_at(who, address)
            }
            PeerAddr::Relay(session) => self.other_end(session, who),
        };
        let over = match to {
            PeerAddr::Direct(_) => None,
            PeerAddr::Relay(session) => Some(session),
        };
        let here = self.clients[who].place;
        let down = Input::Link(LinkInput::Down { link });
        let Some(there) = there.filter(|there| *there != who) else {
            self.input_later(who, DIAL_TIMEOUT_MS * 1000, down);
            return;
        };
        let key_of = |computer: usize| {
            let program = self.clients[computer].program.as_ref()?;
            program.identity.as_ref().map(KeyPair::public)
        };
        let (Some(ours), Some(theirs)) = (key_of(who), key_of(there).filter(|key| *key == pin))
        else {
            let delay_us = 2 * self.network.latency_us();
            self.input_later(who, delay_us, down);
            return;
        };
        let accepted = LinkId::Accepted(self.number());
        let kind = Kind::Link {
            names: [link, accepted],
            keys: [ours, theirs],
            places: [here, self.clients[there].place],
            over,
        };
        let ends = [who, there].map(|who| (self.clients[who].place, self.clients[who].life));
        let pipe = self.open(kind, ends);
        let rtt_us = 2 * self.network.latency_us();
        for (computer, link) in [(who, link), (there, accepted)] {
            if let Some(program) = &mut self.clients[computer].program {
                program.links.insert(link, pipe);
            }
            let measured = Input::Link(LinkInput::RoundTrip { link, rtt_us });
            self.input_later(computer, ROUND_TRIP_REPORT_MS * 1000, measured);
        }
    }

    /// Whoever listens at an address and is reached there.
    pub(super) fn listener_at(&self, who: usize, address: SocketAddr) -> Option<usize> {
        let listens = |other: &Computer| {
            other.udp && other.program.is_some() && other.place.address() == address
        };
        let there = self.clients.iter().position(listens)?;
        let here = &self.clients[who];
        let passes = self
            .network
            .udp_passes(here.place, self.clients[there].place);
        (here.udp && passes).then_some(there)
    }

    pub(super) fn link_input(
        link: LinkId,
        (key, place, over): (PublicKey, Place, Option<RelaySession>),
        parcel: Parcel,
    ) -> Option<Input> {
        let input = match parcel {
            Parcel::Open => LinkInput::Up {
                link,
                key,
                remote: over.map_or(PeerAddr::Direct(place.address()), PeerAddr::Relay),
            },
            Parcel::Frame(frame) => LinkInput::Frame {
                link,
                frame: codec::decode(&frame).expect("cores write whole frames"),
            },
            Parcel::Gone => return None,
        };
        Some(Input::Link(input))
    }
}
