//! One connected client as the writer and the readers see it: who it is to the service, and the way back to it.
//!
//! Made by `connection.rs`, shared with `writer.rs`. Its requests are handled one after the other, so the lock around
//! the caller is never waited for.

use crate::clock::{context, now_ms};
use crate::database::Unavailable;
use crate::service::{Addressed, Caller, Outcome, Service};
use crate::sessions::{ConnectionId, Mailbox, Sessions};
use crate::store::Tx;
use hutong_common::entropy::OsEntropy;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::BUSY_RETRY_MS;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, Request};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::error;

/// One connection.
pub(crate) struct Client {
    caller: Mutex<Caller>,
    id: ConnectionId,
    mailbox: Arc<dyn Mailbox>,
}

/// Why a request has no outcome.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("incident {incident}")]
    Panicked { incident: u32 },
}

/// What is sent back for a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) result: Result<Reply, Refusal>,
    /// Whether the connection ends after it.
    pub(crate) close: bool,
}

impl Answer {
    /// A refusal after which the connection goes on.
    pub(crate) const fn refused(refusal: Refusal) -> Self {
        Self {
            result: Err(refusal),
            close: false,
        }
    }

    /// Nothing was stored. What the service holds of the caller may be ahead of the store, so the connection ends.
    pub(crate) const fn not_stored() -> Self {
        let result = Err(Refusal::Busy {
            retry_ms: BUSY_RETRY_MS,
        });
        Self {
            result,
            close: true,
        }
    }
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unavailable(_) => Self::not_stored(),
            Fault::Panicked { incident } => Self {
                result: Err(Refusal::Internal { incident }),
                close: true,
            },
        }
    }
}

/// Runs what the service does. A panic is logged under its incident's number, and costs this transaction only.
pub(crate) fn survive<T>(work: impl FnOnce() -> Result<T, Unavailable>) -> Result<T, Fault> {
    static INCIDENTS: AtomicU32 = AtomicU32::new(1);
    // What unwinds leaves its transaction uncommitted and its caller's connection closed.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => Ok(done?),
        Err(_) => {
            let incident = INCIDENTS.fetch_add(1, Ordering::Relaxed);
            error!(incident, "the service panicked, see above");
            Err(Fault::Panicked { incident })
        }
    }
}

impl Client {
    pub(crate) fn new(caller: Caller, id: ConnectionId, mailbox: Arc<dyn Mailbox>) -> Self {
        Self {
            caller: Mutex::new(caller),
            id,
            mailbox,
        }
    }

    /// Handles a request within `tx`.
    pub(crate) fn handle(
        &self,
        service: &Service,
        request: Request,
        tx: &mut Tx,
    ) -> Result<Outcome, Fault> {
        let mut caller = self.caller();
        survive(|| {
            let handled = service.handle(&mut caller, request, &mut context(tx, &mut OsEntropy));
            Ok(handled?)
        })
    }

    /// Performs what an outcome decided, now that it is durable, and hands its answer to `send` before anybody is told.
    pub(crate) fn perform(&self, outcome: Outcome, sessions: &Sessions, send: impl FnOnce(Answer)) {
        let Outcome {
            reply,
            pushes,
            endings,
            // Only what reads ends them, and that is performed by the connection.
            relays_ended: _,
            session,
            close,
        } = outcome;
        if let Some(change) = session {
            sessions.apply(change, self.id, &self.mailbox);
        }
        send(Answer {
            result: reply,
            close,
        });
        sessions.spread(&pushes, &endings);
    }

    /// Account and device, once it has signed in.
    pub(crate) fn session(&self) -> Option<(AccountId, DeviceId)> {
        let session = self.caller().session()?;
        Some((session.account, session.device))
    }

    /// Ends its session; says whether the session was still its own.
    pub(crate) fn leave(&self, sessions: &Sessions) -> bool {
        self.session()
            .is_some_and(|session| sessions.unregister(session, (self.id, now_ms())))
    }

    /// What to tell others once its session has ended.
    pub(crate) fn farewell(
        &self,
        service: &Service,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, Unavailable> {
        Ok(service.disconnected(&self.caller(), tx)?)
    }

    fn caller(&self) -> MutexGuard<'_, Caller> {
        self.caller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
