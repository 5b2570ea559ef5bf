//! Telling of messages in the order of their numbers, per device that wrote them.
//!
//! A message beyond a gap is stored and acknowledged at once, but told only when the gap is filled or some seconds have
//! passed: the missing one is usually on another path. After a crash nothing is held, and nothing is told again.

use super::Core;
use super::judge::Source;
use crate::api::event::{Event, Message, MessageKind, WarningCode};
use crate::core::Context;
use crate::core::outbox::progress::path_of;
use crate::core::timers::Timer;
use crate::files::name::clean_name;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{MessageRow, Place};
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::identity;
use hutong_common::limits::GAP_WAIT_MS;
use hutong_common::message::{Content, Inner, LAN, SERVER};
use std::collections::BTreeSet;

/// Messages beyond a gap, by number.
pub(super) type Held = BTreeSet<(u64, Place)>;

impl Core {
    /// Tells of a message that was just stored, or holds it back.
    pub(super) fn tell_in_order(
        &mut self,
        chat: Chat,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let stream = (chat, place.device);
        let told = cx.tx.told(chat, place.device)?.unwrap_or(0);
        if place.seq <= told {
            return self.tell_message(chat, place, cx);
        }
        self.inbox
            .held
            .entry(stream)
            .or_default()
            .insert((place.seq, place));
        self.tell_held(stream, told, false, cx)
    }

    /// What was left before this device belonged to the account begins anywhere: nobody sends what came before it. The
    /// rendezvous numbers its announcements through, whomever they are for.
    pub(super) fn begin_stream(
        &self,
        (chat, writer): (Chat, AccountId),
        place: Place,
        source: Source<'_>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(left_ms) = source.left_at() else {
            return Ok(());
        };
        let told = cx.tx.told(chat, place.device)?;
        let entry = self.session.my_entry();
        let is_older = || entry.is_some_and(|device| left_ms < device.added_ms);
        let begins = match told {
            None => writer == SERVER || is_older(),
            Some(told) => writer == SERVER && told < place.seq,
        };
        if begins {
            cx.tx
                .set_told(chat, place.device, place.seq.saturating_sub(1))?;
        }
        Ok(())
    }

    /// A device numbers its messages without gaps and never twice, unless its disk was copied or set back. Such a message
    /// is shown like any other; the device is told of once.
    pub(super) fn notice_copied_device(
        &mut self,
        chat: Chat,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Place { device, seq, .. } = place;
        let held = self.inbox.held.get(&(chat, device));
        let is_held = held.is_some_and(|held| held.iter().any(|(number, _)| *number == seq));
        let is_past = cx.tx.told(chat, device)?.is_some_and(|told| seq <= told);
        if !(is_held || is_past) || self.inbox.copied.contains(&device) {
            return Ok(());
        }
        if is_held || cx.tx.has_number(chat, device, seq)? {
            self.inbox.copied.insert(device);
            let whose = self.chat_name(chat);
            let text = format!("a computer in the conversation {whose} was copied or set back");
            cx.warn(WarningCode::DeviceCopied, &text);
        }
        Ok(())
    }

    /// Tells of held messages up to the next gap, or of all.
    fn tell_held(
        &mut self,
        (chat, device): (Chat, DeviceId),
        mut told: u64,
        over_gaps: bool,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut held = self.inbox.held.remove(&(chat, device)).unwrap_or_default();
        let before = told;
        while let Some(&(seq, place)) = held.first() {
            if seq > told.saturating_add(1) && !over_gaps {
                break;
            }
            held.pop_first();
            told = seq;
            self.tell_message(chat, place, cx)?;
        }
        if told != before {
            cx.tx.set_told(chat, device, told)?;
        }
        let timer = Timer::Gap(chat, device);
        if held.is_empty() {
            self.timers.cancel(timer);
        } else {
            if !self.timers.is_set(timer) {
                self.timers.set(timer, cx.now.mono_ms + GAP_WAIT_MS);
            }
            self.inbox.held.insert((chat, device), held);
        }
        Ok(())
    }

    /// A gap was waited for long enough.
    pub(in crate::core) fn on_gap_timer(
        &mut self,
        stream: (Chat, DeviceId),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let told = cx.tx.told(stream.0, stream.1)?.unwrap_or(0);
        self.tell_held(stream, told, true, cx)
    }

    /// Tells of a message as it is stored, and of the file that it offers.
    pub(in crate::core) fn tell_message(
        &mut self,
        chat: Chat,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(row) = cx.tx.message(chat, place)? else {
            return Ok(());
        };
        let Some(message) = self.shown(chat, place, &row, cx)? else {
            return Ok(());
        };
        let file = message.file;
        cx.event(Event::Message(message.clone()));
        self.tell_announcement(&message, cx);
        match file {
            Some(file) => self.tell_file(file, cx),
            None => Ok(()),
        }
    }

    /// A message as it is told and listed.
    pub(in crate::core) fn shown(
        &self,
        chat: Chat,
        place: Place,
        row: &MessageRow,
        cx: &mut Context<'_>,
    ) -> Result<Option<Message>, StoreError> {
        let Ok(inner) = row.signed.peek_unverified::<Inner>() else {
            return Ok(None);
        };
        let announced = match &inner.content {
            Content::Announcement(announced) => {
                Some(Self::announced_how((chat, place), announced, cx)?)
            }
            Content::Text(_) | Content::File(_) | Content::Unknown(..) => None,
        };
        let mentions_me = self.mentions_us(&inner);
        let (kind, text, offer) = match inner.content {
            Content::Text(words) => (MessageKind::Text, Some(words.body.into_string()), None),
            Content::File(offer) => (MessageKind::File, None, Some(offer)),
            Content::Announcement(announced) => {
                let text = announced.text.into_string();
                (MessageKind::Announcement, Some(text), None)
            }
            Content::Unknown(..) => (MessageKind::Unknown, None, None),
        };
        let file_id = || identity::file_id(inner.sender_device, inner.msg_id);
        Ok(Some(Message {
            id: inner.msg_id,
            from: self.login_of(inner.sender_account),
            account: inner.sender_account,
            remark: self.roster.remark_of(inner.sender_account),
            conversation: self.chat_name(chat),
            group: chat.group().filter(|group| *group != LAN),
            mentions_me,
            kind,
            text,
            sent_ms: inner.sent_ms,
            hlc: format!("{:016x}", place.order),
            seq: inner.seq,
            path: path_of(row.way),
            file: offer.as_ref().map(|_| file_id()),
            file_name: offer.as_ref().map(|offer| clean_name(&offer.name)),
            file_size: offer.as_ref().map(|offer| offer.size.bytes()),
            announced,
        }))
    }
}
