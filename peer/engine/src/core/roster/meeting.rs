//! People of whom nothing is known yet, because they came into a group of ours: asked about together, not one by one.

use super::Core;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::groups::GroupAsk;
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::CONTACT_PAGE_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::ContactPage;
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeSet;

impl Core {
    /// Whether all contacts are being listed: who is not known yet may come with the next page.
    pub(in crate::core) const fn is_listing(&self) -> bool {
        self.roster.listing.is_some()
    }

    /// Asks about these, with as few requests as can be.
    pub(in crate::core) fn meet(&mut self, accounts: &[AccountId], cx: &mut Context<'_>) {
        for page in accounts.chunks(CONTACT_PAGE_MAX) {
            if let [account] = page {
                self.fetch_contact(*account, cx);
            } else {
                let asked = Asked::Group(GroupAsk::Met(page.to_vec()));
                let page = List::truncated(page.iter().copied());
                self.ask(asked, Request::ContactsOf(page), cx);
            }
        }
    }

    /// Those of whom the rendezvous says something are known now, and the others are nothing to us.
    pub(in crate::core) fn met(
        &mut self,
        accounts: &[AccountId],
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let page = match outcome {
            Ok(Reply::Contacts(page)) => Some(page),
            // A rendezvous of an older version tells of one at a time.
            Err(Setback::Refused(Refusal::Version)) => {
                for account in accounts {
                    self.fetch_contact(*account, cx);
                }
                return Ok(());
            }
            Ok(_) | Err(_) => None,
        };
        match page {
            Some(page) => self.take_met(accounts, page, cx)?,
            None => {
                for account in accounts {
                    self.mail_sender_unknown(*account, cx)?;
                }
            }
        }
        // The rendezvous tells it of one or of all: a school is asked about once, not with each of its pages.
        if !self.asks.is_meeting() {
            self.fetch_details(None, cx);
        }
        Ok(())
    }

    fn take_met(
        &mut self,
        accounts: &[AccountId],
        page: ContactPage,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut found = BTreeSet::new();
        for contact in page.contacts.into_vec() {
            if accounts.contains(&contact.account) {
                found.insert(contact.account);
                self.take_contact(contact, cx)?;
            }
        }
        for account in accounts.iter().filter(|account| !found.contains(account)) {
            self.drop_contact(*account, cx)?;
        }
        self.tell_groups(cx);
        for account in accounts {
            self.mail_sender_known(*account, found.contains(account), cx);
            self.receipts_again(*account, cx)?;
        }
        Ok(())
    }
}
