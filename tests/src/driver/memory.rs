//! How much memory a program holds, as Linux tells it.

use anyhow::Context;

const KIB: u64 = 1024;

/// Resident memory of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub now_bytes: u64,
    /// The most it ever was.
    pub peak_bytes: u64,
}

impl Memory {
    /// That of the process with this number.
    ///
    /// # Errors
    /// When it has ended, or this is no Linux.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))
            .with_context(|| format!("memory of process {process}, which only Linux tells"))?;
        let bytes = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
            kib.map(|kib| kib * KIB).context("a number of KiB")
        };
        Ok(Self {
            now_bytes: bytes("VmRSS:")?,
            peak_bytes: bytes("VmHWM:")?,
        })
    }
}
