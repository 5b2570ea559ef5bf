//! Bounds: the desktop client. See [`super`] for what all bounds obey.

use super::MINUTE_MS;

/// Files of one drop or paste; more of them are an accident.
pub const DROPPED_FILES_MAX: usize = 100;
/// Pixels of a picture that is pasted: a screen of the largest size four times over.
pub const PASTED_PIXELS_MAX: u64 = 64 * 1024 * 1024;
/// Notices that the desktop has not shown yet.
pub const NOTICES_WAITING_MAX: usize = 8;
/// Notices whose click is waited for, each by a thread: more are not looked at one by one.
pub const NOTICES_FOLLOWED_MAX: usize = 16;
/// Memory for pictures as they are painted: a screen full of them, twice.
pub const PAINTED_BYTES_MAX: usize = 40 * 1024 * 1024;
/// Pictures whose measures are remembered after their pixels were let go, so that rows keep their heights.
pub const PICTURES_KNOWN_MAX: usize = 4_096;
/// Pictures waiting to be decoded; further ones are asked for again while they are seen.
pub const PICTURES_WAITING_MAX: usize = 64;
/// While pictures are being decoded, the window looks this often whether one is ready.
pub const PICTURE_LOOK_MS: u64 = 40;
/// Messages further apart than this have the time between them.
pub const TIME_BETWEEN_MS: u64 = 5 * MINUTE_MS;
/// Conversations of which the desktop tells nothing; a person mutes a few.
pub const MUTED_CONVERSATIONS_MAX: usize = 1_000;
/// Emoji that are offered first, as they were used lately.
pub const EMOJI_RECENT_MAX: usize = 24;
/// So many dropped files are sent without a question.
pub const UNASKED_FILES_MAX: usize = 5;
/// So large a dropped file is sent without a question.
pub const UNASKED_FILE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// From so many bytes before its end on, a message says how much may follow.
pub const TEXT_NEARLY_FULL_BYTES_MAX: usize = 1_500;
