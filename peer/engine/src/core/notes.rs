//! What the person of this home notes for herself: names of her own for others, and words that are not sent yet.
//!
//! Both stay on this computer and are about people who are, or once were, contacts.

use super::io::CommandId;
use super::{Context, Core};
use crate::api::done::Draft;
use crate::api::event::ContactChange;
use crate::api::{Done, Failure};
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::notes::DraftRow;
use hutong_common::limits::TEXT_BYTES_MAX;
use hutong_common::name::DisplayName;
use hutong_common::refusal::Refusal;

impl Core {
    /// `remark`.
    pub(super) fn remark(
        &mut self,
        command: CommandId,
        (login, name): (String, &str),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let noted = self.person_named(&login).and_then(|account| {
            let is_taken_back = name.trim().is_empty();
            let name = (!is_taken_back).then(|| DisplayName::new(name).map_err(Refusal::from));
            Ok((account, name.transpose()?))
        });
        match noted {
            Ok((account, name)) => {
                cx.tx.set_remark(account, name.as_ref())?;
                self.roster.set_remark(account, name);
                self.tell_contact(account, ContactChange::Changed, cx);
                cx.answer(command, Ok(Done::Plain {}));
            }
            Err(failure) => cx.answer(command, Err(failure)),
        }
        Ok(())
    }

    /// `draft`.
    pub(super) fn draft(
        &self,
        command: CommandId,
        with: &str,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let chat = match self.conversation_with(with) {
            Ok(_)
                if text
                    .as_ref()
                    .is_some_and(|text| text.len() > TEXT_BYTES_MAX) =>
            {
                Err(Refusal::TooLarge.into())
            }
            chat => chat,
        };
        let answer = match chat {
            Ok(chat) => Ok(Done::Draft(self.drafted(chat, text, cx)?)),
            Err(failure) => Err::<_, Failure>(failure),
        };
        cx.answer(command, answer);
        Ok(())
    }

    /// Notes the words, if there are any to note, and says what is noted then.
    fn drafted(
        &self,
        chat: Chat,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) -> Result<Draft, StoreError> {
        let row = match text {
            None => cx.tx.draft(chat)?,
            Some(text) => {
                let at_ms = self.now_ms(cx);
                let row = (!text.is_empty()).then_some(DraftRow { text, at_ms });
                cx.tx.set_draft(chat, row.as_ref())?;
                row
            }
        };
        Ok(self.shown_draft(chat, row))
    }

    /// `drafts`.
    pub(super) fn drafts(
        &self,
        command: CommandId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut rows = cx.tx.drafts()?;
        rows.sort_by_key(|(chat, row)| (row.at_ms, *chat));
        let shown = |(chat, row)| self.shown_draft(chat, Some(row));
        let drafts = rows.into_iter().map(shown).collect();
        cx.answer(command, Ok(Done::Drafts { drafts }));
        Ok(())
    }

    fn shown_draft(&self, chat: Chat, row: Option<DraftRow>) -> Draft {
        Draft {
            conversation: self.chat_name(chat),
            remark: chat.person().and_then(|of| self.roster.remark_of(of)),
            at_ms: row.as_ref().map(|row| row.at_ms),
            text: row.map(|row| row.text),
        }
    }

    /// A draft that was sent as it stood is none any more.
    pub(super) fn draft_was_sent(
        chat: Chat,
        text: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if cx.tx.draft(chat)?.is_some_and(|row| row.text == text) {
            cx.tx.set_draft(chat, None)?;
        }
        Ok(())
    }
}
