//! The way of pushes to one client: a queue bounded in number and in bytes, filled by whoever holds the session, drained
//! by the connection.
//!
//! Pushes are hints, so what does not fit is dropped; a client that does not read costs no more than its bounds.

use crate::sessions::Mailbox;
use hutong_common::codec;
use hutong_common::limits::{PUSH_QUEUE_BYTES_MAX, PUSH_QUEUE_MAX};
use hutong_common::push::Push;
use hutong_common::rpc::ServerFrame;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Notify, mpsc};

/// A new mailbox: the end to fill, and the end to drain.
pub(crate) fn mailbox() -> (Arc<PushQueue>, Pushes) {
    let (sender, receiver) = mpsc::channel(PUSH_QUEUE_MAX);
    let queue = PushQueue {
        sender,
        bytes: Arc::default(),
        closed: Arc::default(),
    };
    let pushes = Pushes {
        receiver,
        bytes: Arc::clone(&queue.bytes),
    };
    (Arc::new(queue), pushes)
}

/// The end that sessions hold.
#[derive(Debug)]
pub(crate) struct PushQueue {
    sender: mpsc::Sender<Vec<u8>>,
    bytes: Arc<AtomicUsize>,
    closed: Arc<Notify>,
}

impl PushQueue {
    /// Returns once somebody has asked for the connection's end.
    pub(crate) async fn closed(&self) {
        self.closed.notified().await;
    }
}

impl Mailbox for PushQueue {
    fn offer(&self, push: &Push) -> bool {
        let frame = codec::frame(&codec::encode(&ServerFrame::Push(push.clone())));
        let len = frame.len();
        if self.bytes.fetch_add(len, Ordering::Relaxed) + len <= PUSH_QUEUE_BYTES_MAX
            && self.sender.try_send(frame).is_ok()
        {
            return true;
        }
        self.bytes.fetch_sub(len, Ordering::Relaxed);
        false
    }

    fn close(&self) {
        // One permit is kept when nobody waits yet, so a close is never missed.
        self.closed.notify_one();
    }
}

/// The end that the connection holds.
#[derive(Debug)]
pub(crate) struct Pushes {
    receiver: mpsc::Receiver<Vec<u8>>,
    bytes: Arc<AtomicUsize>,
}

impl Pushes {
    /// The next frame; pending while there is none.
    pub(crate) async fn next(&mut self) -> Vec<u8> {
        match self.receiver.recv().await {
            Some(frame) => self.taken(frame),
            None => std::future::pending().await,
        }
    }

    /// The next frame, if there is one already.
    pub(crate) fn waiting(&mut self) -> Option<Vec<u8>> {
        let frame = self.receiver.try_recv().ok()?;
        Some(self.taken(frame))
    }

    fn taken(&self, frame: Vec<u8>) -> Vec<u8> {
        self.bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::push::Hint;

    const SMALL: Push = Push::MailWaiting(Hint {});

    #[test]
    fn a_client_that_does_not_read_loses_hints_and_nothing_else() {
        let (queue, mut pushes) = mailbox();
        let taken = (0..PUSH_QUEUE_MAX + 10)
            .filter(|_| queue.offer(&SMALL))
            .count();
        assert_eq!(taken, PUSH_QUEUE_MAX);
        assert!(pushes.waiting().is_some());
        assert!(queue.offer(&SMALL), "there is room again");
    }

    #[test]
    fn large_pushes_are_bounded_by_their_bytes() {
        let (queue, mut pushes) = mailbox();
        let large = Push::Unknown(999, vec![0; 500 * 1024]);
        let taken = (0..PUSH_QUEUE_MAX).filter(|_| queue.offer(&large)).count();
        assert_eq!(taken, PUSH_QUEUE_BYTES_MAX / (500 * 1024 + 100));
        while pushes.waiting().is_some() {}
        assert!(queue.offer(&large));
    }

    #[tokio::test]
    async fn a_close_before_anybody_waits_is_not_missed() {
        let (queue, _pushes) = mailbox();
        queue.close();
        queue.closed().await;
    }
}
