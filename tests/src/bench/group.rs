//! One message to many: until the last member of a class has it durably and the sender knows it.
//!
//! The members have no links, so each message is one deposit, as many rows, pushes and receipts. Beside it: a message to
//! one member, who soon has a link.

use super::figures::{Measure, Percentiles, Who};
use super::{Bench, usage};
use crate::crowd::Crowd;
use crate::driver::{Agent, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::json;
use std::collections::BTreeMap;

/// Messages under way at once, when there are many.
const IN_FLIGHT: usize = 8;
/// One member speaks faster than anybody may for long: what is measured are the programs, not the limits of accounts.
const PROFILE: &str = "profile = \"lab\"\n";
/// Messages one after the other, and as many together, in one run.
const MESSAGES: usize = 20;

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let stage = bench.stage()?;
    let members = bench.members.context("a class")? as usize;
    let config = stage.path("rendezvous.toml");
    std::fs::write(&config, PROFILE)?;
    let config = config.to_str().context("a folder with a readable name")?;
    let mut crowd = Crowd::gather(&stage, members + 1, &["--config", config])?;
    let class = crowd.class.clone();
    let process = crowd.server.id();
    for run in bench.runs() {
        bench.begins(run);
        let Some((speaker, others)) = crowd.agents.split_first_mut() else {
            break;
        };
        let cpu = usage::of(process)?.cpu;
        let (alone, _) = speak(speaker, &class, 1)?;
        let trips = Percentiles::of(&alone);
        bench.note(Measure::GroupTripP50, Who::Hutong, trips.p50);
        bench.note(Measure::GroupTripP99, Who::Hutong, trips.p99);
        let (_, seconds) = speak(speaker, &class, IN_FLIGHT)?;
        let deliveries = (MESSAGES * members) as f64;
        bench.note(Measure::GroupDeliveries, Who::Hutong, deliveries / seconds);
        let cpu = usage::of(process)?.cpu.saturating_sub(cpu);
        let each = cpu.as_secs_f64() * 1e6 / (2.0 * deliveries);
        bench.note(Measure::GroupCpu, Who::Hutong, each);
        let Some(one) = others.first_mut() else {
            continue;
        };
        let (alone, _) = speak(speaker, one.name(), 1)?;
        let trips = Percentiles::of(&alone);
        bench.note(Measure::GroupTripP50, Who::OneMember, trips.p50);
        bench.note(Measure::GroupTripP99, Who::OneMember, trips.p99);
        for other in others {
            other.leftovers();
        }
    }
    Ok(())
}

/// Says something several times, and waits until all have it: milliseconds of each, and seconds of all.
fn speak(from: &mut Agent, to: &str, in_flight: usize) -> anyhow::Result<(Vec<f64>, f64)> {
    from.leftovers();
    let watch = Stopwatch::start();
    let (mut asked, mut under_way, mut trips) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    let mut sent = 0;
    while trips.len() < MESSAGES {
        if sent < MESSAGES && asked.len() + under_way.len() < in_flight {
            let text = format!("message {sent}, as long as people write");
            let begun = Stopwatch::start();
            asked.insert(
                from.tell(json!({"do": "send", "to": to, "text": text}))?,
                begun,
            );
            sent += 1;
            continue;
        }
        let line = from.any()?;
        if let Some(begun) = line["re"].as_u64().and_then(|id| asked.remove(&id)) {
            ensure!(line["ok"] == true, "{line}");
            under_way.insert(line["message"].to_string(), begun);
        } else if line["event"] == "delivery" && line["state"] == "delivered" && line["to"] == to {
            let begun = under_way.remove(&line["message"].to_string());
            trips.extend(begun.map(|begun: Stopwatch| begun.elapsed().as_secs_f64() * 1e3));
        }
    }
    Ok((trips, watch.elapsed().as_secs_f64()))
}
