//! Messages of a conversation for a person to read: oldest first, a page at a time, from the store alone.

use super::io::CommandId;
use super::outbox::progress::state_of;
use super::{Context, Core};
use crate::api::command::{History, Position};
use crate::api::done::HistoryRow;
use crate::api::event::DeliveryState;
use crate::api::{Done, Failure};
use crate::core::clock::logical_of;
use crate::store::chat::Chat;
use crate::store::failures::Failed;
use crate::store::messages::{MessageRow, Place, Progress};
use crate::store::{Direction, StoreError};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::{HISTORY_PAGE_DEFAULT, HISTORY_PAGE_MAX};
use hutong_common::message::{LAN, LAN_ADDRESS};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use std::collections::BTreeMap;

/// What is looked for.
struct Search {
    chat: Chat,
    range: (Place, Place),
    direction: Direction,
    from: Option<String>,
    limit: usize,
}

impl Core {
    /// A conversation, by the other's login or as `g:` and the number of a group.
    pub(super) fn conversation_with(&self, typed: &str) -> Result<Chat, Failure> {
        match group_named(typed) {
            Some(_) if self.session.me().is_none() => Err(Failure::NotSignedIn),
            Some(group) if self.groups.is_named(group) => Ok(group.into()),
            Some(_) => Err(Refusal::NotMember.into()),
            None => self.person_named(typed).map(Chat::Person),
        }
    }

    /// A person with whom something was said, by login.
    pub(super) fn person_named(&self, typed: &str) -> Result<AccountId, Failure> {
        if self.session.me().is_none() {
            return Err(Failure::NotSignedIn);
        }
        Login::new(typed)
            .ok()
            .and_then(|login| self.roster.known_by_login(login.as_str()))
            .ok_or_else(|| Failure::NoContact {
                login: typed.to_owned(),
            })
    }

    /// `history`.
    pub(super) fn history(
        &self,
        command: CommandId,
        asked: &History,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = self.page(asked, cx)?;
        cx.answer(command, answer);
        Ok(())
    }

    fn page(
        &self,
        asked: &History,
        cx: &mut Context<'_>,
    ) -> Result<Result<Done, Failure>, StoreError> {
        let chat = match self.conversation_with(&asked.with) {
            Ok(chat) => chat,
            Err(failure) => return Ok(Err(failure)),
        };
        let limit = asked.limit.unwrap_or(HISTORY_PAGE_DEFAULT);
        if limit == 0 || limit > HISTORY_PAGE_MAX {
            let detail = format!("limit is 1 to {HISTORY_PAGE_MAX}");
            return Ok(Err(Failure::Malformed { detail }));
        }
        let after = Self::place_of(chat, asked.after, Place::FIRST, cx)?;
        let before = Self::place_of(chat, asked.before, Place::LAST, cx)?;
        let (Some(after), Some(before)) = (after, before) else {
            return Ok(Err(Failure::NoSuchMessage));
        };
        let search = Search {
            chat,
            range: (after, before),
            direction: if asked.after.is_some() {
                Direction::Forward
            } else {
                Direction::Backward
            },
            from: asked.from.as_deref().map(canonical),
            limit,
        };
        self.search(&search, cx).map(Ok)
    }

    fn place_of(
        chat: Chat,
        position: Option<Position>,
        otherwise: Place,
        cx: &mut Context<'_>,
    ) -> Result<Option<Place>, StoreError> {
        match position {
            None => Ok(Some(otherwise)),
            Some(Position::Time(ms)) => Ok(Some(Place::before(logical_of(ms)))),
            Some(Position::Message(message)) => cx.tx.find_message(chat, message),
        }
    }

    fn search(&self, search: &Search, cx: &mut Context<'_>) -> Result<Done, StoreError> {
        let wanted = search.limit + 1;
        let mut messages: Vec<HistoryRow> = Vec::new();
        let (mut after, mut before) = search.range;
        while messages.len() < wanted {
            let rows = cx.tx.messages_between(
                search.chat,
                (after, before),
                search.direction,
                HISTORY_PAGE_MAX,
            )?;
            let is_last = rows.len() < HISTORY_PAGE_MAX;
            for (place, row) in rows {
                match search.direction {
                    Direction::Forward => after = place,
                    Direction::Backward => before = place,
                }
                if messages.len() < wanted
                    && let Some(row) = self.listed(search, place, &row, cx)?
                {
                    messages.push(row);
                }
            }
            if is_last {
                break;
            }
        }
        let more = messages.len() > search.limit;
        messages.truncate(search.limit);
        if search.direction == Direction::Backward {
            messages.reverse();
        }
        Ok(Done::History { messages, more })
    }

    fn listed(
        &self,
        search: &Search,
        place: Place,
        row: &MessageRow,
        cx: &mut Context<'_>,
    ) -> Result<Option<HistoryRow>, StoreError> {
        let listed = self.history_row(search.chat, (place, row), cx)?;
        let is_wanted = |from: &String| search.from.as_ref().is_none_or(|wanted| wanted == from);
        Ok(listed.filter(|listed| is_wanted(&listed.message.from)))
    }

    /// A message with what became of it; none when it cannot be read any more.
    pub(super) fn history_row(
        &self,
        chat: Chat,
        (place, row): (Place, &MessageRow),
        cx: &mut Context<'_>,
    ) -> Result<Option<HistoryRow>, StoreError> {
        let Some(message) = self.shown(chat, place, row, cx)? else {
            return Ok(None);
        };
        let code = match row.progress {
            Some(Progress::Failed) => cx.tx.failure(Failed::Message(chat, place))?,
            Some(
                Progress::Queued | Progress::LeftAtServer | Progress::Delivered | Progress::Shown,
            )
            | None => None,
        };
        let state = row.progress.map(|progress| {
            if progress == Progress::Queued && self.outbox.is_in_flight(chat, place.seq) {
                DeliveryState::InFlight
            } else {
                state_of(progress)
            }
        });
        let states = match (state, chat) {
            (None, _) => BTreeMap::new(),
            (Some(state), Chat::Person(_)) => {
                BTreeMap::from([(message.conversation.clone(), state)])
            }
            (Some(_), Chat::Group(_)) => self.states_in(chat, place, cx)?,
        };
        Ok(Some(HistoryRow {
            message,
            state,
            code,
            states,
            edited: false,
            recalled: false,
        }))
    }
}

impl Core {
    /// What a conversation is called in events and lists, and in commands.
    pub(super) fn chat_name(&self, chat: Chat) -> String {
        match chat {
            Chat::Person(account) => self.login_of(account),
            Chat::Group(LAN) => LAN_ADDRESS.to_owned(),
            Chat::Group(group) => format!("g:{group}"),
        }
    }

    /// How far an own message of a group is for each member that it went to.
    fn states_in(
        &self,
        chat: Chat,
        place: Place,
        cx: &mut Context<'_>,
    ) -> Result<BTreeMap<String, DeliveryState>, StoreError> {
        let recipients = cx.tx.recipients((chat, place))?.into_iter();
        let me = self.session.my_account();
        Ok(recipients
            .filter(|(account, _)| Some(*account) != me)
            .map(|(account, row)| (self.login_of(account), state_of(row.progress)))
            .collect())
    }
}

/// The group of `g:100001`.
pub(super) fn group_named(typed: &str) -> Option<GroupId> {
    if typed == LAN_ADDRESS {
        return Some(LAN);
    }
    typed.strip_prefix("g:")?.parse().ok().map(GroupId)
}

fn canonical(typed: &str) -> String {
    Login::new(typed).map_or_else(|_| typed.to_owned(), |login| login.to_string())
}
