//! What is measured, for whom, and what is aimed at.
//!
//! A [`Sheet`] collects samples of several runs; medians, ratios and whether a goal is met follow from it.

mod measure;
mod unit;

pub use measure::Measure;
use serde::Serialize;
use std::collections::BTreeMap;
pub use unit::Unit;

/// Who did the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The real programs.
    Hutong,
    /// A bare QUIC stream with the settings of our links, memory to memory.
    BareQuic,
    /// The same with quinn's own settings.
    BareQuicDefaults,
    /// A bare QUIC stream that reads and writes the same files, or syncs each message on both sides.
    BareQuicDisk,
    /// A plain TCP copy of the same files.
    TcpCopy,
    /// The same programs with one message to one member.
    OneMember,
    /// Bare TLS connections with raw public keys.
    BareTls,
    /// A window of the toolkit with a few words and nothing behind them.
    BareWindow,
    /// The crate `des`, block by block.
    Des,
    /// A plain TCP relay.
    TcpRelay,
    /// The same programs without the wrap of relayed sessions.
    Unwrapped,
    /// The same programs, computer to computer.
    Direct,
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// So much or more.
    AtLeast(f64),
    /// Less than so much.
    Below(f64),
    /// This share of what another reaches in the same run, or more.
    ShareOf(Who, f64),
    /// This share of what another takes in the same run, or less.
    AtMostOf(Who, f64),
}

/// Samples of all runs.
#[derive(Clone, Debug, Default)]
pub struct Sheet(BTreeMap<Measure, BTreeMap<Who, Vec<f64>>>);

impl Sheet {
    /// One more sample.
    pub fn note(&mut self, measure: Measure, who: Who, sample: f64) {
        let of_measure = self.0.entry(measure).or_default();
        of_measure.entry(who).or_default().push(sample);
    }

    /// What follows from the samples, in order.
    pub fn figures(&self) -> Vec<Figure> {
        let figures = self.0.iter();
        figures
            .map(|(measure, samples)| Figure::of(*measure, samples))
            .collect()
    }
}

/// One measure with everybody who did it.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub measure: Measure,
    /// In what it is counted.
    pub unit: Unit,
    /// What is aimed at.
    pub goal: Option<Goal>,
    /// Whether it was reached; nothing without a goal.
    pub reached: Option<bool>,
    /// Ours first.
    pub results: Vec<Measured>,
}

/// What one of them reached.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Who.
    pub who: Who,
    /// Middle of all samples.
    pub median: f64,
    /// Ours divided by this one.
    pub ours_to_this: Option<f64>,
    /// Every run, in order.
    pub samples: Vec<f64>,
}

impl Figure {
    fn of(measure: Measure, samples: &BTreeMap<Who, Vec<f64>>) -> Self {
        let medians: BTreeMap<Who, f64> = samples
            .iter()
            .map(|(who, samples)| (*who, percentile(samples, 50.0)))
            .collect();
        let ours = medians.get(&Who::Hutong).copied();
        let ratio = |who: &Who| Some(ours? / medians.get(who).filter(|other| **other > 0.0)?);
        let results = samples.iter().map(|(who, samples)| Measured {
            who: *who,
            median: percentile(samples, 50.0),
            ours_to_this: ratio(who).filter(|_| *who != Who::Hutong),
            samples: samples.clone(),
        });
        let goal = measure.goal();
        Self {
            measure,
            unit: measure.unit(),
            goal,
            reached: goal.and_then(|goal| match goal {
                Goal::AtLeast(least) => Some(ours? >= least),
                Goal::Below(bound) => Some(ours? < bound),
                Goal::ShareOf(who, share) => Some(ratio(&who)? >= share),
                Goal::AtMostOf(who, share) => Some(ratio(&who)? <= share),
            }),
            results: results.collect(),
        }
    }
}

/// The middle and the tail of many samples.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Percentiles {
    /// Half are at most this.
    pub p50: f64,
    /// 99 of 100 are at most this.
    pub p99: f64,
}

impl Percentiles {
    /// Of these samples.
    pub fn of(samples: &[f64]) -> Self {
        Self {
            p50: percentile(samples, 50.0),
            p99: percentile(samples, 99.0),
        }
    }
}

/// The sample that so many percent do not exceed; between two of them, their mean. Nothing is 0.
fn percentile(samples: &[f64], percent: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = percent / 100.0 * sorted.len().saturating_sub(1) as f64;
    let (low, high) = (rank.floor() as usize, rank.ceil() as usize);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    at(low) + (at(high) - at(low)) * rank.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_tail_are_those_of_the_sorted_samples() {
        let samples: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let percentiles = Percentiles::of(&samples);
        assert_eq!((percentiles.p50, percentiles.p99), (50.0, 99.0));
        assert_eq!(percentile(&[4.0, 1.0], 50.0), 2.5);
        assert_eq!(percentile(&[], 50.0), 0.0);
    }

    #[test]
    fn a_goal_is_judged_by_medians_of_the_same_run() {
        let judge = |ours: f64| {
            let mut sheet = Sheet::default();
            for (run, bare) in [100.0, 1.0, 90.0].into_iter().enumerate() {
                sheet.note(Measure::FileSpeed, Who::Hutong, ours * (1.0 + run as f64));
                sheet.note(Measure::FileSpeed, Who::BareQuicDisk, bare);
            }
            sheet.figures()[0].reached
        };
        assert_eq!(judge(32.0), Some(true), "64 of 90");
        assert_eq!(judge(31.0), Some(false), "62 of 90");
        let mut alone = Sheet::default();
        alone.note(Measure::FileSpeed, Who::Hutong, 1.0);
        assert_eq!(alone.figures()[0].reached, None, "with nothing to compare");
    }
}
