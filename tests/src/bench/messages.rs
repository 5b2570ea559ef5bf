//! Messages between two real programs on a direct link.
//!
//! A trip begins with the command, goes through the sender's outbox and the receiver's database, both durable, and ends
//! when the sender hears of the signed receipt. Beside it: a bare QUIC stream that answers from memory, and one whose
//! both ends sync a journal first.

use super::Bench;
use super::figures::{Measure, Percentiles, Who};
use super::peer::Peer;
use crate::driver::{Agent, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;

/// Messages under way at once, when there are many.
pub(super) const IN_FLIGHT: usize = 256;

/// Of so many messages, one may come by mail instead of directly.
const MAILED_SHARE: usize = 20;

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let stage = bench.stage()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let many = bench.options.messages as usize;
    let few = many / 10;
    for run in bench.runs() {
        bench.begins(run);
        let alone = talk((&mut alice, &mut bob), (few, 1), "direct")?;
        bench.note(Measure::RoundTripP50, Who::Hutong, alone.trips_us.p50);
        bench.note(Measure::RoundTripP99, Who::Hutong, alone.trips_us.p99);
        bench.note(Measure::AcceptedP50, Who::Hutong, alone.accepted_us.p50);
        let crowd = talk((&mut alice, &mut bob), (many, IN_FLIGHT), "direct")?;
        bench.note(Measure::CrowdedTripP50, Who::Hutong, crowd.trips_us.p50);
        bench.note(Measure::CrowdedTripP99, Who::Hutong, crowd.trips_us.p99);
        let rate = many as f64 / crowd.seconds;
        bench.note(Measure::Messages, Who::Hutong, rate);
        for (who, is_durable) in [(Who::BareQuic, false), (Who::BareQuicDisk, true)] {
            let alone = echo(&stage, is_durable, (few, 1))?;
            bench.note(Measure::RoundTripP50, who, number(&alone, "/trips_us/p50")?);
            bench.note(Measure::RoundTripP99, who, number(&alone, "/trips_us/p99")?);
            let crowd = echo(&stage, is_durable, (many, IN_FLIGHT))?;
            let (p50, p99) = ("/trips_us/p50", "/trips_us/p99");
            bench.note(Measure::CrowdedTripP50, who, number(&crowd, p50)?);
            bench.note(Measure::CrowdedTripP99, who, number(&crowd, p99)?);
            let rate = many as f64 / number(&crowd, "/seconds")?;
            bench.note(Measure::Messages, who, rate);
        }
    }
    Ok(())
}

/// What came of many messages.
struct Talk {
    trips_us: Percentiles,
    accepted_us: Percentiles,
    seconds: f64,
}

/// Trips of messages that go by this way, one after the other, in microseconds.
pub(super) fn trips(
    (from, to): (&mut Agent, &mut Agent),
    count: usize,
    path: &str,
) -> anyhow::Result<Percentiles> {
    Ok(talk((from, to), (count, 1), path)?.trips_us)
}

/// Sends `count` messages with up to `in_flight` of them not acknowledged, and checks that all of them arrived.
fn talk(
    (from, to): (&mut Agent, &mut Agent),
    (count, in_flight): (usize, usize),
    path: &str,
) -> anyhow::Result<Talk> {
    for agent in [&mut *from, &mut *to] {
        agent.leftovers();
    }
    let watch = Stopwatch::start();
    let (mut asked, mut under_way) = (BTreeMap::new(), BTreeMap::new());
    let (mut accepted_us, mut trips_us) = (Vec::new(), Vec::new());
    let mut by_mail = 0;
    while trips_us.len() < count {
        let sent = trips_us.len() + asked.len() + under_way.len();
        if sent < count && asked.len() + under_way.len() < in_flight {
            let text = format!("message {sent}, as long as people write");
            let begun = Stopwatch::start();
            let id = from.tell(json!({"do": "send", "to": to.name(), "text": text}))?;
            asked.insert(id, begun);
            continue;
        }
        let line = from.any()?;
        if let Some(begun) = line["re"].as_u64().and_then(|id| asked.remove(&id)) {
            ensure!(line["ok"] == true, "{line}");
            accepted_us.push(micros(begun));
            under_way.insert(line["message"].to_string(), begun);
        } else if line["event"] == "delivery" && line["state"] == "delivered" {
            by_mail += usize::from(line["path"] != path);
            let begun = under_way.remove(&line["message"].to_string());
            trips_us.extend(begun.map(micros));
        }
    }
    let seconds = watch.elapsed().as_secs_f64();
    // A message that a busy machine holds up is left at the rendezvous too, and that copy may be the first to arrive.
    ensure!(
        by_mail * MAILED_SHARE <= count,
        "{by_mail} of {count} came by mail"
    );
    for _ in 0..count {
        to.event("message", |_| true)?;
    }
    Ok(Talk {
        trips_us: Percentiles::of(&trips_us),
        accepted_us: Percentiles::of(&accepted_us),
        seconds,
    })
}

fn micros(since: Stopwatch) -> f64 {
    since.elapsed().as_secs_f64() * 1e6
}

fn echo(
    stage: &Stage,
    is_durable: bool,
    (count, in_flight): (usize, usize),
) -> anyhow::Result<Value> {
    let journals = [stage.path("answers"), stage.path("questions")];
    let mut answer: Vec<&dyn AsRef<OsStr>> = vec![&"answer"];
    let (count, in_flight) = (count.to_string(), in_flight.to_string());
    let mut ask: Vec<&dyn AsRef<OsStr>> =
        vec![&"ask", &"--count", &count, &"--in-flight", &in_flight];
    if is_durable {
        answer.extend([&"--journal" as &dyn AsRef<OsStr>, &journals[0]]);
        ask.extend([&"--journal" as &dyn AsRef<OsStr>, &journals[1]]);
    }
    let answering = Peer::start(stage, &answer)?;
    let (address, pin) = answering.listens()?;
    let (address, pin) = (address.to_string(), pin.to_string());
    ask.extend([&"--to" as &dyn AsRef<OsStr>, &address, &"--pin", &pin]);
    let mut asking = Peer::start(stage, &ask)?;
    asking.go()?;
    asking.done()
}

fn number(value: &Value, pointer: &str) -> anyhow::Result<f64> {
    let number = value.pointer(pointer).and_then(Value::as_f64);
    number.with_context(|| format!("{pointer} in {value}"))
}
