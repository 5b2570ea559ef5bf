//! Which path a message takes: every live link at once; else the dial under way for a moment; else, or when a link does
//! not answer, sealed mail at the rendezvous. Copies on two paths do no harm.

use super::deposits::Depositing;
use super::progress::path_of;
use super::{Core, Deposit, Queue};
use crate::api::Path;
use crate::api::event::DeliveryState;
use crate::core::Context;
use crate::core::asks::Asked;
use crate::core::io::LinkId;
use crate::core::links::send;
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::outbox::OutboxRow;
use hutong_common::direct::Direct;
use hutong_common::id::AccountId;
use hutong_common::limits::{
    DEPOSITS_IN_FLIGHT_MAX, DIAL_WAIT_MS, OUTBOX_IN_FLIGHT_MAX, STORED_TIMEOUT_MS,
};
use hutong_common::message::LAN;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::rpc::mail::Envelope;
use hutong_common::seal::{MailName, SealKey, seal_mail};
use hutong_common::signed::Card;
use std::collections::{BTreeMap, BTreeSet};

impl Core {
    /// Hands over whatever can be handed over to this account now.
    pub(in crate::core) fn pump(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let is_known =
            self.roster.get(account).is_some() || self.session.my_account() == Some(account);
        if !self.outbox.has_undelivered(account)
            || self.session.me().is_none()
            || !is_known
            || self.trust.is_paused(account)
        {
            return Ok(());
        }
        for link in self.links_to(account) {
            self.pump_link(account, link, cx)?;
        }
        let waits = !self.has_link(account) && self.waits_for_dial(account, cx)?;
        let mut upto = self.mail_upto(account, cx);
        // What is said in a group is left for whoever has no link now; a dial is for private words.
        upto.retain(|chat, _| match chat {
            Chat::Person(_) => !waits,
            Chat::Group(group) => *group != LAN,
        });
        self.pump_mail(account, (&upto, waits), cx)
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
            let Some(message) = cx.tx.message(row.chat, row.place)? else {
                continue;
            };
            self.show_sheet(link, row.chat, cx);
            send(link, Direct::Deliver(message.signed), cx);
            if !is_told && !row.left_at_server {
                self.tell_in_flight(&row, path_of(self.way_of(link)), cx);
            }
            if let Some(item) = self.outbox.item(&row) {
                item.links.insert(link);
                item.sent_ms.get_or_insert(cx.now.mono_ms);
                item.is_told = true;
            }
        }
        Ok(())
    }

    /// Up to which number messages of each conversation shall be left at the rendezvous now; sets the timer for later.
    fn mail_upto(&mut self, account: AccountId, cx: &Context<'_>) -> BTreeMap<Chat, u64> {
        let all = self.path_to(account).is_none() || self.needs_mail(account, cx);
        let now_ms = cx.now.mono_ms;
        let Some(queue) = self.outbox.queues.get(&account) else {
            return BTreeMap::new();
        };
        let waiting = queue
            .items
            .iter()
            .filter(|(_, item)| !item.row.left_at_server);
        if all {
            return waiting.map(|(slot, _)| *slot).collect();
        }
        let mut upto = BTreeMap::new();
        let mut next_ms = None;
        for ((chat, seq), item) in waiting {
            let Some(due_ms) = item.sent_ms.map(|sent_ms| sent_ms + STORED_TIMEOUT_MS) else {
                continue;
            };
            if due_ms <= now_ms {
                upto.insert(*chat, *seq);
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
        if may_answer && self.has_reason_to_dial(account) {
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

    /// Private words want a link, and announcements to the LAN; what is said in a group only when the rendezvous cannot take
    /// it.
    pub(in crate::core) fn has_reason_to_dial(&self, account: AccountId) -> bool {
        self.outbox.has_private(account)
            || self.outbox.has_for_lan(account)
            || (!self.session.is_online() && self.outbox.has_undelivered(account))
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
        (upto, waits): (&BTreeMap<Chat, u64>, bool),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        let copies = self.needs_copies(cx) && !waits;
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
            if let Chat::Group(group) = row.chat {
                if let Some(item) = self.outbox.item(&row) {
                    item.deposit = deposit;
                }
                self.mail_member(&row, group);
                continue;
            }
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
                self.tell_in_flight(&row, Path::Mail, cx);
            }
            let asked = Depositing::Private(account, row.place.seq);
            self.ask(Asked::Deposit(asked), request, cx);
        }
        Ok(())
    }

    /// A message is handed to a path. Of a group this is told of nobody in particular.
    fn tell_in_flight(&self, row: &OutboxRow, path: Path, cx: &mut Context<'_>) {
        if row.chat.person().is_some() {
            let about = (row.chat, row.message);
            self.tell_delivery(about, (DeliveryState::InFlight, path), None, cx);
        }
    }

    /// Seals a message for the newest seal keys that we know.
    fn sealed_for(
        &self,
        row: &OutboxRow,
        deposit: Deposit,
        cx: &mut Context<'_>,
    ) -> Result<Result<Envelope, Refusal>, StoreError> {
        let theirs = deposit.theirs.then_some(row.account);
        let ours = self.session.my_account().filter(|_| deposit.ours);
        if self.roster.get(row.account).is_none() {
            return Ok(Err(Refusal::NotContacts));
        }
        let recipients = self.seal_keys_of(&theirs.into_iter().chain(ours).collect());
        self.sealed_mail(row, &recipients, cx)
    }

    /// The newest seal keys that we know of these accounts, of whom we ourselves may be one.
    pub(super) fn seal_keys_of(&self, accounts: &BTreeSet<AccountId>) -> Vec<(AccountId, SealKey)> {
        let key_of = |card: &Card| SealKey {
            no: card.seal_no,
            pk: card.seal_pk,
        };
        let keys = accounts.iter().filter_map(|account| {
            let own = self.own_proof(*account).map(|(_, card)| key_of(card));
            let contact = || {
                self.roster
                    .get(*account)
                    .map(|contact| key_of(&contact.card))
            };
            Some((*account, own.or_else(contact)?))
        });
        keys.collect()
    }

    /// Seals a message of ours.
    pub(super) fn sealed_mail(
        &self,
        row: &OutboxRow,
        recipients: &[(AccountId, SealKey)],
        cx: &mut Context<'_>,
    ) -> Result<Result<Envelope, Refusal>, StoreError> {
        let (Some(me), Some(server)) = (self.session.me(), self.session.server_id()) else {
            return Ok(Err(Refusal::NotSignedIn));
        };
        let Some(message) = cx.tx.message(row.chat, row.place)? else {
            return Ok(Err(Refusal::NotFound));
        };
        let name = MailName {
            server,
            env_id: row.message,
        };
        let sealed = seal_mail(name, &message.signed, &me.card, recipients, cx.entropy);
        Ok(sealed.map_err(|_| Refusal::TooLarge))
    }
}

/// The next messages to be left, in order, within the window: for the recipient up to a number, for the own account all.
fn next_deposits(
    queue: &Queue,
    upto: &BTreeMap<Chat, u64>,
    copies: bool,
) -> Vec<(OutboxRow, Deposit)> {
    let open = queue.items.values().filter(|item| item.deposit.is_open());
    let room = DEPOSITS_IN_FLIGHT_MAX.saturating_sub(open.count());
    let items = queue
        .items
        .iter()
        .filter(|(_, item)| !item.deposit.is_open());
    items
        .map(|((chat, seq), item)| {
            let is_due = upto.get(chat).is_some_and(|upto| seq <= upto);
            let theirs = !item.row.left_at_server && is_due;
            let ours = copies && !item.row.copied;
            (item.row, Deposit { theirs, ours })
        })
        .filter(|(_, deposit)| deposit.is_open())
        .take(room)
        .collect()
}
