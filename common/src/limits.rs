//! Every bound of the system, with units in the names and the reason beside each.
//!
//! A file per subject, one list for all who use them. Nothing else in the project writes such a number. Relations
//! between bounds are asserted at compile time below.

mod client;
mod control;
mod desktop;
mod doctor;
mod files;
mod groups;
mod links;
mod messages;
mod paths;
mod people;
mod rendezvous;
mod window;

pub use client::*;
pub use control::*;
pub use desktop::*;
pub use doctor::*;
pub use files::*;
pub use groups::*;
pub use links::*;
pub use messages::*;
pub use paths::*;
pub use people::*;
pub use rendezvous::*;
pub use window::*;

/// One minute.
pub const MINUTE_MS: u64 = 60_000;
/// One hour.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// One day.
pub const DAY_MS: u64 = 24 * HOUR_MS;

const _: () = {
    assert!(
        SEEN_LIFETIME_MS >= OUTBOX_LIFETIME_MS + MAIL_LIFETIME_MS,
        "a late copy must still be known"
    );
    assert!(
        CONTENT_BYTES_MAX > TEXT_BYTES_MAX + MENTIONS_MAX * 10
            && CONTENT_BYTES_MAX > THUMBNAIL_BYTES_MAX
    );
    assert!(
        SIGNED_BYTES_MAX > CONTENT_BYTES_MAX + 1024,
        "a signed message holds any content"
    );
    assert!(MAIL_BODY_BYTES_MAX > 2 * (SIGNED_BYTES_MAX + 1024) + MAIL_PADDING_LARGE_BYTES);
    assert!(
        MAIL_BODY_BYTES_MAX + MAIL_RECIPIENTS_MAX * 128 < FRAME_BYTES_MAX,
        "a full mail fits a frame"
    );
    assert!(
        SHEET_BYTES_MAX > SHEET_MEMBERS_MAX * 31 + NOTICE_BYTES_MAX + 1024
            && SHEET_BYTES_MAX <= REVOCATIONS_BYTES_MAX
            && GROUP_MEMBERS_MAX <= SHEET_MEMBERS_MAX,
        "any sheet can be signed"
    );
    assert!(
        GROUP_MEMBERS_MAX <= MAIL_RECIPIENTS_MAX,
        "a group fits one envelope"
    );
    assert!(
        MAIL_PAGE_BYTES_MAX + MAIL_BODY_BYTES_MAX + MAIL_PAGE_MAX * 256 < FRAME_BYTES_MAX,
        "a mail page fits a frame"
    );
    assert!(
        SILENCE_MAX_MS > 2 * PING_INTERVAL_MS,
        "one lost ping is no silence"
    );
    assert!(SHUTDOWN_DRAIN_MS < SHUTDOWN_TIMEOUT_MS);
    assert!(ANONYMOUS_CONNECTIONS_PER_IP_CAMPUS_MAX < ANONYMOUS_CONNECTIONS_MAX);
    assert!(
        CONNECTIONS_MAX * FRAME_SMALL_BYTES_MAX < FRAME_MEMORY_BYTES_MAX,
        "small frames of everybody are no more than large ones may be"
    );
    assert!(
        AGENT_LINE_BYTES_MAX > 6 * TEXT_BYTES_MAX + 64 * 1024,
        "any text fits a line, however it is escaped"
    );
    assert!(
        AGENT_COMMANDS_MAX <= COMMANDS_WAITING_MAX,
        "asking never waits"
    );
    assert!(MEMBERSHIP_RENEW_BELOW_MS < MEMBERSHIP_LIFETIME_MS);
    assert!(
        LOGIN_KEPT_MS > MEMBERSHIP_LIFETIME_MS + MEMBERSHIP_LATE_MS,
        "a login has one owner in everybody's eyes"
    );
    assert!(
        ADMIN_LINE_BYTES_MAX as usize > ACCOUNT_PAGE_MAX * 1024 + 16 * 1024,
        "a page of accounts fits a line"
    );
};
