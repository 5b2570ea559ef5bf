//! How the class comes together: everybody registers, makes friends, talks, and sends files.

use super::{Place, painted, past};
use crate::content;
use crate::driver::{Agent, Rendezvous, Stage};
use anyhow::Context;
use hutong_fixtures::classroom::{ASKING, GONE, LIVELY, ME, Pupil, TALKS, UNREAD};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Talks that each friend had with the one whose window it is.
const TALKS_EACH: usize = 10;
const AVATAR: (u32, u32) = (256, 256);
const PICTURE: (u32, u32) = (960, 640);

/// A file from a friend: whose, its name, its bytes, and what becomes of it.
const FILES: [(&str, &str, u64, &str); 4] = [
    ("lin", "第三章 讲义.pdf", 380_000, "accept_file"),
    ("zhanglei", "排序演示.zip", 2_400_000, "decline_file"),
    ("dashan", "球赛录像.mp4", 38_000_000, "leave"),
    ("emma", "Group slides.pptx", 5_600_000, "leave"),
];

/// Registers all of them and lets them talk; who is there stays.
pub(super) fn furnish(place: &Place) -> anyhow::Result<(Rendezvous, Vec<Agent>)> {
    let server = place.rendezvous("127.0.0.1:0")?;
    let files = place.folder.join("files");
    std::fs::create_dir_all(&files)?;
    let mut me = enter(place, &server, (&ME, 0))?;
    let mut lively = Vec::new();
    for (number, pupil) in (1..).zip(LIVELY.iter().chain(&GONE)) {
        let mut friend = enter(place, &server, (pupil, number))?;
        befriend(&mut friend, &mut me)?;
        talk(&mut friend, &mut me, usize::from(number))?;
        if lively.len() < LIVELY.len() {
            lively.push(friend);
        } else {
            give(&files, &mut friend, &mut me)?;
            friend.finish()?;
        }
    }
    for friend in &mut lively {
        give(&files, friend, &mut me)?;
    }
    show_pictures(&files, &mut lively, &mut me)?;
    for (number, (pupil, words)) in (20..).zip(ASKING) {
        let mut stranger = enter(place, &server, (&pupil, number))?;
        let asked = stranger.done(json!({"do": "add", "login": ME.login, "greeting": words}))?;
        me.event("request", |event| event["request"] == asked["request"])?;
        stranger.finish()?;
    }
    let chats = me.done(json!({"do": "chats"}))?;
    for chat in chats["chats"].as_array().into_iter().flatten() {
        me.done(json!({"do": "read", "with": chat["with"]}))?;
    }
    me.finish()?;
    past::spread(&place.home(ME.login), 0)?;
    leave_unread(place, &mut lively)?;
    Ok((server, lively))
}

/// What is new when the window opens: it comes while nobody looks.
fn leave_unread(place: &Place, lively: &mut [Agent]) -> anyhow::Result<()> {
    let mut me = place.agent(ME.login)?;
    for (login, words) in UNREAD {
        let friend = lively.iter_mut().find(|friend| friend.name() == login);
        let friend = friend.with_context(|| format!("{login} is there"))?;
        let sent = friend.done(json!({"do": "send", "to": ME.login, "text": words}))?;
        me.event("message", |event| event["id"] == sent["message"])?;
    }
    me.finish()?;
    Ok(())
}

fn enter(
    place: &Place,
    server: &Rendezvous,
    (pupil, number): (&Pupil, u8),
) -> anyhow::Result<Agent> {
    let mut agent = place.agent(pupil.login)?;
    let avatar = place.folder.join(format!("{}.png", pupil.login));
    painted::paint(&avatar, number, AVATAR)?;
    agent.done(json!({
        "do": "register", "login": pupil.login, "name": pupil.name, "avatar": avatar,
        "password": Stage::password(), "server": server.invite()?,
    }))?;
    agent.done(json!({"do": "profile", "signature": pupil.line}))?;
    Ok(agent)
}

fn befriend(one: &mut Agent, other: &mut Agent) -> anyhow::Result<()> {
    let asked = one.done(json!({"do": "add", "login": other.name()}))?;
    let request = other.event("request", |event| event["request"] == asked["request"])?;
    other.done(json!({"do": "accept", "request": request["request"]}))?;
    let names = [one.name().to_owned(), other.name().to_owned()];
    for (agent, name) in [other, one].into_iter().zip(names) {
        let who = json!({"do": "who", "login": name});
        agent.until(&who, |reply| reply["people"][0]["path"] == "direct")?;
    }
    Ok(())
}

/// Some of the talks, others for everybody; the newest last.
fn talk(friend: &mut Agent, me: &mut Agent, number: usize) -> anyhow::Result<()> {
    let talks = TALKS.iter().cycle().skip(number * 7).step_by(5);
    for words in talks.take(TALKS_EACH) {
        for (turn, text) in words.iter().enumerate() {
            let (from, to) = if turn % 2 == 0 {
                (&mut *friend, &mut *me)
            } else {
                (&mut *me, &mut *friend)
            };
            let sent = from.done(json!({"do": "send", "to": to.name(), "text": text}))?;
            to.event("message", |event| event["id"] == sent["message"])?;
        }
    }
    Ok(())
}

/// The files of this friend, each with its fate.
fn give(folder: &Path, friend: &mut Agent, me: &mut Agent) -> anyhow::Result<()> {
    let login = friend.name().to_owned();
    for (_, name, bytes, fate) in FILES.iter().filter(|file| file.0 == login) {
        let path = folder.join(name);
        content::make(&path, *bytes)?;
        let sent = offer(&path, friend, me)?;
        if *fate == "leave" {
            continue;
        }
        me.done(json!({"do": fate, "file": sent["file"]}))?;
        let is_over = |event: &Value| {
            event["file"] == sent["file"]
                && (event["state"] == "verified" || event["state"] == "declined")
        };
        me.event("file", is_over)?;
    }
    Ok(())
}

fn offer(path: &Path, from: &mut Agent, to: &mut Agent) -> anyhow::Result<Value> {
    let sent = from.done(json!({"do": "send_file", "to": to.name(), "path": path}))?;
    let is_offered = |event: &Value| event["file"] == sent["file"] && event["state"] == "offered";
    to.event("file", is_offered)?;
    Ok(sent)
}

/// One picture comes, another one goes.
fn show_pictures(folder: &Path, lively: &mut [Agent], me: &mut Agent) -> anyhow::Result<()> {
    let names: [(u8, PathBuf); 2] = [
        (0, folder.join("操场的晚霞.png")),
        (1, folder.join("morning.png")),
    ];
    let dashan = lively.iter_mut().find(|friend| friend.name() == "dashan");
    let dashan = dashan.context("he is there")?;
    for (number, path) in names {
        painted::paint(&path, number, PICTURE)?;
        let (from, to) = if number == 0 {
            (&mut *dashan, &mut *me)
        } else {
            (&mut *me, &mut *dashan)
        };
        let sent = offer(&path, from, to)?;
        to.done(json!({"do": "accept_file", "file": sent["file"]}))?;
        to.event("file", |event| {
            event["file"] == sent["file"] && event["state"] == "verified"
        })?;
    }
    for (from, text) in [
        (true, "刚才在操场拍的，好看吧？"),
        (false, "太美了！我早上也拍了一张。"),
    ] {
        let (from, to) = if from {
            (&mut *dashan, &mut *me)
        } else {
            (&mut *me, &mut *dashan)
        };
        let sent = from.done(json!({"do": "send", "to": to.name(), "text": text}))?;
        to.event("message", |event| event["id"] == sent["message"])?;
    }
    Ok(())
}
