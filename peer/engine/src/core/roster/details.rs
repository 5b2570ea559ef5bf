//! What the rendezvous tells of contacts beside the contacts themselves: asked for after every sign-in, and again of one
//! contact when that one is new or different.

use super::Core;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::store::StoreError;
use hutong_common::id::AccountId;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::Detail;
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeMap;

impl Core {
    /// Asks for more about one contact, or about all.
    pub(super) fn fetch_details(&mut self, of: Option<AccountId>, cx: &mut Context<'_>) {
        self.ask(Asked::Details(of), Request::Details(of), cx);
    }

    /// Somebody is told to be different: a contact, or, on another device of ours, we ourselves.
    pub(in crate::core) fn contact_changed(&mut self, account: AccountId, cx: &mut Context<'_>) {
        if self.session.my_account() == Some(account) {
            self.fetch_details(Some(account), cx);
        } else {
            self.fetch_contact(account, cx);
        }
    }

    pub(in crate::core) fn details_told(
        &mut self,
        of: Option<AccountId>,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match outcome {
            Ok(Reply::Details(details)) => return self.take_details(of, &details, cx),
            // A rendezvous of an older version has nothing more to tell; somebody may just have ceased to be a contact.
            Err(Setback::Refused(Refusal::Version | Refusal::NotFound)) => {}
            Ok(_) if of.is_none() => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) if of.is_none() => return self.catch_up_refused(setback, cx),
            Ok(_) | Err(_) => {}
        }
        if of.is_none() {
            self.caught_up_with(Part::Details, cx);
        }
        Ok(())
    }

    /// Whoever is not named has nothing to be told of.
    fn take_details(
        &mut self,
        of: Option<AccountId>,
        details: &[Detail],
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let told: BTreeMap<AccountId, &Detail> = details
            .iter()
            .map(|detail| (detail.account, detail))
            .collect();
        let asked: Vec<AccountId> = match of {
            Some(account) => vec![account],
            None => {
                let contacts = self.roster.contacts.keys().copied();
                contacts.chain(self.session.my_account()).collect()
            }
        };
        for account in asked {
            let told = told.get(&account);
            self.away_told(account, told.is_some_and(|detail| detail.away), cx);
            self.avatar_told(account, told.and_then(|detail| detail.avatar), cx)?;
        }
        self.pictures.are_told |= of.is_none();
        self.fetch_picture(cx);
        Ok(())
    }
}
