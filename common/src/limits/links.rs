//! Bounds: direct links between clients, and how these find each other. See [`super`] for what all bounds obey.

use super::DAY_MS;

// ---- Direct links ----

/// Links kept open at once.
pub const LINKS_MAX: usize = 64;
/// A dial must lead to a checked Hello within this time.
pub const DIAL_TIMEOUT_MS: u64 = 4_000;
/// Dials under way to one device.
pub const DIALS_PER_DEVICE_MAX: usize = 4;
/// Dials under way in all.
pub const DIALS_MAX: usize = 20;
/// A stranger's link is closed when no valid Hello came within this time.
pub const HELLO_TIMEOUT_MS: u64 = 2_000;
/// A frame on a direct link.
pub const DIRECT_FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Frames queued for one direct link; more wait in the outbox.
pub const LINK_QUEUE_MAX: usize = 512;
/// Incoming QUIC handshakes at once.
pub const INCOMING_HANDSHAKES_MAX: usize = 64;
/// A QUIC connection without packets for this long is dead.
pub const LINK_IDLE_TIMEOUT_MS: u64 = 60_000;
/// Keep-alive of a QUIC connection.
pub const LINK_KEEP_ALIVE_MS: u64 = 5_000;
/// Receive window of one QUIC stream: 1 Gbit/s over 16 ms. What lies in it is lost when a program is killed.
pub const STREAM_WINDOW_BYTES: u32 = 2 * 1024 * 1024;
/// Bytes that one QUIC connection keeps until they are acknowledged.
pub const LINK_SEND_BYTES: u64 = 2 * 1024 * 1024;
/// Receive window of one QUIC connection.
pub const LINK_WINDOW_BYTES: u32 = 8 * 1024 * 1024;
/// Largest UDP payload probed for.
pub const MTU_BYTES_MAX: u16 = 1452;
/// File streams that one peer may have open towards us.
pub const FILE_STREAMS_PER_LINK_MAX: u32 = 8;
/// A second link to one device is closed after this time: what was under way on it is answered by then.
pub const SPARE_LINK_MS: u64 = 10_000;
/// A conversation is recent, and its link kept, for this long after its last message.
pub const RECENT_CONVERSATION_MS: u64 = 7 * DAY_MS;
/// A link that came to nothing is tried again after this time, doubled up to the next bound.
pub const REDIAL_DELAY_MS_MIN: u64 = 2_000;
/// Longest pause between dials to an online contact.
pub const REDIAL_DELAY_MS_MAX: u64 = 60_000;
/// Smallest UDP port that a candidate may name.
pub const CANDIDATE_PORT_MIN: u16 = 1024;
/// How often a link's round-trip time is reported.
pub const ROUND_TRIP_REPORT_MS: u64 = 1_000;
/// A change of the round-trip time below this share is not reported, in percent.
pub const ROUND_TRIP_CHANGE_PERCENT_MIN: u64 = 10;
/// Links hear of a newer list of revocations after this time: most peers have it from the rendezvous by then, and lists
/// that follow each other are told as one.
pub const REVOCATIONS_SPREAD_MS: u64 = 5_000;
/// What is queued on a link that closes may still be sent for this long.
pub const LINK_CLOSE_TIMEOUT_MS: u64 = 500;
/// Bytes kept of a handshake that was not looked at yet.
pub const INCOMING_BUFFER_BYTES: u64 = 64 * 1024;
/// Wanted buffers of the UDP socket: a few milliseconds at 10 Gbit/s; the system may grant less.
pub const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;
/// How often the addresses of this computer are looked at.
pub const INTERFACES_POLL_MS: u64 = 3_000;

// ---- mDNS ----

/// Addresses read from one record.
pub const MDNS_ADDRESSES_MAX: usize = 8;
/// Peers remembered from mDNS.
pub const MDNS_PEERS_MAX: usize = 1_024;
/// A goodbye to the local network has left within this time, or never will.
pub const MDNS_GOODBYE_MS: u64 = 500;
/// The discovery key changes this often; the previous one is kept.
pub const DISCOVERY_KEY_LIFETIME_MS: u64 = 7 * DAY_MS;
