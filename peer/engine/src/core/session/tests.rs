//! The session, driven by hand: resuming, being dismissed, first contact, and what a crash leaves.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::api::command::{Login, Register, Secret};
use crate::api::event::{Event, ServerState, WarningCode};
use crate::api::{Command, Failure};
use crate::core::fixture::{Bench, EXPORTERS, answer, asked, asks, events, failure, server_id};
use crate::core::io::{Attempt, Found, Input, Output, ServerDown, ServerInput, ServerOutput};
use crate::store::home::DEVICE;
use hutong_common::bounded::List;
use hutong_common::id::ServerId;
use hutong_common::push::{Hint, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::mail::{MailPage, ReceiptPage};
use hutong_common::rpc::{Reply, Request};

fn register(password: &str, server: Option<&str>) -> Command {
    Command::Register(Register {
        login: "lin".to_owned(),
        password: Secret::new(password),
        name: None,
        sex: None,
        code: None,
        server: server.map(str::to_owned),
        accept_new_server: false,
        seat: None,
        avatar: None,
    })
}

fn up(attempt: u64) -> Input {
    Input::Server(ServerInput::Up {
        attempt: Attempt(attempt),
        server: server_id(),
        exporters: EXPORTERS,
        local: "127.0.0.1:5000".parse().unwrap(),
        host: "127.0.0.1:7440".to_owned(),
    })
}

fn warns(out: &[Output], wanted: WarningCode) -> bool {
    events(out)
        .iter()
        .any(|event| matches!(event, Event::Warning { code, .. } if *code == wanted))
}

#[test]
fn the_resume_counter_is_on_disk_before_it_is_used_and_a_crash_never_repeats_it() {
    let (mut bench, out) = Bench::signed_in();
    assert!(matches!(
        &out[..],
        [.., Output::Server(ServerOutput::Connect { pin: Some(pin), .. })] if *pin == server_id()
    ));
    let out = bench.give(up(1));
    assert!(matches!(asks(&out)[..], [(_, Request::Resume { n: 5 })]));
    let saved = bench.store.begin().single(DEVICE).unwrap().unwrap();
    assert_eq!(saved.resumes, 5);
    let (mut bench, _) = bench.crash();
    let out = bench.give(up(1));
    assert!(matches!(asks(&out)[..], [(_, Request::Resume { n: 6 })]));
}

#[test]
fn a_cloned_device_gives_its_key_up_and_asks_for_the_password() {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.give(up(1));
    let out = bench.reply(asks(&out)[0].0, Err(Refusal::Cloned));
    assert!(warns(&out, WarningCode::IdentityCloned));
    assert!(bench.store.begin().single(DEVICE).unwrap().is_none());
    assert_eq!(
        failure(&bench.command(Command::Friends)),
        Some("not_signed_in")
    );
}

/// A device whose year was over was refused for ever, every few seconds, and the person was told nothing.
#[test]
fn a_device_whose_time_is_over_gives_its_key_up_and_asks_for_the_password() {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.give(up(1));
    let out = bench.reply(asks(&out)[0].0, Err(Refusal::Expired));
    assert!(warns(&out, WarningCode::SignedOut));
    assert!(bench.store.begin().single(DEVICE).unwrap().is_none());
}

#[test]
fn a_replaced_connection_stays_away_for_a_minute() {
    let mut bench = Bench::online(false);
    let push = Push::Replaced(Hint {});
    let attempt = Attempt(1);
    let out = bench.give(Input::Server(ServerInput::Push { attempt, push }));
    assert!(warns(&out, WarningCode::IdentityCloned));
    let connects = |out: &[Output]| {
        out.iter()
            .any(|one| matches!(one, Output::Server(ServerOutput::Connect { .. })))
    };
    assert!(!connects(&bench.wait(59_000)));
    assert!(connects(&bench.wait(2_000)));
}

#[test]
fn a_lost_connection_answers_what_was_asked_and_is_tried_again() {
    let mut bench = Bench::online(false);
    let login = "nobody".to_owned();
    let out = bench.command(Command::Find { login });
    assert!(answer(&out).is_none());
    let why = ServerDown::Unreachable;
    let attempt = Attempt(1);
    let out = bench.give(Input::Server(ServerInput::Down { attempt, why }));
    assert_eq!(answer(&out), Some(&Err(Failure::Unreachable)));
    let state = ServerState::Backoff;
    assert!(events(&out).contains(&&Event::Server { state }));
    let again = bench.wait(2_000);
    assert!(
        again
            .iter()
            .any(|one| matches!(one, Output::Server(ServerOutput::Connect { .. })))
    );
}

/// For 50 seconds after its cable was pulled a client said that the rendezvous was there, and for another 30 after it was in
/// again that it was not.
#[test]
fn a_connection_goes_with_its_address_and_another_address_brings_one_at_once() {
    let (mut bench, _) = Bench::signed_in();
    let addresses = |ip: &str| Input::Addresses {
        udp_port: Some(7442),
        interfaces: vec![ip.parse().unwrap()],
    };
    bench.give(addresses("10.7.0.2"));
    bench.give(Input::Server(ServerInput::Up {
        attempt: Attempt(1),
        server: server_id(),
        exporters: EXPORTERS,
        local: "10.7.0.2:5000".parse().unwrap(),
        host: "10.7.0.1:7440".to_owned(),
    }));
    let out = bench.give(addresses("127.0.0.1"));
    let leaves = |one: &Output| matches!(one, Output::Server(ServerOutput::Disconnect));
    assert!(out.iter().any(leaves));
    let state = ServerState::Backoff;
    assert!(events(&out).contains(&&Event::Server { state }));
    for attempt in 2..=8 {
        bench.wait(60_000);
        let why = ServerDown::Unreachable;
        let attempt = Attempt(attempt);
        bench.give(Input::Server(ServerInput::Down { attempt, why }));
    }
    bench.give(addresses("10.7.0.3"));
    let out = bench.wait(1_000);
    let connects = |one: &Output| matches!(one, Output::Server(ServerOutput::Connect { .. }));
    assert!(out.iter().any(connects));
}

#[test]
fn another_key_at_the_pinned_address_is_what_every_command_is_told() {
    // A signed-in client said only "unreachable" while another key answered at the address of its rendezvous, and
    // repeated the warning at every attempt.
    let (mut bench, _) = Bench::signed_in();
    let found = Some(ServerId([9; 32]));
    let down = |attempt| {
        Input::Server(ServerInput::Down {
            attempt: Attempt(attempt),
            why: ServerDown::WrongKey { found },
        })
    };
    let find = || Command::Find {
        login: "mei".to_owned(),
    };
    let waiting = bench.command(find());
    assert!(answer(&waiting).is_none());
    let out = bench.give(down(1));
    assert_eq!(failure(&out), Some("server_key_changed"));
    assert!(warns(&out, WarningCode::ServerKeyChanged));
    assert_eq!(failure(&bench.command(find())), Some("server_key_changed"));
    bench.wait(2_000);
    let again = bench.give(down(2));
    assert!(!warns(&again, WarningCode::ServerKeyChanged));
    bench.wait(4_000);
    bench.give(up(3));
    let why = ServerDown::Unreachable;
    let attempt = Attempt(3);
    bench.give(Input::Server(ServerInput::Down { attempt, why }));
    assert_eq!(failure(&bench.command(find())), Some("unreachable"));
}

#[test]
fn it_is_told_once_when_all_that_waited_at_the_rendezvous_is_here() {
    let told = |out: &[Output]| events(out).contains(&&Event::CaughtUp {});
    let (mut bench, _) = Bench::signed_in();
    let out = bench.connect(false);
    let id = |which: fn(&Request) -> bool| asked(&out, which).unwrap();
    let requests = id(|request| matches!(request, Request::FriendRequests));
    let mail = id(|request| matches!(request, Request::Post(_)));
    let details = id(|request| matches!(request, Request::Details(None)));
    let groups = id(|request| matches!(request, Request::Groups));
    let group_requests = id(|request| matches!(request, Request::GroupRequests));
    assert!(!told(&out));
    let none = Reply::Groups(List::default());
    assert!(!told(&bench.reply(groups, Ok(none))));
    let none = Reply::GroupRequests(List::default());
    assert!(!told(&bench.reply(group_requests, Ok(none))));
    let none = Reply::Details(List::default());
    assert!(!told(&bench.reply(details, Ok(none))));
    let none = Reply::FriendRequests(List::default());
    assert!(!told(&bench.reply(requests, Ok(none))));
    let none = Reply::Mail(MailPage {
        mail: List::default(),
        more: false,
    });
    let out = bench.reply(mail, Ok(none.clone()));
    assert!(!told(&out));
    let receipts = asked(&out, |request| matches!(request, Request::Receipts(_)));
    let no_receipts = Reply::Receipts(ReceiptPage {
        receipts: List::default(),
        more: false,
    });
    assert!(told(&bench.reply(receipts.unwrap(), Ok(no_receipts))));
    let push = Push::MailWaiting(Hint {});
    let attempt = Attempt(1);
    let out = bench.give(Input::Server(ServerInput::Push { attempt, push }));
    assert!(!told(&bench.reply(asks(&out)[0].0, Ok(none))));
}

/// A rendezvous that was too busy to list the contacts was never asked again, and all mail stayed there until the
/// connection broke.
#[test]
fn a_busy_rendezvous_is_asked_again_for_the_contacts() {
    let mut bench = Bench::online(false);
    bench.give(Input::Server(ServerInput::Down {
        attempt: Attempt(1),
        why: ServerDown::Unreachable,
    }));
    bench.wait(2_000);
    let out = bench.give(up(2));
    let welcome = Reply::Welcome(Box::new(bench.welcome()));
    let out = bench.reply(asks(&out)[0].0, Ok(welcome));
    let contacts = asked(&out, |request| matches!(request, Request::Contacts { .. }));
    let busy = Refusal::Busy { retry_ms: 5_000 };
    bench.reply(contacts.unwrap(), Err(busy));
    let connects = |one: &Output| matches!(one, Output::Server(ServerOutput::Connect { .. }));
    assert!(!bench.wait(4_000).iter().any(connects));
    assert!(bench.wait(2_000).iter().any(connects));
}

#[test]
fn a_pinned_rendezvous_that_is_seen_at_a_new_address_is_tried_there_at_once() {
    let (mut bench, _) = Bench::signed_in();
    let why = ServerDown::Unreachable;
    let attempt = Attempt(1);
    bench.give(Input::Server(ServerInput::Down { attempt, why }));
    let found = || {
        Input::Found(Found::Rendezvous {
            server: server_id(),
            name: "Lab".to_owned(),
            addresses: vec!["127.0.0.1:7555".parse().unwrap()],
        })
    };
    let tries = |out: &[Output]| {
        out.iter().any(|one| match one {
            Output::Server(ServerOutput::Connect { hosts, .. }) => {
                hosts.contains(&"127.0.0.1:7555".to_owned())
            }
            _ => false,
        })
    };
    assert!(tries(&bench.give(found())));
    let attempt = Attempt(2);
    bench.give(Input::Server(ServerInput::Down { attempt, why }));
    assert!(
        !tries(&bench.give(found())),
        "an address that failed can wait"
    );
}

#[test]
fn an_unanswered_request_ends_the_connection() {
    let mut bench = Bench::online(false);
    bench.command(Command::Requests);
    let out = bench.wait(31_000);
    assert!(
        out.iter()
            .any(|one| matches!(one, Output::Server(ServerOutput::Disconnect)))
    );
}

#[test]
fn a_home_that_is_signed_in_takes_no_other_account() {
    let mut bench = Bench::online(false);
    let out = bench.command(register("correct horse", None));
    assert_eq!(failure(&out), Some("already_signed_in"));
}

#[test]
fn a_weak_password_and_a_missing_server_are_refused_before_anything_is_sent() {
    let mut bench = Bench::empty();
    let weak = bench.command(register("password", None));
    assert_eq!(failure(&weak), Some("password_too_weak"));
    let nowhere = bench.command(register("correct horse", None));
    assert_eq!(failure(&nowhere), Some("no_server"));
    for number in [1, 2] {
        let server = ServerId([number; 32]);
        let addresses = vec!["127.0.0.1:7440".parse().unwrap()];
        let name = "Lab".to_owned();
        bench.give(Input::Found(Found::Rendezvous {
            server,
            name,
            addresses,
        }));
    }
    let which = bench.command(register("correct horse", None));
    assert_eq!(failure(&which), Some("several_servers"));
}

#[test]
fn until_it_is_trusted_a_server_sees_a_throw_away_key_and_nothing_else() {
    let mut bench = Bench::empty();
    let out = bench.command(register("correct horse", Some("127.0.0.1:7440")));
    assert!(matches!(
        &out[..],
        [Output::Server(ServerOutput::Connect { pin: None, .. })]
    ));
    let out = bench.give(up(1));
    assert!(asks(&out).is_empty());
    assert_eq!(failure(&out), Some("server_not_trusted"));
    assert!(bench.store.begin().single(DEVICE).unwrap().is_none());
}

#[test]
fn the_device_key_is_on_disk_before_a_registration_and_serves_it_again_after_a_crash() {
    let mut bench = Bench::empty();
    let link = hutong_common::invite::Invite::new(
        vec!["127.0.0.1:7440".to_owned()],
        server_id(),
        None,
        "Lab".to_owned(),
    );
    let link = link.unwrap().to_string();
    bench.command(register("correct horse", Some(&link)));
    let out = bench.give(up(1));
    assert!(asked(&out, |request| matches!(request, Request::RegisterStart(_))).is_some());
    let seed = bench.store.begin().single(DEVICE).unwrap().unwrap().seed;
    let (mut bench, _) = bench.crash();
    bench.command(register("correct horse", None));
    let out = bench.give(up(1));
    assert_eq!(
        bench.store.begin().single(DEVICE).unwrap().unwrap().seed,
        seed
    );
    // The account exists already: the device resumes instead.
    let out = bench.reply(asks(&out)[0].0, Err(Refusal::AlreadyDone));
    assert!(matches!(asks(&out)[..], [(_, Request::Resume { n: 1 })]));
}

#[test]
fn a_login_with_another_key_at_the_known_address_is_a_hard_stop() {
    let mut bench = Bench::empty();
    let link = |server: ServerId| {
        let hosts = vec!["127.0.0.1:7440".to_owned()];
        let invite = hutong_common::invite::Invite::new(hosts, server, None, "Lab".to_owned());
        invite.unwrap().to_string()
    };
    bench.command(register("correct horse", Some(&link(server_id()))));
    bench.give(up(1));
    let why = ServerDown::Unreachable;
    let attempt = Attempt(1);
    bench.give(Input::Server(ServerInput::Down { attempt, why }));
    let other = ServerId(
        hutong_common::identity::KeyPair::from_seed([9; 32])
            .public()
            .0,
    );
    let out = bench.command(Command::Login(Login {
        login: "lin".to_owned(),
        password: Secret::new("correct horse"),
        server: Some(link(other)),
        accept_new_server: true,
        seat: None,
    }));
    assert_eq!(failure(&out), Some("server_key_changed"));
}

#[test]
fn a_rendezvous_that_asks_for_an_endless_pause_gets_an_hour_and_breaks_nothing() {
    let (mut bench, _) = Bench::signed_in();
    let out = bench.give(up(1));
    let retry_ms = u64::MAX;
    bench.reply(asks(&out)[0].0, Err(Refusal::Busy { retry_ms }));
    let out = bench.wait(3_700_000);
    assert!(
        out.iter()
            .any(|one| matches!(one, Output::Server(ServerOutput::Connect { .. })))
    );
}
