//! A measurement as programs read it: every sample, what follows from them, and how quiet the machine was.

use super::figures::Figure;
use super::options::Options;
use super::usage::Machine;
use anyhow::Context;
use serde::Serialize;
use std::path::Path;

/// Others may use this share of the machine before figures are doubtful.
const OTHERS_SHARE: f64 = 0.05;
/// Its host may take this share away.
const STOLEN_SHARE: f64 = 0.02;

/// One measurement.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) name: String,
    pub(super) date: String,
    pub(super) took_seconds: f64,
    pub(super) machine: Machine,
    pub(super) quiet: Quiet,
    pub(super) settings: Settings,
    pub(super) figures: Vec<Figure>,
}

/// What else went on.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Quiet {
    /// Whether the figures can be trusted.
    pub(super) is_quiet: bool,
    /// Load of the last minute before it began.
    pub(super) load_before: Option<f64>,
    /// Share of the machine that other processes used meanwhile, from 0 to 1.
    pub(super) others_share: f64,
    /// Share that its host took away, from 0 to 1.
    pub(super) stolen_share: f64,
}

impl Quiet {
    pub(super) fn of(load_before: Option<f64>, others_share: f64, stolen_share: f64) -> Self {
        Self {
            is_quiet: others_share <= OTHERS_SHARE && stolen_share <= STOLEN_SHARE,
            load_before,
            others_share,
            stolen_share,
        }
    }
}

/// How it was measured.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Settings {
    pub(super) runs: u32,
    pub(super) file_bytes: u64,
    pub(super) clients: u32,
    /// Of the class that was measured.
    pub(super) members: Option<u32>,
    pub(super) messages: u32,
    pub(super) in_flight: usize,
    pub(super) burst: u32,
    /// Programs with debug assertions are no measure of anything.
    pub(super) is_optimised: bool,
}

impl Settings {
    pub(super) fn of(options: &Options, members: Option<u32>) -> Self {
        Self {
            runs: options.runs,
            file_bytes: options.size,
            clients: options.clients,
            members,
            messages: options.messages,
            in_flight: super::messages::IN_FLIGHT,
            burst: options.burst,
            is_optimised: !cfg!(debug_assertions),
        }
    }
}

impl Report {
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(format!("{}.json", self.name));
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&path, text + "\n").with_context(|| format!("write {}", path.display()))
    }
}

/// As 2026-11-25T16:00:00Z.
pub(super) fn date(unix_ms: u64) -> String {
    let at = i64::try_from(unix_ms / 1_000).ok();
    at.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map(|at| at.to_string())
        .unwrap_or_default()
}
