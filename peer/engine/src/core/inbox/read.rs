//! What was looked at: unread messages are counted until then, and the other is told by the way that the message came.

use super::Core;
use crate::api::{Done, Event, Failure};
use crate::core::Context;
use crate::core::io::CommandId;
use crate::core::links::send;
use crate::store::StoreError;
use crate::store::messages::Place;
use hutong_common::direct::{Direct, Shown};
use hutong_common::id::{AccountId, MsgId};

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
        let account = match self.conversation_with(with) {
            Ok(account) => account,
            Err(failure) => return Ok(Err(failure)),
        };
        let place = match upto {
            None => Place::LAST,
            Some(message) => match cx.tx.find_message(account, message)? {
                Some(place) => place,
                None => return Ok(Err(Failure::NoSuchMessage)),
            },
        };
        self.looked_at(account, place, cx)?;
        Ok(Ok(Done::Plain {}))
    }

    /// Tells how much of a conversation is unread now.
    pub(super) fn tell_read(
        &self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let unread = cx.tx.unread_from(account)?;
        let conversation = self.login_of(account);
        cx.event(Event::Read {
            conversation,
            unread,
        });
        Ok(())
    }

    fn looked_at(
        &mut self,
        account: AccountId,
        upto: Place,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let read = cx.tx.take_unread(account, upto)?;
        let Some(newest) = read.last() else {
            return Ok(());
        };
        self.tell_read(account, cx)?;
        let upto = newest.msg_id;
        let links = self.links_to(account);
        for link in &links {
            send(*link, Direct::Shown(Shown { upto }), cx);
        }
        let mut conversation = cx.tx.conversation(account)?;
        conversation.shown_owed = links.is_empty().then_some(upto);
        cx.tx.put_conversation(account, &conversation)?;
        for mail in read.iter().filter(|row| row.by_mail) {
            cx.tx.put_shown_owed(account, mail.msg_id)?;
        }
        self.acknowledge_shown(cx)
    }
}
