//! By which way the packets of one link go: over a direct address, by relay, or by both while one of them is in doubt.
//!
//! Pure: time is an argument, probes come in and go out as values, and whoever calls sends packets where [`LinkPaths::route`]
//! says. QUIC above never sees a change of way. Only an answer to our own probe makes an address one that is sent to; a probe
//! of the other side adds at most an address that is received from. So nobody can lead packets to a third party.

use super::probe::{Asked, Outstanding, Probe, ProbeId, ProbeKind, Seen};
use super::way::Way;
pub use super::way::{Heard, PathNow, ProbeKeys, Question};
use super::{Outlook, Route};
use crate::core::io::LinkId;
use hutong_common::id::RelaySession;
use hutong_common::limits::{
    PATH_ADDRESSES_MAX, PATH_BETTER_PERCENT, PATH_DEAD_MS, PATH_FLOW_MS, PATH_PONGS_MIN,
    PATH_SILENCE_MS, PATH_SILENT_PROBES_MIN, PATH_SURVEY_MS_MAX, PATH_SURVEY_MS_MIN,
    PATH_SURVEY_PROBES, PROBE_INTERVAL_MS, RETRY_JITTER_PERCENT,
};
use std::collections::BTreeMap;
use std::net::SocketAddr;

const PROBE_INTERVAL_US: u64 = PROBE_INTERVAL_MS * 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Direct,
    Both,
    Relay,
}

#[derive(Debug)]
struct Keys {
    link: LinkId,
    keys: ProbeKeys,
    seen: Seen,
}

/// The ways of one link, or of several connections between the same two addresses.
#[derive(Debug)]
pub struct LinkPaths {
    keys: Vec<Keys>,
    last_n: u64,
    outstanding: Outstanding,
    ways: BTreeMap<SocketAddr, Way>,
    /// Where direct packets go; the last one known while none answers.
    direct: Option<SocketAddr>,
    mode: Mode,
    relay: Option<RelaySession>,
    /// Until when something counts as being sent.
    flow_until_us: u64,
    /// Since when the way in use owes an answer.
    silent_since_us: Option<u64>,
    survey_at_us: u64,
    survey_pause_ms: u64,
    told: Option<PathNow>,
}

impl LinkPaths {
    /// For a connection that was made over a direct address.
    pub fn direct(address: SocketAddr, now_us: u64) -> Self {
        let way = Way {
            receives: true,
            answered: true,
            ..Way::default()
        };
        Self {
            ways: BTreeMap::from([(address, way)]),
            direct: Some(address),
            mode: Mode::Direct,
            ..Self::relayed(now_us)
        }
    }

    /// For a connection that was made by relay.
    pub fn relayed(now_us: u64) -> Self {
        Self {
            keys: Vec::new(),
            last_n: 0,
            outstanding: Outstanding::default(),
            ways: BTreeMap::new(),
            direct: None,
            mode: Mode::Relay,
            relay: None,
            flow_until_us: 0,
            silent_since_us: None,
            survey_at_us: now_us,
            survey_pause_ms: PATH_SURVEY_MS_MIN,
            told: None,
        }
    }

    /// One more connection over these ways; probes are signed with the keys of the oldest.
    pub fn add(&mut self, link: LinkId, keys: ProbeKeys) {
        let seen = Seen::default();
        self.told = None;
        self.keys.push(Keys { link, keys, seen });
    }

    /// A connection is over; says whether none is left.
    pub fn remove(&mut self, link: LinkId) -> bool {
        self.keys.retain(|one| one.link != link);
        self.keys.is_empty()
    }

    /// Whose these ways are.
    pub fn links(&self) -> impl Iterator<Item = LinkId> {
        self.keys.iter().map(|one| one.link)
    }

    /// By which probes of the other side are found.
    pub fn probe_ids(&self) -> impl Iterator<Item = (LinkId, ProbeId)> {
        self.keys.iter().map(|one| (one.link, one.keys.theirs.id()))
    }

    /// Addresses from which packets of this link may come.
    pub fn receiving(&self) -> impl Iterator<Item = SocketAddr> {
        let receiving = self.ways.iter().filter(|(_, way)| way.receives);
        receiving.map(|(address, _)| *address)
    }

    /// Where the other side may be reached; each is probed at once.
    pub fn try_candidates(&mut self, candidates: &[SocketAddr], now_us: u64) {
        let direct = self.direct;
        let kept = |address: &SocketAddr, way: &mut Way| {
            way.answered || way.receives || Some(*address) == direct || candidates.contains(address)
        };
        self.ways.retain(|address, way| kept(address, way));
        for candidate in candidates {
            if self.ways.len() < PATH_ADDRESSES_MAX {
                self.ways.entry(*candidate).or_default();
            }
        }
        self.survey_soon(now_us);
    }

    /// The network here or there is another one: everything is in doubt.
    pub fn doubt(&mut self, now_us: u64) {
        self.survey_soon(now_us);
        self.note_sent(now_us);
    }

    /// A session carries packets of this link from now on.
    pub fn attach(&mut self, session: RelaySession) {
        self.relay = Some(session);
    }

    /// That session carries nothing any more.
    pub fn detach(&mut self, session: RelaySession, now_us: u64) {
        if self.relay == Some(session) {
            self.relay = None;
            self.survey_soon(now_us);
        }
    }

    /// The session in use.
    pub const fn relay(&self) -> Option<RelaySession> {
        self.relay
    }

    /// Where the next packet goes.
    pub fn route(&self) -> Route {
        let (direct, relay) = match (self.mode, self.relay) {
            (Mode::Direct, _) | (_, None) => (self.direct, None),
            (Mode::Both, relay) => (self.direct, relay),
            (Mode::Relay, relay) => (None, relay),
        };
        Route { direct, relay }
    }

    /// The same, and what is to be expected of it.
    pub fn outlook(&self) -> Outlook {
        Outlook {
            route: self.route(),
            is_good: self.mode == Mode::Direct || self.relay.is_some(),
        }
    }

    /// Something is sent; says whether it is time for a probe.
    pub fn note_sent(&mut self, now_us: u64) -> bool {
        self.flow_until_us = now_us + PATH_FLOW_MS * 1000;
        let Some(way) = self.direct.and_then(|direct| self.ways.get_mut(&direct)) else {
            return false;
        };
        if self.mode == Mode::Relay || way.probe_at_us.is_some() {
            return false;
        }
        way.probe_at_us = Some(now_us);
        if self.mode == Mode::Direct {
            self.silent_since_us = None;
        }
        true
    }

    /// A probe of the other side came from an address.
    pub fn hear(&mut self, id: ProbeId, probe: &Probe, from: SocketAddr, now_us: u64) -> Heard {
        let mut with_id = self.keys.iter_mut();
        let Some(keys) = with_id.find(|one| one.keys.theirs.id() == id) else {
            return Heard::default();
        };
        match keys.keys.theirs.read(probe) {
            Some((ProbeKind::Ping, n)) if keys.seen.note(n) => {
                let answer = keys.keys.ours.probe(ProbeKind::Pong, n);
                Heard {
                    answer: Some(answer),
                    is_new_address: self.add_receiving(from, now_us),
                }
            }
            Some((ProbeKind::Pong, n)) => {
                if let Some(asked) = self.outstanding.take(n, from) {
                    self.answered(from, now_us.saturating_sub(asked.at_us), now_us);
                }
                Heard::default()
            }
            Some((ProbeKind::Ping, _)) | None => Heard::default(),
        }
    }

    /// The other side was heard from here. We ask back, as only an answer shows that the way leads there.
    fn add_receiving(&mut self, from: SocketAddr, now_us: u64) -> bool {
        let direct = self.direct;
        if self.ways.len() >= PATH_ADDRESSES_MAX && !self.ways.contains_key(&from) {
            let mut ways = self.ways.iter();
            let is_idle =
                |address: &SocketAddr, way: &Way| Some(*address) != direct && !way.receives;
            let Some(idle) = ways.find(|(address, way)| is_idle(address, way)) else {
                return false;
            };
            let idle = *idle.0;
            self.ways.remove(&idle);
        }
        let way = self.ways.entry(from).or_default();
        let is_new = !std::mem::replace(&mut way.receives, true);
        if is_new {
            way.tries = PATH_SURVEY_PROBES;
            way.probe_at_us = Some(now_us);
        }
        is_new
    }

    fn answered(&mut self, from: SocketAddr, rtt_us: u64, now_us: u64) {
        let in_use = self.direct.and_then(|direct| self.ways.get(&direct));
        let best_us = in_use.and_then(|way| way.rtt_us);
        let is_in_use = self.direct == Some(from) && self.mode != Mode::Relay;
        let is_doubted = self.mode != Mode::Direct;
        let Some(way) = self.ways.get_mut(&from) else {
            return;
        };
        way.answered = true;
        way.pongs = way.pongs.saturating_add(1);
        let smooth = |before: u64| (7 * before + rtt_us) / 8;
        let rtt_us = way.rtt_us.map_or(rtt_us, smooth);
        way.rtt_us = Some(rtt_us);
        let is_better = is_doubted
            || best_us.is_some_and(|best_us| rtt_us * 100 < best_us * PATH_BETTER_PERCENT);
        if is_in_use {
            self.silent_since_us = None;
            self.mode = Mode::Direct;
        } else if way.pongs < PATH_PONGS_MIN {
            way.tries = PATH_SURVEY_PROBES;
            way.probe_at_us = Some(now_us + PROBE_INTERVAL_US);
        } else if is_better {
            way.probe_at_us = Some(now_us + PROBE_INTERVAL_US);
            self.direct = Some(from);
            self.mode = Mode::Direct;
            self.silent_since_us = None;
            self.survey_pause_ms = PATH_SURVEY_MS_MAX;
            self.survey_at_us = now_us + self.spread_us();
        }
    }

    /// What is due: probes to be sent, and the change of way that a silence brings.
    pub fn tick(&mut self, now_us: u64, out: &mut Vec<Question>) {
        if self.survey_at_us <= now_us {
            self.survey(now_us);
        }
        let due = self.ways.iter();
        let is_due = |way: &Way| way.probe_at_us.is_some_and(|at_us| at_us <= now_us);
        let due: Vec<SocketAddr> = due
            .filter(|(_, way)| is_due(way))
            .map(|(address, _)| *address)
            .collect();
        for to in due {
            self.ask(to, now_us, out);
        }
        self.judge_silence(now_us);
    }

    fn ask(&mut self, to: SocketAddr, now_us: u64, out: &mut Vec<Question>) {
        let is_in_use = self.direct == Some(to) && self.mode != Mode::Relay;
        let goes_on = match self.mode {
            Mode::Direct => now_us < self.flow_until_us,
            Mode::Both => true,
            Mode::Relay => false,
        };
        let Some(way) = self.ways.get_mut(&to) else {
            return;
        };
        if is_in_use {
            way.probe_at_us = goes_on.then_some(now_us + PROBE_INTERVAL_US);
            if !goes_on {
                return;
            }
            self.silent_since_us.get_or_insert(now_us);
        } else {
            way.tries = way.tries.saturating_sub(1);
            way.probe_at_us = (way.tries > 0).then_some(now_us + PROBE_INTERVAL_US);
        }
        let is_known = way.answered || way.receives;
        let Some(keys) = self.keys.first() else {
            return;
        };
        self.last_n += 1;
        let n = self.last_n;
        out.push(Question {
            to,
            probe: keys.keys.ours.probe(ProbeKind::Ping, n),
            is_known,
        });
        let at_us = now_us;
        self.outstanding.add(Asked { n, to, at_us });
    }

    fn judge_silence(&mut self, now_us: u64) {
        let (Some(since_us), Some(direct)) = (self.silent_since_us, self.direct) else {
            return;
        };
        let rtt_us = self.ways.get(&direct).and_then(|way| way.rtt_us);
        let silent_us = now_us.saturating_sub(since_us + rtt_us.unwrap_or(0));
        let is_silent = silent_us >= PATH_SILENCE_MS * 1000
            && self.outstanding.since(direct, since_us) >= PATH_SILENT_PROBES_MIN;
        if self.mode == Mode::Direct && is_silent {
            self.mode = Mode::Both;
            self.survey_soon(now_us);
        }
        if self.mode == Mode::Both && silent_us >= PATH_DEAD_MS * 1000 {
            self.mode = Mode::Relay;
            self.silent_since_us = None;
            if let Some(way) = self.ways.get_mut(&direct) {
                way.pongs = 0;
                way.probe_at_us = None;
            }
        }
    }

    fn survey_soon(&mut self, now_us: u64) {
        self.survey_pause_ms = PATH_SURVEY_MS_MIN;
        self.survey_at_us = now_us;
    }

    /// Probes all addresses but the one in use.
    fn survey(&mut self, now_us: u64) {
        for (address, way) in &mut self.ways {
            if self.mode == Mode::Relay || self.direct != Some(*address) {
                way.pongs = 0;
                way.tries = PATH_SURVEY_PROBES;
                way.probe_at_us = Some(now_us);
            }
        }
        self.survey_at_us = now_us + self.spread_us();
        self.survey_pause_ms = (2 * self.survey_pause_ms).min(PATH_SURVEY_MS_MAX);
    }

    /// The pause until the next survey, give or take a fifth: two sides that meet once need not meet every time.
    fn spread_us(&self) -> u64 {
        let spread_us = self.survey_pause_ms * 1000 / 100 * RETRY_JITTER_PERCENT;
        let draw = self.keys.first().map_or(0, |keys| {
            let [.., a, b, c, d] = keys.keys.ours.probe(ProbeKind::Pong, self.last_n);
            u64::from(u32::from_be_bytes([a, b, c, d]))
        });
        self.survey_pause_ms * 1000 - spread_us + draw % (2 * spread_us + 1)
    }

    /// When [`tick`](Self::tick) has something to do next.
    pub fn deadline_us(&self) -> u64 {
        let probes = self.ways.values().filter_map(|way| way.probe_at_us);
        probes.fold(self.survey_at_us, u64::min)
    }

    /// What to tell, when that has changed. While both ways are used, it is not known yet by which one it goes.
    pub fn news(&mut self) -> Option<PathNow> {
        let now = match (self.mode, self.relay) {
            (Mode::Direct, _) => PathNow::Direct,
            (Mode::Both, Some(_)) => return None,
            (Mode::Both, None) => PathNow::Doubtful,
            (Mode::Relay, None) => PathNow::Silent,
            (Mode::Relay, Some(_)) => PathNow::Relay,
        };
        (self.told.replace(now) != Some(now)).then_some(now)
    }

    /// Whether packets still go over the session, or soon may.
    pub fn needs_relay(&self) -> bool {
        self.mode != Mode::Direct
    }
}

#[cfg(test)]
mod tests;
