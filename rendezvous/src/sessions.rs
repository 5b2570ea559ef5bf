//! Who is connected: one session per device, kept from sign-in to the end of its connection.
//!
//! Used by the TCP shell and by simulations; synchronous, and no lock outlives a call. A session is removed only by the
//! connection that made it: a late farewell of an older connection touches nothing. Pushes are hints, so a mailbox that
//! is full loses them.

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::ATTENDANCE_BREAK_MS;
use hutong_common::push::{Hint, Push};
use hutong_common::rpc::presence::Candidates;
use hutong_common::tls::Exporters;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// One connection of this process; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The way to a client: a bounded queue. Both calls return at once.
pub trait Mailbox: Send + Sync {
    /// Queues a push; `false` when there is no room and it is dropped.
    fn offer(&self, push: &Push) -> bool;
    /// Ends the connection once what is queued has left.
    fn close(&self);
}

/// To whom a push goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Every connected device of an account.
    Account(AccountId),
    /// One device of an account, when it is connected.
    Device(AccountId, DeviceId),
    /// Every connected device of an account except one.
    OtherDevices(AccountId, DeviceId),
    /// Everybody who is connected.
    Everyone,
}

/// What a request does to the session of its connection, once it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// The device signed in.
    Begin {
        /// Whose device.
        account: AccountId,
        /// Which.
        device: DeviceId,
        /// When, Unix milliseconds.
        at_ms: u64,
        /// What its connection exports.
        exporters: Exporters,
    },
    /// The device says where it can be reached.
    Reach {
        /// Whose device.
        account: AccountId,
        /// Which.
        device: DeviceId,
        /// Where; replaces what was said before.
        candidates: Candidates,
    },
    /// The person at the device is away, or is back.
    Away {
        /// Whose device.
        account: AccountId,
        /// Which.
        device: DeviceId,
        /// Whether away.
        away: bool,
    },
}

/// What the service may ask about who is connected.
pub trait Presence: Send + Sync + fmt::Debug {
    /// Whether a device of the account is connected.
    fn is_online(&self, account: AccountId) -> bool;
    /// Connected devices of the account, each with where it said to be reachable.
    fn candidates(&self, account: AccountId) -> Vec<(DeviceId, Candidates)>;
    /// What the connection of a device exports, when it is connected.
    fn exporters(&self, account: AccountId, device: DeviceId) -> Option<Exporters>;
    /// Connected devices of the account, each with whether its person says to be away.
    fn away(&self, account: AccountId) -> BTreeMap<DeviceId, bool>;
    /// Connected devices of the account, each with the time since when it is there without more than a short break, Unix
    /// milliseconds.
    fn since(&self, account: AccountId) -> BTreeMap<DeviceId, u64>;
    /// Accounts with a connected device, in order.
    fn online(&self) -> Vec<AccountId>;
}

struct Session {
    connection: ConnectionId,
    mailbox: Arc<dyn Mailbox>,
    candidates: Candidates,
    exporters: Exporters,
    away: bool,
    since_ms: u64,
}

/// A session that ended by itself.
#[derive(Clone, Copy)]
struct Left {
    since_ms: u64,
    at_ms: u64,
}

impl Left {
    const fn is_short(self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.at_ms) < ATTENDANCE_BREAK_MS
    }
}

/// Every session.
#[derive(Default)]
pub struct Sessions {
    accounts: DashMap<AccountId, BTreeMap<DeviceId, Session>>,
    /// Those that ended a moment ago.
    left: DashMap<(AccountId, DeviceId), Left>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("accounts", &self.accounts.len())
            .finish()
    }
}

impl Sessions {
    /// Performs what a committed request decided about its connection.
    pub fn apply(
        &self,
        change: SessionChange,
        connection: ConnectionId,
        mailbox: &Arc<dyn Mailbox>,
    ) {
        match change {
            SessionChange::Begin {
                account,
                device,
                at_ms,
                exporters,
            } => {
                let begun = (connection, at_ms, exporters);
                self.register((account, device), begun, Arc::clone(mailbox));
            }
            SessionChange::Reach {
                account,
                device,
                candidates,
            } => {
                let reach = |session: &mut Session| session.candidates = candidates;
                self.change((account, device), connection, reach);
            }
            SessionChange::Away {
                account,
                device,
                away,
            } => self.change((account, device), connection, |session| session.away = away),
        }
    }

    /// Makes `connection` the one of its device, from now on. An older one is told that it was replaced, and closed.
    pub fn register(
        &self,
        (account, device): (AccountId, DeviceId),
        (connection, now_ms, exporters): (ConnectionId, u64, Exporters),
        mailbox: Arc<dyn Mailbox>,
    ) {
        let left = self.left.remove(&(account, device));
        let left = left.map(|(_, left)| left);
        let left = left.filter(|left| left.is_short(now_ms));
        let mut devices = self.accounts.entry(account).or_default();
        let older = devices.get(&device);
        let since_ms = older.map(|older| older.since_ms);
        let since_ms = since_ms.or(left.map(|left| left.since_ms));
        let session = Session {
            connection,
            mailbox,
            candidates: Candidates::default(),
            exporters,
            // Whoever is away stays so while one connection takes over from another.
            away: older.is_some_and(|older| older.away),
            since_ms: since_ms.unwrap_or(now_ms),
        };
        let older = devices.insert(device, session);
        drop(devices);
        if let Some(older) = older.filter(|older| older.connection != connection) {
            older.mailbox.offer(&Push::Replaced(Hint {}));
            older.mailbox.close();
        }
    }

    fn change(
        &self,
        (account, device): (AccountId, DeviceId),
        connection: ConnectionId,
        change: impl FnOnce(&mut Session),
    ) {
        if let Some(mut devices) = self.accounts.get_mut(&account)
            && let Some(session) = devices.get_mut(&device)
            && session.connection == connection
        {
            change(session);
        }
    }

    /// Ends sessions from outside: nothing is pushed to them any more, and their connections close.
    pub fn end(&self, whose: Recipient) {
        for mailbox in self.mailboxes(whose) {
            mailbox.close();
        }
        match whose {
            Recipient::Account(account) => drop(self.accounts.remove(&account)),
            Recipient::Device(account, ended) => self.keep(account, |device| device != ended),
            Recipient::OtherDevices(account, kept) => self.keep(account, |device| device == kept),
            Recipient::Everyone => self.accounts.clear(),
        }
    }

    fn keep(&self, account: AccountId, is_kept: impl Fn(DeviceId) -> bool) {
        if let Entry::Occupied(mut devices) = self.accounts.entry(account) {
            devices.get_mut().retain(|device, _| is_kept(*device));
            if devices.get().is_empty() {
                devices.remove();
            }
        }
    }

    /// Ends the session that `connection` made for this device; says whether no other connection has taken its place.
    pub fn unregister(
        &self,
        (account, device): (AccountId, DeviceId),
        (connection, now_ms): (ConnectionId, u64),
    ) -> bool {
        let devices = self.accounts.get(&account);
        let session = devices.as_ref().and_then(|devices| devices.get(&device));
        let session = session.map(|session| (session.connection, session.since_ms));
        drop(devices);
        match session {
            Some((newer, _)) if newer != connection => return false,
            Some((_, since_ms)) => {
                let at_ms = now_ms;
                self.left.retain(|_, left| left.is_short(now_ms));
                self.left
                    .insert((account, device), Left { since_ms, at_ms });
                self.keep(account, |kept| kept != device);
            }
            // It was ended from outside.
            None => {}
        }
        true
    }

    /// Offers a push to everybody it is for.
    pub fn deliver(&self, recipient: Recipient, push: &Push) {
        for mailbox in self.mailboxes(recipient) {
            mailbox.offer(push);
        }
    }

    /// Delivers all pushes, then ends sessions.
    pub fn spread(&self, pushes: &[(Recipient, Push)], endings: &[Recipient]) {
        for (recipient, push) in pushes {
            self.deliver(*recipient, push);
        }
        for ended in endings {
            self.end(*ended);
        }
    }

    /// Connected devices.
    pub fn len(&self) -> usize {
        self.accounts.iter().map(|devices| devices.len()).sum()
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Collected first, so that no lock is held while a mailbox is used; in order, so that a run can be repeated.
    fn mailboxes(&self, recipient: Recipient) -> Vec<Arc<dyn Mailbox>> {
        let of = |account: AccountId, is_meant: &dyn Fn(DeviceId) -> bool| {
            let devices = self.accounts.get(&account);
            let kept = devices.iter().flat_map(|devices| devices.iter());
            kept.filter(|(device, _)| is_meant(**device))
                .map(|(_, session)| Arc::clone(&session.mailbox))
                .collect::<Vec<Arc<dyn Mailbox>>>()
        };
        match recipient {
            Recipient::Account(account) => of(account, &|_| true),
            Recipient::Device(account, only) => of(account, &|device| device == only),
            Recipient::OtherDevices(account, except) => of(account, &|device| device != except),
            Recipient::Everyone => self
                .online()
                .into_iter()
                .flat_map(|account| of(account, &|_| true))
                .collect(),
        }
    }
}

impl Presence for Sessions {
    fn is_online(&self, account: AccountId) -> bool {
        self.accounts.contains_key(&account)
    }

    fn candidates(&self, account: AccountId) -> Vec<(DeviceId, Candidates)> {
        let devices = self.accounts.get(&account);
        let sessions = devices.iter().flat_map(|devices| devices.iter());
        sessions
            .map(|(device, session)| (*device, session.candidates.clone()))
            .collect()
    }

    fn exporters(&self, account: AccountId, device: DeviceId) -> Option<Exporters> {
        let devices = self.accounts.get(&account)?;
        Some(devices.get(&device)?.exporters)
    }

    fn away(&self, account: AccountId) -> BTreeMap<DeviceId, bool> {
        let devices = self.accounts.get(&account);
        let sessions = devices.iter().flat_map(|devices| devices.iter());
        sessions
            .map(|(device, session)| (*device, session.away))
            .collect()
    }

    fn since(&self, account: AccountId) -> BTreeMap<DeviceId, u64> {
        let devices = self.accounts.get(&account);
        let sessions = devices.iter().flat_map(|devices| devices.iter());
        sessions
            .map(|(device, session)| (*device, session.since_ms))
            .collect()
    }

    fn online(&self) -> Vec<AccountId> {
        let accounts: BTreeSet<AccountId> =
            self.accounts.iter().map(|devices| *devices.key()).collect();
        accounts.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    const LIN: AccountId = AccountId(10_001);
    const MEI: AccountId = AccountId(10_002);
    const PC: DeviceId = DeviceId([1; 16]);
    const LAPTOP: DeviceId = DeviceId([2; 16]);
    const HINT: Push = Push::MailWaiting(Hint {});
    const NOW: u64 = 10_000;

    /// A mailbox with room for two.
    #[derive(Default)]
    struct Small {
        pushes: Mutex<Vec<Push>>,
        is_closed: Mutex<bool>,
    }

    impl Small {
        fn got(&self) -> usize {
            self.pushes.lock().unwrap().len()
        }
    }

    impl Mailbox for Small {
        fn offer(&self, push: &Push) -> bool {
            let mut pushes = self.pushes.lock().unwrap();
            let has_room = pushes.len() < 2;
            if has_room {
                pushes.push(push.clone());
            }
            has_room
        }
        fn close(&self) {
            *self.is_closed.lock().unwrap() = true;
        }
    }

    fn exporters(connection: u64) -> Exporters {
        Exporters {
            opaque: [0; 32],
            relay: [connection as u8; 32],
        }
    }

    fn join(sessions: &Sessions, session: (AccountId, DeviceId), connection: u64) -> Arc<Small> {
        let mailbox = Arc::new(Small::default());
        let begun = (
            ConnectionId(connection),
            1_000 + connection,
            exporters(connection),
        );
        sessions.register(session, begun, Arc::clone(&mailbox) as _);
        mailbox
    }

    #[test]
    fn an_older_connection_is_told_and_its_farewell_ends_nothing() {
        let sessions = Sessions::default();
        let older = join(&sessions, (LIN, PC), 1);
        let newer = join(&sessions, (LIN, PC), 2);
        assert_eq!(*older.pushes.lock().unwrap(), [Push::Replaced(Hint {})]);
        assert!(*older.is_closed.lock().unwrap());
        assert!(!sessions.unregister((LIN, PC), (ConnectionId(1), NOW)));
        assert!(sessions.is_online(LIN));
        assert_eq!(sessions.since(LIN), BTreeMap::from([(PC, 1_001)]));
        sessions.deliver(Recipient::Account(LIN), &HINT);
        assert_eq!((older.got(), newer.got()), (1, 1));
        assert!(sessions.unregister((LIN, PC), (ConnectionId(2), NOW)));
        assert!(!sessions.is_online(LIN));
        assert!(sessions.is_empty());
    }

    #[test]
    fn a_short_break_is_no_gap_and_a_long_one_is() {
        let sessions = Sessions::default();
        join(&sessions, (LIN, PC), 1);
        let since = || sessions.since(LIN).get(&PC).copied();
        let mut number = 1;
        let mut away_for = |pause_ms| {
            let left_ms = NOW + number;
            sessions.unregister((LIN, PC), (ConnectionId(number), left_ms));
            assert_eq!(since(), None);
            number += 1;
            let begun = (ConnectionId(number), left_ms + pause_ms, exporters(number));
            sessions.register((LIN, PC), begun, Arc::new(Small::default()));
            since()
        };
        assert_eq!(away_for(ATTENDANCE_BREAK_MS - 1), Some(1_001));
        assert_eq!(away_for(ATTENDANCE_BREAK_MS - 1), Some(1_001));
        let back_ms = NOW + 3 + ATTENDANCE_BREAK_MS;
        assert_eq!(away_for(ATTENDANCE_BREAK_MS), Some(back_ms));
        sessions.end(Recipient::Account(LIN));
        assert!(sessions.unregister((LIN, PC), (ConnectionId(4), back_ms)));
        join(&sessions, (LIN, PC), 5);
        assert_eq!(since(), Some(1_005), "who was signed out comes anew");
        sessions.unregister((LIN, PC), (ConnectionId(5), NOW));
        join(&sessions, (MEI, PC), 6);
        let later_ms = NOW + ATTENDANCE_BREAK_MS;
        sessions.unregister((MEI, PC), (ConnectionId(6), later_ms));
        assert_eq!(sessions.left.len(), 1, "nobody is remembered for ever");
    }

    #[test]
    fn a_push_reaches_whom_it_is_for() {
        let sessions = Sessions::default();
        let pc = join(&sessions, (LIN, PC), 1);
        let laptop = join(&sessions, (LIN, LAPTOP), 2);
        let mei = join(&sessions, (MEI, DeviceId([3; 16])), 3);
        let got = || [pc.got(), laptop.got(), mei.got()];
        sessions.deliver(Recipient::OtherDevices(LIN, PC), &HINT);
        assert_eq!(got(), [0, 1, 0]);
        sessions.deliver(Recipient::Everyone, &HINT);
        assert_eq!(got(), [1, 2, 1]);
        assert_eq!(sessions.online(), [LIN, MEI]);
        assert_eq!(sessions.len(), 3);
    }

    #[test]
    fn a_session_that_is_ended_from_outside_is_gone_at_once() {
        let sessions = Sessions::default();
        let [pc, laptop] =
            [(PC, 1), (LAPTOP, 2)].map(|(device, n)| join(&sessions, (LIN, device), n));
        sessions.end(Recipient::Device(LIN, PC));
        let closed = |mailbox: &Small| *mailbox.is_closed.lock().unwrap();
        assert_eq!((closed(&pc), closed(&laptop)), (true, false));
        sessions.deliver(Recipient::Account(LIN), &HINT);
        assert_eq!((pc.got(), laptop.got()), (0, 1));
        assert!(
            sessions.unregister((LIN, PC), (ConnectionId(1), NOW)),
            "nobody took its place"
        );
        assert!(sessions.is_online(LIN));
        sessions.end(Recipient::Account(LIN));
        assert!(closed(&laptop) && !sessions.is_online(LIN));
        let newer = join(&sessions, (LIN, LAPTOP), 3);
        assert!(!sessions.unregister((LIN, LAPTOP), (ConnectionId(2), NOW)));
        sessions.end(Recipient::OtherDevices(LIN, LAPTOP));
        assert!(!closed(&newer));
    }

    #[test]
    fn a_full_mailbox_loses_pushes_and_holds_nobody_up() {
        let sessions = Sessions::default();
        let pc = join(&sessions, (LIN, PC), 1);
        for _ in 0..5 {
            sessions.deliver(Recipient::Account(LIN), &HINT);
        }
        assert_eq!(pc.got(), 2);
    }

    #[test]
    fn candidates_live_and_die_with_their_connection() {
        let sessions = Sessions::default();
        let pc = join(&sessions, (LIN, PC), 1);
        let mailbox: Arc<dyn Mailbox> = pc;
        let here = Candidates::new(vec![([10, 0, 0, 1], 7442).into()]).unwrap();
        let reach = |connection| {
            let change = SessionChange::Reach {
                account: LIN,
                device: PC,
                candidates: here.clone(),
            };
            sessions.apply(change, ConnectionId(connection), &mailbox);
        };
        reach(9);
        let nowhere = [(PC, Candidates::default())];
        assert_eq!(sessions.candidates(LIN), nowhere);
        reach(1);
        assert_eq!(sessions.candidates(LIN), [(PC, here.clone())]);
        assert_eq!(sessions.exporters(LIN, PC), Some(exporters(1)));
        join(&sessions, (LIN, PC), 2);
        assert_eq!(sessions.candidates(LIN), nowhere);
        assert_eq!(sessions.exporters(LIN, PC), Some(exporters(2)));
        assert_eq!(sessions.exporters(LIN, LAPTOP), None);
        assert_eq!(sessions.candidates(MEI), []);
    }
}
