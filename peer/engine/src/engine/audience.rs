//! Who listens to this engine and who waits for an answer.
//!
//! Owned by the driver. Each listener has one bounded queue for answers and events, so the answer that creates an id is
//! read before any event with that id. A listener that is too slow misses events, and is told how many; answers always
//! have room, because a listener has at most [`COMMANDS_WAITING_MAX`] commands unanswered or unread.

use super::Told;
use crate::api::event::{DeliveryState, WarningCode};
use crate::api::{Done, Event, Failure};
use crate::core::io::CommandId;
use hutong_common::id::MsgId;
use hutong_common::limits::{COMMANDS_WAITING_MAX, EVENT_QUEUE_MAX};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

/// Room of one listener's queue.
pub(super) const QUEUE: usize = EVENT_QUEUE_MAX + COMMANDS_WAITING_MAX;

/// Names a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListenerId(pub(super) u64);

/// What lies in a listener's queue; the permit of an answer is given back when it is read.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) told: Told,
    pub(super) _permit: Option<OwnedSemaphorePermit>,
}

/// Where the answer to a command goes.
#[derive(Debug)]
pub(super) enum ReplyTo {
    /// To whoever waits for just this one.
    Once(oneshot::Sender<Result<Done, Failure>>),
    /// Into a listener's queue, among the events.
    Ordered {
        listener: ListenerId,
        tag: u64,
        permit: OwnedSemaphorePermit,
    },
}

#[derive(Debug)]
struct Listener {
    queue: mpsc::Sender<Queued>,
    missed: u64,
}

/// All listeners and waiting commands.
#[derive(Debug, Default)]
pub(super) struct Audience {
    listeners: BTreeMap<ListenerId, Listener>,
    waiting: BTreeMap<CommandId, ReplyTo>,
    last_command: u64,
    /// Messages that are neither given up nor on another disk than ours.
    under_way: BTreeSet<MsgId>,
}

impl Audience {
    pub(super) fn add(&mut self, id: ListenerId, queue: mpsc::Sender<Queued>) {
        self.listeners.insert(id, Listener { queue, missed: 0 });
    }

    /// Remembers who waits for a command's answer.
    pub(super) fn expect(&mut self, reply: ReplyTo) -> CommandId {
        self.last_command += 1;
        let id = CommandId(self.last_command);
        self.waiting.insert(id, reply);
        id
    }

    pub(super) fn answer(&mut self, id: CommandId, result: Result<Done, Failure>) {
        match self.waiting.remove(&id) {
            // Whoever no longer waits does not want to know.
            Some(ReplyTo::Once(waiting)) => drop(waiting.send(result)),
            Some(ReplyTo::Ordered {
                listener,
                tag,
                permit,
            }) => {
                if let Some(listener) = self.listeners.get(&listener) {
                    let queued = Queued {
                        told: Told::Answer { tag, result },
                        _permit: Some(permit),
                    };
                    if let Err(error) = listener.queue.try_send(queued) {
                        tracing::debug!(%error, "a listener left before its answer");
                    }
                }
            }
            None => tracing::error!(?id, "a command was answered twice, or never asked"),
        }
    }

    pub(super) fn answer_all(&mut self, failure: &Failure) {
        while let Some((&id, _)) = self.waiting.first_key_value() {
            self.answer(id, Err(failure.clone()));
        }
    }

    pub(super) fn tell(&mut self, event: &Event) {
        self.follow(event);
        self.listeners.retain(|_, listener| listener.tell(event));
    }

    /// Whether nothing that was sent waits for somebody else's disk.
    pub(super) fn is_handed_over(&self) -> bool {
        self.under_way.is_empty()
    }

    fn follow(&mut self, event: &Event) {
        if let Event::Delivery(delivery) = event {
            match delivery.state {
                DeliveryState::Queued | DeliveryState::InFlight => {
                    self.under_way.insert(delivery.message);
                }
                DeliveryState::LeftAtServer
                | DeliveryState::Delivered
                | DeliveryState::Shown
                | DeliveryState::Failed => {
                    self.under_way.remove(&delivery.message);
                }
            }
        }
    }
}

impl Listener {
    /// Says whether somebody still listens.
    fn tell(&mut self, event: &Event) -> bool {
        if self.missed > 0 && self.put(&missed(self.missed)) {
            self.missed = 0;
        }
        if self.missed > 0 || !self.put(event) {
            self.missed += 1;
        }
        !self.queue.is_closed()
    }

    fn put(&self, event: &Event) -> bool {
        // What is left beyond this is for answers.
        if self.queue.capacity() <= COMMANDS_WAITING_MAX {
            return false;
        }
        let queued = Queued {
            told: Told::Event(event.clone()),
            _permit: None,
        };
        self.queue.try_send(queued).is_ok()
    }
}

fn missed(count: u64) -> Event {
    Event::warning(
        WarningCode::EventsMissed,
        format!("{count} events were missed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::event::ServerState;
    use std::sync::Arc;
    use tokio::sync::Semaphore;

    fn offline() -> Event {
        Event::Server {
            state: ServerState::Offline,
        }
    }

    #[test]
    fn a_slow_listener_is_told_how_much_it_missed_and_never_loses_an_answer() {
        let mut audience = Audience::default();
        let (queue, mut slow) = mpsc::channel(QUEUE);
        audience.add(ListenerId(1), queue);
        let permits = Arc::new(Semaphore::new(COMMANDS_WAITING_MAX));
        for _ in 0..EVENT_QUEUE_MAX + 5 {
            audience.tell(&offline());
        }
        for tag in 0..COMMANDS_WAITING_MAX as u64 {
            let permit = Arc::clone(&permits).try_acquire_owned().unwrap();
            let id = audience.expect(ReplyTo::Ordered {
                listener: ListenerId(1),
                tag,
                permit,
            });
            audience.answer(id, Ok(Done::Plain {}));
        }
        for _ in 0..EVENT_QUEUE_MAX {
            assert_eq!(slow.try_recv().unwrap().told, Told::Event(offline()));
        }
        for expected in 0..COMMANDS_WAITING_MAX as u64 {
            let told = slow.try_recv().unwrap().told;
            assert!(matches!(told, Told::Answer { tag, .. } if tag == expected));
        }
        assert_eq!(permits.available_permits(), COMMANDS_WAITING_MAX);
        audience.tell(&offline());
        assert_eq!(slow.try_recv().unwrap().told, Told::Event(missed(5)));
        assert_eq!(slow.try_recv().unwrap().told, Told::Event(offline()));
    }

    #[test]
    fn a_listener_that_left_is_forgotten() {
        let mut audience = Audience::default();
        let (queue, gone) = mpsc::channel(QUEUE);
        audience.add(ListenerId(1), queue);
        drop(gone);
        audience.tell(&offline());
        assert!(audience.listeners.is_empty());
    }
}
