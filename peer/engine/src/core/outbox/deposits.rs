//! What the rendezvous answers to a message that is left there, for the recipient and for the own account.

use super::Core;
use super::members::MembersMail;
use super::progress::Step;
use crate::core::Context;
use crate::core::asks::{Outcome, Setback};
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{Progress, Way};
use crate::store::outbox::OutboxRow;
use hutong_common::id::{AccountId, MsgId};
use hutong_common::limits::{PAUSE_MS_MAX, RETRY_DELAYS_MS, RETRY_JITTER_PERCENT};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;

/// After how long a refusal is worth another try; none when it will not change.
pub(super) const fn pause_ms(why: Refusal) -> Option<u64> {
    match why {
        Refusal::TooFast { retry_ms }
        | Refusal::Busy { retry_ms }
        | Refusal::QuotaFull { retry_ms } => Some(retry_ms),
        Refusal::ServerFull
        | Refusal::ShuttingDown
        | Refusal::NotSignedIn
        | Refusal::Internal { .. } => Some(0),
        Refusal::Malformed
        | Refusal::TooLarge
        | Refusal::Version
        | Refusal::PasswordNeeded
        | Refusal::WrongLoginOrPassword
        | Refusal::LockedNeedsCode
        | Refusal::Conflict
        | Refusal::Cloned
        | Refusal::NameTaken
        | Refusal::NameInvalid { .. }
        | Refusal::NameReserved
        | Refusal::PasswordTooWeak { .. }
        | Refusal::InviteNeeded
        | Refusal::NotFound
        | Refusal::NotContacts
        | Refusal::NotMember
        | Refusal::NotAllowed
        | Refusal::AlreadyDone
        | Refusal::Muted { .. }
        | Refusal::TooManyDevices
        | Refusal::Expired
        | Refusal::RelayUnavailable
        | Refusal::Declined
        | Refusal::FileChanged
        | Refusal::FileDamaged
        | Refusal::NoSpace => None,
    }
}

/// A deposit that is not answered yet.
#[derive(Debug)]
pub(in crate::core) enum Depositing {
    /// The message of that number to a person.
    Private(AccountId, u64),
    /// A message to members of a group.
    Members(MembersMail),
}

/// What the rendezvous says to a deposit.
pub(super) enum Answers {
    /// To each of those who were named: why it does not keep the message for him, if it does not.
    ToEach(Vec<(AccountId, Option<Refusal>)>),
    /// It does not take it at all.
    ToAll(Refusal),
}

impl Answers {
    /// None when the connection was lost: then it is asked again.
    pub(super) fn of(outcome: Outcome, message: MsgId) -> Option<Self> {
        match outcome {
            Ok(Reply::MailStored(stored)) if stored.env_id == message => {
                Some(Self::ToEach(stored.recipients.into_vec()))
            }
            Ok(_) | Err(Setback::Nonsense) => Some(Self::ToAll(Refusal::Malformed)),
            Err(Setback::Refused(why)) => Some(Self::ToAll(why)),
            Err(Setback::Lost | Setback::WrongKey { .. }) => None,
        }
    }

    /// Why the message is not kept for somebody; none when it is.
    pub(super) fn to(&self, account: AccountId) -> Option<Refusal> {
        match self {
            Self::ToEach(answers) => {
                let found = answers.iter().find(|(named, _)| *named == account);
                found.map_or(Some(Refusal::Malformed), |(_, why)| *why)
            }
            Self::ToAll(why) => Some(*why),
        }
    }
}

impl Core {
    /// The rendezvous answers a deposit.
    pub(in crate::core) fn deposit_answered(
        &mut self,
        asked: Depositing,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match asked {
            Depositing::Private(account, seq) => self.mail_left(account, seq, outcome, cx),
            Depositing::Members(asked) => self.members_mail_left(asked, outcome, cx),
        }
    }

    fn mail_left(
        &mut self,
        account: AccountId,
        seq: u64,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let queue = self.outbox.queues.get_mut(&account);
        let slot = (Chat::Person(account), seq);
        let Some(item) = queue.and_then(|queue| queue.items.get_mut(&slot)) else {
            return self.pump(account, cx);
        };
        let asked = std::mem::take(&mut item.deposit);
        let row = item.row;
        let Some(answers) = Answers::of(outcome, row.message) else {
            return Ok(());
        };
        if let Answers::ToAll(why) = answers
            && let Some(pause_ms) = pause_ms(why)
        {
            self.deposit_later(&[account], pause_ms, cx);
            return self.pump(account, cx);
        }
        if asked.ours {
            let me = self.session.my_account();
            let why = me.map_or(Some(Refusal::Malformed), |me| answers.to(me));
            self.copied(row, why, cx)?;
        }
        if asked.theirs
            && let Some(row) = self.outbox.find(account, row.message)
            && let Some(pause_ms) = self.answered_for(row, answers.to(account), cx)?
        {
            self.deposit_later(&[account], pause_ms, cx);
        }
        self.pump(account, cx)
    }

    /// A message is left for somebody, or given up; else says after how long it is worth another try.
    pub(super) fn answered_for(
        &mut self,
        row: OutboxRow,
        why: Option<Refusal>,
        cx: &mut Context<'_>,
    ) -> Result<Option<u64>, StoreError> {
        let Some(why) = why else {
            self.left(row, cx)?;
            return Ok(None);
        };
        let pause_ms = pause_ms(why);
        if pause_ms.is_none() {
            self.fail(&row, why.code(), cx)?;
        }
        Ok(pause_ms)
    }

    /// The copy for the own account is there, or is given up: what the recipient gets must not wait for it.
    fn copied(
        &mut self,
        mut row: OutboxRow,
        refusal: Option<Refusal>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(why) = refusal {
            tracing::warn!(%why, "other own devices get no copy of a message");
        }
        row.copied = true;
        self.keep(row, cx)?;
        self.finish(&row, cx)
    }

    /// Notes how far a message is. For a member of a group nothing is: once the rendezvous has it, its row ends.
    fn keep(&mut self, row: OutboxRow, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if row.chat.group().is_none() {
            cx.tx.put_outbox(&row)?;
        }
        if let Some(queue) = self.outbox.queues.get_mut(&row.account) {
            queue.tries = 0;
        }
        if let Some(item) = self.outbox.item(&row) {
            item.row = row;
        }
        Ok(())
    }

    pub(super) fn left(
        &mut self,
        mut row: OutboxRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        row.left_at_server = true;
        self.keep(row, cx)?;
        let step = Step::of(&row, (Progress::LeftAtServer, Way::Mail), None);
        self.advance(step, cx)?;
        // What a seat has signed for counts from now on.
        if self.outbox.item(&row).is_some_and(|item| item.is_at_seat) {
            let way = self.way_to(row.account);
            return self.reached(&row, (Progress::Delivered, way), cx);
        }
        self.finish(&row, cx)
    }

    /// Leaves what is for these accounts at the rendezvous after a pause, the same for all of them. What was on its way
    /// together is refused together: that is one try, or a class to which much is said would wait for minutes.
    pub(super) fn deposit_later(
        &mut self,
        accounts: &[AccountId],
        pause_ms: u64,
        cx: &mut Context<'_>,
    ) {
        let tries = accounts
            .iter()
            .filter_map(|account| Some(self.outbox.queues.get(account)?.tries));
        let tries = tries.max().unwrap_or_default();
        let delay_ms = RETRY_DELAYS_MS.get(tries).or(RETRY_DELAYS_MS.last());
        let delay_ms = delay_ms.copied().unwrap_or_default();
        let delay_ms = cx.jittered(
            delay_ms.max(pause_ms.min(PAUSE_MS_MAX)),
            RETRY_JITTER_PERCENT,
        );
        let now_ms = cx.now.mono_ms;
        for account in accounts {
            let Some(queue) = self.outbox.queues.get_mut(account) else {
                continue;
            };
            if now_ms < queue.deposit_from_ms {
                let wanted_ms = now_ms + pause_ms.min(PAUSE_MS_MAX);
                queue.deposit_from_ms = queue.deposit_from_ms.max(wanted_ms);
            } else {
                queue.tries += 1;
                queue.deposit_from_ms = now_ms + delay_ms;
            }
        }
    }
}
