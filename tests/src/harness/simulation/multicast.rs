//! Multicast as far as the network lets it pass: who announces himself, and what a program that starts hears.

use super::super::network::Place;
use super::Simulation;
use hutong_engine::core::io::{Found, Input};

/// How long multicast takes to be heard.
const MULTICAST_US: u64 = 80_000;

impl Simulation {
    pub(super) fn announce(&mut self, who: usize, tag: Option<[u8; 8]>) {
        let place = self.clients[who].place;
        if let Some(program) = &mut self.clients[who].program {
            program.announced = tag;
        }
        let Some(tag) = tag.filter(|_| self.network.multicast) else {
            return;
        };
        for other in 0..self.clients.len() {
            let hears = self.network.reaches(place, self.clients[other].place);
            if other != who && hears && self.clients[other].program.is_some() {
                let addresses = vec![place.address()];
                let found = Input::Found(Found::Peer { tag, addresses });
                self.input_later(other, MULTICAST_US, found);
            }
        }
    }

    /// What a program that starts hears of those who announced themselves before.
    pub(super) fn browse(&mut self, who: usize) {
        if !self.network.multicast {
            return;
        }
        let place = self.clients[who].place;
        let mut heard = Vec::new();
        for (number, server) in self.servers.iter().enumerate() {
            if server.is_running() && self.network.reaches(place, Place::Server(number)) {
                heard.push(Found::Rendezvous {
                    server: server.id(),
                    name: "hutong".to_owned(),
                    addresses: vec![Place::Server(number).address()],
                });
            }
        }
        for other in self.clients.iter().filter(|other| other.place != place) {
            let tag = other.program.as_ref().and_then(|program| program.announced);
            if let Some(tag) = tag.filter(|_| self.network.reaches(place, other.place)) {
                let addresses = vec![other.place.address()];
                heard.push(Found::Peer { tag, addresses });
            }
        }
        for found in heard {
            self.input_later(who, MULTICAST_US, Input::Found(found));
        }
    }
}
