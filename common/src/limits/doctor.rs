//! Bounds: the check of the network. See [`super`] for what all bounds obey.

use super::MINUTE_MS;

/// A check has its verdict within this time; whoever asked is told within 10 seconds, start and end of a program included.
pub const DOCTOR_MS_MAX: u64 = 8_000;
/// A sign-in under way is waited for this long before the rendezvous counts as away.
pub const DOCTOR_SIGN_IN_MS: u64 = 2_500;
/// A connected rendezvous that has not answered by now is knocked at anew: its connection may be dead without anybody having
/// said so.
pub const DOCTOR_PING_MS: u64 = 1_500;
/// Checks of one program at once.
pub const DOCTOR_CHECKS_MAX: usize = 4;
/// Addresses of a rendezvous that are tried at once.
pub const DOCTOR_HOSTS_MAX: usize = 4;
/// A connection to the rendezvous stands within this time. Longer than a computer looks for another one on its own
/// network before it says that there is none, which takes 3 seconds.
pub const DOCTOR_CONNECT_MS: u64 = 4_000;
/// What answers there shows in this time whether it is a rendezvous or a web page.
pub const DOCTOR_ANSWER_MS: u64 = 1_500;
/// Interfaces of a computer that are shown.
pub const DOCTOR_INTERFACES_MAX: usize = 32;
/// Another computer under this device's key is told of for this long after it was seen.
pub const DOCTOR_TWICE_MS: u64 = 10 * MINUTE_MS;
/// A clock that is further off than this makes people look for messages in the wrong place.
pub const DOCTOR_CLOCK_MS: u64 = 5 * MINUTE_MS;
/// A refusal on the way that comes sooner is a firewall's: a computer that is missed on its own network is looked for
/// longer.
pub const DOCTOR_REJECTION_MS: u64 = 500;

// ---- Packets of a check ----

/// Small packets that one check sends to the rendezvous.
pub const CHECK_SMALL_PACKETS: u8 = 5;
/// Pause between them.
pub const CHECK_PAUSE_MS: u64 = 30;
/// Large packets of the burst after them: a moment of a file.
pub const CHECK_LARGE_PACKETS: u8 = 20;
/// Bytes of a large packet: what every network carries in one piece.
pub const CHECK_LARGE_BYTES: usize = 1_200;
/// What has not come back by now is lost.
pub const CHECK_ANSWER_MS: u64 = 1_000;
/// Packets that one side of a check sends to each address of the other.
pub const CHECK_KNOCKS: u8 = 5;
/// Pause between them: the other side may begin to listen a little later.
pub const CHECK_KNOCK_PAUSE_MS: u64 = 250;
/// What the other side sent is waited for this long in all.
pub const CHECK_LISTEN_MS: u64 = 2_000;
/// The other side has reported by now, or does not.
pub const CHECK_REPORT_MS: u64 = 4_500;
/// Checks of others that one program takes part in at once.
pub const CHECKS_HOSTED_MAX: usize = 4;

// ---- Checks at a rendezvous ----

/// Packets that one token is answered for.
pub const CHECK_PACKETS_MAX: u32 = 64;
/// A token counts for this long.
pub const CHECK_TOKEN_MS: u64 = 30_000;
/// Tokens of UDP checks at once.
pub const CHECK_TOKENS_MAX: usize = 1_024;
/// Tokens of one account at once: own checks and those of others.
pub const CHECK_TOKENS_PER_ACCOUNT_MAX: usize = 8;
/// Checks between devices at once.
pub const PATH_CHECKS_MAX: usize = 256;
/// The same two accounts are checked this often.
pub const PATH_CHECK_INTERVAL_MS: u64 = 5_000;
