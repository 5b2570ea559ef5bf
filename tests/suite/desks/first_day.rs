//! Two people's first day: they register, become friends, talk in every way, and leave.

use super::stage;
use anyhow::Context;
use hutong_tests::content;
use hutong_tests::desk::places::{chat, dialog, home, profile, settings};
use hutong_tests::desk::{Desk, PASSWORD};
use hutong_tests::driver::{Display, LETTERS, PINYIN, Stage};
use serde_json::Value;
use std::fs;
use std::path::Path;

const MIB: u64 = 1 << 20;

/// The last message of a conversation.
fn last(history: &Value) -> &Value {
    let messages = history["messages"].as_array();
    messages
        .and_then(|messages| messages.last())
        .unwrap_or(&Value::Null)
}

fn befriend(alice: &Desk<'_>, bob: &Desk<'_>) -> anyhow::Result<()> {
    let before = bob.window().look()?;
    alice.add("bob", "hello")?;
    bob.until(&["unread"], |told| told["requests"] == 1)?;
    bob.window().changed_since(&before).context("a badge")?;
    bob.click(home::REQUESTS)?;
    bob.keep("request-zh")?;
    bob.click(home::ACCEPT)?;
    for (desk, other) in [(alice, "bob"), (bob, "alice")] {
        desk.until(&["friends"], |told| told["friends"][0]["login"] == other)?;
        desk.until(&["who"], |told| told["people"][0]["path"] == "direct")?;
    }
    Ok(())
}

/// Chinese by an input method, an answer by the clipboard, and emoji.
fn talk(display: &Display, alice: &Desk<'_>, bob: &Desk<'_>) -> anyhow::Result<()> {
    alice.click(home::FIRST)?;
    alice.keep("chat-empty-en")?;
    alice.click(chat::WORDS)?;
    display.type_with(PINYIN)?;
    alice.letters("nihao")?;
    alice.press(&["space"])?;
    let before = bob.window().look()?;
    alice.press(&["Return"])?;
    bob.until(&["history", "alice"], |told| last(told)["text"] == "你好")?;
    display.type_with(LETTERS)?;
    bob.window().changed_since(&before).context("it is shown")?;
    bob.titled("(1) 胡同")?;
    bob.click(home::CHATS)?;
    bob.click(home::FIRST)?;
    bob.titled("胡同")?;
    bob.click(chat::WORDS)?;
    bob.paste("粘贴的回答 😀👨‍👩‍👧 🇨🇳")?;
    bob.press(&["Return"])?;
    alice.until(&["history", "bob"], |told| {
        last(told)["text"] == "粘贴的回答 😀👨‍👩‍👧 🇨🇳"
    })?;
    alice.keep("chat-en")?;
    bob.keep("chat-zh")?;
    smile(alice, bob)
}

/// Found by a word, put between what is typed already, and gone by keys alone.
fn smile(alice: &Desk<'_>, bob: &Desk<'_>) -> anyhow::Result<()> {
    alice.letters("ab")?;
    alice.press(&["Left"])?;
    alice.click(chat::SMILE)?;
    alice.letters("tears")?;
    alice.keep("emoji-en")?;
    alice.press(&["Return"])?;
    alice.letters("c")?;
    alice.press(&["Return"])?;
    bob.until(&["history", "alice"], |told| last(told)["text"] == "a😂cb")?;
    Ok(())
}

fn verified(files: &Value, name: &str) -> bool {
    let files = files["files"].as_array();
    files.is_some_and(|files| {
        files
            .iter()
            .any(|file| file["state"] == "verified" && file["name"] == name)
    })
}

/// A picture from the clipboard, and a file chosen in the system's dialog.
fn send_files(
    (display, folder): (&Display, &Path),
    alice: &Desk<'_>,
    bob: &Desk<'_>,
) -> anyhow::Result<()> {
    let picture = folder.join("blue.png");
    image::RgbImage::from_fn(320, 200, |x, y| {
        image::Rgb([
            40,
            u8::try_from(y).unwrap_or(255),
            u8::try_from(x / 2).unwrap_or(255),
        ])
    })
    .save(&picture)?;
    let before = bob.window().look()?;
    display.copy_picture(&picture)?;
    alice.click_again(chat::WORDS)?;
    let composer = alice.window().look()?;
    alice.press(&["ctrl+v"])?;
    alice.window().changed_since(&composer)?;
    alice.keep("paste-asks-en")?;
    alice.press(&["Return"])?;
    let files = bob.until(&["files"], |told| told["files"][0]["state"] == "verified")?;
    let saved = files["files"][0]["saved_as"].as_str().context("a path")?;
    assert_eq!(
        image::open(saved)?.to_rgb8(),
        image::open(&picture)?.to_rgb8()
    );
    bob.window().changed_since(&before).context("a picture")?;
    bob.keep("picture-zh")?;

    let path = folder.join("课件.bin");
    let hash = content::make(&path, 6 * MIB)?;
    alice.click_again(chat::CLIP)?;
    display.choose(&path)?;
    bob.until(&["files"], |told| {
        told["files"]
            .as_array()
            .is_some_and(|files| files.len() == 2)
    })?;
    bob.click(home::FILES)?;
    bob.keep("files-offered-zh")?;
    bob.click(home::ACCEPT)?;
    let files = bob.until(&["files"], |told| verified(told, "课件.bin"))?;
    let files = files["files"].as_array().context("files")?;
    let file = files.iter().find(|file| file["name"] == "课件.bin");
    let saved = file.and_then(|file| file["saved_as"].as_str());
    assert_eq!(content::hash_of(Path::new(saved.context("a path")?))?, hash);
    bob.keep("files-zh")
}

fn rename(alice: &Desk<'_>, bob: &Desk<'_>) -> anyhow::Result<()> {
    alice.click(home::ME)?;
    alice.click(profile::NAME)?;
    alice.press(&["ctrl+a"])?;
    alice.paste("林小艾")?;
    alice.press(&["Return"])?;
    bob.until(&["friends"], |told| told["friends"][0]["name"] == "林小艾")?;
    alice.keep("profile-en")
}

/// Language and shade, which the home keeps.
fn like(alice: &Desk<'_>) -> anyhow::Result<()> {
    alice.click(home::SETTINGS)?;
    alice.keep("settings-en-light")?;
    alice.click(settings::DARK)?;
    alice.keep("settings-en-dark")?;
    alice.click(settings::CHINESE)?;
    alice.keep("settings-zh-dark")?;
    alice.click(home::CHATS)?;
    alice.keep("chat-zh-dark")
}

/// Closed and opened again, it is as it was.
fn reopen<'a>(
    (display, stage): (&'a Display, &Stage),
    alice: Desk<'a>,
) -> anyhow::Result<Desk<'a>> {
    alice.click(chat::WORDS)?;
    alice.letters("not sent yet")?;
    alice.window().resize(1060, 700)?;
    alice.rests()?;
    let home = alice.home().to_path_buf();
    alice.close()?;
    let likes: toml::Table = fs::read_to_string(home.join("desktop.toml"))?.parse()?;
    assert_eq!(likes["shade"].as_str(), Some("dark"));
    assert_eq!(likes["lang"].as_str(), Some("zh"));
    let alice = Desk::open(display, stage.programs(), &home, "en")?;
    alice.until(&["whoami"], |me| me["login"] == "alice")?;
    assert_eq!(alice.window().size()?, (1060, 700));
    let draft = alice.ask(&["draft", "bob"])?;
    assert_eq!(draft["text"], "not sent yet");
    alice.keep("reopened-en-dark")?;
    alice.window().resize(1000, 680)?;
    alice.rests()?;
    Ok(alice)
}

#[test]
fn two_people_spend_their_first_day_at_real_windows() -> anyhow::Result<()> {
    let Some(stage) = stage(true)? else {
        return Ok(());
    };
    let server = stage.rendezvous()?;
    let display = Display::new()?;
    display.start_input()?;
    let open = |name: &str, lang| Desk::open(&display, stage.programs(), &stage.path(name), lang);
    let (alice, bob) = (open("alice", "en")?, open("bob", "zh")?);
    alice.keep("entry-en")?;
    bob.keep("entry-zh")?;
    alice.register(server.invite()?, "alice", PASSWORD)?;
    bob.register(server.invite()?, "bob", PASSWORD)?;
    bob.keep("home-empty-zh")?;
    befriend(&alice, &bob)?;
    talk(&display, &alice, &bob)?;
    send_files((&display, stage.folder()), &alice, &bob)?;
    rename(&alice, &bob)?;
    like(&alice)?;
    let alice = reopen((&display, &stage), alice)?;
    bob.click(home::CHATS)?;
    remove(&alice, &bob)?;
    sign_out(&alice)
}

/// Bob ends the friendship, from the card of the other: three tabs, and a question.
fn remove(alice: &Desk<'_>, bob: &Desk<'_>) -> anyhow::Result<()> {
    bob.click(chat::MORE)?;
    bob.keep("person-zh")?;
    bob.click(dialog::REMOVE)?;
    bob.keep("remove-zh")?;
    bob.click(dialog::YES)?;
    let nobody = |told: &Value| told["friends"].as_array().is_some_and(Vec::is_empty);
    bob.until(&["friends"], nobody)?;
    alice.until(&["friends"], nobody)?;
    Ok(())
}

fn sign_out(alice: &Desk<'_>) -> anyhow::Result<()> {
    alice.click(home::SETTINGS)?;
    alice.click(settings::SIGN_OUT)?;
    alice.keep("sign-out-en-dark")?;
    alice.click(dialog::YES)?;
    alice.display().until("nobody signed in", || {
        Ok(alice.ask(&["whoami"]).is_err().then_some(()))
    })?;
    alice.keep("signed-out-en-dark")
}
