//! What becomes of a message: left, delivered, shown or failed; never back to a lower state, and only a receipt signed by
//! a device of the recipient proves a delivery.

use super::Core;
use super::deposits::pause_ms;
use crate::api::Path;
use crate::api::event::{DeliveryState, WarningCode};
use crate::core::Context;
use crate::core::timers::Timer;
use crate::store::chat::Chat;
use crate::store::failures::Failed;
use crate::store::messages::{Place, Progress, Way};
use crate::store::outbox::OutboxRow;
use crate::store::{Direction, StoreError};
use hutong_common::direct::Refused;
use hutong_common::id::{AccountId, MsgId, PublicKey};
use hutong_common::limits::{
    HISTORY_PAGE_MAX, LAN_ANNOUNCEMENT_LIFETIME_MS, OUTBOX_LIFETIME_MS, OUTBOX_SWEEP_MS,
};
use hutong_common::message::{Inner, LAN};
use hutong_common::refusal::Refusal;
use hutong_common::signed::{ReceiptBody, Signed};

/// A message and how far it got.
#[derive(Clone, Copy, Debug)]
pub(in crate::core) struct Step {
    pub(in crate::core) chat: Chat,
    /// For whom: the other person, or one member of the group.
    pub(in crate::core) account: AccountId,
    pub(in crate::core) message: MsgId,
    pub(in crate::core) place: Place,
    pub(in crate::core) progress: Progress,
    pub(in crate::core) way: Way,
    pub(in crate::core) code: Option<&'static str>,
}

impl Step {
    pub(super) const fn of(
        row: &OutboxRow,
        (progress, way): (Progress, Way),
        code: Option<&'static str>,
    ) -> Self {
        Self {
            chat: row.chat,
            account: row.account,
            message: row.message,
            place: row.place,
            progress,
            way,
            code,
        }
    }

    /// Somebody has looked at a message.
    pub(in crate::core) const fn looked_at(
        account: AccountId,
        (chat, place): (Chat, Place),
        message: MsgId,
    ) -> Self {
        Self {
            chat,
            account,
            message,
            place,
            progress: Progress::Shown,
            way: Way::None,
            code: None,
        }
    }

    /// By which way the message went, of which that is known: the first copy counts, and what was looked at without having been
    /// left at the rendezvous came over a link.
    pub(super) fn way_after(&self, before: Way) -> Way {
        match (self.way, before) {
            (Way::None, Way::None) if self.progress == Progress::Shown => Way::Direct,
            (Way::None, before) => before,
            (Way::Direct | Way::Mail | Way::Relay, _) => self.way,
        }
    }

    /// Whether it leads on from there.
    pub(super) fn advances(&self, before: Progress) -> bool {
        let is_too_late = self.progress == Progress::Failed && before >= Progress::Delivered;
        before < self.progress && !is_too_late
    }
}

/// How long a message is tried.
fn lifetime_ms(chat: Chat) -> u64 {
    if chat == Chat::Group(LAN) {
        LAN_ANNOUNCEMENT_LIFETIME_MS
    } else {
        OUTBOX_LIFETIME_MS
    }
}

/// How a state is told.
pub(in crate::core) const fn state_of(progress: Progress) -> DeliveryState {
    match progress {
        Progress::Queued => DeliveryState::Queued,
        Progress::LeftAtServer => DeliveryState::LeftAtServer,
        Progress::Delivered => DeliveryState::Delivered,
        Progress::Shown => DeliveryState::Shown,
        Progress::Failed => DeliveryState::Failed,
    }
}

/// How a way is told.
pub(in crate::core) const fn path_of(way: Way) -> Path {
    match way {
        Way::None => Path::None,
        Way::Direct => Path::Direct,
        Way::Mail => Path::Mail,
        Way::Relay => Path::Relay,
    }
}

impl Core {
    /// Notes and tells that a message got further, unless it is that far already.
    pub(in crate::core) fn advance(
        &mut self,
        step: Step,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        if step.chat.group().is_some() {
            return self.advance_member(&step, cx);
        }
        let Some(mut row) = cx.tx.message(step.chat, step.place)? else {
            return Ok(false);
        };
        if row.progress.is_none_or(|before| !step.advances(before)) {
            return Ok(false);
        }
        row.progress = Some(step.progress);
        row.way = step.way_after(row.way);
        cx.tx.put_message(step.chat, step.place, &row)?;
        if step.code.is_some() {
            let failed = Failed::Message(step.chat, step.place);
            cx.tx.set_failure(failed, step.code)?;
        }
        let state = (state_of(step.progress), path_of(row.way));
        self.tell_delivery((step.chat, step.message), state, step.code, cx);
        Ok(true)
    }

    /// Ends a message, whatever was owed.
    pub(super) fn settle(
        &mut self,
        row: &OutboxRow,
        (progress, way): (Progress, Way),
        code: Option<&'static str>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.advance(Step::of(row, (progress, way), code), cx)?;
        cx.tx.remove_outbox(row)?;
        self.outbox.remove(row);
        self.handed_over(cx)
    }

    pub(super) fn fail(
        &mut self,
        row: &OutboxRow,
        code: &'static str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.settle(row, (Progress::Failed, Way::None), Some(code), cx)
    }

    /// Gives up everything to an account that is nothing to us any more.
    pub(in crate::core) fn fail_all(
        &mut self,
        account: AccountId,
        code: &'static str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.fail_private(account, code, cx)?;
        let rows = self.outbox.rows_to(account, |chat| chat.group().is_some());
        let code = Refusal::NotMember.code();
        rows.iter().try_for_each(|row| self.fail(row, code, cx))
    }

    /// Gives up what was said to an account in private.
    pub(in crate::core) fn fail_private(
        &mut self,
        account: AccountId,
        code: &'static str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let rows = self.outbox.rows_to(account, |chat| chat.person().is_some());
        rows.iter().try_for_each(|row| self.fail(row, code, cx))
    }

    /// Gives up what is too old.
    pub(super) fn sweep_outbox(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let now_ms = self.now_ms(cx);
        let old: Vec<OutboxRow> = self
            .outbox
            .queues
            .values()
            .flat_map(|queue| queue.items.values())
            .map(|item| item.row)
            .filter(|row| row.since_ms.saturating_add(lifetime_ms(row.chat)) < now_ms)
            .collect();
        self.timers
            .set(Timer::Expire, cx.now.mono_ms + OUTBOX_SWEEP_MS);
        old.iter()
            .try_for_each(|row| self.fail(row, Refusal::Expired.code(), cx))
    }

    /// A peer says that a message is on its disk.
    pub(in crate::core) fn stored_directly(
        &mut self,
        account: AccountId,
        receipt: &Signed,
        key: &PublicKey,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let body = receipt.verify::<ReceiptBody>(key).ok();
        let Some(body) = body.filter(|body| Some(body.server_id) == self.session.server_id())
        else {
            tracing::warn!(%account, "a receipt does not hold");
            return Ok(());
        };
        match self.outbox.find(account, body.msg_id) {
            // Perhaps an earlier key of this home signed it.
            Some(row) if row.place.device == body.sender_device => {
                self.stored_by(&row, key, cx)?;
                self.pump(account, cx)
            }
            Some(_) => Ok(()),
            None => self.hand_receipt_on(account, (receipt, &body), cx),
        }
    }

    /// A peer does not take a message.
    pub(in crate::core) fn refused_directly(
        &mut self,
        account: AccountId,
        refused: Refused,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if refused.why == Refusal::Cloned {
            return self.number_used_twice(account, refused.msg_id, cx);
        }
        let Some(row) = self.outbox.find(account, refused.msg_id) else {
            return Ok(());
        };
        // What may change is left to the mail, which follows when no receipt comes.
        match pause_ms(refused.why) {
            Some(_) => Ok(()),
            None => self.fail(&row, refused.why.code(), cx),
        }
    }

    /// A peer has got two messages of one number from this device: one of them was written by a copy of it.
    fn number_used_twice(
        &self,
        account: AccountId,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(device) = self.session.my_device() else {
            return Ok(());
        };
        let seen = cx.tx.seen(message, device)?;
        if seen.is_some() {
            let text = format!(
                "{} got one number twice from this computer",
                self.login_of(account)
            );
            cx.warn(WarningCode::IdentityCloned, &text);
        }
        Ok(())
    }

    /// Where an own message is that went to an account: in private, or in a group.
    pub(in crate::core) fn own_message_to(
        account: AccountId,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<Option<(Chat, Place)>, StoreError> {
        for seen in cx.tx.places_of(message)? {
            let at = (seen.chat, seen.place);
            let went_there = match seen.chat {
                Chat::Person(other) => other == account,
                Chat::Group(_) => cx.tx.recipient(at, account)?.is_some(),
            };
            if went_there {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// How far an own message is for an account.
    pub(super) fn progress_for(
        account: AccountId,
        (chat, place): (Chat, Place),
        cx: &mut Context<'_>,
    ) -> Result<Option<Progress>, StoreError> {
        match chat {
            Chat::Person(_) => {
                let message = cx.tx.message(chat, place)?;
                Ok(message.and_then(|message| message.progress))
            }
            Chat::Group(_) => {
                let recipient = cx.tx.recipient((chat, place), account)?;
                Ok(recipient.map(|recipient| recipient.progress))
            }
        }
    }

    /// The other has looked at everything up to a message.
    pub(in crate::core) fn shown_upto(
        &mut self,
        account: AccountId,
        upto: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some((chat, mut before)) = Self::own_message_to(account, upto, cx)? else {
            return Ok(());
        };
        before.seq += 1;
        let range = (Place::FIRST, before);
        let rows = cx
            .tx
            .messages_between(chat, range, Direction::Backward, HISTORY_PAGE_MAX)?;
        for (place, row) in rows.into_iter().rev() {
            if row.progress.is_none() {
                continue;
            }
            let Some(progress) = Self::progress_for(account, (chat, place), cx)? else {
                continue;
            };
            let Ok(inner) = row.signed.peek_unverified::<Inner>() else {
                continue;
            };
            let message = inner.msg_id;
            // An earlier message without a receipt may never have arrived.
            if message != upto && progress < Progress::Delivered {
                continue;
            }
            let looked_at = Step::looked_at(account, (chat, place), message);
            self.take(looked_at, cx)?;
        }
        Ok(())
    }

    /// Somebody says how far a message is, which may be done with long ago, or written by another own device.
    pub(in crate::core) fn take(
        &mut self,
        step: Step,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let reached = (step.progress, step.way);
        match self.outbox.find(step.account, step.message) {
            Some(row) if step.progress == Progress::Failed => {
                self.settle(&row, reached, step.code, cx)
            }
            Some(row) => self.reached(&row, reached, cx),
            None => self.advance(step, cx).map(drop),
        }
    }
}
