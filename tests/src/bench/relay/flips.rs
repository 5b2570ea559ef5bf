//! A file under way while its network changes: how long no byte of it is written.
//!
//! Each program is on a machine of its own, in network namespaces. What is written of the file is looked at a hundred times a
//! second, so no gap is known better than that. The file is sent at a limited speed, so that it lasts for all that happens.

use super::pair::Pair;
use super::{Bench, PROFILE};
use crate::bench::figures::{Measure, Who};
use crate::bench::load::Load;
use crate::driver::{Network, Rendezvous, Stopwatch, Wall};
use anyhow::{Context, ensure};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(10);
/// How often the direct way is closed and opened again, where the file is large enough.
const FLIPS: u64 = 10;
/// A file of this size for each of them.
const BYTES_PER_FLIP: u64 = 100 << 20;
/// One of them takes about so long.
const SECONDS_PER_FLIP: u64 = 3;
/// A file lasts for all of them, and so much longer.
const SECONDS_LEFT: u64 = 9;
/// Looked at for so long after a change is over.
const SETTLED: Duration = Duration::from_millis(600);
/// After so many looks without a change nothing is expected any more.
const LOOKS_MAX: u32 = 6_000;

/// How much of a file lies on the disk, at each look.
struct Growth {
    looks: Receiver<(Duration, u64)>,
    watch: Stopwatch,
    seen: Vec<(Duration, u64)>,
    thread: Option<JoinHandle<()>>,
    stop: Option<SyncSender<()>>,
}

impl Growth {
    /// Of everything in a folder.
    fn of(folder: PathBuf) -> Self {
        let watch = Stopwatch::start();
        let (tell, looks) = sync_channel(LOOKS_MAX as usize * 10);
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if tell.send((watch.elapsed(), on_disk(&folder))).is_err() {
                    return;
                }
            }
        });
        Self {
            looks,
            watch,
            seen: Vec::new(),
            thread: Some(thread),
            stop: Some(stop),
        }
    }

    fn now(&self) -> Duration {
        self.watch.elapsed()
    }

    /// Looks until that moment.
    fn look_until(&mut self, end: Duration) -> anyhow::Result<()> {
        while self.seen.last().is_none_or(|(at, _)| *at < end) {
            self.seen.push(self.looks.recv().context("nobody looks")?);
        }
        Ok(())
    }

    /// Looks until there is more than at that moment.
    fn look_until_more(&mut self, than_at: Duration) -> anyhow::Result<()> {
        self.look_until(than_at)?;
        let before = self.seen.last().map_or(0, |(_, bytes)| *bytes);
        for _ in 0..LOOKS_MAX {
            let look = self.looks.recv().context("nobody looks")?;
            self.seen.push(look);
            if look.1 > before {
                return Ok(());
            }
        }
        anyhow::bail!("no byte is written any more")
    }

    /// The longest time without a change that ended between these moments, in milliseconds.
    fn longest_gap_ms(&self, from: Duration, to: Duration) -> f64 {
        let (mut since, mut bytes, mut longest) = (Duration::ZERO, 0, Duration::ZERO);
        for (at, now) in &self.seen {
            if *now != bytes {
                if *at > from && *at <= to {
                    longest = longest.max(*at - since);
                }
                (since, bytes) = (*at, *now);
            }
        }
        longest.as_secs_f64() * 1e3
    }
}

impl Drop for Growth {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It only looks.
            let _ = thread.join();
        }
    }
}

#[cfg(unix)]
fn on_disk(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let blocks = files.filter_map(|file| Some(file.metadata().ok()?.blocks()));
    blocks.sum::<u64>() * 512
}

#[cfg(not(unix))]
const fn on_disk(_: &Path) -> u64 {
    0
}

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let network = Network::of(3)?;
    let stage = bench.stage()?;
    let config = stage.path("rendezvous.toml");
    std::fs::write(&config, PROFILE)?;
    let config = config.to_str().context("a folder with a readable name")?;
    let within = |machine: usize| {
        let machine = network.machines().get(machine).context("a machine")?;
        anyhow::Ok(stage.programs().within(machine.name()))
    };
    let server = Rendezvous::start(
        &within(0)?,
        &stage.path("rendezvous"),
        "10.77.0.1:7440",
        &["--no-mdns", "--config", config],
    )?;
    // A smaller file would be over before the first of them is.
    let flips = (bench.options.size / BYTES_PER_FLIP).min(FLIPS);
    let rate = bench.options.size / (flips.max(1) * SECONDS_PER_FLIP + SECONDS_LEFT);
    let rate = rate.to_string();
    let (one, other) = (within(1)?, within(2)?);
    let who = [(&one, "alice"), (&other, "bob")];
    let mut pair = Pair::new((&stage, &server), who, &["--max-rate", &rate])?;
    pair.await_path("direct")?;
    let load = Load::make(stage.path("film.mkv"), bench.options.size)?;
    let mut flipping = Flipping {
        growth: Growth::of(pair.other.home().join("parts")),
        network: &network,
        pair: &mut pair,
    };
    if flips > 0 {
        flipping.flip(bench, &load, flips)?;
    }
    flipping.replace_address(bench, &load)
}

struct Flipping<'a> {
    growth: Growth,
    network: &'a Network,
    pair: &'a mut Pair,
}

impl Flipping<'_> {
    fn set_wall(&self, wall: Option<Wall>) -> anyhow::Result<()> {
        let machine = self.network.machines().get(2);
        machine.context("a machine")?.set_wall(wall)
    }

    /// The direct way is closed and opened while one file after the other is under way, and all are intact.
    fn flip(&mut self, bench: &mut Bench<'_>, load: &Load, flips: u64) -> anyhow::Result<()> {
        let mut file = self.begin(load)?;
        for _ in 0..flips {
            if self.pair.is_over(&file)? {
                self.pair.finish((&file, load))?;
                file = self.begin(load)?;
            }
            let closed = self.growth.now();
            self.set_wall(Some(Wall::NoUdp))?;
            self.growth.look_until_more(self.growth.now())?;
            self.pair.await_path("relay")?;
            let opened = self.growth.now();
            self.growth.look_until(opened + SETTLED)?;
            let to_relay = self.growth.longest_gap_ms(closed, opened + SETTLED);
            let opened = self.growth.now();
            self.set_wall(None)?;
            self.pair.await_path("direct")?;
            let settled = self.growth.now() + SETTLED;
            self.growth.look_until(settled)?;
            // What was over meanwhile has no gaps to tell of.
            if self.pair.is_over(&file)? {
                continue;
            }
            let back = self.growth.longest_gap_ms(opened, settled);
            bench.note(Measure::ToRelay, Who::Hutong, to_relay);
            bench.note(Measure::BackToDirect, Who::Hutong, back);
        }
        self.pair.finish((&file, load))
    }

    /// Who has only the relay gets another address.
    fn replace_address(&mut self, bench: &mut Bench<'_>, load: &Load) -> anyhow::Result<()> {
        self.set_wall(Some(Wall::NoUdp))?;
        self.pair.await_path("relay")?;
        let file = self.begin(load)?;
        let machine = self.network.machines().get(2).context("a machine")?;
        let [old, new] = [3, 33].map(|last| Ipv4Addr::new(10, 77, 0, last));
        let begun = self.growth.now();
        machine.replace_address(old, new)?;
        self.growth.look_until_more(self.growth.now() + SETTLED)?;
        let settled = self.growth.now() + SETTLED;
        self.growth.look_until(settled)?;
        ensure!(!self.pair.is_over(&file)?, "the file was too small");
        let gap = self.growth.longest_gap_ms(begun, settled);
        bench.note(Measure::AddressReplaced, Who::Hutong, gap);
        self.pair.finish((&file, load))
    }

    /// A file of which a part is there.
    fn begin(&mut self, load: &Load) -> anyhow::Result<serde_json::Value> {
        let file = self.pair.begin(load)?;
        self.growth.look_until_more(self.growth.now())?;
        let settled = self.growth.now() + SETTLED;
        self.growth.look_until(settled)?;
        Ok(file)
    }
}
