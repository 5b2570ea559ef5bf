//! Bounds: names, keys, devices, passwords and friends. See [`super`] for what all bounds obey.

use super::{DAY_MS, HOUR_MS, MINUTE_MS};

// ---- People and names ----

/// The first account's number: five digits are easy to say, and those below are for nobody.
pub const ACCOUNT_ID_FIRST: u64 = 10_001;
/// Shortest login, in characters.
pub const LOGIN_CHARS_MIN: usize = 2;
/// Longest login, in characters.
pub const LOGIN_CHARS_MAX: usize = 32;
/// Longest display name or remark, in characters.
pub const NAME_CHARS_MAX: usize = 32;
/// Longest display name in bytes: four bytes a character.
pub const NAME_BYTES_MAX: usize = 4 * NAME_CHARS_MAX;
/// A signature line: one sentence.
pub const SIGNATURE_BYTES_MAX: usize = 256;
/// The greeting of a friend request: two sentences.
pub const GREETING_BYTES_MAX: usize = 256;
/// The label of a device, for its owner's list.
pub const LABEL_BYTES_MAX: usize = 32;
/// An avatar after cropping and re-encoding.
pub const AVATAR_BYTES_MAX: usize = 64 * 1024;
/// Width and height of an avatar: sharp beside a name, and small as JPEG.
pub const AVATAR_SIDE_PX: u32 = 256;
/// A file from which an avatar is made: any photo of a camera or telephone.
pub const PICTURE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Width or height of such a picture: no camera makes a longer side.
pub const PICTURE_SIDE_PX_MAX: u32 = 8_192;
/// Width times height of such a picture: cameras make fewer, and a header that lies costs no more memory than these.
pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
/// Memory for one decoded picture: four bytes for each of those pixels, and slack for what a decoder needs beside.
pub const PICTURE_DECODED_BYTES_MAX: u64 = 5 * PICTURE_PIXELS_MAX;
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password, in characters: long enough for a sentence.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Name of a rendezvous, in bytes.
pub const SERVER_NAME_BYTES_MAX: usize = 64;

// ---- Keys and devices ----

/// Own computers of one account.
pub const OWN_DEVICES_MAX: usize = 5;
/// Shared seats of one account; they expire by themselves.
pub const SEATS_MAX: usize = 20;
/// Devices in one card.
pub const DEVICES_MAX: usize = OWN_DEVICES_MAX + SEATS_MAX;
/// An own computer stays in the card for a year.
pub const OWN_DEVICE_LIFETIME_MS: u64 = 365 * DAY_MS;
/// A shared seat stays in the card for half a day: one day of lessons.
pub const SEAT_LIFETIME_MS: u64 = 12 * HOUR_MS;
/// Seal keys kept, so that mail sealed before a rotation still opens.
pub const SEAL_SEEDS_MAX: usize = 3;
/// A vault: the account seed and the seal seeds, sealed.
pub const VAULT_BYTES_MAX: usize = 4096;
/// A signed object on the wire: the largest is a message with a thumbnail.
pub const SIGNED_BYTES_MAX: usize = 64 * 1024;
/// Accounts in one revocation list.
pub const REVOCATIONS_MAX: usize = 4096;
/// A revocation list in bytes: 4096 rows of about 100 bytes, and slack.
pub const REVOCATIONS_BYTES_MAX: usize = 512 * 1024;
/// Revocations are kept this long; devices and memberships that old have expired.
pub const REVOCATION_LIFETIME_MS: u64 = 30 * DAY_MS;
/// A membership is valid this long.
pub const MEMBERSHIP_LIFETIME_MS: u64 = 14 * DAY_MS;
/// A membership with less than this left is made anew.
pub const MEMBERSHIP_RENEW_BELOW_MS: u64 = 10 * DAY_MS;
/// A membership is accepted this long before it begins: wrong clocks of other computers.
pub const MEMBERSHIP_EARLY_MS: u64 = 48 * HOUR_MS;
/// A membership is accepted this long after its end: the class goes on without its rendezvous.
pub const MEMBERSHIP_LATE_MS: u64 = 14 * DAY_MS;

// ---- OPAQUE and its key stretching (RFC 9807, RFC 9106) ----

/// Argon2id memory, in KiB.
pub const ARGON2_MEMORY_KIB: u32 = 64 * 1024;
/// Argon2id passes.
pub const ARGON2_PASSES: u32 = 3;
/// Argon2id lanes.
pub const ARGON2_LANES: u32 = 1;
/// Any OPAQUE message: the largest has 320 bytes.
pub const OPAQUE_BYTES_MAX: usize = 512;
/// A sign-in whose card changed meanwhile is begun again this often: more would pass `ANONYMOUS_REQUESTS_MAX`.
pub const SIGN_IN_TRIES_MAX: u32 = 1;
/// An OPAQUE finish on a connection allows enrolling and password changes this long.
pub const PASSWORD_PROOF_LIFETIME_MS: u64 = 5 * MINUTE_MS;

// ---- Friends ----

/// Contacts of one account.
pub const CONTACTS_MAX: usize = 2_000;
/// Contacts in one answer: cards of a few hundred bytes each, so that a page fits a frame.
pub const CONTACT_PAGE_MAX: usize = 64;
/// Friend requests that one account may have open.
pub const REQUESTS_OPEN_MAX: usize = 200;
/// Friend requests in one answer.
pub const REQUESTS_LISTED_MAX: usize = 400;
/// After a decline, the same person is not asked again for this long.
pub const DECLINED_SILENCE_MS: u64 = 24 * HOUR_MS;
