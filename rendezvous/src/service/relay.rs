//! Relayed sessions: who may have one with whom, and who joins it.
//!
//! A grant gives both ends a ticket, over their control connections; the shell brings what they join with, and copies bytes
//! once both are in. Nothing of a session is stored.

mod grants;

use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::{Answer, Caller, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::sessions::Recipient;
use grants::End;
pub(super) use grants::Grants;
use hutong_common::id::RelaySession;
use hutong_common::limits::{MINUTE_MS, RELAY_SESSIONS_A_MINUTE_MAX, YOUNG_ACCOUNT_MS};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::relay_join::{ANSWER_BYTES, Join};
use hutong_common::rpc::Reply;
use hutong_common::rpc::relay::{RelayAsk, RelayInvited};
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

/// What has become of relayed sessions since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayFacts {
    /// Sessions that both ends are in.
    pub running: u64,
    /// Sessions that were granted.
    pub opened: u64,
    /// Bytes that went through them.
    pub bytes: u64,
    /// Joins that were refused.
    pub refused: u64,
}

impl Service {
    pub(super) fn relay_open(
        &self,
        caller: &Caller,
        ask: RelayAsk,
        cx: &mut Context<'_>,
    ) -> Answer {
        let own = caller.signed_in()?;
        self.check_relay(own, ask, cx)?;
        let theirs = self.presence.exporters(ask.account, ask.device);
        let there = End {
            account: ask.account,
            device: ask.device,
            exporters: theirs.ok_or(Refusal::NotFound)?,
        };
        let here = End {
            account: own.account,
            device: own.device,
            exporters: caller.exporters(),
        };
        let mut grants = self.grants();
        grants.forget(cx.now_ms);
        if let Some(ticket) = grants.again(&here, &there, cx.now_ms) {
            return Ok(Outcome::of(Reply::RelayTicket(ticket)));
        }
        grants.check_room((&here, &there), self.is_lab())?;
        self.charge_pair(&here, &there, cx.now_ms)?;
        let opened = grants.open((here, there), cx.now_ms, cx.entropy);
        let push = Push::RelayInvited(RelayInvited {
            account: own.account,
            device: own.device,
            ticket: opened.invited,
        });
        let pushes = vec![(Recipient::Device(ask.account, ask.device), push)];
        Ok(Outcome {
            relays_ended: opened.ended.into_iter().collect(),
            ..Outcome::of(Reply::RelayTicket(opened.opener)).pushing(pushes)
        })
    }

    fn check_relay(&self, own: SignedIn, ask: RelayAsk, cx: &Context<'_>) -> Result<(), Stop> {
        let standing = Standing::of(cx.tx, own.account, ask.account)?;
        if !standing.is_known() {
            return Err(Refusal::NotFound.into());
        }
        if !self.policy.relay {
            return Err(Refusal::RelayUnavailable.into());
        }
        let account = promised(cx.tx.account(own.account)?, "accounts")?;
        let is_young = cx.now_ms.saturating_sub(account.created_ms) < YOUNG_ACCOUNT_MS;
        if is_young && !standing.is_contact() && !self.is_lab() {
            return Err(Refusal::NotContacts.into());
        }
        Ok(())
    }

    /// Counts one more session of a pair, whichever of both opens it.
    fn charge_pair(&self, here: &End, there: &End, now_ms: u64) -> Result<(), Refusal> {
        if self.is_lab() {
            return Ok(());
        }
        let (one, other) = (here.device, there.device);
        self.charge(
            &[Charge {
                limit: Limit::RelaySessions,
                subject: Subject::Devices(one.min(other), one.max(other)),
                rate: Rate::per(RELAY_SESSIONS_A_MINUTE_MAX, MINUTE_MS),
            }],
            now_ms,
        )
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an end into its session, and says how it is answered; none when it may not join, for whatever reason.
    pub fn join_relay(&self, join: &Join, now_ms: u64) -> Option<[u8; ANSWER_BYTES]> {
        self.grants().join(join, now_ms)
    }

    /// Whether a session is granted and has not ended.
    pub fn is_granted(&self, session: RelaySession) -> bool {
        self.grants().has(session)
    }

    /// A session is over.
    pub fn leave_relay(&self, session: RelaySession) {
        self.grants().leave(session);
    }

    /// So many bytes went through a session.
    pub fn count_relayed(&self, bytes: u64) {
        self.relayed.fetch_add(bytes, Ordering::Relaxed);
    }

    /// What has become of relayed sessions since the start.
    pub fn relay_facts(&self) -> RelayFacts {
        let grants = self.grants();
        RelayFacts {
            running: grants.running() as u64,
            opened: grants.opened,
            bytes: self.relayed.load(Ordering::Relaxed),
            refused: grants.refused,
        }
    }

    /// Forgets tickets that nobody used.
    pub(super) fn forget_tickets(&self, now_ms: u64) {
        self.grants().forget(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene};
    use super::*;
    use crate::policy::{Policy, Profile};
    use hutong_common::limits::RELAY_JOIN_TIMEOUT_MS;
    use hutong_common::relay_join::JoinKey;
    use hutong_common::rpc::Request;
    use hutong_common::rpc::relay::RelayTicket;
    use hutong_common::signed::DeviceKind;
    use hutong_common::wrap::frames::Role;

    fn with(other: &Client) -> Request {
        Request::RelayOpen(RelayAsk {
            account: other.account,
            device: other.caller.device(),
        })
    }

    fn opens(scene: &mut Scene, who: &mut Client, other: &Client) -> Result<RelayTicket, Refusal> {
        let Reply::RelayTicket(ticket) = scene.ask(who, with(other))? else {
            panic!("not the reply to this request");
        };
        Ok(ticket)
    }

    fn joins(scene: &Scene, who: &Client, ticket: &RelayTicket) -> bool {
        let exporter = who.caller.exporters().relay;
        let key = JoinKey::new(&exporter, ticket.session, ticket.role);
        let answer = scene.service.join_relay(&key.join(), scene.now_ms);
        answer.is_some_and(|answer| key.is_joined(&answer))
    }

    #[test]
    fn the_device_that_is_wanted_is_invited_and_no_other() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let mut laptop = scene.sign_in("mei", DeviceKind::Own).unwrap();
        scene.resume(&mut laptop).unwrap();
        mei.pushes();
        let own = opens(&mut scene, &mut lin, &laptop).unwrap();
        assert_eq!(
            (own.role, own.ttl_ms),
            (Role::Opener, RELAY_JOIN_TIMEOUT_MS)
        );
        assert_eq!(mei.pushes(), []);
        let pushes = laptop.pushes();
        let [Push::RelayInvited(invited)] = pushes.as_slice() else {
            panic!("{pushes:?}");
        };
        assert_eq!(invited.account, lin.account);
        assert_eq!(invited.device, lin.caller.device());
        let theirs = RelayTicket {
            role: Role::Invited,
            ..own
        };
        assert_eq!(invited.ticket, theirs);
        assert!(
            !joins(&scene, &mei, &theirs),
            "another device of the invited"
        );
        assert!(joins(&scene, &laptop, &theirs));
        assert!(joins(&scene, &lin, &own));
        let facts = scene.service.relay_facts();
        assert_eq!((facts.running, facts.opened, facts.refused), (1, 1, 1));
        scene.service.leave_relay(own.session);
        assert_eq!(scene.service.relay_facts().running, 0);
    }

    #[test]
    fn the_same_ticket_is_given_out_again_and_nobody_is_invited_twice() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let own = opens(&mut scene, &mut lin, &mei);
        mei.pushes();
        assert_eq!(opens(&mut scene, &mut lin, &mei), own);
        let theirs = opens(&mut scene, &mut mei, &lin).unwrap();
        assert_eq!(theirs.session, own.unwrap().session);
        assert_eq!((lin.pushes(), mei.pushes()), (vec![], vec![]));
    }

    #[test]
    fn a_session_whose_end_was_in_it_ends_for_the_next_one() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let own = opens(&mut scene, &mut lin, &mei).unwrap();
        assert!(joins(&scene, &lin, &own));
        let outcome = scene.handle(&mut lin.caller, with(&mei));
        assert_eq!(outcome.relays_ended, [own.session]);
        assert!(!joins(&scene, &mei, &own));
    }

    #[test]
    fn who_is_not_there_is_not_found_and_nobody_meets_himself() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let mut laptop = scene.sign_in("lin", DeviceKind::Own).unwrap();
        scene.resume(&mut laptop).unwrap();
        for other in [&laptop, &scene.twin(&lin)] {
            let refused = opens(&mut scene, &mut lin, other);
            assert_eq!(refused, Err(Refusal::NotFound));
        }
        scene.disconnect(&mei);
        let refused = opens(&mut scene, &mut lin, &mei);
        assert_eq!(refused, Err(Refusal::NotFound));
    }

    #[test]
    fn a_pair_has_a_few_sessions_a_minute_and_a_lab_as_many_as_it_likes() {
        for profile in [Profile::Classroom, Profile::Lab] {
            let mut scene = Scene::with_policy(Policy {
                profile,
                ..Policy::default()
            });
            let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
            scene.befriend(&mut lin, &mut mei);
            let mut many = |scene: &mut Scene| {
                let next = |_: &u64| {
                    let ticket = opens(scene, &mut lin, &mei);
                    ticket.is_ok_and(|ticket| joins(scene, &lin, &ticket))
                };
                (0..=RELAY_SESSIONS_A_MINUTE_MAX).take_while(next).count() as u64
            };
            let most = RELAY_SESSIONS_A_MINUTE_MAX + u64::from(profile == Profile::Lab);
            assert_eq!(many(&mut scene), most);
            scene.now_ms += MINUTE_MS;
            assert_eq!(many(&mut scene), most);
        }
    }

    #[test]
    fn a_rendezvous_that_relays_nothing_says_so() {
        let mut scene = Scene::with_policy(Policy {
            relay: false,
            ..Policy::default()
        });
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        let stranger = opens(&mut scene, &mut lin, &mei);
        assert_eq!(stranger, Err(Refusal::NotFound));
        scene.befriend(&mut lin, &mut mei);
        let refused = opens(&mut scene, &mut lin, &mei);
        assert_eq!(refused, Err(Refusal::RelayUnavailable));
    }

    #[test]
    fn tickets_that_nobody_used_are_forgotten() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let own = opens(&mut scene, &mut lin, &mei).unwrap();
        scene.now_ms += RELAY_JOIN_TIMEOUT_MS;
        scene.with(|service, cx| service.tick(cx)).unwrap();
        assert!(!joins(&scene, &lin, &own));
        let next = opens(&mut scene, &mut lin, &mei).unwrap();
        assert_ne!(next.session, own.session);
        assert_eq!(scene.service.relay_facts().opened, 2);
    }
}
