//! Groups, classes and their sheets.

use super::{HOUR_MS, MINUTE_MS};

/// The first group's number: six digits, so that nobody takes it for an account's.
pub const GROUP_ID_FIRST: u64 = 100_001;
/// Members of a group: a message to all of them fits one envelope.
pub const GROUP_MEMBERS_MAX: usize = 500;
/// Members of a class: a whole school; as many as one may have contacts.
pub const SHEET_MEMBERS_MAX: usize = 2_000;
/// A signed sheet: that many members of 31 bytes at most, a notice, and slack.
pub const SHEET_BYTES_MAX: usize = 128 * 1024;
/// Admins of a group that its owner may name.
pub const GROUP_ADMINS_MAX: usize = 10;
/// Groups that one account may own.
pub const GROUPS_OWNED_MAX: usize = 50;
/// Groups of which one account may be a member.
pub const GROUPS_JOINED_MAX: usize = 500;
/// Groups that an account younger than a day may own.
pub const GROUPS_OWNED_YOUNG_MAX: usize = 2;
/// A group's notice: a screen of words.
pub const NOTICE_BYTES_MAX: usize = 2_048;
/// Sheets that the rendezvous keeps of one group, the newest ones.
pub const SHEETS_KEPT_MAX: usize = 64;
/// Requests that one group may have open: invitations and applications.
pub const GROUP_REQUESTS_OPEN_MAX: usize = 500;
/// For how long an invitation or application is listed after it was answered: longer than a decline silences.
pub const GROUP_REQUEST_KEPT_MS: u64 = 30 * 24 * HOUR_MS;
/// Changes of groups by one account that may come at once: whoever sets up a class. Each is told to every member.
pub const GROUP_CHANGES_BURST_MAX: u64 = 60;
/// One more such change is allowed after this time.
pub const GROUP_CHANGE_INTERVAL_MS: u64 = 5_000;
/// The longest time for which a member can be muted: until somebody thinks again.
pub const MUTE_MS_MAX: u64 = 30 * 24 * HOUR_MS;
/// How long a message can be taken back, unless a class says otherwise.
pub const RECALL_WINDOW_MS: u64 = 2 * 60_000;
/// Codes of groups that one account may try in a minute: whoever mistypes it. There are 2⁴⁰.
pub const CODES_A_MINUTE_MAX: u64 = 10;
/// Codes of groups that one account may try in a day.
pub const CODES_A_DAY_MAX: u64 = 100;
/// A raised hand outlives its member's connection for this long: a computer that starts again, not one who went home.
pub const HAND_KEPT_MS: u64 = MINUTE_MS;
/// A break of a connection up to this long is no gap in an attendance: the Wi-Fi of a lab, a computer that starts again.
pub const ATTENDANCE_BREAK_MS: u64 = 2 * MINUTE_MS;
/// In groups up to this size everybody is told at once who comes in.
pub const TOLD_AT_ONCE_MAX: usize = 64;
/// In larger ones members are told of arrivals together, after a pause of this much for each member: 4 s for a thousand. A sheet
/// has 31 bytes for each, so what is fetched in a second stays below 8 KiB times the members.
pub const ARRIVALS_PAUSE_PER_MEMBER_MS: u64 = 4;
/// How often the rendezvous looks whether such a pause is over.
pub const ARRIVALS_INTERVAL_MS: u64 = 1_000;
/// How often a new code is drawn before it is given up: one that another group has is drawn once in 2⁴⁰.
pub const CODE_DRAWS_MAX: usize = 8;
