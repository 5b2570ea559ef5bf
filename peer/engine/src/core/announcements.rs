//! What teachers and admins of the rendezvous want everybody to know: said in a group like any other message, or to the
//! LAN ([`lan`]), and confirmed by whoever has read it ([`proof`]).

pub(super) mod lan;
mod proof;

use super::io::CommandId;
use super::{Context, Core};
use crate::api::announcement::{
    Announce, AnnounceCommand, AnnouncedHow, Announcement, AnnouncementDone,
    AnnouncementRow as ListedAnnouncement,
};
use crate::api::event::{Event, Message};
use crate::api::{Done, Failure};
use crate::store::StoreError;
use crate::store::announcements::AnnouncementRow;
use crate::store::chat::Chat;
use crate::store::messages::Place;
use hutong_common::bounded::Text;
use hutong_common::group::GroupKind;
use hutong_common::id::{AccountId, MsgId};
use hutong_common::limits::{ANNOUNCEMENTS_AN_HOUR_MAX, HOUR_MS};
use hutong_common::message::{Announced, Content, Inner, LAN};
use hutong_common::refusal::Refusal;
use hutong_common::signed::Role;
use std::collections::BTreeSet;

/// The text and the options of an announcement, by its message.
#[derive(Clone, Debug)]
struct Said {
    at: (Chat, Place),
    inner: Inner,
    announced: Announced,
}

impl Core {
    pub(super) fn announcement_command(
        &mut self,
        command: CommandId,
        asked: AnnounceCommand,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = match asked {
            AnnounceCommand::Announce(asked) => return self.make_announcement(command, asked, cx),
            AnnounceCommand::AnnounceAgain { message } => {
                return self.announce_again(command, message, cx);
            }
            AnnounceCommand::Proof { message } => self.proof(message, cx)?,
            AnnounceCommand::Confirm { message } => self.confirm(message, cx)?,
            AnnounceCommand::Announcements => Ok(self.list_announcements(cx)?),
        };
        cx.answer(command, answer);
        Ok(())
    }

    fn make_announcement(
        &mut self,
        command: CommandId,
        asked: Announce,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let announced = match Text::new(asked.text.as_str()) {
            Ok(text) if !text.trim().is_empty() => Announced {
                text,
                large: asked.large,
                confirm: asked.confirm,
            },
            Ok(_) => {
                let detail = "nothing to announce".to_owned();
                cx.answer(command, Err(Failure::Malformed { detail }));
                return Ok(());
            }
            Err(_) => {
                cx.answer(command, Err(Refusal::TooLarge.into()));
                return Ok(());
            }
        };
        if !self.may_announce() {
            cx.answer(command, Err(Failure::OnlyTeachers));
            return Ok(());
        }
        match self.announced_to(&asked) {
            Ok(chat) => self.write_announcement(command, (chat, announced), None, cx),
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// Where an announcement goes: where it is told to, or to the class of everybody.
    fn announced_to(&self, asked: &Announce) -> Result<Chat, Failure> {
        let malformed = |detail: &str| Failure::Malformed {
            detail: detail.to_owned(),
        };
        match (&asked.to, asked.lan) {
            (Some(_), true) => Err(malformed("to a group or to the LAN, not both")),
            (None, true) => Ok(LAN.into()),
            (Some(to), false) => match self.conversation_with(to)? {
                group @ Chat::Group(_) => Ok(group),
                Chat::Person(_) => Err(malformed("an announcement is to a group, g:NUMBER")),
            },
            (None, false) => {
                let mut classes = self
                    .groups
                    .iter()
                    .filter(|sheet| sheet.kind == GroupKind::Class && sheet.owner().is_none());
                let everybody = classes.next().map(|sheet| sheet.group.into());
                everybody.ok_or_else(|| malformed("there is no class of everybody here: to"))
            }
        }
    }

    fn write_announcement(
        &mut self,
        command: CommandId,
        (chat, announced): (Chat, Announced),
        only: Option<&BTreeSet<AccountId>>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(why) = self.too_many_announcements(cx)? {
            cx.answer(command, Err(why.into()));
            return Ok(());
        }
        let content = Content::Announcement(announced);
        let written = match self.write_for(chat, content, only, cx)? {
            Ok(written) => written,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        let message = written.message;
        let waits = None;
        cx.answer(command, Ok(Done::Sent { message, waits }));
        self.note_announcement((chat, written.place), self.session.my_account(), cx)?;
        self.tell_message(chat, written.place, cx)?;
        self.post(&written, cx)
    }

    /// So that an announcement stays something to look up at.
    fn too_many_announcements(&self, cx: &mut Context<'_>) -> Result<Option<Refusal>, StoreError> {
        let me = self.session.my_account();
        let from_ms = self.now_ms(cx).saturating_sub(HOUR_MS);
        let mut times: Vec<u64> = cx
            .tx
            .announcements()?
            .into_iter()
            .filter(|(_, _, row)| Some(row.sender) == me)
            .map(|(_, place, _)| super::clock::millis_of(place.order))
            .filter(|at_ms| *at_ms > from_ms)
            .collect();
        times.sort_unstable();
        let frees_next = times.len().checked_sub(ANNOUNCEMENTS_AN_HOUR_MAX);
        let frees_next = frees_next.and_then(|at| times.get(at));
        Ok(frees_next.map(|at_ms| Refusal::TooFast {
            retry_ms: at_ms.saturating_sub(from_ms),
        }))
    }

    fn announce_again(
        &mut self,
        command: CommandId,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(said) = self.own_announcement(message, cx)? else {
            cx.answer(command, Err(Failure::NoSuchMessage));
            return Ok(());
        };
        let rest = Self::rest_of(&said, cx)?;
        if rest.is_empty() {
            cx.answer(command, Err(Refusal::AlreadyDone.into()));
            return Ok(());
        }
        let chat = said.at.0;
        self.write_announcement(command, (chat, said.announced), Some(&rest), cx)
    }

    fn may_announce(&self) -> bool {
        let me = self.session.my_account();
        let proof = me.and_then(|me| self.own_proof(me));
        proof.is_some_and(|(membership, _)| membership.role != Role::Member)
    }

    /// Whether we may say this at all: only teachers and admins announce, nothing else is said to the LAN, and classes have
    /// their rules.
    pub(super) fn may_say(&self, chat: Chat, content: &Content) -> Result<(), Refusal> {
        let is_announcement = matches!(content, Content::Announcement(_));
        let is_to_lan = chat == LAN.into();
        if is_announcement && !self.may_announce() {
            return Err(Refusal::NotAllowed);
        }
        if is_to_lan && !is_announcement {
            return Err(Refusal::NotAllowed);
        }
        let me = self.session.my_account().ok_or(Refusal::NotSignedIn)?;
        match chat {
            Chat::Person(other) => self.rules_let_say((me, other), content),
            Chat::Group(group) => self.rules_let_say_in(group, me, content),
        }
    }

    /// An announcement is stored, ours or somebody else's.
    pub(super) fn note_announcement(
        &self,
        at: (Chat, Place),
        sender: Option<AccountId>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(sender) = sender else {
            return Ok(());
        };
        let is_confirmed = false;
        let row = AnnouncementRow {
            sender,
            is_confirmed,
        };
        cx.tx.put_announcement(at, &row)
    }

    /// Tells of an announcement whose message was just told.
    pub(super) fn tell_announcement(&self, message: &Message, cx: &mut Context<'_>) {
        if let Some(announcement) = announcement_of(message) {
            cx.event(Event::Announcement(announcement));
        }
    }

    /// How an announcement is shown, and whether we confirmed it.
    pub(super) fn announced_how(
        at: (Chat, Place),
        announced: &Announced,
        cx: &mut Context<'_>,
    ) -> Result<AnnouncedHow, StoreError> {
        let row = cx.tx.announcement(at)?;
        Ok(AnnouncedHow {
            large: announced.large,
            confirm: announced.confirm,
            confirmed: row.is_some_and(|row| row.is_confirmed),
        })
    }

    fn list_announcements(&self, cx: &mut Context<'_>) -> Result<Done, StoreError> {
        let mut listed = cx.tx.announcements()?;
        listed.sort_by_key(|(_, place, _)| *place);
        let me = self.session.my_account();
        let mut announcements = Vec::new();
        for (chat, place, row) in listed {
            let Some(message) = cx.tx.message(chat, place)? else {
                continue;
            };
            let shown = self.shown(chat, place, &message, cx)?;
            let announcement = shown.as_ref().and_then(announcement_of);
            announcements.extend(announcement.map(|announcement| ListedAnnouncement {
                announcement,
                own: Some(row.sender) == me,
            }));
        }
        Ok(Done::Announcement(AnnouncementDone::Listed {
            announcements,
        }))
    }

    /// An announcement by the name of its message: ours, or one of somebody else.
    fn announcement_named(
        &self,
        message: MsgId,
        own: bool,
        cx: &mut Context<'_>,
    ) -> Result<Option<Said>, StoreError> {
        let me = self.session.my_account();
        for seen in cx.tx.places_of(message)? {
            let at = (seen.chat, seen.place);
            let Some(row) = cx.tx.message(seen.chat, seen.place)? else {
                continue;
            };
            let Ok(inner) = row.signed.peek_unverified::<Inner>() else {
                continue;
            };
            if (Some(inner.sender_account) == me) != own {
                continue;
            }
            if let Content::Announcement(announced) = &inner.content {
                let announced = announced.clone();
                return Ok(Some(Said {
                    at,
                    inner,
                    announced,
                }));
            }
        }
        Ok(None)
    }

    fn own_announcement(
        &self,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<Option<Said>, StoreError> {
        self.announcement_named(message, true, cx)
    }
}

fn announcement_of(message: &Message) -> Option<Announcement> {
    Some(Announcement {
        id: message.id,
        from: message.from.clone(),
        account: message.account,
        remark: message.remark.clone(),
        conversation: message.conversation.clone(),
        text: message.text.clone()?,
        how: message.announced?,
        sent_ms: message.sent_ms,
        path: message.path,
    })
}
