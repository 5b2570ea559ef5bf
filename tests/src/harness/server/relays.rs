//! Relayed sessions, as far as the rendezvous decides about them.

use super::Server;
use hutong_common::id::RelaySession;
use hutong_common::relay_join::Join;

impl Server {
    /// Somebody joins a relayed session; says whether that is granted.
    pub fn join(&self, join: &Join, now_us: u64) -> bool {
        let now_ms = self.now_ms(now_us);
        let running = self.running.as_ref();
        running.is_some_and(|running| running.service.join_relay(join, now_ms).is_some())
    }

    /// A relayed session is over.
    pub fn relay_ended(&self, session: RelaySession) {
        if let Some(running) = &self.running {
            running.service.leave_relay(session);
        }
    }
}
