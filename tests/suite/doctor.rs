//! The doctor through the real programs: the shape of what it says, and the causes that loopback can have.
//!
//! Causes that need a network of their own are tried in one of theirs.

mod causes;

use hutong_common::verdict::Verdict;
use hutong_tests::driver::{Agent, Stage, Stopwatch};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

/// Whoever asks has an answer by then.
const WITHIN: Duration = Duration::from_secs(10);

/// What the doctor says to `who`, in time.
fn doctor(who: &mut Agent, about: Option<&str>) -> anyhow::Result<Value> {
    let watch = Stopwatch::start();
    let told = who.done(json!({"do": "doctor", "login": about}))?;
    let took = watch.elapsed();
    assert!(took < WITHIN, "{took:?}");
    let verdict = told["verdict"].as_str().and_then(Verdict::from_code);
    assert!(verdict.is_some(), "{told}");
    for words in ["text", "advice"] {
        assert!(
            told[words].as_str().is_some_and(|said| !said.is_empty()),
            "{told}"
        );
    }
    Ok(told)
}

#[test]
fn a_program_and_a_person_are_told_the_same_of_a_network_that_works() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, _bob) = stage.friends(("alice", "bob"), &server)?;
    let told = doctor(&mut alice, Some("bob"))?;
    assert_eq!(told["verdict"], "all_well", "{told}");
    let facts = &told["facts"];
    assert_eq!(facts["server"]["state"], "online", "{facts}");
    assert_eq!(facts["server"]["tcp"], "right", "{facts}");
    assert!(facts["server"]["rtt_ms"].is_u64(), "{facts}");
    assert_eq!(facts["peer"]["path"], "direct", "{facts}");
    let ways = facts["interfaces"].as_array().into_iter().flatten();
    let kinds: Vec<&Value> = ways
        .filter(|one| one["to_server"] == true)
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["loopback"], "{facts}");
    // Beside the agent, a person asks the same engine.
    let mut shown = stage.programs().command("hutong");
    let shown = shown.arg("--home").arg(stage.path("alice"));
    let output = shown.args(["--lang", "zh", "doctor", "bob"]).output()?;
    let text = String::from_utf8(output.stdout)?;
    assert!(
        output.status.success() && text.starts_with("网络一切正常"),
        "{text}"
    );

    let stranger = alice.refused(json!({"do": "doctor", "login": "carol"}))?;
    assert_eq!(stranger["code"], "not_found");
    Ok(())
}

#[test]
fn a_rendezvous_that_is_gone_and_a_page_in_its_place_are_told_apart() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut server = stage.rendezvous()?;
    let mut alice = stage.registered("alice", &server)?;
    server.kill()?;
    alice.event("server", |event| event["state"] == "backoff")?;
    let told = doctor(&mut alice, None)?;
    assert_eq!(told["verdict"], "server_unreachable", "{told}");
    assert_eq!(told["facts"]["server"]["tcp"], "refused", "{told}");

    let portal = TcpListener::bind(server.control()?)?;
    std::thread::spawn(move || {
        for mut client in portal.incoming().map_while(Result::ok) {
            let mut asked = [0; 5];
            if client.read_exact(&mut asked).is_ok() {
                let page =
                    b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\nContent-Length: 0\r\n\r\n";
                let _ = client.write_all(page);
            }
        }
    });
    let told = doctor(&mut alice, None)?;
    assert_eq!(told["verdict"], "captive_portal", "{told}");
    Ok(())
}

#[test]
fn who_signed_in_nowhere_is_told_what_is_missing() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut alice = stage.agent("alice")?;
    let told = doctor(&mut alice, None)?;
    assert_eq!(told["verdict"], "no_server", "{told}");
    let error = alice.refused(json!({"do": "doctor", "login": "bob"}))?;
    assert_eq!(error["code"], "not_signed_in");
    Ok(())
}
