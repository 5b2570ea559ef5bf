//! Direct links: dialling, frames and farewells between clients.

use super::super::network::Place;
use super::super::pipe::{Kind, Parcel};
use super::Simulation;
use hutong_common::codec;
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{DIAL_TIMEOUT_MS, ROUND_TRIP_REPORT_MS};
use hutong_engine::core::io::{Input, LinkId, LinkInput, LinkOutput};
use hutong_engine::paths::PeerAddr;

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
            }
            LinkOutput::Dial { link, pin, to } => self.dial(who, link, (pin, to)),
            LinkOutput::Send { link, frame } => {
                if let Some((pipe, side)) = self.link_end(who, link) {
                    self.send(pipe, side, codec::encode(&*frame));
                }
            }
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
            }
            self.input(who, Input::Link(LinkInput::Down { link }));
        }
    }

    fn dial(&mut self, who: usize, link: LinkId, (pin, to): (PublicKey, PeerAddr)) {
        let PeerAddr::Direct(address) = to;
        self.ears.dials.push(address);
        let here = self.clients[who].place;
        let there = self.clients.iter().position(|other| {
            other.udp && other.program.is_some() && other.place.address() == address
        });
        let there = there.filter(|there| {
            self.clients[who].udp && self.network.udp_passes(here, self.clients[*there].place)
        });
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

    pub(super) fn link_input(
        link: LinkId,
        (key, place): (PublicKey, Place),
        parcel: Parcel,
    ) -> Option<Input> {
        let input = match parcel {
            Parcel::Open => LinkInput::Up {
                link,
                key,
                remote: PeerAddr::Direct(place.address()),
                local: None,
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
