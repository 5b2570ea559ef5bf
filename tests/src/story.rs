//! The story that the demo tells: two people at a rendezvous, from registering to the last verified file, and a third for a group.
//!
//! Every figure is measured, and every step is an assertion: a step that does not hold ends the story with an error.

mod circle;
mod files;
mod teller;

use crate::classroom::{Windows, stay_open};
use crate::driver::{Agent, Rendezvous, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use teller::{Outcome, Teller, shown};

/// Login and display name of the two.
const XIAOYU: (&str, &str) = ("xiaoyu", "李小雨");
const DASHAN: (&str, &str) = ("dashan", "王大山");

/// Plays it on the built programs, and tells it on standard output. Whether every step held.
pub fn play() -> Outcome {
    let teller = Teller::new();
    let watch = Stopwatch::start();
    match tell(&teller) {
        Ok(()) => teller.end(watch.elapsed()),
        Err(error) => teller.failed(&error),
    }
}

fn tell(teller: &Teller) -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    teller.chapter("A rendezvous opens", "驿站开门");
    let watch = Stopwatch::start();
    let server = stage.rendezvous()?;
    teller.step(
        &format!("{} · {}", server.control()?, server.told("fingerprint")?),
        &shown(watch.elapsed()),
    );
    let (mut xiaoyu, mut dashan) = meet(teller, &stage, &server)?;
    chat(teller, &mut xiaoyu, &mut dashan)?;
    leave_mail(teller, &mut xiaoyu, &mut dashan)?;
    teller.chapter("Files, fetched and verified", "传文件，逐块校验");
    for file in files::ALL {
        files::send(teller, &stage, &file, (&mut xiaoyu, &mut dashan))?;
    }
    circle::tell(teller, (&stage, &server), (&mut xiaoyu, &mut dashan))?;
    show_windows(teller, &stage, [xiaoyu, dashan])
}

/// Where there is a display, the two go on in windows, until one of them is closed.
fn show_windows(teller: &Teller, stage: &Stage, people: [Agent; 2]) -> anyhow::Result<()> {
    let Some(windows) = Windows::possible(stage.programs()) else {
        return Ok(());
    };
    teller.chapter(
        "Both go on in windows; closing one ends everything",
        "两个人换到窗口里继续聊，关闭任一窗口即结束",
    );
    let mut homes = Vec::new();
    for mut agent in people {
        agent.finish()?;
        homes.push(agent.home().to_path_buf());
    }
    stay_open(&windows, &homes)
}

/// Both register and become friends; a direct link appears.
fn meet(teller: &Teller, stage: &Stage, at: &Rendezvous) -> anyhow::Result<(Agent, Agent)> {
    teller.chapter(
        "Two people register; no password leaves their computers",
        "两个人注册，密码不离开自己的电脑",
    );
    let mut xiaoyu = register(teller, stage, at, XIAOYU)?;
    let mut dashan = register(teller, stage, at, DASHAN)?;
    teller.chapter("They become friends", "加好友");
    let watch = Stopwatch::start();
    Stage::befriend(&mut xiaoyu, &mut dashan)?;
    teller.step(
        &format!("{} + {}", XIAOYU.1, DASHAN.1),
        &shown(watch.elapsed()),
    );
    Stage::await_direct(&mut xiaoyu, &mut dashan)?;
    let who = xiaoyu.done(json!({"do": "who"}))?;
    let person = &who["people"][0];
    let path = person["path"].as_str().context("a path")?;
    let trip = match person["rtt_us"].as_u64() {
        Some(micros) => shown(Duration::from_micros(micros)),
        None => "…".to_owned(),
    };
    let text = teller.pick("A link between the two", "两人之间的连接");
    teller.step(text, &format!("{path} · {trip}"));
    Ok((xiaoyu, dashan))
}

fn register(
    teller: &Teller,
    stage: &Stage,
    at: &Rendezvous,
    (login, name): (&str, &str),
) -> anyhow::Result<Agent> {
    let watch = Stopwatch::start();
    let mut agent = stage.agent(login)?;
    let signed_in = agent.done(json!({
        "do": "register", "login": login, "name": name, "password": Stage::password(),
        "server": at.invite()?,
    }))?;
    teller.step(
        &format!("{name} · {login} · {}", signed_in["account"]),
        &shown(watch.elapsed()),
    );
    Ok(agent)
}

fn chat(teller: &Teller, xiaoyu: &mut Agent, dashan: &mut Agent) -> anyhow::Result<()> {
    teller.chapter("They talk, computer to computer", "直接聊天，不经过驿站");
    say(teller, xiaoyu, dashan, "大山，作业写完了吗？")?;
    say(teller, dashan, xiaoyu, "写完了！😄 发给你看看？")?;
    say(teller, xiaoyu, dashan, "好呀 👩‍💻 谢谢 — شكرا — 𠮷")?;
    say(teller, dashan, xiaoyu, "我先下线吃饭，晚上再传 🍜")
}

/// One line, from the command to the receipt: it must go directly and arrive unchanged.
fn say(teller: &Teller, from: &mut Agent, to: &mut Agent, text: &str) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    let sent = from.done(json!({"do": "send", "to": to.name(), "text": text}))?;
    let message = to.event("message", |event| event["id"] == sent["message"])?;
    ensure!(message["text"] == text, "another text arrived: {message}");
    let delivery = from.event("delivery", reached(&sent, "delivered"))?;
    ensure!(delivery["path"] == "direct", "not directly: {delivery}");
    let took = shown(watch.elapsed());
    let state = teller.pick("delivered", "已送达");
    teller.step(
        &format!("{} → {}  {text}", from.name(), to.name()),
        &format!("direct · {state} · {took}"),
    );
    Ok(())
}

fn reached(sent: &Value, state: &'static str) -> impl Fn(&Value) -> bool {
    let message = sent["message"].clone();
    move |event| event["message"] == message && event["state"] == state
}

fn leave_mail(teller: &Teller, xiaoyu: &mut Agent, dashan: &mut Agent) -> anyhow::Result<()> {
    teller.chapter(
        "One is away: sealed mail waits, which the rendezvous cannot read",
        "一人离线：留言密封存放，驿站也看不懂",
    );
    dashan.kill()?;
    let text = "明天的课改到三楼，别走错了 📮";
    let watch = Stopwatch::start();
    let sent = xiaoyu.done(json!({"do": "send", "to": dashan.name(), "text": text}))?;
    xiaoyu.event("delivery", reached(&sent, "left_at_server"))?;
    let state = teller.pick("left at the rendezvous", "已存到驿站");
    teller.step(
        &format!("{} → {}  {text}", xiaoyu.name(), dashan.name()),
        &format!("{state} · {}", shown(watch.elapsed())),
    );
    let watch = Stopwatch::start();
    dashan.restart()?;
    let message = dashan.event("message", |event| event["id"] == sent["message"])?;
    ensure!(message["text"] == text, "another text arrived: {message}");
    xiaoyu.event("delivery", reached(&sent, "delivered"))?;
    let path = message["path"].as_str().context("a path")?;
    let state = teller.pick("delivered", "已送达");
    let back = teller.pick("is back, without a password", "回来了，不用再输密码");
    teller.step(
        &format!("{} {back}", DASHAN.1),
        &format!("{path} · {state} · {}", shown(watch.elapsed())),
    );
    Stage::await_direct(xiaoyu, dashan)
}
