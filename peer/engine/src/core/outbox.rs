//! Own messages on their way: stored before anything else, handed over in order by whatever path there is, and kept
//! until a signed receipt proves that the other has them. What is said in a group is under way to each of its members.
//!
//! Which path a message takes is in [`route`], for members of groups in [`members`]; what becomes of it in [`deposits`], [`progress`] and [`receipts`], when it is done in [`duties`]. A conversation is first in, first
//! out on every path: no message is handed to a path before the ones ahead of it were.

mod deposits;
mod duties;
mod members;
pub(super) mod progress;
mod queues;
mod receipts;
mod route;

pub(super) use deposits::Depositing;
pub(super) use queues::Outbox;
use queues::{Deposit, Item, Queue, progress_of};

use super::io::CommandId;
use super::timers::Timer;
use super::{Context, Core};
use crate::api::event::{Delivery, DeliveryState, Event, WarningCode};
use crate::api::{Done, Failure, Path};
use crate::store::chat::Chat;
use crate::store::messages::{MessageRow, Place, Progress, SeenRow, Way};
use crate::store::outbox::OutboxRow;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Text;
use hutong_common::id::{AccountId, MsgId};
use hutong_common::limits::{OUTBOX_MAX, OUTBOX_SWEEP_MS};
use hutong_common::message::{Content, INNER_VERSION, Inner, LAN, To, Words};
use hutong_common::refusal::Refusal;
use hutong_common::signed::Signed;
use std::collections::BTreeSet;

/// A message that was just written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) chat: Chat,
    pub(super) message: MsgId,
    pub(super) place: Place,
    pub(super) at_ms: u64,
    /// Whom it is for.
    recipients: Vec<AccountId>,
    /// The own account, when it gets a copy of what is said in a group.
    copy_for: Option<AccountId>,
}

impl Written {
    fn rows(&self) -> impl Iterator<Item = OutboxRow> {
        self.recipients
            .iter()
            .chain(&self.copy_for)
            .map(|account| OutboxRow {
                chat: self.chat,
                account: *account,
                message: self.message,
                place: self.place,
                since_ms: self.at_ms,
                left_at_server: false,
                copied: self.chat.group().is_some(),
            })
    }
}

impl Core {
    /// `send`.
    pub(super) fn send_text(
        &mut self,
        command: CommandId,
        chat: Chat,
        text: String,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let words = match Text::new(text.as_str()) {
            Ok(body) if !body.is_empty() => Words {
                body,
                reply_to: None,
                mentions: self.named_in(chat, &text),
            },
            Ok(_) => {
                let detail = "nothing to send".to_owned();
                cx.answer(command, Err(Failure::Malformed { detail }));
                return Ok(());
            }
            Err(_) => {
                cx.answer(command, Err(Refusal::TooLarge.into()));
                return Ok(());
            }
        };
        match self.write(chat, Content::Text(words), cx)? {
            Ok(written) => {
                let message = written.message;
                Self::draft_was_sent(chat, &text, cx)?;
                let is_paused = |account| self.trust.is_paused(account);
                let waits = chat
                    .person()
                    .is_some_and(is_paused)
                    .then(|| WarningCode::KeyChanged.code());
                cx.answer(command, Ok(Done::Sent { message, waits }));
                self.tell_message(chat, written.place, cx)?;
                self.post(&written, cx)
            }
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// Numbers, signs and stores a message. Nobody is told yet.
    pub(super) fn write(
        &mut self,
        chat: Chat,
        content: Content,
        cx: &mut Context<'_>,
    ) -> Result<Result<Written, Failure>, StoreError> {
        self.write_for(chat, content, None, cx)
    }

    /// The same for some of those whom it would be for.
    pub(super) fn write_for(
        &mut self,
        chat: Chat,
        content: Content,
        only: Option<&BTreeSet<AccountId>>,
        cx: &mut Context<'_>,
    ) -> Result<Result<Written, Failure>, StoreError> {
        let (Some(me), Some(device), Some(server_id)) = (
            self.session.my_account(),
            self.session.my_device(),
            self.session.server_id(),
        ) else {
            return Ok(Err(Failure::NotSignedIn));
        };
        let now_ms = self.now_ms(cx);
        let (to, mut recipients) = match self.admitted(chat, &content, cx) {
            Ok(addressed) => addressed,
            Err(why) => return Ok(Err(why.into())),
        };
        recipients.retain(|account| only.is_none_or(|only| only.contains(account)));
        let mut conversation = cx.tx.conversation(chat)?;
        let place = Place {
            order: self.session.clock.tick(cx.now, cx.tx)?,
            device,
            seq: conversation.sent_seq + 1,
        };
        let inner = Inner {
            version: INNER_VERSION,
            msg_id: MsgId::new(now_ms, cx.entropy.array()),
            server_id,
            to,
            sender_account: me,
            sender_device: device,
            seq: place.seq,
            hlc: place.order,
            sent_ms: now_ms,
            content,
        };
        let Some(keys) = self.session.keys() else {
            return Ok(Err(Failure::NotSignedIn));
        };
        let signed = Signed::new(&inner, keys);
        conversation.sent_seq = place.seq;
        conversation.newest_order = conversation.newest_order.max(place.order);
        conversation.active_ms = now_ms;
        cx.tx.put_conversation(chat, &conversation)?;
        // Of what is said to one person, the copy goes along with it; what is said to the LAN is left nowhere.
        let is_left = chat.group().is_some_and(|group| group != LAN);
        let written = Written {
            chat,
            message: inner.msg_id,
            place,
            at_ms: now_ms,
            recipients,
            copy_for: Some(me).filter(|_| is_left && self.needs_copies(cx)),
        };
        store_own(&written, signed, cx.tx)?;
        written.rows().for_each(|row| self.outbox.insert(row));
        Ok(Ok(written))
    }

    /// For whom a message is, if there is room for it and we may say it.
    fn admitted(
        &self,
        chat: Chat,
        content: &Content,
        cx: &Context<'_>,
    ) -> Result<(To, Vec<AccountId>), Refusal> {
        if self.outbox.len() >= OUTBOX_MAX {
            let retry_ms = OUTBOX_SWEEP_MS;
            return Err(Refusal::QuotaFull { retry_ms });
        }
        self.may_say(chat, content)?;
        self.addressed(chat, cx)
    }

    /// This home has a new device key, which begins to count anew. Where messages of an earlier key are still under way, it
    /// goes on instead: a gap is waited out by the other side, a number that is used twice would lose one.
    pub(super) fn restart_numbers(&self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        for (chat, mut conversation) in cx.tx.conversations()? {
            if conversation.sent_seq > 0 && !self.outbox.is_open(chat) {
                conversation.sent_seq = 0;
                cx.tx.put_conversation(chat, &conversation)?;
            }
        }
        Ok(())
    }

    /// Tells that a message is queued, and hands it over.
    pub(super) fn post(
        &mut self,
        written: &Written,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let path = match written.chat {
            Chat::Person(account) => self.presence_of(account).1,
            Chat::Group(_) => Path::None,
        };
        let about = (written.chat, written.message);
        self.tell_delivery(about, (DeliveryState::Queued, path), None, cx);
        for account in written.recipients.iter().chain(&written.copy_for) {
            self.pump(*account, cx)?;
        }
        self.tell_nobody_hears(written, cx)
    }

    /// Tells how far a message is for a person, or for all members of a group.
    fn tell_delivery(
        &self,
        (chat, message): (Chat, MsgId),
        (state, path): (DeliveryState, Path),
        code: Option<&'static str>,
        cx: &mut Context<'_>,
    ) {
        let conversation = self.chat_name(chat);
        cx.event(Event::Delivery(Delivery {
            message,
            to: conversation.clone(),
            conversation,
            remark: chat.person().and_then(|of| self.roster.remark_of(of)),
            state,
            path,
            code,
        }));
    }

    /// The rendezvous is there again: whatever paused goes on.
    pub(super) fn wake_everybody(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        for account in self.outbox.accounts() {
            if let Some(queue) = self.outbox.queues.get_mut(&account) {
                queue.deposit_from_ms = 0;
            }
            self.pump(account, cx)?;
        }
        Ok(())
    }

    pub(super) fn open_outbox(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.sweep_outbox(cx)
    }

    pub(super) fn on_outbox_timer(
        &mut self,
        timer: Timer,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Timer::Outbox(account) = timer {
            self.pump(account, cx)
        } else {
            self.sweep_outbox(cx)
        }
    }
}

fn store_own(written: &Written, signed: Signed, tx: &mut Tx) -> Result<(), StoreError> {
    let digest = *blake3::hash(signed.body()).as_bytes();
    let message = MessageRow {
        signed,
        way: Way::None,
        progress: Some(Progress::Queued),
    };
    tx.put_message(written.chat, written.place, &message)?;
    let seen = SeenRow {
        chat: written.chat,
        place: written.place,
        digest,
    };
    tx.put_seen(written.message, &seen)?;
    written.rows().try_for_each(|row| tx.put_outbox(&row))?;
    match written.chat {
        Chat::Person(_) => Ok(()),
        Chat::Group(_) => members::note(written, tx),
    }
}

#[cfg(test)]
mod tests;
