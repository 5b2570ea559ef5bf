//! How far own messages of groups are, for every member that they went to.

use super::chat::Chat;
use super::messages::{Place, Progress, Way, key};
use super::tables::{RECIPIENTS, TALLIES};
use super::{Direction, Span, StoreError, Tx, row};
use hutong_common::id::AccountId;
use serde::{Deserialize, Serialize};

/// How far a message is for one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientRow {
    /// How far.
    pub progress: Progress,
    /// By which way.
    pub way: Way,
    /// Why it failed.
    pub code: Option<String>,
    /// Whether the member confirmed it, of what asks for that.
    pub confirmed: bool,
}

impl RecipientRow {
    /// So far, and by that way.
    pub const fn new(progress: Progress, way: Way) -> Self {
        Self {
            progress,
            way,
            code: None,
            confirmed: false,
        }
    }
}

/// How many members a message is how far for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyRow {
    /// On this disk only.
    pub queued: u64,
    /// On the disk of the rendezvous.
    pub left_at_server: u64,
    /// On the member's disk.
    pub delivered: u64,
    /// Looked at.
    pub shown: u64,
    /// Given up.
    pub failed: u64,
}

impl TallyRow {
    /// A message that goes to so many members.
    pub fn new(members: usize) -> Self {
        Self {
            queued: members as u64,
            ..Self::default()
        }
    }

    const fn count(&mut self, progress: Progress) -> &mut u64 {
        match progress {
            Progress::Queued => &mut self.queued,
            Progress::LeftAtServer => &mut self.left_at_server,
            Progress::Delivered => &mut self.delivered,
            Progress::Shown => &mut self.shown,
            Progress::Failed => &mut self.failed,
        }
    }

    /// One member got from one state to the next.
    pub fn advance(&mut self, before: Progress, after: Progress) {
        let count = self.count(before);
        *count = count.saturating_sub(1);
        *self.count(after) += 1;
    }

    /// How far it is for everybody who can still be reached; failed when nobody can.
    pub const fn least(&self) -> Progress {
        match (self.queued, self.left_at_server, self.delivered, self.shown) {
            (0, 0, 0, 0) if self.failed > 0 => Progress::Failed,
            (0, 0, 0, _) => Progress::Shown,
            (0, 0, _, _) => Progress::Delivered,
            (0, _, _, _) => Progress::LeftAtServer,
            (_, _, _, _) => Progress::Queued,
        }
    }
}

fn recipient_key(chat: Chat, place: Place, account: AccountId) -> Vec<u8> {
    [&key(chat, place)[..], &account.0.to_be_bytes()].concat()
}

impl Tx {
    /// How far a message is for one member; none when it did not go to that one.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn recipient(
        &mut self,
        (chat, place): (Chat, Place),
        account: AccountId,
    ) -> Result<Option<RecipientRow>, StoreError> {
        self.row(RECIPIENTS, &recipient_key(chat, place, account))
    }

    /// Sets how far a message is for one member.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_recipient(
        &mut self,
        (chat, place): (Chat, Place),
        account: AccountId,
        row: &RecipientRow,
    ) -> Result<(), StoreError> {
        self.put_row(RECIPIENTS, &recipient_key(chat, place, account), row)
    }

    /// How far a message is for everybody that it went to.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn recipients(
        &mut self,
        (chat, place): (Chat, Place),
    ) -> Result<Vec<(AccountId, RecipientRow)>, StoreError> {
        let unreadable = || StoreError::Row {
            table: RECIPIENTS.name(),
        };
        let span = Span {
            from: &recipient_key(chat, place, AccountId(0)),
            to: &recipient_key(chat, place, AccountId(u64::MAX)),
            direction: Direction::Forward,
            limit: usize::MAX,
        };
        self.range(RECIPIENTS, span)?
            .into_iter()
            .map(|(key, bytes)| {
                let account = key.last_chunk::<8>().ok_or_else(unreadable)?;
                let account = AccountId(u64::from_be_bytes(*account));
                Ok((account, row::from_bytes(RECIPIENTS, &bytes)?))
            })
            .collect()
    }

    /// How many members a message is how far for.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn tally(&mut self, (chat, place): (Chat, Place)) -> Result<TallyRow, StoreError> {
        Ok(self.row(TALLIES, &key(chat, place))?.unwrap_or_default())
    }

    /// Sets how many members a message is how far for.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn put_tally(
        &mut self,
        (chat, place): (Chat, Place),
        row: &TallyRow,
    ) -> Result<(), StoreError> {
        self.put_row(TALLIES, &key(chat, place), row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_far_as_for_the_last_who_can_be_reached() {
        let mut tally = TallyRow::new(3);
        assert_eq!(tally.least(), Progress::Queued);
        tally.advance(Progress::Queued, Progress::Failed);
        tally.advance(Progress::Queued, Progress::Shown);
        assert_eq!(tally.least(), Progress::Queued);
        tally.advance(Progress::Queued, Progress::LeftAtServer);
        assert_eq!(tally.least(), Progress::LeftAtServer);
        tally.advance(Progress::LeftAtServer, Progress::Delivered);
        assert_eq!(tally.least(), Progress::Delivered);
        tally.advance(Progress::Delivered, Progress::Shown);
        assert_eq!(tally.least(), Progress::Shown);
        let mut nobody = TallyRow::new(1);
        nobody.advance(Progress::Queued, Progress::Failed);
        assert_eq!(nobody.least(), Progress::Failed);
        assert_eq!(TallyRow::default().least(), Progress::Shown);
    }
}
