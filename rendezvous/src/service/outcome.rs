//! What comes of a request, for the answer, for others and for the shell; and why one goes no further.
//!
//! Made by every domain of the service. Nothing in an outcome takes effect before its commit.

use crate::sessions::{Recipient, SessionChange};
use crate::store::{StoreError, Tx};
use hutong_common::id::RelaySession;
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;

/// A push and whom it is for.
pub type Addressed = (Recipient, Push);

/// What came of a request. Everything in it waits for the commit.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The answer.
    pub reply: Result<Reply, Refusal>,
    /// What to tell others.
    pub pushes: Vec<Addressed>,
    /// Whose sessions end, apart from this one.
    pub endings: Vec<Recipient>,
    /// Which relayed sessions end.
    pub relays_ended: Vec<RelaySession>,
    /// What changes about the session of this connection; performed before the reply leaves.
    pub session: Option<SessionChange>,
    /// Whether the connection ends once the reply has left.
    pub close: bool,
}

impl Outcome {
    pub(super) fn of(reply: Reply) -> Self {
        Self {
            reply: Ok(reply),
            pushes: Vec::new(),
            endings: Vec::new(),
            relays_ended: Vec::new(),
            session: None,
            close: false,
        }
    }

    pub(super) fn done() -> Self {
        Self::of(Reply::Done)
    }

    pub(super) const fn refused(refusal: Refusal) -> Self {
        Self {
            reply: Err(refusal),
            pushes: Vec::new(),
            endings: Vec::new(),
            relays_ended: Vec::new(),
            session: None,
            close: false,
        }
    }

    pub(super) fn pushing(self, pushes: Vec<Addressed>) -> Self {
        Self { pushes, ..self }
    }

    pub(super) fn closing(self) -> Self {
        Self {
            close: true,
            ..self
        }
    }
}

/// Why a request went no further.
#[derive(Debug)]
pub(super) enum Stop {
    Refused(Refusal),
    Store(StoreError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(super) type Answer = Result<Outcome, Stop>;

/// A request refuses before it writes, or not at all: what it has written goes into the commit of its batch.
pub(super) fn conclude(answer: Answer, tx: &Tx) -> Result<Outcome, StoreError> {
    match answer {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Refused(refusal)) => {
            debug_assert!(!tx.wrote(), "{refusal:?} after a write");
            Ok(Outcome::refused(refusal))
        }
        Err(Stop::Store(error)) => Err(error),
    }
}

/// A row that another row promises. Its absence is damage, never a refusal.
pub(super) fn promised<T>(row: Option<T>, table: &'static str) -> Result<T, StoreError> {
    row.ok_or(StoreError::Row { table })
}
