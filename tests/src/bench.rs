//! `./justw bench`: how fast and how frugal the real programs are on this machine.
//!
//! Everything runs over real sockets on loopback and on real files. Beside each figure stand, measured in the same run
//! and in turn with it, the barest programs that do a part of the same work: machines differ, ratios less. Samples, medians
//! and whether the goals are met go into a JSON report each; nothing here is an assertion of a test.

pub mod bare;
mod clients;
pub mod figures;
mod file;
mod group;
mod keystream;
mod load;
mod messages;
pub mod options;
mod peer;
mod relay;
mod report;
mod table;
mod usage;
mod window;

use crate::driver::{Programs, Stage, Stopwatch, is_interrupted, wall_clock_ms};
use anyhow::Context;
use figures::{Measure, Sheet, Who};
use options::{Name, Options};
use report::{Quiet, Report, Settings};
use std::path::PathBuf;
use std::process::ExitCode;
use table::Table;
use usage::{Busy, Machine};
pub use usage::{cpu_of, load, loopback_bytes};
pub use window::unavailable as window_unavailable;

/// What every measurement needs.
struct Bench<'a> {
    options: &'a Options,
    programs: Programs,
    parent: PathBuf,
    table: &'a Table,
    sheet: Sheet,
    name: Name,
    /// Of the class, where one is measured.
    members: Option<u32>,
}

impl Bench<'_> {
    /// A folder for one measurement, gone with its handle.
    fn stage(&self) -> anyhow::Result<Stage> {
        Stage::within(self.programs.clone(), &self.parent)
    }

    fn note(&mut self, measure: Measure, who: Who, sample: f64) {
        self.sheet.note(measure, who, sample);
    }

    /// Numbers of the runs.
    const fn runs(&self) -> std::ops::RangeInclusive<u32> {
        1..=self.options.runs
    }

    /// Tells that a run begins.
    fn begins(&self, run: u32) {
        self.table.begins(self.name, run, self.options.runs);
    }

    fn measure(mut self) -> anyhow::Result<Report> {
        let (load, then, watch) = (load(), Busy::now()?, Stopwatch::start());
        match self.name {
            Name::Messages => messages::measure(&mut self)?,
            Name::File => file::measure(&mut self)?,
            Name::Group => group::measure(&mut self)?,
            Name::Idle => clients::measure_idle(&mut self)?,
            Name::Resumes => clients::measure_resumes(&mut self)?,
            Name::SignIns => clients::measure_sign_ins(&mut self)?,
            Name::Keystream => keystream::measure(&mut self)?,
            Name::Relay => relay::measure(&mut self)?,
            Name::Window => window::measure(&mut self)?,
        }
        let elapsed = watch.elapsed();
        let (others, stolen) = Busy::now()?.others_since(then, elapsed);
        let name = self.name.as_str();
        let name = self
            .members
            .map_or_else(|| name.to_owned(), |members| format!("{name}-{members}"));
        Ok(Report {
            name,
            date: report::date(wall_clock_ms()),
            took_seconds: elapsed.as_secs_f64(),
            machine: Machine::this(),
            quiet: Quiet::of(load, others, stolen),
            settings: Settings::of(self.options, self.members),
            figures: self.sheet.figures(),
        })
    }
}

/// Measures what was asked for, shows it, and writes the reports.
pub fn run(options: &Options) -> ExitCode {
    let table = Table::new();
    match try_run(options, &table) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            table.failed(&error);
            ExitCode::FAILURE
        }
    }
}

fn try_run(options: &Options, table: &Table) -> anyhow::Result<()> {
    let programs = Programs::built()?;
    let parent = options.folder.clone().unwrap_or_else(std::env::temp_dir);
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("make {}", options.out.display()))?;
    raise_open_files();
    let names: Vec<Name> = Name::ALL
        .into_iter()
        .filter(|name| options.names.is_empty() || options.names.contains(name))
        .collect();
    let windowless = window::unavailable(&programs);
    for name in names {
        anyhow::ensure!(!is_interrupted(), "interrupted");
        if let Some(reason) = windowless.as_ref().filter(|_| name == Name::Window) {
            anyhow::ensure!(options.names.is_empty(), "no window here: {reason}");
            table.skipped(name, reason);
            continue;
        }
        let classes: Vec<Option<u32>> = match name {
            Name::Group => options.members.iter().copied().map(Some).collect(),
            Name::Messages
            | Name::File
            | Name::Idle
            | Name::Resumes
            | Name::SignIns
            | Name::Keystream
            | Name::Relay
            | Name::Window => vec![None],
        };
        for members in classes {
            let bench = Bench {
                options,
                programs: programs.clone(),
                parent: parent.clone(),
                table,
                sheet: Sheet::default(),
                name,
                members,
            };
            let report = bench.measure()?;
            report.write(&options.out)?;
            table.show(&report);
        }
    }
    table.end(&options.out);
    Ok(())
}

/// A thousand connections want more open files than a process may have at first on many systems.
#[cfg(unix)]
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays");
    }
}

#[cfg(not(unix))]
const fn raise_open_files() {}
