//! How far announcements of the rendezvous are, and for whom.

use crate::service::accounts::NotDone;
use crate::service::{Context, Service, promised};
use crate::store::bulletins::{BulletinRow, StepRow};
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::limits::BULLETIN_PAGE_MAX;
use hutong_common::name::{DisplayName, Login};
use hutong_common::rpc::mail::{MailAck, MailFate};
use serde::{Deserialize, Serialize};

/// How far an announcement of the rendezvous is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulletinFacts {
    /// Its number.
    pub number: u64,
    /// The words.
    pub text: String,
    /// The group that it is for; none for all accounts.
    pub group: Option<GroupId>,
    /// In large letters.
    pub large: bool,
    /// Whether it is to be confirmed.
    pub confirm: bool,
    /// When it was made, Unix milliseconds.
    pub sent_ms: u64,
    /// Whom it is for.
    pub total: usize,
    /// How many of them confirmed it.
    pub confirmed: usize,
    /// How many looked at it, and have not confirmed it.
    pub shown: usize,
    /// How many have it, and have not looked at it.
    pub delivered: usize,
    /// To how many it is on its way: they are there.
    pub waiting: usize,
    /// How many are not there; it waits for them.
    pub offline: usize,
    /// How many have it and cannot use it, such as in an older program.
    pub unreachable: usize,
}

/// How far it is for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderState {
    /// He confirmed it.
    Confirmed,
    /// He looked at it.
    Shown,
    /// A computer of his has it.
    Delivered,
    /// It is on its way.
    Waiting,
    /// He is not there; it waits.
    Offline,
    /// A computer of his could not use it.
    Unreachable,
}

/// Somebody whom an announcement is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Number of the account.
    pub account: AccountId,
    /// Login.
    pub login: Login,
    /// Display name.
    pub name: DisplayName,
    /// How far it is for him.
    pub state: ReaderState,
}

/// Some of those whom an announcement is for, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderPage {
    /// They.
    pub readers: Vec<Reader>,
    /// Where the next page begins, if there is one.
    pub after: Option<AccountId>,
}

impl Service {
    /// All announcements of the rendezvous that are kept, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list_bulletins(&self, cx: &Context<'_>) -> Result<Vec<BulletinFacts>, StoreError> {
        let rows = cx.tx.bulletins()?.into_iter();
        rows.map(|(number, row)| self.bulletin_facts(number, row, cx.tx))
            .collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is no such announcement, or the store fails.
    pub fn show_bulletin(&self, number: u64, cx: &Context<'_>) -> Result<BulletinFacts, NotDone> {
        let row = cx.tx.bulletin(number)?.ok_or(NotDone::NoBulletin)?;
        Ok(self.bulletin_facts(number, row, cx.tx)?)
    }

    pub(super) fn bulletin_facts(
        &self,
        number: u64,
        row: BulletinRow,
        tx: &Tx,
    ) -> Result<BulletinFacts, StoreError> {
        let mut facts = BulletinFacts {
            number,
            text: row.announced.text.into_string(),
            group: row.group,
            large: row.announced.large,
            confirm: row.announced.confirm,
            sent_ms: row.sent_ms,
            total: 0,
            confirmed: 0,
            shown: 0,
            delivered: 0,
            waiting: 0,
            offline: 0,
            unreachable: 0,
        };
        for (account, step) in tx.bulletin_steps(number, AccountId(0), usize::MAX)? {
            let count = match self.reader_state(account, step) {
                ReaderState::Confirmed => &mut facts.confirmed,
                ReaderState::Shown => &mut facts.shown,
                ReaderState::Delivered => &mut facts.delivered,
                ReaderState::Waiting => &mut facts.waiting,
                ReaderState::Offline => &mut facts.offline,
                ReaderState::Unreachable => &mut facts.unreachable,
            };
            *count += 1;
            facts.total += 1;
        }
        Ok(facts)
    }

    fn reader_state(&self, account: AccountId, step: StepRow) -> ReaderState {
        match step {
            StepRow::Confirmed => ReaderState::Confirmed,
            StepRow::Shown => ReaderState::Shown,
            StepRow::Stored => ReaderState::Delivered,
            StepRow::Unusable => ReaderState::Unreachable,
            StepRow::Left if self.presence.is_online(account) => ReaderState::Waiting,
            StepRow::Left => ReaderState::Offline,
        }
    }

    /// Some of those whom an announcement is for, above an account.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list_readers(
        &self,
        number: u64,
        after: AccountId,
        cx: &Context<'_>,
    ) -> Result<ReaderPage, StoreError> {
        let steps = cx.tx.bulletin_steps(number, after, BULLETIN_PAGE_MAX)?;
        let is_full = steps.len() == BULLETIN_PAGE_MAX;
        let after = steps
            .last()
            .map(|(account, _)| *account)
            .filter(|_| is_full);
        let mut readers = Vec::with_capacity(steps.len());
        for (account, step) in steps {
            let row = promised(cx.tx.account(account)?, "accounts")?;
            readers.push(Reader {
                account,
                login: row.login,
                name: row.name,
                state: self.reader_state(account, step),
            });
        }
        Ok(ReaderPage { readers, after })
    }

    /// Somebody has an announcement, looked at it or confirmed it.
    pub(in crate::service) fn note_step(
        account: AccountId,
        ack: &MailAck,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let number = number_of(ack.env_id);
        let step = match ack.fate {
            MailFate::Stored(_) => StepRow::Stored,
            MailFate::Shown => StepRow::Shown,
            MailFate::Confirmed(_) => StepRow::Confirmed,
            MailFate::Unusable(_) => StepRow::Unusable,
        };
        let is_known = cx
            .tx
            .bulletin(number)?
            .is_some_and(|row| row.env_id == ack.env_id);
        let before = cx.tx.bulletin_step(number, account)?;
        if is_known && before.is_some_and(|before| before < step) {
            cx.tx.set_bulletin_step(number, account, step)?;
        }
        Ok(())
    }
}

/// The number in the name of an announcement's message.
fn number_of(name: MsgId) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = name.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
