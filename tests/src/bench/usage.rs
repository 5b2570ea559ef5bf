//! What processes and the machine used, as Linux tells it under `/proc`. Elsewhere there are no such figures.

use anyhow::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Linux counts CPU time for programs in hundredths of a second on every machine.
const TICK: Duration = Duration::from_millis(10);
/// Kibibytes of a mebibyte.
const KIB_PER_MIB: f64 = 1024.0;

/// What one process used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Usage {
    /// Its time on a CPU.
    pub(super) cpu: Duration,
    /// Memory now, in MiB.
    pub(super) memory_mib: f64,
    /// The largest it ever was, in MiB.
    pub(super) memory_max_mib: f64,
}

/// What the process has used so far.
pub(super) fn of(process: u32) -> anyhow::Result<Usage> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .context("memory of a process, which only Linux tells")?;
    let memory = |key: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(key));
        let kib = value.and_then(|value| value.split_whitespace().next()?.parse::<f64>().ok());
        Ok::<_, anyhow::Error>(kib.context("a number of KiB")? / KIB_PER_MIB)
    };
    let [own, _] = cpu(&process.to_string())?;
    Ok(Usage {
        cpu: own,
        memory_mib: memory("VmRSS:")?,
        memory_max_mib: memory("VmHWM:")?,
    })
}

/// What a process has used of a CPU so far.
///
/// # Errors
/// Where that is not told: on other systems than Linux.
pub fn cpu_of(process: u32) -> anyhow::Result<Duration> {
    Ok(of(process)?.cpu)
}

/// What all programs of this computer have sent each other over loopback, in bytes of packets.
///
/// # Errors
/// Where that is not told: on other systems than Linux.
pub fn loopback_bytes() -> anyhow::Result<u64> {
    let devices = fs::read_to_string("/proc/self/net/dev").context("what only Linux tells")?;
    let counts = devices
        .lines()
        .find_map(|line| line.trim().strip_prefix("lo:"));
    let received = counts.and_then(|counts| counts.split_whitespace().next()?.parse().ok());
    received.context("a number of bytes")
}

/// CPU of a process, and of those children of it that have ended.
fn cpu(process: &str) -> anyhow::Result<[Duration; 2]> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in the second field may hold anything, so count from its end; the state follows.
    let (_, rest) = stat.rsplit_once(") ").context("fields after the name")?;
    let ticks = |at: usize| rest.split(' ').nth(at)?.parse::<u32>().ok();
    let sum = |at| Some(TICK * (ticks(at)? + ticks(at + 1)?));
    Ok([
        sum(11).context("its time")?,
        sum(13).context("its children's")?,
    ])
}

/// What was busy since some moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    all: Duration,
    stolen: Duration,
    own: Duration,
}

impl Busy {
    /// Up to now, on all CPUs; `own` is this process with its ended children.
    pub(super) fn now() -> anyhow::Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("what only Linux tells")?;
        let line = stat.lines().next().unwrap_or_default();
        let fields: Vec<u32> = line
            .split_whitespace()
            .skip(1)
            .filter_map(|field| field.parse().ok())
            .collect();
        let ticks = |at: usize| TICK * fields.get(at).copied().unwrap_or(0);
        let [own, children] = cpu("self")?;
        Ok(Self {
            all: ticks(0) + ticks(1) + ticks(2),
            stolen: ticks(7),
            own: own + children,
        })
    }

    /// The shares of the machine that others used since then, and that its host took away, from 0 to 1.
    pub(super) fn others_since(self, then: Self, elapsed: Duration) -> (f64, f64) {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        let whole = elapsed.as_secs_f64() * cpus as f64;
        let all = self.all.saturating_sub(then.all);
        let others = all.saturating_sub(self.own.saturating_sub(then.own));
        let stolen = self.stolen.saturating_sub(then.stolen);
        (others.as_secs_f64() / whole, stolen.as_secs_f64() / whole)
    }
}

/// What kind of machine this is. No names of machines or people.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Machine {
    pub(super) system: &'static str,
    pub(super) cpu: String,
    pub(super) cpus: usize,
    pub(super) memory_mib: f64,
}

impl Machine {
    pub(super) fn this() -> Self {
        let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let total = fields(&memory).get("MemTotal").and_then(|value| {
            let kib: f64 = value.split_whitespace().next()?.parse().ok()?;
            Some(kib / KIB_PER_MIB)
        });
        let model = fields(&cpus).get("model name").cloned();
        Self {
            system: std::env::consts::OS,
            cpu: model.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: total.unwrap_or_default().round(),
        }
    }
}

fn fields(text: &str) -> BTreeMap<&str, String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim(), value.trim().to_owned()))
        .collect()
}

/// Processes that wanted a CPU in the last minute, on average; none where that is not told.
pub fn load() -> Option<f64> {
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    load.split(' ').next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something_and_never_more_than_its_largest() -> anyhow::Result<()> {
        let usage = of(std::process::id())?;
        assert!(usage.memory_mib > 0.5 && usage.memory_mib <= usage.memory_max_mib);
        let then = Busy::now()?;
        let mut hasher = blake3::Hasher::new();
        while of(std::process::id())?.cpu < usage.cpu + 5 * TICK {
            hasher.update(&[0; 1 << 16]);
        }
        let (others, _) = Busy::now()?.others_since(then, Duration::from_secs(3600));
        assert!((0.0..1.0).contains(&others));
        Ok(())
    }
}
