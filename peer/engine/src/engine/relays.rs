//! All relayed sessions of this client: the task of each. Owned by the network's thread.

use super::driver::Inputs;
use super::mux::Mux;
use super::mux::leg::Leg;
use super::wrap::Wrap;
use crate::core::io::{RelayJoin, RelayOutput};
use hutong_common::id::RelaySession;
use hutong_common::wrap;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// All sessions.
#[derive(Debug)]
pub(super) struct Relays {
    inputs: Inputs,
    mux: Mux,
    bind: Option<IpAddr>,
    wrap: Arc<dyn Wrap>,
    /// How each is told to end.
    open: BTreeMap<RelaySession, Arc<Notify>>,
    tasks: JoinSet<RelaySession>,
}

impl Relays {
    pub(super) fn new(
        inputs: Inputs,
        mux: Mux,
        (bind, wrap): (Option<IpAddr>, Arc<dyn Wrap>),
    ) -> Self {
        Self {
            inputs,
            mux,
            bind,
            wrap,
            open: BTreeMap::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Waits for the next session that ends.
    pub(super) async fn tend(&mut self) {
        match self.tasks.join_next().await {
            Some(Ok(session)) => drop(self.open.remove(&session)),
            Some(Err(error)) => tracing::error!(%error, "the task of a session failed"),
            None => std::future::pending().await,
        }
    }

    pub(super) fn perform(&mut self, output: RelayOutput) {
        match output {
            RelayOutput::Join(join) => self.join(join),
            RelayOutput::Leave { session } => {
                if let Some(leave) = self.open.get(&session) {
                    leave.notify_one();
                }
            }
        }
    }

    /// Leaves all.
    pub(super) fn leave_all(&self) {
        self.open.values().for_each(|leave| leave.notify_one());
    }

    fn join(&mut self, join: Box<RelayJoin>) {
        if let Some(wrong) = wrap::choice().wrong {
            tracing::warn!(
                ?wrong,
                "this processor makes a wrong keystream; a slower path is used"
            );
        }
        let leave = Arc::new(Notify::new());
        self.open.insert(join.session, Arc::clone(&leave));
        let leg = Leg {
            mux: self.mux.clone(),
            inputs: self.inputs.clone(),
            bind: self.bind,
            wrap: Arc::clone(&self.wrap),
            leave,
        };
        self.tasks.spawn(leg.run(join));
    }
}
