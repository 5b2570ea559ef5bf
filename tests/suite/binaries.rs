//! The main job on the real programs, on loopback: words, mail, files, and kills at any moment.
//!
//! What can be shown in the deterministic world is shown there; here stands what only processes, sockets and disks can
//! break.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use hutong_fixtures::texts;
use hutong_tests::driver::{Agent, Rendezvous, Stage, Stopwatch};
use hutong_tests::kills::{Course, prove};
use serde_json::{Value, json};

fn send(to: &str, text: &str) -> Value {
    json!({"do": "send", "to": to, "text": text})
}

#[test]
fn any_text_arrives_unchanged_and_directly() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    for text in texts::ALL {
        let sent = alice.done(send("bob", text))?;
        let event = bob.event("message", |event| event["id"] == sent["message"])?;
        assert_eq!(event["text"], text);
        assert_eq!(event["path"], "direct", "{event}");
        assert_eq!(event["from"], "alice");
        let is_delivered =
            |event: &Value| event["message"] == sent["message"] && event["state"] == "delivered";
        let delivery = alice.event("delivery", is_delivered)?;
        assert_eq!(delivery["path"], "direct");
    }
    let answer = bob.done(send("alice", texts::CHINESE))?;
    alice.event("message", |event| event["id"] == answer["message"])?;
    Ok(())
}

#[test]
fn mail_waits_for_whoever_was_killed() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    bob.kill()?;
    let watch = Stopwatch::start();
    let sent = alice.done(send("bob", texts::FAMILY))?;
    let got = |state: &'static str| {
        let message = sent["message"].clone();
        move |event: &Value| event["message"] == message && event["state"] == state
    };
    alice.event("delivery", got("left_at_server"))?;
    let waited = watch.elapsed();
    assert!(waited < Duration::from_secs(10), "{waited:?}");
    bob.restart()?;
    let event = bob.event("message", |event| event["id"] == sent["message"])?;
    assert_eq!(event["text"], texts::FAMILY);
    alice.event("delivery", got("delivered"))?;
    Ok(())
}

/// Bytes in which no part repeats, the same on every run.
fn noise(seed: &str, bytes: usize) -> Vec<u8> {
    let mut noise = vec![0; bytes];
    let mut source = blake3::Hasher::new();
    source
        .update(seed.as_bytes())
        .finalize_xof()
        .fill(&mut noise);
    noise
}

#[test]
fn a_file_is_identical_and_under_its_name_before_it_is_called_verified() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let (path, target) = (stage.path(texts::FILE_NAME), stage.path("收到 的"));
    let content = noise("file", 48 << 20);
    fs::write(&path, &content)?;
    let sent = alice.done(json!({"do": "send_file", "to": "bob", "path": path}))?;
    let is_it = |event: &Value| event["file"] == sent["file"];
    let offer = bob.event("file", |event| is_it(event) && event["state"] == "offered")?;
    assert_eq!(offer["name"], texts::FILE_NAME);
    assert_eq!(offer["size"], content.len());
    let message = bob.event("message", |event| event["kind"] == "file")?;
    assert_eq!(message["file"], sent["file"]);
    bob.done(json!({"do": "accept_file", "file": sent["file"], "to": target}))?;
    let verified = bob.event("file", |event| is_it(event) && event["state"] == "verified")?;
    let saved = verified["saved_as"].as_str().context("it says where")?;
    assert_eq!(Path::new(saved), target.join(texts::FILE_NAME));
    assert!(fs::read(saved)? == content, "the bytes differ");
    assert_eq!(verified["path"], "direct");
    assert_eq!(fs::read_dir(&target)?.count(), 1, "no part is left");
    alice.event("file", |event| is_it(event) && event["state"] == "verified")?;
    Ok(())
}

/// Who is killed, in turn.
#[derive(Clone, Copy)]
enum Victim {
    Writer,
    Reader,
    Server,
}

/// What one person wrote: what was accepted, in order, and what nobody answered before the end.
#[derive(Default)]
struct Written {
    accepted: Vec<String>,
    uncertain: BTreeSet<String>,
}

const KILLS: usize = 12;
/// 204 messages in all.
const MESSAGES_PER_KILL: usize = 17;
/// So many of them are answered before somebody is killed; the others are under way.
const ANSWERED_BEFORE: usize = 5;

#[test]
fn a_conversation_survives_a_dozen_kills_exactly_once_and_in_order() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut server = stage.rendezvous()?;
    let (alice, bob) = stage.friends(("alice", "bob"), &server)?;
    let mut people = [(alice, Written::default()), (bob, Written::default())];
    for round in 0..KILLS {
        let [(writer, written), (reader, _)] = &mut people;
        let victim = [Victim::Writer, Victim::Reader, Victim::Server][round % 3];
        let mut asked = Vec::new();
        for number in 0..MESSAGES_PER_KILL {
            let text = format!("{round}.{number} {}", texts::RARE_LETTERS);
            asked.push((writer.tell(send(reader.name(), &text))?, text));
        }
        let later = asked.split_off(ANSWERED_BEFORE);
        written.take_answered(writer, asked)?;
        match victim {
            Victim::Writer => {
                written
                    .uncertain
                    .extend(later.into_iter().map(|(_, text)| text));
                writer.restart()?;
            }
            Victim::Reader => {
                reader.restart()?;
                written.take_answered(writer, later)?;
            }
            Victim::Server => {
                server.restart()?;
                written.take_answered(writer, later)?;
            }
        }
        people.rotate_left(1);
    }
    let [(alice, alices), (bob, bobs)] = &mut people;
    let at_alice = settled(alice, bob.name(), bobs)?;
    let at_bob = settled(bob, alice.name(), alices)?;
    for rows in [&at_alice, &at_bob] {
        alices.check(rows, "alice")?;
        bobs.check(rows, "bob")?;
    }
    let both = [alices, bobs];
    let certain = |rows: &[Value]| -> Vec<String> {
        let texts = rows.iter().filter_map(|row| row["text"].as_str());
        let is_certain = |text: &&str| !both.iter().any(|said| said.uncertain.contains(*text));
        texts.filter(is_certain).map(str::to_owned).collect()
    };
    assert_eq!(certain(&at_alice), certain(&at_bob), "both see one order");
    Ok(())
}

impl Written {
    /// Waits for the answers; each must be yes.
    fn take_answered(&mut self, by: &mut Agent, asked: Vec<(u64, String)>) -> anyhow::Result<()> {
        for (number, text) in asked {
            let reply = by.reply(number)?;
            ensure!(reply["ok"] == true, "{text}: {reply}");
            self.accepted.push(text);
        }
        Ok(())
    }

    /// Exactly what was accepted, once and in order, and beyond that only what was uncertain, once.
    fn check(&self, rows: &[Value], writer: &str) -> anyhow::Result<()> {
        let (mut certain, mut doubtful) = (Vec::new(), BTreeSet::new());
        for row in rows.iter().filter(|row| row["from"] == writer) {
            let text = row["text"].as_str().context("they are texts")?;
            if self.uncertain.contains(text) {
                ensure!(doubtful.insert(text), "twice: {row}");
            } else {
                certain.push(text);
            }
        }
        ensure!(certain == self.accepted, "{writer}: {certain:?}");
        Ok(())
    }
}

/// The history at `reader`, once it holds everything that the other was told is accepted.
fn settled(reader: &mut Agent, other: &str, by: &Written) -> anyhow::Result<Vec<Value>> {
    let request = json!({"do": "history", "with": other, "limit": 1000});
    let reply = reader.until(&request, |reply| {
        let rows = reply["messages"].as_array().into_iter().flatten();
        let texts: BTreeSet<_> = rows.filter_map(|row| row["text"].as_str()).collect();
        by.accepted.iter().all(|text| texts.contains(text.as_str()))
    })?;
    assert_eq!(reply["more"], false);
    let rows = reply["messages"].as_array().context("rows")?;
    Ok(rows.clone())
}

#[test]
fn a_restarted_rendezvous_knows_its_people_without_a_password() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    // What was said of the first connection is over.
    for agent in [&mut alice, &mut bob] {
        agent.leftovers();
    }
    server.kill()?;
    alice.event("server", |event| event["state"] == "backoff")?;
    server.restart()?;
    for agent in [&mut alice, &mut bob] {
        agent.event("server", |event| event["state"] == "online")?;
    }
    // Asked of the rendezvous, not of the own roster.
    alice.done(json!({"do": "find", "login": "bob"}))?;
    // A client that starts anew comes back by its device key alone, too.
    bob.restart()?;
    bob.event("server", |event| event["state"] == "online")?;
    Ok(())
}

#[test]
fn a_client_tells_nothing_to_another_key_at_the_same_address() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut server = stage.rendezvous()?;
    let mut alice = stage.registered("alice", &server)?;
    let control = server.control()?.to_owned();
    server.kill()?;
    let data = stage.path("impostor");
    let impostor = Rendezvous::start(stage.programs(), &data, &control, &["--no-mdns"])?;
    assert_ne!(impostor.told("server_id")?, server.told("server_id")?);
    alice.restart()?;
    alice.event("warning", |event| event["code"] == "server_key_changed")?;
    let is_online = |event: &Value| event["event"] == "server" && event["state"] == "online";
    assert!(!alice.leftovers().iter().any(is_online));
    Ok(())
}

#[test]
fn a_link_never_replaces_a_pin() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let mut server = stage.rendezvous()?;
    let _alice = stage.registered("alice", &server)?;
    let mut bob = stage.agent("bob")?;
    let mut register = json!({
        "do": "register", "login": "alice", "password": Stage::password(), "server": server.invite()?,
    });
    assert_eq!(bob.refused(register.clone())?["code"], "name_taken");
    let control = server.control()?.to_owned();
    server.kill()?;
    let data = stage.path("impostor");
    let impostor = Rendezvous::start(stage.programs(), &data, &control, &["--no-mdns"])?;
    for way in [&control, impostor.invite()?] {
        register["server"] = json!(way);
        register["accept_new_server"] = json!(true);
        let error = bob.refused(register.clone())?;
        assert_eq!(error["code"], "server_key_changed", "{way}: {error}");
    }
    Ok(())
}

/// What 4 GiB and twenty kills may cost per kill, so that it is 2 % in all.
const AGAIN_BYTES_PER_KILL: u64 = (4 << 30) / 100 * 2 / 20;

#[test]
fn a_file_arrives_as_it_was_although_either_side_is_killed_and_hardly_anything_goes_twice()
-> anyhow::Result<()> {
    let course = Course {
        bytes: 96 << 20,
        kills: 4,
        rate: Some(20 << 20),
    };
    let proof = prove(&Stage::empty()?, course, |_| {})?;
    assert_eq!(proof.kills.len(), 4);
    assert!(proof.again < 4 * AGAIN_BYTES_PER_KILL, "{proof:?}");
    Ok(())
}

#[test]
fn a_file_is_paused_by_either_side_over_a_restart_and_called_off_without_a_trace()
-> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let slow = ["--no-mdns", "--max-rate", "2000000"];
    let mut alice = stage.registered_with("alice", &server, &slow)?;
    let mut bob = stage.registered("bob", &server)?;
    Stage::befriend(&mut alice, &mut bob)?;
    let (path, target) = (stage.path("film.mp4"), stage.path("received"));
    fs::write(&path, noise("paused", 16 << 20))?;
    let sent = alice.done(json!({"do": "send_file", "to": "bob", "path": path}))?;
    let file = sent["file"].clone();
    let told = |agent: &mut Agent, state: &str| {
        agent.event("file", |event| {
            event["file"] == file && event["state"] == state
        })
    };
    told(&mut bob, "offered")?;
    bob.done(json!({"do": "accept_file", "file": file, "to": target}))?;
    bob.event("file", |event| event["done"].as_u64() > Some(1 << 20))?;
    alice.done(json!({"do": "pause_file", "file": file}))?;
    assert_eq!(told(&mut bob, "paused")?["paused_by"], json!(["alice"]));
    let error = bob.refused(json!({"do": "resume_file", "file": file}))?;
    assert_eq!(error["code"], "paused_by_other");
    bob.restart()?;
    alice.restart()?;
    let listed = bob.done(json!({"do": "files"}))?;
    let row = &listed["files"][0];
    assert_eq!(
        (&row["state"], &row["paused_by"]),
        (&json!("paused"), &json!(["alice"]))
    );
    assert!(row["done"].as_u64() >= Some(1 << 20), "{row}");
    alice.done(json!({"do": "resume_file", "file": file}))?;
    told(&mut bob, "running")?;
    bob.done(json!({"do": "cancel_file", "file": file}))?;
    assert_eq!(told(&mut alice, "declined")?["code"], Value::Null);
    assert_eq!(told(&mut bob, "failed")?["code"], "cancelled");
    let is_empty = |reply: &Value| {
        reply["ok"] == true && fs::read_dir(&target).is_ok_and(|mut rest| rest.next().is_none())
    };
    bob.until(&json!({"do": "files"}), is_empty)?;
    Ok(())
}
