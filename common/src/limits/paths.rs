//! Bounds: the ways between two clients, how they are probed, and when one gives way to another. See [`super`] for what all
//! bounds obey.

use super::MINUTE_MS;

/// Probes of a way that is in use, while something is being sent.
pub const PROBE_INTERVAL_MS: u64 = 50;
/// Something is being sent for this long after the last packet.
pub const PATH_FLOW_MS: u64 = 200;
/// A direct way that has not answered for this long, beside its round-trip time, is helped by the relay.
pub const PATH_SILENCE_MS: u64 = 120;
/// A direct way that has not answered for this long is left.
pub const PATH_DEAD_MS: u64 = 800;
/// Unanswered probes that make a silence: a computer that was busy itself has only sent one.
pub const PATH_SILENT_PROBES_MIN: usize = 3;
/// Answers in a row before a direct way is taken.
pub const PATH_PONGS_MIN: u32 = 3;
/// Another direct way is better when its round-trip time is below this share of the one in use, in percent.
pub const PATH_BETTER_PERCENT: u64 = 70;
/// Direct addresses tried for one link.
pub const PATH_ADDRESSES_MAX: usize = 8;
/// Addresses that have no answer are tried again after this time, doubled up to the next bound.
pub const PATH_SURVEY_MS_MIN: u64 = 1_000;
/// Longest pause before they are tried again.
pub const PATH_SURVEY_MS_MAX: u64 = 30_000;
/// Probes to an address in one try.
pub const PATH_SURVEY_PROBES: u32 = 2;
/// Probes of one link that wait for their answers.
pub const PROBES_OUTSTANDING_MAX: usize = 64;
/// Addresses known to the socket, links or not.
pub const PATH_VIRTUAL_MAX: usize = 1_024;
/// Packets to an address that never answered.
pub const PATH_UNANSWERED_MAX: u32 = 3;
/// Packets and probes to addresses that never answered, per second and in all; what was answered does not count.
pub const PATH_UNANSWERED_PER_SECOND_MAX: u64 = 20;
/// That many of them may go at once.
pub const PATH_UNANSWERED_BURST_MAX: u64 = 40;

// ---- Relayed sessions, at their ends ----

/// A dial without an answer for this long is helped by the relay.
pub const RELAY_AFTER_MS: u64 = 800;
/// Sessions that one side opens to one device within [`RELAY_OPENS_WITHIN_MS`].
pub const RELAY_OPENS_MAX: usize = 6;
/// See [`RELAY_OPENS_MAX`].
pub const RELAY_OPENS_WITHIN_MS: u64 = MINUTE_MS;
/// Bytes that wait for a session's TCP connection: at least what QUIC sends without an answer. More are dropped, as on any
/// network.
pub const RELAY_QUEUE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes that came by relay and wait for QUIC; beyond them nothing more is read.
pub const RELAY_RECEIVED_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Bytes of frames handed to the TCP connection at once.
pub const RELAY_WRITE_BYTES: usize = 128 * 1024;
/// A session over which no packet went for this long is closed.
pub const RELAY_UNUSED_MS: u64 = MINUTE_MS;
/// How often each end of a session asks whether the other one is there.
pub const RELAY_PING_MS: u64 = 1_000;
/// A session from which nothing came for this long is dead.
pub const RELAY_SILENCE_MS: u64 = 3_000;
/// What was sent must be acknowledged by the other computer within this time, where the system can be asked for it.
pub const RELAY_USER_TIMEOUT_MS: u64 = 2_000;
