//! Conversations at a glance: with whom, what was said last, what is unread and what is only noted.
//!
//! One read of the newest message for each conversation, never a walk along one.

use super::clock::millis_of;
use super::io::CommandId;
use super::roster::friends::relation;
use super::{Context, Core};
use crate::api::Done;
use crate::api::done::{Chat, Relation};
use crate::store::messages::Place;
use crate::store::{Direction, StoreError};
use hutong_common::id::AccountId;
use hutong_common::rpc::friends::Relation as WireRelation;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What is noted beside the messages.
struct Notes {
    unread: BTreeMap<AccountId, (u64, u64)>,
    drafts: BTreeMap<AccountId, String>,
}

impl Core {
    /// `chats`.
    pub(super) fn chats(&self, command: CommandId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let drafts = cx.tx.drafts()?.into_iter();
        let notes = Notes {
            unread: cx.tx.unread()?,
            drafts: drafts.map(|(account, row)| (account, row.text)).collect(),
        };
        let friends = self.roster.iter();
        let friends = friends.filter(|(_, contact)| contact.row.relation == WireRelation::Friend);
        let mut accounts: BTreeSet<AccountId> = friends.map(|(account, _)| account).collect();
        let spoken_with = cx.tx.conversations()?.into_iter();
        accounts.extend(spoken_with.map(|(account, _)| account));
        let mut chats = Vec::new();
        for account in accounts {
            chats.extend(self.chat(account, &notes, cx)?);
        }
        chats.sort_by_cached_key(|(order, chat)| (Reverse(*order), chat.with.clone()));
        let chats = chats.into_iter().map(|(_, chat)| chat).collect();
        cx.answer(command, Ok(Done::Chats { chats }));
        Ok(())
    }

    /// One of them with its place in the order; none of somebody who is no friend and with whom nothing was said.
    fn chat(
        &self,
        account: AccountId,
        notes: &Notes,
        cx: &mut Context<'_>,
    ) -> Result<Option<(Option<u64>, Chat)>, StoreError> {
        let range = (Place::FIRST, Place::LAST);
        let newest = cx
            .tx
            .messages_between(account, range, Direction::Backward, 1)?;
        let newest = newest.first();
        let last = match newest {
            Some((place, row)) => self.history_row(account, (*place, row), cx)?,
            None => None,
        };
        let contact = self.roster.get(account);
        let relation = contact.map_or(Relation::None, |contact| relation(contact.row.relation));
        if newest.is_none() && relation != Relation::Friend {
            return Ok(None);
        }
        let order = newest.map(|(place, _)| place.order);
        let (unread, mentions) = notes.unread.get(&account).copied().unwrap_or_default();
        let with = self.login_of(account);
        let chat = Chat {
            account,
            name: contact.map_or_else(|| with.clone(), |of| of.row.profile.name.to_string()),
            remark: self.roster.remark_of(account),
            avatar: self.avatar_of(account),
            relation,
            last,
            unread,
            mentions,
            draft: notes.drafts.get(&account).cloned(),
            last_ms: order.map(millis_of),
            with,
        };
        Ok(Some((order, chat)))
    }
}
