//! The group of the story: made, joined in both ways, talked in, led by its owner, and what waits counted.

use super::teller::{Teller, shown};
use super::{DASHAN, XIAOYU, reached, register};
use crate::classroom::painted;
use crate::content;
use crate::driver::{Agent, Rendezvous, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;

const CHENYUE: (&str, &str) = ("chenyue", "陈悦");
const NAME: &str = "春游小组";
const NEW_NAME: &str = "春游小组 · 周六出发";
const KIB: u64 = 1 << 10;

/// The three of it, and its number.
struct Circle<'a> {
    teller: &'a Teller,
    owner: &'a mut Agent,
    friend: &'a mut Agent,
    third: Agent,
    number: u64,
}

/// Tells all of it. Who comes in last is there for this chapter only.
pub(super) fn tell(
    teller: &Teller,
    (stage, at): (&Stage, &Rendezvous),
    (owner, friend): (&mut Agent, &mut Agent),
) -> anyhow::Result<()> {
    teller.chapter("A group, and who leads it", "建群，管群");
    let third = register(teller, stage, at, CHENYUE)?;
    let mut circle = Circle {
        teller,
        owner,
        friend,
        third,
        number: 0,
    };
    circle.gather()?;
    circle.talk()?;
    circle.hand_out(stage)?;
    circle.lead()
}

impl Circle<'_> {
    fn with(&self) -> String {
        format!("g:{}", self.number)
    }

    /// One is invited and accepts, one asks to come in and is let in.
    fn gather(&mut self) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        let made = self.owner.done(json!({
            "do": "group_create", "name": NAME, "members": [self.friend.name()],
        }))?;
        self.number = made["group"].as_u64().context("its number")?;
        let group = self.number;
        let asked = |event: &Value| event["group"] == group;
        accept(self.friend, asked)?;
        self.friend
            .event("group", |event| came(event, group, "entered"))?;
        let invited = self.teller.pick("invited, accepted", "受邀加入");
        self.teller.step(
            &format!("{NAME} ({group}) + {}", DASHAN.1),
            &format!("{invited} · {}", shown(watch.elapsed())),
        );
        let watch = Stopwatch::start();
        self.third
            .done(json!({"do": "group_apply", "group": group, "greeting": "加我一个"}))?;
        accept(self.owner, asked)?;
        self.third
            .event("group", |event| came(event, group, "entered"))?;
        let applied = self.teller.pick("asked, was let in", "申请加入，群主同意");
        self.teller.step(
            &format!("{NAME} ({group}) + {}", CHENYUE.1),
            &format!("{applied} · {}", shown(watch.elapsed())),
        );
        for agent in [&mut *self.owner, &mut *self.friend, &mut self.third] {
            let show = json!({"do": "group_show", "group": group});
            agent.until(&show, |reply| {
                reply["members"]
                    .as_array()
                    .is_some_and(|all| all.len() == 3)
            })?;
        }
        Ok(())
    }

    /// Everybody hears it once; who is named is told so; the writer sees who has read it.
    fn talk(&mut self) -> anyhow::Result<()> {
        let with = self.with();
        let text = format!("@{} 周六八点，校门口见 🚌", self.friend.name());
        let watch = Stopwatch::start();
        let sent = self
            .owner
            .done(json!({"do": "send", "to": with, "text": text}))?;
        let is_it = |event: &Value| event["id"] == sent["message"];
        let named = self.friend.event("message", is_it)?;
        let heard = self.third.event("message", is_it)?;
        ensure!(named["text"] == *text && heard["text"] == *text, "{named}");
        ensure!(named["mentions_me"] == true, "it names him: {named}");
        ensure!(heard["mentions_me"] == false, "it names him alone: {heard}");
        let took = shown(watch.elapsed());
        let all = self.teller.pick("2 of 2 have it", "2/2 人收到");
        self.teller.step(
            &format!("{} → {NAME}  {text}", self.owner.name()),
            &format!("{all} · {took}"),
        );
        self.count()?;
        self.read(&sent)
    }

    /// What waits for the one who was named.
    fn count(&mut self) -> anyhow::Result<()> {
        let with = self.with();
        let unread = self.friend.done(json!({"do": "unread"}))?;
        let rows = unread["conversations"].as_array().context("counts")?;
        let row = rows.iter().find(|row| row["conversation"] == *with);
        let row = row.context("the group is among them")?;
        ensure!(row["unread"] == 1 && row["mentions"] == 1, "{unread}");
        let told = self
            .teller
            .pick("1 unread, which names him", "1 条未读，有人提到他");
        self.teller.step(&format!("{} · {NAME}", DASHAN.1), told);
        Ok(())
    }

    fn read(&mut self, sent: &Value) -> anyhow::Result<()> {
        let with = self.with();
        let watch = Stopwatch::start();
        for agent in [&mut *self.friend, &mut self.third] {
            agent.done(json!({"do": "read", "with": with}))?;
            let reader = agent.name().to_owned();
            let is_read = reached(sent, "shown");
            self.owner
                .event("delivery", |event| event["to"] == *reader && is_read(event))?;
        }
        let all = self.teller.pick("read by 2 of 2", "已读 2/2");
        self.teller.step(
            &format!("{} · {NAME}", XIAOYU.1),
            &format!("{all} · {}", shown(watch.elapsed())),
        );
        Ok(())
    }

    /// A picture and a file: each of the others fetches them.
    fn hand_out(&mut self, stage: &Stage) -> anyhow::Result<()> {
        let (picture, file) = (stage.path("山顶.png"), stage.path("路线图.pdf"));
        painted::paint(&picture, 1, (640, 400))?;
        content::make(&file, 512 * KIB)?;
        for path in [&picture, &file] {
            let watch = Stopwatch::start();
            self.offer(stage, path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let same = self
                .teller
                .pick("2 of 2 have it, BLAKE3 match", "2/2 人收到，BLAKE3 一致");
            self.teller.step(
                &format!("{name} → {NAME}"),
                &format!("{same} · {}", shown(watch.elapsed())),
            );
        }
        Ok(())
    }

    fn offer(&mut self, stage: &Stage, path: &Path) -> anyhow::Result<()> {
        let hash = content::hash_of(path)?;
        let sent = self
            .owner
            .done(json!({"do": "send_file", "to": self.with(), "path": path}))?;
        let file = &sent["file"];
        for agent in [&mut *self.friend, &mut self.third] {
            agent.event("file", |event| {
                event["file"] == *file && event["state"] == "offered"
            })?;
            let folder = stage.path(&format!("for-{}", agent.name()));
            agent.done(json!({"do": "accept_file", "file": file, "to": folder}))?;
            let over = agent.event("file", |event| {
                event["file"] == *file
                    && (event["state"] == "verified" || event["state"] == "failed")
            })?;
            let saved = over["saved_as"]
                .as_str()
                .with_context(|| format!("{over}"))?;
            ensure!(
                content::hash_of(Path::new(saved))? == hash,
                "the bytes differ"
            );
        }
        Ok(())
    }

    /// Another name, one who may not speak, one who is out.
    fn lead(&mut self) -> anyhow::Result<()> {
        let (group, with) = (self.number, self.with());
        let third = CHENYUE.0;
        let rename = json!({"do": "group_rename", "group": group, "name": NEW_NAME});
        self.change(rename, "renamed")?;
        let renamed = self.teller.pick("renamed by its owner", "群主改名");
        self.teller.step(&format!("{NAME} → {NEW_NAME}"), renamed);
        let mute = json!({"do": "group_mute", "group": group, "login": third, "minutes": 10});
        self.change(mute, "muted")?;
        let quiet = self.refused(&with)?;
        let muted = self.teller.pick(
            "muted by its owner, and refused to speak",
            "被禁言，发言被拒绝",
        );
        ensure!(quiet == "muted", "{quiet}");
        self.teller.step(CHENYUE.1, muted);
        let kick = json!({"do": "group_kick", "group": group, "login": third});
        self.change(kick, "left")?;
        let out = self.refused(&with)?;
        ensure!(out == "not_member", "{out}");
        let gone = self
            .teller
            .pick("removed, and hears no more", "被移出群，不再收到消息");
        self.teller.step(CHENYUE.1, gone);
        Ok(())
    }

    /// The owner changes something, and the third is told of it.
    fn change(&mut self, edit: Value, what: &str) -> anyhow::Result<()> {
        let group = self.number;
        self.owner.done(edit)?;
        self.third
            .event("group", |event| came(event, group, what))?;
        Ok(())
    }

    /// Why the third may not speak.
    fn refused(&mut self, with: &str) -> anyhow::Result<String> {
        let error = self
            .third
            .refused(json!({"do": "send", "to": with, "text": "我呢？"}))?;
        Ok(error["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// Says yes to the request that fits.
fn accept(agent: &mut Agent, fits: impl Fn(&Value) -> bool) -> anyhow::Result<()> {
    let request = agent.event("request", fits)?;
    agent.done(json!({"do": "accept", "request": request["request"]}))?;
    Ok(())
}

/// Whether this event tells that of the group.
fn came(event: &Value, group: u64, what: &str) -> bool {
    let changes = event["changes"].as_array();
    event["group"] == group
        && changes.is_some_and(|all| all.iter().any(|change| change["what"] == what))
}
