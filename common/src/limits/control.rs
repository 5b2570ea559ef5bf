//! Bounds: the connection between a client and the rendezvous. See [`super`] for what all bounds obey.

use super::HOUR_MS;

// ---- Control connection ----

/// Default port of a rendezvous, TCP.
pub const CONTROL_PORT: u16 = 7440;
/// A frame before sign-in.
pub const FRAME_ANONYMOUS_BYTES_MAX: usize = 64 * 1024;
/// A frame after sign-in: the avatar, and mail with its recipients.
pub const FRAME_BYTES_MAX: usize = 1536 * 1024;
/// The TLS handshake must be finished within this time.
pub const HANDSHAKE_TIMEOUT_MS: u64 = 5_000;
/// The first request must come within this time.
pub const FIRST_REQUEST_TIMEOUT_MS: u64 = 10_000;
/// A frame must be whole within this time after its first byte.
pub const FRAME_TIMEOUT_MS: u64 = 15_000;
/// Requests on a connection that has not signed in.
pub const ANONYMOUS_REQUESTS_MAX: u32 = 8;
/// Clients ping this often.
pub const PING_INTERVAL_MS: u64 = 20_000;
/// A connection without any frame for this long is dead.
pub const SILENCE_MAX_MS: u64 = 60_000;
/// Connections that have not signed in, in all; beyond them whoever has most gives up its oldest.
pub const ANONYMOUS_CONNECTIONS_MAX: usize = 512;
/// Connections that have not signed in, per address (/64 for IPv6); loopback is exempt.
pub const ANONYMOUS_CONNECTIONS_PER_IP_MAX: usize = 64;
/// The same on a campus, where many computers share an address; somebody else always finds a place.
pub const ANONYMOUS_CONNECTIONS_PER_IP_CAMPUS_MAX: usize = 384;
/// Bytes of large frames that are under way or wait for their commit, of all connections together.
pub const FRAME_MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Frames up to this length are not counted there, so that a message never waits for somebody's large frame.
pub const FRAME_SMALL_BYTES_MAX: usize = 8 * 1024;
/// Connections in all.
pub const CONNECTIONS_MAX: usize = 20_000;
/// Requests of one connection that wait for their commit: enough to fill a batch.
pub const REQUESTS_IN_FLIGHT_MAX: usize = 64;
/// A larger request counts once more for every so many bytes, so that others do not wait behind one client's large mails:
/// the writer takes requests in the order in which they come.
pub const REQUEST_BYTES_PER_PLACE: usize = 8 * 1024;
/// Pushes waiting for one client; more are dropped, the truth is fetched.
pub const PUSH_QUEUE_MAX: usize = 256;
/// Bytes of pushes waiting for one client.
pub const PUSH_QUEUE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Requests waiting for the writer thread.
pub const WRITER_QUEUE_MAX: usize = 1024;
/// Requests in one commit.
pub const WRITER_BATCH_MAX: usize = 64;
/// A connection attempt to the rendezvous, TCP and TLS together.
pub const SERVER_CONNECT_TIMEOUT_MS: u64 = 5_000;
/// An answer to a request; then the connection is given up.
pub const REPLY_TIMEOUT_MS: u64 = 30_000;
/// First pause before reconnecting.
pub const RECONNECT_DELAY_MS_MIN: u64 = 500;
/// Longest pause before reconnecting.
pub const RECONNECT_DELAY_MS_MAX: u64 = 30_000;
/// Longest pause that another side can ask of a client.
pub const PAUSE_MS_MAX: u64 = HOUR_MS;
/// After `replaced`, a client stays away this long.
pub const REPLACED_DELAY_MS: u64 = 60_000;
/// A stopping rendezvous asks clients back after a random time of at least this.
pub const SHUTDOWN_RETRY_MS_MIN: u64 = 1_000;
/// A stopping rendezvous asks clients back after a random time up to this.
pub const SHUTDOWN_RETRY_MS_MAX: u64 = 10_000;
/// A stopping rendezvous is gone after this time, whatever still waits.
pub const SHUTDOWN_TIMEOUT_MS: u64 = 15_000;
/// Of that time, clients and what they asked for get this much.
pub const SHUTDOWN_DRAIN_MS: u64 = 12_000;
/// Candidates of one device.
pub const CANDIDATES_MAX: usize = 8;
/// Hosts in an invite link.
pub const INVITE_HOSTS_MAX: usize = 8;
/// An invite link: all its hosts and the rest, every byte of them escaped, with room for later parameters.
pub const INVITE_BYTES_MAX: usize = 8 * 1024;
/// Name of a host, the longest in DNS.
pub const HOST_BYTES_MAX: usize = 253;
/// An invitation is good for this many days when no number is asked for.
pub const INVITE_DAYS_DEFAULT: u32 = 7;
/// Longest life of an invitation, in days: one school year.
pub const INVITE_DAYS_MAX: u32 = 365;
/// Accounts that one invitation may register: a large school.
pub const INVITE_USES_MAX: u32 = 10_000;
/// A code for a forgotten password is good for this long: until the next lesson.
pub const RESET_CODE_LIFETIME_MS: u64 = 7 * 24 * HOUR_MS;
/// An invite token or one-time code, in bytes.
pub const CODE_BYTES_MAX: usize = 64;

// ---- Relay ----

/// A relay join must be whole within this time.
pub const RELAY_JOIN_TIMEOUT_MS: u64 = 10_000;
/// A frame of a relayed session, without the length in front of it.
pub const RELAY_FRAME_BYTES_MAX: usize = 32 * 1024;
/// Blocks of eight bytes that go under one key of a relayed session: 1 MiB.
pub const RELAY_EPOCH_BLOCKS_MAX: usize = 1 << 17;
