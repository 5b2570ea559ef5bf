//! What the judge of a world knows, for those who compare it with what people have.

use super::actor::Actor;
use super::world::World;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::name::Login;
use hutong_common::signed::Role;
use hutong_engine::api::event::DeliveryState;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

impl World {
    /// Whether somebody's clock was set during the run.
    pub(super) fn clocks_were_set(&self) -> bool {
        self.simulation.borrow().clocks_were_set
    }

    /// The group that was made in this place, counted from 0.
    pub(super) fn group(&self, place: usize) -> Option<GroupId> {
        let simulation = self.simulation.borrow();
        simulation.judge.model.groups.get(place).copied()
    }

    /// All groups that were made.
    pub(super) fn groups(&self) -> Vec<GroupId> {
        self.simulation.borrow().judge.model.groups.clone()
    }

    /// Whether somebody is a friend of that login, and nobody ever ended it.
    pub(super) fn are_friends(&self, who: &Actor, login: &str) -> bool {
        let simulation = self.simulation.borrow();
        let model = &simulation.judge.model;
        model.are_friends(&model.logins[who.number()], login)
    }

    /// Whether an accepted message was written at this computer.
    pub(super) fn was_said_at(&self, message: MsgId, who: &Actor) -> bool {
        let simulation = self.simulation.borrow();
        let accepted = simulation.judge.model.accepted.get(&message);
        accepted.is_some_and(|accepted| accepted.from == who.number())
    }

    /// What was accepted from a computer in a conversation, oldest first.
    pub(super) fn accepted(&self, from: &Actor, conversation: &str) -> Vec<MsgId> {
        let simulation = self.simulation.borrow();
        let key = (from.number(), conversation.to_owned());
        let order = simulation.judge.model.order.get(&key);
        order.cloned().unwrap_or_default()
    }

    /// Confirmations that were accepted: by whom, and of which message.
    pub(super) fn confirmed(&self) -> BTreeSet<(String, MsgId)> {
        self.simulation.borrow().judge.model.confirmed.clone()
    }

    /// How far a message is for somebody, as was told to its writer.
    pub(super) fn known_state(
        &self,
        writer: &Actor,
        message: MsgId,
        to: &str,
    ) -> Option<DeliveryState> {
        let simulation = self.simulation.borrow();
        simulation.judge.state(writer.number(), message, to)
    }

    /// Whether every sheet of a group since a message was written lets its writer be heard by somebody.
    pub(super) fn must_be_heard(
        &self,
        group: GroupId,
        message: MsgId,
        (writer, by): (&Actor, &Actor),
    ) -> bool {
        let (Some(sender), Some(receiver)) = (writer.account(), by.account()) else {
            return false;
        };
        let simulation = self.simulation.borrow();
        let voices = &simulation.judge.voices;
        voices.must_be_heard(group, message, (sender, receiver))
    }

    /// How many messages of others may be unread on a computer, of those that it has in a conversation.
    pub(super) fn unread_between(
        &self,
        who: &Actor,
        conversation: &str,
        others: &[MsgId],
    ) -> RangeInclusive<u64> {
        let simulation = self.simulation.borrow();
        simulation
            .judge
            .unread_between((who.number(), conversation), others)
    }

    /// Makes somebody a teacher, who may announce.
    pub(super) fn becomes_teacher(&self, login: &Login) {
        let mut simulation = self.simulation.borrow_mut();
        let is_new = simulation
            .judge
            .model
            .teachers
            .insert(login.as_str().to_owned());
        if is_new {
            simulation.administer(|service, cx| service.set_role(login, Role::Teacher, cx));
        }
    }
}
