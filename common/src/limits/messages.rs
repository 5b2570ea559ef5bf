//! Bounds: messages, mail, and how they are tried again. See [`super`] for what all bounds obey.

use super::{DAY_MS, HOUR_MS, MINUTE_MS};

/// Text of one message.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Text of an announcement: a page in large letters.
pub const ANNOUNCEMENT_BYTES_MAX: usize = 4 * 1024;
/// Announcements that one account may make in an hour, so that they stay something to look up at.
pub const ANNOUNCEMENTS_AN_HOUR_MAX: usize = 10;
/// An announcement to the LAN is for those who are there: nobody gets it later than this.
pub const LAN_ANNOUNCEMENT_LIFETIME_MS: u64 = HOUR_MS;
/// Whom an announcement has not reached after this time, though he is online, is said to be out of reach.
pub const ANNOUNCEMENT_PATIENCE_MS: u64 = 10_000;
/// A picture's thumbnail.
pub const THUMBNAIL_BYTES_MAX: usize = 24 * 1024;
/// Content of one message of any kind.
pub const CONTENT_BYTES_MAX: usize = 48 * 1024;
/// People mentioned in one message.
pub const MENTIONS_MAX: usize = 64;
/// Body of one mail: signed message, signed card, padding.
pub const MAIL_BODY_BYTES_MAX: usize = 160 * 1024;
/// Recipients of one mail.
pub const MAIL_RECIPIENTS_MAX: usize = 500;
/// Mail rows in one answer.
pub const MAIL_PAGE_MAX: usize = 256;
/// Bytes of mail bodies in one answer, so that a page fits a frame.
pub const MAIL_PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Acknowledgements in one request.
pub const MAIL_ACKS_MAX: usize = 256;
/// Mail and its receipts wait this long.
pub const MAIL_LIFETIME_MS: u64 = 30 * DAY_MS;
/// Outstanding messages per recipient.
pub const MAIL_PER_RECIPIENT_MAX: u64 = 10_000;
/// Outstanding messages from one sender to one recipient.
pub const MAIL_PER_PAIR_MAX: u64 = 1_000;
/// Outstanding bytes per recipient.
pub const MAIL_BYTES_PER_RECIPIENT_MAX: u64 = 64 * 1024 * 1024;
/// Outstanding bytes from one sender to one recipient.
pub const MAIL_BYTES_PER_PAIR_MAX: u64 = 8 * 1024 * 1024;
/// Mail is padded to this step up to [`MAIL_PADDING_SMALL_UP_TO_BYTES`].
pub const MAIL_PADDING_SMALL_BYTES: usize = 256;
/// Where the small padding step ends.
pub const MAIL_PADDING_SMALL_UP_TO_BYTES: usize = 4096;
/// The padding step of larger mail.
pub const MAIL_PADDING_LARGE_BYTES: usize = 4096;
/// A message that could not be handed over is given up after this time.
pub const OUTBOX_LIFETIME_MS: u64 = 30 * DAY_MS;
/// Messages already seen are remembered longer than any copy can be under way.
pub const SEEN_LIFETIME_MS: u64 = 90 * DAY_MS;
/// Pauses between tries of one message; the last one repeats.
pub const RETRY_DELAYS_MS: [u64; 7] = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000];
/// Pauses vary by up to this share either way, in percent.
pub const RETRY_JITTER_PERCENT: u64 = 20;
/// Without `Stored` on a live link for this long, the message is also left at the rendezvous.
pub const STORED_TIMEOUT_MS: u64 = 2_000;
/// A message waits this long for a dial under way before it goes by mail.
pub const DIAL_WAIT_MS: u64 = 1_500;
/// Messages sent to one peer or the rendezvous and not yet answered.
pub const OUTBOX_IN_FLIGHT_MAX: usize = 256;
/// Messages waiting in one outbox.
pub const OUTBOX_MAX: usize = 20_000;
/// A remote clock more than this ahead does not move ours.
pub const CLOCK_AHEAD_MS: u64 = 5 * MINUTE_MS;
/// A remote clock more than this behind the newest message shown is placed by arrival.
pub const CLOCK_BEHIND_MS: u64 = 48 * HOUR_MS;
/// A computer's clock this far from the rendezvous' is worth a warning.
pub const CLOCK_WARN_MS: u64 = 2 * MINUTE_MS;
/// A message beyond a gap is told after this time even if the gap is not filled.
pub const GAP_WAIT_MS: u64 = 3_000;
/// Deposits at the rendezvous that wait for their answer, so that one conversation does not crowd out the rest.
pub const DEPOSITS_IN_FLIGHT_MAX: usize = 16;
/// Messages given up for their age are looked for this often.
pub const OUTBOX_SWEEP_MS: u64 = HOUR_MS;
/// History rows in one answer.
pub const HISTORY_PAGE_MAX: usize = 1_000;
/// History rows when no number is asked for.
pub const HISTORY_PAGE_DEFAULT: usize = 50;

/// Mail rows looked at in one step while making room.
pub const MAIL_SWEEP_MAX: usize = 64;
/// Mail rows dropped at most to make room for a new one: one body of the largest size may replace many small ones.
pub const MAIL_EVICTIONS_MAX: usize = 64;
/// A sender whose quota is full tries again after this time.
pub const MAIL_QUOTA_RETRY_MS: u64 = 5 * MINUTE_MS;
/// The body of a signed receipt: a server, a device, a message and a time make 74 at most.
pub const RECEIPT_BYTES_MAX: usize = 128;
