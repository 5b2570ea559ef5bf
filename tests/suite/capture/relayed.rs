//! The same for what goes by relay: neither the stream to the rendezvous shows a word of it, nor what is under the wrap once
//! that is taken off with the session's own secret. DES protects nothing here; the connection inside does.

use super::{
    DIRECT_TEXT, FILE_CONTENT, FILE_NAME, GREETING, LOGIN, NAME, OTHER_LOGIN, SIGNATURE, sightings,
};
use anyhow::{Context, ensure};
use hutong_common::relay_join::{JOIN_BYTES, MAGIC};
use hutong_common::text::Lang;
use hutong_common::wrap::frames::{FrameKind, LEN_BYTES, Opener, Role, Secret, frame_len};
use hutong_engine::engine::wrap::{Des, Open, Seal, Wrap};
use hutong_engine::engine::{Engine, EngineConfig, Udp};
use hutong_host::conversation::{Manner, converse};
use hutong_tests::driver::{Namespace, Programs, Recorder, Rendezvous, Stage};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf, duplex,
    split,
};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(40);
/// How often the words of the file stand in it.
const REPEATED: usize = 8_192;

/// The wrap of the protocol, whose secrets are kept.
#[derive(Clone, Debug, Default)]
struct Keeping(Arc<Mutex<Vec<Secret>>>);

impl Wrap for Keeping {
    fn ends(&self, secret: &Secret, role: Role) -> (Box<dyn Seal>, Box<dyn Open>) {
        let kept = self.0.lock();
        let mut kept = kept.unwrap_or_else(PoisonError::into_inner);
        kept.push(secret.clone());
        Des.ends(secret, role)
    }
}

/// A client in this process that has no UDP.
struct Client {
    engine: Engine,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    input: WriteHalf<DuplexStream>,
    last: u64,
    heard: Vec<Value>,
}

impl Client {
    fn start(home: &Path, wrap: Arc<dyn Wrap>) -> anyhow::Result<Self> {
        let config = EngineConfig {
            udp: Udp::Off,
            mdns: false,
            plain_keys: true,
            holds_session: true,
            wrap,
            ..hutong_host::config(home, hutong_host::home::Preset::default())
        };
        let started = hutong_host::start(&config);
        let (engine, ear) = started.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        let (ours, theirs) = duplex(1 << 16);
        let (theirs_in, theirs_out) = split(theirs);
        tokio::spawn(converse(
            ear,
            theirs_in,
            theirs_out,
            Manner::watching(Lang::En),
        ));
        let (output, input) = split(ours);
        Ok(Self {
            engine,
            lines: BufReader::new(output).lines(),
            input,
            last: 0,
            heard: Vec::new(),
        })
    }

    async fn line(&mut self, fits: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        if let Some(at) = self.heard.iter().position(&fits) {
            return Ok(self.heard.remove(at));
        }
        let waiting = async {
            loop {
                let line = self.lines.next_line().await?.context("a line")?;
                let line: Value = serde_json::from_str(&line)?;
                if fits(&line) {
                    return anyhow::Ok(line);
                }
                self.heard.push(line);
            }
        };
        timeout(PATIENCE, waiting).await?
    }

    async fn done(&mut self, mut request: Value) -> anyhow::Result<Value> {
        self.last += 1;
        let id = self.last;
        request["id"] = json!(id);
        self.input
            .write_all(format!("{request}\n").as_bytes())
            .await?;
        let reply = self.line(|line| line["re"] == id).await?;
        ensure!(reply["ok"] == true, "{reply}");
        Ok(reply)
    }

    async fn event(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        self.line(|line| line["event"] == kind && fits(line)).await
    }
}

/// Everything that two people do by relay, with a canary in each field.
async fn play(stage: &Stage, invite: &str, keeping: &Keeping) -> anyhow::Result<()> {
    let wrap: Arc<dyn Wrap> = Arc::new(keeping.clone());
    let mut alice = Client::start(&stage.path("alice"), Arc::clone(&wrap))?;
    let mut bob = Client::start(&stage.path("bob"), wrap)?;
    for (client, login) in [(&mut alice, LOGIN), (&mut bob, OTHER_LOGIN)] {
        client
            .done(json!({
                "do": "register", "login": login, "password": Stage::password(), "name": NAME,
                "server": invite,
            }))
            .await?;
        let profile = json!({"do": "profile", "signature": SIGNATURE});
        client.done(profile).await?;
    }
    let asked = json!({"do": "add", "login": OTHER_LOGIN, "greeting": GREETING});
    let asked = alice.done(asked).await?;
    bob.event("request", |event| event["request"] == asked["request"])
        .await?;
    let accepted = json!({"do": "accept", "request": asked["request"]});
    bob.done(accepted).await?;
    for client in [&mut alice, &mut bob] {
        client
            .event("presence", |event| event["path"] == "relay")
            .await?;
    }
    let said = json!({"do": "send", "to": OTHER_LOGIN, "text": DIRECT_TEXT});
    let sent = alice.done(said).await?;
    let message = bob
        .event("message", |event| event["id"] == sent["message"])
        .await?;
    ensure!(message["path"] == "relay", "{message}");
    let path = stage.path(FILE_NAME);
    std::fs::write(&path, FILE_CONTENT.repeat(REPEATED))?;
    let offered = json!({"do": "send_file", "to": OTHER_LOGIN, "path": path});
    let sent = alice.done(offered).await?;
    bob.event("file", |event| event["file"] == sent["file"])
        .await?;
    let to = stage.path("received");
    bob.done(json!({"do": "accept_file", "file": sent["file"], "to": to}))
        .await?;
    let file = bob
        .event("file", |event| event["state"] == "verified")
        .await?;
    ensure!(file["path"] == "relay", "{file}");
    alice.engine.stop().await;
    bob.engine.stop().await;
    Ok(())
}

/// The same on a thread of its own, whose sockets are in that network.
fn play_within(
    namespace: &Namespace,
    (stage, invite): (&Stage, &str),
    keeping: &Keeping,
) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let played = scope.spawn(|| {
            Namespace::enter(namespace.name())?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(play(stage, invite, keeping))
        });
        played.join().map_err(|_| anyhow::anyhow!("it broke off"))?
    })
}

/// Takes the wrap off what an end of a session wrote: the payloads of its frames.
fn unwrapped(written: &[u8], secrets: &[Secret]) -> anyhow::Result<Vec<u8>> {
    // Two who open a session at once use one of them: an end of the other one may leave before it has written a frame.
    let Some((len, behind)) = written.split_first_chunk::<LEN_BYTES>() else {
        return Ok(Vec::new());
    };
    if behind.len() < frame_len(*len)? {
        return Ok(Vec::new());
    }
    for secret in secrets {
        for role in [Role::Opener, Role::Invited] {
            let (mut opener, mut rest) = (Opener::new(secret, role), written);
            let mut payloads = Vec::new();
            while let Some((len, behind)) = rest.split_first_chunk::<LEN_BYTES>() {
                // The end of the recording may cut a frame.
                let Some((frame, behind)) = behind.split_at_checked(frame_len(*len)?) else {
                    break;
                };
                let mut frame = frame.to_vec();
                let Ok((kind, payload)) = opener.open(&mut frame) else {
                    break;
                };
                if kind == FrameKind::Datagram {
                    payloads.extend_from_slice(payload);
                }
                rest = behind;
            }
            if rest.len() < written.len() {
                ensure!(rest.len() < 1 << 16, "{} bytes remain", rest.len());
                return Ok(payloads);
            }
        }
    }
    anyhow::bail!("no secret fits")
}

#[test]
fn a_sniffer_before_the_rendezvous_sees_nothing_even_without_the_wrap() -> anyhow::Result<()> {
    let namespace = match Namespace::new() {
        Ok(namespace) => namespace,
        Err(reason) => {
            println!("skipped, no network namespaces here: {reason:#}");
            return Ok(());
        }
    };
    let stage = Stage::of(Programs::built()?.within(namespace.name()))?;
    let recorder = Recorder::start(&namespace, &stage.path("recorded"))?;
    let server: Rendezvous = stage.rendezvous()?;
    let keeping = Keeping::default();
    play_within(&namespace, (&stage, server.invite()?), &keeping)?;
    let recorded = recorder.finish()?;
    ensure!(recorded.dropped == 0, "{} were missed", recorded.dropped);

    let secrets = keeping.0.lock().unwrap().clone();
    let joined = recorded.flows.iter();
    let joined = joined.filter(|(_, payload)| payload.starts_with(&MAGIC));
    let inside: Vec<(PathBuf, Vec<u8>)> = joined
        .map(|(flow, payload)| {
            let written = payload.get(JOIN_BYTES..).unwrap_or_default();
            Ok((flow.with_extension("inside"), unwrapped(written, &secrets)?))
        })
        .collect::<anyhow::Result<_>>()?;
    let bytes: usize = inside.iter().map(|(_, payload)| payload.len()).sum();
    println!("{} ends of sessions, {bytes} bytes inside", inside.len());
    assert!(inside.len() >= 2 && bytes > FILE_CONTENT.len() * REPEATED);
    let flows = [recorded.flows, inside].concat();
    for secret in [
        NAME,
        SIGNATURE,
        GREETING,
        DIRECT_TEXT,
        FILE_NAME,
        FILE_CONTENT,
        LOGIN,
        OTHER_LOGIN,
        Stage::password(),
    ] {
        let found = sightings(&flows, secret);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    Ok(())
}
