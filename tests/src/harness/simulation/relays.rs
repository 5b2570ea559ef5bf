//! Relayed sessions: joined at the real service, with bytes that are only counted as passing or not.

use super::super::network::Place;
use super::{Happening, Simulation};
use hutong_common::id::RelaySession;
use hutong_common::limits::{RELAY_JOIN_TIMEOUT_MS, RELAY_SILENCE_MS};
use hutong_engine::core::io::{Input, RelayInput, RelayJoin, RelayOutput};

/// One session, from the first join on.
#[derive(Debug)]
pub(super) struct Relayed {
    server: usize,
    /// Who joined, and in which of its lives.
    ends: Vec<(usize, u64)>,
    /// Whether both ends were told of each other.
    is_up: bool,
}

impl Simulation {
    pub(super) fn perform_relay(&mut self, who: usize, output: RelayOutput) {
        match output {
            RelayOutput::Join(join) => self.join_relay(who, &join),
            RelayOutput::Leave { session } => {
                self.end_relay(session);
                self.relay_is_down(who, session);
            }
        }
    }

    fn join_relay(&mut self, who: usize, join: &RelayJoin) {
        let (session, now_us) = (join.session, self.schedule.now_us());
        let server = self.addresses.get(&join.host).copied();
        let server = server.filter(|server| {
            let there = Place::Server(*server);
            self.network.relay && self.network.reaches(self.clients[who].place, there)
        });
        let joined = server.filter(|server| self.servers[*server].join(&join.key.join(), now_us));
        let Some(server) = joined else {
            let down = Input::Relay(RelayInput::Down { session });
            return self.input_later(who, 1_000, down);
        };
        let life = self.clients[who].life;
        let relayed = self.relays.entry(session).or_insert(Relayed {
            server,
            ends: Vec::new(),
            is_up: false,
        });
        relayed.ends.push((who, life));
        let delay_us = if relayed.ends.len() == 2 {
            4 * self.network.latency_us()
        } else {
            RELAY_JOIN_TIMEOUT_MS * 1000
        };
        let next = if relayed.ends.len() == 2 {
            Happening::RelayUp(session)
        } else {
            Happening::RelaySilence(session)
        };
        self.schedule.after(delay_us, next);
    }

    /// Both ends have heard each other.
    pub(super) fn relay_up(&mut self, session: RelaySession) {
        if !self.relays_now(session) {
            return;
        }
        let Some(relayed) = self.relays.get_mut(&session) else {
            return;
        };
        relayed.is_up = true;
        for (who, life) in relayed.ends.clone() {
            if self.lives(who, life) {
                self.input(who, Input::Relay(RelayInput::Up { session }));
            }
        }
    }

    /// Whether bytes pass between both ends.
    pub(super) fn relays_now(&self, session: RelaySession) -> bool {
        self.relays.get(&session).is_some_and(|relayed| {
            let there = Place::Server(relayed.server);
            let mut ends = relayed.ends.iter();
            relayed.ends.len() == 2
                && ends.all(|(who, life)| {
                    self.lives(*who, *life) && self.network.reaches(self.clients[*who].place, there)
                })
        })
    }

    /// Who is at the other end of a session that is up.
    pub(super) fn other_end(&self, session: RelaySession, who: usize) -> Option<usize> {
        let relayed = self.relays.get(&session).filter(|relayed| relayed.is_up)?;
        let other = relayed.ends.iter().find(|(end, _)| *end != who)?;
        self.relays_now(session).then_some(other.0)
    }

    /// After a switch of the network: sessions that lost an end are given up after a while.
    pub(super) fn relays_after_change(&mut self) {
        let broken = self.relays.keys().copied();
        let broken: Vec<RelaySession> = broken.filter(|one| !self.relays_now(*one)).collect();
        for session in broken {
            let silence = Happening::RelaySilence(session);
            self.schedule.after(RELAY_SILENCE_MS * 1000, silence);
        }
    }

    pub(super) fn relay_silence(&mut self, session: RelaySession) {
        if self.relays.contains_key(&session) && !self.relays_now(session) {
            self.end_relay(session);
        }
    }

    /// Ends a session and tells those who are in it.
    fn end_relay(&mut self, session: RelaySession) {
        let Some(relayed) = self.relays.remove(&session) else {
            return;
        };
        self.servers[relayed.server].relay_ended(session);
        for (who, life) in relayed.ends {
            if self.lives(who, life) {
                self.relay_is_down(who, session);
            }
        }
    }

    fn relay_is_down(&mut self, who: usize, session: RelaySession) {
        self.detach(who, session);
        self.input(who, Input::Relay(RelayInput::Down { session }));
    }

    /// A client's program is gone, and its end of every session with it.
    pub(super) fn end_relays_of(&mut self, who: usize) {
        self.end_relays(|relayed| relayed.ends.iter().any(|(end, _)| *end == who));
    }

    /// A rendezvous is gone, and all its sessions with it.
    pub(super) fn end_relays_of_server(&mut self, server: usize) {
        self.end_relays(|relayed| relayed.server == server);
    }

    fn end_relays(&mut self, which: impl Fn(&Relayed) -> bool) {
        let ended = self.relays.iter().filter(|(_, relayed)| which(relayed));
        let ended: Vec<RelaySession> = ended.map(|(session, _)| *session).collect();
        for session in ended {
            self.end_relay(session);
        }
    }
}
