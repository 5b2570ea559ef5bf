//! What the real program does every second for large groups.

use super::{Said, Server};
use hutong_rendezvous::service::Context;

impl Server {
    /// Whether members of a large group wait to be told who came in.
    pub fn arrivals_wait(&self) -> bool {
        let running = self.running.as_ref();
        running.is_some_and(|running| running.service.arrivals_wait())
    }

    /// Tells them, as the real program does every second.
    pub fn tell_arrivals(&mut self, now_us: u64) -> Vec<Said> {
        let now_ms = self.now_ms(now_us);
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let mut tx = running.store.write().expect("the writer is alone");
        let cx = Context {
            tx: &mut tx,
            now_ms,
            entropy: &mut self.entropy,
        };
        let pushes = running.service.tell_arrivals(&cx);
        let pushes = pushes.expect("a disk in memory does not fail");
        tx.commit().expect("a disk in memory is never full");
        running.push(pushes, &[])
    }
}
