//! Every bound of the system, with units in the names and the reason beside each.
//!
//! Nothing else in the project writes such a number. Relations between bounds are asserted at compile time below.

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
/// A sign-in whose card changed meanwhile is begun again this often: more would pass [`ANONYMOUS_REQUESTS_MAX`].
pub const SIGN_IN_TRIES_MAX: u32 = 1;
/// An OPAQUE finish on a connection allows enrolling and password changes this long.
pub const PASSWORD_PROOF_LIFETIME_MS: u64 = 5 * MINUTE_MS;

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
/// Connections that have not signed in, in all.
pub const ANONYMOUS_CONNECTIONS_MAX: usize = 512;
/// Connections that have not signed in, per address (/64 for IPv6); loopback is exempt.
pub const ANONYMOUS_CONNECTIONS_PER_IP_MAX: usize = 64;
/// Connections in all.
pub const CONNECTIONS_MAX: usize = 20_000;
/// Requests of one connection that wait for their commit: enough to fill a batch.
pub const REQUESTS_IN_FLIGHT_MAX: usize = 64;
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
/// An invite token or one-time code, in bytes.
pub const CODE_BYTES_MAX: usize = 64;

// ---- Rendezvous ----

/// A command to a running rendezvous, or its answer: one line with eight hosts at most.
pub const ADMIN_LINE_BYTES_MAX: u64 = 16 * 1024;
/// A command must be whole, and answered, within this time.
pub const ADMIN_TIMEOUT_MS: u64 = 10_000;
/// What could not be stored for want of space or by a fault of the disk is tried again after this time.
pub const BUSY_RETRY_MS: u64 = 2_000;
/// After a failed accept, such as for want of file handles, the next one waits this long.
pub const ACCEPT_PAUSE_MS: u64 = 100;
/// The rendezvous looks at least this often for what has become due.
pub const TICK_INTERVAL_MS: u64 = 10_000;

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

// ---- Messages and mail ----

/// Text of one message.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
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
/// Receive window of one QUIC stream.
pub const STREAM_WINDOW_BYTES: u32 = 4 * 1024 * 1024;
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

// ---- Files ----

/// A file's name, in characters.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// A file's name, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 200;
/// Largest file that is offered: 1 TiB.
pub const FILE_BYTES_MAX: u64 = 1 << 40;
/// Bytes handed to the disk at a time.
pub const FILE_WRITE_BYTES: usize = 1024 * 1024;
/// BLAKE3 chunk group of a verified stream, as a power of two of 1 KiB: 16 KiB.
pub const BAO_GROUP_LOG: u8 = 4;
/// Progress of a transfer is reported at most this often.
pub const PROGRESS_INTERVAL_MS: u64 = 100;
/// Received data is synced and noted at least every so many bytes.
pub const FILE_CHECKPOINT_BYTES: u64 = 64 * 1024 * 1024;
/// Received data is synced and noted at least this often.
pub const FILE_CHECKPOINT_MS: u64 = 2_000;
/// Parts asked for in one file request.
pub const FILE_RANGES_MAX: usize = 256;
/// Downloads running at once on one client.
pub const DOWNLOADS_MAX: usize = 4;
/// A provider that sends nothing for this long is given up for now.
pub const FILE_STALL_TIMEOUT_MS: u64 = 10_000;
/// Bytes of a verified stream that go between disk and network at a time.
pub const FILE_BATCH_BYTES: usize = 256 * 1024;
/// Such batches waiting between the thread of the disk and that of the network.
pub const FILE_BATCHES_MAX: usize = 16;
/// A download's note on what is verified: the worst case is every other group of a few thousand.
pub const FILE_NOTE_BYTES_MAX: u64 = 1024 * 1024;
/// Other names tried when a file's name is taken.
pub const FILE_NAMES_TRIED_MAX: u32 = 1_000;
/// What still counts as a file's extension when its name is cut short, in characters.
pub const FILE_EXTENSION_CHARS_MAX: usize = 16;

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
/// Events waiting for one listener; a slower one is told how many it missed.
pub const EVENT_QUEUE_MAX: usize = 16_384;

// ---- Command line and agent ----

/// One line of JSON to an agent: the longest text with every byte escaped, and a path.
pub const AGENT_LINE_BYTES_MAX: usize = 256 * 1024;
/// One line of JSON from an agent of this computer: a full page of history with the longest texts, escaped.
pub const REPLY_LINE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Commands that one program may have unanswered; further lines wait.
pub const AGENT_COMMANDS_MAX: usize = 64;
/// Programs that talk to one running client through its local socket at once.
pub const LOCAL_CLIENTS_MAX: usize = 32;
/// A command waits this long for another one that holds the home, before it gives up.
pub const HOME_WAIT_MS: u64 = 5_000;
/// Pause between two looks at a home that is held.
pub const HOME_WAIT_STEP_MS: u64 = 50;
/// A command that needs the rendezvous waits this long for the sign-in.
pub const ONLINE_WAIT_MS: u64 = SERVER_CONNECT_TIMEOUT_MS + 3_000;
/// A command that lists rendezvous nodes listens this long: mDNS answers come within one second.
pub const SERVERS_LOOK_MS: u64 = 1_500;
/// After an interrupt, whatever is left to do is given up after this time.
pub const FAREWELL_TIMEOUT_MS: u64 = 15_000;

// ---- Storage ----

/// redb page cache of a client.
pub const CLIENT_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// redb page cache of a rendezvous.
pub const SERVER_CACHE_BYTES: usize = 64 * 1024 * 1024;
/// Below this much free space the rendezvous takes no new mail and no registrations.
pub const FREE_SPACE_BYTES_MIN: u64 = 1024 * 1024 * 1024;
/// The same, in percent of the disk.
pub const FREE_SPACE_PERCENT_MIN: u64 = 5;
/// A server clock this far after the last commit is refused unless accepted by hand.
pub const CLOCK_JUMP_MAX_MS: u64 = 30 * DAY_MS;

// ---- Abuse of a rendezvous ----

/// Wrong guesses for one login from one address in a minute.
pub const GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX: u64 = 5;
/// Wrong guesses for one login from one address in an hour.
pub const GUESSES_PER_LOGIN_AND_IP_AN_HOUR_MAX: u64 = 20;
/// Wrong guesses from one address in a minute: a class that types its passwords at once.
pub const GUESSES_PER_IP_A_MINUTE_MAX: u64 = 30;
/// Wrong guesses for one login from everywhere in an hour: far more than its person makes.
pub const GUESSES_PER_LOGIN_AN_HOUR_MAX: u64 = 200;
/// Registrations from one address in an hour: a room behind one address.
pub const REGISTRATIONS_PER_IP_AN_HOUR_MAX: u64 = 300;
/// Registrations in a day.
pub const REGISTRATIONS_A_DAY_MAX: u64 = 2_000;
/// Searches of one account in a minute.
pub const SEARCHES_A_MINUTE_MAX: u64 = 30;
/// Searches of one account in a day: nobody lists the school.
pub const SEARCHES_A_DAY_MAX: u64 = 200;
/// Friend requests of one account in an hour.
pub const FRIEND_REQUESTS_AN_HOUR_MAX: u64 = 20;
/// An account counts as young for this long.
pub const YOUNG_ACCOUNT_MS: u64 = DAY_MS;
/// Friend requests of a young account.
pub const FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX: u64 = 5;
/// Messages of one account that may come at once.
pub const MESSAGES_BURST_MAX: u64 = 100;
/// One more message is allowed after this time: 20 a second.
pub const MESSAGE_INTERVAL_MS: u64 = 50;
/// Limits remembered at once; beyond that, those nearest to forgetting go first.
pub const LIMITER_KEYS_MAX: usize = 65_536;

// ---- Upkeep of a rendezvous ----

/// Expired things removed in one step, so that a sweep never holds up a batch.
pub const SWEEP_MAX: usize = 1_000;
/// A card may be stamped this far from the server's time: before its first answer a client knows only its own clock.
pub const CARD_CLOCK_SLACK_MS: u64 = 48 * HOUR_MS;

// ---- Relay (join only) ----

/// A relay join must be whole within this time.
pub const RELAY_JOIN_TIMEOUT_MS: u64 = 10_000;

// ---- Time ----

/// One minute.
pub const MINUTE_MS: u64 = 60_000;
/// One hour.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// One day.
pub const DAY_MS: u64 = 24 * HOUR_MS;

const _: () = {
    assert!(
        SEEN_LIFETIME_MS >= OUTBOX_LIFETIME_MS + MAIL_LIFETIME_MS,
        "a late copy must still be known"
    );
    assert!(
        CONTENT_BYTES_MAX > TEXT_BYTES_MAX + MENTIONS_MAX * 10
            && CONTENT_BYTES_MAX > THUMBNAIL_BYTES_MAX
    );
    assert!(
        SIGNED_BYTES_MAX > CONTENT_BYTES_MAX + 1024,
        "a signed message holds any content"
    );
    assert!(MAIL_BODY_BYTES_MAX > 2 * (SIGNED_BYTES_MAX + 1024) + MAIL_PADDING_LARGE_BYTES);
    assert!(
        MAIL_BODY_BYTES_MAX + MAIL_RECIPIENTS_MAX * 128 < FRAME_BYTES_MAX,
        "a full mail fits a frame"
    );
    assert!(
        MAIL_PAGE_BYTES_MAX + MAIL_BODY_BYTES_MAX + MAIL_PAGE_MAX * 256 < FRAME_BYTES_MAX,
        "a mail page fits a frame"
    );
    assert!(
        SILENCE_MAX_MS > 2 * PING_INTERVAL_MS,
        "one lost ping is no silence"
    );
    assert!(SHUTDOWN_DRAIN_MS < SHUTDOWN_TIMEOUT_MS);
    assert!(
        AGENT_LINE_BYTES_MAX > 6 * TEXT_BYTES_MAX + 64 * 1024,
        "any text fits a line, however it is escaped"
    );
    assert!(
        AGENT_COMMANDS_MAX <= COMMANDS_WAITING_MAX,
        "asking never waits"
    );
    assert!(MEMBERSHIP_RENEW_BELOW_MS < MEMBERSHIP_LIFETIME_MS);
};
