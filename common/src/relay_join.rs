//! How one end joins a relayed session at the control port: what both sides write, and what proves it.
//!
//! `HTR1 ‖ session[16] ‖ role:u8 ‖ mac[32]`, answered with `status:u8 ‖ mac[32]`. The key of both is made of what the TLS
//! connection exports that carried the ticket, so only the client to which the ticket went can join, and only the rendezvous
//! that gave it can answer. To an end that may not join, nothing is proved: all such answers are the same bytes.
//! Used by the shells of engine and rendezvous; no IO here.

use crate::id::RelaySession;
use crate::labels;
use crate::opaque::EXPORTER_BYTES;
use crate::wrap::frames::Role;
use std::fmt;
use zeroize::Zeroizing;

/// First bytes of a join. No TLS record begins with the first of them.
pub const MAGIC: [u8; 4] = *b"HTR1";
const SESSION_BYTES: usize = 16;
const MAC_BYTES: usize = 32;
/// A whole join.
pub const JOIN_BYTES: usize = MAGIC.len() + SESSION_BYTES + 1 + MAC_BYTES;
/// Its answer.
pub const ANSWER_BYTES: usize = 1 + MAC_BYTES;
/// The answer to every join that is not taken. There may be no key between the two sides, so there is no proof in it.
pub const UNAVAILABLE: [u8; ANSWER_BYTES] = {
    let mut answer = [0; ANSWER_BYTES];
    answer[0] = 1;
    answer
};
/// First byte of the answer to a join that is taken.
const JOINED: u8 = 0;

/// A join as it came, not believed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// Which session.
    pub session: RelaySession,
    /// Which end.
    pub role: Role,
    /// What proves it.
    pub mac: [u8; MAC_BYTES],
}

impl Join {
    /// Reads one; none when these bytes are no join.
    pub fn decode(bytes: &[u8; JOIN_BYTES]) -> Option<Self> {
        let (session, rest) = bytes.strip_prefix(&MAGIC)?.split_first_chunk()?;
        let (role, mac) = rest.split_first()?;
        Some(Self {
            session: RelaySession(*session),
            role: Role::of(*role)?,
            mac: mac.try_into().ok()?,
        })
    }

    /// As it goes over the wire.
    pub fn encode(&self) -> [u8; JOIN_BYTES] {
        let parts: [&[u8]; 4] = [&MAGIC, &self.session.0, &[self.role as u8], &self.mac];
        let mut bytes = [0; JOIN_BYTES];
        let places = bytes.iter_mut().zip(parts.into_iter().flatten());
        places.for_each(|(place, byte)| *place = *byte);
        bytes
    }
}

/// What proves that one end of one session was granted to whoever joins it, and that it was joined at the right place.
#[derive(Clone)]
pub struct JoinKey {
    session: RelaySession,
    role: Role,
    key: Zeroizing<[u8; 32]>,
}

impl JoinKey {
    /// For the end `role` of `session`, whose ticket went over the connection with this exporter ([`labels::EXPORTER_RELAY`]).
    pub fn new(exporter: &[u8; EXPORTER_BYTES], session: RelaySession, role: Role) -> Self {
        let end = [&session.0[..], &[role as u8]].concat();
        let key = Zeroizing::new(blake3::keyed_hash(exporter, &end).into());
        Self { session, role, key }
    }

    /// What this end joins with.
    pub fn join(&self) -> Join {
        Join {
            session: self.session,
            role: self.role,
            mac: self.mac(labels::RELAY_JOIN, &[]).into(),
        }
    }

    /// Whether `join` is of this end and proves it. Takes the same time whichever byte differs.
    pub fn admits(&self, join: &Join) -> bool {
        let mac = self.mac(labels::RELAY_JOIN, &[]);
        // The hash compares in constant time; the names are no secrets.
        mac == join.mac && (join.session, join.role) == (self.session, self.role)
    }

    /// The answer to a join that is taken.
    pub fn joined(&self) -> [u8; ANSWER_BYTES] {
        let mac = self.mac(labels::RELAY_JOINED, &[JOINED]);
        let mut answer = [JOINED; ANSWER_BYTES];
        answer[1..].copy_from_slice(mac.as_bytes());
        answer
    }

    /// Whether the rendezvous that gave the ticket says that this end has joined.
    pub fn is_joined(&self, answer: &[u8; ANSWER_BYTES]) -> bool {
        let [status, mac @ ..] = answer;
        *status == JOINED && self.mac(labels::RELAY_JOINED, &[JOINED]) == *mac
    }

    fn mac(&self, label: &str, status: &[u8]) -> blake3::Hash {
        let end = [self.role as u8];
        let parts = [label.as_bytes(), &self.session.0, &end, status];
        blake3::keyed_hash(&self.key, &parts.concat())
    }
}

impl fmt::Debug for JoinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinKey")
            .field("session", &self.session)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORTER: [u8; EXPORTER_BYTES] = [5; EXPORTER_BYTES];
    const SESSION: RelaySession = RelaySession([3; 16]);

    fn key(role: Role) -> JoinKey {
        JoinKey::new(&EXPORTER, SESSION, role)
    }

    #[test]
    fn each_end_joins_with_what_only_its_connection_has() {
        for role in [Role::Opener, Role::Invited] {
            let join = key(role).join();
            assert_eq!(Join::decode(&join.encode()), Some(join));
            assert!(key(role).admits(&join));
            assert!(!key(role.other()).admits(&join));
            let session = RelaySession([4; 16]);
            assert!(!JoinKey::new(&EXPORTER, session, role).admits(&join));
            let elsewhere = [6; EXPORTER_BYTES];
            assert!(!JoinKey::new(&elsewhere, SESSION, role).admits(&join));
            let renamed = Join { session, ..join };
            assert!(!key(role).admits(&renamed));
        }
    }

    #[test]
    fn no_bit_of_a_join_can_be_changed() {
        let key = key(Role::Opener);
        let bytes = key.join().encode();
        for bit in 0..JOIN_BYTES * 8 {
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            let admitted = Join::decode(&changed).is_some_and(|join| key.admits(&join));
            assert!(!admitted, "bit {bit}");
        }
    }

    #[test]
    fn only_the_rendezvous_of_the_ticket_says_that_an_end_has_joined() {
        let (opener, invited) = (key(Role::Opener), key(Role::Invited));
        let answer = opener.joined();
        assert!(opener.is_joined(&answer));
        assert!(!invited.is_joined(&answer));
        assert!(!opener.is_joined(&UNAVAILABLE));
        for bit in 0..ANSWER_BYTES * 8 {
            let mut changed = answer;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!opener.is_joined(&changed), "bit {bit}");
        }
        let mut echoed = answer;
        echoed[1..].copy_from_slice(&opener.join().mac);
        assert!(
            !opener.is_joined(&echoed),
            "what came is no proof of who answers"
        );
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?}", key(Role::Opener));
        assert!(shown.ends_with(", .. }"), "{shown}");
    }
}
