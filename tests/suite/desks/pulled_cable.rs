//! One's own network goes away and comes back while one writes.
//!
//! Needs networks of its own, and skips where they are not allowed.

use super::{stage, state_of};
use hutong_tests::desk::places::{chat, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Agent, Display, Network, Rendezvous, Stage};
use serde_json::{Value, json};

/// The cable of the one at the window.
const ALICE: u8 = 2;

#[test]
fn a_pulled_cable_is_told_and_costs_no_words() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    if let Some(reason) = Network::unavailable() {
        println!("skipped, no network namespaces here: {reason}");
        return Ok(());
    }
    let network = Network::of(3)?;
    let [teacher, one, other] = network.machines() else {
        anyhow::bail!("three machines were asked for")
    };
    let within = |name: &str| stage.programs().within(name);
    let data = stage.path("rendezvous");
    let server = Rendezvous::start(&within(teacher.name()), &data, "0.0.0.0:7440", &[])?;
    let mut bob = Agent::start(&within(other.name()), &stage.path("bob"), &[])?;
    bob.done(json!({
        "do": "register", "login": "bob", "password": Stage::password(), "server": server.invite()?,
    }))?;
    let display = Display::new()?;
    let alice = Desk::open(&display, &within(one.name()), &stage.path("alice"), "zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    alice.add("bob", "hello")?;
    let request = bob.event("request", |event| event["from"] == "alice")?;
    bob.done(json!({"do": "accept", "request": request["request"]}))?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    alice.click(home::FIRST)?;
    alice.click(chat::WORDS)?;
    alice.letters("kept words")?;
    alice.rests()?;

    let before = alice.window().look()?;
    network.set_plugged(ALICE, false)?;
    alice.window().changed_since(&before)?;
    alice.until_refused(&["find", "bob"], "unreachable")?;
    alice.keep("cable-pulled-zh")?;
    alice.press(&["Return"])?;
    let is_delivered = |told: &Value| state_of(told, "kept words") == "delivered";
    alice.until(&["history", "bob"], |told| {
        state_of(told, "kept words").is_string()
    })?;
    alice.letters("next words")?;
    alice.keep("cable-pulled-draft-zh")?;
    let told = alice.ask(&["history", "bob"])?;
    assert!(!is_delivered(&told), "{told}");

    network.set_plugged(ALICE, true)?;
    bob.event("message", |event| event["text"] == "kept words")?;
    alice.until(&["history", "bob"], is_delivered)?;
    alice.until(&["find", "bob"], |told| told["login"] == "bob")?;
    alice.press(&["Return"])?;
    bob.event("message", |event| event["text"] == "next words")?;
    alice.keep("cable-back-zh")?;
    alice.close()
}
