//! Two ends of a link with a network between them that the test switches; time is turned by hand.

use super::super::probe::{EXPORTED_BYTES, ProbeKey, probe_in};
use super::*;

const MS: u64 = 1_000;
const LINK: LinkId = LinkId::Dialled(1);
const SESSION: RelaySession = RelaySession([7; 16]);

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn key(byte: u8) -> ProbeKey {
    ProbeKey::new(&[byte; EXPORTED_BYTES])
}

fn keys(ours: u8, theirs: u8) -> ProbeKeys {
    let (ours, theirs) = (key(ours), key(theirs));
    ProbeKeys { ours, theirs }
}

/// Both ends, with the time that a packet takes one way.
struct Pair {
    ends: [LinkPaths; 2],
    addresses: [SocketAddr; 2],
    now_us: u64,
    one_way_us: u64,
    /// Whether packets from each end arrive.
    passes: [bool; 2],
    under_way: Vec<(u64, usize, SocketAddr, Probe)>,
    /// Whether each end sends all the time.
    sends: bool,
    told: Vec<(u64, usize, PathNow)>,
    probes: usize,
}

impl Pair {
    fn new(first: LinkPaths, second: LinkPaths) -> Self {
        let mut ends = [first, second];
        ends[0].add(LINK, keys(1, 2));
        ends[1].add(LINK, keys(2, 1));
        Self {
            ends,
            addresses: [address("10.0.0.1:7442"), address("10.0.0.2:7442")],
            now_us: 0,
            one_way_us: 500,
            passes: [true; 2],
            under_way: Vec::new(),
            sends: true,
            told: Vec::new(),
            probes: 0,
        }
    }

    fn direct() -> Self {
        let (a, b) = (address("10.0.0.1:7442"), address("10.0.0.2:7442"));
        Self::new(LinkPaths::direct(b, 0), LinkPaths::direct(a, 0))
    }

    fn relayed() -> Self {
        let mut pair = Self::new(LinkPaths::relayed(0), LinkPaths::relayed(0));
        pair.attach();
        pair
    }

    fn attach(&mut self) {
        self.ends.iter_mut().for_each(|end| end.attach(SESSION));
    }

    /// Each end hears where the other one is.
    fn introduce(&mut self) {
        for end in 0..2 {
            let there = self.addresses[1 - end];
            self.ends[end].try_candidates(&[there], self.now_us);
        }
    }

    fn send(&mut self, end: usize, to: SocketAddr, probe: Probe) {
        self.probes += 1;
        if self.passes[end] && to == self.addresses[1 - end] {
            let at_us = self.now_us + self.one_way_us;
            let from = self.addresses[end];
            self.under_way.push((at_us, 1 - end, from, probe));
        }
    }

    fn run(&mut self, ms: u64) {
        let end_us = self.now_us + ms * MS;
        while self.now_us < end_us {
            self.now_us += 500;
            let (due, later) = std::mem::take(&mut self.under_way)
                .into_iter()
                .partition(|(at_us, ..)| *at_us <= self.now_us);
            self.under_way = later;
            let due: Vec<(u64, usize, SocketAddr, Probe)> = due;
            for (_, end, from, probe) in due {
                let (id, probe) = probe_in(&probe).unwrap();
                let heard = self.ends[end].hear(id, probe, from, self.now_us);
                if let Some(answer) = heard.answer {
                    self.send(end, from, answer);
                }
            }
            for end in 0..2 {
                if self.sends {
                    self.ends[end].note_sent(self.now_us);
                }
                let mut questions = Vec::new();
                if self.ends[end].deadline_us() <= self.now_us {
                    self.ends[end].tick(self.now_us, &mut questions);
                }
                for one in questions {
                    self.send(end, one.to, one.probe);
                }
                if let Some(now) = self.ends[end].news() {
                    self.told.push((self.now_us, end, now));
                }
            }
        }
    }

    fn routes(&self) -> [(bool, bool); 2] {
        [0, 1].map(|end| {
            let route = self.ends[end].route();
            (route.direct.is_some(), route.relay.is_some())
        })
    }
}

#[test]
fn relay_gives_way_to_a_direct_address_that_answers_three_times() {
    let mut pair = Pair::relayed();
    pair.run(200);
    assert_eq!(pair.routes(), [(false, true); 2]);
    pair.introduce();
    pair.run(40);
    assert_eq!(
        pair.routes(),
        [(false, true); 2],
        "one answer is not enough"
    );
    pair.run(200);
    assert_eq!(pair.routes(), [(true, false); 2]);
    let told: Vec<PathNow> = pair.told.iter().map(|(_, _, now)| *now).collect();
    assert_eq!(
        told,
        [
            PathNow::Relay,
            PathNow::Relay,
            PathNow::Direct,
            PathNow::Direct
        ]
    );
}

#[test]
fn a_silent_address_is_helped_by_the_relay_then_left_and_comes_back() {
    let mut pair = Pair::direct();
    pair.attach();
    pair.run(1_000);
    assert_eq!(pair.routes(), [(true, false); 2]);
    pair.passes = [false; 2];
    pair.run(110);
    assert_eq!(pair.routes(), [(true, false); 2], "not yet");
    pair.run(90);
    assert_eq!(
        pair.routes(),
        [(true, true); 2],
        "both after 120 ms and one interval"
    );
    pair.run(800);
    assert_eq!(pair.routes(), [(false, true); 2]);
    pair.passes = [true; 2];
    pair.run(2_500);
    assert_eq!(pair.routes(), [(true, false); 2]);
}

/// One direction alone was dead: the side whose packets arrive noticed nothing, and went on by a way of which it got no answer.
#[test]
fn a_way_that_is_dead_in_one_direction_is_left_by_both() {
    let mut pair = Pair::direct();
    pair.attach();
    pair.run(500);
    pair.passes = [false, true];
    pair.run(1_500);
    assert_eq!(pair.routes(), [(false, true); 2]);
}

#[test]
fn a_short_gap_ends_with_the_first_answer() {
    let mut pair = Pair::direct();
    pair.attach();
    pair.run(500);
    pair.passes = [false; 2];
    pair.run(250);
    assert_eq!(pair.routes(), [(true, true); 2]);
    pair.passes = [true; 2];
    pair.run(60);
    assert_eq!(pair.routes(), [(true, false); 2]);
    assert!(pair.told.iter().all(|(_, _, now)| *now == PathNow::Direct));
}

#[test]
fn without_a_relay_a_silent_way_is_told_and_still_used() {
    let mut pair = Pair::direct();
    pair.run(500);
    pair.passes = [false; 2];
    pair.run(200);
    assert_eq!(
        pair.told.last().map(|(_, _, now)| *now),
        Some(PathNow::Doubtful)
    );
    pair.run(800);
    assert_eq!(
        pair.told.last().map(|(_, _, now)| *now),
        Some(PathNow::Silent)
    );
    assert_eq!(pair.routes(), [(true, false); 2]);
    pair.attach();
    pair.run(1_000);
    assert_eq!(pair.routes(), [(false, true); 2]);
    pair.ends[0].detach(SESSION, pair.now_us);
    pair.run(10);
    assert_eq!(pair.routes()[0], (true, false), "the last address known");
    assert_eq!(
        pair.told.last().map(|(_, end, now)| (*end, *now)),
        Some((0, PathNow::Silent))
    );
}

#[test]
fn a_long_way_is_not_taken_for_a_silent_one() {
    let mut pair = Pair::direct();
    pair.attach();
    pair.one_way_us = 150 * MS;
    pair.run(5_000);
    let left = pair
        .told
        .iter()
        .filter(|(_, _, now)| *now != PathNow::Direct);
    assert_eq!(left.count(), 0);
}

/// A computer that had been busy for a third of a second took its peer for dead, with one probe sent.
#[test]
fn a_computer_that_was_busy_itself_does_not_blame_the_way() {
    let mut pair = Pair::direct();
    pair.attach();
    pair.run(500);
    let mut out = Vec::new();
    pair.now_us += 300 * MS;
    pair.ends[0].note_sent(pair.now_us);
    pair.ends[0].tick(pair.now_us, &mut out);
    assert_eq!(pair.routes()[0], (true, false));
}

#[test]
fn nobody_is_probed_while_nothing_is_sent() {
    let mut pair = Pair::direct();
    pair.run(500);
    pair.sends = false;
    pair.run(1_000);
    pair.probes = 0;
    pair.run(20_000);
    assert_eq!(pair.probes, 0);
    pair.passes = [false; 2];
    pair.run(60_000);
    assert_eq!(
        pair.routes(),
        [(true, false); 2],
        "what is not used is not judged"
    );
}

#[test]
fn an_address_that_never_answers_is_tried_ever_more_rarely() {
    let mut pair = Pair::relayed();
    pair.passes = [false; 2];
    pair.introduce();
    pair.run(2_000);
    pair.probes = 0;
    pair.run(300_000);
    assert!(
        (8 * 4..20 * 4).contains(&pair.probes),
        "{} probes in five minutes",
        pair.probes
    );
}

#[test]
fn the_faster_of_two_addresses_wins() {
    let (slow, fast) = (address("10.0.0.2:7442"), address("10.0.1.2:7442"));
    let mut paths = LinkPaths::direct(slow, 0);
    paths.add(LINK, keys(1, 2));
    paths.try_candidates(&[fast], 0);
    let (mut now_us, mut out) = (0, Vec::new());
    for _ in 0..40 {
        now_us += 25 * MS;
        paths.note_sent(now_us);
        paths.tick(now_us, &mut out);
        for one in out.drain(..) {
            let (_, n) = key(1).read(&one.probe).unwrap();
            let pong = key(2).probe(ProbeKind::Pong, n);
            let rtt_us = if one.to == slow { 20 * MS } else { MS };
            paths.hear([2; 8], &pong, one.to, now_us + rtt_us);
        }
    }
    assert_eq!(paths.route().direct, Some(fast));
}

/// What must never lead packets to a third party: probes that are not answers to ours.
#[test]
fn only_an_answer_to_our_own_probe_makes_an_address_one_that_is_sent_to() {
    let victim = address("10.9.9.9:5000");
    let mut pair = Pair::direct();
    pair.attach();
    pair.run(500);
    let paths = &mut pair.ends[0];
    let ping = key(2).probe(ProbeKind::Ping, 1_000_000);
    let heard = paths.hear([2; 8], &ping, victim, pair.now_us);
    assert!(heard.answer.is_some() && heard.is_new_address);
    assert!(paths.receiving().any(|one| one == victim));
    let again = paths.hear([2; 8], &ping, address("10.9.9.8:5000"), pair.now_us);
    assert!(
        again.answer.is_none() && !again.is_new_address,
        "a replay is worth nothing"
    );
    for n in 0..2_000 {
        let pong = key(2).probe(ProbeKind::Pong, n);
        paths.hear([2; 8], &pong, victim, pair.now_us);
    }
    let forged = key(3).probe(ProbeKind::Ping, 2_000_000);
    assert!(
        paths
            .hear([2; 8], &forged, victim, pair.now_us)
            .answer
            .is_none()
    );
    pair.probes = 0;
    pair.run(3_000);
    assert_eq!(pair.ends[0].route().direct, Some(address("10.0.0.2:7442")));
    let mut out = Vec::new();
    let mut to_victim = 0;
    for _ in 0..1_000 {
        pair.now_us += 10 * MS;
        pair.ends[0].tick(pair.now_us, &mut out);
        to_victim += out.drain(..).filter(|one| one.to == victim).count();
    }
    assert!(
        to_victim <= 8,
        "{to_victim} probes to somebody who never answers"
    );
}

#[test]
fn the_number_of_addresses_is_bounded_and_the_one_in_use_stays() {
    let own = address("10.0.0.2:7442");
    let mut paths = LinkPaths::direct(own, 0);
    paths.add(LINK, keys(1, 2));
    let many: Vec<SocketAddr> = (0..50)
        .map(|n| SocketAddr::from(([10, 1, 0, n], 7442)))
        .collect();
    paths.try_candidates(&many, 0);
    for n in 0..100_u8 {
        let ping = key(2).probe(ProbeKind::Ping, 1 + u64::from(n));
        paths.hear([2; 8], &ping, SocketAddr::from(([10, 2, 0, n], 7442)), 0);
    }
    assert_eq!(paths.ways.len(), PATH_ADDRESSES_MAX);
    assert_eq!(paths.route().direct, Some(own));
}

#[test]
fn connections_over_the_same_addresses_share_their_ways() {
    let mut pair = Pair::direct();
    pair.ends[0].add(LinkId::Accepted(9), keys(3, 4));
    assert_eq!(pair.ends[0].links().count(), 2);
    let ping = key(4).probe(ProbeKind::Ping, 1);
    let heard = pair.ends[0].hear([4; 8], &ping, address("10.0.0.2:7442"), 0);
    assert_eq!(
        key(3).read(&heard.answer.unwrap()),
        Some((ProbeKind::Pong, 1))
    );
    assert!(!pair.ends[0].remove(LINK));
    assert!(pair.ends[0].remove(LinkId::Accepted(9)));
}
