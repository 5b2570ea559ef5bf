//! What the rendezvous answers to a message that is left there, for the recipient and for the own account.

use super::members::MembersMail;
use super::progress::Step;
use super::{Core, Deposit};
use crate::core::Context;
use crate::core::asks::{Outcome, Setback};
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{Progress, Way};
use crate::store::outbox::OutboxRow;
use hutong_common::id::AccountId;
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
        let refusal = match outcome {
            Ok(Reply::MailStored(stored)) if stored.env_id == row.message => {
                return self.deposited(row, asked, &stored.recipients, cx);
            }
            Ok(_) | Err(Setback::Nonsense) => Refusal::Malformed,
            Err(Setback::Refused(refusal)) => refusal,
            Err(Setback::Lost | Setback::WrongKey { .. }) => return Ok(()),
        };
        match pause_ms(refusal) {
            Some(pause_ms) => self.deposit_later(&[account], pause_ms, cx),
            None if asked.theirs => self.fail(&row, refusal.code(), cx)?,
            None => self.copied(row, Some(refusal), cx)?,
        }
        self.pump(account, cx)
    }

    /// The rendezvous says, for each of those who were named, whether it keeps a message for them.
    fn deposited(
        &mut self,
        row: OutboxRow,
        asked: Deposit,
        answers: &[(AccountId, Option<Refusal>)],
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = |account| {
            let found = answers.iter().find(|(named, _)| Some(*named) == account);
            found.map_or(Some(Refusal::Malformed), |(_, refusal)| *refusal)
        };
        let account = row.account;
        if asked.ours {
            self.copied(row, answer(self.session.my_account()), cx)?;
        }
        let Some(row) = self.outbox.find(account, row.message) else {
            return self.pump(account, cx);
        };
        if asked.theirs {
            match answer(Some(account)).map(|why| (why, pause_ms(why))) {
                None => self.left(row, cx)?,
                Some((_, Some(pause_ms))) => self.deposit_later(&[account], pause_ms, cx),
                Some((why, None)) => self.fail(&row, why.code(), cx)?,
            }
        }
        self.pump(account, cx)
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
            return self.reached(&row, (Progress::Delivered, Way::Direct), cx);
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
