//! Conversations at a glance: with whom, what was said last, what is unread and what is only noted.
//!
//! One read of the newest message for each conversation, never a walk along one.

use super::clock::millis_of;
use super::io::CommandId;
use super::roster::friends::relation;
use super::{Context, Core};
use crate::api::Done;
use crate::api::done::{Chat, Relation};
use crate::store::chat::Chat as Key;
use crate::store::messages::Place;
use crate::store::{Direction, StoreError};
use hutong_common::rpc::friends::Relation as WireRelation;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What is noted beside the messages.
struct Notes {
    unread: BTreeMap<Key, (u64, u64)>,
    drafts: BTreeMap<Key, String>,
}

impl Core {
    /// `chats`.
    pub(super) fn chats(&self, command: CommandId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let drafts = cx.tx.drafts()?.into_iter();
        let notes = Notes {
            unread: cx.tx.unread()?,
            drafts: drafts.map(|(key, row)| (key, row.text)).collect(),
        };
        let friends = self.roster.iter();
        let friends = friends.filter(|(_, contact)| contact.row.relation == WireRelation::Friend);
        let mut keys: BTreeSet<Key> = friends.map(|(account, _)| account.into()).collect();
        keys.extend(self.groups.iter().map(|sheet| Key::Group(sheet.group)));
        let spoken_with = cx.tx.conversations()?.into_iter();
        keys.extend(spoken_with.map(|(key, _)| key));
        let mut chats = Vec::new();
        for key in keys {
            chats.extend(self.chat(key, &notes, cx)?);
        }
        chats.sort_by_cached_key(|(order, chat)| (Reverse(*order), chat.with.clone()));
        let chats = chats.into_iter().map(|(_, chat)| chat).collect();
        cx.answer(command, Ok(Done::Chats { chats }));
        Ok(())
    }

    /// One of them with its place in the order; none of somebody who is no friend and with whom nothing was said.
    fn chat(
        &self,
        key: Key,
        notes: &Notes,
        cx: &mut Context<'_>,
    ) -> Result<Option<(Option<u64>, Chat)>, StoreError> {
        let range = (Place::FIRST, Place::LAST);
        let newest = cx.tx.messages_between(key, range, Direction::Backward, 1)?;
        let newest = newest.first();
        let last = match newest {
            Some((place, row)) => self.history_row(key, (*place, row), cx)?,
            None => None,
        };
        let Some(who) = self.other_side(key, newest.is_some()) else {
            return Ok(None);
        };
        let order = newest.map(|(place, _)| place.order);
        let (unread, mentions) = notes.unread.get(&key).copied().unwrap_or_default();
        let chat = Chat {
            with: self.chat_name(key),
            account: key.person(),
            group: key.group(),
            name: who.name,
            remark: key.person().and_then(|of| self.roster.remark_of(of)),
            avatar: key.person().and_then(|of| self.avatar_of(of)),
            relation: who.relation,
            last,
            unread,
            mentions,
            draft: notes.drafts.get(&key).cloned(),
            last_ms: order.map(millis_of),
        };
        Ok(Some((order, chat)))
    }

    fn other_side(&self, key: Key, was_spoken_with: bool) -> Option<OtherSide> {
        let account = match key {
            Key::Person(account) => account,
            Key::Group(group) => {
                let is_ours = self.groups.get(group).is_some();
                return (is_ours || was_spoken_with).then(|| OtherSide {
                    name: self.groups.name_of(group),
                    relation: if is_ours {
                        Relation::Member
                    } else {
                        Relation::None
                    },
                });
            }
        };
        let contact = self.roster.get(account);
        let relation = contact.map_or(Relation::None, |contact| relation(contact.row.relation));
        let login = || self.login_of(account);
        (was_spoken_with || relation == Relation::Friend).then(|| OtherSide {
            name: contact.map_or_else(login, |of| of.row.profile.name.to_string()),
            relation,
        })
    }
}

/// With whom a conversation is.
struct OtherSide {
    name: String,
    relation: Relation,
}
