//! Relayed sessions, driven by hand: when one is asked for, who is let in, and what is done with one that is up.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::api::{Command, Event, Path, PathWhy};
use crate::core::fixture::{Bench, Person, asked, events};
use crate::core::io::{
    Attempt, Input, LinkId, LinkInput, LinkOutput, Output, RelayInput, RelayOutput, ServerInput,
};
use crate::core::timers::Timer;
use crate::paths::PeerAddr;
use crate::paths::link::PathNow;
use hutong_common::bounded::List;
use hutong_common::direct::Direct;
use hutong_common::id::{DeviceId, RelaySession};
use hutong_common::identity;
use hutong_common::limits::RELAY_OPENS_MAX;
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::presence::Introduction;
use hutong_common::rpc::relay::{RelayInvited, RelayTicket};
use hutong_common::rpc::{Reply, Request};
use hutong_common::wrap::frames::Role;

const SESSION: RelaySession = RelaySession([5; 16]);

const fn ticket(role: Role) -> RelayTicket {
    RelayTicket {
        session: SESSION,
        role,
        secret: [8; 32],
        ttl_ms: 10_000,
    }
}

fn device(person: &Person) -> DeviceId {
    identity::device_id(&person.device.public())
}

fn pushed(bench: &mut Bench, push: Push) -> Vec<Output> {
    let attempt = Attempt(1);
    bench.give(Input::Server(ServerInput::Push { attempt, push }))
}

/// The rendezvous says that the friend's computer is at these addresses.
fn introduced(bench: &mut Bench, at: &[&str]) -> Vec<Output> {
    let candidates = at.iter().map(|one| one.parse().unwrap()).collect();
    let introduction = Introduction {
        account: bench.friend.account,
        device: device(&bench.friend),
        candidates: List::new(candidates).unwrap(),
    };
    pushed(bench, Push::Introduction(introduction))
}

fn opening(out: &[Output]) -> Option<u32> {
    asked(out, |request| matches!(request, Request::RelayOpen(_)))
}

fn granted(bench: &mut Bench, id: u32) -> Vec<Output> {
    bench.reply(id, Ok(Reply::RelayTicket(ticket(Role::Opener))))
}

fn joins(out: &[Output]) -> usize {
    let joins = |one: &&Output| matches!(one, Output::Relay(RelayOutput::Join(_)));
    out.iter().filter(joins).count()
}

fn up(bench: &mut Bench) -> Vec<Output> {
    let session = SESSION;
    bench.give(Input::Relay(RelayInput::Up { session }))
}

fn dialled_over(out: &[Output]) -> Option<LinkId> {
    out.iter().find_map(|one| match one {
        Output::Link(LinkOutput::Dial {
            link,
            to: PeerAddr::Relay(SESSION),
            ..
        }) => Some(*link),
        _ => None,
    })
}

fn attached(out: &[Output]) -> Vec<LinkId> {
    let attached = out.iter().filter_map(|one| match one {
        Output::Link(LinkOutput::Attach { link, .. }) => Some(*link),
        _ => None,
    });
    attached.collect()
}

fn path_told(out: &[Output]) -> Option<(Path, Option<PathWhy>)> {
    let mut told = events(out).into_iter().filter_map(|event| match event {
        Event::Presence(presence) => Some((presence.path, presence.why)),
        _ => None,
    });
    told.next_back()
}

fn path(bench: &mut Bench, link: LinkId, now: PathNow) -> Vec<Output> {
    bench.give(Input::Link(LinkInput::Path { link, now }))
}

#[test]
fn a_dial_without_an_answer_is_helped_after_800_ms() {
    let mut bench = Bench::online(true);
    let out = introduced(&mut bench, &["127.0.0.1:9000"]);
    assert_eq!(opening(&out), None);
    assert_eq!(opening(&bench.wait(790)), None);
    let id = opening(&bench.wait(20)).unwrap();
    assert_eq!(joins(&granted(&mut bench, id)), 1);
    let link = dialled_over(&up(&mut bench)).unwrap();
    let key = bench.friend.device.public();
    let remote = PeerAddr::Relay(SESSION);
    bench.give(Input::Link(LinkInput::Up { link, key, remote }));
    let out = bench.frame(link, Direct::Hello(bench.friend.hello()));
    assert_eq!(
        path_told(&out),
        Some((Path::Relay, Some(PathWhy::NoAnswer)))
    );
    assert_eq!(attached(&out), [link]);
    let out = path(&mut bench, link, PathNow::Direct);
    assert_eq!(path_told(&out), Some((Path::Direct, None)));
}

#[test]
fn who_has_no_udp_is_reached_by_relay_at_once() {
    let mut bench = Bench::online(true);
    let out = introduced(&mut bench, &[]);
    assert!(opening(&out).is_some());
    let mut bench = Bench::online(true);
    bench.give(Input::Addresses {
        udp_port: None,
        interfaces: Vec::new(),
    });
    let out = introduced(&mut bench, &["127.0.0.1:9000"]);
    assert!(opening(&out).is_some());
}

/// A rendezvous that introduced strangers without end would have filled the memory with their addresses.
#[test]
fn where_a_stranger_is_nobody_remembers() {
    let mut bench = Bench::online(true);
    let stranger = Person::new(3, "zhao");
    let introduction = Introduction {
        account: stranger.account,
        device: device(&stranger),
        candidates: List::new(vec!["127.0.0.1:9000".parse().unwrap()]).unwrap(),
    };
    pushed(&mut bench, Push::Introduction(introduction));
    assert!(bench.core.links.dialling.heard.is_empty());
    let later = Timer::Relay(stranger.account);
    assert!(!bench.core.timers.is_set(later));
}

#[test]
fn an_answer_in_time_needs_no_relay() {
    let mut bench = Bench::online(true);
    introduced(&mut bench, &["127.0.0.1:9000"]);
    bench.friend_dials(1);
    assert_eq!(opening(&bench.wait(10_000)), None);
}

#[test]
fn an_invitation_counts_only_from_somebody_we_know() {
    let mut bench = Bench::online(true);
    let stranger = Person::new(3, "zhao");
    let invited = |person: &Person| RelayInvited {
        account: person.account,
        device: device(person),
        ticket: ticket(Role::Invited),
    };
    let from_stranger = Push::RelayInvited(invited(&stranger));
    assert_eq!(joins(&pushed(&mut bench, from_stranger)), 0);
    let other_device = RelayInvited {
        device: device(&stranger),
        ..invited(&bench.friend)
    };
    assert_eq!(
        joins(&pushed(&mut bench, Push::RelayInvited(other_device))),
        0
    );
    let from_friend = invited(&bench.friend);
    assert_eq!(
        joins(&pushed(&mut bench, Push::RelayInvited(from_friend))),
        1
    );
    assert_eq!(
        joins(&pushed(&mut bench, Push::RelayInvited(from_friend))),
        0,
        "once"
    );
    assert_eq!(dialled_over(&up(&mut bench)), None, "who opened it dials");
}

#[test]
fn a_link_that_falls_silent_gets_a_relay_and_another_when_that_ends() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let out = path(&mut bench, link, PathNow::Doubtful);
    assert_eq!(path_told(&out), None, "a hiccup is no news");
    let id = opening(&out).unwrap();
    granted(&mut bench, id);
    assert_eq!(attached(&up(&mut bench)), [link]);
    let out = path(&mut bench, link, PathNow::Relay);
    assert_eq!(path_told(&out), Some((Path::Relay, Some(PathWhy::Silent))));
    let session = SESSION;
    bench.give(Input::Relay(RelayInput::Down { session }));
    let out = path(&mut bench, link, PathNow::Silent);
    assert!(opening(&out).is_some());
    assert_eq!(path_told(&out), Some((Path::Mail, None)));
}

/// The socket says that a link goes nowhere any more before it says that the session is over: the link was given the dead session
/// again, and nothing went over it until QUIC gave it up.
#[test]
fn a_session_that_ends_just_after_its_link_fell_silent_is_replaced() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let id = opening(&path(&mut bench, link, PathNow::Doubtful)).unwrap();
    granted(&mut bench, id);
    up(&mut bench);
    path(&mut bench, link, PathNow::Relay);
    let out = path(&mut bench, link, PathNow::Silent);
    assert_eq!(opening(&out), None, "it still seems to be up");
    let session = SESSION;
    let out = bench.give(Input::Relay(RelayInput::Down { session }));
    assert!(opening(&out).is_some());
}

/// Whoever is refused would ask for ever, ten times a second.
#[test]
fn a_relay_is_asked_for_six_times_a_minute_at_most() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let mut count = 0;
    for _ in 0..250 {
        let mut out = bench.wait(100);
        for now in [PathNow::Direct, PathNow::Silent] {
            out.extend(path(&mut bench, link, now));
        }
        if let Some(id) = opening(&out) {
            count += 1;
            bench.reply(id, Err(Refusal::RelayUnavailable));
        }
    }
    assert_eq!(count, RELAY_OPENS_MAX);
    let later = Timer::Relay(bench.friend.account);
    assert!(bench.core.timers.is_set(later), "it is not given up");
}

#[test]
fn who_is_blocked_is_relayed_no_more() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let id = opening(&path(&mut bench, link, PathNow::Silent)).unwrap();
    granted(&mut bench, id);
    up(&mut bench);
    let login = "wang".to_owned();
    let out = bench.command(Command::Block { login });
    let id = asked(&out, |request| matches!(request, Request::Block(_)));
    let out = bench.reply(id.unwrap(), Ok(Reply::Done));
    let leaves = |one: &Output| matches!(one, Output::Relay(RelayOutput::Leave { .. }));
    assert!(out.iter().any(leaves), "{out:?}");
}

#[test]
fn addresses_that_a_peer_tells_are_tried_if_they_are_nearby() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let told = [
        "10.0.0.7:7442",
        "8.8.8.8:7442",
        "10.0.0.7:53",
        "224.0.0.1:7442",
        "255.255.255.255:7442",
    ];
    let told = told.iter().map(|one| one.parse().unwrap()).collect();
    let frame = Direct::Candidates(List::new(told).unwrap());
    let out = bench.frame(link, frame);
    let tried = out.iter().find_map(|one| match one {
        Output::Link(LinkOutput::Candidates { to, .. }) => Some(to.clone()),
        _ => None,
    });
    assert_eq!(tried.unwrap(), ["10.0.0.7:7442".parse().unwrap()]);
}
