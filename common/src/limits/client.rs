//! Bounds: queues and databases of one program. See [`super`] for what all bounds obey.

use super::DAY_MS;

// ---- Engine queues ----

/// Inputs waiting for the core.
pub const INPUT_QUEUE_MAX: usize = 4_096;
/// Inputs handled in one transaction.
pub const INPUT_BATCH_MAX: usize = 64;
/// Outputs of the core waiting for the network's thread, which never waits for the core.
pub const OUTPUT_QUEUE_MAX: usize = 1_024;
/// Commands of one listener that are not answered yet.
pub const COMMANDS_WAITING_MAX: usize = 256;
/// A stopping engine waits this long for messages under way.
pub const STOP_OUTBOX_MS: u64 = 2_000;
/// A stopping engine waits this long for its connections to close.
pub const STOP_LINKS_MS: u64 = 1_000;
/// Signing out waits this long for messages under way, and as long again for the rendezvous.
pub const LEAVE_STEP_MS: u64 = 4_000;
/// Transfers have this long to let go of files that are to be removed.
pub const SCRUB_WAIT_MS: u64 = 2_000;
/// Events waiting for one listener; a slower one is told how many it missed.
pub const EVENT_QUEUE_MAX: usize = 16_384;

// ---- Command line and agent ----

/// One line of JSON to an agent: the longest text with every byte escaped, and a path.
pub const AGENT_LINE_BYTES_MAX: usize = 256 * 1024;
/// One line of JSON from an agent of this computer: a full page of history with the longest texts, escaped.
pub const REPLY_LINE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Commands that one program may have unanswered; further lines wait.
pub const AGENT_COMMANDS_MAX: usize = 64;
/// What is told a program at once is gathered up to about so much, and then written: a class in which all speak tells
/// thousands of events a second.
pub const AGENT_WRITE_BYTES: usize = 64 * 1024;
/// Programs that talk to one running client through its local socket at once.
pub const LOCAL_CLIENTS_MAX: usize = 32;
/// How long a second window waits for the first one to answer: that takes milliseconds, or never happens.
pub const LOCAL_ANSWER_MS: u64 = 2_000;
/// A command waits this long for another one that holds the home, before it gives up.
pub const HOME_WAIT_MS: u64 = 5_000;
/// Pause between two looks at a home that is held.
pub const HOME_WAIT_STEP_MS: u64 = 50;
/// A command that needs the rendezvous waits this long for the sign-in.
pub const ONLINE_WAIT_MS: u64 = super::SERVER_CONNECT_TIMEOUT_MS + 3_000;
/// A command that reads the home waits this long for what waits at the rendezvous: enough on a LAN, and not long without.
pub const HOME_UPDATE_WAIT_MS: u64 = 2_000;
/// A client that has just started listens this long before it says which rendezvous nodes there are: mDNS answers come
/// within one second.
pub const SERVERS_LOOK_MS: u64 = 1_500;
/// After an interrupt, whatever is left to do is given up after this time.
pub const FAREWELL_TIMEOUT_MS: u64 = 15_000;
/// A class that is started on this computer is ready after this time, or it is not started: a slow disk and a first key.
pub const CLASS_READY_TIMEOUT_MS: u64 = 30_000;
/// Pause between two looks whether it is ready, or gone.
pub const CLASS_LOOK_STEP_MS: u64 = 25;

// ---- Storage ----

/// redb page cache of a client.
pub const CLIENT_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// redb page cache of a rendezvous.
pub const SERVER_CACHE_BYTES: usize = 64 * 1024 * 1024;
/// Below this much free space the rendezvous takes no new mail and no registrations.
pub const FREE_SPACE_BYTES_MIN: u64 = 1024 * 1024 * 1024;
/// The same, in percent of the disk.
pub const FREE_SPACE_PERCENT_MIN: u64 = 5;
/// After a fault, the rendezvous writes again once there is this much space: some batches' worth.
pub const FREE_SPACE_TO_WRITE_BYTES_MIN: u64 = 2 * 1024 * 1024;
/// A server clock this far after the last commit is refused unless accepted by hand.
pub const CLOCK_JUMP_MAX_MS: u64 = 30 * DAY_MS;
