//! What the model says, compared with what lies on the disks.

use super::Simulation;
use hutong_common::id::MsgId;
use hutong_engine::api::Event;
use hutong_engine::api::event::DeliveryState;

impl Simulation {
    /// `delivered` is a promise: the recipient's disk must have the message, whether his program runs or not.
    pub(super) fn check_promise(&mut self, who: usize, event: &Event) {
        let Event::Delivery(delivery) = event else {
            return;
        };
        if !matches!(
            delivery.state,
            DeliveryState::Delivered | DeliveryState::Shown
        ) {
            return;
        }
        let model = &self.judge.model;
        let Some(sender) = model.accounts.get(&who) else {
            return;
        };
        if delivery.to.starts_with("g:") {
            // That all have it was checked for each of them.
            return;
        }
        let mut recipients = model.computers_of(&delivery.to);
        let has = recipients
            .any(|recipient| self.clients[recipient].has_message(*sender, delivery.message))
            || self.judge.was_wiped(&delivery.to, delivery.message);
        assert!(
            has,
            "{} is {:?}, and {} does not have it",
            delivery.message, delivery.state, delivery.to
        );
    }

    /// Accepted messages between friends that their sender does not know to be delivered.
    pub fn undelivered(&self) -> Vec<MsgId> {
        let unheard = self.judge.undelivered().into_iter();
        // A kill between commit and event swallows the event, never the row.
        unheard
            .filter(|id| !self.is_delivered_on_disk(*id))
            .collect()
    }

    fn is_delivered_on_disk(&self, id: MsgId) -> bool {
        let model = &self.judge.model;
        let Some(accepted) = model.accepted.get(&id) else {
            return false;
        };
        let mut recipients = model.computers_of(&accepted.to);
        let account = recipients.find_map(|recipient| model.accounts.get(&recipient));
        account.is_some_and(|account| self.clients[accepted.from].knows_delivered(*account, id))
    }
}
