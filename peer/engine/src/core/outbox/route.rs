//! Which path a message takes: every live link at once; else the dial under way for a moment; else, or when a link does
//! not answer, sealed mail at the rendezvous. Copies on two paths do no harm.

use super::{Core, Deposit, Queue};
use crate::api::Path;
use crate::api::event::DeliveryState;
use crate::core::Context;
use crate::core::asks::Asked;
use crate::core::io::LinkId;
use crate::core::links::send;
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::outbox::OutboxRow;
use hutong_common::direct::Direct;
use hutong_common::id::AccountId;
use hutong_common::limits::{
    DEPOSITS_IN_FLIGHT_MAX, DIAL_WAIT_MS, OUTBOX_IN_FLIGHT_MAX, STORED_TIMEOUT_MS,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::rpc::mail::Envelope;
use hutong_common::seal::{MailName, SealKey, seal_mail};
use hutong_common::signed::Card;

impl Core {
    /// Hands over whatever can be handed over to this account now.
    pub(in crate::core) fn pump(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.outbox.has_undelivered(account)
            || self.session.me().is_none()
            || self.roster.get(account).is_none()
            || self.trust.is_paused(account)
        {
            return Ok(());
        }
        for link in self.links_to(account) {
            self.pump_link(account, link, cx)?;
        }
        if !self.has_link(account) && self.waits_for_dial(account, cx)? {
            return Ok(());
        }
        let upto = self.mail_upto(account, cx);
        self.pump_mail(account, upto, cx)
    }

    /// Sends what was not sent over this link, in order, as far as its window reaches.
    fn pump_link(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let device = self.device_of(link);
        let Some(queue) = self.outbox.queues.get(&account) else {
            return Ok(());
        };
        let rows: Vec<(OutboxRow, bool)> = queue
            .items
            .values()
            .take(OUTBOX_IN_FLIGHT_MAX)
            .filter(|item| !item.links.contains(&link))
            .filter(|item| device.is_none_or(|device| !item.stored_by.contains(&device)))
            .map(|item| (item.row, item.is_told || item.is_delivered))
            .collect();
        for (row, is_told) in rows {
            let Some(message) = cx.tx.message(account, row.place)? else {
                continue;
            };
            send(link, Direct::Deliver(message.signed), cx);
            if !is_told && !row.left_at_server {
                self.tell_delivery(&row, DeliveryState::InFlight, Path::Direct, cx);
            }
            let queue = self.outbox.queues.get_mut(&account);
            if let Some(item) = queue.and_then(|queue| queue.items.get_mut(&row.place.seq)) {
                item.links.insert(link);
                item.sent_ms.get_or_insert(cx.now.mono_ms);
                item.is_told = true;
            }
        }
        Ok(())
    }

    /// Up to which number messages shall be left at the rendezvous now; sets the timer for later.
    fn mail_upto(&mut self, account: AccountId, cx: &Context<'_>) -> Option<u64> {
        let all = !self.has_link(account) || self.needs_mail(account, cx);
        let now_ms = cx.now.mono_ms;
        let queue = self.outbox.queues.get(&account)?;
        let waiting = queue
            .items
            .iter()
            .filter(|(_, item)| !item.row.left_at_server);
        if all {
            return waiting.map(|(seq, _)| *seq).next_back();
        }
        let mut upto = None;
        let mut next_ms = None;
        for (seq, item) in waiting {
            let Some(due_ms) = item.sent_ms.map(|sent_ms| sent_ms + STORED_TIMEOUT_MS) else {
                continue;
            };
            if due_ms <= now_ms {
                upto = Some(*seq);
            } else {
                next_ms = Some(next_ms.map_or(due_ms, |next: u64| next.min(due_ms)));
            }
        }
        if let Some(next_ms) = next_ms {
            self.timers.set_earlier(Timer::Outbox(account), next_ms);
        }
        upto
    }

    /// Whether a dial may still bring a link before mail is needed. Begins the dial.
    fn waits_for_dial(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let may_answer = self.roster.is_online(account) || !self.session.is_online();
        if may_answer {
            self.want_link(account, cx)?;
        }
        let is_dialling = self.is_dialling(account);
        let Some(queue) = self.outbox.queues.get_mut(&account) else {
            return Ok(false);
        };
        if !is_dialling {
            queue.dial_until_ms = None;
            return Ok(false);
        }
        let until_ms = *queue
            .dial_until_ms
            .get_or_insert(cx.now.mono_ms + DIAL_WAIT_MS);
        if cx.now.mono_ms >= until_ms {
            return Ok(false);
        }
        self.timers.set_earlier(Timer::Outbox(account), until_ms);
        Ok(true)
    }

    /// Whether an own computer of the account would learn of messages only by mail, or there is none that keeps them.
    fn needs_mail(&self, account: AccountId, cx: &Context<'_>) -> bool {
        let computers = self.computers_of(account, cx);
        let has_link = |device| self.link_to_device(account, device).is_some();
        computers.is_empty() || !computers.into_iter().all(has_link)
    }

    /// Leaves messages at the rendezvous, in order, a few at a time: for the recipient up to a number, and for the own
    /// account in the same envelopes.
    fn pump_mail(
        &mut self,
        account: AccountId,
        upto: Option<u64>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        let copies = self.needs_copies(cx);
        let Some(queue) = self.outbox.queues.get(&account) else {
            return Ok(());
        };
        let next = next_deposits(queue, upto, copies);
        if !next.is_empty() && cx.now.mono_ms < queue.deposit_from_ms {
            let at_ms = queue.deposit_from_ms;
            self.timers.set_earlier(Timer::Outbox(account), at_ms);
            return Ok(());
        }
        for (row, deposit) in next {
            let request = match self.sealed_for(&row, deposit, cx)? {
                Ok(envelope) => Request::SendMail(Box::new(envelope)),
                Err(why) => {
                    self.fail(&row, why.code(), cx)?;
                    continue;
                }
            };
            let mut is_told = true;
            if let Some(item) = self.outbox.item(&row) {
                item.deposit = deposit;
                if deposit.theirs && !item.is_delivered {
                    is_told = std::mem::replace(&mut item.is_told, true);
                }
            }
            if !is_told {
                self.tell_delivery(&row, DeliveryState::InFlight, Path::Mail, cx);
            }
            self.ask(Asked::SendMail(account, row.place.seq), request, cx);
        }
        Ok(())
    }

    /// Seals a message for the newest seal keys that we know.
    fn sealed_for(
        &self,
        row: &OutboxRow,
        deposit: Deposit,
        cx: &mut Context<'_>,
    ) -> Result<Result<Envelope, Refusal>, StoreError> {
        let (Some(contact), Some(me), Some(server)) = (
            self.roster.get(row.account),
            self.session.me(),
            self.session.server_id(),
        ) else {
            return Ok(Err(Refusal::NotContacts));
        };
        let Some(message) = cx.tx.message(row.account, row.place)? else {
            return Ok(Err(Refusal::NotFound));
        };
        let name = MailName {
            server,
            env_id: row.message,
        };
        let key_of = |card: &Card| SealKey {
            no: card.seal_no,
            pk: card.seal_pk,
        };
        let mut recipients = Vec::new();
        if deposit.theirs {
            recipients.push((row.account, key_of(&contact.card)));
        }
        if deposit.ours
            && let Ok(own) = me.card.peek_unverified::<Card>()
        {
            recipients.push((me.account, key_of(&own)));
        }
        let sealed = seal_mail(name, &message.signed, &me.card, &recipients, cx.entropy);
        Ok(sealed.map_err(|_| Refusal::TooLarge))
    }
}

/// The next messages to be left, in order, within the window: for the recipient up to a number, for the own account all.
fn next_deposits(queue: &Queue, upto: Option<u64>, copies: bool) -> Vec<(OutboxRow, Deposit)> {
    let open = queue.items.values().filter(|item| item.deposit.is_open());
    let room = DEPOSITS_IN_FLIGHT_MAX.saturating_sub(open.count());
    let items = queue
        .items
        .iter()
        .filter(|(_, item)| !item.deposit.is_open());
    items
        .map(|(seq, item)| {
            let theirs = !item.row.left_at_server && upto.is_some_and(|upto| *seq <= upto);
            let ours = copies && !item.row.copied;
            (item.row, Deposit { theirs, ours })
        })
        .filter(|(_, deposit)| deposit.is_open())
        .take(room)
        .collect()
}
