//! What is measured, for whom, and what is aimed at.
//!
//! A [`Sheet`] collects samples of several runs; medians, ratios and whether a goal is met follow from it.

mod unit;

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
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// From the command to the acknowledgement, with one message under way: the median.
    RoundTripP50,
    /// The same: what one of a hundred exceeds.
    RoundTripP99,
    /// From the command until it is durably in the sender's outbox: the median.
    AcceptedP50,
    /// Durable messages end to end with many in flight.
    Messages,
    /// From the command to the acknowledgement, with many in flight: the median.
    CrowdedTripP50,
    /// The same: what one of a hundred exceeds.
    CrowdedTripP99,
    /// From accepting a file until it is verified and under its name.
    FileSpeed,
    /// CPU of the sender for it, without hashing.
    SenderCpu,
    /// CPU of the receiver for it.
    ReceiverCpu,
    /// From the command to the offer: hashing.
    OfferSpeed,
    /// Largest memory of the sender, hashing included.
    SenderMemory,
    /// Largest memory of the receiver.
    ReceiverMemory,
    /// The same of a sender that was killed half way.
    ResumedSenderMemory,
    /// The same of a receiver that was killed half way.
    ResumedReceiverMemory,
    /// From the command until the last member of a class has a message durably and its sender knows it: the median.
    GroupTripP50,
    /// The same: what one of a hundred exceeds.
    GroupTripP99,
    /// Durable deliveries to members, with several messages in flight.
    GroupDeliveries,
    /// CPU of the rendezvous for one of them.
    GroupCpu,
    /// Memory of a rendezvous that 1 000 idle clients cost.
    IdleMemory,
    /// Known devices that connect and sign in.
    Resumes,
    /// CPU of the rendezvous for one of them.
    ResumeCpu,
    /// New devices that prove a password and enrol.
    SignIns,
    /// CPU of the rendezvous for one of them.
    SignInCpu,
    /// What the real client adds to a sign-in: stretching the password.
    Stretching,
    /// From the start of the program to the first painted window, on a home that is new.
    FirstWindow,
    /// The same, on the home of somebody who is signed in.
    FirstWindowAgain,
    /// From the start of the program until the conversations are painted.
    ChatsShown,
    /// Memory of the window then.
    WindowMemory,
    /// CPU of a window in which nothing happens, of one core.
    WindowIdle,
    /// Messages of a burst that an open window has painted by itself.
    BurstShown,
    /// From the first command of the sender until the last of them is painted.
    BurstTime,
    /// The longest frame meanwhile.
    BurstFrame,
    /// The same, without the time in which the window waited for a CPU that others had.
    BurstFrameAlone,
    /// Memory of the window once all bursts are shown.
    BurstMemory,
    /// A frame while the wheel goes through all of that and what lies before: the median.
    WheelP50,
    /// The same: what one of a hundred exceeds.
    WheelP99,
    /// The longest of them.
    WheelLongest,
    /// The same, without waiting for a CPU.
    WheelAlone,
    /// From the start of a program with a list of 100 000 messages until it is painted.
    ListShown,
    /// A frame while the wheel goes through them: the median.
    ListWheelP50,
    /// The same: what one of a hundred exceeds.
    ListWheelP99,
    /// The longest of them.
    ListWheelLongest,
    /// The same, without waiting for a CPU.
    ListWheelAlone,
    /// Memory of that program thereafter.
    ListMemory,
    /// The keystream of the DES wrap in ordinary registers.
    KeystreamPortable,
    /// The same with SSE2.
    KeystreamSse2,
    /// The same with AVX2.
    KeystreamAvx2,
    /// The same with AVX-512.
    KeystreamAvx512,
    /// Bytes through a session of the rendezvous' relay.
    RelaySpeed,
    /// CPU of the rendezvous for a gibibyte of them.
    RelayCpu,
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

impl Measure {
    /// In what it is counted.
    pub const fn unit(self) -> Unit {
        match self {
            Self::RoundTripP50
            | Self::RoundTripP99
            | Self::AcceptedP50
            | Self::CrowdedTripP50
            | Self::CrowdedTripP99
            | Self::ResumeCpu
            | Self::SignInCpu
            | Self::GroupCpu => Unit::Micros,
            Self::Stretching
            | Self::GroupTripP50
            | Self::GroupTripP99
            | Self::FirstWindow
            | Self::FirstWindowAgain
            | Self::ChatsShown
            | Self::BurstTime
            | Self::BurstFrame
            | Self::BurstFrameAlone
            | Self::WheelP50
            | Self::WheelP99
            | Self::WheelLongest
            | Self::WheelAlone
            | Self::ListShown
            | Self::ListWheelP50
            | Self::ListWheelP99
            | Self::ListWheelLongest
            | Self::ListWheelAlone
            | Self::RelayCpu => Unit::Millis,
            Self::WindowIdle | Self::BurstShown => Unit::Percent,
            Self::SenderCpu | Self::ReceiverCpu => Unit::CpuSeconds,
            Self::FileSpeed
            | Self::OfferSpeed
            | Self::KeystreamPortable
            | Self::KeystreamSse2
            | Self::KeystreamAvx2
            | Self::KeystreamAvx512
            | Self::RelaySpeed => Unit::Speed,
            Self::SenderMemory
            | Self::ReceiverMemory
            | Self::ResumedSenderMemory
            | Self::ResumedReceiverMemory
            | Self::IdleMemory
            | Self::WindowMemory
            | Self::BurstMemory
            | Self::ListMemory => Unit::Mebibytes,
            Self::Messages | Self::Resumes | Self::SignIns | Self::GroupDeliveries => {
                Unit::PerSecond
            }
        }
    }

    /// What is aimed at; nothing for what is only watched.
    pub const fn goal(self) -> Option<Goal> {
        match self {
            Self::FileSpeed => Some(Goal::ShareOf(Who::BareQuicDisk, 0.7)),
            Self::SenderMemory
            | Self::ReceiverMemory
            | Self::ResumedSenderMemory
            | Self::ResumedReceiverMemory => Some(Goal::Below(64.0)),
            Self::Messages => Some(Goal::AtLeast(1_000.0)),
            Self::IdleMemory => Some(Goal::Below(100.0)),
            Self::Resumes => Some(Goal::AtLeast(300.0)),
            Self::FirstWindow | Self::FirstWindowAgain => Some(Goal::Below(500.0)),
            Self::WindowIdle => Some(Goal::Below(1.0)),
            Self::BurstShown => Some(Goal::AtLeast(100.0)),
            Self::BurstFrame | Self::BurstFrameAlone => Some(Goal::Below(50.0)),
            Self::WheelP50
            | Self::WheelP99
            | Self::WheelLongest
            | Self::WheelAlone
            | Self::ListWheelP50
            | Self::ListWheelP99
            | Self::ListWheelLongest
            | Self::ListWheelAlone => Some(Goal::Below(8.0)),
            Self::ListShown => Some(Goal::Below(800.0)),
            Self::ListMemory => Some(Goal::Below(180.0)),
            Self::RelayCpu => Some(Goal::AtMostOf(Who::TcpRelay, 1.2)),
            Self::KeystreamSse2 => Some(Goal::ShareOf(Who::Des, 10.0)),
            Self::KeystreamAvx2 => Some(Goal::ShareOf(Who::Des, 25.0)),
            Self::KeystreamAvx512 => Some(Goal::ShareOf(Who::Des, 50.0)),
            Self::RoundTripP50
            | Self::RoundTripP99
            | Self::AcceptedP50
            | Self::CrowdedTripP50
            | Self::CrowdedTripP99
            | Self::SenderCpu
            | Self::ReceiverCpu
            | Self::GroupTripP50
            | Self::GroupTripP99
            | Self::GroupDeliveries
            | Self::GroupCpu
            | Self::OfferSpeed
            | Self::ResumeCpu
            | Self::SignIns
            | Self::SignInCpu
            | Self::Stretching
            | Self::ChatsShown
            | Self::WindowMemory
            | Self::BurstTime
            | Self::BurstMemory
            | Self::KeystreamPortable
            | Self::RelaySpeed => None,
        }
    }
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
