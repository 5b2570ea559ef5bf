//! What the announcements on the local network are called; their values are hints of where to dial, never of whom to
//! trust.
//!
//! The rendezvous and the engine's discovery use these names; nobody else announces or browses.

/// Service type of a rendezvous.
pub const RENDEZVOUS_SERVICE: &str = "_hutong-rv._tcp.local.";
/// Service type of a client's direct listener.
pub const CLIENT_SERVICE: &str = "_hutong._udp.local.";
/// TXT key of both: version of the announcement.
pub const TXT_VERSION: &str = "v";
/// The only version so far.
pub const VERSION: &str = "1";
/// TXT key of a rendezvous: its `ServerId`, in base32.
pub const TXT_SERVER: &str = "s";
/// TXT key of a rendezvous: its name.
pub const TXT_NAME: &str = "n";
/// TXT key of a client: its tag of the day, which only holders of the discovery key can read.
pub const TXT_TAG: &str = "t";
