//! `prove seeds READER FOLDER`: writes the real bytes from which `./justw fuzz` begins.

use anyhow::{Context, bail};
use hutong_tests::hostile;
use std::fs;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["seeds", reader, folder] => seeds(reader, Path::new(folder)),
        _ => bail!("prove seeds READER FOLDER"),
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
