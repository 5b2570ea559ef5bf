//! When something is wrong: the window says so, keeps what was typed, and goes on.

use super::shared_seat::holding;
use super::{stage, state_of};
use hutong_tests::desk::places::{chat, home, profile};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Display, Rendezvous};
use serde_json::{Value, json};

/// Longer than any name may be.
const LONG_NAME_CHARS: usize = 300;

#[test]
fn a_server_that_is_gone_for_a_while_costs_no_words() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let mut server = stage.rendezvous()?;
    let display = Display::new()?;
    let mut bob = stage.registered("bob", &server)?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "en")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    alice.add("bob", "hello")?;
    let request = bob.event("request", |event| event["from"] == "alice")?;
    bob.done(json!({"do": "accept", "request": request["request"]}))?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    alice.click(home::FIRST)?;
    alice.click(chat::WORDS)?;
    alice.letters("kept words")?;
    alice.keep("online-en")?;

    let before = alice.window().look()?;
    server.kill()?;
    alice.window().changed_since(&before)?;
    alice.until_refused(&["find", "bob"], "unreachable")?;
    alice.keep("server-gone-en")?;
    bob.finish()?;
    alice.until(&["who"], |told| told["people"][0]["path"] != "direct")?;
    alice.press(&["Return"])?;
    let waits = |told: &Value| state_of(told, "kept words") == "queued";
    alice.until(&["history", "bob"], waits)?;
    alice.letters("next words")?;
    alice.keep("waiting-en")?;

    server.restart()?;
    let is_left = |told: &Value| state_of(told, "kept words") == "left_at_server";
    alice.until(&["history", "bob"], is_left)?;
    bob.restart()?;
    bob.event("message", |event| event["text"] == "kept words")?;
    alice.press(&["Return"])?;
    bob.event("message", |event| event["text"] == "next words")?;
    alice.keep("server-back-en")?;
    alice.close()
}

/// Somebody else answers where the rendezvous was.
#[test]
fn another_key_at_the_address_of_the_server_is_told_and_gets_nothing() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let mut server = stage.rendezvous()?;
    let display = Display::new()?;
    let mut bob = stage.registered("bob", &server)?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    alice.add("bob", "hello")?;
    let request = bob.event("request", |event| event["from"] == "alice")?;
    bob.done(json!({"do": "accept", "request": request["request"]}))?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    bob.finish()?;
    alice.until(&["who"], |told| told["people"][0]["path"] != "direct")?;
    alice.click(home::FIRST)?;
    alice.click(chat::WORDS)?;
    alice.letters("kept words")?;
    alice.rests()?;

    let control = server.control()?.to_owned();
    server.kill()?;
    let data = stage.path("somebody-else");
    let mut other = Rendezvous::start(stage.programs(), &data, &control, &[])?;
    alice.until_refused(&["find", "bob"], "server_key_changed")?;
    alice.keep("other-key-zh")?;
    alice.press(&["Return"])?;
    let is = |state: &'static str| move |told: &Value| state_of(told, "kept words") == state;
    alice.until(&["history", "bob"], is("queued"))?;
    alice.letters("next words")?;
    alice.keep("other-key-draft-zh")?;
    // Whoever registers meanwhile is told, and keeps the password for oneself.
    let pupil = Desk::open(&display, stage.programs(), &stage.path("pupil"), "en")?;
    pupil.fill_in(server.invite()?, "pupil", PASSWORD)?;
    let before = pupil.window().look()?;
    pupil.press(&["Return"])?;
    pupil.window().changed_since(&before)?;
    pupil.keep("other-key-en")?;
    assert!(pupil.ask(&["whoami"]).is_err(), "somebody is signed in");
    pupil.close()?;
    other.kill()?;
    let held = holding(&data, &["alice", "bob", "pupil", "kept words", PASSWORD])?;
    assert!(held.is_empty(), "{held:?}");

    server.restart()?;
    alice.until(&["history", "bob"], is("left_at_server"))?;
    alice.press(&["Return"])?;
    bob.restart()?;
    bob.event("message", |event| event["text"] == "next words")?;
    alice.keep("own-key-again-zh")?;
    alice.close()
}

#[test]
fn a_second_start_on_a_home_leaves_the_window_that_there_is() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let display = Display::new()?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "en")?;
    let status = alice.start_again()?;
    assert!(status.success(), "{status}");
    alice.click(hutong_tests::desk::places::entry::LINK)?;
    alice.close()
}

#[test]
fn names_that_are_too_long_or_deceive_are_refused_in_words() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let server = stage.rendezvous()?;
    let display = Display::new()?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    let mut bob = stage.registered("bob", &server)?;
    let widest = "龘".repeat(32);
    bob.done(json!({"do": "profile", "name": widest}))?;
    let asked = bob.done(json!({"do": "add", "login": "alice", "greeting": "🀄".repeat(20)}))?;
    alice.until(&["unread"], |told| told["requests"] == 1)?;
    alice.click(home::REQUESTS)?;
    alice.keep("wide-name-zh")?;
    alice.click(home::ACCEPT)?;
    bob.event("contact", |event| event["change"] == "added")?;
    assert!(asked["request"].is_u64(), "{asked}");
    alice.until(&["friends"], |told| told["friends"][0]["name"] == widest)?;
    alice.click(home::ME)?;
    for (number, name) in [
        "长".repeat(LONG_NAME_CHARS),
        "\u{202e}ecila\u{200b}".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        alice.click_again(profile::NAME)?;
        alice.press(&["ctrl+a"])?;
        alice.paste(name)?;
        let before = alice.window().look()?;
        alice.press(&["Return"])?;
        alice.window().changed_since(&before)?;
        alice.keep(&format!("refused-name-{number}-zh"))?;
        assert_eq!(alice.ask(&["whoami"])?["name"], "alice");
    }
    alice.click(home::CHATS)?;
    alice.click(home::FIRST)?;
    bob.done(json!({"do": "profile", "name": "أليس ومحمد"}))?;
    alice.until(&["friends"], |told| {
        told["friends"][0]["name"] == "أليس ومحمد"
    })?;
    alice.keep("arabic-name-zh")?;
    alice.close()
}
