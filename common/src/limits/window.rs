//! Bounds of the desktop client.

/// Messages that a window loads at a time: a few screens.
pub const WINDOW_PAGE_MESSAGES: usize = 60;
/// Messages of a day that are shown of the past at a time.
pub const WINDOW_PAST_MESSAGES: usize = 500;
/// Lines about what became of a group that a window keeps; they are of one session only.
pub const WINDOW_GROUP_LINES_MAX: usize = 200;
/// Members of a group that are offered at once while one names somebody.
pub const OFFERED_NAMES_MAX: usize = 6;
/// What a window may want at once, and not have got; more means that the engine hangs.
pub const WINDOW_EFFECTS_MAX: usize = 1_024;
/// A picture up to this size is fetched by itself, where the person likes that: any screenshot, no film.
pub const AUTO_PICTURE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// A home whose disk failed is opened anew after this time: somebody makes room meanwhile.
pub const HOME_RETRY_MS: u64 = 3_000;
/// Presses and releases of keys that are kept while the window waits for what another program has copied.
pub const KEPT_KEYS_MAX: usize = 1_024;
