//! Bounds: what one rendezvous takes, from whom, and how long it keeps it. See [`super`] for what all bounds obey.

use super::{DAY_MS, HOUR_MS, MINUTE_MS};

// ---- Rendezvous ----

/// A command to a running rendezvous, or its answer: one line with a page of accounts, escaped.
pub const ADMIN_LINE_BYTES_MAX: u64 = 256 * 1024;
/// A command must be whole, and answered, within this time.
pub const ADMIN_TIMEOUT_MS: u64 = 10_000;
/// What could not be stored for want of space or by a fault of the disk is tried again after this time.
pub const BUSY_RETRY_MS: u64 = 2_000;
/// After a failed accept, such as for want of file handles, the next one waits this long.
pub const ACCEPT_PAUSE_MS: u64 = 100;
/// The rendezvous looks at least this often for what has become due.
pub const TICK_INTERVAL_MS: u64 = 10_000;

/// Before this program was made, in Unix milliseconds: a clock that says so lost its battery.
pub const OLDEST_CLOCK_MS: u64 = 1_767_225_600_000;
/// A rendezvous to which nobody comes from another computer for this long says what may be the reason.
pub const VISITORS_WAIT_MS: u64 = 5 * MINUTE_MS;

// ---- Abuse of a rendezvous ----

/// Wrong guesses for one login from one address in a minute.
pub const GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX: u64 = 5;
/// Wrong guesses for one login from one address in an hour.
pub const GUESSES_PER_LOGIN_AND_IP_AN_HOUR_MAX: u64 = 20;
/// Wrong guesses from one address in a minute: a class that types its passwords at once.
pub const GUESSES_PER_IP_A_MINUTE_MAX: u64 = 30;
/// The same on a campus, where many share an address: nobody is shut out by his neighbour's guesses.
pub const GUESSES_PER_LOGIN_AND_IP_A_MINUTE_CAMPUS_MAX: u64 = 20;
/// The same on a campus in an hour.
pub const GUESSES_PER_LOGIN_AND_IP_AN_HOUR_CAMPUS_MAX: u64 = 100;
/// Wrong guesses from one address in a minute, on a campus: twenty classes behind it.
pub const GUESSES_PER_IP_A_MINUTE_CAMPUS_MAX: u64 = 600;
/// Wrong guesses for one login from everywhere in an hour: far more than its person makes.
pub const GUESSES_PER_LOGIN_AN_HOUR_MAX: u64 = 200;
/// Registrations from one address in an hour: a room behind one address.
pub const REGISTRATIONS_PER_IP_AN_HOUR_MAX: u64 = 300;
/// Registrations from one address in an hour, on a campus.
pub const REGISTRATIONS_PER_IP_AN_HOUR_CAMPUS_MAX: u64 = 3_000;
/// Registrations in a day, on a campus: the first day of a large one.
pub const REGISTRATIONS_A_DAY_CAMPUS_MAX: u64 = 20_000;
/// Registrations in a day.
pub const REGISTRATIONS_A_DAY_MAX: u64 = 2_000;
/// Devices that one account may add in an hour: a day of lessons at many seats. Each leaves a row for ever.
pub const ENROLMENTS_AN_HOUR_MAX: u64 = 20;
/// Devices that one account may remove in an hour. Each makes everybody fetch a list, and other computers ask for the password.
pub const DEVICE_REMOVALS_AN_HOUR_MAX: u64 = 10;
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
/// Changes of one account's picture in an hour: each makes all its contacts fetch it.
pub const AVATARS_AN_HOUR_MAX: u64 = 20;
/// Messages of one account that may come at once.
pub const MESSAGES_BURST_MAX: u64 = 100;
/// One more message is allowed after this time: 20 a second.
pub const MESSAGE_INTERVAL_MS: u64 = 50;
/// Copies of one account's messages to groups that may come at once: 25 messages to a class of 200.
pub const GROUP_COPIES_BURST_MAX: u64 = 5_000;
/// One more copy for a member is allowed after this time: 200 a second.
pub const GROUP_COPY_INTERVAL_MS: u64 = 5;
/// Changes of one account to its profile that may come at once. Each is told to every contact.
pub const PROFILES_BURST_MAX: u64 = 30;
/// One more change of the profile is allowed after this time.
pub const PROFILE_INTERVAL_MS: u64 = 10_000;
/// Other changes of one account that may come at once: friends, blocks, devices, passwords.
pub const CHANGES_BURST_MAX: u64 = 300;
/// One more such change is allowed after this time.
pub const CHANGE_INTERVAL_MS: u64 = 200;
/// Acknowledgements of one account that may come at once; each is for as many as [`super::MAIL_ACKS_MAX`] messages.
pub const ACKS_BURST_MAX: u64 = 1_000;
/// One more acknowledgement is allowed after this time.
pub const ACK_INTERVAL_MS: u64 = 10;
/// Confirmations of announcements by one account that may come at once: what was missed in the holidays.
pub const CONFIRMATIONS_BURST_MAX: u64 = 200;
/// One more confirmation is allowed after this time. Each is kept for whoever announced.
pub const CONFIRMATION_INTERVAL_MS: u64 = MINUTE_MS;
/// Introductions and reports of addresses of one account that may come at once: a class that comes online.
pub const INTRODUCTIONS_BURST_MAX: u64 = 300;
/// One more introduction is allowed after this time.
pub const INTRODUCTION_INTERVAL_MS: u64 = 200;
/// Questions of one account that may come at once: a sign-in after the holidays.
pub const QUESTIONS_BURST_MAX: u64 = 1_000;
/// One more question is allowed after this time.
pub const QUESTION_INTERVAL_MS: u64 = 10;
/// Limits remembered at once; beyond that, those nearest to forgetting go first.
pub const LIMITER_KEYS_MAX: usize = 65_536;

// ---- Upkeep of a rendezvous ----

/// Expired things removed in one step, so that a sweep never holds up a batch.
pub const SWEEP_MAX: usize = 1_000;
/// A card may be stamped this far from the server's time: before its first answer a client knows only its own clock.
pub const CARD_CLOCK_SLACK_MS: u64 = 48 * HOUR_MS;
/// When an account was last here is noted this exactly while it stays: a write for every online account in every step.
pub const LAST_SEEN_STEP_MS: u64 = HOUR_MS;
/// A deleted account's login is kept from others this long: until nobody accepts its last membership any more.
pub const LOGIN_KEPT_MS: u64 = 30 * DAY_MS;
/// Accounts looked at for one page of a list.
pub const ACCOUNT_PAGE_MAX: usize = 100;

// ---- Announcements of a rendezvous ----

/// Announcements of the rendezvous of which it is kept whom they reached; beyond that the oldest go first.
pub const BULLETINS_KEPT_MAX: usize = 200;
/// People in one page of who knows an announcement of the rendezvous.
pub const BULLETIN_PAGE_MAX: usize = 200;

// ---- Audit log of a rendezvous ----

/// The audit log is kept this long: a school term.
pub const AUDIT_LIFETIME_MS: u64 = 180 * DAY_MS;
/// Rows of the audit log; beyond that the oldest go first. About 40 MiB.
pub const AUDIT_ROWS_MAX: u64 = 200_000;
/// Rows of the audit log in one answer to a command.
pub const AUDIT_PAGE_MAX: usize = 200;
/// What a row of the audit log says in words, in bytes.
pub const AUDIT_DETAIL_BYTES_MAX: usize = 128;
/// Refused sign-ins are added up this long before they become rows.
pub const AUDIT_REFUSALS_MS: u64 = 10 * MINUTE_MS;
/// Accounts and addresses of which refused sign-ins are added up; those of all others count together.
pub const AUDIT_REFUSALS_MAX: usize = 256;
/// Rows that wait for the next step, such as what happened to the disk while nothing could be written.
pub const AUDIT_WAITING_MAX: usize = 64;
