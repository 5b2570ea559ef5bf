//! Contacts: who may be talked to, with proven memberships and cards, and who is there.
//!
//! Kept in the store and refreshed by the rendezvous and by peers; everything that is taken in goes through [`judge`].
//! Who is there is in [`presence`], all contacts after a sign-in in [`listing`], what a person does about friends in
//! [`friends`], what is done with somebody who must first be asked for in [`acts`].

pub(super) mod acts;
mod details;
pub(super) mod friends;
mod judge;
mod listing;
mod meeting;
mod person;
mod presence;

use super::asks::{Asked, Outcome, Setback, Then};
use super::{Context, Core};
use crate::api::Done;
use crate::api::announcement::SERVER_NAMED;
use crate::api::event::{ContactChange, Event};
use crate::store::contacts::{ContactRow, PinRow};
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, DeviceId, RequestId};
use hutong_common::message::SERVER;
use hutong_common::name::{DisplayName, Login};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::{Contact as WireContact, Relation, RequestState};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{Card, CardDevice, Membership};
use presence::Presence;
use std::collections::{BTreeMap, BTreeSet};

/// A contact.
#[derive(Debug)]
pub(super) struct Contact {
    pub(super) row: ContactRow,
    pub(super) membership: Membership,
    pub(super) card: Card,
    /// Whether the rendezvous says that a device is connected to it.
    online: bool,
    /// Whether the rendezvous says that its person is away.
    away: bool,
    told: Option<Presence>,
}

impl Contact {
    /// A row that was judged before it was stored; none when it cannot be read any more.
    fn of(row: ContactRow) -> Option<Self> {
        Some(Self {
            membership: row.membership.peek_unverified().ok()?,
            card: row.card.peek_unverified().ok()?,
            row,
            online: false,
            away: false,
            told: None,
        })
    }

    /// The device of this id, whether or not its time is over.
    pub(super) fn device(&self, id: DeviceId) -> Option<&CardDevice> {
        self.card.devices.iter().find(|device| device.id() == id)
    }
}

/// All contacts.
#[derive(Debug, Default)]
pub(super) struct Roster {
    contacts: BTreeMap<AccountId, Contact>,
    by_login: BTreeMap<String, AccountId>,
    blocked: BTreeSet<AccountId>,
    /// Those who were contacts once, or were blocked.
    former: BTreeMap<AccountId, Login>,
    /// Our own names for others.
    remarks: BTreeMap<AccountId, DisplayName>,
    /// Accounts listed so far, while the pages of a listing come.
    listing: Option<BTreeSet<AccountId>>,
    /// Friend requests as they were last told; none before that.
    requests: Option<Vec<(RequestId, RequestState)>>,
    /// Those to us that are open.
    requests_open: u64,
}

impl Roster {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut roster = Self {
            blocked: tx.blocked()?.into_iter().collect(),
            former: tx.former_contacts()?.into_iter().collect(),
            remarks: tx.remarks()?.into_iter().collect(),
            ..Self::default()
        };
        for (account, row) in tx.contacts()? {
            if let Some(contact) = Contact::of(row) {
                roster.insert(account, contact);
            }
        }
        Ok(roster)
    }

    fn insert(&mut self, account: AccountId, contact: Contact) {
        self.by_login.insert(contact.row.login.to_string(), account);
        self.contacts.insert(account, contact);
    }

    /// A contact that is not blocked.
    pub(super) fn get(&self, account: AccountId) -> Option<&Contact> {
        self.contacts
            .get(&account)
            .filter(|_| !self.blocked.contains(&account))
    }

    /// Somebody with whom one may talk in private: not one who is only met in a group.
    pub(super) fn contact(&self, account: AccountId) -> Option<&Contact> {
        self.get(account)
            .filter(|contact| contact.row.relation != Relation::Member)
    }

    pub(super) fn by_login(&self, login: &str) -> Option<AccountId> {
        self.by_login
            .get(login)
            .copied()
            .filter(|account| self.get(*account).is_some())
    }

    /// What somebody is to us, blocked or not.
    fn relation_to(&self, account: AccountId) -> Option<Relation> {
        let known = self.contacts.get(&account);
        known.map(|known| known.row.relation)
    }

    /// All contacts that are not blocked.
    pub(super) fn iter(&self) -> impl Iterator<Item = (AccountId, &Contact)> {
        self.contacts
            .iter()
            .map(|(account, contact)| (*account, contact))
            .filter(|(account, _)| !self.blocked.contains(account))
    }

    /// The login of somebody, also after the friendship.
    pub(super) fn login_of(&self, account: AccountId) -> String {
        if account == SERVER {
            return SERVER_NAMED.to_owned();
        }
        let contact = self.contacts.get(&account).map(|known| &known.row.login);
        contact
            .or_else(|| self.former.get(&account))
            .map_or_else(|| account.to_string(), ToString::to_string)
    }

    /// Whether somebody is a contact or a member of a common group, blocked or not.
    pub(super) fn knows(&self, account: AccountId) -> bool {
        self.contacts.contains_key(&account)
    }

    pub(super) fn is_blocked(&self, account: AccountId) -> bool {
        self.blocked.contains(&account)
    }

    /// Open friend requests to us.
    pub(super) const fn requests_open(&self) -> u64 {
        self.requests_open
    }

    fn is_named(&self, account: AccountId) -> bool {
        self.contacts.contains_key(&account) || self.former.contains_key(&account)
    }

    /// Whose login this is or was: enough to look at what was said.
    pub(super) fn known_by_login(&self, login: &str) -> Option<AccountId> {
        let former = || {
            self.former
                .iter()
                .find(|(_, known)| known.as_str() == login)
        };
        let current = self.by_login.get(login).copied();
        current.or_else(|| former().map(|(account, _)| *account))
    }

    /// Our own name for somebody.
    pub(super) fn remark_of(&self, account: AccountId) -> Option<String> {
        self.remarks.get(&account).map(ToString::to_string)
    }

    pub(super) fn set_remark(&mut self, account: AccountId, name: Option<DisplayName>) {
        match name {
            Some(name) => self.remarks.insert(account, name),
            None => self.remarks.remove(&account),
        };
    }

    /// Whether the rendezvous says that a device of the contact is connected.
    pub(super) fn is_online(&self, account: AccountId) -> bool {
        self.contacts
            .get(&account)
            .is_some_and(|contact| contact.online)
    }
}

impl Core {
    /// A contact as the rendezvous tells it.
    fn take_contact(
        &mut self,
        contact: WireContact,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let account = contact.account;
        let judged = self.judge_proof(&contact.membership, &contact.card, cx);
        let (membership, card) = match judged {
            Ok((membership, card))
                if membership.account_id == account && membership.login == contact.login =>
            {
                (membership, card)
            }
            Ok(_) => {
                tracing::warn!(%account, "a contact of the rendezvous is somebody else");
                return Ok(());
            }
            Err(why) => {
                tracing::warn!(%account, %why, "a contact of the rendezvous does not hold");
                return Ok(());
            }
        };
        let before = self.roster.relation_to(account);
        let is_new = before.is_none();
        if is_new {
            // Whoever was a contact before comes back under the key that he had, or as one with another key.
            let pin = cx.tx.pin(account)?.unwrap_or_else(|| PinRow {
                membership: contact.membership.clone(),
                card: contact.card.clone(),
            });
            let row = ContactRow {
                login: membership.login,
                relation: contact.relation,
                profile: contact.profile.clone(),
                membership: pin.membership,
                card: pin.card,
                since_ms: contact.since_ms,
                answered_at: BTreeMap::new(),
            };
            cx.tx.put_contact(account, &row)?;
            if let Some(contact) = Contact::of(row) {
                self.roster.insert(account, contact);
                self.links_forget_tags();
                self.tell_contact(account, ContactChange::Added, cx);
            }
        } else {
            self.update_profile(account, &contact, cx)?;
        }
        let told_version = card.version;
        match self.take_proof(&contact.membership, &contact.card, cx)? {
            Err(why) => tracing::warn!(%account, %why, "the rendezvous tells another contact"),
            Ok(_) if self.is_older_card(account, told_version) => {
                tracing::warn!(%account, "the rendezvous tells an older card of a contact");
            }
            Ok(_) => {}
        }
        self.presence_pushed(account, contact.online, cx)?;
        // A class is too large to be linked to all of it before anybody says a word.
        let is_friend = |of| of == Some(Relation::Friend);
        if contact.online && is_friend(Some(contact.relation)) && !is_friend(before) {
            self.want_link(account, cx)?;
        }
        self.pump(account, cx)
    }

    fn is_older_card(&self, account: AccountId, version: u64) -> bool {
        let known = self.roster.contacts.get(&account);
        known.is_some_and(|known| known.card.version > version)
    }

    fn update_profile(
        &mut self,
        account: AccountId,
        told: &WireContact,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(contact) = self.roster.contacts.get_mut(&account) else {
            return Ok(());
        };
        let row = &mut contact.row;
        let ends = told.relation == Relation::Member && row.relation != Relation::Member;
        if row.profile != told.profile
            || row.relation != told.relation
            || row.since_ms != told.since_ms
        {
            row.profile = told.profile.clone();
            row.relation = told.relation;
            row.since_ms = told.since_ms;
            cx.tx.put_contact(account, row)?;
            self.tell_contact(account, ContactChange::Changed, cx);
        }
        if ends {
            self.fail_private(account, Refusal::NotContacts.code(), cx)?;
        }
        Ok(())
    }

    /// Somebody is no contact any more.
    fn drop_contact(&mut self, account: AccountId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.close_links_of(account, cx)?;
        self.fail_all(account, Refusal::NotContacts.code(), cx)?;
        self.tell_gone(account, cx);
        self.forget_picture(account, cx)?;
        if let Some(contact) = self.roster.contacts.remove(&account) {
            let pin = PinRow {
                membership: contact.row.membership,
                card: contact.row.card,
            };
            cx.tx.put_pin(account, &pin)?;
            let login = contact.row.login;
            self.roster.by_login.remove(login.as_str());
            self.remember_login(account, login, cx)?;
            self.tell_contact(account, ContactChange::Removed, cx);
        }
        self.links_forget_tags();
        cx.tx.remove_contact(account)
    }

    /// Tells that somebody came into the list of contacts or left it, or is shown otherwise. Said of ourselves, too.
    pub(super) fn tell_contact(
        &self,
        account: AccountId,
        change: ContactChange,
        cx: &mut Context<'_>,
    ) {
        let user = self.login_of(account);
        cx.event(Event::Contact { user, change });
    }

    /// So that somebody can be named although he is no contact.
    fn remember_login(
        &mut self,
        account: AccountId,
        login: Login,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        cx.tx.put_former_contact(account, &login)?;
        self.roster.former.insert(account, login);
        Ok(())
    }

    pub(super) fn fetch_contact(&mut self, account: AccountId, cx: &mut Context<'_>) {
        self.ask(
            Asked::Contact(account, Then::Nothing),
            Request::Contact(account),
            cx,
        );
    }

    pub(super) fn contact_fetched(
        &mut self,
        account: AccountId,
        then: Then,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let setback = match outcome {
            Ok(Reply::Contact(contact)) if contact.account == account => {
                self.take_contact(*contact, cx)?;
                self.fetch_details(Some(account), cx);
                None
            }
            Err(Setback::Refused(Refusal::NotFound)) => {
                self.drop_contact(account, cx)?;
                Some(Setback::Refused(Refusal::NotContacts))
            }
            Ok(_) => Some(Setback::Nonsense),
            Err(setback) => Some(setback),
        };
        let is_contact = match setback {
            None => Some(true),
            Some(Setback::Refused(Refusal::NotContacts)) => Some(false),
            Some(
                Setback::Refused(_) | Setback::Lost | Setback::WrongKey { .. } | Setback::Nonsense,
            ) => None,
        };
        if let Some(is_contact) = is_contact {
            self.tell_groups(cx);
            self.mail_sender_known(account, is_contact, cx);
            self.receipts_again(account, cx)?;
        } else {
            self.mail_sender_unknown(account, cx)?;
        }
        match (then, setback) {
            (Then::Nothing, _) => Ok(()),
            (Then::Done(command), _) => {
                cx.answer(command, Ok(Done::Plain {}));
                Ok(())
            }
            (Then::Act(command, act), None) => self.act(command, account, act, cx),
            (Then::Act(command, _), Some(setback)) => {
                cx.answer(command, Err(setback.into()));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
