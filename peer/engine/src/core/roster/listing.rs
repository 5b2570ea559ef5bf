//! All contacts, page by page, after every sign-in: who was listed is one, and nobody else is.

use super::Core;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::store::StoreError;
use hutong_common::id::AccountId;
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeSet;

impl Core {
    /// Asks for all contacts, page by page.
    pub(in crate::core) fn list_contacts(&mut self, cx: &mut Context<'_>) {
        self.roster.listing = Some(BTreeSet::new());
        let after = AccountId(0);
        self.ask(Asked::Contacts, Request::Contacts { after }, cx);
    }

    pub(in crate::core) fn contacts_listed(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let page = match outcome {
            Ok(Reply::Contacts(page)) => page,
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        };
        let mut listed = self.roster.listing.take().unwrap_or_default();
        if listed.is_empty() {
            self.set_blocked_list(&page.blocked, cx)?;
        }
        let last = page.contacts.iter().map(|contact| contact.account).max();
        for contact in page.contacts.into_vec() {
            listed.insert(contact.account);
            self.take_contact(contact, cx)?;
        }
        match last {
            Some(after) if page.more => {
                self.roster.listing = Some(listed);
                self.ask(Asked::Contacts, Request::Contacts { after }, cx);
                Ok(())
            }
            Some(_) | None => self.contacts_complete(&listed, cx),
        }
    }

    /// Everybody who was not listed is no contact any more; then what needs the contacts begins.
    fn contacts_complete(
        &mut self,
        listed: &BTreeSet<AccountId>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let gone: Vec<AccountId> = self
            .roster
            .contacts
            .keys()
            .filter(|account| !listed.contains(account))
            .copied()
            .collect();
        for account in gone {
            if self.groups.has_member(account) {
                // No contact (any more), and still met in a group: the rendezvous says what he is.
                self.fetch_contact(account, cx);
            } else {
                self.drop_contact(account, cx)?;
            }
        }
        self.meet_all_members(cx);
        self.start_mail(cx);
        self.fetch_details(None, cx);
        self.wake_everybody(cx)
    }

    fn set_blocked_list(
        &mut self,
        blocked: &[AccountId],
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let new: BTreeSet<AccountId> = blocked.iter().copied().collect();
        for account in self.roster.blocked.difference(&new) {
            cx.tx.set_blocked(*account, false)?;
        }
        for account in new.difference(&self.roster.blocked) {
            cx.tx.set_blocked(*account, true)?;
        }
        self.roster.blocked = new;
        let unnamed: Vec<AccountId> = self
            .roster
            .blocked
            .iter()
            .filter(|account| !self.roster.is_named(**account))
            .copied()
            .collect();
        for account in unnamed {
            self.ask(Asked::Named(account), Request::Whois(account), cx);
        }
        Ok(())
    }

    /// Somebody who was blocked on another computer can be named here, too. Who is not found stays a number.
    pub(in crate::core) fn named(
        &mut self,
        account: AccountId,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match outcome {
            Ok(Reply::Person(person))
                if person.account == account && !self.roster.is_named(account) =>
            {
                self.remember_login(account, person.login, cx)
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
