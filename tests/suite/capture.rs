//! What a sniffer on the classroom's cable sees: no text, no name, no byte of a file, no password, in any spelling.
//!
//! The run happens on a loopback of its own, recorded packet by packet. The same search finds what was said in clear,
//! so it can fail. Skips, and says why, where namespaces are not allowed.

mod relayed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use hutong_common::md5::md5_hex;
use hutong_tests::driver::{Namespace, Programs, Recorder, Recording, Stage};
use serde_json::json;

/// In every field that a person fills. Long enough that no chance makes them.
const NAME: &str = "canary 爱丽丝 name";
const SIGNATURE: &str = "canary signature line 签名";
const GREETING: &str = "canary greeting 同桌你好";
const DIRECT_TEXT: &str = "canary direct words 👨‍👩‍👧‍👦 直接";
const MAILED_TEXT: &str = "canary mailed words 留言";
const FILE_NAME: &str = "canary 作业 final.bin";
const FILE_CONTENT: &str = "canary content of a file 文件内容 ";
const LOGIN: &str = "canary.alice";
const OTHER_LOGIN: &str = "canary.bob";
const IN_CLEAR: &str = "canary in clear 明文";

/// The spellings under which a text could be seen.
fn spellings(text: &str) -> Vec<(String, Vec<u8>)> {
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let little = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big = utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let hex = hex(text.as_bytes());
    let md5 = md5_hex(text.as_bytes());
    let mut all = vec![
        ("UTF-8".to_owned(), text.as_bytes().to_vec()),
        ("UTF-16LE".to_owned(), little),
        ("UTF-16BE".to_owned(), big),
        ("HEX".to_owned(), hex.to_uppercase().into_bytes()),
        ("hex".to_owned(), hex.into_bytes()),
        ("MD5".to_owned(), md5.to_uppercase().into_bytes()),
        ("md5".to_owned(), md5.into_bytes()),
    ];
    // Where a text begins within its three bytes decides its base64; the edges depend on what stands around it.
    all.extend((0..3).map(|lead| {
        let bytes = [&vec![0; lead], text.as_bytes()].concat();
        let whole = base64(&bytes[..bytes.len() / 3 * 3]);
        let inner = whole
            .get(if lead == 0 { 0 } else { 4 }..)
            .unwrap_or_default();
        (format!("base64 after {lead}"), inner.as_bytes().to_vec())
    }));
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64 of whole groups of three.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks(3).map(|group| {
        group
            .iter()
            .fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    });
    groups
        .flat_map(|number| [18, 12, 6, 0].map(|shift| char::from(LETTERS[number >> shift & 63])))
        .collect()
}

/// Each place in the recorded flows where a spelling of `text` stands.
fn sightings(flows: &[(PathBuf, Vec<u8>)], text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (spelling, needle) in spellings(text) {
        for (flow, payload) in flows {
            if payload.windows(needle.len()).any(|window| window == needle) {
                found.push(format!("{text:?} as {spelling} in {}", flow.display()));
            }
        }
    }
    found
}

/// Everything that people do, with a canary in each field.
fn play(stage: &Stage) -> anyhow::Result<()> {
    let server = stage.rendezvous()?;
    let mut alice = stage.agent(LOGIN)?;
    alice.done(json!({
        "do": "register", "login": LOGIN, "password": Stage::password(), "name": NAME,
        "server": server.invite()?,
    }))?;
    alice.done(json!({"do": "profile", "signature": SIGNATURE}))?;
    let mut bob = stage.registered(OTHER_LOGIN, &server)?;
    let asked = alice.done(json!({"do": "add", "login": OTHER_LOGIN, "greeting": GREETING}))?;
    bob.event("request", |event| event["request"] == asked["request"])?;
    bob.done(json!({"do": "accept", "request": asked["request"]}))?;
    Stage::await_direct(&mut alice, &mut bob)?;
    let sent = alice.done(json!({"do": "send", "to": OTHER_LOGIN, "text": DIRECT_TEXT}))?;
    let message = bob.event("message", |event| event["id"] == sent["message"])?;
    ensure!(message["path"] == "direct", "{message}");

    let path = stage.path(FILE_NAME);
    fs::write(&path, FILE_CONTENT.repeat(8_192))?;
    let sent = alice.done(json!({"do": "send_file", "to": OTHER_LOGIN, "path": path}))?;
    bob.event("file", |event| event["file"] == sent["file"])?;
    bob.done(json!({"do": "accept_file", "file": sent["file"], "to": stage.path("received")}))?;
    bob.event("file", |event| event["state"] == "verified")?;

    bob.kill()?;
    let sent = alice.done(json!({"do": "send", "to": OTHER_LOGIN, "text": MAILED_TEXT}))?;
    alice.event("delivery", |event| {
        event["message"] == sent["message"] && event["state"] == "left_at_server"
    })?;
    bob.restart()?;
    bob.event("message", |event| event["id"] == sent["message"])?;
    alice.done(json!({"do": "logout"}))?;
    alice.done(json!({
        "do": "login", "login": LOGIN, "password": Stage::password(), "server": server.invite()?,
    }))?;
    Ok(())
}

fn say_in_clear(namespace: &Namespace, bytes: &[u8]) -> anyhow::Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/record_packets.py");
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace.name(), "python3"]);
    let status = command.arg(script).args(["--say", &hex(bytes)]).status()?;
    ensure!(status.success(), "nothing was said");
    Ok(())
}

/// A search in an empty recording would find nothing either.
fn check_that_much_was_recorded(recorded: &Recording) -> anyhow::Result<()> {
    let over = |protocol: &str| -> usize {
        let flows = recorded.flows.iter();
        let of_protocol = flows.filter(|(flow, _)| {
            flow.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(protocol))
        });
        of_protocol.map(|(_, payload)| payload.len()).sum()
    };
    let file_bytes = FILE_CONTENT.len() * 8_192;
    assert!(recorded.packets > 300, "{} packets", recorded.packets);
    assert!(over("tcp") > 10_000, "sign-ins are larger");
    assert!(over("udp") > file_bytes, "the file is larger");
    let is_tls = |(_, payload): &&(PathBuf, Vec<u8>)| payload.starts_with(&[22, 3, 1]);
    recorded
        .flows
        .iter()
        .find(is_tls)
        .context("a TLS ClientHello")?;
    Ok(())
}

fn check_that_nothing_is_seen(flows: &[(PathBuf, Vec<u8>)]) {
    let seen = spellings(IN_CLEAR).len() * 2;
    assert_eq!(
        sightings(flows, IN_CLEAR).len(),
        seen,
        "the search finds what is there"
    );
    for secret in [
        NAME,
        SIGNATURE,
        GREETING,
        DIRECT_TEXT,
        MAILED_TEXT,
        FILE_NAME,
        FILE_CONTENT,
        LOGIN,
        OTHER_LOGIN,
        Stage::password(),
    ] {
        let found = sightings(flows, secret);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn a_sniffer_sees_no_text_no_name_no_file_and_no_password() -> anyhow::Result<()> {
    let namespace = match Namespace::new() {
        Ok(namespace) => namespace,
        Err(reason) => {
            println!("skipped, no network namespaces here: {reason:#}");
            return Ok(());
        }
    };
    let stage = Stage::of(Programs::built()?.within(namespace.name()))?;
    let recorder = Recorder::start(&namespace, &stage.path("recorded"))?;
    play(&stage)?;
    for (_, spelled) in spellings(IN_CLEAR) {
        say_in_clear(&namespace, &spelled)?;
    }
    let recorded = recorder.finish()?;
    ensure!(
        recorded.dropped == 0,
        "{} packets were missed",
        recorded.dropped
    );

    println!(
        "{} packets in {} flows",
        recorded.packets,
        recorded.flows.len()
    );
    check_that_much_was_recorded(&recorded)?;
    check_that_nothing_is_seen(&recorded.flows);
    Ok(())
}
