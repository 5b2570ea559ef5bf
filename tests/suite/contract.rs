//! What `hutong agent` promises to programs about accounts and friends: fields, and one code per refusal.
//!
//! The same promises are held a second time by `fixtures/blackbox.py`, which knows the contract and no line of ours.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use hutong_tests::driver::{Agent, Programs, Stage};
use serde_json::{Value, json};

fn register(login: &str, password: &str, server: &str) -> Value {
    json!({"do": "register", "login": login, "password": password, "server": server})
}

#[test]
fn registering_tells_who_one_is() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let mut alice = stage.agent("alice")?;
    assert_eq!(alice.ready()["account"], Value::Null);
    assert_eq!(alice.ready()["login"], Value::Null);
    let mut request = register(" ALICE ", Stage::password(), server.invite()?);
    request["name"] = json!("爱丽丝");
    request["sex"] = json!("f");
    let signed_in = alice.done(request)?;
    assert_eq!(signed_in["login"], "alice");
    assert!(signed_in["account"].as_u64() >= Some(10_001), "{signed_in}");
    assert_eq!(signed_in["device"].as_str().map(str::len), Some(32));
    let ready = alice.event("ready", |ready| ready["login"] == "alice")?;
    assert_eq!(ready["account"], signed_in["account"]);
    let whoami = alice.done(json!({"do": "whoami"}))?;
    assert_eq!(whoami["name"], "爱丽丝");
    assert_eq!(whoami["sex"], "f");
    assert_eq!(whoami["server_id"], server.told("server_id")?);
    Ok(())
}

/// What `request` is refused with.
fn code(agent: &mut Agent, request: Value) -> anyhow::Result<String> {
    let error = agent.refused(request)?;
    let text = error["text"].as_str().context("a refusal says why")?;
    assert!(!text.is_empty(), "{error}");
    let code = error["code"].as_str().context("a refusal has a code")?;
    Ok(code.to_owned())
}

#[test]
fn every_refusal_on_the_way_in_has_its_code() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let invite = server.invite()?;
    let mut alice = stage.registered("alice", &server)?;
    let again = register("alice2", Stage::password(), invite);
    assert_eq!(code(&mut alice, again)?, "already_signed_in");
    let mut bob = stage.agent("bob")?;
    let password = Stage::password();
    for (request, expected) in [
        (
            register("bob", password, server.control()?),
            "server_not_trusted",
        ),
        (
            json!({"do": "send", "to": "alice", "text": "hi"}),
            "not_signed_in",
        ),
        (register("alice", password, invite), "name_taken"),
        (register("a b", password, invite), "name_invalid"),
        (register("bob", "short", invite), "password_too_weak"),
        (register("bob", "password", invite), "password_too_weak"),
        (
            json!({"do": "login", "login": "alice", "password": "wrong password 7", "server": invite}),
            "wrong_login_or_password",
        ),
        (
            json!({"do": "login", "login": "nobody", "password": "wrong password 7", "server": invite}),
            "wrong_login_or_password",
        ),
    ] {
        let asked = format!("{} {}", request["do"], request["login"]);
        assert_eq!(code(&mut bob, request)?, expected, "{asked}");
    }
    let rule = bob.refused(register("a b", password, invite))?;
    assert_eq!(rule["rule"], "forbidden_character", "{rule}");
    let rule = bob.refused(register("bob", "short", invite))?;
    assert_eq!(rule["rule"], "too_short", "{rule}");
    Ok(())
}

#[test]
fn whom_one_does_not_know_is_not_found() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let mut alice = stage.registered("alice", &server)?;
    for request in [
        json!({"do": "find", "login": "nobody"}),
        json!({"do": "add", "login": "nobody"}),
        json!({"do": "send", "to": "nobody", "text": "hi"}),
    ] {
        assert_eq!(code(&mut alice, request.clone())?, "not_found", "{request}");
    }
    Ok(())
}

#[test]
fn a_line_that_is_no_request_is_answered_and_harms_nothing() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut agent = stage.agent("alice")?;
    for (line, expected) in [
        (json!({"do": "dance"}), "unknown_verb"),
        (json!({"do": "send", "to": "bob"}), "missing_argument"),
        (json!({"do": "login", "login": "bob"}), "missing_argument"),
    ] {
        assert_eq!(code(&mut agent, line.clone())?, expected, "{line}");
    }
    agent.say_raw("{ this is no JSON")?;
    let error = agent.unasked()?;
    assert_eq!(error["re"], Value::Null);
    assert_eq!(error["error"]["code"], "malformed");
    assert_eq!(code(&mut agent, json!({"do": "friends"}))?, "not_signed_in");
    assert!(agent.finish()?.success());
    Ok(())
}

#[test]
fn a_friendship_is_asked_for_answered_and_ended() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let mut alice = stage.registered("alice", &server)?;
    let mut bob = stage.registered("bob", &server)?;
    let found = alice.done(json!({"do": "find", "login": "bob"}))?;
    assert_eq!(found["relation"], "none");
    assert_eq!(found["can_add"], true);
    let asked = alice.done(json!({"do": "add", "login": "bob", "greeting": "同桌 👋"}))?;
    let event = bob.event("request", |event| event["request"] == asked["request"])?;
    assert_eq!(event["kind"], "friend");
    assert_eq!(event["from"], "alice");
    assert_eq!(event["text"], "同桌 👋");
    let can_add = alice.done(json!({"do": "can_add", "login": "bob"}))?;
    assert_eq!(can_add["can_add"], false, "{can_add}");
    for (agent, direction) in [(&mut alice, "out"), (&mut bob, "in")] {
        let requests = agent.done(json!({"do": "requests"}))?;
        let row = &requests["requests"][0];
        assert_eq!(row["direction"], direction, "{row}");
        assert_eq!(row["from"], "alice", "{row}");
        assert_eq!(row["to"], "bob", "{row}");
        assert!(row["name"].is_string(), "{row}");
    }
    bob.done(json!({"do": "accept", "from": "alice"}))?;
    for (agent, friend) in [(&mut alice, "bob"), (&mut bob, "alice")] {
        let are_friends = |reply: &Value| reply["friends"][0]["login"] == friend;
        agent.until(&json!({"do": "friends"}), are_friends)?;
    }
    alice.done(json!({"do": "remove", "login": "bob"}))?;
    alice.done(json!({"do": "block", "login": "bob"}))?;
    let blocked = alice.done(json!({"do": "blocked"}))?;
    assert_eq!(blocked["blocked"][0]["login"], "bob", "{blocked}");
    bob.until(&json!({"do": "friends"}), |reply| {
        reply["friends"].as_array().is_some_and(Vec::is_empty)
    })?;
    Ok(())
}

#[test]
fn a_computer_is_removed_and_another_reads_on_after_the_password() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let login = json!({
        "do": "login", "login": "alice", "password": Stage::password(), "server": server.invite()?,
    });
    let (mut office, mut lost) = (stage.agent("office")?, stage.agent("lost")?);
    office.done(login.clone())?;
    let stolen = lost.done(login)?["device"].clone();
    let listed = alice.done(json!({"do": "devices"}))?;
    let devices = listed["devices"].as_array().context("a list")?;
    let is_here = |row: &&Value| row["this"] == true && row["kind"] == "own";
    assert_eq!(
        (devices.len(), devices.iter().filter(is_here).count()),
        (3, 1)
    );
    let remove = json!({"do": "devices", "remove": stolen});
    assert_eq!(code(&mut alice, remove.clone())?, "missing_argument");
    let with = |password: &str| {
        let mut remove = remove.clone();
        remove["password"] = json!(password);
        remove
    };
    let wrong = code(&mut alice, with("wrong password 7"))?;
    assert_eq!(wrong, "wrong_login_or_password");
    alice.done(with(Stage::password()))?;
    lost.event("warning", |event| event["code"] == "signed_out")?;
    let warned = office.event("warning", |event| event["code"] == "mail_locked")?;
    assert!(warned["since_ms"].as_u64().is_some(), "{warned}");
    // Both computers away: what bob writes now waits, sealed to the new key.
    alice.kill()?;
    office.kill()?;
    let sent = bob.done(json!({"do": "send", "to": "alice", "text": "sealed anew"}))?;
    bob.event("delivery", |event| {
        event["message"] == sent["message"] && event["state"] == "left_at_server"
    })?;
    office.restart()?;
    office.event("caught_up", |_| true)?;
    let mut unlock = stage.programs().command("hutong");
    let mut unlock = unlock
        .arg("--home")
        .arg(stage.path("office"))
        .args(["unlock", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let typed = format!("{}\n", Stage::password());
    let stdin = unlock.stdin.take().context("a pipe was asked for")?;
    { stdin }.write_all(typed.as_bytes())?;
    let output = unlock.wait_with_output()?;
    assert!(output.status.success(), "{output:?}");
    let read = office.event("message", |event| event["id"] == sent["message"])?;
    assert_eq!(
        (&read["text"], &read["path"]),
        (&json!("sealed anew"), &json!("mail"))
    );
    Ok(())
}

#[test]
fn two_people_see_one_safety_number_and_remember_that_they_compared_it() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let mine = alice.done(json!({"do": "safety", "with": "bob"}))?;
    let theirs = bob.done(json!({"do": "safety", "with": "alice"}))?;
    assert_eq!(mine["safety"], theirs["safety"]);
    assert_eq!(
        (&mine["verified"], &mine["key_changed"]),
        (&json!(false), &json!(false))
    );
    let verified = alice.done(json!({"do": "safety", "with": "bob", "verify": true}))?;
    assert_eq!(verified["verified"], true);
    let mut shown = stage.programs().command("hutong");
    let shown = shown.arg("--home").arg(stage.path("alice"));
    let output = shown.args(["--lang", "en", "safety", "bob"]).output()?;
    let said = String::from_utf8(output.stdout)?;
    let first_group = mine["safety"].as_str().and_then(|digits| digits.get(..5));
    assert!(said.contains(first_group.context("digits")?), "{said}");
    assert!(
        said.contains("You have compared this key of bob."),
        "{said}"
    );
    assert_eq!(
        code(&mut alice, json!({"do": "safety", "with": "carol"}))?,
        "not_found"
    );
    Ok(())
}

#[test]
fn whoever_listens_sees_what_a_command_beside_does_and_conversations_at_a_glance()
-> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    alice.event("contact", |event| {
        event["user"] == "bob" && event["change"] == "added"
    })?;
    alice.event("requests", |event| event["open"] == 0)?;
    let beside = |home: &str, words: &[&str]| -> anyhow::Result<String> {
        let mut command = stage.programs().command("hutong");
        command.arg("--home").arg(stage.path(home));
        let output = command.args(words).output()?;
        assert!(output.status.success(), "{words:?}: {output:?}");
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    };
    let id = beside("alice", &["send", "bob", "你好"])?;
    let own = alice.event("message", |event| event["id"] == id.as_str())?;
    assert_eq!(
        (&own["from"], &own["conversation"], &own["text"]),
        (&json!("alice"), &json!("bob"), &json!("你好"))
    );
    bob.event("message", |event| event["id"] == id.as_str())?;
    let reply = bob.done(json!({"do": "chats"}))?;
    let chat = &reply["chats"][0];
    for (field, value) in [
        ("with", json!("alice")),
        (
            "account",
            alice.done(json!({"do": "whoami"}))?["account"].clone(),
        ),
        ("remark", Value::Null),
        ("relation", json!("friend")),
        ("unread", json!(1)),
        ("mentions", json!(0)),
        ("draft", Value::Null),
    ] {
        assert_eq!(chat[field], value, "{chat}");
    }
    assert_eq!(chat["last"]["id"], id.as_str(), "{chat}");
    assert_eq!(chat["last"]["text"], "你好", "{chat}");
    assert!(chat["last_ms"].as_u64().is_some(), "{chat}");
    let shown = beside("bob", &["--lang", "zh", "chats"])?;
    assert!(
        shown.contains("1 条未读") && shown.contains("alice: 你好"),
        "{shown}"
    );
    beside("bob", &["read", "alice"])?;
    let read = bob.event("read", |event| event["conversation"] == "alice")?;
    assert_eq!(read["unread"], 0);
    Ok(())
}

#[test]
fn one_home_has_one_engine_at_a_time() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let _first = stage.agent("alice")?;
    let mut second = stage.programs().command("hutong");
    second.arg("--home").arg(stage.path("alice"));
    let output = second
        .args(["agent", "--no-mdns", "--plain-keys"])
        .output()?;
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty(), "it says why");
    Ok(())
}

#[test]
fn a_second_rendezvous_on_the_same_data_is_refused_with_one_sentence() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let first = stage.rendezvous()?;
    let output = first.second_on_the_same_data()?;
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "no ready line");
    let complaint = String::from_utf8(output.stderr)?;
    assert_eq!(complaint.trim().lines().count(), 1, "{complaint}");
    Ok(())
}

#[test]
fn a_program_that_knows_only_the_contract_gets_along() -> anyhow::Result<()> {
    let programs = Programs::built()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/blackbox.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(programs.folder())
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complaint}");
    Ok(())
}
