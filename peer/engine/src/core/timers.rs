//! One table of everything that shall happen later. Children set and cancel; the root asks what is due.

use crate::store::chat::Chat;
use hutong_common::id::{AccountId, DeviceId, FileId};
use std::collections::{BTreeMap, BTreeSet};

use super::io::{CheckId, LinkId};

/// Something that shall happen later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// Connect to the rendezvous again.
    Reconnect,
    /// Keep the connection to the rendezvous.
    Ping,
    /// A request should have been answered by now.
    Reply(u32),
    /// A dial or a Hello should have come to something by now.
    Hello(LinkId),
    /// A second link to the same device is no longer needed.
    Spare(LinkId),
    /// The time of a linked device, or of its membership, ends.
    Lapse,
    /// Dial a contact again.
    Redial(AccountId),
    /// Reach a contact's devices by relay that did not answer.
    Relay(AccountId),
    /// Look at a contact's messages again.
    Outbox(AccountId),
    /// Give up messages that are too old.
    Expire,
    /// A gap in a device's messages of a conversation was not filled.
    Gap(Chat, DeviceId),
    /// Fetch a file again.
    Fetch(FileId),
    /// Say on every link which list of revocations is here.
    Spread,
    /// The tag announced by mDNS changes with the day.
    Announce,
    /// A check of the network goes on, or ends.
    Doctor(CheckId),
    /// Everybody on the LAN could be heard by now.
    Look,
    /// Signing out goes on without what it waits for.
    Leave,
    /// The time of this shared seat is over.
    Seat,
}

/// When what is due, in monotonic milliseconds.
#[derive(Debug, Default)]
pub(super) struct Timers {
    by_time: BTreeSet<(u64, Timer)>,
    by_timer: BTreeMap<Timer, u64>,
}

impl Timers {
    /// Sets or moves a timer.
    pub(super) fn set(&mut self, timer: Timer, at_ms: u64) {
        self.cancel(timer);
        self.by_time.insert((at_ms, timer));
        self.by_timer.insert(timer, at_ms);
    }

    /// Sets a timer, or moves it only to an earlier time.
    pub(super) fn set_earlier(&mut self, timer: Timer, at_ms: u64) {
        if self.by_timer.get(&timer).is_none_or(|&set| at_ms < set) {
            self.set(timer, at_ms);
        }
    }

    /// Forgets a timer.
    pub(super) fn cancel(&mut self, timer: Timer) {
        if let Some(at_ms) = self.by_timer.remove(&timer) {
            self.by_time.remove(&(at_ms, timer));
        }
    }

    /// Whether a timer is set.
    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.by_timer.contains_key(&timer)
    }

    /// When the next one is due.
    pub(super) fn next_ms(&self) -> Option<u64> {
        self.by_time.first().map(|&(at_ms, _)| at_ms)
    }

    /// Takes one that is due.
    pub(super) fn take_due(&mut self, mono_ms: u64) -> Option<Timer> {
        let &(at_ms, timer) = self.by_time.first()?;
        if at_ms > mono_ms {
            return None;
        }
        self.cancel(timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_come_in_the_order_of_their_times_and_only_when_due() {
        let mut timers = Timers::default();
        timers.set(Timer::Ping, 30);
        timers.set(Timer::Reconnect, 20);
        timers.set(Timer::Ping, 10);
        timers.set_earlier(Timer::Ping, 15);
        assert_eq!(timers.next_ms(), Some(10));
        assert_eq!(timers.take_due(9), None);
        assert_eq!(timers.take_due(40), Some(Timer::Ping));
        assert_eq!(timers.take_due(40), Some(Timer::Reconnect));
        assert_eq!(timers.take_due(40), None);
        timers.set(Timer::Expire, 5);
        timers.cancel(Timer::Expire);
        assert!(!timers.is_set(Timer::Expire));
        assert_eq!(timers.next_ms(), None);
    }
}
