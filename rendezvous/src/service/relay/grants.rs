//! Relayed sessions that were granted and have not ended: who may join which, once, and for how long.
//!
//! Owned by the service, one for each pair of devices. A session goes when nobody joined it in time, when the shell says that
//! its ends have left it, or when an end that was in it wants another one. All end with this run of the program.

use hutong_common::entropy::Entropy;
use hutong_common::id::{AccountId, DeviceId, RelaySession};
use hutong_common::limits::{
    RELAY_JOIN_TIMEOUT_MS, RELAY_SESSIONS_MAX, RELAY_SESSIONS_PER_ACCOUNT_MAX, RELAY_TICKET_MS_MIN,
};
use hutong_common::refusal::Refusal;
use hutong_common::relay_join::{ANSWER_BYTES, Join, JoinKey};
use hutong_common::rpc::relay::RelayTicket;
use hutong_common::tls::Exporters;
use hutong_common::wrap::frames::Role;
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroizing;

/// A device, and what binds its ticket to the connection over which it went.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) account: AccountId,
    pub(super) device: DeviceId,
    pub(super) exporters: Exporters,
}

impl End {
    fn is_of(&self, other: &Self) -> bool {
        (self.account, self.device) == (other.account, other.device)
    }

    fn is_on_the_connection_of(&self, other: &Self) -> bool {
        self.exporters == other.exporters
    }
}

struct Granted {
    /// Who opened it, and who was invited.
    ends: [End; 2],
    joined: [bool; 2],
    secret: Zeroizing<[u8; 32]>,
    join_until_ms: u64,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted")
            .field("ends", &self.ends)
            .field("joined", &self.joined)
            .field("join_until_ms", &self.join_until_ms)
            .finish_non_exhaustive()
    }
}

impl Granted {
    fn role_of(&self, end: &End) -> Option<Role> {
        let roles = [Role::Opener, Role::Invited];
        roles
            .into_iter()
            .find(|role| self.ends[*role as usize].is_of(end))
    }

    fn is_between(&self, one: &End, other: &End) -> bool {
        self.role_of(one).is_some() && self.role_of(other).is_some()
    }

    /// The ticket that `here` was given, if it is still of use: in time, not used, and both on the connections of then.
    fn again(&self, here: &End, there: &End, now_ms: u64) -> Option<Role> {
        let role = self.role_of(here)?;
        let [own, other] = [role, role.other()].map(|role| role as usize);
        let has_time = self.join_until_ms >= now_ms + RELAY_TICKET_MS_MIN;
        let is_mine = !self.joined[own] && here.is_on_the_connection_of(&self.ends[own]);
        let is_theirs = self.joined[other] || there.is_on_the_connection_of(&self.ends[other]);
        (has_time && is_mine && is_theirs).then_some(role)
    }

    fn ticket(&self, session: RelaySession, role: Role, now_ms: u64) -> RelayTicket {
        RelayTicket {
            session,
            role,
            secret: *self.secret,
            ttl_ms: self.join_until_ms.saturating_sub(now_ms),
        }
    }
}

/// A session that is new.
pub(super) struct Opened {
    pub(super) opener: RelayTicket,
    pub(super) invited: RelayTicket,
    /// The session of the same pair that ends for it.
    pub(super) ended: Option<RelaySession>,
}

/// All of them.
#[derive(Debug, Default)]
pub(in crate::service) struct Grants {
    sessions: BTreeMap<RelaySession, Granted>,
    /// How many there were, with those that are.
    pub(super) opened: u64,
    /// Joins that were refused.
    pub(super) refused: u64,
}

impl Grants {
    /// Sessions that both ends have joined.
    pub(super) fn running(&self) -> usize {
        let granted = self.sessions.values();
        granted
            .filter(|granted| granted.joined == [true; 2])
            .count()
    }

    /// Forgets what nobody has joined in time.
    pub(super) fn forget(&mut self, now_ms: u64) {
        self.sessions
            .retain(|_, granted| granted.joined != [false; 2] || now_ms < granted.join_until_ms);
    }

    /// The ticket that `here` has for its session with `there`, if that can still be joined.
    pub(super) fn again(&self, here: &End, there: &End, now_ms: u64) -> Option<RelayTicket> {
        let (session, granted) = self.between(here, there)?;
        let role = granted.again(here, there, now_ms)?;
        Some(granted.ticket(session, role, now_ms))
    }

    fn between(&self, here: &End, there: &End) -> Option<(RelaySession, &Granted)> {
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|(_, granted)| granted.is_between(here, there));
        found.map(|(session, granted)| (*session, granted))
    }

    /// Whether there is room for one more of `here`, once that with `there` has ended; `is_lab` asks only for all.
    pub(super) fn check_room(
        &self,
        (here, there): (&End, &End),
        is_lab: bool,
    ) -> Result<(), Refusal> {
        let stay = || {
            let sessions = self.sessions.values();
            sessions.filter(|granted| !granted.is_between(here, there))
        };
        let own = |granted: &&Granted| granted.ends[0].account == here.account;
        if !is_lab && stay().filter(own).count() >= RELAY_SESSIONS_PER_ACCOUNT_MAX {
            return Err(Refusal::QuotaFull {
                retry_ms: RELAY_JOIN_TIMEOUT_MS,
            });
        }
        if stay().count() >= RELAY_SESSIONS_MAX {
            return Err(Refusal::RelayUnavailable);
        }
        Ok(())
    }

    /// A new session, opened by `here`.
    pub(super) fn open(
        &mut self,
        (here, there): (End, End),
        now_ms: u64,
        entropy: &mut dyn Entropy,
    ) -> Opened {
        let ended = self.between(&here, &there).map(|(session, _)| session);
        if let Some(ended) = ended {
            self.sessions.remove(&ended);
        }
        let session = RelaySession(entropy.array());
        let granted = Granted {
            ends: [here, there],
            joined: [false; 2],
            secret: Zeroizing::new(entropy.array()),
            join_until_ms: now_ms + RELAY_JOIN_TIMEOUT_MS,
        };
        let ticket = |role| granted.ticket(session, role, now_ms);
        let (opener, invited) = (ticket(Role::Opener), ticket(Role::Invited));
        self.sessions.insert(session, granted);
        self.opened += 1;
        Opened {
            opener,
            invited,
            ended,
        }
    }

    /// Lets an end in, once, and says how that is answered. For a session that there is not, the same is reckoned with a key
    /// that nobody has: what is refused takes as long whatever was wrong with it.
    pub(super) fn join(&mut self, join: &Join, now_ms: u64) -> Option<[u8; ANSWER_BYTES]> {
        let role = join.role as usize;
        let granted = self.sessions.get_mut(&join.session);
        let nobody = [0; 32];
        let exporter = granted.as_ref();
        let exporter = exporter.map_or(nobody, |granted| granted.ends[role].exporters.relay);
        let key = JoinKey::new(&exporter, join.session, join.role);
        let is_proved = key.admits(join);
        match granted {
            Some(granted)
                if is_proved && !granted.joined[role] && now_ms < granted.join_until_ms =>
            {
                granted.joined[role] = true;
                Some(key.joined())
            }
            Some(_) | None => {
                self.refused += 1;
                None
            }
        }
    }

    pub(super) fn has(&self, session: RelaySession) -> bool {
        self.sessions.contains_key(&session)
    }

    /// A session is over.
    pub(super) fn leave(&mut self, session: RelaySession) {
        self.sessions.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::entropy::SeededEntropy;

    const NOW: u64 = 1_790_000_000_000;

    fn end(number: u8) -> End {
        End {
            account: AccountId(10_000 + u64::from(number)),
            device: DeviceId([number; 16]),
            exporters: Exporters {
                opaque: [0; 32],
                relay: [number; 32],
            },
        }
    }

    /// The same device on another connection.
    fn reconnected(end: End) -> End {
        let Exporters { opaque, relay } = end.exporters;
        End {
            exporters: Exporters {
                opaque,
                relay: relay.map(|byte| byte ^ 0x80),
            },
            ..end
        }
    }

    struct Table {
        grants: Grants,
        entropy: SeededEntropy,
    }

    impl Table {
        fn new() -> Self {
            Self {
                grants: Grants::default(),
                entropy: SeededEntropy::from_number(1),
            }
        }

        /// What the service does with it.
        fn opens(&mut self, here: End, there: End, now_ms: u64) -> (RelayTicket, Option<Opened>) {
            self.grants.forget(now_ms);
            if let Some(ticket) = self.grants.again(&here, &there, now_ms) {
                return (ticket, None);
            }
            let opened = self.grants.open((here, there), now_ms, &mut self.entropy);
            (opened.opener, Some(opened))
        }

        fn joins(&mut self, end: End, ticket: &RelayTicket, now_ms: u64) -> bool {
            let key = JoinKey::new(&end.exporters.relay, ticket.session, ticket.role);
            let answer = self.grants.join(&key.join(), now_ms);
            answer.is_some_and(|answer| key.is_joined(&answer))
        }
    }

    #[test]
    fn both_ends_join_once_and_nobody_else() {
        let mut table = Table::new();
        let (lin, mei, eve) = (end(1), end(2), end(3));
        let (own, opened) = table.opens(lin, mei, NOW);
        let theirs = opened.unwrap().invited;
        assert_eq!(own.session, theirs.session);
        assert_eq!(own.secret, theirs.secret);
        assert!(!table.joins(eve, &own, NOW));
        assert!(!table.joins(eve, &theirs, NOW));
        assert!(!table.joins(mei, &own, NOW), "the other end's place");
        assert_eq!(table.grants.running(), 0);
        assert!(table.joins(lin, &own, NOW));
        assert!(!table.joins(lin, &own, NOW));
        assert!(table.joins(mei, &theirs, NOW));
        assert_eq!((table.grants.running(), table.grants.refused), (1, 4));
        table.grants.leave(own.session);
        assert!(!table.joins(lin, &own, NOW));
        assert_eq!(table.grants.running(), 0);
    }

    #[test]
    fn what_nobody_joins_in_time_is_forgotten_and_what_somebody_joined_stays() {
        let mut table = Table::new();
        let (own, _) = table.opens(end(1), end(2), NOW);
        let late_ms = NOW + RELAY_JOIN_TIMEOUT_MS;
        table.grants.forget(late_ms - 1);
        assert!(table.joins(end(1), &own, late_ms - 1));
        let (other, _) = table.opens(end(3), end(4), NOW);
        table.grants.forget(late_ms);
        assert_eq!(table.grants.sessions.len(), 1);
        assert!(!table.joins(end(3), &other, late_ms));
    }

    #[test]
    fn who_opens_at_the_same_time_meets_in_one_session() {
        let mut table = Table::new();
        let (lin, mei) = (end(1), end(2));
        let (own, _) = table.opens(lin, mei, NOW);
        let (theirs, opened) = table.opens(mei, lin, NOW + 500);
        assert!(opened.is_none());
        assert_eq!(
            (theirs.session, theirs.role),
            (own.session, Role::Invited),
            "it gets the ticket that it was invited with"
        );
        assert_eq!(theirs.ttl_ms, RELAY_JOIN_TIMEOUT_MS - 500);
        assert!(table.joins(mei, &theirs, NOW + 600));
        // The opener's answer was lost: it asks again, and finds the other there.
        let (again, opened) = table.opens(lin, mei, NOW + 700);
        assert!(opened.is_none() && again.session == own.session);
        assert!(table.joins(lin, &again, NOW + 800));
    }

    #[test]
    fn who_was_in_a_session_and_wants_another_ends_it() {
        let mut table = Table::new();
        let (lin, mei) = (end(1), end(2));
        let (own, _) = table.opens(lin, mei, NOW);
        assert!(table.joins(lin, &own, NOW));
        let (again, opened) = table.opens(lin, mei, NOW + 1);
        assert_eq!(opened.unwrap().ended, Some(own.session));
        assert_ne!(again.session, own.session);
        assert_eq!(table.grants.sessions.len(), 1, "one for a pair");
        // A ticket whose time is nearly over is not given out again either.
        let late_ms = NOW + 1 + RELAY_JOIN_TIMEOUT_MS - RELAY_TICKET_MS_MIN + 1;
        let (third, opened) = table.opens(mei, lin, late_ms);
        assert_eq!(opened.unwrap().ended, Some(again.session));
        assert_eq!(third.role, Role::Opener);
    }

    /// A ticket is of use only on the connection over which it went, and the rendezvous knew only the newer one.
    #[test]
    fn whoever_has_another_connection_gets_another_session() {
        let (lin, mei) = (end(1), end(2));
        for (here, there) in [(reconnected(lin), mei), (lin, reconnected(mei))] {
            let mut table = Table::new();
            let (own, _) = table.opens(lin, mei, NOW);
            let (_, opened) = table.opens(here, there, NOW + 1);
            let opened = opened.unwrap();
            assert_eq!(opened.ended, Some(own.session));
            assert!(table.joins(here, &opened.opener, NOW + 2));
            assert!(table.joins(there, &opened.invited, NOW + 2));
        }
        // Whoever is in it needs no ticket any more.
        let mut table = Table::new();
        let (own, opened) = table.opens(lin, mei, NOW);
        assert!(table.joins(mei, &opened.unwrap().invited, NOW));
        let (again, _) = table.opens(lin, reconnected(mei), NOW + 1);
        assert_eq!(
            again,
            RelayTicket {
                ttl_ms: again.ttl_ms,
                ..own
            }
        );
    }

    #[test]
    fn sessions_are_bounded_for_whoever_opens_them_and_in_all() {
        let mut table = Table::new();
        let fill = |table: &mut Table, here: End, count: usize| {
            for number in 0..count {
                let there = End {
                    device: DeviceId((number as u128).to_be_bytes()),
                    ..end(200)
                };
                table.opens(here, there, NOW);
            }
        };
        fill(&mut table, end(1), RELAY_SESSIONS_PER_ACCOUNT_MAX);
        let room = |table: &Table, here, is_lab| table.grants.check_room((&here, &end(99)), is_lab);
        assert!(matches!(
            room(&table, end(1), false),
            Err(Refusal::QuotaFull { .. })
        ));
        assert_eq!(room(&table, end(1), true), Ok(()));
        assert_eq!(
            room(&table, end(200), false),
            Ok(()),
            "invited is not charged"
        );
        let first = End {
            device: DeviceId([0; 16]),
            ..end(200)
        };
        let instead = table.grants.check_room((&end(1), &first), false);
        assert_eq!(instead, Ok(()), "one that takes the place of another");
        for number in 2..=RELAY_SESSIONS_MAX / RELAY_SESSIONS_PER_ACCOUNT_MAX {
            fill(
                &mut table,
                end(number as u8),
                RELAY_SESSIONS_PER_ACCOUNT_MAX,
            );
        }
        assert_eq!(room(&table, end(100), true), Err(Refusal::RelayUnavailable));
    }
}
