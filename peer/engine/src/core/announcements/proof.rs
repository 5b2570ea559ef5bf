//! Who has an announcement, and who confirmed it.
//!
//! A confirmation is signed by a device of whoever gives it. It goes over every link to who announced, and is kept until the
//! rendezvous has it too: that way it arrives whichever of the two is away.

use super::{Core, Said};
use crate::api::announcement::{AnnouncementDone, Confirmed, ProofPerson, ProofShown};
use crate::api::event::Event;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::LinkId;
use crate::core::links::send;
use crate::core::outbox::progress::Step;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::messages::{Place, Progress};
use crate::store::recipients::RecipientRow;
use hutong_common::direct::{Direct, Vouched};
use hutong_common::id::{AccountId, MsgId};
use hutong_common::limits::ANNOUNCEMENT_PATIENCE_MS;
use hutong_common::rpc::mail::{MailAck, MailFate};
use hutong_common::signed::{ConfirmationBody, Signed, SignedBody};
use std::collections::BTreeSet;

impl Core {
    pub(super) fn proof(
        &self,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<Result<Done, Failure>, StoreError> {
        let Some(said) = self.own_announcement(message, cx)? else {
            return Ok(Err(Failure::NoSuchMessage));
        };
        let recipients = cx.tx.recipients(said.at)?;
        let age_ms = self.now_ms(cx).saturating_sub(said.inner.sent_ms);
        let is_new = age_ms < ANNOUNCEMENT_PATIENCE_MS;
        let mut proof = ProofShown {
            message: message.to_string(),
            conversation: self.chat_name(said.at.0),
            text: said.announced.text.into_string(),
            confirm: said.announced.confirm,
            sent_ms: said.inner.sent_ms,
            total: recipients.len(),
            ..ProofShown::default()
        };
        for (account, row) in recipients {
            let person = ProofPerson {
                login: self.login_of(account),
                name: self.shown_name(account),
                remark: self.roster.remark_of(account),
                code: row.code.clone(),
            };
            self.list_of(&mut proof, (account, &row), is_new)
                .push(person);
        }
        let done = AnnouncementDone::Proof(Box::new(proof));
        Ok(Ok(Done::Announcement(done)))
    }

    fn list_of<'a>(
        &self,
        proof: &'a mut ProofShown,
        (account, row): (AccountId, &RecipientRow),
        is_new: bool,
    ) -> &'a mut Vec<ProofPerson> {
        let is_there = self.presence_of(account).0;
        // Without the rendezvous nobody says who is not there.
        let is_away = !is_there && self.session.is_online();
        match row.progress {
            _ if row.confirmed => &mut proof.confirmed,
            Progress::Shown => &mut proof.shown,
            Progress::Delivered => &mut proof.delivered,
            Progress::Failed => &mut proof.unreachable,
            Progress::Queued | Progress::LeftAtServer if is_away => &mut proof.offline,
            Progress::Queued | Progress::LeftAtServer if is_new => &mut proof.waiting,
            Progress::Queued | Progress::LeftAtServer => &mut proof.unreachable,
        }
    }

    /// Who has not done with an announcement what was wanted.
    pub(super) fn rest_of(
        said: &Said,
        cx: &mut Context<'_>,
    ) -> Result<BTreeSet<AccountId>, StoreError> {
        let recipients = cx.tx.recipients(said.at)?.into_iter();
        let is_open = |row: &RecipientRow| {
            !row.confirmed && (said.announced.confirm || row.progress != Progress::Shown)
        };
        let rest = recipients.filter(|(_, row)| is_open(row));
        Ok(rest.map(|(account, _)| account).collect())
    }

    /// `confirm`.
    pub(super) fn confirm(
        &mut self,
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<Result<Done, Failure>, StoreError> {
        let (Some(said), Some(me), Some(keys)) = (
            self.announcement_named(message, false, cx)?,
            self.session.my_account(),
            self.session.keys(),
        ) else {
            return Ok(Err(Failure::NoSuchMessage));
        };
        let done = Done::Plain {};
        let Some(mut row) = cx.tx.announcement(said.at)? else {
            return Ok(Err(Failure::NoSuchMessage));
        };
        if row.is_confirmed {
            return Ok(Ok(done));
        }
        let body = ConfirmationBody {
            server_id: said.inner.server_id,
            sender_device: said.inner.sender_device,
            msg_id: message,
            confirmed_ms: self.now_ms(cx),
        };
        let signed = Signed::new(&body, keys);
        row.is_confirmed = true;
        cx.tx.put_announcement(said.at, &row)?;
        let to = said.inner.sender_account;
        cx.tx.put_confirmation_owed((to, message), &signed)?;
        self.tell_confirmed(said.at.0, (me, message), cx);
        for link in self.links_to(to) {
            self.send_confirmation(link, signed.clone(), cx);
        }
        self.acknowledge_confirmed(cx)?;
        Ok(Ok(done))
    }

    fn tell_confirmed(&self, chat: Chat, (who, message): (AccountId, MsgId), cx: &mut Context<'_>) {
        cx.event(Event::Confirmed(Confirmed {
            message,
            who: self.login_of(who),
            conversation: self.chat_name(chat),
        }));
    }

    fn send_confirmation(&self, link: LinkId, signed: Signed, cx: &mut Context<'_>) {
        if let Some(account) = self.session.my_account() {
            send(link, Direct::Confirmed(Vouched { account, signed }), cx);
        }
    }

    /// A link to somebody stands: what we confirmed to him and the rendezvous does not have is said again.
    pub(in crate::core) fn tell_confirmations_owed(
        &self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for (_, _, signed) in cx.tx.confirmations_owed(Some(account))? {
            self.send_confirmation(link, signed, cx);
        }
        Ok(())
    }

    /// Leaves confirmations at the rendezvous.
    pub(in crate::core) fn acknowledge_confirmed(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        let owed = cx.tx.confirmations_owed(None)?.into_iter();
        let acks = owed.map(|(sender, env_id, signed)| MailAck {
            sender,
            env_id,
            fate: MailFate::Confirmed(signed),
        });
        let acks = acks.collect();
        self.acknowledge(acks, cx);
        Ok(())
    }

    /// A link brings a confirmation.
    pub(in crate::core) fn confirmed_directly(
        &mut self,
        confirmed: &Vouched,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (account, signed) = (confirmed.account, &confirmed.signed);
        if !self.take_confirmation(account, signed, cx)? {
            tracing::warn!(%account, "a confirmation does not hold");
        }
        Ok(())
    }

    /// Somebody confirms an announcement of ours. False when no device that we know of that account signed it.
    pub(in crate::core) fn take_confirmation(
        &mut self,
        account: AccountId,
        signed: &Signed,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let Some(body) = self.vouched::<ConfirmationBody>(account, signed) else {
            return Ok(false);
        };
        let message = body.msg_id;
        let Some((chat, place)) = Self::own_message_to(account, message, cx)? else {
            return Ok(true);
        };
        if Some(body.server_id) != self.session.server_id() || body.sender_device != place.device {
            return Ok(false);
        }
        self.confirmed_by(account, (chat, place), message, cx)?;
        Ok(true)
    }

    fn confirmed_by(
        &mut self,
        account: AccountId,
        (chat, place): (Chat, Place),
        message: MsgId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let at = (chat, place);
        self.take(Step::looked_at(account, at, message), cx)?;
        let Some(mut row) = cx.tx.recipient(at, account)? else {
            return Ok(());
        };
        if !std::mem::replace(&mut row.confirmed, true) {
            cx.tx.put_recipient(at, account, &row)?;
            self.tell_confirmed(chat, (account, message), cx);
        }
        Ok(())
    }

    /// What an account signed, if one of its devices that we know of did.
    pub(in crate::core) fn vouched<T: SignedBody>(
        &self,
        account: AccountId,
        signed: &Signed,
    ) -> Option<T> {
        let contact = self.roster.get(account)?;
        let mut devices = contact.card.devices.iter();
        devices.find_map(|device| signed.verify::<T>(&device.device_pk).ok())
    }
}
