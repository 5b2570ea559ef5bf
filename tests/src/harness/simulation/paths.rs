//! By which ways the packets of links go: the engine's own states, with probes that travel over the simulated network.
//!
//! A link's parcels pass while some way that its sender uses leads to the other side; QUIC would send again whatever was lost, so
//! what does not pass waits.

use super::super::pipe::{Kind, Pipe, PipeId};
use super::{Happening, Simulation};
use hutong_common::id::RelaySession;
use hutong_engine::core::io::{Input, LinkId, LinkInput};
use hutong_engine::paths::link::{LinkPaths, ProbeKeys};
use hutong_engine::paths::probe::{EXPORTED_BYTES, Probe, ProbeKey, probe_in};
use std::net::SocketAddr;

/// What TLS would export for probes from one side of a connection.
fn exported(pipe: PipeId, side: usize) -> ProbeKey {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&pipe.to_be_bytes());
    hasher.update(&[side as u8]);
    let mut bytes = [0; EXPORTED_BYTES];
    hasher.finalize_xof().fill(&mut bytes);
    ProbeKey::new(&bytes)
}

impl Simulation {
    /// Whether parcels of a connection get through in both directions now.
    pub(super) fn passes(&self, pipe: &Pipe) -> bool {
        match &pipe.kind {
            Kind::Control { .. } => {
                let [a, b] = pipe.ends.map(|end| end.place);
                self.network.reaches(a, b)
            }
            Kind::Link { names, over, .. } => {
                (0..2).all(|side| self.gets_through(pipe, (side, names[side]), *over))
            }
        }
    }

    /// Whether what one side sends arrives at the other by one of the ways that it uses.
    fn gets_through(
        &self,
        pipe: &Pipe,
        (side, link): (usize, LinkId),
        over: Option<RelaySession>,
    ) -> bool {
        let places = pipe.ends.map(|end| end.place);
        let udp = self.network.udp_passes(places[0], places[1]);
        let paths = self.client_at(places[side]).and_then(|who| {
            let program = self.clients[who].program.as_ref()?;
            program.paths.get(&link)
        });
        match paths {
            Some(paths) => {
                let route = paths.route();
                (route.direct.is_some() && udp)
                    || route.relay.is_some_and(|one| self.relays_now(one))
            }
            None => over.map_or(udp, |session| self.relays_now(session)),
        }
    }

    fn client_at(&self, place: super::super::network::Place) -> Option<usize> {
        self.clients.iter().position(|one| one.place == place)
    }

    /// The core has checked who is there: the ways of the link begin to be probed.
    pub(super) fn try_candidates(&mut self, who: usize, link: LinkId, to: &[SocketAddr]) {
        let now_us = self.schedule.now_us();
        let Some(pipe) = self.pipe_of(who, link) else {
            return;
        };
        let Some(Pipe { kind, .. }) = self.pipes.get(&pipe) else {
            return;
        };
        let Kind::Link {
            names,
            places,
            over,
            ..
        } = kind
        else {
            return;
        };
        let side = usize::from(names[1] == link && places[1] == self.clients[who].place);
        let (there, over) = (places[1 - side].address(), *over);
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let paths = program.paths.entry(link).or_insert_with(|| {
            let mut paths = match over {
                Some(_) => LinkPaths::relayed(now_us),
                None => LinkPaths::direct(there, now_us),
            };
            over.into_iter().for_each(|session| paths.attach(session));
            let (ours, theirs) = (exported(pipe, side), exported(pipe, 1 - side));
            paths.add(link, ProbeKeys { ours, theirs });
            paths
        });
        paths.try_candidates(to, now_us);
        self.look_at_paths(who);
    }

    fn pipe_of(&self, who: usize, link: LinkId) -> Option<PipeId> {
        let program = self.clients[who].program.as_ref()?;
        program.links.get(&link).copied()
    }

    pub(super) fn attach(&mut self, who: usize, link: LinkId, session: RelaySession) {
        if self.other_end(session, who).is_none() {
            return;
        }
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        if let Some(paths) = program.paths.get_mut(&link) {
            paths.attach(session);
            self.look_at_paths(who);
        }
    }

    pub(super) fn doubt_paths(&mut self, who: usize) {
        let now_us = self.schedule.now_us();
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        program
            .paths
            .values_mut()
            .for_each(|paths| paths.doubt(now_us));
        self.look_at_paths(who);
    }

    /// A session carries nothing for a client any more.
    pub(super) fn detach(&mut self, who: usize, session: RelaySession) {
        let now_us = self.schedule.now_us();
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        for paths in program.paths.values_mut() {
            paths.detach(session, now_us);
        }
        self.look_at_paths(who);
    }

    pub(super) fn note_sent(&mut self, who: usize, link: LinkId) {
        let now_us = self.schedule.now_us();
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        if let Some(paths) = program.paths.get_mut(&link)
            && paths.note_sent(now_us)
        {
            self.plan_paths(who);
        }
    }

    /// Packets go both ways on a link.
    pub(super) fn note_traffic(&mut self, pipe: PipeId) {
        let links = self.clients.iter().enumerate().flat_map(|(who, client)| {
            let links = client.program.iter().flat_map(|program| &program.links);
            links.map(move |(link, of)| (who, *link, *of))
        });
        let ends = links.filter(|(.., of)| *of == pipe);
        let ends: Vec<(usize, LinkId)> = ends.map(|(who, link, _)| (who, link)).collect();
        for (who, link) in ends {
            self.note_sent(who, link);
        }
    }

    /// Tells what changed, lets through what now gets through, and plans the next look.
    fn look_at_paths(&mut self, who: usize) {
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let paths = program.paths.values_mut();
        let news: Vec<Input> = paths
            .filter_map(|paths| Some((paths.news()?, paths.links().next()?)))
            .map(|(now, link)| Input::Link(LinkInput::Path { link, now }))
            .collect();
        for input in news {
            self.input(who, input);
        }
        self.unstick();
        self.plan_paths(who);
    }

    fn plan_paths(&mut self, who: usize) {
        let (now_us, life) = (self.schedule.now_us(), self.clients[who].life);
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let due_us = program.paths.values().map(LinkPaths::deadline_us).min();
        let Some(due_us) = due_us else { return };
        if program
            .paths_due_us
            .is_none_or(|planned_us| due_us < planned_us)
        {
            program.paths_due_us = Some(due_us);
            let delay_us = due_us.saturating_sub(now_us);
            self.schedule.after(delay_us, Happening::Paths(who, life));
        }
    }

    /// Sends the probes that are due.
    pub(super) fn tick_paths(&mut self, who: usize) {
        let now_us = self.schedule.now_us();
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        if program.paths_due_us.is_none_or(|due_us| due_us > now_us) {
            return;
        }
        program.paths_due_us = None;
        let mut questions = Vec::new();
        for paths in program.paths.values_mut() {
            if paths.deadline_us() <= now_us {
                paths.tick(now_us, &mut questions);
            }
        }
        for one in questions {
            self.send_probe(who, one.to, one.probe);
        }
        self.look_at_paths(who);
    }

    fn send_probe(&mut self, who: usize, to: SocketAddr, probe: Probe) {
        let delay_us = self.network.latency_us();
        if let Some(there) = self.listener_at(who, to) {
            let (from, life) = (self.clients[who].place.address(), self.clients[there].life);
            let arrival = Happening::Probe(there, life, from, probe);
            self.schedule.after(delay_us, arrival);
        }
    }

    /// A probe came to a client.
    pub(super) fn probed(&mut self, who: usize, from: SocketAddr, probe: &Probe) {
        let now_us = self.schedule.now_us();
        let Some((id, probe)) = probe_in(probe) else {
            return;
        };
        let Some(program) = &mut self.clients[who].program else {
            return;
        };
        let mut paths = program.paths.values_mut();
        let meant = paths.find(|paths| paths.probe_ids().any(|(_, of)| of == id));
        let Some(answer) = meant.map(|paths| paths.hear(id, probe, from, now_us).answer) else {
            return;
        };
        if let Some(answer) = answer {
            self.send_probe(who, from, answer);
        }
        self.look_at_paths(who);
    }
}
