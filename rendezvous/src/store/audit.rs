//! Rows and queries of the audit log: each row is hashed together with the one before it, under a key that does not lie
//! in the database. So a row that was changed, taken out or put in breaks the chain where it stands.
//!
//! The oldest rows go after their time. What is kept begins behind the base, whose hash is remembered for that.

use super::tables::{AUDIT, AUDIT_ENDS};
use super::{Direction, StoreError, Tx};
use crate::store::row;
use hutong_common::id::AccountId;
use hutong_common::limits::{AUDIT_LIFETIME_MS, AUDIT_PAGE_MAX, AUDIT_ROWS_MAX, SWEEP_MAX};
use hutong_common::name::Login;
use serde::{Deserialize, Serialize};

/// What happened. The names are those that programs see; variants are only added at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAct {
    /// The rendezvous began to serve.
    Started,
    /// The rendezvous stopped in good order.
    Stopped,
    /// A person accepted a clock that looked wrong.
    ClockAccepted,
    /// The computer's clock jumped while the rendezvous ran.
    ClockJumped,
    /// An account was registered.
    Registered,
    /// Sign-ins were refused for their number.
    SignInsRefused,
    /// An account was given another name.
    Renamed,
    /// An account was locked.
    Locked,
    /// An account was unlocked.
    Unlocked,
    /// An account was given another role.
    RoleSet,
    /// An account was deleted.
    Deleted,
    /// A device was removed from an account.
    DeviceRemoved,
    /// An invitation was made.
    Invited,
    /// Little space is left on the disk.
    SpaceLow,
    /// There is space again.
    SpaceBack,
    /// The disk or the database failed, and the database was opened again.
    DatabaseFailed,
    /// A one-time code was made for an account.
    ResetCodeMade,
    /// An account was registered anew with such a code.
    Reset,
    /// The class in which everybody is was full, and an account did not come into it.
    EverybodyFull,
    /// The rendezvous announced something.
    Announced,
}

/// What a row says, apart from its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditFact {
    pub(crate) at_ms: u64,
    pub(crate) act: AuditAct,
    /// Whom it is about.
    pub(crate) account: Option<(AccountId, Login)>,
    /// What else: a role, a device, an address.
    pub(crate) detail: String,
    /// How often.
    pub(crate) count: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuditRow {
    pub(crate) fact: AuditFact,
    /// Of this row and all before it.
    pub(crate) hash: [u8; 32],
}

/// Where the chain begins and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditEndsRow {
    /// The last row that was dropped for its age, and its hash.
    pub(crate) base: u64,
    pub(crate) base_hash: [u8; 32],
    /// The newest row, and its hash.
    pub(crate) head: u64,
    pub(crate) head_hash: [u8; 32],
}

/// What a walk along the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProof {
    /// Rows that are as they were written.
    pub rows: u64,
    /// The first row that is not, if there is one.
    pub broken: Option<u64>,
}

/// The only key of a table with one row.
const ONLY: u8 = 0;

/// The hash of a row behind the one with the hash `before`.
fn hash(key: &[u8; 32], before: &[u8; 32], number: u64, fact: &AuditFact) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(before);
    hasher.update(&number.to_be_bytes());
    hasher.update(&row::to_bytes(fact));
    *hasher.finalize().as_bytes()
}

impl Tx {
    pub(crate) fn audit_ends(&self) -> Result<AuditEndsRow, StoreError> {
        Ok(self.get(AUDIT_ENDS, ONLY)?.unwrap_or_default())
    }

    /// Adds a row to the chain.
    pub(crate) fn audit(&mut self, key: &[u8; 32], fact: AuditFact) -> Result<(), StoreError> {
        let ends = self.audit_ends()?;
        let head = ends.head + 1;
        let head_hash = hash(key, &ends.head_hash, head, &fact);
        let row = AuditRow {
            fact,
            hash: head_hash,
        };
        self.put(AUDIT, head, &row)?;
        let ends = AuditEndsRow {
            head,
            head_hash,
            ..ends
        };
        self.put(AUDIT_ENDS, ONLY, &ends)
    }

    /// Rows after one, oldest first.
    pub(crate) fn audit_after(&self, after: u64) -> Result<Vec<(u64, AuditRow)>, StoreError> {
        let Some(first) = after.checked_add(1) else {
            return Ok(Vec::new());
        };
        self.range(AUDIT, first.., (Direction::Forward, AUDIT_PAGE_MAX))
    }

    /// Drops some of the rows whose time is over, or that are too many.
    pub(crate) fn prune_audit(&mut self, now_ms: u64) -> Result<(), StoreError> {
        let before = self.audit_ends()?;
        let mut ends = before;
        for (number, row) in self.range(AUDIT, .., (Direction::Forward, SWEEP_MAX))? {
            let is_old = row.fact.at_ms.saturating_add(AUDIT_LIFETIME_MS) <= now_ms;
            if !is_old && ends.head.saturating_sub(number) < AUDIT_ROWS_MAX {
                break;
            }
            self.remove(AUDIT, number)?;
            (ends.base, ends.base_hash) = (number, row.hash);
        }
        if ends == before {
            return Ok(());
        }
        self.put(AUDIT_ENDS, ONLY, &ends)
    }

    /// Walks along the whole chain.
    pub(crate) fn prove_audit(&self, key: &[u8; 32]) -> Result<AuditProof, StoreError> {
        let ends = self.audit_ends()?;
        let (mut last, mut last_hash) = (ends.base, ends.base_hash);
        let proof = |last: u64, broken| AuditProof {
            rows: last - ends.base,
            broken,
        };
        loop {
            let rows = self.audit_after(last)?;
            if rows.is_empty() {
                let is_whole = (last, last_hash) == (ends.head, ends.head_hash);
                return Ok(proof(last, (!is_whole).then_some(last + 1)));
            }
            for (number, row) in rows {
                let expected = hash(key, &last_hash, number, &row.fact);
                if number != last + 1 || expected != row.hash {
                    return Ok(proof(last, Some(last + 1)));
                }
                (last, last_hash) = (number, row.hash);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    const KEY: [u8; 32] = [7; 32];

    fn fact(at_ms: u64) -> AuditFact {
        AuditFact {
            at_ms,
            act: AuditAct::Started,
            account: None,
            detail: String::new(),
            count: 1,
        }
    }

    fn chain(rows: u64) -> (Store, Tx) {
        let store = Store::in_memory().unwrap();
        let mut tx = store.write().unwrap();
        for at_ms in 1..=rows {
            tx.audit(&KEY, fact(at_ms)).unwrap();
        }
        (store, tx)
    }

    fn proof(tx: &Tx) -> (u64, Option<u64>) {
        let proof = tx.prove_audit(&KEY).unwrap();
        (proof.rows, proof.broken)
    }

    #[test]
    fn the_first_row_that_is_not_as_it_was_written_is_named() {
        let rows = 2 * AUDIT_PAGE_MAX as u64 + 5;
        let (_store, mut tx) = chain(rows);
        assert_eq!(proof(&tx), (rows, None));
        let row = |tx: &Tx, number: u64| tx.audit_after(number - 1).unwrap()[0].1.clone();

        // Changed, as somebody would who has the database and not the key.
        let was = row(&tx, 300);
        let mut changed = was.clone();
        changed.fact.act = AuditAct::Stopped;
        tx.put(AUDIT, 300, &changed).unwrap();
        assert_eq!(proof(&tx), (299, Some(300)));
        changed.hash = hash(&[8; 32], &row(&tx, 299).hash, 300, &changed.fact);
        tx.put(AUDIT, 300, &changed).unwrap();
        assert_eq!(proof(&tx), (299, Some(300)));
        tx.put(AUDIT, 300, &was).unwrap();
        assert_eq!(proof(&tx), (rows, None));

        // Taken out: in the middle, at the beginning, at the end.
        for number in [7, 1, rows] {
            let was = row(&tx, number);
            tx.remove(AUDIT, number).unwrap();
            assert_eq!(proof(&tx), (number - 1, Some(number)));
            tx.put(AUDIT, number, &was).unwrap();
        }
        assert_eq!(proof(&tx), (rows, None));
        tx.put(AUDIT, rows + 1, &was).unwrap();
        assert_eq!(proof(&tx), (rows, Some(rows + 1)), "put in");
    }

    #[test]
    fn old_rows_go_and_what_is_left_is_still_a_chain() {
        let (_store, mut tx) = chain(20);
        tx.prune_audit(10).unwrap();
        assert_eq!(proof(&tx), (20, None));
        tx.prune_audit(AUDIT_LIFETIME_MS + 12).unwrap();
        assert_eq!(proof(&tx), (8, None));
        assert_eq!(tx.audit_after(0).unwrap()[0].0, 13);
        tx.prune_audit(u64::MAX).unwrap();
        assert_eq!(proof(&tx), (0, None));
        tx.audit(&KEY, fact(30)).unwrap();
        assert_eq!(proof(&tx), (1, None));
    }
}
