//! Everything that differs between operating systems. No other file of this package names one, or the toolkit below druid.

#[cfg(target_os = "linux")]
mod linux;

/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(target_os = "linux")]
pub const FONT_FAMILY: &str = "Noto Sans CJK SC";
/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(target_os = "windows")]
pub const FONT_FAMILY: &str = "Microsoft YaHei";
/// A font family that has Latin, Chinese and, by the system's substitution, emoji.
#[cfg(not(any(target_os = "linux", target_os = "windows")))]
pub const FONT_FAMILY: &str = "PingFang SC";
