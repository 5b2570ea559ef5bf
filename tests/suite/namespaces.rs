//! Computers that are told no address: two clients and a rendezvous on one bridge find each other by mDNS.
//!
//! Skips, and says why, where network namespaces are not allowed.

use std::time::Duration;

use anyhow::Context;
use hutong_tests::driver::{Agent, Deadline, Network, Programs, Rendezvous, Stage, Stopwatch};
use serde_json::{Value, json};

const DIRECT_WITHIN: Duration = Duration::from_secs(3);
/// Announcements are repeated after one, two and four seconds.
const SAID_WITHIN: Duration = Duration::from_secs(30);

fn register(agent: &mut Agent) -> anyhow::Result<()> {
    let has_found = |reply: &Value| {
        reply["servers"]
            .as_array()
            .is_some_and(|all| all.len() == 1)
    };
    let found = agent.until(&json!({"do": "servers"}), has_found)?;
    let server = &found["servers"][0];
    assert_eq!(server["trusted"], false, "{server}");
    let mut request = json!({
        "do": "register", "login": agent.name(), "password": Stage::password(),
    });
    let error = agent.refused(request.clone())?;
    assert_eq!(error["code"], "server_not_trusted");
    assert_eq!(error["fingerprint"], server["fingerprint"], "{error}");
    request["accept_new_server"] = json!(true);
    agent.done(request)?;
    Ok(())
}

#[test]
fn a_class_finds_its_rendezvous_and_each_other_without_an_address() -> anyhow::Result<()> {
    if let Some(reason) = Network::unavailable() {
        println!("skipped, no network namespaces here: {reason}");
        return Ok(());
    }
    let network = Network::of(3)?;
    let programs = Programs::built()?;
    let stage = Stage::of(programs.clone())?;
    let [teacher, one, other] = network.machines() else {
        anyhow::bail!("three machines were asked for")
    };
    let within = |name: &str| programs.within(name);
    let data = stage.path("rendezvous");
    let _server = Rendezvous::start(&within(teacher.name()), &data, "0.0.0.0:7440", &[])?;
    let mut alice = Agent::start(&within(one.name()), &stage.path("alice"), &[])?;
    let mut bob = Agent::start(&within(other.name()), &stage.path("bob"), &[])?;
    register(&mut alice)?;
    register(&mut bob)?;
    Stage::befriend(&mut alice, &mut bob)?;

    // Both start anew: the time counts from when the later one is ready.
    alice.kill()?;
    bob.kill()?;
    alice.restart()?;
    bob.restart()?;
    let watch = Stopwatch::start();
    let is_direct = |event: &Value| event["path"] == "direct";
    bob.event("presence", is_direct)?;
    alice.event("presence", is_direct)?;
    let took = watch.elapsed();
    println!("direct {took:?} after the later ready");
    assert!(took < DIRECT_WITHIN, "{took:?}");

    let sent = alice.done(json!({"do": "send", "to": "bob", "text": "没有地址也行"}))?;
    let message = bob.event("message", |event| event["id"] == sent["message"])?;
    let path = message["path"].as_str().context("a path")?;
    assert_eq!(path, "direct");
    Ok(())
}

/// Whether a rendezvous says this on its standard error, in time; in between it is asked how it is, and answers.
fn says(server: &Rendezvous, words: &str) -> anyhow::Result<bool> {
    let (log, deadline) = (
        server.data().with_extension("log"),
        Deadline::after(SAID_WITHIN),
    );
    while deadline.left().is_some() {
        if std::fs::read_to_string(&log)?.contains(words) {
            return Ok(true);
        }
        let mut status = Programs::built()?.command("rendezvous");
        status
            .args(["status", "--json", "--data"])
            .arg(server.data());
        let status: Value = serde_json::from_slice(&status.output()?.stdout)?;
        assert_eq!(status["running"], true);
    }
    Ok(false)
}

/// A data folder was copied to a new computer, and the old one went on running: clients went now here, now there.
#[test]
fn two_rendezvous_with_one_key_notice_each_other() -> anyhow::Result<()> {
    if let Some(reason) = Network::unavailable() {
        println!("skipped, no network namespaces here: {reason}");
        return Ok(());
    }
    let network = Network::of(2)?;
    let programs = Programs::built()?;
    let stage = Stage::of(programs.clone())?;
    let [old, new] = network.machines() else {
        anyhow::bail!("two machines were asked for")
    };
    let start = |machine: &str, data: &str| {
        let (programs, data) = (programs.within(machine), stage.path(data));
        Rendezvous::start(&programs, &data, "0.0.0.0:7440", &["--lang", "en"])
    };
    start(old.name(), "old")?.kill()?;
    std::fs::create_dir(stage.path("new"))?;
    for file in ["server.key", "opaque.key", "rendezvous.redb"] {
        std::fs::copy(stage.path("old").join(file), stage.path("new").join(file))?;
    }
    let moved = start(old.name(), "old")?;
    let copy = start(new.name(), "new")?;
    let words = "Another rendezvous with the same key";
    assert!(says(&copy, words)? && says(&moved, words)?);
    Ok(())
}
