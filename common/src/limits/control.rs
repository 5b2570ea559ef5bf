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

/// A session must be joined within this time after its grant, a join be whole, and one end waits this long for the other.
pub const RELAY_JOIN_TIMEOUT_MS: u64 = 10_000;
/// A ticket with less time than this is not given out once more: a computer far away would come too late.
pub const RELAY_TICKET_MS_MIN: u64 = 2_000;
/// Sessions opened by one account.
pub const RELAY_SESSIONS_PER_ACCOUNT_MAX: usize = 16;
/// Sessions in all.
pub const RELAY_SESSIONS_MAX: usize = 512;
/// Sessions of two devices that begin in a minute: beyond that there is mail.
pub const RELAY_SESSIONS_A_MINUTE_MAX: u64 = 6;
/// A session through which nothing goes for this long ends.
pub const RELAY_IDLE_TIMEOUT_MS: u64 = 60_000;
/// How often it is looked at in that time.
pub const RELAY_IDLE_LOOKS: u64 = 4;
/// What is on its way from one end to the other: one buffer for each direction, 64 MiB for all sessions.
pub const RELAY_BUFFER_BYTES: usize = 64 * 1024;
/// Wanted for each way of a leg by the system: 100 MB/s over 5 ms. It may take the double, and would take twenty times that
/// for whoever sends without listening.
pub const RELAY_SOCKET_BYTES: usize = 512 * 1024;
/// Where the rate is limited, as much goes in one turn as the rate allows this often a second: a word waits for few others.
pub const RELAY_TURNS_A_SECOND: u64 = 1_500;
/// At least so much goes in one turn: ten packets of QUIC.
pub const RELAY_CHUNK_BYTES_MIN: usize = 16 * 1024;
/// A rate that was not used is made up for within this time: timers are no more exact.
pub const RELAY_CREDIT_MS: u64 = 50;
/// The slowest rate that can be set, in bytes a second: below it no connection would stand.
pub const RELAY_RATE_MIN: u64 = 64 * 1024;
/// All sessions together, in bytes a second: most of a gigabit, and room for the control connections.
pub const RELAY_TOTAL_RATE: u64 = 100_000_000;
/// One session on a campus, in bytes a second: ten of them fill that.
pub const RELAY_RATE_CAMPUS: u64 = 10_000_000;
/// A leg that says nothing is asked this often whether it is there.
pub const RELAY_KEEP_ALIVE_MS: u64 = 10_000;
/// A leg that takes nothing for this long is dead.
pub const RELAY_DEATH_MS: u64 = 10_000;
/// A frame of a relayed session, without the length in front of it: four sends of QUIC, of ten packets each.
pub const RELAY_FRAME_BYTES_MAX: usize = 60 * 1024;
/// Blocks of eight bytes that go under one key of a relayed session: 1 MiB.
pub const RELAY_EPOCH_BLOCKS_MAX: usize = 1 << 17;
