//! Whether the right person holds a contact's key: safety numbers, and what follows when a key changes.
//!
//! The rendezvous may give an account a new key, with a higher generation: after a reset, or because it lies. Everybody
//! is told; to whom was verified nothing more is sent until the person has agreed to the new key.

use super::io::CommandId;
use super::{Context, Core};
use crate::api::command::Safety as SafetyCommand;
use crate::api::done::Safety;
use crate::api::event::{ContactChange, Event, WarningCode};
use crate::api::{Done, Failure};
use crate::store::trust::{KeyChangeRow, TrustRow};
use crate::store::{StoreError, Tx};
use hutong_common::id::{AccountId, PublicKey};
use hutong_common::safety::SafetyNumber;
use hutong_common::signed::Membership;
use std::collections::BTreeMap;

/// What the person knows of everybody's keys.
#[derive(Debug, Default)]
pub(super) struct Trust {
    rows: BTreeMap<AccountId, TrustRow>,
}

impl Trust {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let rows = tx.trust()?.into_iter().collect();
        Ok(Self { rows })
    }

    fn row(&self, account: AccountId) -> TrustRow {
        self.rows.get(&account).copied().unwrap_or_default()
    }

    /// A change that the person has not agreed to.
    fn open_change(&self, account: AccountId) -> Option<KeyChangeRow> {
        let change = self.row(account).change;
        change.filter(|change| !change.is_accepted)
    }

    /// Whether nothing is sent to an account until the person has agreed to its key.
    pub(super) fn is_paused(&self, account: AccountId) -> bool {
        self.open_change(account)
            .is_some_and(|change| change.was_verified)
    }

    /// Since when an account has its key; what was written before is not for it.
    pub(super) fn key_since_ms(&self, account: AccountId) -> u64 {
        self.row(account).change.map_or(0, |change| change.at_ms)
    }
}

impl Core {
    /// `safety`.
    pub(super) fn safety(
        &mut self,
        command: CommandId,
        asked: &SafetyCommand,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let login = || asked.with.clone();
        let Some((account, key)) = self.contact_key(&asked.with) else {
            cx.answer(command, Err(Failure::NoContact { login: login() }));
            return Ok(());
        };
        let mut row = self.trust.row(account);
        if asked.verify {
            row.verified = Some(key);
        }
        if asked.verify || asked.accept {
            row.change = row.change.map(|change| KeyChangeRow {
                is_accepted: true,
                ..change
            });
            cx.tx.put_trust(account, &row)?;
            self.trust.rows.insert(account, row);
            self.tell_contact(account, ContactChange::Changed, cx);
        }
        let answer = self.told_safety(account, key);
        cx.answer(command, answer.ok_or(Failure::NotSignedIn));
        self.pump(account, cx)
    }

    fn contact_key(&self, login: &str) -> Option<(AccountId, PublicKey)> {
        let account = self.person_named(login).ok()?;
        let contact = self.roster.get(account)?;
        Some((account, contact.membership.account_pk))
    }

    fn told_safety(&self, account: AccountId, key: PublicKey) -> Option<Done> {
        let me = self.session.me()?;
        let mine: Membership = me.membership.peek_unverified().ok()?;
        let server = self.session.server_id()?;
        let number = SafetyNumber::of(server, (me.account, mine.account_pk), (account, key));
        Some(Done::Safety(Safety {
            login: self.login_of(account),
            account,
            safety: number.to_string(),
            verified: self.trust.row(account).verified == Some(key),
            key_changed: self.trust.open_change(account).is_some(),
        }))
    }

    /// A contact has another account key than `before`: the person is told, and what was written to the holder of the old
    /// one is given up: it is never sent to the new one by itself.
    pub(super) fn key_changed(
        &mut self,
        account: AccountId,
        before: PublicKey,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let known = self.trust.row(account);
        let was_verified = known.verified == Some(before) || self.trust.is_paused(account);
        let row = TrustRow {
            verified: None,
            change: Some(KeyChangeRow {
                at_ms: self.now_ms(cx),
                was_verified,
                is_accepted: false,
            }),
        };
        cx.tx.put_trust(account, &row)?;
        self.trust.rows.insert(account, row);
        self.tell_contact(account, ContactChange::Changed, cx);
        self.warn_of_changed_key(account, cx);
        self.fail_all(account, WarningCode::KeyChanged.code(), cx)
    }

    /// After a start, the person is reminded of those to whom messages wait.
    pub(super) fn remind_of_changed_keys(&self, cx: &mut Context<'_>) {
        for account in self.trust.rows.keys() {
            if self.trust.is_paused(*account) {
                self.warn_of_changed_key(*account, cx);
            }
        }
    }

    fn warn_of_changed_key(&self, account: AccountId, cx: &mut Context<'_>) {
        let login = self.login_of(account);
        cx.event(Event::Warning {
            code: WarningCode::KeyChanged,
            text: format!("{login} has another account key"),
            who: Some(login),
            since_ms: Some(self.trust.key_since_ms(account)),
        });
    }
}

#[cfg(test)]
mod tests;
