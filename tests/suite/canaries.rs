//! A whole story of two people, logged by their programs and the rendezvous as finely as can be, and then searched:
//! nothing secret is in a log, and whose story it was shows only to somebody who asked for details.

use anyhow::Context;
use data_encoding::{BASE64_NOPAD, HEXLOWER};
use hutong_common::md5::md5_hex;
use hutong_tests::driver::{Agent, Stage};
use serde_json::json;
use std::fs;

const GREETING: &str = "canary greeting 同桌你好";
const SIGNATURE: &str = "canary signature 签名";
const TEXT: &str = "canary words 直接说";
const MAILED: &str = "canary mailed words 留言";
const CONTENT: &str = "canary content of a file 文件内容";
const FILE: &str = "canaryfile.txt";
const LOGINS: [&str; 2] = ["alicecanary", "bobcanary"];

fn agent(stage: &Stage, login: &str, invite: &str) -> anyhow::Result<Agent> {
    let options = ["--no-mdns", "-vvv"];
    let mut agent = Agent::start(stage.programs(), &stage.path(login), &options)?;
    agent.done(json!({
        "do": "register", "login": login, "password": Stage::password(), "server": invite,
    }))?;
    Ok(agent)
}

/// Meeting, talking, a file, mail, a lock by the admin, and several things that are refused.
fn live(stage: &Stage) -> anyhow::Result<()> {
    let server = stage.rendezvous_with(&["-vv"])?;
    let invite = server.invite()?;
    let (mut alice, mut bob) = (
        agent(stage, LOGINS[0], invite)?,
        agent(stage, LOGINS[1], invite)?,
    );
    alice.done(json!({"do": "profile", "signature": SIGNATURE}))?;
    let asked = alice.done(json!({"do": "add", "login": LOGINS[1], "greeting": GREETING}))?;
    bob.event("request", |event| event["request"] == asked["request"])?;
    bob.done(json!({"do": "accept", "request": asked["request"]}))?;
    Stage::await_direct(&mut alice, &mut bob)?;
    let sent = alice.done(json!({"do": "send", "to": LOGINS[1], "text": TEXT}))?;
    bob.event("message", |event| event["id"] == sent["message"])?;
    let path = stage.path(FILE);
    fs::write(&path, CONTENT)?;
    let sent = alice.done(json!({"do": "send_file", "to": LOGINS[1], "path": path}))?;
    bob.event("file", |event| event["file"] == sent["file"])?;
    let to = stage.path("got");
    bob.done(json!({"do": "accept_file", "file": sent["file"], "to": to}))?;
    let verified = |event: &serde_json::Value| event["state"] == "verified";
    bob.event("file", verified)?;
    alice.refused(json!({"do": "send", "to": "nobody", "text": TEXT}))?;
    bob.finish()?;
    let left = alice.done(json!({"do": "send", "to": LOGINS[1], "text": MAILED}))?;
    let is_left = |event: &serde_json::Value| {
        event["message"] == left["message"] && event["state"] == "left_at_server"
    };
    alice.event("delivery", is_left)?;
    let admin = |words: &[&str]| -> anyhow::Result<()> {
        let mut command = stage.programs().command("rendezvous");
        let done = command
            .args(words)
            .arg("--data")
            .arg(server.data())
            .output()?;
        anyhow::ensure!(done.status.success(), "{done:?}");
        Ok(())
    };
    admin(&["account", "lock", LOGINS[0]])?;
    alice.event("warning", |event| event["code"] == "account_locked")?;
    admin(&["account", "unlock", LOGINS[0]])?;
    alice.event("server", |event| event["state"] == "online")?;
    alice.finish()?;
    Ok(())
}

/// The ways in which bytes get into a log.
fn disguises(secret: &[u8]) -> Vec<String> {
    let list = format!("{secret:?}");
    let mut all = vec![
        HEXLOWER.encode(secret),
        BASE64_NOPAD.encode(secret),
        list.trim_matches(['[', ']']).to_owned(),
    ];
    all.extend(String::from_utf8(secret.to_vec()).ok());
    all.into_iter().map(|form| form.to_lowercase()).collect()
}

#[test]
fn no_log_of_any_program_holds_a_secret_or_names_anybody_above_debug() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    live(&stage)?;
    let mut secrets: Vec<Vec<u8>> = [
        Stage::password(),
        GREETING,
        SIGNATURE,
        TEXT,
        MAILED,
        CONTENT,
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    secrets.push(md5_hex(Stage::password().as_bytes()).into_bytes());
    for key in ["server.key", "opaque.key"] {
        secrets.push(fs::read(stage.path("rendezvous").join(key))?);
    }
    for name in [LOGINS[0], LOGINS[1], "rendezvous"] {
        let log = fs::read_to_string(stage.path(name).with_extension("log"))?;
        let log = log.to_lowercase();
        // The rendezvous may have nothing fine to say; its own test has it say more.
        let finest = if name == "rendezvous" {
            "fingerprint"
        } else {
            "trace"
        };
        anyhow::ensure!(log.contains(finest), "{name} does not log finely");
        for form in secrets.iter().flat_map(|secret| disguises(secret)) {
            anyhow::ensure!(!log.contains(&form), "{form} in the log of {name}");
        }
        let coarse = |line: &&str| !line.contains("trace") && !line.contains("debug");
        for line in log.lines().filter(coarse) {
            let told = LOGINS.iter().find(|login| line.contains(**login));
            // A path of this run holds the names of its homes.
            let told =
                told.filter(|_| !line.contains(&*stage.folder().to_string_lossy().to_lowercase()));
            anyhow::ensure!(told.is_none(), "{name}: {line}");
        }
    }
    fs::metadata(stage.path("got").join(FILE)).context("the story went to its end")?;
    Ok(())
}
