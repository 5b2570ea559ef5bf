//! A long conversation, scrolled back to where it began.

use super::stage;
use anyhow::Context;
use hutong_tests::desk::Desk;
use hutong_tests::desk::places::{chat, home};
use hutong_tests::driver::Display;
use serde_json::json;

/// Messages of the conversation.
const MESSAGES: usize = 5_000;
/// So many are on their way to the engine at once.
const AT_ONCE: usize = 500;
/// Notches of the wheel at a time.
const NOTCHES: i32 = 120;
/// As often it is turned at most: a page of messages comes with most turns, of which a hundred hold them all.
const TURNS_MAX: usize = 400;

#[test]
fn five_thousand_messages_are_scrolled_back_to_the_first() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let texts: Vec<String> = (1..=MESSAGES)
        .map(|number| format!("Message {number}"))
        .collect();
    for texts in texts.chunks(AT_ONCE) {
        let send = |text: &String| alice.tell(json!({"do": "send", "to": "bob", "text": text}));
        let asked: Vec<u64> = texts.iter().map(send).collect::<Result<_, _>>()?;
        for id in asked {
            alice.reply(id)?;
        }
    }
    bob.event("message", |event| event["text"] == texts[MESSAGES - 1])?;
    alice.finish()?;

    let display = Display::new()?;
    let alice = Desk::open(&display, stage.programs(), &stage.path("alice"), "en")?;
    alice.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    alice.click(home::FIRST)?;
    alice.keep("long-end-en")?;
    scroll_back(&alice)?;
    alice.keep("long-beginning-en")?;
    alice
        .window()
        .first_of_menu(chat::TOPMOST.0, chat::TOPMOST.1)?;
    display.copied(|text| text == "Message 1")?;

    // What comes meanwhile is told, and waits at the other end.
    let before = alice.window().look()?;
    bob.done(json!({"do": "send", "to": "alice", "text": "And still here"}))?;
    alice.window().changed_since(&before)?;
    alice.keep("long-newer-en")?;
    alice.press(&["End"])?;
    alice.rests()?;
    alice
        .window()
        .first_of_menu(chat::NEWEST.0, chat::NEWEST.1)?;
    display.copied(|text| text == "And still here")?;
    alice.close()
}

/// Turns the wheel until nothing moves any more. On a computer where a turn took as long as a blink of the caret, something did
/// for ever.
fn scroll_back(desk: &Desk<'_>) -> anyhow::Result<()> {
    let mut last = desk.window().look_above(chat::END)?;
    for _ in 0..TURNS_MAX {
        desk.window().wheel(chat::MIDDLE, -NOTCHES)?;
        desk.rests()?;
        let now = desk.window().look_above(chat::END)?;
        if now == last {
            return Ok(());
        }
        last = now;
    }
    None.context("the beginning of the conversation")
}
