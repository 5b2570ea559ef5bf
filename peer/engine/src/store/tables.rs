//! Every table of the home's database, in one place. Keys are bytes whose order is the order that is wanted: numbers
//! are big-endian, of fixed width. A table whose layout changes gets a new name.

use redb::TableDefinition;

/// One table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table(&'static str);

impl Table {
    /// Its name with its version.
    pub const fn name(self) -> &'static str {
        self.0
    }

    pub(super) const fn definition(self) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
        TableDefinition::new(self.0)
    }
}

/// Single rows by name: the pinned rendezvous, the device, the account, clocks.
pub const HOME: Table = Table("home/1");
/// Account → contact.
pub const CONTACTS: Table = Table("contacts/1");
/// Account → login: those who were contacts once or were blocked, so that they can still be named.
pub const FORMER_CONTACTS: Table = Table("former_contacts/1");
/// Account → the last proof of it that we believed, of those who are no contacts any more.
pub const PINS: Table = Table("pins/1");
/// Account → nothing: those we blocked.
pub const BLOCKED: Table = Table("blocked/1");
/// Friend request → nothing: those already told of.
pub const REQUESTS_TOLD: Table = Table("requests_told/1");
/// Conversation ([`super::chat::Chat`]) → how far it is.
pub const CONVERSATIONS: Table = Table("conversations/1");
/// Conversation ‖ place → message.
pub const MESSAGES: Table = Table("messages/1");
/// Message ‖ device → where it is; this is how a copy is recognised.
pub const SEEN: Table = Table("seen/1");
/// Conversation ‖ device → how far that device's messages were told.
pub const STREAMS: Table = Table("streams/1");
/// Conversation ‖ place → how it came: messages not looked at.
pub const UNREAD: Table = Table("unread/1");
/// Sender ‖ message → nothing: mail that was looked at, which the rendezvous has not been told.
pub const SHOWN_OWED: Table = Table("shown_owed/1");
/// Account ‖ number → message not yet proved to be on the other's disk.
pub const OUTBOX: Table = Table("outbox/2");
/// Group ‖ number ‖ account → own message of a group that is not yet left for that member or proved to be there.
pub const GROUP_OUTBOX: Table = Table("group_outbox/1");
/// Conversation ‖ place ‖ account → how far an own message of a group is for that member.
pub const RECIPIENTS: Table = Table("recipients/1");
/// Conversation ‖ place → how many members an own message of a group is how far for.
pub const TALLIES: Table = Table("tallies/1");
/// Account ‖ group → the newest message of that member that was looked at, as long as none of its devices heard of it.
pub const MEMBERS_SHOWN_OWED: Table = Table("members_shown_owed/1");
/// Group → its name: those that we were in once, so that they can still be named.
pub const FORMER_GROUPS: Table = Table("former_groups/1");
/// Conversation ‖ place → an announcement.
pub const ANNOUNCEMENTS: Table = Table("announcements/1");
/// Sender ‖ message → our signed confirmation of an announcement, as long as the rendezvous does not have it.
pub const CONFIRMATIONS_OWED: Table = Table("confirmations_owed/1");
/// File → transfer.
pub const FILES: Table = Table("files/2");
/// File ‖ account → nothing: members of the group to which we offered it who have it.
pub const FILES_HAD: Table = Table("files_had/1");
/// What failed (`m` ‖ conversation ‖ place) → the code that says why.
pub const FAILURES: Table = Table("failures/1");
/// Account → our own name for it.
pub const REMARKS: Table = Table("remarks/1");
/// Conversation → words that are not sent yet.
pub const DRAFTS: Table = Table("drafts/1");
/// Account → BLAKE3 of its picture as the rendezvous has it; the picture lies in the home's folder of avatars.
pub const AVATARS: Table = Table("avatars/1");

/// Group → its newest sheet, as the rendezvous signed it.
pub const GROUPS: Table = Table("groups/1");
/// Account → whether its key was compared or changed.
pub const TRUST: Table = Table("trust/1");

/// All that belongs to the person who is signed in.
pub const PERSONAL: [Table; 27] = [
    CONTACTS,
    FORMER_CONTACTS,
    PINS,
    BLOCKED,
    REQUESTS_TOLD,
    CONVERSATIONS,
    MESSAGES,
    SEEN,
    STREAMS,
    UNREAD,
    SHOWN_OWED,
    OUTBOX,
    FILES,
    FILES_HAD,
    FAILURES,
    REMARKS,
    DRAFTS,
    AVATARS,
    TRUST,
    GROUPS,
    GROUP_OUTBOX,
    RECIPIENTS,
    TALLIES,
    MEMBERS_SHOWN_OWED,
    FORMER_GROUPS,
    ANNOUNCEMENTS,
    CONFIRMATIONS_OWED,
];
