//! What was looked at: unread messages are counted until then, and the other is told by the way that the message came.

use super::Core;
use crate::api::{Done, Event, Failure};
use crate::core::Context;
use crate::core::asks::Outcome;
use crate::core::io::{CommandId, LinkId};
use crate::core::links::send;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::Place;
use hutong_common::direct::{Direct, Shown};
use hutong_common::id::{AccountId, MsgId};
use hutong_common::message::Inner;
use hutong_common::rpc::mail::{MailAck, MailFate};
use std::collections::BTreeMap;

/// What the rendezvous is told of mail, and is owed until it has answered.
#[derive(Debug)]
pub(in crate::core) struct Acknowledged {
    shown: Vec<(AccountId, MsgId)>,
    confirmed: Vec<(AccountId, MsgId)>,
}

impl Acknowledged {
    pub(super) fn of(acks: &[MailAck]) -> Self {
        let named = |wanted: fn(&MailFate) -> bool| {
            let acks = acks.iter().filter(|ack| wanted(&ack.fate));
            acks.map(|ack| (ack.sender, ack.env_id)).collect()
        };
        Self {
            shown: named(|fate| matches!(fate, MailFate::Shown)),
            confirmed: named(|fate| matches!(fate, MailFate::Confirmed(_))),
        }
    }
}

impl Core {
    /// `read`.
    pub(in crate::core) fn read(
        &mut self,
        command: CommandId,
        (with, upto): (&str, Option<MsgId>),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = self.read_upto(with, upto, cx)?;
        cx.answer(command, answer);
        Ok(())
    }

    fn read_upto(
        &mut self,
        with: &str,
        upto: Option<MsgId>,
        cx: &mut Context<'_>,
    ) -> Result<Result<Done, Failure>, StoreError> {
        let chat = match self.conversation_with(with) {
            Ok(chat) => chat,
            Err(failure) => return Ok(Err(failure)),
        };
        let place = match upto {
            None => Place::LAST,
            Some(message) => match cx.tx.find_message(chat, message)? {
                Some(place) => place,
                None => return Ok(Err(Failure::NoSuchMessage)),
            },
        };
        self.looked_at(chat, place, cx)?;
        Ok(Ok(Done::Plain {}))
    }

    /// Tells how much of a conversation is unread now.
    pub(super) fn tell_read(&self, chat: Chat, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let unread = cx.tx.unread_from(chat)?;
        let conversation = self.chat_name(chat);
        cx.event(Event::Read {
            conversation,
            unread,
        });
        Ok(())
    }

    fn looked_at(
        &mut self,
        chat: Chat,
        upto: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let read = cx.tx.take_unread(chat, upto)?;
        if read.is_empty() {
            return Ok(());
        }
        self.tell_read(chat, cx)?;
        // Of each who wrote something, the newest; in a group these are many.
        let mut newest = BTreeMap::new();
        for (place, row) in &read {
            let Some(sender) = Self::writer_of(chat, *place, cx)? else {
                continue;
            };
            newest.insert(sender, row.msg_id);
            if row.by_mail {
                cx.tx.put_shown_owed(sender, row.msg_id)?;
            }
        }
        for (sender, upto) in newest {
            self.tell_shown((chat, sender), upto, cx)?;
        }
        self.acknowledge_shown(cx)
    }

    fn writer_of(
        chat: Chat,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<Option<AccountId>, StoreError> {
        if let Chat::Person(account) = chat {
            return Ok(Some(account));
        }
        let row = cx.tx.message(chat, place)?;
        let inner = row.and_then(|row| row.signed.peek_unverified::<Inner>().ok());
        Ok(inner.map(|inner| inner.sender_account))
    }

    /// Tells whoever wrote a message that it was looked at, now or when there is a link.
    fn tell_shown(
        &self,
        (chat, sender): (Chat, AccountId),
        upto: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let links = self.links_to(sender);
        for link in &links {
            send(*link, Direct::Shown(Shown { upto }), cx);
        }
        match chat {
            Chat::Person(account) => {
                let mut conversation = cx.tx.conversation(account)?;
                conversation.shown_owed = links.is_empty().then_some(upto);
                cx.tx.put_conversation(account, &conversation)
            }
            Chat::Group(group) if links.is_empty() => {
                cx.tx.put_member_shown_owed((sender, group), upto)
            }
            Chat::Group(_) => Ok(()),
        }
    }

    /// Tells the rendezvous which mail was looked at, as far as it was not told.
    pub(in crate::core) fn acknowledge_shown(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        let acks = cx
            .tx
            .shown_owed()?
            .into_iter()
            .map(|(sender, env_id)| MailAck {
                sender,
                env_id,
                fate: MailFate::Shown,
            })
            .collect();
        self.acknowledge(acks, cx);
        Ok(())
    }

    pub(in crate::core) fn mail_acknowledged(
        acked: &Acknowledged,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if outcome.is_err() {
            return Ok(());
        }
        for (sender, mail) in &acked.shown {
            cx.tx.remove_shown_owed(*sender, *mail)?;
        }
        for (sender, message) in &acked.confirmed {
            cx.tx.remove_confirmation_owed(*sender, *message)?;
        }
        Ok(())
    }

    /// Tells a peer what was looked at while there was no link.
    pub(in crate::core) fn tell_shown_owed(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut conversation = cx.tx.conversation(account)?;
        if let Some(upto) = conversation.shown_owed.take() {
            send(link, Direct::Shown(Shown { upto }), cx);
            cx.tx.put_conversation(account, &conversation)?;
        }
        for upto in cx.tx.take_member_shown_owed(account)? {
            send(link, Direct::Shown(Shown { upto }), cx);
        }
        Ok(())
    }
}
