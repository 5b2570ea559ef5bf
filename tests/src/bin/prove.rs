//! What is proved on the real programs and takes longer than the suite may: `./justw prove-hostile`, `./justw prove-floods`,
//! and the real bytes from which `./justw fuzz` begins. Ends with an error at the first thing that does not hold.

use anyhow::{Context, bail};
use hutong_common::limits::SHEET_MEMBERS_MAX;
use hutong_tests::bench::{load, loopback_bytes};
use hutong_tests::crowd::Crowd;
use hutong_tests::driver::{Network, Stage, Stopwatch};
use hutong_tests::harness::school::gather;
use hutong_tests::harness::server::Sum;
use hutong_tests::siege::flooded::{Ground, flood};
use hutong_tests::siege::floods;
use hutong_tests::siege::good::percentile;
use hutong_tests::{hostile, siege};
use std::fs;
use std::path::Path;
use std::time::Duration;

const USAGE: &str = "prove hostile [COUNT] | prove floods [SECONDS [PART OF A NAME]] | prove class [COUNT] | prove school [MEMBERS] | prove seeds READER FOLDER";
/// Inputs of each kind when no number is given.
const INPUTS: u64 = 10_000;
/// People in a class when no number is given.
const STUDENTS: usize = 60;
/// People of a school, when no number is given.
const PUPILS: usize = 1_000;
/// What each of them says.
const TIMES: usize = 5;
/// From the first start until everybody sees everybody.
const GATHERED_WITHIN: Duration = Duration::from_secs(20);
/// From the last word until everybody has all of them.
const HEARD_WITHIN: Duration = Duration::from_secs(15);
/// How long a flood lasts when no number is given.
const FLOOD_SECONDS: u64 = 60;
/// Honest clients under a flood.
const PEOPLE: usize = 50;
/// What a rendezvous may hold under any flood.
const FLOOD_BYTES_MAX: u64 = 512 << 20;
/// How long 99 of 100 answers to honest clients may take meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["seeds", reader, folder] => seeds(reader, Path::new(folder)),
        ["school"] => school(PUPILS),
        ["school", members] => school(members.parse().context(USAGE)?),
        ["class"] => class(STUDENTS),
        ["class", count] => class(count.parse().context(USAGE)?),
        ["hostile"] => hostile(INPUTS),
        ["hostile", count] => hostile(count.parse().context(USAGE)?),
        ["floods"] => flooded(FLOOD_SECONDS, ""),
        ["floods", seconds] => flooded(seconds.parse().context(USAGE)?, ""),
        ["floods", seconds, name] => flooded(seconds.parse().context(USAGE)?, name),
        _ => bail!(USAGE),
    }
}

/// Everybody comes in, everybody speaks, a third is away for a while: all get everything, once and in one order.
#[expect(clippy::print_stdout, reason = "the table is what one asks for")]
fn class(count: usize) -> anyhow::Result<()> {
    let (stage, bytes) = (Stage::empty()?, loopback_bytes()?);
    println!(
        "load of the last minute before it: {:.1}",
        load().unwrap_or_default()
    );
    let mut crowd = Crowd::gather(&stage, count, &[])?;
    let seconds = |time: Duration| time.as_secs_f64();
    let mut late = Vec::new();
    let mut within = |what: &str, took: Duration, most: Duration| {
        println!("{what}: {:.1} s", seconds(took));
        if took > most {
            late.push(format!("{what} took more than {most:?}"));
        }
    };
    within("all came in", crowd.gathered, GATHERED_WITHIN);
    let [clients, rendezvous] = crowd.cpu()?;
    crowd.say(0..count, TIMES)?;
    let watch = Stopwatch::start();
    crowd.all_have_all(0..count)?;
    let (said, took) = (count * TIMES, watch.elapsed());
    let what = format!("all {said} are there, in one order");
    within(&what, took, HEARD_WITHIN);
    let deliveries = said * count.saturating_sub(1).max(1);
    let each = |cpu: Duration| seconds(cpu) * 1e6 / deliveries as f64;
    let [clients_then, rendezvous_then] = crowd.cpu()?;
    println!(
        "CPU for each of these {deliveries} deliveries: {:.0} µs of the clients, {:.0} µs of the rendezvous",
        each(clients_then.saturating_sub(clients)),
        each(rendezvous_then.saturating_sub(rendezvous)),
    );
    crowd.begin_anew();
    let away = count - count / 3..count;
    for agent in crowd.agents.get_mut(away.clone()).unwrap_or_default() {
        agent.finish()?;
    }
    crowd.say(0..away.start, TIMES)?;
    crowd.all_have_all(0..away.start)?;
    let watch = Stopwatch::start();
    for agent in crowd.agents.get_mut(away.clone()).unwrap_or_default() {
        agent.restart()?;
    }
    let gone = away.len();
    crowd.all_have_all(away)?;
    within(
        &format!("{gone} who were away have all"),
        watch.elapsed(),
        HEARD_WITHIN,
    );
    let [_, cpu] = crowd.cpu()?;
    println!("CPU of the rendezvous: {:.2} s", seconds(cpu));
    let bytes = loopback_bytes()?.saturating_sub(bytes);
    println!(
        "sent to and by the rendezvous, and by whatever else used loopback: {:.1} MB",
        bytes as f64 / 1e6
    );
    anyhow::ensure!(late.is_empty(), "{}", late.join("\n"));
    Ok(())
}

/// A school comes into one class, in the world: no network, one thread, and the time of the world.
#[expect(clippy::print_stdout, reason = "the table is what one asks for")]
fn school(members: usize) -> anyhow::Result<()> {
    anyhow::ensure!((1..=SHEET_MEMBERS_MAX).contains(&members), USAGE);
    let watch = Stopwatch::start();
    let school = gather(members);
    println!(
        "{members} members: the last one registered after {} ms of the world, and all were known to each other {} ms later; {:.1?} of ours",
        school.registered_ms,
        school.known_ms - school.registered_ms,
        watch.elapsed()
    );
    let row = |kind: &str, sum: Sum| println!("{kind:24} {:>9} {:>12}", sum.frames, sum.bytes);
    println!("{:24} {:>9} {:>12}", "kind", "frames", "bytes");
    for (name, sum) in &school.traffic.requests {
        row(name, *sum);
    }
    row("replies", school.traffic.replies);
    for (kind, sum) in &school.traffic.pushes {
        row(&format!("push {kind}"), *sum);
    }
    Ok(())
}

fn seeds(reader: &str, folder: &Path) -> anyhow::Result<()> {
    let target = hostile::named(reader).with_context(|| format!("no reader `{reader}`"))?;
    for seed in (target.seeds)() {
        let name = blake3::hash(&seed).to_hex();
        fs::write(folder.join(name.as_str()), seed)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what one asks for")]
fn hostile(count: u64) -> anyhow::Result<()> {
    let headings = (
        "attack",
        "inputs",
        "MiB before",
        "MiB after",
        "next served, ms",
    );
    let (attack, inputs, before, after, served) = headings;
    println!("{attack:40} {inputs:>8} {before:>10} {after:>10} {served:>16}");
    let both = [siege::besiege_rendezvous, siege::besiege_client];
    for besiege in both {
        for outcome in besiege(count)? {
            let (attack, cost) = (outcome.attack, outcome.cost);
            let mib = |bytes: u64| bytes >> 20;
            let (before, after) = (mib(cost.before.now_bytes), mib(cost.after.now_bytes));
            let (inputs, served) = (outcome.inputs, cost.served.as_millis());
            println!("{attack:40} {inputs:>8} {before:>10} {after:>10} {served:>16}");
        }
    }
    println!("no panic, no growth, the next honest client is served");
    Ok(())
}

/// On loopback the bound per address does not count, so both sides have one address and contend for all places.
#[expect(clippy::print_stdout, reason = "the table is what one asks for")]
fn flooded(seconds: u64, name: &str) -> anyhow::Result<()> {
    let mut grounds = vec![Ground::Loopback];
    match Network::unavailable() {
        None => grounds.insert(0, Ground::Network),
        Some(reason) => println!("on loopback only, no network namespaces here: {reason}"),
    }
    println!(
        "{:10} {:24} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}",
        "where",
        "flood",
        "tried",
        "refused",
        "peak MiB",
        "p50 ms",
        "p99 ms",
        "in p50",
        "in p99",
        "retries",
        "failed"
    );
    let mut broken = Vec::new();
    for ground in grounds {
        for kind in floods::ALL
            .into_iter()
            .filter(|kind| kind.to_string().contains(name))
        {
            let flooded = flood((kind, ground), Duration::from_secs(seconds), PEOPLE)?;
            let ((tried, refused), waits) = (flooded.tried, flooded.waits);
            let ms = |waits, percent| percentile(waits, percent).as_millis();
            println!(
                "{:10} {:24} {tried:>9} {refused:>9} {:>9} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}",
                format!("{ground:?}"),
                kind.to_string(),
                flooded.peak_bytes >> 20,
                ms(&waits.answers, 50),
                ms(&waits.answers, 99),
                ms(&waits.returns, 50),
                ms(&waits.returns, 99),
                waits.retries,
                waits.failures.len(),
            );
            if flooded.peak_bytes > FLOOD_BYTES_MAX {
                broken.push(format!(
                    "{ground:?}, {kind}: {} MiB",
                    flooded.peak_bytes >> 20
                ));
            }
            if percentile(&waits.answers, 99) > ANSWER_WITHIN {
                broken.push(format!("{ground:?}, {kind}: honest clients waited"));
            }
            if let Some(failure) = waits.failures.first() {
                broken.push(format!("{ground:?}, {kind}: {failure}"));
            }
        }
    }
    anyhow::ensure!(broken.is_empty(), "{}", broken.join("\n"));
    Ok(())
}
