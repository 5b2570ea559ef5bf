//! What all must agree on once everything is reachable again: who is in a group, and who has which of its words in which
//! order. For plans and for races.

use super::actor::Actor;
use super::world::World;
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_engine::api::announcement::{AnnounceCommand, AnnouncementDone};
use hutong_engine::api::command::{GroupCommand, History};
use hutong_engine::api::done::{Chat, HistoryRow};
use hutong_engine::api::event::{DeliveryState, Event, MessageKind, WarningCode};
use hutong_engine::api::group::{GroupMember, GroupShown, RoleName};
use hutong_engine::api::{Command, Done};
use std::collections::{BTreeMap, BTreeSet};

/// How long a group may take to come to rest.
const REST_MS: u64 = 30 * 60_000;
/// How often it is looked whether it has.
const POLL_MS: u64 = 1_000;

/// Lets time pass until nothing is left to do.
fn until_none<T: std::fmt::Debug>(world: &World, what: &str, left: impl Fn() -> Vec<T>) {
    let end_ms = world.now_ms() + REST_MS;
    loop {
        let left = left();
        if left.is_empty() {
            return;
        }
        assert!(world.now_ms() < end_ms, "{what}: {left:?}");
        world.run_for(POLL_MS);
    }
}

/// A group, and all who might be in it.
#[derive(Debug)]
pub struct Agreement<'a> {
    world: &'a World,
    people: Vec<&'a Actor>,
    group: GroupId,
}

/// A sheet as somebody shows it, without what only he sees of it.
type Shown = (
    u64,
    String,
    String,
    Vec<(AccountId, RoleName, u64, Option<u64>)>,
);

/// A group as somebody shows it.
pub fn show(who: &Actor, group: GroupId) -> Option<GroupShown> {
    match who.ask(Command::Group(GroupCommand::GroupShow { group })) {
        Ok(Done::Group(shown)) => Some(shown),
        Ok(_) | Err(_) => None,
    }
}

/// A conversation, oldest first; nothing of one that is not known.
pub fn history(who: &Actor, with: &str) -> Vec<HistoryRow> {
    let asked = Command::History(History {
        with: with.to_owned(),
        before: None,
        after: None,
        from: None,
        limit: Some(1_000),
    });
    match who.ask(asked) {
        Ok(Done::History { messages, .. }) => messages,
        Ok(_) | Err(_) => Vec::new(),
    }
}

impl<'a> Agreement<'a> {
    /// Of a group among these people.
    pub fn on(
        world: &'a World,
        people: impl IntoIterator<Item = &'a Actor>,
        group: GroupId,
    ) -> Self {
        Self {
            world,
            people: people.into_iter().collect(),
            group,
        }
    }

    fn name(&self) -> String {
        format!("g:{}", self.group)
    }

    /// Waits until all who are in it have the same sheet and what was said has come as far as it will, and compares.
    pub fn check(&self) {
        until_none(self.world, "who sees another group", || self.who_differs());
        for who in &self.people {
            let what = format!("what {who:?} said and is under way");
            until_none(self.world, &what, || self.under_way(who));
            let differs = |event: &Event| {
                matches!(
                    event,
                    Event::Warning {
                        code: WarningCode::SheetDiffers,
                        ..
                    }
                )
            };
            let is_told = who.computer(|computer| computer.events.iter().any(differs));
            assert!(!is_told, "{who:?} is told of other members");
        }
        let said: Vec<Vec<HistoryRow>> = self
            .people
            .iter()
            .map(|who| history(who, &self.name()))
            .collect();
        self.is_in_one_order(&said);
        for (who, rows) in self.people.iter().zip(&said) {
            self.has_what_he_must(who, rows);
            self.is_named_where_he_is(who, rows);
        }
    }

    /// Who shows another sheet than those before him, or none though he is in the group by the word of the rendezvous.
    fn who_differs(&self) -> Vec<&Actor> {
        let group = self.group;
        let mut first = None;
        let differs = |who: &&&Actor| {
            let found = who.ask(Command::Group(GroupCommand::GroupFind { group }));
            let is_member = match found {
                Ok(Done::GroupFound(found)) => found.standing == "member",
                Ok(_) | Err(_) => false,
            };
            match show(who, group).map(as_all_see_it) {
                Some(shown) => {
                    let is_same = *first.get_or_insert_with(|| shown.clone()) == shown;
                    !is_member || !is_same
                }
                None => is_member,
            }
        };
        self.people.iter().filter(differs).copied().collect()
    }

    /// What somebody said here that has not come to all whom it was for, or failed. Whoever is nobody to him any more cannot
    /// prove to him that he has it.
    fn under_way(&self, who: &Actor) -> Vec<(MsgId, BTreeMap<String, DeliveryState>)> {
        let is_in = |who: &Actor| show(who, self.group).is_some();
        let inside = self.people.iter().filter(|other| is_in(other));
        let inside: BTreeSet<String> = inside.map(|other| other.name()).collect();
        let knows = |name: &String| {
            let is_member = inside.contains(name) && inside.contains(&who.name());
            is_member || self.world.are_friends(who, name)
        };
        let is_open = |(name, state): (&String, &DeliveryState)| {
            *state < DeliveryState::Delivered && knows(name)
        };
        let mut open = history(who, &self.name());
        // Of what was said at another computer of his, only that one knows how far it is.
        open.retain(|row| {
            row.states.iter().any(is_open) && self.world.was_said_at(row.message.id, who)
        });
        let open = open.into_iter();
        open.map(|row| (row.message.id, row.states)).collect()
    }

    /// What two people have stands in one order with both, and what somebody said in the order in which he said it.
    fn is_in_one_order(&self, said: &[Vec<HistoryRow>]) {
        let ids =
            |rows: &[HistoryRow]| -> Vec<MsgId> { rows.iter().map(|row| row.message.id).collect() };
        let common = |of: &[MsgId], with: &[MsgId]| -> Vec<MsgId> {
            let with: BTreeSet<&MsgId> = with.iter().collect();
            of.iter().filter(|id| with.contains(id)).copied().collect()
        };
        let all: Vec<Vec<MsgId>> = said.iter().map(|rows| ids(rows)).collect();
        for one in &all {
            if !self.world.clocks_were_set() {
                for other in &all {
                    assert_eq!(common(one, other), common(other, one), "one order");
                }
            }
            for who in &self.people {
                let accepted = self.world.accepted(who, &self.name());
                assert_eq!(
                    common(one, &accepted),
                    common(&accepted, one),
                    "what {who:?} said in the order in which it was said"
                );
            }
        }
    }

    /// Whoever must have heard something by every sheet since it was said has it, and its writer knows that. The end of a group
    /// is in no sheet.
    fn has_what_he_must(&self, who: &Actor, rows: &[HistoryRow]) {
        let is_there = |who: &&Actor| show(who, self.group).is_some();
        let has_ended = !self.people.iter().any(is_there);
        for writer in &self.people {
            for message in self.world.accepted(writer, &self.name()) {
                let is_his = writer.number() == who.number();
                let must = || self.world.must_be_heard(self.group, message, (writer, who));
                if !is_his && (has_ended || !must()) {
                    continue;
                }
                let has = rows.iter().any(|row| row.message.id == message);
                assert!(has, "{who:?} does not have {message} of {writer:?}");
                if writer.name() != who.name() {
                    let known = self.world.known_state(writer, message, &who.name());
                    let failed = known == Some(DeliveryState::Failed);
                    assert!(!failed, "{message} of {writer:?} is said to have failed");
                }
            }
        }
    }

    /// Only those are told to be named whose name stands in the words.
    fn is_named_where_he_is(&self, who: &Actor, rows: &[HistoryRow]) {
        let name = format!("@{who:?} ");
        for HistoryRow { message, .. } in rows {
            let text = message.text.as_deref().unwrap_or_default();
            let is_other = message.from != who.name();
            let is_named = is_other
                && match message.kind {
                    MessageKind::Announcement => true,
                    MessageKind::Text | MessageKind::File | MessageKind::Unknown => {
                        text.contains(&name)
                    }
                };
            assert_eq!(message.mentions_me, is_named, "{who:?}: {message:?}");
        }
    }
}

fn as_all_see_it(shown: GroupShown) -> Shown {
    let members = shown.members.into_iter();
    let members = members.map(|member| {
        let GroupMember {
            account,
            role,
            joined_ms,
            muted_until_ms,
            ..
        } = member;
        (account, role, joined_ms, muted_until_ms)
    });
    let floor = format!("{:?}", shown.floor);
    (shown.epoch, shown.name, floor, members.collect())
}

/// Announcements are known to be confirmed by all who said that they confirm them.
pub fn confirmations_are_known(world: &World, people: &[Actor]) {
    let is_known = |(login, message): &(String, MsgId)| {
        let message = *message;
        let mut writers = people.iter().filter(|who| world.was_said_at(message, who));
        writers.all(|writer| {
            let proof = writer.ask(Command::Announce(AnnounceCommand::Proof { message }));
            let Ok(Done::Announcement(AnnouncementDone::Proof(proof))) = proof else {
                return false;
            };
            proof.confirmed.iter().any(|person| person.login == *login)
        })
    };
    until_none(world, "confirmations that are not known", || {
        let mut confirmed = world.confirmed();
        confirmed.retain(|confirmed| !is_known(confirmed));
        confirmed.into_iter().collect()
    });
}

/// What is said to be unread fits what came and what was looked at.
pub fn unread_fits(world: &World, people: &[Actor]) {
    for who in people {
        let Ok(Done::Chats { chats }) = who.ask(Command::Chats) else {
            panic!("{who:?} has conversations");
        };
        let Ok(Done::Unread {
            total,
            conversations,
            ..
        }) = who.ask(Command::Unread)
        else {
            panic!("{who:?} has a number of unread messages");
        };
        let all: u64 = chats.iter().map(|chat| chat.unread).sum();
        assert_eq!(total, all, "{who:?} has one number of unread messages");
        for Chat { with, unread, .. } in chats {
            let mut rows = conversations.iter();
            let row = rows.find(|row| row.conversation == with);
            assert_eq!(row.map_or(0, |row| row.unread), unread, "{who:?} of {with}");
            let rows = history(who, &with).into_iter();
            let others = rows.filter(|row| row.message.from != who.name());
            let others: Vec<MsgId> = others.map(|row| row.message.id).collect();
            let fits = world.unread_between(who, &with, &others);
            assert!(
                fits.contains(&unread),
                "{who:?} has {unread} unread of {with}, not {fits:?}"
            );
        }
    }
}
