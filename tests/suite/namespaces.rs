//! Computers that are told no address: two clients and a rendezvous on one bridge find each other by mDNS.
//!
//! Skips, and says why, where network namespaces are not allowed.

use std::time::Duration;

use anyhow::Context;
use hutong_tests::driver::{Agent, Network, Programs, Rendezvous, Stage, Stopwatch};
use serde_json::{Value, json};

const DIRECT_WITHIN: Duration = Duration::from_secs(3);

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
