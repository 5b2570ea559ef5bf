//! Mail: sealed messages for people who are away, and what became of them. The rendezvous reads none of it.

use crate::bounded::{Bytes, List};
use crate::id::{AccountId, MailRow, MsgId};
use crate::limits::{MAIL_ACKS_MAX, MAIL_BODY_BYTES_MAX, MAIL_PAGE_MAX, MAIL_RECIPIENTS_MAX};
use crate::refusal::Refusal;
use crate::signed::Signed;
use serde::{Deserialize, Serialize};

/// A body under a fresh content key, and that key for each recipient (see [`crate::seal`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The message's id. Sent again, it adds recipients and never replaces the body.
    pub env_id: MsgId,
    /// ChaCha20-Poly1305 of the padded message and the sender's card.
    pub body_ct: Bytes<MAIL_BODY_BYTES_MAX>,
    /// The content key, once per recipient.
    pub recipients: List<SealedKey, MAIL_RECIPIENTS_MAX>,
}

/// The content key of an envelope for one account (HPKE base mode, RFC 9180).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedKey {
    /// For whom.
    pub account: AccountId,
    /// Which of its seal keys.
    pub seal_no: u32,
    /// HPKE encapsulated key.
    pub enc: [u8; 32],
    /// Encrypted content key.
    pub key_ct: [u8; 32],
    /// Its authentication tag.
    pub key_tag: [u8; 16],
}

/// What became of a deposit, per recipient in the envelope's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStored {
    /// The envelope.
    pub env_id: MsgId,
    /// `None`: stored durably (now or before). Otherwise why not.
    pub recipients: List<(AccountId, Option<Refusal>), MAIL_RECIPIENTS_MAX>,
}

/// Asks for own mail that this device has not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPageAsk {
    /// Rows above this one; 0 for the first page.
    pub after: MailRow,
}

/// One message in somebody's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailed {
    /// Its row.
    pub row: MailRow,
    /// The envelope.
    pub env_id: MsgId,
    /// The account that left it, as the rendezvous knows it.
    pub sender: AccountId,
    /// When it was left, Unix milliseconds at the rendezvous.
    pub deposited_ms: u64,
    /// The body.
    pub body_ct: Bytes<MAIL_BODY_BYTES_MAX>,
    /// The content key for this account.
    pub key: SealedKey,
}

/// Mail in the order in which it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    /// The mail.
    pub mail: List<Mailed, MAIL_PAGE_MAX>,
    /// Whether there is more after the last row.
    pub more: bool,
}

/// What a device did with one mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailFate {
    /// Stored durably by the recipient; the receipt proves it to the sender.
    Stored(Signed),
    /// The recipient has looked at it (and stored it before).
    Shown,
    /// It cannot be opened or accepted; the row goes and the sender is told.
    Unusable(Refusal),
    /// The recipient confirms an announcement, by whatever way it came; the confirmation proves it to whoever made it.
    Confirmed(Signed),
}

/// The fate of one mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAck {
    /// The account that sent it.
    pub sender: AccountId,
    /// Which mail.
    pub env_id: MsgId,
    /// What became of it.
    pub fate: MailFate,
}

/// Several fates.
pub type MailAcks = List<MailAck, MAIL_ACKS_MAX>;

/// Asks what became of mail that one sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPageAsk {
    /// Everything up to here is stored by the asker and may be forgotten; 0 at first.
    pub after: u64,
}

/// What became of one mail, for its sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailReceipt {
    /// Its number; grows.
    pub row: u64,
    /// Which mail.
    pub env_id: MsgId,
    /// Which recipient.
    pub recipient: AccountId,
    /// What became of it.
    pub fate: MailFate,
}

/// Receipts in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPage {
    /// The receipts.
    pub receipts: List<MailReceipt, MAIL_PAGE_MAX>,
    /// Whether there are more.
    pub more: bool,
}
