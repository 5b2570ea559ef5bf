//! The way of pushes to one client: a queue bounded in number and in bytes, filled by whoever holds the session, drained
//! by the connection.
//!
//! Pushes are hints, so what does not fit is dropped; a client that does not read costs no more than its bounds. Hints
//! that say nothing but themselves are queued once: in a class in which all speak they come faster than they are read.

use crate::sessions::Mailbox;
use hutong_common::codec;
use hutong_common::limits::{PUSH_QUEUE_BYTES_MAX, PUSH_QUEUE_MAX};
use hutong_common::push::Push;
use hutong_common::rpc::ServerFrame;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Notify, mpsc};

/// A new mailbox: the end to fill, and the end to drain.
pub(crate) fn mailbox() -> (Arc<PushQueue>, Pushes) {
    let (sender, receiver) = mpsc::channel(PUSH_QUEUE_MAX);
    let queue = PushQueue {
        sender,
        queued: Arc::default(),
        closed: Arc::default(),
    };
    let pushes = Pushes {
        receiver,
        queued: Arc::clone(&queue.queued),
    };
    (Arc::new(queue), pushes)
}

/// What lies in a queue.
#[derive(Debug, Default)]
struct Queued {
    bytes: AtomicUsize,
    mail: AtomicBool,
    receipts: AtomicBool,
}

/// A hint that is not worth telling twice.
#[derive(Clone, Copy, Debug)]
enum Plain {
    Mail,
    Receipts,
}

impl Plain {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these two come once for each message and each receipt"
    )]
    const fn of(push: &Push) -> Option<Self> {
        match push {
            Push::MailWaiting(_) => Some(Self::Mail),
            Push::ReceiptsWaiting(_) => Some(Self::Receipts),
            _ => None,
        }
    }
}

impl Queued {
    const fn is_queued(&self, hint: Plain) -> &AtomicBool {
        match hint {
            Plain::Mail => &self.mail,
            Plain::Receipts => &self.receipts,
        }
    }
}

/// The end that sessions hold.
#[derive(Debug)]
pub(crate) struct PushQueue {
    sender: mpsc::Sender<(Vec<u8>, Option<Plain>)>,
    queued: Arc<Queued>,
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
        let hint = Plain::of(push);
        let is_queued = hint.map(|hint| self.queued.is_queued(hint));
        if is_queued.is_some_and(|is_queued| is_queued.swap(true, Ordering::AcqRel)) {
            // It is read after this moment, and says the same.
            return true;
        }
        let frame = codec::frame(&codec::encode(&ServerFrame::Push(push.clone())));
        let len = frame.len();
        let bytes = &self.queued.bytes;
        if bytes.fetch_add(len, Ordering::Relaxed) + len <= PUSH_QUEUE_BYTES_MAX
            && self.sender.try_send((frame, hint)).is_ok()
        {
            return true;
        }
        bytes.fetch_sub(len, Ordering::Relaxed);
        if let Some(is_queued) = is_queued {
            is_queued.store(false, Ordering::Release);
        }
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
    receiver: mpsc::Receiver<(Vec<u8>, Option<Plain>)>,
    queued: Arc<Queued>,
}

impl Pushes {
    /// The next frame; pending while there is none.
    pub(crate) async fn next(&mut self) -> Vec<u8> {
        match self.receiver.recv().await {
            Some((frame, hint)) => self.taken(frame, hint),
            None => std::future::pending().await,
        }
    }

    /// The next frame, if there is one already.
    pub(crate) fn waiting(&mut self) -> Option<Vec<u8>> {
        let (frame, hint) = self.receiver.try_recv().ok()?;
        Some(self.taken(frame, hint))
    }

    fn taken(&self, frame: Vec<u8>, hint: Option<Plain>) -> Vec<u8> {
        self.queued.bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        if let Some(hint) = hint {
            // Before it is written: whoever offers the same from now on has stored more.
            self.queued.is_queued(hint).store(false, Ordering::Release);
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::push::Hint;

    const SMALL: Push = Push::FriendRequestsChanged(Hint {});

    /// In a class of sixty each message was acknowledged by sixty computers, and its writer was told of each of them.
    #[test]
    fn a_hint_that_waits_is_not_queued_again_until_it_is_taken() {
        let (queue, mut pushes) = mailbox();
        let hints = [Push::MailWaiting(Hint {}), Push::ReceiptsWaiting(Hint {})];
        for hint in hints.iter().cycle().take(60) {
            assert!(queue.offer(hint));
        }
        assert!(pushes.waiting().is_some(), "of mail");
        assert!(queue.offer(&hints[0]), "there is newer mail");
        assert!(pushes.waiting().is_some(), "of receipts");
        assert!(pushes.waiting().is_some(), "of the newer mail");
        assert_eq!(pushes.waiting(), None);
    }

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
