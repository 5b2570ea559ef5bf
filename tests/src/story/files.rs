//! The files of the story: made on the spot, sent, and hashed on both ends.

use super::teller::{Teller, shown};
use crate::content;
use crate::driver::{Agent, Stage, Stopwatch};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// A file by its name and size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    name: &'static str,
    bytes: u64,
}

/// From a note to a film.
pub(super) const ALL: [Made; 4] = [
    Made {
        name: "便条.txt",
        bytes: 3 * KIB,
    },
    Made {
        name: "第三章 作业（最终版）.docx",
        bytes: 2 * MIB,
    },
    Made {
        name: "春游 相册.zip",
        bytes: 48 * MIB,
    },
    Made {
        name: "毕业晚会.mkv",
        bytes: 256 * MIB,
    },
];

/// From the offer to the verified file; the bytes on both disks are hashed by us.
pub(super) fn send(
    teller: &Teller,
    stage: &Stage,
    made: &Made,
    (from, to): (&mut Agent, &mut Agent),
) -> anyhow::Result<()> {
    let path = stage.path(made.name);
    let hash = content::make(&path, made.bytes)?;
    let sent = from.done(json!({"do": "send_file", "to": to.name(), "path": path}))?;
    let is_it = |event: &Value| event["file"] == sent["file"];
    to.event("file", |event| is_it(event) && event["state"] == "offered")?;
    let watch = Stopwatch::start();
    let folder = stage.path("received");
    to.done(json!({"do": "accept_file", "file": sent["file"], "to": folder}))?;
    let is_over = |event: &Value| {
        is_it(event) && (event["state"] == "verified" || event["state"] == "failed")
    };
    let over = to.event("file", is_over)?;
    let took = watch.elapsed();
    ensure!(over["state"] == "verified", "{over}");
    let saved = over["saved_as"].as_str().context("it says where")?;
    ensure!(
        content::hash_of(Path::new(saved))? == hash,
        "the bytes differ"
    );
    for done in [&path, Path::new(saved)] {
        std::fs::remove_file(done)?;
    }
    let way = over["path"].as_str().context("a path")?;
    let same = teller.pick("BLAKE3 match", "BLAKE3 一致");
    let digits = &hash.to_hex()[..8];
    teller.step(
        &format!("{} · {}", made.name, size(made.bytes)),
        &format!("{way} · {} · {same} {digits}", pace(made.bytes, took)),
    );
    Ok(())
}

/// The speed, or the time where it is all that counts.
fn pace(bytes: u64, took: Duration) -> String {
    if bytes < MIB {
        return shown(took);
    }
    let megabytes = Duration::from_micros(bytes).as_secs_f64();
    format!("{:.0} MB/s", megabytes / took.as_secs_f64())
}

fn size(bytes: u64) -> String {
    if bytes >= MIB {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} KiB", bytes / KIB)
    }
}
