//! What is proved on the real programs and takes longer than the suite may: `./justw prove-hostile`, `./justw prove-floods`,
//! and the real bytes from which `./justw fuzz` begins. Ends with an error at the first thing that does not hold.

use anyhow::{Context, bail};
use hutong_tests::{hostile, siege};
use std::fs;
use std::path::Path;

const USAGE: &str = "prove hostile [COUNT] | prove seeds READER FOLDER";
/// Inputs of each kind when no number is given.
const INPUTS: u64 = 10_000;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["seeds", reader, folder] => seeds(reader, Path::new(folder)),
        ["hostile"] => hostile(INPUTS),
        ["hostile", count] => hostile(count.parse().context(USAGE)?),
        _ => bail!(USAGE),
    }
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
