//! Both ends of a check between two computers, each with a hand for the rendezvous and the network.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use super::*;
use crate::api::doctor::DoctorShown;
use crate::api::{Command, Done};
use crate::core::fixture::{Bench, answer, asked, asks};
use crate::core::io::{Attempt, DoctorInput, Input, Looked, ServerInput};
use hutong_common::bounded::List;
use hutong_common::limits::PATH_CHECK_INTERVAL_MS;
use hutong_common::rpc::doctor::UdpCheck;
use hutong_common::rpc::presence::Introduction;
use hutong_common::verdict::Verdict;

const UDP: CheckToken = CheckToken([1; 16]);
const PATH: CheckToken = CheckToken([2; 16]);

/// A check of the way to or from `wang`, who is at this port.
fn path_check(bench: &Bench, port: u16) -> PathCheck {
    let friend = &bench.friend;
    let at = |ip: &str| SocketAddr::new(ip.parse().unwrap(), port);
    PathCheck {
        token: PATH,
        other: Introduction {
            account: friend.account,
            device: hutong_common::identity::device_id(&friend.device.public()),
            candidates: List::new(vec![at("127.0.0.1"), at("255.255.255.255")]).unwrap(),
        },
    }
}

fn push(bench: &mut Bench, push: Push) -> Vec<Output> {
    let attempt = Attempt(bench.core.session.attempts_made());
    bench.give(Input::Server(ServerInput::Push { attempt, push }))
}

fn request(out: &[Output], which: impl Fn(&Request) -> bool) -> u32 {
    asked(out, which).unwrap()
}

/// Answers how UDP can be tried; gives the check that shall try it, and whether with many packets.
fn grant_udp(bench: &mut Bench, out: &[Output]) -> (CheckId, bool) {
    let id = request(out, |request| {
        matches!(request, Request::Check(CheckAsk::Udp))
    });
    let udp = UdpCheck {
        token: UDP,
        port: Some(7440),
        announced: false,
    };
    let out = bench.reply(id, Ok(Reply::UdpCheck(udp)));
    let echo = out.iter().find_map(|one| match one {
        Output::Doctor(DoctorOutput::Echo { check, burst, .. }) => Some((*check, *burst)),
        _ => None,
    });
    echo.unwrap()
}

const fn packets(arrived: u32) -> Packets {
    Packets { sent: 5, arrived }
}

fn echoed(bench: &mut Bench, check: CheckId, arrived: u32) -> Vec<Output> {
    let echoed = Echoed {
        small: packets(arrived),
        large: None,
        rtt_us: None,
    };
    bench.give(Input::Doctor(DoctorInput::Echoed { check, echoed }))
}

fn heard(bench: &mut Bench, check: CheckId, arrived: u32) -> Vec<Output> {
    let heard = packets(arrived);
    bench.give(Input::Doctor(DoctorInput::Heard { check, heard }))
}

/// Where is knocked.
fn knocks(out: &[Output]) -> Option<(CheckId, CheckToken, Vec<SocketAddr>)> {
    out.iter().find_map(|one| match one {
        Output::Doctor(DoctorOutput::Knock { check, token, to }) => {
            Some((*check, *token, to.clone()))
        }
        _ => None,
    })
}

fn reported(out: &[Output]) -> Option<PathChecked> {
    asks(out)
        .into_iter()
        .find_map(|(_, request)| match request {
            Request::Check(CheckAsk::Report(checked)) => Some(*checked),
            _ => None,
        })
}

fn shown(out: &[Output]) -> DoctorShown {
    match answer(out) {
        Some(Ok(Done::Doctor(shown))) => (**shown).clone(),
        other => panic!("{other:?}"),
    }
}

/// Asks about `wang`; all but the check between the two is answered.
fn asked_about_wang() -> (Bench, Vec<Output>) {
    let mut bench = Bench::online(true);
    let login = Some("wang".to_owned());
    let out = bench.command(Command::Doctor { login });
    let ping = request(&out, |request| matches!(request, Request::Ping));
    bench.reply(ping, Ok(Reply::Done));
    let (check, burst) = grant_udp(&mut bench, &out);
    assert!(burst);
    echoed(&mut bench, check, 5);
    let looked = Looked::default();
    bench.give(Input::Doctor(DoctorInput::Looked { check, looked }));
    (bench, out)
}

/// What is found when so many packets come in here, and this is what the other side tells.
fn found(here: u32, there: Option<(u8, Option<bool>)>) -> Verdict {
    let (mut bench, out) = asked_about_wang();
    let ask = request(&out, |request| {
        matches!(request, Request::Check(CheckAsk::Path(_)))
    });
    let granted = path_check(&bench, 9000);
    let out = bench.reply(ask, Ok(Reply::PathCheck(Some(Box::new(granted)))));
    let (check, token, to) = knocks(&out).unwrap();
    // An address of many is nobody's.
    assert_eq!((token, to), (PATH, vec!["127.0.0.1:9000".parse().unwrap()]));
    let out = heard(&mut bench, check, here);
    assert_eq!(answer(&out), None, "the other side has its time");
    let out = match there {
        Some((heard, udp)) => {
            let checked = PathChecked {
                token: PATH,
                heard,
                udp,
            };
            push(&mut bench, Push::PathChecked(checked))
        }
        None => bench.wait(CHECK_REPORT_MS),
    };
    shown(&out).verdict
}

#[test]
fn what_both_sides_heard_is_put_together() {
    for (here, there, expected) in [
        (5, Some((5, Some(true))), Verdict::AllWell),
        (0, Some((0, Some(true))), Verdict::ClientIsolation),
        (0, Some((4, None)), Verdict::InboundFirewallHere),
        (3, Some((0, Some(true))), Verdict::InboundFirewallThere),
        (0, Some((0, Some(false))), Verdict::UdpBlockedThere),
        (0, None, Verdict::AllWell),
    ] {
        assert_eq!(found(here, there), expected, "{here} {there:?}");
    }
}

#[test]
fn who_checks_again_at_once_waits_for_the_turn() {
    let (mut bench, out) = asked_about_wang();
    let ask = request(&out, |request| {
        matches!(request, Request::Check(CheckAsk::Path(_)))
    });
    let retry_ms = 2_000;
    let out = bench.reply(ask, Err(Refusal::TooFast { retry_ms }));
    assert_eq!(answer(&out), None);
    let out = bench.wait(retry_ms);
    let ask = request(&out, |request| {
        matches!(request, Request::Check(CheckAsk::Path(_)))
    });
    let out = bench.reply(ask, Ok(Reply::PathCheck(None)));
    assert_eq!(shown(&out).verdict, Verdict::AllWell);
    assert!(retry_ms < PATH_CHECK_INTERVAL_MS);
}

#[test]
fn a_check_of_a_contact_is_taken_part_in_and_told_once() {
    let mut bench = Bench::online(true);
    let asked = path_check(&bench, 9000);
    let out = push(&mut bench, Push::PathCheck(asked));
    let (check, _, to) = knocks(&out).unwrap();
    assert_eq!(to.len(), 1);
    let (echo, burst) = grant_udp(&mut bench, &out);
    assert_eq!((echo, burst), (check, false));
    assert_eq!(reported(&echoed(&mut bench, check, 5)), None);
    let report = PathChecked {
        token: PATH,
        heard: 3,
        udp: Some(true),
    };
    assert_eq!(reported(&heard(&mut bench, check, 3)), Some(report));
    assert_eq!(reported(&heard(&mut bench, check, 3)), None);
}

#[test]
fn the_report_does_not_wait_for_ever_and_strangers_get_none() {
    let mut bench = Bench::online(true);
    let asked = path_check(&bench, 9000);
    push(&mut bench, Push::PathCheck(asked.clone()));
    let report = PathChecked {
        token: PATH,
        heard: 0,
        udp: None,
    };
    assert_eq!(reported(&bench.wait(2 * CHECK_LISTEN_MS)), Some(report));
    let mut strange = asked.clone();
    strange.other.account = AccountId(77_777);
    assert!(knocks(&push(&mut bench, Push::PathCheck(strange))).is_none());
    for _ in 0..CHECKS_HOSTED_MAX {
        assert!(knocks(&push(&mut bench, Push::PathCheck(asked.clone()))).is_some());
    }
    assert!(knocks(&push(&mut bench, Push::PathCheck(asked))).is_none());
}

#[test]
fn a_computer_without_udp_says_so_at_once() {
    let mut bench = Bench::online(true);
    bench.give(Input::Addresses {
        udp_port: None,
        interfaces: Vec::new(),
    });
    let asked = path_check(&bench, 9000);
    let out = push(&mut bench, Push::PathCheck(asked));
    let report = PathChecked {
        token: PATH,
        heard: 0,
        udp: Some(false),
    };
    assert_eq!((reported(&out), knocks(&out)), (Some(report), None));
}
