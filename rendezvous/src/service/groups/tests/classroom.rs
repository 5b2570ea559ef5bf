//! In front of a class through the service: codes, attendance and raised hands.

use super::super::super::scene::{Client, Scene};
use super::super::*;
use crate::policy::{Policy, Profile};
use hutong_common::id::RequestId;
use hutong_common::join_code::JoinCode;
use hutong_common::limits::{
    ATTENDANCE_BREAK_MS, CODES_A_DAY_MAX, CODES_A_MINUTE_MAX, DAY_MS, HAND_KEPT_MS, MINUTE_MS,
};
use hutong_common::push::HandsChanged;
use hutong_common::rpc::Request;
use hutong_common::rpc::classroom::{CodeAsk, CodeDeed, HandAsk, HandDeed};
use hutong_common::rpc::groups::Change;
use hutong_common::signed::DeviceKind;

impl Scene {
    fn code(
        &mut self,
        who: &mut Client,
        group: GroupId,
        deed: CodeDeed,
    ) -> Result<Option<JoinCode>, Refusal> {
        let ask = Request::GroupCode(CodeAsk { group, deed });
        let Reply::GroupCode(code) = self.ask(who, ask)? else {
            panic!("not the reply to this request");
        };
        Ok(code)
    }

    fn join(&mut self, who: &mut Client, code: JoinCode) -> Result<Sheet, Refusal> {
        let reply = self.ask(who, Request::JoinByCode(code));
        self.sheet_of(reply)
    }

    fn hand(&mut self, who: &mut Client, group: GroupId, deed: HandDeed) -> Result<Reply, Refusal> {
        self.ask(who, Request::Hand(HandAsk { group, deed }))
    }

    /// Whose hands somebody sees, in their order.
    fn hands(&mut self, who: &mut Client, group: GroupId) -> Vec<AccountId> {
        let Ok(Reply::Hands(hands)) = self.ask(who, Request::Hands(group)) else {
            panic!("not the reply to this request");
        };
        hands.iter().map(|hand| hand.account).collect()
    }

    fn ticks(&mut self) {
        let pushes = self.with(|service, cx| service.tick(cx).unwrap());
        self.deliver(pushes);
    }
}

fn is_about_hands(push: &Push) -> bool {
    matches!(push, Push::HandsChanged(HandsChanged { .. }))
}

#[test]
fn a_code_lets_in_whoever_has_it_until_it_is_changed() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    assert_eq!(scene.code(&mut lin, group, CodeDeed::Show), Ok(None));
    let first = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    assert_eq!(scene.code(&mut lin, group, CodeDeed::Show), Ok(Some(first)));
    let members = scene.code(&mut mei, group, CodeDeed::Show);
    assert_eq!(members, Err(Refusal::NotAllowed));
    let second = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    assert_eq!(scene.join(&mut bo, first), Err(Refusal::NotFound));
    let sheet = scene.join(&mut bo, second).unwrap();
    assert_eq!(sheet.members.len(), 3);
    let again = scene.join(&mut bo, second).unwrap();
    assert_eq!(again, sheet, "asked again, perhaps after a crash");
    assert_eq!(scene.code(&mut lin, group, CodeDeed::Off), Ok(None));
    let mut carol = scene.register("carol");
    assert_eq!(scene.join(&mut carol, second), Err(Refusal::NotFound));
    let third = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    scene.ask(&mut lin, Request::DissolveGroup(group)).unwrap();
    assert_eq!(scene.join(&mut carol, third), Err(Refusal::NotFound));
}

/// A teacher removed somebody who came back a moment later with the code on the blackboard.
#[test]
fn whoever_was_removed_does_not_come_back_by_code_but_by_an_admins_word() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let code = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    scene
        .change(&mut lin, group, Change::Remove(mei.account))
        .unwrap();
    assert_eq!(scene.join(&mut mei, code), Err(Refusal::NotAllowed));
    let other = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    assert_eq!(scene.join(&mut mei, other), Err(Refusal::NotAllowed));
    let request = scene.apply_as(&mut mei, group).unwrap();
    assert_eq!(scene.join(&mut mei, other), Err(Refusal::NotAllowed));
    scene.answer_group_as(&mut lin, request, true).unwrap();
    // Who left comes back as he likes, also when he was removed once.
    scene.ask(&mut mei, Request::LeaveGroup(group)).unwrap();
    scene.join(&mut mei, other).unwrap();
    scene.join(&mut bo, other).unwrap();
    scene
        .change(&mut lin, group, Change::Remove(mei.account))
        .unwrap();
    scene.ask(&mut lin, Request::DissolveGroup(group)).unwrap();
    let left = scene.with(|_, cx| cx.tx.is_kept_out(group, mei.account).unwrap());
    assert!(!left, "nothing stays of a group that ended");
}

#[test]
fn whoever_comes_in_by_code_applies_no_more() {
    let (mut scene, [mut lin, _, mut bo], group) = Scene::with_group();
    let request: RequestId = scene.apply_as(&mut bo, group).unwrap();
    let code = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    scene.join(&mut bo, code).unwrap();
    let late = scene.answer_group_as(&mut lin, request, false);
    assert_eq!(late, Err(Refusal::AlreadyDone));
}

#[test]
fn codes_are_not_guessed_fast_and_a_lab_has_no_such_limit() {
    let code = JoinCode::try_from(77).unwrap();
    let tries = |scene: &mut Scene, who: &mut Client, most: u64| {
        let tried = (0..most).take_while(|_| scene.join(who, code) == Err(Refusal::NotFound));
        tried.count() as u64
    };
    let mut scene = Scene::new();
    let mut lin = scene.register("lin");
    assert_eq!(tries(&mut scene, &mut lin, 50), CODES_A_MINUTE_MAX);
    scene.now_ms += MINUTE_MS;
    assert_eq!(tries(&mut scene, &mut lin, 50), CODES_A_MINUTE_MAX);
    let (begun, mut all) = (scene.now_ms, 2 * CODES_A_MINUTE_MAX);
    while scene.now_ms < begun + DAY_MS {
        scene.now_ms += MINUTE_MS;
        all += tries(&mut scene, &mut lin, 50);
    }
    // What is left after the burst comes back in the course of the day.
    assert!(all <= 2 * CODES_A_DAY_MAX + CODES_A_MINUTE_MAX, "{all}");
    let mut lab = Scene::with_policy(Policy {
        profile: Profile::Lab,
        ..Policy::default()
    });
    let mut bo = lab.register("bo");
    assert_eq!(tries(&mut lab, &mut bo, 200), 200);
}

#[test]
fn admins_see_who_is_there_since_when_and_at_which_seat() {
    let (mut scene, [mut lin, mut mei, _], group) = Scene::with_group();
    let attended = |scene: &mut Scene, who: &mut Client| {
        let Ok(Reply::Attendance(list)) = scene.ask(who, Request::Attendance(group)) else {
            panic!("not the reply to this request");
        };
        let seats = list.iter().map(|of| (of.account, of.seat.clone()));
        seats.collect::<Vec<_>>()
    };
    scene.disconnect(&mei);
    let all = attended(&mut scene, &mut lin);
    assert_eq!(all.len(), 2);
    assert!(all[0].1.is_some(), "whoever asks is there");
    assert_eq!(all[1], (mei.account, None));
    scene.now_ms += ATTENDANCE_BREAK_MS;
    let came_ms = scene.now_ms;
    scene.resume(&mut mei).unwrap();
    // The Wi-Fi was away for a moment: that is no other arrival.
    scene.disconnect(&mei);
    scene.now_ms += MINUTE_MS;
    scene.resume(&mut mei).unwrap();
    let second = scene.sign_in("mei", DeviceKind::Seat).unwrap();
    let seat = attended(&mut scene, &mut lin)[1].1.clone().unwrap();
    assert_eq!((seat.since_ms, seat.kind), (came_ms, DeviceKind::Seat));
    let device = second
        .card
        .devices
        .iter()
        .find(|device| device.kind == DeviceKind::Seat);
    assert_eq!(seat.label, device.unwrap().label);
    // Another connection of the same computer is no other arrival.
    let mut twin = scene.twin(&mei);
    scene.resume(&mut twin).unwrap();
    scene.disconnect(&second);
    let seat = attended(&mut scene, &mut lin)[1].1.clone().unwrap();
    assert_eq!((seat.since_ms, seat.kind), (came_ms, DeviceKind::Own));
    scene.ask(&mut twin, Request::Block(lin.account)).unwrap();
    assert_eq!(attended(&mut scene, &mut lin)[1].1, None);
}

#[test]
fn hands_stand_in_the_order_in_which_they_went_up_and_go_down_one_by_one_or_all() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let code = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    scene.join(&mut bo, code).unwrap();
    for who in [&lin, &mei, &bo] {
        who.pushes();
    }
    scene.hand(&mut bo, group, HandDeed::Raise).unwrap();
    scene.now_ms += 5;
    scene.hand(&mut mei, group, HandDeed::Raise).unwrap();
    assert_eq!(
        lin.pushes()
            .iter()
            .filter(|push| is_about_hands(push))
            .count(),
        2
    );
    assert_eq!(
        mei.pushes()
            .iter()
            .filter(|push| is_about_hands(push))
            .count(),
        1
    );
    scene.hand(&mut bo, group, HandDeed::Raise).unwrap();
    assert!(
        !lin.pushes().iter().any(is_about_hands),
        "it was up already"
    );
    assert_eq!(scene.hands(&mut lin, group), [bo.account, mei.account]);
    assert_eq!(scene.hands(&mut mei, group), [mei.account]);
    scene
        .hand(&mut lin, group, HandDeed::LowerOf(bo.account))
        .unwrap();
    assert!(
        bo.pushes().iter().any(is_about_hands),
        "it is told whose it is"
    );
    scene.hand(&mut bo, group, HandDeed::Raise).unwrap();
    assert_eq!(
        scene.hands(&mut lin, group),
        [mei.account, bo.account],
        "at the end again"
    );
    scene.hand(&mut mei, group, HandDeed::Lower).unwrap();
    assert_eq!(scene.hands(&mut lin, group), [bo.account]);
    scene.hand(&mut lin, group, HandDeed::LowerAll).unwrap();
    assert_eq!(scene.hands(&mut lin, group), []);
}

#[test]
fn a_hand_goes_down_with_whoever_leaves_or_does_not_come_back() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let code = scene.code(&mut lin, group, CodeDeed::New).unwrap().unwrap();
    scene.join(&mut bo, code).unwrap();
    for who in [&mut mei, &mut bo] {
        scene.hand(who, group, HandDeed::Raise).unwrap();
    }
    scene
        .change(&mut lin, group, Change::Remove(bo.account))
        .unwrap();
    assert_eq!(scene.hands(&mut lin, group), [mei.account]);
    scene.disconnect(&mei);
    scene.ticks();
    scene.now_ms += HAND_KEPT_MS - 1;
    scene.ticks();
    assert_eq!(scene.hands(&mut lin, group), [mei.account]);
    scene.resume(&mut mei).unwrap();
    scene.ticks();
    scene.now_ms += HAND_KEPT_MS;
    scene.ticks();
    assert_eq!(
        scene.hands(&mut lin, group),
        [mei.account],
        "she came back in time"
    );
    scene.disconnect(&mei);
    scene.ticks();
    scene.now_ms += HAND_KEPT_MS;
    lin.pushes();
    scene.ticks();
    assert!(lin.pushes().iter().any(is_about_hands));
    assert_eq!(scene.hands(&mut lin, group), []);
    scene.hand(&mut lin, group, HandDeed::Raise).unwrap();
    let mut scene = scene.restart();
    scene.resume(&mut lin).unwrap();
    assert_eq!(scene.hands(&mut lin, group), [], "kept in memory only");
}
