//! Bounds: the check of the network. See [`super`] for what all bounds obey.

use super::MINUTE_MS;

/// A check has its verdict within this time; whoever asked is told within 10 seconds, start and end of a program included.
pub const DOCTOR_MS_MAX: u64 = 8_000;
/// A sign-in under way is waited for this long before the rendezvous counts as away.
pub const DOCTOR_SIGN_IN_MS: u64 = 2_500;
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
