//! How fast one account may ask. What strangers ask, mail, searches, friend requests and new devices have limits of their
//! own, where they are handled; here is everything else, so that nobody keeps the rendezvous or his contacts busy.
//!
//! Called once for every request before it is handled.

use super::limiter::{Charge, Limit, Rate, Subject};
use super::{Caller, Service, Stop};
use hutong_common::limits::{
    ACK_INTERVAL_MS, ACKS_BURST_MAX, CHANGE_INTERVAL_MS, CHANGES_BURST_MAX,
    GROUP_CHANGE_INTERVAL_MS, GROUP_CHANGES_BURST_MAX, INTRODUCTION_INTERVAL_MS,
    INTRODUCTIONS_BURST_MAX, PROFILE_INTERVAL_MS, PROFILES_BURST_MAX, QUESTION_INTERVAL_MS,
    QUESTIONS_BURST_MAX,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use std::sync::PoisonError;

const PROFILES: (Limit, Rate) = (
    Limit::Profiles,
    Rate::burst(PROFILES_BURST_MAX, PROFILE_INTERVAL_MS),
);
const CHANGES: (Limit, Rate) = (
    Limit::Changes,
    Rate::burst(CHANGES_BURST_MAX, CHANGE_INTERVAL_MS),
);
const GROUP_CHANGES: (Limit, Rate) = (
    Limit::GroupChanges,
    Rate::burst(GROUP_CHANGES_BURST_MAX, GROUP_CHANGE_INTERVAL_MS),
);
const ACKS: (Limit, Rate) = (Limit::Acks, Rate::burst(ACKS_BURST_MAX, ACK_INTERVAL_MS));
const INTRODUCTIONS: (Limit, Rate) = (
    Limit::Introductions,
    Rate::burst(INTRODUCTIONS_BURST_MAX, INTRODUCTION_INTERVAL_MS),
);
const QUESTIONS: (Limit, Rate) = (
    Limit::Questions,
    Rate::burst(QUESTIONS_BURST_MAX, QUESTION_INTERVAL_MS),
);

/// What a request counts against; none where it has a limit of its own, or costs nothing.
const fn pace(request: &Request) -> Option<(Limit, Rate)> {
    match request {
        Request::SetProfile(_) => Some(PROFILES),
        Request::AnswerFriend(_)
        | Request::RemoveFriend(_)
        | Request::Block(_)
        | Request::Unblock(_)
        | Request::SetAway(_)
        | Request::Hand(_)
        | Request::PasswordStart(_)
        | Request::PasswordFinish(_) => Some(CHANGES),
        Request::CreateGroup(_)
        | Request::ChangeGroup(_)
        | Request::LeaveGroup(_)
        | Request::DissolveGroup(_)
        | Request::InviteToGroup(_)
        | Request::ApplyToGroup(_)
        | Request::AnswerGroup(_)
        | Request::GroupCode(_) => Some(GROUP_CHANGES),
        Request::AckMail(_) => Some(ACKS),
        Request::ReportCandidates(_)
        | Request::Introduce(_)
        | Request::RelayOpen(_)
        | Request::Check(_) => Some(INTRODUCTIONS),
        Request::Whois(_)
        | Request::FriendRequests
        | Request::Contacts { .. }
        | Request::Contact(_)
        | Request::Mail(_)
        | Request::Receipts(_)
        | Request::Devices
        | Request::Details(_)
        | Request::Avatar(_)
        | Request::Groups
        | Request::Sheet(_)
        | Request::GroupRequests
        | Request::GroupPicture(_)
        | Request::Post(_)
        | Request::Attendance(_)
        | Request::Hands(_)
        | Request::ContactsOf(_) => Some(QUESTIONS),
        Request::Ping
        | Request::RegisterStart(_)
        | Request::RegisterFinish(_)
        | Request::ResetStart(_)
        | Request::SignInStart(_)
        | Request::SignInFinish(_)
        | Request::Enrol(_)
        | Request::Resume { .. }
        | Request::SignOut
        | Request::Find(_)
        | Request::CanAdd(_)
        | Request::RequestFriend(_)
        | Request::SendMail(_)
        | Request::FindGroup(_)
        | Request::JoinByCode(_)
        | Request::SendGroupMail(_)
        | Request::RemoveDevice(_)
        | Request::SetAvatar(_) => None,
    }
}

impl Service {
    pub(super) fn is_lab(&self) -> bool {
        !self.policy.profile.limits().slows_accounts
    }

    /// Counts against limits, all of them or none.
    pub(super) fn charge(&self, charges: &[Charge], now_ms: u64) -> Result<(), Refusal> {
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        limiter
            .charge(charges, now_ms)
            .map_err(|retry_ms| Refusal::TooFast { retry_ms })
    }

    pub(super) fn refund(&self, charges: &[Charge]) {
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        limiter.refund(charges);
    }

    /// Counts a request of somebody who is signed in. Who is not has few requests altogether.
    pub(super) fn check_pace(
        &self,
        caller: &Caller,
        request: &Request,
        now_ms: u64,
    ) -> Result<(), Stop> {
        let (Some(own), Some((limit, rate)), false) =
            (caller.session(), pace(request), self.is_lab())
        else {
            return Ok(());
        };
        let charge = Charge {
            limit,
            subject: Subject::Account(own.account.0),
            rate,
        };
        Ok(self.charge(&[charge], now_ms)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene, profile};
    use super::*;
    use crate::policy::{Policy, Profile};
    use hutong_common::limits::{
        GUESSES_PER_IP_A_MINUTE_MAX, GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX, HOUR_MS,
        REGISTRATIONS_PER_IP_AN_HOUR_MAX,
    };
    use hutong_common::name::Login;
    use hutong_common::rpc::Reply;
    use hutong_common::rpc::mail::MailAcks;
    use hutong_common::rpc::presence::Candidates;
    use hutong_common::signed::DeviceKind;

    fn scene(profile: Profile) -> Scene {
        Scene::with_policy(Policy {
            profile,
            ..Policy::default()
        })
    }

    fn is_too_fast<T>(answer: &Result<T, Refusal>) -> bool {
        matches!(answer, Err(Refusal::TooFast { .. }))
    }

    /// How often somebody may ask this at once, looking no further than one more than `expected`.
    fn at_once(scene: &mut Scene, who: &mut Client, (request, expected): (&Request, u64)) -> u64 {
        (0..=expected)
            .take_while(|_| !is_too_fast(&scene.ask(who, request.clone())))
            .count() as u64
    }

    #[test]
    fn everything_that_an_account_asks_has_its_pace_and_a_lab_has_none() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let mut lab = self::scene(Profile::Lab);
        let mut bo = lab.register("bo");
        let requests = [
            (
                Request::SetProfile(profile("lin")),
                PROFILES_BURST_MAX,
                PROFILE_INTERVAL_MS,
            ),
            (
                Request::Unblock(mei.account),
                CHANGES_BURST_MAX,
                CHANGE_INTERVAL_MS,
            ),
            (
                Request::AckMail(MailAcks::default()),
                ACKS_BURST_MAX,
                ACK_INTERVAL_MS,
            ),
            (
                Request::Introduce(mei.account),
                INTRODUCTIONS_BURST_MAX,
                INTRODUCTION_INTERVAL_MS,
            ),
            (
                Request::FriendRequests,
                QUESTIONS_BURST_MAX,
                QUESTION_INTERVAL_MS,
            ),
        ];
        // What making friends has cost is paid for.
        scene.now_ms += HOUR_MS;
        for (request, burst, interval_ms) in requests {
            let name = format!("{request:?}");
            assert_eq!(
                at_once(&mut scene, &mut lin, (&request, burst)),
                burst,
                "{name}"
            );
            scene.now_ms += interval_ms;
            assert!(
                !is_too_fast(&scene.ask(&mut lin, request.clone())),
                "{name}"
            );
            assert!(is_too_fast(&scene.ask(&mut lin, request.clone())), "{name}");
            assert_eq!(
                at_once(&mut lab, &mut bo, (&request, burst)),
                burst + 1,
                "{name}"
            );
        }
        // Kinds do not stand in each other's way, and another account has its own pace.
        assert_eq!(scene.ask(&mut lin, Request::Ping), Ok(Reply::Done));
        let report = Request::ReportCandidates(Candidates::default());
        assert!(is_too_fast(&scene.ask(&mut lin, report.clone())));
        let mut mei = mei;
        assert!(scene.ask(&mut mei, report).is_ok());
    }

    /// How many wrong guesses for other logins each one address has.
    fn guesses_from_one_address(profile: Profile) -> u64 {
        let mut scene = scene(profile);
        let mut lin = scene.register("lin");
        scene.connect_from("192.0.2.7:5000");
        let mut guess = |number: u64| {
            scene.reconnect(&mut lin);
            lin.login = Login::new(&format!("nobody{number}")).unwrap();
            scene.prove_password(&mut lin, "wrong one").map(drop)
        };
        let most = GUESSES_PER_IP_A_MINUTE_MAX + 1;
        (0..most)
            .take_while(|number| !is_too_fast(&guess(*number)))
            .count() as u64
    }

    /// Behind the one address of a campus, a class that typed its passwords shut out all the others.
    #[test]
    fn a_campus_has_room_for_many_computers_behind_one_address() {
        let most = GUESSES_PER_IP_A_MINUTE_MAX;
        assert_eq!(guesses_from_one_address(Profile::Classroom), most);
        assert_eq!(guesses_from_one_address(Profile::Campus), most + 1);

        let registrations = |profile| {
            let mut scene = scene(profile);
            scene.connect_from("192.0.2.7:5000");
            let most = REGISTRATIONS_PER_IP_AN_HOUR_MAX + 1;
            let mut begin = |number: u64| {
                let login = format!("user{number}");
                scene
                    .begin_registration(&login, (DeviceKind::Own, None))
                    .map(drop)
            };
            (0..most)
                .take_while(|number| !is_too_fast(&begin(*number)))
                .count() as u64
        };
        let most = REGISTRATIONS_PER_IP_AN_HOUR_MAX;
        assert_eq!(registrations(Profile::Classroom), most);
        assert_eq!(registrations(Profile::Campus), most + 1);
    }

    /// Behind one address, five wrong guesses of a neighbour kept somebody from signing in.
    #[test]
    fn on_a_campus_a_neighbours_guesses_shut_nobody_out() {
        for (profile, is_shut_out) in [(Profile::Classroom, true), (Profile::Campus, false)] {
            let mut scene = scene(profile);
            let mut lin = scene.register("lin");
            scene.connect_from("192.0.2.7:5000");
            for _ in 0..GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX {
                scene.reconnect(&mut lin);
                assert!(scene.prove_password(&mut lin, "wrong one").is_err());
            }
            scene.reconnect(&mut lin);
            let right = scene.prove_password(&mut lin, super::super::scene::PASSWORD);
            assert_eq!(is_too_fast(&right), is_shut_out);
        }
    }
}
