//! The audit log: what was done to accounts, by whom it was tried too often, and what befell the rendezvous itself.
//!
//! Acts are noted in the transaction that does them. What cannot be, because nothing is written where it is noticed,
//! waits in memory for the next step, and stays there until that step is known to be stored. No secret and no word of
//! a message is ever noted.

use super::{Context, Service};
use crate::store::accounts::AccountRow;
pub use crate::store::audit::{AuditAct, AuditProof};
use crate::store::audit::{AuditFact, AuditRow};
use crate::store::{StoreError, Tx};
use hutong_common::id::AccountId;
use hutong_common::labels;
use hutong_common::limits::{
    AUDIT_DETAIL_BYTES_MAX, AUDIT_REFUSALS_MAX, AUDIT_REFUSALS_MS, AUDIT_WAITING_MAX,
};
use hutong_common::name::Login;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{MutexGuard, PoisonError};

/// One row as a command shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number in the chain.
    pub row: u64,
    /// When it happened, Unix milliseconds.
    pub at_ms: u64,
    /// What happened.
    pub act: AuditAct,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// That account's login.
    pub login: Option<Login>,
    /// What else: a role, a device, an address.
    pub detail: String,
    /// How often.
    pub count: u64,
}

/// Some rows, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Those of this page that were asked for.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins, if there is one.
    pub after: Option<u64>,
}

impl From<(u64, AuditRow)> for AuditEntry {
    fn from((row, AuditRow { fact, .. }): (u64, AuditRow)) -> Self {
        let (account, login) = fact.account.unzip();
        Self {
            row,
            at_ms: fact.at_ms,
            act: fact.act,
            account,
            login,
            detail: fact.detail,
            count: fact.count,
        }
    }
}

/// Whose sign-ins were refused, and where from.
type Refused = (Option<AccountId>, Option<IpAddr>);

/// What is not written yet.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    facts: Vec<AuditFact>,
    /// What the last step wrote, and the number of its last row: not yet known to be stored.
    leaving: Option<(u64, Vec<AuditFact>)>,
    refusals: BTreeMap<Refused, (Option<Login>, u64)>,
    /// When the first of them was refused.
    refused_since_ms: u64,
}

impl Waiting {
    fn note(&mut self, fact: AuditFact) {
        let same = self
            .facts
            .iter_mut()
            .find(|known| (known.act, &known.detail) == (fact.act, &fact.detail));
        if let Some(same) = same {
            same.count += 1;
        } else if self.facts.len() < AUDIT_WAITING_MAX {
            self.facts.push(fact);
        }
    }

    /// Adds a refused sign-in to those from there, or to all others.
    fn refuse(&mut self, who: Option<(AccountId, Login)>, from: IpAddr, now_ms: u64) {
        if self.refusals.is_empty() {
            self.refused_since_ms = now_ms;
        }
        let (account, login) = who.unzip();
        let key = (account, Some(from));
        let is_known = self.refusals.contains_key(&key);
        let (key, login) = if is_known || self.refusals.len() < AUDIT_REFUSALS_MAX {
            (key, login)
        } else {
            ((None, None), None)
        };
        self.refusals.entry(key).or_insert((login, 0)).1 += 1;
    }

    /// What is to be written now, that of a step that was lost once more.
    fn take(&mut self, head: u64, now_ms: u64) -> Vec<AuditFact> {
        let mut facts = match self.leaving.take() {
            Some((stored, lost)) if stored > head => lost,
            Some(_) | None => Vec::new(),
        };
        facts.append(&mut self.facts);
        if now_ms.saturating_sub(self.refused_since_ms) >= AUDIT_REFUSALS_MS {
            let refused = std::mem::take(&mut self.refusals);
            facts.extend(
                refused
                    .into_iter()
                    .map(|((account, from), (login, count))| AuditFact {
                        at_ms: now_ms,
                        act: AuditAct::SignInsRefused,
                        account: account.zip(login),
                        detail: from.map(|ip| ip.to_string()).unwrap_or_default(),
                        count,
                    }),
            );
        }
        facts
    }
}

impl Service {
    /// Notes what this transaction does.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note(
        &self,
        act: AuditAct,
        detail: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let fact = fact(act, None, detail, cx.now_ms);
        cx.tx.audit(&self.audit_key, fact)
    }

    /// The same about an account.
    pub(super) fn note_about(
        &self,
        (account, row): (AccountId, &AccountRow),
        (act, detail): (AuditAct, &str),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let about = Some((account, row.login.clone()));
        let fact = fact(act, about, detail, cx.now_ms);
        cx.tx.audit(&self.audit_key, fact)
    }

    /// Notes with the next step what was noticed where nothing could be written.
    pub fn note_later(&self, act: AuditAct, detail: &str, now_ms: u64) {
        self.waiting().note(fact(act, None, detail, now_ms));
    }

    /// Notes a sign-in that came too fast. What was typed is not noted: it may be a password in the wrong field.
    pub(super) fn note_refusal(
        &self,
        login: &Login,
        from: IpAddr,
        cx: &Context<'_>,
    ) -> Result<(), StoreError> {
        let account = cx.tx.account_of(login)?;
        let who = account.map(|account| (account, login.clone()));
        self.waiting().refuse(who, from, cx.now_ms);
        Ok(())
    }

    /// Writes what waits, and drops what is old.
    pub(super) fn write_audit(&self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        cx.tx.prune_audit(cx.now_ms)?;
        let head = cx.tx.audit_ends()?.head;
        let facts = self.waiting().take(head, cx.now_ms);
        for fact in &facts {
            cx.tx.audit(&self.audit_key, fact.clone())?;
        }
        if !facts.is_empty() {
            self.waiting().leaving = Some((head + facts.len() as u64, facts));
        }
        Ok(())
    }

    /// A page of rows after one, those since a time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list_audit(&self, after: u64, since_ms: u64, tx: &Tx) -> Result<AuditPage, StoreError> {
        let rows = tx.audit_after(after)?;
        let after = rows.last().map(|(number, _)| *number);
        let entries = rows.into_iter().map(AuditEntry::from);
        let entries = entries.filter(|entry| entry.at_ms >= since_ms).collect();
        Ok(AuditPage { entries, after })
    }

    /// Walks along the chain of all rows.
    ///
    /// # Errors
    /// When the store fails.
    pub fn prove_audit(&self, tx: &Tx) -> Result<AuditProof, StoreError> {
        tx.prove_audit(&self.audit_key)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.audit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Not the server's key itself, so that nothing signed under it helps anybody with the chain.
pub(super) fn audit_key(seed: &[u8; 32]) -> [u8; 32] {
    blake3::derive_key(labels::AUDIT, seed)
}

fn fact(act: AuditAct, account: Option<(AccountId, Login)>, detail: &str, at_ms: u64) -> AuditFact {
    let mut end = detail.len().min(AUDIT_DETAIL_BYTES_MAX);
    while !detail.is_char_boundary(end) {
        end -= 1;
    }
    AuditFact {
        at_ms,
        act,
        account,
        detail: detail.get(..end).unwrap_or_default().to_owned(),
        count: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene};
    use super::*;
    use hutong_common::limits::GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX;
    use hutong_common::signed::Role;

    fn noted(scene: &mut Scene) -> Vec<(AuditAct, Option<String>, String, u64)> {
        let page = scene
            .with(|service, cx| service.list_audit(0, 0, cx.tx))
            .unwrap();
        let entries = page.entries.into_iter();
        entries
            .map(|e| {
                (
                    e.act,
                    e.login.map(|login| login.to_string()),
                    e.detail,
                    e.count,
                )
            })
            .collect()
    }

    fn guess(scene: &mut Scene, who: &mut Client) {
        scene.reconnect(who);
        assert!(scene.prove_password(who, "wrong one").is_err());
    }

    #[test]
    fn what_is_done_to_an_account_is_noted_and_stays_provable() {
        let mut scene = Scene::new();
        let lin = scene.register("lin");
        scene
            .with(|service, cx| {
                service.lock_account(&lin.login, cx)?;
                service.lock_account(&lin.login, cx)?;
                service.unlock_account(&lin.login, cx)?;
                service.set_role(&lin.login, Role::Teacher, cx)?;
                service.delete_account(&lin.login, cx)
            })
            .unwrap();
        let about = |act, detail: &str| (act, Some("lin".to_owned()), detail.to_owned(), 1);
        assert_eq!(
            noted(&mut scene),
            [
                about(AuditAct::Registered, "member"),
                about(AuditAct::Locked, ""),
                about(AuditAct::Unlocked, ""),
                about(AuditAct::RoleSet, "teacher"),
                about(AuditAct::Deleted, ""),
            ]
        );
        let proof = scene
            .with(|service, cx| service.prove_audit(cx.tx))
            .unwrap();
        assert_eq!((proof.rows, proof.broken), (5, None));
    }

    #[test]
    fn sign_ins_that_come_too_fast_are_added_up_and_what_was_typed_is_not_noted() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        scene.connect_from("192.0.2.7:5000");
        for _ in 0..GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX + 3 {
            guess(&mut scene, &mut lin);
        }
        lin.login = Login::new("my-secret-password").unwrap();
        for _ in 0..GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX + 2 {
            guess(&mut scene, &mut lin);
        }
        scene.with(|service, cx| service.tick(cx)).unwrap();
        assert_eq!(noted(&mut scene).len(), 1, "not yet");
        scene.now_ms += AUDIT_REFUSALS_MS;
        scene.with(|service, cx| service.tick(cx)).unwrap();
        let from = "192.0.2.7".to_owned();
        const REFUSED: AuditAct = AuditAct::SignInsRefused;
        assert_eq!(
            noted(&mut scene)[1..],
            [
                (REFUSED, None, from.clone(), 2),
                (REFUSED, Some("lin".to_owned()), from, 3),
            ]
        );
    }

    #[test]
    fn what_a_lost_step_wrote_is_written_by_the_next() {
        let mut scene = Scene::new();
        scene
            .service
            .note_later(AuditAct::SpaceLow, "", scene.now_ms);
        let mut tx = scene.store.write().unwrap();
        let cx = &mut Context {
            tx: &mut tx,
            now_ms: scene.now_ms,
            entropy: &mut scene.entropy,
        };
        scene.service.tick(cx).unwrap();
        drop(tx);
        assert!(noted(&mut scene).is_empty());
        for _ in 0..2 {
            scene.with(|service, cx| service.tick(cx)).unwrap();
            assert_eq!(noted(&mut scene).len(), 1);
        }
    }
}
