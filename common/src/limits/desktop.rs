//! Bounds: the desktop client. See [`super`] for what all bounds obey.

/// Files of one drop or paste; more of them are an accident.
pub const DROPPED_FILES_MAX: usize = 100;
/// Pixels of a picture that is pasted: a screen of the largest size four times over.
pub const PASTED_PIXELS_MAX: u64 = 64 * 1024 * 1024;
/// Notices that the desktop has not shown yet.
pub const NOTICES_WAITING_MAX: usize = 8;
