//! Checks in one computer, with a hand that answers for the network and the rendezvous.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::api::doctor::{DoctorShown, InterfaceKind, TcpAnswer};
use crate::api::{Command, Done, Failure};
use crate::core::fixture::{Bench, answer, asked, asks, failure};
use crate::core::io::{
    Adapter, CheckId, DoctorInput, DoctorOutput, Input, Looked, Output, ServerDown, ServerInput,
};
use hutong_common::limits::{DOCTOR_CHECKS_MAX, DOCTOR_MS_MAX, DOCTOR_PING_MS, DOCTOR_SIGN_IN_MS};
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::doctor::CheckAsk;
use hutong_common::rpc::{Reply, Request};
use hutong_common::verdict::Verdict;

fn doctor(login: Option<&str>) -> Command {
    Command::Doctor {
        login: login.map(str::to_owned),
    }
}

/// What is to be looked at: which check, where, and whether to knock.
fn look(out: &[Output]) -> (CheckId, Vec<String>, bool) {
    let looks = out.iter().find_map(|one| match one {
        Output::Doctor(DoctorOutput::Look {
            check,
            hosts,
            knock,
            ..
        }) => Some((*check, hosts.clone(), *knock)),
        _ => None,
    });
    looks.unwrap()
}

fn looked(check: CheckId, tcp: Option<TcpAnswer>) -> Input {
    let ip = "127.0.0.1".parse().unwrap();
    let looked = Looked {
        adapters: vec![Adapter {
            name: "lo".to_owned(),
            kind: InterfaceKind::Loopback,
            ip,
            prefix: 8,
        }],
        server: Some("127.0.0.1:7440".parse().unwrap()),
        way: Some(ip),
        tcp,
    };
    Input::Doctor(DoctorInput::Looked { check, looked })
}

fn shown(out: &[Output]) -> DoctorShown {
    match answer(out) {
        Some(Ok(Done::Doctor(shown))) => (**shown).clone(),
        other => panic!("{other:?}"),
    }
}

fn ping(out: &[Output]) -> u32 {
    asked(out, |request| matches!(request, Request::Ping)).unwrap()
}

/// A rendezvous that knows nothing of checks says no, and is asked for nothing else.
fn no_checks(bench: &mut Bench, out: &[Output]) {
    let checks = |request: &Request| {
        matches!(
            request,
            Request::Check(CheckAsk::Udp) | Request::Check(CheckAsk::Path(_))
        )
    };
    let asks = asks(out).into_iter().filter(|(_, request)| checks(request));
    for id in asks.map(|(id, _)| id).collect::<Vec<u32>>() {
        let out = bench.reply(id, Err(Refusal::Version));
        assert_eq!(answer(&out), None);
    }
}

#[test]
fn a_check_while_connected_asks_the_rendezvous_and_looks_without_knocking() {
    let mut bench = Bench::online(true);
    let out = bench.command(doctor(Some("wang")));
    let (check, hosts, knock) = look(&out);
    assert_eq!((hosts, knock), (vec!["127.0.0.1:7440".to_owned()], false));
    let ping = ping(&out);
    no_checks(&mut bench, &out);
    bench.mono_ms += 3;
    assert_eq!(answer(&bench.give(looked(check, None))), None);
    let shown = shown(&bench.reply(ping, Ok(Reply::Done)));
    assert_eq!((shown.verdict, shown.also), (Verdict::AllWell, Vec::new()));
    assert_eq!(shown.facts.server.rtt_ms, Some(3));
    assert_eq!(shown.facts.server.tcp, Some(TcpAnswer::Right));
    assert_eq!(shown.facts.server.clock_ahead_ms, Some(0));
    assert!(shown.facts.interfaces[0].to_server);
    assert!(shown.facts.peer.unwrap().online);
    // Nothing of it is left.
    assert_eq!(answer(&bench.wait(DOCTOR_MS_MAX)), None);
}

#[test]
fn a_check_that_hears_nothing_ends_in_time_all_the_same() {
    let mut bench = Bench::online(true);
    bench.command(doctor(None));
    assert_eq!(answer(&bench.wait(DOCTOR_MS_MAX - 1)), None);
    assert_eq!(shown(&bench.wait(1)).verdict, Verdict::ServerUnreachable);
}

/// A cable that is pulled far away is noticed after a minute: until then the doctor found all well.
#[test]
fn a_connection_that_brings_no_answer_is_knocked_at_anew() {
    let mut bench = Bench::online(true);
    let (check, _, knock) = look(&bench.command(doctor(None)));
    assert!(!knock);
    bench.give(looked(check, None));
    let (again, _, knock) = look(&bench.wait(DOCTOR_PING_MS));
    assert_eq!((again, knock), (check, true));
    let shown = shown(&bench.give(looked(check, Some(TcpAnswer::TimedOut))));
    assert_eq!(shown.verdict, Verdict::ServerUnreachable);
    assert!(shown.facts.server.silent);
}

#[test]
fn a_check_waits_for_a_sign_in_under_way_but_not_for_long() {
    let (mut bench, _) = Bench::signed_in();
    bench.give(Input::Addresses {
        udp_port: Some(7442),
        interfaces: Vec::new(),
    });
    let (check, _, knock) = look(&bench.command(doctor(None)));
    assert!(knock);
    bench.give(looked(check, Some(TcpAnswer::Right)));
    // The rendezvous comes in the meantime, and is asked.
    let out = bench.connect(true);
    let ping = ping(&out);
    no_checks(&mut bench, &out);
    assert_eq!(
        shown(&bench.reply(ping, Ok(Reply::Done))).verdict,
        Verdict::AllWell
    );

    let (mut bench, _) = Bench::signed_in();
    bench.give(Input::Addresses {
        udp_port: Some(7442),
        interfaces: Vec::new(),
    });
    let (check, ..) = look(&bench.command(doctor(None)));
    bench.give(looked(check, Some(TcpAnswer::WebPage)));
    let out = bench.wait(DOCTOR_SIGN_IN_MS);
    assert_eq!(shown(&out).verdict, Verdict::CaptivePortal);
}

#[test]
fn a_connection_that_is_lost_in_a_check_is_a_finding() {
    let mut bench = Bench::online(true);
    let (check, ..) = look(&bench.command(doctor(None)));
    bench.give(looked(check, None));
    let attempt = crate::core::io::Attempt(bench.core.session.attempts_made());
    let why = ServerDown::Unreachable;
    let out = bench.give(Input::Server(ServerInput::Down { attempt, why }));
    assert_eq!(shown(&out).verdict, Verdict::ServerUnreachable);
}

#[test]
fn a_copied_disk_is_told_for_a_while_after_it_was_seen() {
    let mut bench = Bench::online(true);
    let attempt = crate::core::io::Attempt(bench.core.session.attempts_made());
    let push = Push::Cloned(Hint {});
    bench.give(Input::Server(ServerInput::Push { attempt, push }));
    let out = bench.command(doctor(None));
    let ((check, ..), ping) = (look(&out), ping(&out));
    no_checks(&mut bench, &out);
    bench.give(looked(check, None));
    let shown = shown(&bench.reply(ping, Ok(Reply::Done)));
    assert_eq!(shown.verdict, Verdict::SameIdentityTwice);
}

#[test]
fn a_check_needs_no_account_but_a_contact_must_be_one() {
    let mut bench = Bench::empty();
    assert_eq!(
        failure(&bench.command(doctor(Some("wang")))),
        Some("not_signed_in")
    );
    let (check, hosts, _) = look(&bench.command(doctor(None)));
    assert!(hosts.is_empty());
    assert_eq!(
        shown(&bench.give(looked(check, None))).verdict,
        Verdict::NoServer
    );

    let mut bench = Bench::online(true);
    let stranger = bench.command(doctor(Some("zhao")));
    let login = "zhao".to_owned();
    assert_eq!(answer(&stranger), Some(&Err(Failure::NoContact { login })));
    for _ in 0..DOCTOR_CHECKS_MAX {
        assert_eq!(answer(&bench.command(doctor(None))), None);
    }
    assert_eq!(failure(&bench.command(doctor(None))), Some("busy"));
}

#[test]
fn somebody_who_is_not_there_is_the_first_finding() {
    let mut bench = Bench::online(false);
    let out = bench.command(doctor(Some("wang")));
    let ((check, ..), ping) = (look(&out), ping(&out));
    no_checks(&mut bench, &out);
    bench.give(looked(check, None));
    let shown = shown(&bench.reply(ping, Ok(Reply::Done)));
    assert_eq!(shown.verdict, Verdict::PeerOffline);
}
