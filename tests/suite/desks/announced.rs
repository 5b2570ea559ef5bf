//! A teacher and a pupil at real windows: what is announced and confirmed, with the server and without, a code and a raised hand,
//! and a projector that shows nothing private.

use super::stage;
use anyhow::Context;
use hutong_tests::desk::Desk;
use hutong_tests::desk::places::{chat, class, group, home};
use hutong_tests::driver::{Display, Rendezvous, Stage};
use serde_json::{Value, json};

const WORDS: &str = "明天上午停课";
const FIRE: &str = "消防演习";
const SECRET: &str = "老师，我想退班";

/// Tan is a teacher, Lin a pupil; both have been signed in before.
fn come_together(stage: &Stage) -> anyhow::Result<Rendezvous> {
    let data = stage.path("rendezvous");
    let options = ["--no-mdns"];
    let server = Rendezvous::as_it_is(stage.programs(), &data, "127.0.0.1:0", &options)?;
    for login in ["tan", "lin"] {
        stage.registered(login, &server)?.finish()?;
    }
    let mut lifts = stage.programs().command("rendezvous");
    let lifts = lifts.arg("--data").arg(&data);
    let lifted = lifts.args(["account", "role", "tan", "teacher"]).output()?;
    anyhow::ensure!(lifted.status.success(), "{lifted:?}");
    Ok(server)
}

/// Announces what is pasted to whom is chosen, large and to be confirmed.
fn announce(tan: &Desk<'_>, words: &str, to_lan: bool) -> anyhow::Result<()> {
    tan.click(home::ANNOUNCE)?;
    tan.paste(words)?;
    if to_lan {
        tan.click(class::TO_THIRD)?;
    }
    tan.click(class::CONFIRM)?;
    tan.click(class::LARGE)
}

/// The newest announcement of that text that somebody knows.
fn announced(told: &Value, words: &str) -> Option<Value> {
    let all = told["announcements"].as_array()?;
    all.iter().find(|one| one["text"] == words).cloned()
}

/// What a window shows, in front of all others.
fn shown_by(desk: &Desk<'_>) -> anyhow::Result<Vec<u8>> {
    desk.window().front()?;
    desk.window().rests()
}

/// It stands above everything, large, until it is confirmed; and the teacher sees that it is.
fn tell((tan, lin): (&Desk<'_>, &Desk<'_>), words: &str, to_lan: bool) -> anyhow::Result<()> {
    let name = if to_lan { "lan" } else { "everybody" };
    announce(tan, words, to_lan)?;
    tan.keep(&format!("announce-{name}-en"))?;
    let before = shown_by(lin)?;
    tan.click(class::ANNOUNCE)?;
    let told = lin.until(&["announcements"], |told| announced(told, words).is_some())?;
    let one = announced(&told, words).context("it was told")?;
    assert!(one["large"] == true && one["confirm"] == true, "{one}");
    assert_eq!(one["conversation"] == "g:lan", to_lan, "{one}");
    anyhow::ensure!(shown_by(lin)? != before, "the pupil sees nothing");
    lin.keep(&format!("announced-{name}-zh"))?;
    let before = shown_by(tan)?;
    lin.click(class::READ)?;
    let id = one["id"].as_str().context("its id")?;
    tan.until(&["proof", id], |proof| {
        proof["confirmed"][0]["login"] == "lin"
    })?;
    anyhow::ensure!(shown_by(tan)? != before, "the teacher sees nothing");
    tan.keep(&format!("proof-{name}-en"))?;
    tan.press(&["Escape"])?;
    tan.rests()
}

/// A code of eight letters brings the pupil into the class, where a hand is raised and taken down.
fn teach(tan: &Desk<'_>, lin: &Desk<'_>) -> anyhow::Result<()> {
    let made = tan.ask(&["group", "create", "算法课", "--class"])?;
    let with = format!("g:{}", made["group"]);
    tan.rests()?;
    tan.click(home::SECOND)?;
    tan.click(chat::MORE)?;
    tan.keep("class-card-en")?;
    tan.click(class::CODE)?;
    tan.click(class::MAKE_CODE)?;
    tan.keep("class-code-en")?;
    let code = tan.ask(&["group", "code", &with])?;
    let code = code["code"].as_str().context("a code")?;
    lin.click(home::ADD)?;
    lin.click(group::TAB_JOIN)?;
    lin.paste(code)?;
    lin.press(&["Return"])?;
    lin.until(&["group", "list"], |told| {
        told["groups"][1]["name"].is_string()
    })?;
    tan.press(&["Escape", "Escape"])?;
    lin.rests()?;
    lin.click(class::HAND)?;
    let is_up = |told: &Value| told["hands"][0]["login"] == "lin";
    tan.until(&["group", "hands", &with], is_up)?;
    lin.keep("class-hand-up-zh")?;
    tan.click(class::HANDS)?;
    tan.keep("class-hands-en")?;
    tan.click(class::DONE)?;
    tan.until(&["group", "hands", &with], |told| {
        told["hands"] == json!([])
    })?;
    tan.press(&["Escape", "Escape"])?;
    tan.rests()
}

/// The menu of a conversation in the list switches its notices off; the home keeps that.
fn mute(lin: &Desk<'_>) -> anyhow::Result<()> {
    let (x, y) = home::FIRST;
    lin.window().front()?;
    lin.window().first_of_menu(x, y)?;
    lin.display().until("conversation that is muted", || {
        let likes = std::fs::read_to_string(lin.home().join("desktop.toml"));
        let likes: toml::Table = likes.unwrap_or_default().parse()?;
        let muted = likes.get("muted").and_then(toml::Value::as_array);
        let is_muted = muted.is_some_and(|all| all.len() == 1);
        Ok(is_muted.then_some(()))
    })
}

/// What comes from the pupil while the mode is on changes nothing on the screen, and is there afterwards.
fn present(tan: &Desk<'_>, lin: &Desk<'_>) -> anyhow::Result<()> {
    tan.see(|| tan.press(&["ctrl+shift+p"]))?;
    tan.keep("presenting-en")?;
    let before = tan.window().rests()?;
    lin.ask(&["send", "tan", SECRET])?;
    let has_come = |told: &Value| told["messages"][0]["text"] == SECRET;
    tan.until(&["history", "lin"], has_come)?;
    tan.until(&["unread"], |told| told["conversations"][0]["unread"] == 1)?;
    // The caret comes and goes.
    tan.display().until("screen as it was before", || {
        Ok((tan.window().look()? == before).then_some(()))
    })?;
    tan.titled("Hutong")?;
    tan.click(home::FRIENDS_BELOW)?;
    tan.keep("presenting-asks-en")?;
    tan.press(&["Escape"])?;
    tan.see(|| tan.press(&["ctrl+shift+p"]))?;
    tan.titled("(1) Hutong")?;
    tan.keep("presented-en")
}

#[test]
fn a_teacher_announces_teaches_and_presents_at_real_windows() -> anyhow::Result<()> {
    let Some(stage) = stage(false)? else {
        return Ok(());
    };
    let mut server = come_together(&stage)?;
    let display = Display::new()?;
    let open = |name: &str, lang| Desk::open(&display, stage.programs(), &stage.path(name), lang);
    let (tan, lin) = (open("tan", "en")?, open("lin", "zh")?);
    tan.until(&["whoami"], |me| me["role"] == "teacher")?;
    for desk in [&tan, &lin] {
        desk.until(&["group", "list"], |told| told["groups"][0]["members"] == 2)?;
        desk.rests()?;
    }
    tell((&tan, &lin), WORDS, false)?;
    teach(&tan, &lin)?;
    mute(&lin)?;
    present(&tan, &lin)?;
    server.kill()?;
    tell((&tan, &lin), FIRE, true)?;
    tan.close()?;
    lin.close()
}
