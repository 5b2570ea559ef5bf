//! Every table of the rendezvous, in one place, with its key and its row. A table whose layout changes gets a new name.

use super::accounts::{AccountRow, CardRow, CredentialRow, MembershipRow};
use super::audit::{AuditEndsRow, AuditRow};
use super::avatars::AvatarRow;
use super::bars::BarRow;
use super::bulletins::{BulletinRow, StepRow};
use super::devices::{DeviceRow, RevocationListRow, RevocationRow};
use super::expiries::ExpiryRow;
use super::friends::{FriendRow, RequestRow};
use super::groups::{GroupRequestRow, GroupRow, MailGroupRow, MemberRow, PictureRow, SheetRow};
use super::invites::{InviteRow, ResetRow};
use super::mail::{BodyRow, DepositRow, MailRow, OutstandingRow, ReceiptRow};
use super::row::Row;
use super::{StoreError, TableKey, failed};
use hutong_common::group::GroupKind;
use hutong_common::join_code::JoinCode;
use redb::{TableDefinition, WriteTransaction};
use std::marker::PhantomData;

/// One table: what its keys are, and what lies in it.
#[derive(Debug)]
pub(crate) struct Table<K, R> {
    name: &'static str,
    holds: PhantomData<fn() -> (K, R)>,
}

impl<K, R> Clone for Table<K, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K, R> Copy for Table<K, R> {}

impl<K: TableKey, R: Row> Table<K, R> {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            holds: PhantomData,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        self.name
    }

    pub(super) const fn definition(self) -> TableDefinition<'static, K, &'static [u8]> {
        TableDefinition::new(self.name)
    }

    fn create(self, writing: &WriteTransaction) -> Result<(), StoreError> {
        writing
            .open_table(self.definition())
            .map(drop)
            .map_err(failed)
    }
}

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $row:ty = $text:literal;)+) => {
        $($(#[$doc])* pub(crate) const $name: Table<$key, $row> = Table::new($text);)+

        /// Lays out what is missing, so that a reader finds every table.
        pub(super) fn create_all(writing: &WriteTransaction) -> Result<(), StoreError> {
            $($name.create(writing)?;)+
            Ok(())
        }
    };
}

tables! {
    /// Counter → last value given out.
    COUNTERS: u8 => u64 = "counters/1";
    /// Account → what it is.
    ACCOUNTS: u64 => AccountRow = "accounts/1";
    /// BLAKE3 of a canonical login → account.
    LOGINS: [u8; 32] => u64 = "logins/1";
    /// Account → what proves its password.
    CREDENTIALS: u64 => CredentialRow = "credentials/1";
    /// Account → its newest card.
    CARDS: u64 => CardRow = "cards/1";
    /// Account → its newest membership.
    MEMBERSHIPS: u64 => MembershipRow = "memberships/1";
    /// Device → whose it is, for ever.
    DEVICES: [u8; 16] => DeviceRow = "devices/1";
    /// Account → what of it was revoked.
    REVOKED: u64 => RevocationRow = "revoked/1";
    /// 0 → the signed list of all that.
    REVOCATION_LIST: u8 => RevocationListRow = "revocation_list/1";
    /// BLAKE3 of a code → what it is good for.
    INVITES: [u8; 32] => InviteRow = "invites/1";
    /// Account → what lets its person register anew.
    RESETS: u64 => ResetRow = "resets/1";
    /// 0 → the code of the first admin, while there is none.
    OWNER_CODE: u8 => String = "owner_code/1";
    /// (Account, friend) → since when; both ways.
    FRIENDS: (u64, u64) => FriendRow = "friends/1";
    /// (Who blocks, whom) → since when.
    BLOCKS: (u64, u64) => u64 = "blocks/1";
    /// Friend request → what it is.
    REQUESTS: u64 => RequestRow = "requests/1";
    /// (Account, request) → nothing: requests from and to it.
    REQUESTS_OF: (u64, u64) => () = "requests_of/1";
    /// (From, to) → their newest request.
    REQUESTS_BETWEEN: (u64, u64) => u64 = "requests_between/1";
    /// BLAKE3 of a mail body → the body.
    BODIES: [u8; 32] => BodyRow = "bodies/1";
    /// (Recipient, row) → mail that waits.
    MAIL: (u64, u64) => MailRow = "mail/1";
    /// (Recipient, sender, envelope) → that it was left here: how a second copy is recognised.
    DEPOSITS: (u64, u64, [u8; 16]) => DepositRow = "deposits/1";
    /// (Recipient, sender, or 0 for all) → how much waits.
    OUTSTANDING: (u64, u64) => OutstandingRow = "outstanding/1";
    /// (Sender, row) → what became of mail.
    RECEIPTS: (u64, u64) => ReceiptRow = "receipts/1";
    /// (Sender, device) → receipts up to this row are stored there.
    RECEIPTS_READ: (u64, [u8; 16]) => u64 = "receipts_read/1";
    /// Account → why it may not come in.
    BARS: u64 => BarRow = "bars/1";
    /// Account → when it was here, Unix milliseconds.
    LAST_SEEN: u64 => u64 = "last_seen/1";
    /// Number → what happened.
    AUDIT: u64 => AuditRow = "audit/1";
    /// 0 → where the chain of that begins and ends.
    AUDIT_ENDS: u8 => AuditEndsRow = "audit_ends/1";
    /// Account → its picture.
    AVATARS: u64 => AvatarRow = "avatars/1";
    /// Account → BLAKE3 of its picture.
    AVATAR_HASHES: u64 => [u8; 32] = "avatar_hashes/1";
    /// (When, number) → what ends then.
    EXPIRIES: (u64, u64) => ExpiryRow = "expiries/1";
    /// Group → what it is.
    GROUPS: u64 => GroupRow = "groups/1";
    /// 0 → the class in which everybody is, once it was made.
    EVERYBODY: u8 => u64 = "everybody/1";
    /// (Group, account) → what it may do there.
    GROUP_MEMBERS: (u64, u64) => MemberRow = "group_members/1";
    /// (Account, group) → of which kind that is.
    GROUPS_OF: (u64, u64) => GroupKind = "groups_of/1";
    /// (Group, epoch) → a sheet; the newest ones.
    SHEETS: (u64, u64) => SheetRow = "sheets/1";
    /// Group → its picture.
    GROUP_PICTURES: u64 => PictureRow = "group_pictures/1";
    /// Invitation or application → what it is.
    GROUP_REQUESTS: u64 => GroupRequestRow = "group_requests/1";
    /// (Account, request) → nothing: invitations and applications of whoever is to come in.
    GROUP_REQUESTS_OF: (u64, u64) => () = "group_requests_of/1";
    /// (Group, request) → nothing: invitations and applications to a group.
    GROUP_REQUESTS_IN: (u64, u64) => () = "group_requests_in/1";
    /// (Group, account) → the newest request about both.
    GROUP_REQUESTS_BETWEEN: (u64, u64) => u64 = "group_requests_between/1";
    /// Group → its code.
    CODE_OF: u64 => JoinCode = "group_codes/1";
    /// Code → the group that has it.
    CODES: u64 => u64 = "codes/1";
    /// Number → what the rendezvous announced.
    BULLETINS: u64 => BulletinRow = "bulletins/1";
    /// (Announcement, account that it is for) → how far it is.
    BULLETIN_STEPS: (u64, u64) => StepRow = "bulletin_steps/1";
    /// (Group, account) → nothing: it was removed there and does not come back by the group's code.
    KEPT_OUT: (u64, u64) => () = "kept_out/1";
    /// (Recipient, row) → the group whose sheet allowed that mail.
    MAIL_GROUPS: (u64, u64) => MailGroupRow = "mail_groups/1";
}
