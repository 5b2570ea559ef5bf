//! What waits to be said on one connection.

use hutong_common::push::Push;
use hutong_rendezvous::sessions::Mailbox;
use std::sync::{Mutex, PoisonError};

/// What waits to be said on one connection.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) pushes: Vec<Push>,
    pub(super) close: bool,
}

#[derive(Debug, Default)]
pub(super) struct Postbox(Mutex<Waiting>);

impl Postbox {
    pub(super) fn take(&self) -> Waiting {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Mailbox for Postbox {
    fn offer(&self, push: &Push) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pushes.push(push.clone());
        true
    }

    fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).close = true;
    }
}
