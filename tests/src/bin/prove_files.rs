//! `./justw prove-files`: a file of 4 GiB between two programs on this machine, of which one is killed twenty times.
//!
//! Exits with 1 when other bytes arrive, or when 2 % or more went twice. `--mib N` and `--kills N` change the course.

use anyhow::{Context, bail, ensure};
use hutong_common::text::bytes;
use hutong_tests::driver::Stage;
use hutong_tests::kills::{Course, Kill, prove};
use std::io::Write;

/// What may be sent again, in percent of the file.
const AGAIN_PERCENT_MAX: u64 = 2;

fn main() -> anyhow::Result<()> {
    let mut course = Course {
        bytes: 4 << 30,
        kills: 20,
        rate: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse::<u64>().ok());
        let number = number.with_context(|| format!("{word} needs a number"))?;
        match word.as_str() {
            "--mib" => course.bytes = number << 20,
            "--kills" => course.kills = number,
            "--max-rate" => course.rate = Some(number),
            _ => bail!("only --mib, --kills and --max-rate are known"),
        }
    }
    say(&format!(
        "A file of {}, {} kills (SIGKILL), in turn.\n\n  #  killed    at          sent again  until more came",
        bytes(course.bytes),
        course.kills
    ))?;
    let mut number = 0;
    let proof = prove(&Stage::empty()?, course, |kill: &Kill| {
        number += 1;
        // A terminal that is gone reads nothing.
        let _ = say(&format!(
            "{number:>3}  {:<8}  {:<10}  {:<10}  {:.1} s",
            kill.victim,
            bytes(kill.at),
            bytes(kill.again),
            kill.pause.as_secs_f32()
        ));
    })?;
    let hundredths = proof.again * 10_000 / course.bytes.max(1);
    say(&format!(
        "\nThe same bytes arrived, in {:.1} s. At most {} were sent again: {}.{:02} %.",
        proof.took.as_secs_f32(),
        bytes(proof.again),
        hundredths / 100,
        hundredths % 100
    ))?;
    ensure!(
        proof.again * 100 < course.bytes * AGAIN_PERCENT_MAX,
        "{AGAIN_PERCENT_MAX} % or more went twice"
    );
    Ok(())
}

fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")
}
