//! The measurements of `just bench` in small: that each of them runs to its end and reports everything. No figure is
//! judged here.

use anyhow::{Context, ensure};
use hutong_common::wrap::Path;
use hutong_tests::bench::options::Name;
use hutong_tests::bench::window_unavailable;
use hutong_tests::driver::{Network, Stage};
use serde_json::Value;
use std::fs;

/// How many figures each of them has.
fn figures() -> [(Name, usize); 9] {
    [
        (Name::Messages, 6),
        (Name::File, 8),
        (Name::Group, 4),
        (Name::Idle, 1),
        (Name::Resumes, 2),
        (Name::SignIns, 3),
        // One for each way that this processor can, without the one that they are compared with.
        (Name::Keystream, Path::available().count() - 1),
        // What happens while a network changes is measured where networks can be made, and flips only in a larger file.
        (
            Name::Relay,
            if Network::without_walls().is_some() {
                4
            } else {
                5
            },
        ),
        (Name::Window, 20),
    ]
}

#[test]
fn every_measurement_runs_and_reports_all_its_figures() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let out = stage.path("out");
    let mut bench = stage.programs().command("bench");
    bench.args([
        "--runs",
        "1",
        "--size",
        "3MiB",
        "--clients",
        "3",
        "--messages",
        "20",
        "--members",
        "2",
        "--burst",
        "20",
    ]);
    bench
        .arg("--folder")
        .arg(stage.folder())
        .arg("--out")
        .arg(&out);
    let shown = bench.output()?;
    ensure!(
        shown.status.success(),
        "{}",
        String::from_utf8_lossy(&shown.stdout)
    );
    let has_window = window_unavailable(stage.programs()).is_none();
    ensure!(
        has_window || std::env::var_os("CI").is_none(),
        "windows cannot be measured"
    );
    for (name, count) in figures() {
        if name == Name::Window && !has_window {
            continue;
        }
        let class = if name == Name::Group { "-2" } else { "" };
        let text = fs::read_to_string(out.join(format!("{}{class}.json", name.as_str())))?;
        let report: Value = serde_json::from_str(&text)?;
        let figures = report["figures"].as_array().context("figures")?;
        ensure!(
            figures.len() == count,
            "{}: {}",
            name.as_str(),
            report["figures"]
        );
        for figure in figures {
            let ours = figure.pointer("/results/0").context("results")?;
            ensure!(
                ours["who"] == "hutong" && ours["samples"][0].is_number(),
                "{figure}"
            );
        }
    }
    ensure!(
        fs::read_dir(stage.folder())?.count() == 1,
        "nothing but the reports is left"
    );
    Ok(())
}
