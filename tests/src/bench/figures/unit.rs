//! In what the figures are counted.

use serde::Serialize;

/// In what it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Microseconds.
    #[serde(rename = "µs")]
    Micros,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Seconds of CPU.
    #[serde(rename = "s")]
    CpuSeconds,
    /// Millions of bytes a second.
    #[serde(rename = "MB/s")]
    Speed,
    /// Mebibytes.
    #[serde(rename = "MiB")]
    Mebibytes,
    /// Times a second.
    #[serde(rename = "1/s")]
    PerSecond,
    /// Hundredths.
    #[serde(rename = "%")]
    Percent,
}

impl Unit {
    /// As it is written behind a number.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Micros => "µs",
            Self::Millis => "ms",
            Self::CpuSeconds => "s",
            Self::Speed => "MB/s",
            Self::Mebibytes => "MiB",
            Self::PerSecond => "/s",
            Self::Percent => "%",
        }
    }
}
