//! A group at real windows: made, joined, talked in and led, with a hint for everything that waits.
//!
//! With `first_day` this is what must work at all times, through the window. `first_day` has registering, friends from the request
//! to the end, the profile, a private conversation with words, emoji, a picture and a file, and what becomes of files. Here are
//! what is refused while one comes in, the same kinds of messages in a group, who has read them, what its owner does, and the
//! counts of requests, of unread messages and of those that name somebody. The third of three people is a program.

use super::stage;
use anyhow::Context;
use hutong_tests::content;
use hutong_tests::desk::places::{chat, dialog, group, home};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Agent, Display, Rendezvous, Stage};
use serde_json::{Value, json};

const KIB: u64 = 1 << 10;
const NAME: &str = "春游小组";
const NEW_NAME: &str = "春游小组（周六）";

/// What is refused stands beside its field, and can be mended there.
fn come_in(alice: &Desk<'_>, bob: &Desk<'_>, invite: &str) -> anyhow::Result<()> {
    alice.fill_in(invite, "carol", PASSWORD)?;
    alice.see(|| alice.press(&["Return"]))?;
    alice.keep("register-refused-en")?;
    assert!(alice.ask(&["whoami"]).is_err(), "the login is taken");
    alice.press(&["shift+Tab", "shift+Tab", "ctrl+a"])?;
    alice.letters("alice")?;
    alice.press(&["Return"])?;
    alice.until(&["whoami"], |me| me["login"] == "alice")?;

    bob.fill_in_sign_in(invite, "bob", "wrong horse staple")?;
    bob.see(|| bob.press(&["Return"]))?;
    bob.keep("sign-in-refused-zh")?;
    assert!(bob.ask(&["whoami"]).is_err(), "the password is wrong");
    bob.press(&["ctrl+a"])?;
    bob.letters(PASSWORD)?;
    bob.press(&["Return"])?;
    bob.until(&["whoami"], |me| me["login"] == "bob")?;
    Ok(())
}

/// Accepts what is asked, led there by its count.
fn accept(who: &Desk<'_>, picture: &str) -> anyhow::Result<()> {
    who.counts(home::REQUESTS, true)?;
    who.click(home::REQUESTS)?;
    who.keep(picture)?;
    who.click(home::ACCEPT)?;
    who.counts(home::REQUESTS, false)
}

fn befriend(alice: &Desk<'_>, bob: &Desk<'_>, carol: &mut Agent) -> anyhow::Result<()> {
    alice.ask(&["add", "bob", "--greeting", "hi"])?;
    accept(bob, "friend-asks-zh")?;
    alice.until(&["friends"], |told| told["friends"][0]["login"] == "bob")?;
    carol.done(json!({"do": "add", "login": "alice", "greeting": "👋"}))?;
    accept(alice, "friend-asks-en")?;
    alice.until(&["friends"], |told| told["friends"][1]["login"] == "carol")?;
    Ok(())
}

/// The number of the group of that name that somebody is in.
fn number(groups: &Value, name: &str) -> Option<u64> {
    let groups = groups["groups"].as_array()?;
    let found = groups.iter().find(|group| group["name"] == name)?;
    found["group"].as_u64()
}

/// Alice makes it and invites Bob; Carol asks to come in.
fn gather(alice: &Desk<'_>, bob: &Desk<'_>, carol: &mut Agent) -> anyhow::Result<u64> {
    alice.click(home::ADD)?;
    alice.click(group::TAB_NEW)?;
    alice.paste(NAME)?;
    alice.click(group::FIRST_PICK)?;
    alice.keep("group-new-en")?;
    alice.click(group::MAKE)?;
    let is_in = |told: &Value| number(told, NAME).is_some();
    let groups = alice.until(&["group", "list"], is_in)?;
    let group = number(&groups, NAME).context("its number")?;
    accept(bob, "group-invites-zh")?;
    bob.until(&["group", "list"], is_in)?;
    carol.done(json!({"do": "group_apply", "group": group, "greeting": "让我进来"}))?;
    accept(alice, "group-applies-en")?;
    carol.event("group", |event| event["group"] == group)?;
    for desk in [alice, bob] {
        desk.until(&["group", "show", &group.to_string()], |told| {
            told["members"].as_array().is_some_and(|all| all.len() == 3)
        })?;
    }
    Ok(group)
}

/// Words with emoji, who has read them, and a line that names Bob while he looks elsewhere.
fn talk((alice, bob): (&Desk<'_>, &Desk<'_>), carol: &mut Agent, with: &str) -> anyhow::Result<()> {
    alice.click(home::CHATS)?;
    alice.click_again(chat::WORDS)?;
    alice.paste("大家好 😀🎉 see you on Saturday")?;
    alice.press(&["Return"])?;
    bob.counts(home::CHATS, true)?;
    bob.titled("(1) 胡同")?;
    bob.click(home::CHATS)?;
    bob.click(home::FIRST)?;
    bob.counts(home::CHATS, false)?;
    carol.event("message", |event| event["conversation"] == with)?;
    carol.done(json!({"do": "read", "with": with}))?;
    alice.until(&["history", with], |told| {
        let states = &told["messages"][0]["states"];
        states["bob"] == "shown" && states["carol"] == "shown"
    })?;
    alice.keep("group-read-by-en")?;

    bob.click(home::SECOND)?;
    carol.done(json!({"do": "send", "to": with, "text": "@bob 你带相机吗？"}))?;
    bob.counts(home::CHATS, true)?;
    let named = |told: &Value| told["conversations"][0]["mentions"] == 1;
    bob.until(&["unread"], named)?;
    bob.keep("group-names-zh")?;
    bob.click(home::FIRST)?;
    bob.counts(home::CHATS, false)?;
    bob.click_again(chat::WORDS)?;
    bob.paste("带 📷")?;
    bob.press(&["Return"])?;
    carol.event("message", |event| event["text"] == "带 📷")?;
    Ok(())
}

/// Whether every one of them has the file of that name.
fn had_by(files: &Value, name: &str, all: &[&str]) -> bool {
    let files = files["files"].as_array();
    let file = files.and_then(|files| files.iter().find(|file| file["name"] == name));
    let had = file.and_then(|file| file["had_by"].as_array());
    had.is_some_and(|had| all.iter().all(|one| had.iter().any(|who| who == one)))
}

/// A picture from the clipboard, and a file as well.
fn hand_out(
    (display, stage): (&Display, &Stage),
    (alice, bob): (&Desk<'_>, &Desk<'_>),
    carol: &mut Agent,
) -> anyhow::Result<()> {
    let picture = stage.path("hill.png");
    let shade = |part: u32| u8::try_from(part).unwrap_or(u8::MAX);
    image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([shade(x / 2), 120, shade(y)]))
        .save(&picture)?;
    display.copy_picture(&picture)?;
    alice.click_again(chat::WORDS)?;
    alice.see(|| alice.press(&["ctrl+v"]))?;
    alice.press(&["Return"])?;
    let is_there = |told: &Value| told["files"][0]["state"] == "verified";
    bob.until(&["files"], is_there)?;
    bob.keep("group-picture-zh")?;

    let path = stage.path("路线.pdf");
    content::make(&path, 300 * KIB)?;
    display.copy_file(&path)?;
    alice.press(&["ctrl+v"])?;
    let offer = carol.event("file", |event| event["name"] == "路线.pdf")?;
    carol.done(json!({"do": "accept_file", "file": offer["file"]}))?;
    bob.until(&["files"], |told| told["files"][1]["state"] == "offered")?;
    bob.click(home::FILES)?;
    bob.click(home::ACCEPT)?;
    bob.click(home::CHATS)?;
    alice.until(&["files"], |told| {
        had_by(told, "路线.pdf", &["bob", "carol"])
    })?;
    alice.keep("group-file-en")
}

/// What the owner does: another name, somebody who may not speak for a while, somebody who goes.
fn lead((alice, bob): (&Desk<'_>, &Desk<'_>), carol: &mut Agent, group: u64) -> anyhow::Result<()> {
    let with = format!("g:{group}");
    alice.click(chat::MORE)?;
    alice.keep("group-card-en")?;
    alice.click(group::RENAME)?;
    alice.press(&["ctrl+a"])?;
    alice.paste(NEW_NAME)?;
    alice.press(&["Return"])?;
    for desk in [alice, bob] {
        desk.until(&["group", "list"], |told| {
            number(told, NEW_NAME) == Some(group)
        })?;
    }
    alice.rests()?;
    alice.click(group::SECOND_MEMBER)?;
    alice.keep("group-member-en")?;
    alice.click(group::MUTE)?;
    alice.until(&["group", "show", &group.to_string()], |told| {
        told["members"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["muted_until_ms"].is_u64()))
    })?;
    bob.until_refused(&["send", &with, "嘘"], "muted")?;
    bob.keep("group-muted-zh")?;
    alice.rests()?;
    alice.click(group::THIRD_MEMBER)?;
    alice.click(group::KICK)?;
    alice.keep("group-kick-en")?;
    alice.click(dialog::YES)?;
    carol.event("group", |event| event["changes"][0]["what"] == "left")?;
    let refused = carol.refused(json!({"do": "send", "to": with, "text": "我呢"}))?;
    assert_eq!(refused["code"], "not_member");
    alice.press(&["Escape"])?;
    alice.keep("group-led-en")?;
    bob.keep("group-led-zh")
}

/// An account of which no computer is left running.
fn register(stage: &Stage, server: &Rendezvous, login: &str) -> anyhow::Result<()> {
    let mut agent = stage.agent(&format!("{login}-elsewhere"))?;
    agent.done(json!({
        "do": "register", "login": login, "password": PASSWORD, "server": server.invite()?,
    }))?;
    agent.finish()?;
    Ok(())
}

#[test]
fn a_group_is_made_joined_talked_in_and_led_at_real_windows() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let server = stage.rendezvous()?;
    let display = Display::new()?;
    register(&stage, &server, "bob")?;
    let mut carol = stage.registered("carol", &server)?;
    let open = |name: &str, lang| Desk::open(&display, stage.programs(), &stage.path(name), lang);
    let (alice, bob) = (open("alice", "en")?, open("bob", "zh")?);
    come_in(&alice, &bob, server.invite()?)?;
    befriend(&alice, &bob, &mut carol)?;
    let group = gather(&alice, &bob, &mut carol)?;
    talk((&alice, &bob), &mut carol, &format!("g:{group}"))?;
    hand_out((&display, &stage), (&alice, &bob), &mut carol)?;
    lead((&alice, &bob), &mut carol, group)?;
    alice.close()?;
    bob.close()
}
