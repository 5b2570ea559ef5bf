//! Hostile bytes for every reader: seeded noise and mutated real bytes in all of them, and the inputs that once broke one.

use hutong_tests::hostile::{self, TARGETS, Target};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fs;
use std::path::{Path, PathBuf};

/// Inputs for one reader; `cargo fuzz` is there for more.
const CASES: u32 = 400;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// What is kept in the repository for a reader: inputs that broke it once, or that chance does not find.
fn kept(target: &Target) -> anyhow::Result<Vec<Vec<u8>>> {
    let folder = fuzz_folder().join("corpus").join(target.name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = fs::read_dir(folder)?;
    files.map(|file| Ok(fs::read(file?.path())?)).collect()
}

#[test]
fn every_reader_takes_any_bytes_and_keeps_its_promises() -> anyhow::Result<()> {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{target:?}");
        for input in kept(target)?.iter().chain(&seeds) {
            (target.run)(input);
        }
        let config = Config {
            failure_persistence: None,
            ..Config::with_cases(CASES)
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let tried = runner.run(&hostile::mutated(seeds), |bytes| {
            (target.run)(&bytes);
            Ok(())
        });
        tried.map_err(|error| anyhow::anyhow!("{target:?}: {error}"))?;
    }
    Ok(())
}

#[test]
fn the_fuzzer_knows_exactly_the_readers_of_the_suite() -> anyhow::Result<()> {
    let manifest: toml::Table = fs::read_to_string(fuzz_folder().join("Cargo.toml"))?.parse()?;
    let bins = manifest.get("bin").and_then(toml::Value::as_array);
    let names = |bin: &toml::Value| {
        bin.get("name")
            .and_then(|name| name.as_str().map(str::to_owned))
    };
    let fuzzed: Vec<String> = bins.into_iter().flatten().filter_map(names).collect();
    let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(fuzzed, known);
    for folder in fs::read_dir(fuzz_folder().join("corpus"))? {
        let name = folder?.file_name();
        assert!(
            name.to_str().and_then(hostile::named).is_some(),
            "nobody reads {name:?}"
        );
    }
    Ok(())
}
